"""One run while it is alive: its workspace, journal and models, reached by nodes as `runtime.context.run`."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from pydantic import BaseModel

from paper2code.artifacts import Architecture, Dependencies, ExperimentConfig
from paper2code.board import Board
from paper2code.context import Context, Role
from paper2code.design import Design
from paper2code.errors import ReplayError, WorkspaceError
from paper2code.executor import Executor
from paper2code.gallery import Gallery
from paper2code.limits import Limits
from paper2code.models.budget import Budget
from paper2code.models.caller import Caller
from paper2code.models.exchange import Exchange
from paper2code.models.images import takes_images
from paper2code.models.journal import Journal, Recording
from paper2code.models.specs import NamedModel, load_models
from paper2code.models.window import prompt_rooms
from paper2code.papers.model import Image, Paper
from paper2code.premises import CONFIG, Premises, find_premises
from paper2code.workspace import Workspace

_EDITION_DIGITS = 16


@dataclass(frozen=True)
class _Opened:
    """What there is of a run once its paper is known."""

    paper: Paper
    models: Mapping[Role, NamedModel]
    journal: Journal
    caller: Caller
    executor: Executor


class Run:
    """The live parts of a run.

    They are opened by `begin` when the reader knows the paper, or, where LangGraph resumes behind the
    reader, from the paper that the workspace holds.
    """

    def __init__(self, context: Context) -> None:
        self._recording = Recording.read(context.replay) if context.replay else None
        # What was recorded followed from these, and what follows from others was not.
        self.context = context.model_copy(update=self._recording.loops) if self._recording else context
        self.goes_back = False
        """Whether the caller named an earlier checkpoint to go on from."""
        self.workspace = Workspace(context.output_dir, overwrite=context.overwrite)
        self.board = Board(self.workspace)
        self.gallery = Gallery(self.workspace)
        self._known: _Opened | None = None
        self._design: Design | None = None
        self._kept: frozenset[str] | None = None
        self.premises: Premises | None = None
        """What the design starts from, where there was one before that has changed."""

    def begin(self, paper: Paper) -> None:
        """Claim the output folder for this paper and open the journal.

        Raises:
            ModelSpecError: A model of this run cannot be had.
            ReplayError: The journal to replay is another paper's.
            WorkspaceError: The folder cannot be used.
        """
        self._known = self._open(paper)

    def _open(self, paper: Paper) -> _Opened:
        if self._recording and self._recording.paper_sha256 != paper.sha256:
            raise ReplayError(
                f"the journal {self.context.replay} was recorded for '{self._recording.title}', not for "
                f"'{paper.title}': give the paper and the supplements it belongs to, or leave out --replay"
            )
        models = {} if self._recording else load_models(self.context)
        self.workspace.open()
        self.workspace.claim(paper.sha256, paper.title)
        self.premises = find_premises(self.workspace, paper)
        paper = self.gallery.hung_in(paper, self.workspace.load("paper", Paper))
        self.gallery.keep(paper)
        self.workspace.save("paper", paper)
        rooms = prompt_rooms(self.context, models, self._recording)
        journal = Journal.open(
            self.workspace.private("journal.jsonl"), paper.sha256, paper.title, self.context.loops
        )
        exchange = Exchange(
            models=models,
            journal=journal,
            gate=Limits(concurrency=self.context.concurrency),
            budget=Budget(self.context.budget_usd, self.context.budget_tokens),
            timeout=self.context.timeout,
            recording=self._recording,
            shared=self.context.limits,
            rooms=rooms,
        )
        executor = Executor(self.context, journal, self._recording)
        return _Opened(paper, models, journal, Caller(exchange), executor)

    @property
    def _opened(self) -> _Opened:
        if self._known is None:
            paper = self.workspace.load("paper", Paper)
            if paper is None:
                raise WorkspaceError(
                    f"{self.context.output_dir} holds no run to go on with: give the folder of the first run"
                )
            self._known = self._open(paper)
        return self._known

    def illustrate(self, paper: Paper) -> None:
        """Take the same paper with pictures."""
        self.gallery.keep(paper)
        self.workspace.save("paper", paper)
        self._known = replace(self._opened, paper=paper)

    def model_name(self, role: Role) -> str | None:
        """The model of a role; None where answers are replayed."""
        models = self._opened.models
        return models[role].name if role in models else None

    def figures_for(self, role: Role) -> tuple[tuple[str, Image], ...]:
        """The pictures that a role's model is shown, by the ids of their figures."""
        return self.gallery.shown(self.paper) if self.shows_figures_to(role) else ()

    def shows_figures_to(self, role: Role) -> bool:
        """Whether the model of a role takes images; one whose answers are replayed takes none."""
        models = self._opened.models
        return role in models and takes_images(models[role].chat)

    async def close(self) -> None:
        """Stop what is being run, close the journal and let go of the folder."""
        if self._known:
            await self._known.executor.close()
            self._known.journal.close()
        self.workspace.close()

    @property
    def paper(self) -> Paper:
        """The paper of this run."""
        return self._opened.paper

    @property
    def design(self) -> Design:
        """The design that `freeze` put in place."""
        if self._design is None:
            self._design = Design.load(self.paper, self.workspace)
        if self._design is None:
            raise WorkspaceError(f"{self.workspace.root} holds no finished design: start the run anew")
        return self._design

    def freeze(self, design: Design) -> None:
        """Settle the design: from here on files are written from it, and none is there yet."""
        self.settle(design)
        self.board.clear()
        self._kept = None
        now = self.premises.now.config.yaml if self.premises else None
        if self.workspace.exists(CONFIG) and self.workspace.read(CONFIG) == now:
            self.workspace.adopt(CONFIG)  # what was changed in it is part of the design now

    @property
    def kept(self) -> frozenset[str]:
        """The planned files and tests that somebody wrote or changed by hand, and that stay as they are."""
        if self._kept is None:
            self._kept = frozenset(p for p in self.design.places if self.workspace.is_changed(p))
        return self._kept

    def settle(self, design: Design) -> None:
        """Take this design for the one that files are written from."""
        design.save(self.workspace)
        self._design = design

    def open_edition(self, sent: Mapping[str, BaseModel | None]) -> str:
        """Begin the next edition of the repository.

        Args:
            sent: The files that are written in it, each with what it is written again for.

        Returns:
            Its name. It follows from all that the files are written from, so that a session that comes to the
            same point gives the same one.
        """
        parts = [
            [part.model_dump_json() for part in self.design.contract],
            sorted(self.board.versions.items()),
            [[path, cause.model_dump_json() if cause else ""] for path, cause in sent.items()],
        ]
        edition = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_EDITION_DIGITS]
        self.board.begin(edition, sent)
        return edition

    def texts(self) -> dict[str, str]:
        """The generated files as they stand, by path: those planned in their order, then their tests."""
        order = self.design.order
        tests = (place for path in order if (place := self.design.tests_of(path)))
        return {p: self.workspace.read(p) for p in (*order, *tests) if self.workspace.exists(p)}

    def amend(
        self,
        *,
        architecture: Architecture | None = None,
        dependencies: Dependencies | None = None,
        config: ExperimentConfig | None = None,
    ) -> None:
        """Change parts of the frozen design; what is written stands."""
        old = self.design
        amended = replace(
            old,
            architecture=architecture or old.architecture,
            dependencies=dependencies or old.dependencies,
            config=config or old.config,
        )
        self.settle(amended)

    @property
    def caller(self) -> Caller:
        """What asks models."""
        return self._opened.caller

    @property
    def executor(self) -> Executor:
        """What runs generated code."""
        return self._opened.executor

    @property
    def recording(self) -> Recording | None:
        """The journal that is replayed, if one is."""
        return self._recording

    @property
    def journal(self) -> Journal:
        """The record of this run's calls."""
        return self._opened.journal


@asynccontextmanager
async def open_run(context: Context) -> AsyncIterator[Context]:
    """A context bound to a new `Run`, which is closed at the end."""
    run = Run(context)
    try:
        yield run.context.bound_to(run)
    finally:
        await run.close()
