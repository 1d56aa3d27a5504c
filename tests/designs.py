"""Small designs for tests: only what a test is about has to be said."""

from collections.abc import Iterable, Mapping

from paper2code.artifacts import (
    Architecture,
    Command,
    Dependencies,
    FileDependencies,
    Package,
    Plan,
    PlannedFile,
    Requirement,
)


def a_requirement(requirement_id: str, **changes: object) -> Requirement:
    """A requirement of that id."""
    return Requirement.model_validate(
        {
            "id": requirement_id,
            "kind": "method",
            "statement": f"What {requirement_id} says",
            "places": ("s3",),
            "quote": "",
            "forbids": (),
            "priority": "must",
            **changes,
        }
    )


def a_plan(*requirements: str) -> Plan:
    """A plan with requirements of those ids."""
    return Plan(summary="A paper.", requirements=tuple(map(a_requirement, requirements)), ambiguities=())


def a_file(path: str, interface: str = "", requirements: Iterable[str] = ()) -> PlannedFile:
    """A planned file."""
    return PlannedFile(path=path, purpose="Its job.", interface=interface, requirements=tuple(requirements))


def an_architecture(*files: PlannedFile, commands: Iterable[str] = ()) -> Architecture:
    """An architecture of those files and commands."""
    return Architecture(
        approach="",
        files=files,
        class_diagram="",
        sequence_diagram="",
        commands=tuple(Command(command=command, purpose="Runs it.", minutes=1) for command in commands),
    )


def the_needs(
    path: str, imports: Iterable[str] = (), packages: Iterable[str] = (), config_keys: Iterable[str] = ()
) -> FileDependencies:
    """What one file needs."""
    return FileDependencies(
        path=path, imports=tuple(imports), packages=tuple(packages), logic="", config_keys=tuple(config_keys)
    )


def the_dependencies(*files: FileDependencies, packages: Mapping[str, str] | None = None) -> Dependencies:
    """Dependencies of those files; `packages` maps a distribution to its import name."""
    return Dependencies(
        files=files,
        packages=tuple(
            Package(distribution=distribution, import_name=import_name, version="", reason="Needed.")
            for distribution, import_name in (packages or {}).items()
        ),
        shared_knowledge="",
        misfits=(),
    )


def a_design(imports: Mapping[str, Iterable[str]]) -> tuple[Architecture, Dependencies]:
    """A design that is nothing but imports."""
    return (
        an_architecture(*map(a_file, imports)),
        the_dependencies(*(the_needs(path, imported) for path, imported in imports.items())),
    )
