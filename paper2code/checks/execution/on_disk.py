"""A repository on disk, as its users get it, in a folder that is thrown away."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from paper2code.atomic import as_utf8
from paper2code.paths import PathFault, path_faults, safe_path
from paper2code.throwaway import throwaway_folder


@asynccontextmanager
async def laid_out(files: Mapping[str, str]) -> AsyncIterator[Path]:
    """A fresh folder with these files, path to text; gone afterwards, with whatever was written there.

    Raises:
        PathFault: A path may not stand in a repository, or two collide.
    """
    with throwaway_folder() as folder:
        root = folder / "repository"
        await asyncio.to_thread(_write, root, files)
        yield root


def altered(root: Path, files: Mapping[str, str]) -> str | None:
    """The first of the files that is no longer what was laid out, or None.

    What ran may have put anything in a file's place, so nothing is opened but a regular file of the length
    that is expected, and nothing is followed out of the folder.
    """
    return next((path for path, text in sorted(files.items()) if not _is_unchanged(root, path, text)), None)


def _write(root: Path, files: Mapping[str, str]) -> None:
    root.mkdir()
    for path, reason in path_faults(files).items():
        raise PathFault(f"{path} {reason}")
    for path, text in files.items():
        place = root / safe_path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(as_utf8(text))
        if place.suffix == ".sh":
            place.chmod(0o755)


def _is_unchanged(root: Path, path: str, text: str) -> bool:
    place, expected = root / safe_path(path), as_utf8(text)
    try:
        is_same_place = place.resolve() == place and place.is_file()
        return is_same_place and place.stat().st_size == len(expected) and place.read_bytes() == expected
    except (OSError, RuntimeError):  # a loop of links is a RuntimeError on older interpreters
        return False
