"""The files of recorded runs, which a reviewer has accepted, give the source checks nothing to say."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from paper2code.artifacts import (
    Architecture,
    ArchitectureRevision,
    Dependencies,
    DependenciesRevision,
    ExperimentConfig,
    SourceFile,
)
from paper2code.checks.repository import check_repository
from paper2code.checks.source import check_source
from paper2code.demo import packaged_demo
from paper2code.models.answers import read_artifact, read_code
from paper2code.models.answers.written import read_changed
from paper2code.models.journal import Entry, Recording

PINN_JOURNAL = Path(__file__).parents[1] / "journals" / "pinn.jsonl.xz"


@dataclass(frozen=True)
class Recorded:
    """What a journal leads to: the design, and the texts of all files at their last revision."""

    architecture: Architecture
    dependencies: Dependencies
    config: ExperimentConfig
    files: dict[str, str]
    tests: dict[str, str]


def recorded(journal: Path) -> Recorded:
    answers: dict[str, list[str]] = {}
    files: dict[str, str] = {}
    tests: dict[str, str] = {}
    for entry in usable(Recording.read(journal)):
        if entry.target == "":
            answers.setdefault(entry.role, []).append(entry.answer)
        elif entry.role == "tester":
            tests[entry.target] = read_code(entry.answer, entry.target)
        elif entry.role == "coder":
            known = files | tests if entry.revision else {}
            changed = read_changed(entry.answer, known, entry.target).texts
            tests |= {path: text for path, text in changed.items() if path in tests}
            files |= {path: text for path, text in changed.items() if path not in tests}
    first, *revisions = answers["architect"]
    architecture = read_artifact(first, Architecture)
    for answer in revisions:
        architecture = read_artifact(answer, ArchitectureRevision).apply_to(architecture)
    first, *revisions = answers["dependency_analyst"]
    dependencies = read_artifact(first, Dependencies)
    for answer in revisions:
        dependencies = read_artifact(answer, DependenciesRevision).apply_to(dependencies, architecture)
    config = read_artifact(answers["config_writer"][-1], ExperimentConfig)
    return Recorded(architecture, dependencies, config, files, tests)


def usable(recording: Recording) -> list[Entry]:
    """The last attempt of each call, testers before the coders who may change their tests."""
    last = {(e.revision, e.role != "tester", e.role, e.target): e for e in recording.entries}
    return [last[key] for key in sorted(last)]


@pytest.fixture(scope="module", params=["demo", "pinn"])
def run(request: pytest.FixtureRequest) -> Recorded:
    if request.param == "pinn":
        return recorded(PINN_JOURNAL)
    with packaged_demo() as (_, journal):
        return recorded(journal)


def test_every_planned_file_is_recorded(run: Recorded) -> None:
    assert {file.path for file in run.architecture.files} == set(run.files)


def test_no_file_has_findings(run: Recorded) -> None:
    found = {
        path: check_source(
            SourceFile(path=path, text=text, revision=0),
            run.architecture,
            run.dependencies,
            run.config,
            run.files,
        )
        for path, text in (*run.files.items(), *run.tests.items())
    }
    assert not {path: findings for path, findings in found.items() if findings}


def test_the_whole_has_no_findings(run: Recorded) -> None:
    assert check_repository(run.files, run.architecture, run.dependencies, run.config) == {}
