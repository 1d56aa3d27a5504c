"""The files of recorded runs, which a reviewer has accepted, give the source checks nothing to say."""

import pytest

from paper2code.artifacts import SourceFile
from paper2code.checks.source import check_repository, check_source
from paper2code.state import Output
from tests.test_replays import demo, pinn, result

__all__ = ["demo", "pinn", "result"]


@pytest.fixture
def files(result: Output) -> dict[str, str]:
    return dict(result["files"])


def test_no_file_has_findings(result: Output, files: dict[str, str]) -> None:
    design = result["architecture"], result["dependencies"], result["config"]
    found = {
        path: check_source(SourceFile(path=path, text=text, revision=0), *design, files)
        for path, text in files.items()
        if design[0].file(path)
    }
    assert not {path: findings for path, findings in found.items() if findings}


def test_the_whole_has_no_findings(result: Output, files: dict[str, str]) -> None:
    design = result["architecture"], result["dependencies"], result["config"]
    assert check_repository(files, *design) == {}
