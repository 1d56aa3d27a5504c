"""The debugger: mends what fails when the finished repository is run."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from langgraph.runtime import Runtime

from paper2code.amendments import SETTINGS, AmendmentFault, amended_config, amended_packages
from paper2code.artifacts import FileReview, RunResult, SourceFile
from paper2code.checks.symbols import signatures
from paper2code.context import Context
from paper2code.design import Design
from paper2code.errors import AnswerError
from paper2code.events import announced
from paper2code.fitting import fewer
from paper2code.models.caller import Call, Written
from paper2code.prompts import render
from paper2code.run import Run
from paper2code.state import State, contract
from paper2code.tokens import CHARACTERS_PER_TOKEN

_MOST_CHARACTERS = 200_000
"""Text of files in one call, about 65,000 tokens: what models with 128,000 read beside the briefing."""


def _told(update: Mapping[str, Any]) -> str:
    return ", ".join(file.path for file in update["mended"]) or "no mend found"


@announced("debugger", _told)
async def debug(state: State, runtime: Runtime[Context]) -> State:
    """Change the files that failures pass through; each is checked, and judged again where that matters."""
    run = runtime.context.run
    texts = run.texts() | {path: run.workspace.read(path) for path in SETTINGS}
    changed: Mapping[str, str] = {}
    with suppress(AnswerError):
        changed = await _mends(run, state, texts)
    return {
        "mended": tuple(SourceFile(path=path, text=text, revision=0) for path, text in changed.items()),
        "mends": state.get("mends", 0) + 1,
        "config": amended_config(state["config"], changed.get("config.yaml")),
        "dependencies": amended_packages(
            state["dependencies"], texts["requirements.txt"], changed.get("requirements.txt")
        ),
    }


async def _mends(run: Run, state: State, texts: Mapping[str, str]) -> Mapping[str, str]:
    """The changed files; it is asked twice where it wants to see others before it changes any."""
    room = run.caller.room_for("debugger")
    most = _MOST_CHARACTERS if room is None else min(_MOST_CHARACTERS, CHARACTERS_PER_TOKEN * room // 2)
    shown = concerned(state["run"], texts, run.design, most)
    answer = await _answer(run, state, texts, shown, may_ask=True)
    if answer.wanted:
        shown = _fitting(dict.fromkeys((*answer.wanted, *shown)), texts, most)
        answer = await _answer(run, state, texts, shown, may_ask=False)
    return answer.texts


async def _answer(
    run: Run, state: State, texts: Mapping[str, str], shown: tuple[str, ...], *, may_ask: bool
) -> Written:
    others = {path: signatures(texts[path]) for path in run.design.order if path not in shown}
    return await run.caller.ask_for_changes(
        _question(run, state, {path: texts[path] for path in shown}, others, may_ask=may_ask),
        {path: texts[path] for path in shown if path not in run.kept},
        problem_with=partial(_problem, state=state, requirements=texts["requirements.txt"]),
        showable=tuple(others) if may_ask else (),
    )


def _question(
    run: Run, state: State, shown: Mapping[str, str], others: Mapping[str, str], *, may_ask: bool
) -> Call:
    design, result, number = run.design, state["run"], state.get("mends", 0)
    task = partial(
        render,
        "debugger",
        failed=result.failed,
        passed=[step for step in result.steps if step.ending == "passed"],
        relapse=state.get("relapse", ()),
        refused=_refused(state, number),
        files=shown,
        kept=sorted(run.kept & set(shown)),
        may_ask=may_ask,
        **_contract(shown, design),
    )
    return Call(
        role="debugger",
        target="",
        revision=number,
        # From the state: what this mend changes of the settings is not yet in it, however often it is asked.
        briefing=Design(run.paper, *contract(state)).file_briefing,
        task=task(others=others),
        about=tuple(shown),
        shorter=lambda: (task(others=some) for some in fewer(others, design.neighbours_of(tuple(shown)))),
    )


def _refused(state: State, mend: int) -> dict[str, FileReview]:
    """Why files of that mend were not taken, by path, in one order."""
    refusals = sorted(state.get("refusals", {}).items())
    return {path: refusal.review for path, refusal in refusals if refusal.mend == mend}


def _problem(changed: Mapping[str, str], state: State, requirements: str) -> str | None:
    """What is wrong with changed settings, in words for the debugger, or None."""
    try:
        amended_config(state["config"], changed.get("config.yaml"))
        amended_packages(state["dependencies"], requirements, changed.get("requirements.txt"))
    except AmendmentFault as fault:
        return str(fault)
    return None


def concerned(
    result: RunResult, texts: Mapping[str, str], design: Design, most: int = _MOST_CHARACTERS
) -> tuple[str, ...]:
    """The files that failures name or test, their tests, what they import, and the repository's settings.

    Those named come first, so that what is left out for want of room is the least likely.
    """
    told = "\n".join(f"{step.target}\n{step.command}\n{step.output}" for step in result.failed)
    named = [path for path in texts if re.search(rf"(?<![\w.-]){re.escape(path)}\b", told)]
    # A test that fails names itself; what it tests is seldom in its traceback, and most often the cause.
    tested = [path for path in design.order if design.tests_of(path) in named]
    modules = [*dict.fromkeys((*(path for path in named if design.architecture.file(path)), *tested))]
    near = [
        *named,
        *tested,
        *(place for path in modules if (place := design.tests_of(path))),
        *SETTINGS,
        *(needed for path in modules for needed in design.imports_of(path)),
    ]
    return _fitting(dict.fromkeys(near), texts, most)


def _fitting(paths: Iterable[str], texts: Mapping[str, str], room: int) -> tuple[str, ...]:
    kept: list[str] = []
    for path in paths:
        if path in texts and len(texts[path]) <= room:
            kept.append(path)
            room -= len(texts[path])
    return tuple(kept)


def _contract(paths: Iterable[str], design: Design) -> dict[str, object]:
    """The requirements that these files own, and what was settled for them."""
    planned = [path for path in paths if design.architecture.file(path)]
    owned = {r.id: r for path in planned for r in design.requirements_of(path)}
    settled = {a.id: a for path in planned for a in design.choices_for(path)}
    return {"requirements": tuple(owned.values()), "choices": tuple(settled.values())}
