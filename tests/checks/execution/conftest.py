"""The sandbox of this machine, and an environment to run small repositories in."""

from pathlib import Path

import pytest

from paper2code.checks.execution.environments.environment import Environment, environment_at
from paper2code.checks.execution.sandbox.confinement import Absent, Sandbox
from paper2code.checks.execution.sandbox.finder import find_sandbox
from tests.checks.execution.repositories import environment_with_pytest


@pytest.fixture(scope="session")
def confining() -> Sandbox:
    """A sandbox that confines; the test is skipped where there is none."""
    found = find_sandbox()
    if isinstance(found, Absent):
        pytest.skip(found.reason)
    return found


@pytest.fixture(scope="session")
def environment_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment_with_pytest(tmp_path_factory.mktemp("environment"))


@pytest.fixture
async def environment(environment_folder: Path) -> Environment:
    return await environment_at(environment_folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A command's own; what lies beside it is out of its reach."""
    inside = tmp_path / "repository"
    inside.mkdir()
    return inside
