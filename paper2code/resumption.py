"""Bringing the folder to what a checkpoint says of it, when a run goes on from there.

The folder may be further on: a run that is killed loses the last checkpoints, not the last files, and whoever
goes back to an earlier checkpoint, or to another branch of the history, left the folder at some other one.
"""

from paper2code.design import Design
from paper2code.report.setup_files import setup_files
from paper2code.run import Run
from paper2code.state import State, contract
from paper2code.workspace import RESERVED


def go_on_from(state: State, run: Run) -> None:
    """Put design and files in place as they were at this state; nothing where no design is settled there.

    Raises:
        WorkspaceError: The folder holds no run, or that of another paper.
    """
    if state.get("remark") != "":
        return
    run.settle(Design(run.paper, *contract(state)))
    run.board.clear()
    run.board.bring_back(state.get("published", {}))
    clear_away(run)
    if "run" in state:
        set_up(run)


def clear_away(run: Run) -> None:
    """Remove what this folder's runs have written and what is no part of the repository as it stands."""
    texts = {record.path: record.file.text for path in run.design.order if (record := run.board.record(path))}
    tests = {
        record.tests.path: record.tests.text
        for path in run.design.order
        if (record := run.board.record(path)) and record.tests
    }
    around = setup_files(run.design, texts | tests)
    run.workspace.retain({*run.design.order, *tests, *around, *RESERVED})


def set_up(run: Run) -> dict[str, str]:
    """The repository as a user gets it, once what stands around the generated files is written."""
    texts = run.texts()
    around = setup_files(run.design, texts)
    for path, text in around.items():
        run.workspace.write(path, text)
    return {path: run.workspace.read(path) for path in sorted({*texts, *around})}
