"""The execution gate: what of a whole repository runs, told step by step."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from paper2code.artifacts import Architecture
from paper2code.artifacts.execution import RunResult, Step, StepKind
from paper2code.checks.execution.entry_points import EntryPoint, entry_points, takes_arguments
from paper2code.checks.execution.environments.provision import Provision
from paper2code.checks.execution.imports import import_command, importable_modules, run_imports
from paper2code.checks.execution.programs import NO_ENTRY_POINT, run_help, run_smoke
from paper2code.checks.execution.sandbox.confinement import Limits, Sandbox
from paper2code.checks.execution.stage import Stage, staged
from paper2code.checks.execution.unit_tests import collected_files, pytest_command, run_staged_tests
from paper2code.errors import SandboxError

GATE_LIMITS: Mapping[StepKind, Limits] = MappingProxyType(
    {
        "imports": Limits(seconds=180.0),
        "tests": Limits(seconds=600.0),
        "help": Limits(seconds=60.0),
        "smoke": Limits(seconds=180.0),
    }
)


async def run_gate(
    sandbox: Sandbox,
    provision: Provision,
    files: Mapping[str, str],
    architecture: Architecture,
    *,
    surroundings: Mapping[str, str] | None = None,
    on_step: Callable[[Step], None] | None = None,
    limits: Mapping[StepKind, Limits] = GATE_LIMITS,
) -> RunResult:
    """Import all modules, run all tests, ask all programs for help, and make all their smoke runs.

    All steps share one fresh folder, so that a program finds what those before it wrote. The full experiments
    are not run.

    Args:
        sandbox: What everything runs in.
        provision: The environment, or why there is none; its own step is the first of the result.
        files: The generated files, path to text.
        architecture: Whose commands are documented.
        surroundings: Further files that users get: config.yaml, package markers, pytest.ini.
        on_step: Called with each step as it ends.
        limits: How much each step may use.

    Raises:
        PathFault: A path may not stand in a repository.
    """
    everything = {**(surroundings or {}), **files}
    steps: list[Step] = []
    async for step in _steps(sandbox, provision, everything, architecture, limits):
        steps.append(step)
        if on_step is not None:
            on_step(step)
    environment = provision.environment
    return RunResult(
        steps=tuple(steps), sandbox=sandbox.name, python=environment.version if environment else ""
    )


@dataclass(frozen=True)
class _Planned:
    """A step that is still to be run, and what a report says of it if it cannot be."""

    step: Step
    run: Callable[[Stage], Awaitable[Step]]

    def not_run(self, reason: str) -> Step:
        return self.step.model_copy(update={"reason": reason})


async def _steps(
    sandbox: Sandbox,
    provision: Provision,
    files: Mapping[str, str],
    architecture: Architecture,
    limits: Mapping[StepKind, Limits],
) -> AsyncIterator[Step]:
    yield provision.step
    planned = list(_planned(files, architecture, limits))
    if provision.environment is None:
        for each in planned:
            yield each.not_run(provision.lack)
        return
    altered: str | None = None
    async with staged(sandbox, provision.environment, files) as stage:
        for each in planned:
            if altered:
                yield each.not_run(f"{altered} is no longer what was generated: an earlier step changed it")
                continue
            try:
                step = await each.run(stage)
            except SandboxError as error:
                step = each.not_run(str(error))
            altered = await asyncio.to_thread(stage.altered)
            yield _spoilt(step, altered) if altered else step


def _spoilt(step: Step, path: str) -> Step:
    """The step, failed because it wrote over the repository; what follows would run other code."""
    fault = f"it changed or removed {path}: results belong into files of their own"
    reason = f"{step.reason}; {fault}" if step.ending == "failed" else fault
    return step.model_copy(update={"ending": "failed", "reason": reason})


def _planned(
    files: Mapping[str, str], architecture: Architecture, limits: Mapping[StepKind, Limits]
) -> Iterator[_Planned]:
    """All steps after the installation, in order."""
    paths = sorted(files)
    if modules := importable_modules(paths):
        yield _Planned(
            _step("imports", import_command(modules)), lambda stage: run_imports(stage, limits["imports"])
        )
    if tests := collected_files(paths):
        yield _Planned(
            _step("tests", pytest_command()), lambda stage: run_staged_tests(stage, tests, limits["tests"])
        )
    entries = entry_points(architecture)
    for entry in entries:
        if takes_arguments(files.get(entry.path, "")):
            yield _help(entry, limits)
    for entry in entries:
        for arguments in entry.smoke_runs:
            yield _smoke(entry, arguments, limits)
    if not entries:
        yield _without_entry_point()


def _help(entry: EntryPoint, limits: Mapping[StepKind, Limits]) -> _Planned:
    step = _step("help", entry.command("--help"), entry.path)
    return _Planned(step, lambda stage: run_help(stage, entry, limits["help"]))


def _smoke(entry: EntryPoint, arguments: tuple[str, ...], limits: Mapping[StepKind, Limits]) -> _Planned:
    step = _step("smoke", entry.command(*arguments), entry.path)
    return _Planned(step, lambda stage: run_smoke(stage, entry, arguments, limits["smoke"]))


def _without_entry_point() -> _Planned:
    failed = Step(kind="smoke", ending="failed", reason=NO_ENTRY_POINT)

    async def run(_: Stage) -> Step:
        return failed

    return _Planned(_step("smoke", ""), run)


def _step(kind: StepKind, command: str, target: str = "") -> Step:
    return Step(kind=kind, target=target, command=command, ending="not run")
