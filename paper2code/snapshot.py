"""The best state of a repository that is being mended, to go back to when a mend makes it worse."""

from paper2code.artifacts import Artifact, Dependencies, ExperimentConfig, SourceFile
from paper2code.board import Published
from paper2code.run import Run

_NAME = "best"


class Snapshot(Artifact):
    """All that a mend may change."""

    files: tuple[SourceFile, ...]
    records: tuple[Published, ...]
    config: ExperimentConfig
    dependencies: Dependencies


def keep(run: Run) -> None:
    """Take the repository as it stands for the best so far."""
    texts = run.texts()
    records = (run.board.record(path) for path in run.design.order)
    snapshot = Snapshot(
        files=tuple(SourceFile(path=path, text=text, revision=0) for path, text in texts.items()),
        records=tuple(record for record in records if record),
        config=run.design.config,
        dependencies=run.design.dependencies,
    )
    run.workspace.save(_NAME, snapshot)


async def restore(run: Run) -> Snapshot | None:
    """Put the best state back in place, if one was kept."""
    best = run.workspace.load(_NAME, Snapshot)
    if best is None:
        return None
    for file in best.files:
        run.workspace.write(file.path, file.text)
    for record in best.records:
        await run.board.publish(record)
    run.amend(config=best.config, dependencies=best.dependencies)
    return best
