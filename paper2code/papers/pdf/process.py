"""A PDF read in a child process, so that no file can hang or exhaust the caller.

pypdf's own limits do not bound what a whole file may cost.
"""

from pathlib import Path

from paper2code.errors import PaperError
from paper2code.papers.child import WALL_SECONDS, ChildError, ask_child
from paper2code.papers.model import Paper

_HINT = "give its LaTeX source or a Markdown conversion instead"


def read(source: Path, *, password: str | None = None, timeout: float = WALL_SECONDS) -> Paper:
    """Read a PDF.

    Args:
        source: the file.
        password: opens an encrypted file.
        timeout: seconds after which reading is given up.

    Raises:
        PaperError: the file is damaged, encrypted, a scan, too long, or costs too much to read.
    """
    request = {"path": str(source.resolve()), "password": password}
    try:
        answer = ask_child("paper2code.papers.pdf.child", request, timeout=timeout)
    except ChildError as error:
        raise PaperError(f"Reading {source.name} {error}; {_HINT}.") from error
    except OSError as error:
        raise PaperError(f"Cannot start Python to read {source.name}: {error}.") from error
    if problem := answer.get("error"):
        raise PaperError(f"{source.name}: {problem}")
    return Paper.model_validate(answer["paper"])
