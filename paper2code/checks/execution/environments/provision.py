"""The environment for a repository, and the step that a report tells of it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from paper2code.artifacts.execution import Ending, Step
from paper2code.checks.execution.environments.environment import Environment, environment_at
from paper2code.checks.execution.environments.install_faults import InstallFault, RequirementsFault
from paper2code.checks.execution.environments.installation import build_environment
from paper2code.checks.execution.sandbox.confinement import Sandbox
from paper2code.errors import InterpreterError, SandboxError
from paper2code.papers.arxiv import cache_folder

COMMAND = "python -m pip install -r requirements.txt"


@dataclass(frozen=True)
class Provision:
    """An environment, or why there is none."""

    step: Step
    environment: Environment | None = None

    @property
    def lack(self) -> str:
        """Why what needs the packages cannot run; empty if it can."""
        if self.environment is not None:
            return ""
        if self.step.ending == "failed":
            return f"its packages cannot be installed: {self.step.reason}"
        return self.step.reason


async def provide(
    requirements: Sequence[str], sandbox: Sandbox, *, given: Path | None = None, folder: Path | None = None
) -> Provision:
    """The environment to run a repository in.

    Args:
        requirements: Lines of its requirements.txt.
        sandbox: What the installer runs in.
        given: An environment of the user's, taken as it is if it has all packages that are required.
        folder: Where built environments are kept; by default in this package's cache folder.
    """
    start = time.monotonic()
    try:
        if given is not None:
            environment = await environment_at(given, (*requirements, "pytest"))
        else:
            kept = folder or cache_folder() / "environments"
            environment = await build_environment(requirements, kept, sandbox)
    except (InterpreterError, SandboxError) as error:
        return Provision(_step("not run", start, str(error)))
    except InstallFault as fault:
        ending: Ending = "failed" if isinstance(fault, RequirementsFault) else "not run"
        return Provision(_step(ending, start, str(fault), fault.output))
    if given is not None:
        reason = f"nothing installed: {given} is taken as it is"
        return Provision(Step(kind="install", ending="passed", reason=reason), environment)
    return Provision(_step("passed", start), environment)


def _step(ending: Ending, start: float, reason: str = "", output: str = "") -> Step:
    return Step(
        kind="install",
        command=COMMAND,
        ending=ending,
        reason=reason,
        seconds=round(time.monotonic() - start, 2),
        output=output,
    )
