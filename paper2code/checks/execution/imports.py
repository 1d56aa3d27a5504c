"""The step that imports every module."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from paper2code.artifacts.execution import Step
from paper2code.checks.execution.endings import ending
from paper2code.checks.execution.excerpt import parts
from paper2code.checks.execution.sandbox.confinement import Limits
from paper2code.checks.execution.stage import Ran, Stage
from paper2code.checks.modules import is_test, module_of
from paper2code.checks.wording import listed, one_line

_SHORTEST = 1.0


def importable_modules(paths: Sequence[str]) -> dict[str, str]:
    """The modules to import, by name, with their paths; tests and `__main__` run rather than offer something.

    >>> importable_modules(["train.py", "models/__init__.py", "models/__main__.py", "tests/test_models.py"])
    {'train': 'train.py', 'models': 'models/__init__.py'}
    """
    modules = {module: path for path in paths if not is_test(path) and (module := module_of(path))}
    return {module: path for module, path in modules.items() if module.rpartition(".")[2] != "__main__"}


async def run_imports(stage: Stage, limits: Limits) -> Step:
    """Import all modules in one interpreter; if a module ends it, the rest goes on in another."""
    modules = importable_modules(sorted(stage.files))
    failures: list[_Failure] = []
    untried, seconds = list(modules), 0.0
    while untried and limits.seconds - seconds >= _SHORTEST:
        left = replace(limits, seconds=limits.seconds - seconds)
        ran = await stage.python(("-m", "paper2code_imports", *untried), left)
        seconds += ran.finished.seconds
        found, untried = _read(ran, untried)
        failures += found
    return Step(
        kind="imports",
        command=import_command(modules),
        ending="failed" if failures or untried else "passed",
        reason=_reason(failures, untried, modules),
        seconds=round(seconds, 2),
        output=parts(f"{modules[failure.module]}\n{failure.detail}" for failure in failures),
    )


def import_command(modules: Iterable[str]) -> str:
    """As a user would type it."""
    return f"python -c 'import {', '.join(modules)}'"


@dataclass(frozen=True)
class _Failure:
    module: str
    reason: str
    detail: str


def _read(ran: Ran, asked: Sequence[str]) -> tuple[list[_Failure], list[str]]:
    """The modules that failed, and those that nothing was noted of because the interpreter ended before."""
    ended = {note.subject: note for note in ran.notes if note.event == "ended" and note.subject in asked}
    failures = [
        _Failure(module, note.reason, note.detail)
        for module, note in ended.items()
        if note.outcome != "passed"
    ]
    rest = [module for module in asked if module not in ended]
    if rest:  # the first of them ended the interpreter, or it never came as far as that
        failures.append(_Failure(rest[0], _ended_interpreter(ran), ran.output))
    return failures, rest[1:]


def _ended_interpreter(ran: Ran) -> str:
    how = ending(ran.finished)
    return f"ends the interpreter when it is imported ({how})" if ran.finished.exit_code == 0 else how


def _reason(failures: Sequence[_Failure], untried: Sequence[str], modules: dict[str, str]) -> str:
    """What fails and why; modules that fail for the same reason are named together."""
    by_cause: defaultdict[str, list[str]] = defaultdict(list)
    for failure in failures:
        by_cause[failure.reason].append(modules[failure.module])
    told = [f"{listed(paths, limit=6)}: {one_line(cause, 200)}" for cause, paths in by_cause.items()]
    if untried:
        told.append(f"no time left to import {listed([modules[module] for module in untried], limit=6)}")
    if not told:
        return ""
    return one_line(f"{len(failures)} of {len(modules)} modules cannot be imported: {'; '.join(told)}", 1_500)
