"""Which paths a generated repository may hold.

Paths come from a model that has read a stranger's paper, so they are held to what every system can store and
what cannot leave the repository: names that a Linux, macOS or Windows checkout keeps apart, none hidden, none
that looks like another.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

MAX_PATH = 200
MAX_PARTS = 8
MAX_NAME = 100
MAX_FILES = 1_000

_MAX_NAME_BYTES = 200  # file systems end a name at 255 bytes; a temporary name adds some
_DRIVE = re.compile(r"[A-Za-z]:")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9]|lpt[0-9])", re.IGNORECASE)


class PathFault(ValueError):  # noqa: N818 - a fault of a design, to be mended and not to fail on
    """A path that no repository may hold; its text tells an architect what to change."""


def safe_path(path: str) -> str:
    """The path in its one normal form: relative, inside the repository, forward slashes, Unicode NFC.

    >>> safe_path("models/encoder.py")
    'models/encoder.py'

    Raises:
        PathFault: The path leaves the repository, is hidden, or cannot be stored on every system.
    """
    fault = next(_faults(path), None)
    if fault is not None:
        raise PathFault(fault)
    return unicodedata.normalize("NFC", path)


def path_faults(paths: Iterable[str], reserved: Iterable[str] = ()) -> dict[str, str]:
    """Every path of a planned repository that cannot stay, with the reason.

    Beside what `safe_path` refuses, these are paths that collide: two that differ only by case, a file where
    another file needs a folder, a name that the run itself writes, and files past `MAX_FILES`.

    Args:
        paths: All paths of the repository.
        reserved: Paths that are taken already.

    Returns:
        The reason for each faulty path; of two that collide, the later one is named.
    """
    faults: dict[str, str] = {}
    taken = {_key(path): path for path in reserved}
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for number, path in enumerate(paths, start=1):
        try:
            normal = safe_path(path)
        except PathFault as fault:
            faults.setdefault(path, str(fault))
            continue
        reason = _collision(normal, taken, files, folders)
        if reason is None and number > MAX_FILES:
            reason = f"is one of more than {MAX_FILES} files; merge files that belong together"
        if reason is not None:
            faults.setdefault(path, reason)
            continue
        files[_key(normal)] = normal
        for folder in _folders(normal):
            folders.setdefault(_key(folder), folder)
    return faults


def _faults(path: str) -> Iterator[str]:
    """What is wrong with the path as a whole, then with each of its names."""
    normal = unicodedata.normalize("NFC", path)
    if not path:
        yield "is empty; name a file such as models/encoder.py"
    if "\\" in path:
        yield "holds a backslash; part folders with forward slashes"
    if path.startswith(("/", "~")) or _DRIVE.match(path):
        yield "is absolute; write it relative to the repository's root"
    if not path.isprintable():
        yield "holds a character that cannot be seen, such as a control or direction mark; use plain letters"
    if len(path) > MAX_PATH:
        yield f"is longer than {MAX_PATH} characters; choose shorter names"
    if path.count("/") >= MAX_PARTS:
        yield f"lies deeper than {MAX_PARTS} names; use fewer folders"
    if normal != unicodedata.normalize("NFKC", path):
        yield "holds letters that look like others, such as full-width ones; use plain letters"
    for name in normal.split("/"):
        yield from _name_faults(name)


def _name_faults(name: str) -> Iterator[str]:
    """What is wrong with one name between slashes."""
    if name == "..":
        yield "climbs out of its folder with '..'; name the folder itself"
    if name in ("", "."):
        yield "holds an empty or '.' part; leave it out"
    if name.startswith("."):
        yield f"holds the hidden name {name!r}; choose one without a leading dot"
    if name.startswith(("-", " ")) or name.endswith((".", " ")):
        yield f"holds {name!r}, which starts with a dash or space, or ends with a dot or space; drop that"
    if _FORBIDDEN.search(name):
        yield f"holds {name!r}, which has one of < > : \" | ? *; use letters, digits, '_' and '-'"
    if _DEVICE.fullmatch(name.partition(".")[0].rstrip()):
        yield f"holds {name!r}, a device name on Windows; choose another name"
    if len(name) > MAX_NAME or len(name.encode()) > _MAX_NAME_BYTES:
        yield f"holds a name longer than {MAX_NAME} characters; choose a shorter one"


def _collision(
    path: str, reserved: dict[str, str], files: dict[str, str], folders: dict[str, str]
) -> str | None:
    """Why the path cannot stand beside those that were taken before it."""
    key = _key(path)
    if key in reserved:
        return f"is written by the run itself ({reserved[key]}); leave it out"
    if key in files:
        twin = files[key]
        return (
            "stands twice; name it once" if twin == path else f"differs from {twin} only by case; rename one"
        )
    if key in folders:
        return f"is a file, and other files lie in a folder of that name ({folders[key]}/); rename one"
    for folder in _folders(path):
        place = _key(folder)
        if place in files or place in reserved:
            return f"lies in {folder}/, but a file has that name; rename one"
        if folders.get(place, folder) != folder:
            return f"lies in {folder}/, which differs from {folders[place]}/ only by case; use one of them"
    return None


def _folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _key(path: str) -> str:
    """What two paths share when a file system that ignores case takes them for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
