"""Faults of a design that code can find. Their texts are read by the model that must mend them."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from paper2code.artifacts import Architecture, Dependencies, DesignFault, Plan
from paper2code.checks.commands import entry_point, started_files, unplanned_scripts
from paper2code.checks.contract.importability import find_clashing_modules, find_unclear_promises
from paper2code.checks.wording import fault
from paper2code.import_graph import ImportGraph, build_import_graph, cycles
from paper2code.paths import path_faults
from paper2code.workspace import RESERVED


def find_faults(
    plan: Plan, architecture: Architecture, dependencies: Dependencies
) -> tuple[DesignFault, ...]:
    """Everything that keeps a design from being built, each fault with what would mend it.

    Args:
        plan: The requirements that the files must own between them.
        architecture: The planned files.
        dependencies: Their imports and packages.

    Returns:
        The faults, by rule: `path`, `unknown`, `hole`, `import`, `cycle`, `misfit`. Empty for a sound design.
    """
    graph = build_import_graph(architecture, dependencies)
    return (
        *_bad_paths(architecture),
        *_unknown_requirements(plan, architecture),
        *_holes(plan, architecture),
        *_incomplete_dependencies(architecture, dependencies),
        *_unplanned_imports(architecture, dependencies),
        *_cycles(graph),
        *_commands(architecture),
        *_misfits(architecture, dependencies),
        *find_unclear_promises(architecture, graph),
        *find_clashing_modules(architecture, dependencies),
    )


def _bad_paths(architecture: Architecture) -> Iterator[DesignFault]:
    for path, reason in path_faults([file.path for file in architecture.files], RESERVED).items():
        yield fault("path", path, f"The path '{path}' {reason}.")


def _unknown_requirements(plan: Plan, architecture: Architecture) -> Iterator[DesignFault]:
    known = {requirement.id for requirement in plan.requirements}
    for file in architecture.files:
        for unknown in dict.fromkeys(file.requirements):
            if unknown not in known:
                yield fault(
                    "unknown",
                    file.path,
                    f"{file.path} owns '{unknown}', which the plan lacks. Give it ids of the plan only.",
                )


def _holes(plan: Plan, architecture: Architecture) -> Iterator[DesignFault]:
    owned = {requirement for file in architecture.files for requirement in file.requirements}
    for requirement in plan.requirements:
        if requirement.id not in owned:
            yield fault(
                "hole",
                requirement.id,
                f"No file owns {requirement.id} ({requirement.statement}). "
                "Add it to the requirements of the file whose code meets it.",
            )


def _incomplete_dependencies(architecture: Architecture, dependencies: Dependencies) -> Iterator[DesignFault]:
    planned = dict.fromkeys(file.path for file in architecture.files)
    analysed = Counter(file.path for file in dependencies.files)
    for path in planned:
        if path not in analysed:
            yield fault(
                "unknown",
                path,
                f"{path} is planned, but the dependencies have no entry for it. Write one, even if it "
                "imports nothing.",
            )
    for path, entries in analysed.items():
        if path not in planned:
            yield fault(
                "unknown",
                path,
                f"The dependencies have an entry for {path}, which isn't planned. Plan the file, or drop "
                "the entry.",
            )
        elif entries > 1:
            yield fault(
                "unknown",
                path,
                f"The dependencies have several entries for {path}. Write one that says it all.",
            )


def _unplanned_imports(architecture: Architecture, dependencies: Dependencies) -> Iterator[DesignFault]:
    known = {file.path for file in architecture.files} | set(RESERVED)
    for file in dependencies.files:
        for imported in dict.fromkeys(file.imports):
            if imported not in known:
                yield fault(
                    "import",
                    file.path,
                    f"{file.path} imports '{imported}', which isn't planned. Plan that file, or import what "
                    "it needs from a planned one; packages belong under packages.",
                )


def _cycles(graph: ImportGraph) -> Iterator[DesignFault]:
    for cycle in cycles(graph):
        links = ", ".join(
            f"{importer} imports {imported}" for importer, imported in pairwise((*cycle, cycle[0]))
        )
        yield fault(
            "cycle",
            " -> ".join((*cycle, cycle[0])),
            f"The imports run in a circle: {links}. Move what they share into a file that imports neither, "
            "or hand it over as an argument.",
        )


def _commands(architecture: Architecture) -> Iterator[DesignFault]:
    for command in architecture.commands:
        for script in unplanned_scripts(command, architecture):
            if script not in RESERVED:
                yield fault(
                    "unknown",
                    command.command,
                    f"The command '{command.command}' starts {script}, which isn't planned. Plan that file, "
                    "or name the file that does this.",
                )
    if not any(started_files(command, architecture) for command in architecture.commands):
        start = entry_point(architecture, imported=set())
        yield fault(
            "unknown" if start else "misfit",
            "commands",
            "No command starts a planned file. Plan an entry point such as main.py, and give the command "
            "that runs it.",
        )


def _misfits(architecture: Architecture, dependencies: Dependencies) -> Iterator[DesignFault]:
    planned = {file.path for file in architecture.files}
    for misfit in dependencies.misfits:
        if misfit.path in planned:
            yield fault("misfit", misfit.path, f"{misfit.problem} Proposal: {misfit.proposal}")
