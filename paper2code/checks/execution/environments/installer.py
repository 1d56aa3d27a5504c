"""The program that fills an environment: uv where it runs in the sandbox, else pip.

It alone of what runs in the sandbox may use the network, and sees settings of the user's: which index to
ask, through which proxy, trusting which certificates. What it downloads is kept for the next environment, in
a cache of this package's own: packages run code of theirs when they are built, and that must not reach the
cache that the user's other projects install from.
"""

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from paper2code.checks.execution.sandbox.confinement import Confined, Finished, Limits, Sandbox
from paper2code.throwaway import throwaway_folder

LIST = "requirements.txt"
"""The file in an environment that says what to install."""

INSTALL_LIMITS = Limits(seconds=1_200.0, memory=8 << 30, processes=512, disk=30 << 30)

_CREATE_LIMITS = Limits(seconds=120.0)
_PROBE_LIMITS = Limits(seconds=20.0)
_SETTINGS = ("PIP_", "UV_")
_NETWORK_SETTINGS = {
    "http_proxy", "https_proxy", "all_proxy", "no_proxy", "ftp_proxy",
    "ssl_cert_file", "ssl_cert_dir", "ssl_client_cert", "requests_ca_bundle", "curl_ca_bundle",
}  # fmt: skip
# Where to install, from which interpreter and with which cache is decided here.
_DECIDED = re.compile(
    r"PIP_(?:USER|TARGET|PREFIX|ROOT|PYTHON|CACHE_DIR|NO_CACHE_DIR|REQUIREMENT|LOG|REQUIRE_VIRTUALENV)"
    r"|UV_(?:TARGET|PREFIX|PYTHON|SYSTEM_PYTHON|CACHE_DIR|NO_CACHE|PROJECT|PROJECT_ENVIRONMENT|WORKING_DIR)"
)
_PLACE = re.compile(r"""(?:file://)?(/[^\s"',;\[\]]+)""")


@dataclass(frozen=True)
class Installer:
    """How to create an environment and fill it."""

    name: Literal["uv", "pip"]
    program: Path | None = None
    """Where uv is; pip comes with every environment."""

    async def create(self, place: Path, base: Path, sandbox: Sandbox) -> Finished:
        """Make an environment without packages of the interpreter `base`, isolated from its packages."""
        if self.program is not None:
            command = [self.program, "venv", "--allow-existing", "--no-project", "--python", base, place]
        else:
            command = [base, "-I", "-m", "venv", place]
        return await sandbox.run(
            Confined(
                command=[str(word) for word in command],
                folder=place,
                readable=self._readable(),
                variables={"UV_NO_CACHE": "1", "UV_PYTHON_DOWNLOADS": "never"},
                limits=_CREATE_LIMITS,
            )
        )

    async def install(self, place: Path, cache: Path, sandbox: Sandbox) -> Finished:
        """Install what the environment's `requirements.txt` lists."""
        python = place / "bin" / "python"
        if self.program is not None:
            command = [self.program, "pip", "install", "--python", python, "-r", LIST]
        else:
            command = [python, "-m", "pip", "install", "-r", LIST]
        settings = user_settings(os.environ)
        return await sandbox.run(
            Confined(
                command=[str(word) for word in command],
                folder=place,
                readable=(*self._readable(), *_places_in(settings)),
                writable=(cache,),
                network=True,
                variables={**_DEFAULTS, **settings, **_decided(cache)},
                limits=INSTALL_LIMITS,
            )
        )

    def _readable(self) -> tuple[Path, ...]:
        programs = () if self.program is None else (self.program.parent,)
        return (Path(sys.base_prefix), *programs)


async def find_installer(sandbox: Sandbox) -> Installer:
    """Uv if it is on the PATH and runs in the sandbox, as a mere launcher may not; else pip."""
    program = _on_path("uv")
    if program is None:
        return Installer("pip")
    with throwaway_folder() as folder:
        answer = await sandbox.run(
            Confined(
                command=(str(program), "--version"),
                folder=folder,
                readable=(program.parent,),
                limits=_PROBE_LIMITS,
            )
        )
    return Installer("uv", program) if answer.exit_code == 0 else Installer("pip")


def _on_path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found).resolve() if found else None


def user_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that tell an installer whom to ask and how."""
    settings = {
        name: value
        for name, value in environment.items()
        if (name.startswith(_SETTINGS) and not _DECIDED.fullmatch(name)) or name.lower() in _NETWORK_SETTINGS
    }
    home = Path.home()
    old_file = home / ".pip" / "pip.conf"
    if old_file.is_file():
        settings.setdefault("PIP_CONFIG_FILE", str(old_file))
    # Both installers look for their files there; the sandbox has another home folder.
    settings["XDG_CONFIG_HOME"] = environment.get("XDG_CONFIG_HOME") or str(home / ".config")
    return settings


_DEFAULTS = {"PIP_RETRIES": "2", "PIP_DEFAULT_TIMEOUT": "30", "UV_HTTP_TIMEOUT": "60"}


def _decided(cache: Path) -> dict[str, str]:
    return {
        "PIP_CACHE_DIR": str(cache / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_COLOR": "1",
        "PIP_NO_INPUT": "1",
        "PIP_PROGRESS_BAR": "off",
        "PIP_USER": "0",
        "PYTHONUTF8": "1",
        "UV_CACHE_DIR": str(cache / "uv"),
        "UV_COMPILE_BYTECODE": "1",  # later runs cannot write next to the sources
        "UV_LINK_MODE": "copy",  # what a later build does to the cache must not change this environment
        "UV_NO_PROGRESS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "NO_COLOR": "1",
    }


def _places_in(settings: Mapping[str, str]) -> Iterator[Path]:
    """The settings' files, and the local folders and certificates that they and the variables name."""
    config = Path(settings["XDG_CONFIG_HOME"])
    files = [
        Path(settings.get("PIP_CONFIG_FILE", os.devnull)),
        Path(settings.get("UV_CONFIG_FILE", os.devnull)),
        config / "pip" / "pip.conf",
        config / "uv" / "uv.toml",
        Path("/etc/pip.conf"),
        Path("/etc/xdg/pip/pip.conf"),
        Path("/etc/uv/uv.toml"),
        Path("/etc/xdg/uv/uv.toml"),
    ]
    read = [file for file in files if file.is_file()]
    texts = [*settings.values(), *(file.read_text("utf-8", "replace") for file in read)]
    named = [_whole_index(Path(match[1])) for text in texts for match in _PLACE.finditer(text)]
    private = {Path("/"), Path.home(), config}
    yield from dict.fromkeys(place for place in (*read, *named) if place.exists() and place not in private)


def _whole_index(place: Path) -> Path:
    """The folder of an index on disk, whose pages lie in `simple` and lead to packages beside it."""
    return place.parent if place.name == "simple" else place
