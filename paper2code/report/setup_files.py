"""The files that set a generated repository up: requirements.txt, config.yaml, reproduce.sh and the like."""

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from paper2code.artifacts import Package
from paper2code.checks.modules import is_test
from paper2code.checks.packages import third_party
from paper2code.checks.repository import needed_packages
from paper2code.checks.wording import one_line
from paper2code.design import Design
from paper2code.report.reproduction import reproduce_sh

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[A-Za-z0-9,._ -]+\])?")
_SPECIFIER = re.compile(r"(?:===|~=|==|!=|<=|>=|<|>)\s*[A-Za-z0-9.*+!_-]+")
_PINNED = re.compile(r"^={2,3}(.*?)(?:\.\*)?$")
_BARE_VERSION = re.compile(r"\d+(?:\.\d+)*")


def setup_files(design: Design, files: Mapping[str, str]) -> dict[str, str]:
    """All that stands around the generated files so that they can be installed and run, by path.

    While files are still missing, the packages are those that the design declares, so that one environment
    serves all of them on their way; in the end they are those that the code imports.

    Args:
        design: Where packages, configuration and commands are.
        files: The texts of the generated files, by path.
    """
    architecture, dependencies = design.architecture, design.dependencies
    is_whole = all(file.path in files for file in architecture.files)
    packages = needed_packages(architecture, dependencies, files) if is_whole else third_party(dependencies)
    return {
        "requirements.txt": requirements_txt(packages),
        "config.yaml": design.config.yaml,
        "reproduce.sh": reproduce_sh(architecture, files),
        **package_markers(files),
        **pytest_ini(files),
    }


def requirements_txt(packages: Iterable[Package]) -> str:
    """The text of requirements.txt: a package a line, with what it is for.

    Names and versions come from a model, and pip takes options and addresses on the same lines. So a name
    that is none is left out with a comment, and a version that is none is left away. A pinned version is
    taken as the lowest: a model knows what it has read about, not what can be installed today.

    Args:
        packages: Those that the code needs, such as `checks.repository.needed_packages` finds.
    """
    lines = [_line(package) for package in packages]
    return "\n".join(lines) + "\n" if lines else "# The standard library is enough.\n"


def package_markers(paths: Iterable[str]) -> dict[str, str]:
    """An empty `__init__.py` for each folder of Python files that has none.

    Without one, an installed package of the same name, such as `tables` or `models`, would be imported in
    place of the folder, whatever stands first on the search path.

    >>> package_markers(["train.py", "models/mlp.py", "eval/__init__.py", "eval/plots/bars.py"])
    {'eval/plots/__init__.py': '', 'models/__init__.py': ''}
    """
    known = set(paths)
    folders = {
        parent.as_posix()
        for path in known
        if path.endswith(".py")
        for parent in PurePosixPath(path).parents
        if parent.name
    }
    markers = (f"{folder}/__init__.py" for folder in sorted(folders))
    return {marker: "" for marker in markers if marker not in known}


def pytest_ini(paths: Iterable[str]) -> dict[str, str]:
    """A `pytest.ini` where there are tests: it makes the folder pytest's root and puts it on the search path.

    Without one, pytest would take the settings of whatever project the repository lies in.
    """
    known = set(paths)
    if "pytest.ini" in known or not any(is_test(path) for path in known):
        return {}
    return {"pytest.ini": "[pytest]\npythonpath = .\n"}


def _line(package: Package) -> str:
    name = package.distribution.strip()
    if not _NAME.fullmatch(name):
        return f"# left out, because it is no name of a package: {one_line(name)}"
    reason = one_line(package.reason, 200)
    return f"{name}{_version(package.version)}" + (f"  # {reason}" if reason else "")


def _version(text: str) -> str:
    text = text.strip()
    if _BARE_VERSION.fullmatch(text):
        return f">={text}"
    parts = [part.strip() for part in text.split(",")]
    if not all(map(_SPECIFIER.fullmatch, parts)):
        return ""
    return ",".join(_PINNED.sub(r">=\1", part.replace(" ", "")) for part in parts)
