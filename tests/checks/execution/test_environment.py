"""Environments are built whole or not at all, once for all who ask, isolated from this machine's."""

import asyncio
import json
import os
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from paper2code.checks.execution.environments.environment import environment_at
from paper2code.checks.execution.environments.install_faults import (
    PackagesUnreachable,
    RequirementsFault,
    install_fault,
)
from paper2code.checks.execution.environments.installation import build_environment, normalised
from paper2code.checks.execution.environments.installer import Installer, find_installer, user_settings
from paper2code.checks.execution.environments.provision import provide
from paper2code.checks.execution.fingerprint import fingerprint
from paper2code.checks.execution.sandbox.confinement import Confined, Finished, Sandbox
from paper2code.errors import InterpreterError

PIP = Installer("pip")


class Recorder:
    """A sandbox that notes what it is to run, and leaves what a build leaves."""

    name = "recorder"

    def __init__(self, install: Callable[[Confined], Finished] | None = None) -> None:
        self.commands: list[Confined] = []
        self._install = install or (lambda _: Finished(0, "", "", 0.0))

    async def run(self, confined: Confined) -> Finished:
        self.commands.append(confined)
        await asyncio.sleep(0.05)
        if "venv" in confined.command:
            (confined.folder / "bin").mkdir()
            (confined.folder / "bin/python").symlink_to(sys.executable)
            return Finished(0, "", "", 0.0)
        return self._install(confined)


def _kept(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.suffix != ".lock"]


def a_wheel(folder: Path, name: str) -> None:
    """A package that holds nothing but itself."""
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", "value = 1\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


async def test_an_environment_holds_what_is_required_and_nothing_of_this_machine(
    confining: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wheels").mkdir()
    a_wheel(tmp_path / "wheels", "tiny")
    a_wheel(tmp_path / "wheels", "pytest")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    folder = tmp_path / "cache"
    environment = await build_environment(["tiny==1.0  # ours"], folder, confining, PIP)
    question = "import json, sys, tiny, pytest; print(json.dumps([sys.path, pytest.__file__]))"
    command = [str(environment.python), "-I", "-c", question]
    answer = await confining.run(Confined(command, tmp_path, environment.readable))
    search_path, pytest_file = json.loads(answer.output)
    site_packages = [entry for entry in search_path if "packages" in entry]
    assert all(entry.startswith(str(folder)) for entry in [*site_packages, pytest_file])

    again = await build_environment(["tiny == 1.0"], folder, Recorder(), PIP)
    assert again == environment
    given = await environment_at(environment.python.parents[1], ["tiny>=1"])
    assert given.version == environment.version


async def test_a_requirement_that_does_not_exist_is_a_failed_step(tmp_path: Path) -> None:
    words = "ERROR: No matching distribution found for nowhere-at-all"
    provision = await provide(
        ["nowhere-at-all"], Recorder(lambda _: Finished(1, "", words, 0.0)), folder=tmp_path
    )
    assert (provision.step.ending, provision.environment) == ("failed", None)
    assert provision.step.reason == "No matching distribution found for nowhere-at-all"
    assert provision.step.output == words
    assert provision.lack.startswith("its packages cannot be installed: ")


async def test_of_two_that_want_the_same_one_builds(tmp_path: Path) -> None:
    recorder = Recorder()
    first, second = await asyncio.gather(
        build_environment(["Torch"], tmp_path, recorder, PIP),
        build_environment(["torch"], tmp_path, recorder, PIP),
    )
    assert first == second
    assert len(recorder.commands) == 2
    await build_environment(["torch>=2"], tmp_path, recorder, PIP)
    assert len(recorder.commands) == 4


async def test_a_build_that_was_killed_is_not_taken_for_whole(tmp_path: Path) -> None:
    environment = await build_environment([], tmp_path, Recorder(), PIP)
    place = environment.python.parents[1]
    place.with_name(f"{place.name}.json").unlink()
    (place / "half").touch()
    recorder = Recorder()
    assert await build_environment([], tmp_path, recorder, PIP) == environment
    assert len(recorder.commands) == 2
    assert not (place / "half").exists()


async def test_a_build_that_fails_or_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    def fail(confined: Confined) -> Finished:
        return Finished(1, "", "ERROR: No matching distribution found for x", 0.0)

    def cancel(confined: Confined) -> Finished:
        raise asyncio.CancelledError

    for install, error in ((fail, RequirementsFault), (cancel, asyncio.CancelledError)):
        with pytest.raises(error):
            await build_environment([], tmp_path, Recorder(install), PIP)
        assert {path.name for path in await asyncio.to_thread(_kept, tmp_path)} == {"packages"}


async def test_only_the_installation_reaches_the_network_and_the_user_s_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"file://{tmp_path}/index/simple")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    (tmp_path / "index/simple").mkdir(parents=True)
    recorder = Recorder()
    environment = await build_environment([], tmp_path, recorder, PIP)
    create, install = recorder.commands
    assert (create.network, install.network) == (False, True)
    assert install.variables["PIP_INDEX_URL"] == f"file://{tmp_path}/index/simple"
    assert tmp_path / "index" in install.readable
    assert "OPENAI_API_KEY" not in {*create.variables, *install.variables}
    assert install.folder == environment.python.parents[1]
    assert install.writable == (tmp_path / "packages",)
    assert install.limits.seconds == 1_200


