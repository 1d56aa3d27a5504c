"""Generated files as a task shows them where there is no room for their whole text."""

from collections.abc import Collection, Iterator, Mapping

from paper2code.checks.symbols import signatures
from paper2code.fitting.shortening import bare_signatures

_REMARK = "# Signatures only: there is no room for the whole text of this file."
_NOT_SHOWN = "# There is no room for this file."


def in_short(texts: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The same files, each time one more of them as signatures, the largest first.

    Files without signatures, which are no Python, stay whole.
    """
    shown = dict(texts)
    for path in sorted(texts, key=lambda path: -len(texts[path])):
        stub = signatures(texts[path])
        short = f"{_REMARK}\n\n{stub}"
        if stub and len(short) < len(texts[path]):
            shown[path] = short
            yield dict(shown)


def fewer(stubs: Mapping[str, str], near: Collection[str]) -> Iterator[dict[str, str]]:
    """The signatures of files with ever fewer words: first of those that are not near, then of all."""
    bare = {path: bare_signatures(stub) for path, stub in stubs.items()}
    yield {path: stub if path in near else bare[path] for path, stub in stubs.items()}
    yield bare
    yield {path: stub if path in near else _NOT_SHOWN for path, stub in bare.items()}
    yield dict.fromkeys(stubs, _NOT_SHOWN)
