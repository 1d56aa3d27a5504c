"""A pytest plugin that notes which tests there are, and how each phase of each ended.

It notes what a test raised as well as what the report says of it, since a conftest.py can rewrite reports.
"""

from collections.abc import Generator
from typing import Any

import pytest
from paper2code_note import note  # type: ignore[import-not-found]  # beside it in the sandbox
from sitecustomize import watch  # type: ignore[import-not-found]  # beside it in the sandbox


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Note what cannot be collected, or asks to be skipped as a whole."""
    if report.outcome != "passed":
        note("collection", report.nodeid, report.outcome, _reason(report), _detail(report))


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Note what settings or a conftest.py took out."""
    for item in items:
        note("deselected", item.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Note which tests will run."""
    for item in session.items:
        note("collected", item.nodeid)


def pytest_runtest_logstart(nodeid: str) -> None:
    """Note which test is under way; pytest calls the watch off whenever a test fails."""
    note("started", nodeid)
    watch()


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    """Note how a phase of a test ended."""
    raised = call.excinfo is not None  # before a conftest.py gets hold of it
    report = (yield).get_result()
    outcome = report.outcome
    if raised and outcome == "passed":
        outcome = "failed"
    elif hasattr(report, "wasxfail") and outcome == "skipped":
        outcome = "xfailed"
    if report.when == "call" or outcome != "passed":
        note("phase", item.nodeid, outcome, _reason(report), _detail(report))


def pytest_runtest_logfinish(nodeid: str) -> None:
    """Note that a test is over."""
    note("ended", nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Note that pytest came to its own end."""
    note("finished", "")


def _reason(report: pytest.CollectReport | pytest.TestReport) -> str:
    """Why something was skipped, or the line that says what was raised."""
    if report.outcome == "skipped":
        told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr or "")
        return str(getattr(report, "wasxfail", "") or told.removeprefix("Skipped: "))
    raised = [line[1:].strip() for line in report.longreprtext.splitlines() if line.startswith("E ")]
    if not raised:
        return ""
    return raised[-1] if report.when == "collect" else raised[0]


def _detail(report: pytest.CollectReport | pytest.TestReport) -> str:
    """The traceback with what the test printed."""
    if report.outcome != "failed":
        return ""
    printed = [f"{title}:\n{text[-1_000:]}" for title, text in report.sections if text.strip()]
    return "\n".join([report.longreprtext, *printed])