def test_settings_that_say_where_to_install_are_not_the_user_s_to_make() -> None:
    given = {
        "PIP_INDEX_URL": "a", "UV_INDEX": "b", "HTTPS_PROXY": "c", "no_proxy": "d", "SSL_CERT_FILE": "e",
        "PIP_TARGET": "x", "UV_CACHE_DIR": "x", "UV_PYTHON": "x", "PATH": "x", "AWS_SECRET": "x",
    }  # fmt: skip
    settings = user_settings(given)
    assert {name for name in given if name in settings} == {
        "PIP_INDEX_URL", "UV_INDEX", "HTTPS_PROXY", "no_proxy", "SSL_CERT_FILE",
    }  # fmt: skip


async def test_uv_is_taken_if_it_runs_in_the_sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "uv").write_text("#!/bin/sh\n")
    (tmp_path / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await find_installer(Recorder()) == Installer("uv", tmp_path / "uv")
    assert await find_installer(Recorder(lambda _: Finished(127, "", "", 0.0))) == PIP
    monkeypatch.setenv("PATH", os.devnull)
    assert await find_installer(Recorder()) == PIP


async def test_a_cache_that_cannot_be_written_is_no_fault_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    provision = await provide([], Recorder(), folder=tmp_path / "file" / "cache")
    assert provision.step.ending == "not run"
    assert "set PAPER2CODE_CACHE" in provision.lack


NO_VERSION = """\
ERROR: Could not find a version that satisfies the requirement torch==99 (from versions: 2.0, 2.1)
ERROR: No matching distribution found for torch==99
"""
NO_NETWORK = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<x>: Failed to establish \
a new connection: [Errno -3] Temporary failure in name resolution')': /simple/torch/
ERROR: Could not find a version that satisfies the requirement torch (from versions: none)
"""
UV_UNKNOWN = """\
error: No solution found when resolving dependencies
  cause: Because torch was not found in the package registry and you require torch, we can conclude that \
your requirements are unsatisfiable.
"""
UV_NO_VERSION = """\
  \u00d7 No solution found when resolving dependencies:
  \u2570\u2500\u25b6 Because there is no version of torch==99 and you require torch==99, it is unsatisfiable.
"""
UV_NO_NETWORK = """\
error: Request failed after 3 retries in 1.4s
  cause: error sending request for url
  cause: dns error
"""
UNBUILT = """\
Collecting numpy==1.19.0
  RuntimeError: Running cythonize failed!
error: metadata-generation-failed
"""
FULL = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"


@pytest.mark.parametrize(
    ("output", "kind", "reason"),
    [
        (NO_VERSION, RequirementsFault, "satisfies the requirement torch==99 (from versions: 2.0, 2.1)"),
        (NO_NETWORK, PackagesUnreachable, "Temporary failure in name resolution"),
        (UV_UNKNOWN, RequirementsFault, "cause: Because torch was not found in the package registry"),
        (UV_NO_VERSION, RequirementsFault, "Because there is no version of torch==99"),
        (UV_NO_NETWORK, PackagesUnreachable, "error sending request"),
        (UNBUILT, RequirementsFault, "numpy==1.19.0 cannot be built here"),
        ("ERROR: Invalid requirement: '!!x'\n", RequirementsFault, "Invalid requirement: '!!x'"),
        (FULL, PackagesUnreachable, "No space left on device"),
        ("Killed", PackagesUnreachable, "Killed"),
        ("", PackagesUnreachable, "exit code 1"),
    ],
)
def test_faults_of_the_requirements_and_of_the_machine_are_told_apart(
    output: str, kind: type[Exception], reason: str
) -> None:
    fault = install_fault(Finished(1, "", output, 1.0))
    assert type(fault) is kind
    assert reason in str(fault)
    assert "\n" not in str(fault)


def test_an_installation_that_was_stopped_is_no_fault_of_the_requirements() -> None:
    fault = install_fault(Finished(None, "no end after 1200 s", "ERROR: No matching distribution", 1.0))
    assert isinstance(fault, PackagesUnreachable)
    assert "no end after 1200 s" in str(fault)


@pytest.mark.parametrize("requirements", [["Torch >= 2.0", "numpy"], ["numpy # a", "", "# b", "torch>=2.0"]])
def test_requirements_have_one_form(requirements: Sequence[str]) -> None:
    assert normalised(requirements) == ("numpy", "pytest", "torch>=2.0")
    assert normalised([*requirements, "pytest-xdist", "PyTest>=8"])[1:3] == ("pytest-xdist", "pytest>=8")


async def test_the_user_s_environment_is_taken_as_it_is(environment_folder: Path) -> None:
    by_folder = await environment_at(environment_folder, ["pytest>=1"])
    by_program = await environment_at(environment_folder / "bin/python")
    assert by_folder == by_program
    assert by_folder.version == ".".join(map(str, sys.version_info[:3]))
    assert environment_folder in by_folder.readable


async def test_an_environment_that_cannot_be_used_says_why(environment_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InterpreterError, match=r"has no torch, scikit-learn: install it there"):
        await environment_at(environment_folder, ["torch>=2", "Scikit_Learn", "pytest"])
    with pytest.raises(InterpreterError, match="is no Python environment"):
        await environment_at(tmp_path)
    (tmp_path / "python").write_text("#!/bin/sh\necho hello\n")
    with pytest.raises(InterpreterError, match="cannot be started"):
        await environment_at(tmp_path / "python")
    (tmp_path / "python").chmod(0o755)
    with pytest.raises(InterpreterError, match="does not say which Python"):
        await environment_at(tmp_path / "python")
    provision = await provide(["torch"], Recorder(), given=environment_folder)
    assert provision.step.ending == "not run"
    assert "has no torch" in provision.lack


def test_a_fingerprint_changes_with_all_that_matters() -> None:
    files = {"a.py": "1", "b.py": "2"}
    same = fingerprint("tests", dict(reversed(files.items())), ["numpy  # x"])
    others = [
        fingerprint("smoke", files, ["numpy"]),
        fingerprint("tests", {**files, "a.py": "2"}, ["numpy"]),
        fingerprint("tests", {"a.py": "1"}, ["numpy"]),
        fingerprint("tests", files, ["numpy>=1"]),
        fingerprint("tests", files, ["numpy"], ["python a.py"]),
    ]
    assert same == fingerprint("tests", files, ["numpy"])
    assert len({same, *others}) == 6
