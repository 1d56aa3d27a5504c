"""Going on from a design that has changed: what a run starts from, and what it will ask again.

Nothing is cut out of the graph for it. The agents of the design change only what changes bear on, and a call
about a file is answered by the journal where nothing that its answer hangs on has changed; see
`fitting.concern`. So what is foretold here is what those rules will come to.
"""

from collections.abc import Iterator, Mapping
from typing import get_args

from paper2code.artifacts import Artifact, DesignReview
from paper2code.context import Role
from paper2code.design import Design
from paper2code.differences import (
    architecture_changes,
    config_changes,
    dependency_changes,
    paper_changes,
    plan_changes,
)
from paper2code.events import RegenerationEvent
from paper2code.file_sheet import file_sheet_with_promises
from paper2code.premises import Premises, SettledDesign
from paper2code.run import Run
from paper2code.state import State

_FINISHED = "finished"
_OF_FILES: tuple[Role, ...] = ("analyst", "tester", "coder", "reviewer")
_NOTHING_TO_CHANGE = DesignReview(assessment="As it was settled before.", findings=())


class Finished(Artifact):
    """What the last run that came to its end was made from."""

    design: SettledDesign | None
    """The changed design that it started from; None where it started from the paper."""
    kept: tuple[tuple[str, str], ...]
    """Each file that was kept as somebody had changed it, with its text."""


def starting_from(premises: Premises) -> State:
    """The state of a run whose design was there before: its agents see what has changed of it."""
    before, now = premises.before, premises.now
    return State(
        plan=now.plan,
        architecture=now.architecture,
        dependencies=now.dependencies,
        config=now.config,
        paper_changes=paper_changes(before.paper, now.paper),
        plan_changes=plan_changes(before.plan, now.plan),
        design_changes=architecture_changes(before.architecture, now.architecture),
        replans=0,
        redesigns=0,
        designs=1,
        design_review=_NOTHING_TO_CHANGE,
        reviewed_design=1,
    )


def finish(run: Run) -> None:
    """Keep what this run was made from, so that the next one tells only what has changed since."""
    kept = tuple((path, run.workspace.read(path)) for path in sorted(run.kept))
    design = run.premises.now if run.premises else None
    run.workspace.save(_FINISHED, Finished(design=design, kept=kept))


def foretold(run: Run) -> RegenerationEvent | None:
    """What a run will ask again, and why; None where nothing has changed or nothing was finished before."""
    finished, settled = run.workspace.load(_FINISHED, Finished), SettledDesign.load(run.workspace)
    if finished is None or settled is None:
        return None
    premises = run.premises if run.premises and run.premises.now != finished.design else None
    edited = _edited(run, settled, dict(finished.kept))
    models = _other_models(run)
    changed = [*(_parts(premises) if premises else ()), *models.values()]
    if not changed and not edited:
        return None
    return RegenerationEvent(
        event="regeneration",
        changed=changed,
        follows=[*_follows(premises, models)],
        files=_files(premises, Design.of(premises.now if premises else settled), edited, models),
        kept=edited,
    )


def _parts(premises: Premises) -> Iterator[str]:
    before, now = premises.before, premises.now
    for part, changes in (
        ("the paper", paper_changes(before.paper, now.paper)),
        ("the plan", plan_changes(before.plan, now.plan)),
        ("the architecture", architecture_changes(before.architecture, now.architecture)),
        ("the dependencies", dependency_changes(before.dependencies, now.dependencies)),
        ("the configuration", config_changes(before.config, now.config)),
    ):
        if changes:
            yield f"{part} ({', '.join(changes)})"


def _other_models(run: Run) -> dict[Role, str]:
    """The roles whose last answer came from another model than the one that is asked now."""
    last = {entry.role: entry.model for entry in run.journal.entries}
    return {
        role: f"the model of the {role.replace('_', ' ')} ({last[role]} to {model})"
        for role in get_args(Role)
        if (model := run.model_name(role)) and role in last and last[role] != model
    }


def _edited(run: Run, settled: SettledDesign, before: Mapping[str, str]) -> list[str]:
    """The files that somebody has changed by hand since the last run came to its end."""
    changed = [place for place in Design.of(settled).places if run.workspace.is_changed(place)]
    return [place for place in changed if run.workspace.read(place) != before.get(place)]


def _follows(premises: Premises | None, models: Mapping[Role, str]) -> Iterator[str]:
    """The agents of the design that are asked, in the order of the graph."""
    anew = set(models)
    if premises:
        state = starting_from(premises)
        if state["paper_changes"]:
            anew.add("planner")
        if state["plan_changes"]:
            anew |= {"architect", "config_writer"}
        if state["design_changes"]:
            anew |= {"dependency_analyst", "config_writer"}
    yield from (role for role in get_args(Role) if role in anew and role not in _OF_FILES)


def _hangs_on(design: Design, path: str) -> tuple[str, str]:
    """What the answers about a file hang on, apart from those that went before."""
    return design.concern(path), file_sheet_with_promises(design, path)


def _files(
    premises: Premises | None, design: Design, edited: list[str], models: Mapping[Role, str]
) -> list[str]:
    """The files about which something is asked again, as far as it can be known before the first answer."""
    if models.keys() & {*_OF_FILES, "planner", "architect", "dependency_analyst", "config_writer"}:
        return list(design.order)
    before = Design.of(premises.before) if premises else design
    known = {file.path for file in before.architecture.files}
    return [
        path
        for path in design.order
        if path not in known
        or _hangs_on(before, path) != _hangs_on(design, path)
        or path in edited
        or set(design.imports_of(path)) & set(edited)
    ]
