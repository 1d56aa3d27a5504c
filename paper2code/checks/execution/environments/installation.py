"""Environments built of a repository's requirements, kept for the next run that asks for the same.

An environment is whole once its record stands beside it. The record is out of reach of what runs while the
environment is filled, and is put in place last: a build that was killed has none, and the next one starts
anew. Environments are built where they stay, since their scripts name their own place.
"""

import asyncio
import hashlib
import json
import platform
import shutil
import string
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from filelock import AsyncFileLock

from paper2code.checks.execution.environments.environment import Environment, requirement_name
from paper2code.checks.execution.environments.install_faults import PackagesUnreachable, install_fault
from paper2code.checks.execution.environments.installer import LIST, Installer, find_installer
from paper2code.checks.execution.excerpt import last_line
from paper2code.checks.execution.sandbox.confinement import Sandbox

_FORM = 1  # of what is kept; another number leaves older environments aside
_LETTERS_OF_NAMES = string.ascii_letters + string.digits + "._-"


async def build_environment(
    requirements: Iterable[str], folder: Path, sandbox: Sandbox, installer: Installer | None = None
) -> Environment:
    """An environment with these packages and pytest, from the cache or built anew.

    It is made of the interpreter that runs this, without any of its packages. Of two that ask for the same
    at once, in one process or in several, one builds and the other waits.

    Args:
        requirements: Lines of a requirements.txt.
        folder: Where environments are kept; created if missing.
        sandbox: What the installer runs in.
        installer: The installer; by default the one that `find_installer` finds.

    Raises:
        RequirementsFault: A requirement cannot be met by any package.
        PackagesUnreachable: The packages cannot be fetched, or there is no room for them.
    """
    try:
        folder = await asyncio.to_thread(_made, folder)
        installer = installer or await find_installer(sandbox)
        wanted = normalised(requirements)
        name = _name(wanted, installer)
        async with AsyncFileLock(folder / f"{name}.lock"):
            if not await asyncio.to_thread(_is_whole, folder, name):
                await _build(wanted, folder, name, installer, sandbox)
    except OSError as error:
        raise PackagesUnreachable(
            f"no environment can be kept in {folder} ({error.strerror or error}); set PAPER2CODE_CACHE"
        ) from error
    return _environment(folder / name)


def _made(folder: Path) -> Path:
    folder = folder.expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def normalised(requirements: Iterable[str]) -> tuple[str, ...]:
    """The requirements without comments, in one order, with pytest among them.

    >>> normalised(["Torch >= 2.0  # networks", "", "# none", "numpy"])
    ('numpy', 'pytest', 'torch>=2.0')
    """
    lines = (" ".join(line.partition(" #")[0].split()) for line in requirements)
    kept = {_one_form(line) for line in lines if line and not line.startswith("#")}
    if not any(requirement_name(line) == "pytest" for line in kept):
        kept.add("pytest")
    return tuple(sorted(kept))


def _one_form(line: str) -> str:
    """The line in the one spelling of its name; what is no plain requirement stays as it is."""
    if not (name := requirement_name(line)):
        return line
    rest = line.lstrip(_LETTERS_OF_NAMES)
    return name + (rest if ";" in rest or "@" in rest else rest.replace(" ", ""))


def _name(wanted: Iterable[str], installer: Installer) -> str:
    """The key of an environment: all that decides what comes to lie in it."""
    parts = [_FORM, str(_base()), sys.version, sysconfig.get_platform(), installer.name, *wanted]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]


def _base() -> Path:
    """The interpreter that environments are made of; in a virtual environment it is not the running one."""
    place = Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
    return place if place.exists() else Path(sys.executable)


def _is_whole(folder: Path, name: str) -> bool:
    return (folder / f"{name}.json").is_file() and (folder / name / "bin" / "python").exists()


async def _build(
    wanted: Iterable[str], folder: Path, name: str, installer: Installer, sandbox: Sandbox
) -> None:
    place, record, cache = folder / name, folder / f"{name}.json", folder / "packages"
    await asyncio.to_thread(_clear, place, record)
    place.mkdir()
    cache.mkdir(exist_ok=True)
    try:
        (place / LIST).write_text("".join(f"{line}\n" for line in wanted), encoding="utf-8")
        created = await installer.create(place, _base(), sandbox)
        if created.exit_code != 0:
            raise PackagesUnreachable(
                f"no environment can be created: {last_line(created.output)}", created.output
            )
        installed = await installer.install(place, cache, sandbox)
        if installed.exit_code != 0:
            raise install_fault(installed)
        _put(record, {"python": platform.python_version(), "requirements": list(wanted)})
    finally:
        if not record.exists():
            await asyncio.to_thread(_clear, place, record)


def _clear(place: Path, record: Path) -> None:
    record.unlink(missing_ok=True)
    shutil.rmtree(place, ignore_errors=True)


def _put(record: Path, content: dict[str, object]) -> None:
    draft = record.with_name(f"{record.name}.{uuid4().hex}.part")
    draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    draft.replace(record)


def _environment(place: Path) -> Environment:
    base = _base()
    readable = dict.fromkeys((place, Path(sys.base_prefix), base.parent, base.resolve().parent))
    return Environment(
        python=place / "bin" / "python", version=platform.python_version(), readable=tuple(readable)
    )
