"""The small repositories of `repositories/`: one fault each, or none at all.

A Markdown file holds sections by rule, and in them cases: a heading `faulty: what` or `sound: what`, then the
files as fenced blocks. What follows the language is the path, then the keys of config.yaml that the file is
meant to read; a block of `interface` and a path is what that file promises. Every file imports those before
it. A comment that ends in `<-` marks the line of the fault, `<- 0` a fault of the whole file; a rule after it
is one that the case can't help breaking too.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from paper2code.artifacts import ExperimentConfig, Finding, SourceFile
from paper2code.checks.repository import check_repository
from paper2code.checks.source import check_source, third_party
from paper2code.checks.source.scopes import scopes_of
from tests.designs import a_file, an_architecture, the_dependencies, the_needs

FOLDER = Path(__file__).parent / "repositories"
PACKAGES = {
    "PyYAML": "yaml",
    "jinja2": "jinja2",
    "matplotlib": "matplotlib",
    "networkx": "networkx",
    "numpy": "numpy",
    "pillow": "PIL",
    "pydantic": "pydantic",
    "scikit-learn": "sklearn",
    "torch": "torch",
}
LOOKED_UP = {"jinja2", "networkx", "pydantic", "yaml"}
"""Those that the tests' own environment has."""

_BLOCK = re.compile(r"^(`{3,})(\w+) (.+?)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"<-(?: (\d+)(?: ([\w-]+))?)?$", re.MULTILINE)

Place = tuple[str, int, str]
"""Path, line and rule of a finding."""


@dataclass(frozen=True)
class Case:
    """A small repository, and what is to be found in it."""

    rule: str
    title: str
    files: dict[str, str]
    interfaces: dict[str, str] = field(default_factory=dict)
    config_keys: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_faulty(self) -> bool:
        return self.title.startswith("faulty")

    @property
    def expected(self) -> set[Place]:
        found = set()
        for path, text in self.files.items():
            for mark in _MARK.finditer(text):
                line = int(mark[1]) if mark[1] else text.count("\n", 0, mark.start()) + 1
                found.add((path, line, mark[2] or self.rule))
        return found


def read_cases() -> list[Case]:
    """All cases, in the order of their files."""
    return [case for path in sorted(FOLDER.glob("*.md")) for case in _cases(path.read_text())]


def _cases(text: str) -> Iterator[Case]:
    for section in re.split(r"^# (?=[\w-]+\n\n## )", text, flags=re.MULTILINE)[1:]:
        rule, _, rest = section.partition("\n")
        for part in re.split(r"^## (?=faulty|sound)", rest, flags=re.MULTILINE)[1:]:
            title, _, body = part.partition("\n")
            case = Case(rule, title, {})
            for _, _, info, content in _BLOCK.findall(body):
                words = info.split()
                if words[0] == "interface":
                    case.interfaces[words[1]] = content
                else:
                    case.files[words[0]] = content
                    case.config_keys[words[0]] = tuple(words[1:])
            yield case


def findings_of(case: Case) -> list[tuple[str, Finding]]:
    """What all source checks but the look into packages find, with the files."""
    config = ExperimentConfig(yaml=case.files.get("config.yaml", "{}"), values=())
    planned = [path for path in case.files if path != "config.yaml"]
    architecture = an_architecture(
        *(a_file(path, case.interfaces.get(path, ""), ["R1"]) for path in planned),
        commands=[f"python {planned[-1]}"],
    )
    dependencies = the_dependencies(
        *(
            the_needs(path, planned[:index], config_keys=case.config_keys[path])
            for index, path in enumerate(planned)
        ),
        packages=PACKAGES,
    )
    found = [
        (path, each)
        for path in planned
        for each in check_source(
            SourceFile(path=path, text=case.files[path], revision=0),
            architecture,
            dependencies,
            config,
            case.files,
        )
    ]
    together = check_repository(case.files, architecture, dependencies, config)
    return found + [(path, each) for path, findings in together.items() for each in findings]


def packages_of(cases: Sequence[Case]) -> list[list[tuple[str, Finding]]]:
    """What a look into the installed packages finds, case by case, by a single run of the inspector."""
    asked = [
        (number, path, third_party.lookups(scopes_of(text), LOOKED_UP))
        for number, case in enumerate(cases)
        for path, text in case.files.items()
        if path.endswith(".py") and case.rule != "syntax"
    ]
    everything = [lookup for _, _, lookups in asked for lookup in lookups]
    answers = iter(inspected(everything))
    found: list[list[tuple[str, Finding]]] = [[] for _ in cases]
    for number, path, lookups in asked:
        mine = [next(answers) for _ in lookups]
        found[number] += [(path, each) for each in third_party.findings_from(lookups, mine)]
    return found


def inspected(asked: Sequence[third_party.Lookup]) -> tuple[third_party.Answer, ...]:
    """The answers of this environment's Python."""
    run = subprocess.run(
        [sys.executable, "-I", "-c", third_party.inspector_source()],
        input=third_party.questions(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return third_party.answers_in(run.stdout)


def places(found: Sequence[tuple[str, Finding]]) -> set[Place]:
    """Where findings stand."""
    return {(path, each.line, each.rule) for path, each in found}
