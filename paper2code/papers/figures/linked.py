"""The pictures that a Markdown or HTML file links to: files beside it, and `data:` addresses in it.

Converters (MinerU, docling, marker) write the figures of a PDF beside the text that they make of it, and
browsers those of a page that they save. Nothing is fetched, and nothing outside the text's folder is opened;
what kind of picture a file is, the reader of pictures tells by its content.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

from paper2code.errors import PaperError
from paper2code.papers.files import LARGEST_FILE
from paper2code.papers.latex.graphics import MOST_PANELS
from paper2code.papers.model import SourceForm
from paper2code.throwaway import throwaway_folder

READERS: Mapping[SourceForm, str] = {
    "markdown": "paper2code.papers.markdown",
    "html": "paper2code.papers.html",
}
"""The forms whose text links to pictures, with the module that reads them."""


@contextmanager
def linked_pictures(form: SourceForm, source: Path) -> Iterator[Mapping[str, tuple[Path, ...]]]:
    """The files of pictures by the ids of the figures, at most `MOST_PANELS` each.

    Args:
        form: One of `READERS`.
        source: The file of the paper's text.

    Raises:
        PaperError: The text cannot be read, or all pictures that it links to are elsewhere.
    """
    links: Mapping[str, tuple[str, ...]] = import_module(READERS[form]).pictures_in(source)
    with throwaway_folder() as folder:
        pictures = _Pictures(source.resolve().parent, folder)
        found = {
            name: tuple(filter(None, map(pictures.file, own)))[:MOST_PANELS] for name, own in links.items()
        }
        if links and not any(found.values()):
            raise PaperError(f"the pictures that {source.name} links to are not beside it.")
        yield found


class _Pictures:
    """Finds what links lead to; `spare` takes the pictures that the text itself holds."""

    def __init__(self, root: Path, spare: Path) -> None:
        self.root, self.spare = root, spare
        self.held = 0

    def file(self, link: str) -> Path | None:
        """The file of a link; None if it is missing, too large, elsewhere, or no link to a file."""
        if link[:5].lower() == "data:":
            return self._held(link)
        try:
            parts = urlsplit(link)
            path = (self.root / unquote(parts.path)).resolve()
            is_here = not parts.scheme and not parts.netloc and path.is_relative_to(self.root)
            return path if is_here and path.is_file() and path.stat().st_size <= LARGEST_FILE else None
        except (OSError, RuntimeError, ValueError):
            return None  # names that no file system takes

    def _held(self, link: str) -> Path | None:
        """A picture out of a `data:` address (RFC 2397), as a file."""
        head, _, data = link.partition(",")
        if not head.lower().endswith(";base64"):
            return None
        try:
            content = base64.b64decode(unquote(data), validate=False)
        except (binascii.Error, ValueError):
            return None
        self.held += 1
        path = self.spare / f"{self.held}.picture"
        path.write_bytes(content)
        return path
