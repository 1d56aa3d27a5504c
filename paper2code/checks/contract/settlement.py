"""What becomes of a design that still has faults when the budget for redesigns is spent.

Whatever cannot be built is taken out, and each removal is noted, because the report tells the user.
"""

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from paper2code.artifacts import (
    Architecture,
    ArtifactT,
    Command,
    Dependencies,
    FileDependencies,
    Plan,
    PlannedFile,
)
from paper2code.checks.commands import entry_point, started_files, unplanned_scripts
from paper2code.errors import DesignError
from paper2code.import_graph import build_import_graph, without_cycles
from paper2code.paths import path_faults
from paper2code.workspace import RESERVED


@dataclass(frozen=True)
class Settlement:
    """A design that can be built, and in plain words what was taken out of it."""

    architecture: Architecture
    dependencies: Dependencies
    notes: tuple[str, ...]


def settle(plan: Plan, architecture: Architecture, dependencies: Dependencies) -> Settlement:
    """Take out of a design what cannot be built.

    Args:
        plan: The requirements that files may own.
        architecture: The planned files.
        dependencies: Their imports and packages.

    Returns:
        A design in which `find_faults` finds nothing but holes and misfits, with a note for each change. A
        sound design comes back as it is, without notes.

    Raises:
        DesignError: No file is left.
    """
    notes: list[str] = []
    files = _with_known_requirements(plan, _with_usable_paths(architecture.files, notes), notes)
    if not files:
        raise DesignError(
            "no planned file has a path that can be written: "
            + "; ".join(notes)
            + "; try again, or a stronger model"
        )
    architecture = architecture.model_copy(update={"files": files})
    dependencies = _acyclic(architecture, _complete(architecture, dependencies, notes), notes)
    commands = _with_known_scripts(architecture, dependencies, notes)
    return Settlement(architecture.model_copy(update={"commands": commands}), dependencies, tuple(notes))


def _with_usable_paths(files: Sequence[PlannedFile], notes: list[str]) -> tuple[PlannedFile, ...]:
    faults = path_faults([file.path for file in files], RESERVED)
    notes.extend(f"The file '{path}' is left out: it {reason}." for path, reason in faults.items())
    return tuple(file for file in files if file.path not in faults)


def _with_known_requirements(
    plan: Plan, files: Sequence[PlannedFile], notes: list[str]
) -> tuple[PlannedFile, ...]:
    known = {requirement.id for requirement in plan.requirements}
    kept = []
    for file in files:
        unknown = [owned for owned in file.requirements if owned not in known]
        notes.extend(
            f"{file.path} no longer owns '{owned}', which the plan doesn't have." for owned in unknown
        )
        kept.append(_without(file, "requirements", unknown))
    return tuple(kept)


def _complete(architecture: Architecture, dependencies: Dependencies, notes: list[str]) -> Dependencies:
    planned = dict.fromkeys(file.path for file in architecture.files)
    known = {*planned, *RESERVED}
    entries = []
    for path in planned:
        entry = dependencies.of(path)
        unknown = [imported for imported in entry.imports if imported not in known]
        notes.extend(f"{path} no longer imports '{imported}', which isn't planned." for imported in unknown)
        entries.append(_without(entry, "imports", unknown))
    analysed = Counter(entry.path for entry in dependencies.files)
    notes.extend(
        f"Nobody analysed what {path} imports: it imports nothing."
        for path in planned
        if path not in analysed
    )
    notes.extend(
        f"The imports of {path} are dropped: the file isn't planned."
        for path in analysed
        if path not in planned
    )
    notes.extend(
        f"Of several lists of what {path} imports, the first one counts."
        for path, times in analysed.items()
        if path in planned and times > 1
    )
    return dependencies.model_copy(update={"files": tuple(entries)})


def _acyclic(architecture: Architecture, dependencies: Dependencies, notes: list[str]) -> Dependencies:
    _, removed = without_cycles(build_import_graph(architecture, dependencies))
    cut: dict[str, list[str]] = {}
    for imported, importer in removed:
        cut.setdefault(importer, []).append(imported)
        notes.append(f"{importer} no longer imports {imported}, because {imported} needs {importer}.")
    return dependencies.model_copy(
        update={"files": tuple(_with_cut(entry, cut.get(entry.path, ())) for entry in dependencies.files)}
    )


def _with_cut(entry: FileDependencies, cut: Sequence[str]) -> FileDependencies:
    """The entry without some imports; its logic tells the coder, whose interface may still speak of them."""
    if not cut:
        return entry
    ban = f"It must not import {', '.join(cut)}, which needs this file: take what it needs as arguments."
    return _without(entry, "imports", cut).model_copy(update={"logic": f"{entry.logic}\n{ban}".strip()})


def _with_known_scripts(
    architecture: Architecture, dependencies: Dependencies, notes: list[str]
) -> tuple[Command, ...]:
    commands = []
    for command in architecture.commands:
        unplanned = [script for script in unplanned_scripts(command, architecture) if script not in RESERVED]
        if unplanned:
            notes.append(
                f"The command '{command.command}' is left out: {', '.join(unplanned)} isn't planned."
            )
        else:
            commands.append(command)
    if not any(started_files(command, architecture) for command in commands):
        imported = {path for entry in dependencies.files for path in entry.imports}
        start = entry_point(architecture, imported) or entry_point(architecture, set())
        if start:
            runner = "python" if start.endswith(".py") else "bash"
            commands.append(
                Command(command=f"{runner} {shlex.quote(start)}", purpose="Runs the experiments.", minutes=0)
            )
            notes.append(f"No command started a planned file: '{commands[-1].command}' is the likely one.")
    return tuple(commands)


def _without(item: ArtifactT, field: str, values: Sequence[str]) -> ArtifactT:
    """The artifact without some values of one of its tuples."""
    if not values:
        return item
    return item.model_copy(update={field: tuple(v for v in getattr(item, field) if v not in values)})
