"""What of this machine a confined command sees, by whichever program it is confined."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from paper2code.checks.execution.sandbox.confinement import Confined

_SYSTEM = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32")
_SETTINGS = (
    "alternatives",
    "ca-certificates",
    "group",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "mime.types",
    "nsswitch.conf",
    "passwd",
    "pki/ca-trust",
    "pki/tls/certs",
    "protocols",
    "services",
    "ssl/certs",
    "ssl/openssl.cnf",
)
"""Of /etc. The keys beside the certificates stay out: root may confine commands too."""
_NETWORK_SETTINGS = ("gai.conf", "hosts", "host.conf", "resolv.conf")
_HARDWARE = ("sys/devices/system/cpu", "sys/devices/system/node")
"""Numeric libraries ask here how many cores there are."""
_INSTALLATION = ("bin", "lib", "include", "ssl")
_MAX_SETTINGS = 1 << 16  # bytes
_MAX_LINKS = 40  # as many as Linux follows


@dataclass(frozen=True)
class Mount:
    """A file or folder of this machine, seen under `target`."""

    source: Path
    target: Path
    writable: bool = False


def system_mounts(*, network: bool) -> list[Mount]:
    """The programs, the libraries and the few settings they need, all read-only."""
    settings = _SETTINGS + (_NETWORK_SETTINGS if network else ())
    paths = [Path("/", name) for name in (*_SYSTEM, *(f"etc/{name}" for name in settings), *_HARDWARE)]
    return [Mount(path.resolve(), path) for path in paths if path.exists()]


def own_mounts(confined: Confined) -> list[Mount]:
    """What this one command may read and write, outermost first, so that an inner mount covers an outer one.

    A folder that is both readable and writable is writable. Each is seen under the name it was given and
    under its real one, because scripts hold either.
    """
    writable = {confined.folder, *confined.writable}
    readable = {*confined.readable, *_interpreters(confined)}
    targets = {target: False for path in readable for target in _names(path)}
    targets |= {target: True for path in writable for target in _names(path)}
    ordered = sorted(targets, key=lambda target: (len(target.parts), target))
    return [Mount(target.resolve(), target, targets[target]) for target in ordered]


def _names(path: Path) -> set[Path]:
    return {Path(os.path.abspath(path)), path.resolve()}  # noqa: PTH100 - keeps the links that it goes through


def _interpreters(confined: Confined) -> Iterator[Path]:
    """The installations that the environments and the command come from, which may lie below a home."""
    folders = [confined.folder, *confined.readable, *confined.writable]
    links = [Path(confined.command[0]), *(folder / "bin" / "python" for folder in folders)]
    programs = {program for link in links if link.is_absolute() for program in _followed(link)}
    programs |= {home / "python" for folder in folders for home in _homes(folder)}
    prefixes = {program.parent.parent for program in programs}
    for prefix in prefixes | {prefix.resolve() for prefix in prefixes}:
        if _is_installation(prefix):
            yield from (prefix / part for part in _INSTALLATION if (prefix / part).is_dir())


def _followed(link: Path) -> Iterator[Path]:
    """The path and every path that it links to, to the end or to a ring."""
    for _ in range(_MAX_LINKS):
        yield link
        if not link.is_symlink():
            return
        link = Path(os.path.normpath(link.parent / link.readlink()))


def _homes(environment: Path) -> Iterable[Path]:
    settings = environment / "pyvenv.cfg"
    # A command may have left anything in its place: a pipe without a writer, a file without an end.
    if not settings.is_file() or settings.stat().st_size > _MAX_SETTINGS:
        return []
    lines = settings.read_text("utf-8", "replace").splitlines()
    pairs = (line.partition("=") for line in lines)
    return [Path(value.strip()) for key, _, value in pairs if key.strip() == "home"]


def _is_installation(prefix: Path) -> bool:
    """Whether the standard library is there.

    A command may have rewritten its environment to name any folder; none but an installation is shown for it.
    """
    return not prefix.is_relative_to("/usr") and any(prefix.glob("lib/python3*/os.py"))
