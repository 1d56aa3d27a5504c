"""Changes of files as a model writes them."""


def an_edit(path: str, *changes: tuple[str, str]) -> str:
    """The answer of a model that edits a file; join several for an answer about several files.

    >>> an_edit("data.py", ("x = 1", "x = 2")).splitlines()[:4]
    ['data.py', '````', '<<<<<<< SEARCH', 'x = 1']

    Args:
        path: The file.
        changes: For each edit the lines that are there, and those to have instead; either may be empty.
    """
    edits = [
        "\n".join(("<<<<<<< SEARCH", *_lines(old), "=======", *_lines(new), ">>>>>>> REPLACE"))
        for old, new in changes
    ]
    return "\n".join((path, "````", *edits, "````"))


def a_file(path: str, text: str) -> str:
    """The answer of a model that writes a file anew, under its path."""
    return "\n".join((path, "````", *_lines(text), "````"))


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []
