"""Changes to the settings of a finished design: values of config.yaml, bounds in requirements.txt."""

from collections.abc import Mapping

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from paper2code.artifacts import Dependencies, ExperimentConfig, Package
from paper2code.checks.yaml_text import parse_yaml

SETTINGS = ("config.yaml", "requirements.txt")
"""The files that say how the repository is set up, as the debugger may change them."""


class AmendmentFault(Exception):  # noqa: N818 - a fault to be told to a model, not a failure of the run
    """The changed text cannot be taken. Its text tells the one who changed it why."""


def amended_config(config: ExperimentConfig, text: str | None) -> ExperimentConfig:
    """The configuration with the values of a changed config.yaml; None leaves it as it is.

    Raises:
        AmendmentFault: It is no YAML, or has other keys than before: files read those, and no others.
    """
    if text is None:
        return config
    try:
        before, after = (set(_keys(parse_yaml(yaml))) for yaml in (config.yaml, text))
    except ValueError as error:
        raise AmendmentFault(f"config.yaml is no YAML any more: {error}") from None
    if differing := sorted(before ^ after):
        raise AmendmentFault(
            f"config.yaml must keep its keys, since files read them; these differ: {', '.join(differing)}"
        )
    return config.model_copy(update={"yaml": text})


def amended_packages(dependencies: Dependencies, before: str, text: str | None) -> Dependencies:
    """The dependencies with the bounds of a changed requirements.txt.

    Args:
        dependencies: As they are.
        before: The text of requirements.txt: the packages that the code imports, declared or not.
        text: The changed text; None leaves everything as it is.

    Raises:
        AmendmentFault: A line is no requirement, or a package is there that was not, or is gone.
    """
    if text is None:
        return dependencies
    old, new = _bounds(before), _bounds(text)
    if differing := sorted(set(old) ^ set(new)):
        raise AmendmentFault(
            "requirements.txt must keep its packages and may only bound them otherwise, since files import "
            f"those; these differ: {', '.join(differing)}"
        )
    declared = {canonicalize_name(package.distribution) for package in dependencies.packages}
    packages = tuple(_bounded(package, new) for package in dependencies.packages)
    added = tuple(
        Package(distribution=name, import_name=name, version=bound, reason="")
        for name, bound in new.items()
        if name not in declared and bound != old[name]
    )
    return dependencies.model_copy(update={"packages": packages + added})


def _bounds(text: str) -> dict[str, str]:
    """The version bounds of a requirements.txt by the name of the package."""
    lines = (raw.partition("#")[0].strip() for raw in text.splitlines())
    return dict(_requirement(line) for line in lines if line)


def _bounded(package: Package, bounds: Mapping[str, str]) -> Package:
    version = bounds.get(canonicalize_name(package.distribution), package.version)
    return package.model_copy(update={"version": version})


def _requirement(line: str) -> tuple[str, str]:
    try:
        requirement = Requirement(line)
    except InvalidRequirement as error:
        raise AmendmentFault(f"requirements.txt: {line!r} is no requirement ({error})") from None
    return canonicalize_name(requirement.name), str(requirement.specifier)


def _keys(tree: object, prefix: str = "") -> list[str]:
    """The dotted keys of nested mappings."""
    if not isinstance(tree, dict):
        return []
    named = [(f"{prefix}{key}", value) for key, value in tree.items()]
    return [key for name, value in named for key in (name, *_keys(value, f"{name}."))]
