r"""The files of graphics that each figure of a LaTeX paper includes."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from paper2code.papers.draft import float_ids
from paper2code.papers.files import LARGEST_FILE
from paper2code.papers.latex.main_file import find_main
from paper2code.papers.latex.source import load
from paper2code.papers.latex.structure import read_structure

GRAPHICS = (".pdf", ".png", ".jpg", ".jpeg")
"""Kinds of files that can be shown, in the order in which TeX looks for them."""

MOST_PANELS = 9

_INCLUDE = re.compile(r"\\includegraphics\*?\s*(?:<[^<>]*>|\[[^\[\]]*\]|\s)*\{\s*\"?([^{}\"]+?)\"?\s*\}")
_PATHS = re.compile(r"\\graphicspath\s*\{((?:\s*\{[^{}]*\})+)\s*\}")


def graphics_of(source: Path) -> Mapping[str, tuple[Path, ...]]:
    """The files by the ids that `read` gives the figures; those outside the source's folder are left out.

    Args:
        source: A `.tex` file or an unpacked folder.

    Raises:
        PaperError: The source cannot be read.
    """
    main, root = (find_main(source), source) if source.is_dir() else (source, source.parent)
    text = load(main, root)
    floats = read_structure(text.preamble, text.body, text.flat.stash).floats
    named = [
        path.strip() for paths in _PATHS.findall(text.preamble) for path in re.findall(r"\{([^{}]*)\}", paths)
    ]
    folders = [main.parent, root, *(main.parent / path for path in named)]
    found: dict[str, tuple[Path, ...]] = {}
    for name, one in zip(float_ids((one.kind, one.number) for one in floats), floats, strict=True):
        paths = (_inside(graphic, folders, root.resolve()) for graphic in _INCLUDE.findall(one.text))
        found[name] = tuple(path for path in paths if path)[:MOST_PANELS]
    return found


def _inside(name: str, folders: list[Path], root: Path) -> Path | None:
    """The real path of a graphic that is below the root and no larger than a paper's files may be."""
    for candidate in _candidates(name, folders):
        try:
            path = candidate.resolve()
            if path.is_relative_to(root) and path.is_file() and path.stat().st_size <= LARGEST_FILE:
                return path
        except (OSError, RuntimeError, ValueError):
            continue  # names that no file system takes
    return None


def _candidates(name: str, folders: list[Path]) -> Iterator[Path]:
    has_ending = name.lower().endswith(GRAPHICS)
    for folder in folders:
        if has_ending:
            yield folder / name
        else:
            yield from (folder / f"{name}{ending}" for ending in GRAPHICS)
