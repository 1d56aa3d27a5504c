"""One question of an agent to a model."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from langchain_core.messages import BaseMessage, SystemMessage

from paper2code.context import Role
from paper2code.events import CallEvent
from paper2code.fitting import Fitted, fitted
from paper2code.models.images import question
from paper2code.models.usage import Usage
from paper2code.papers.model import Image
from paper2code.prompts import render


@dataclass(frozen=True, slots=True)
class Call:
    """One question to a model.

    `briefing` is what the question shares with those before it, in pipeline order, `sheet` what it shares
    with those about the same file, and `task` comes last: providers cache prompts by their prefix. `role`,
    `target` and `revision` name the call in the journal; `rank` is its file's longest chain of dependants;
    for a call about no file the whole paper waits. `images` are pictures by the ids of their floats, for
    models that take them.

    For models that cannot read all of it: `about` names the planned files that the question is about, `query`
    tells what of the paper it needs where the requirements do not, and `shorter` gives the task with less and
    less of the files that it shows. Of a `complete` question nothing may be left out.

    `concern` gives what of the briefing the answer hangs on: a question whose task, sheet and concern are
    those of one that was answered has the same answer, whatever else has changed. None is all of the
    briefing.
    """

    role: Role
    task: str
    briefing: Iterable[str] = ()
    sheet: str = ""
    target: str = ""
    revision: int = 0
    rank: float = math.inf
    images: tuple[tuple[str, Image], ...] = ()
    about: tuple[str, ...] = ()
    query: str = ""
    shorter: Callable[[], Iterable[str]] = tuple
    complete: bool = False
    concern: Callable[[], str] | None = None

    def fitted(self, room: int | None) -> Fitted:
        """The text of the question, within so many tokens.

        Raises:
            NoRoomError: It does not fit.
        """
        if self.complete:
            return fitted(tuple(self.briefing), self._behind_sheet(self.task), room)
        return fitted(
            self.briefing,
            self._behind_sheet(self.task),
            room,
            about=self.about,
            query=self.query,
            shorter=lambda: map(self._behind_sheet, self.shorter()),
        )

    def _behind_sheet(self, task: str) -> str:
        return f"{self.sheet}\n\n{task}" if self.sheet else task

    def messages(self, fitted: Fitted) -> list[BaseMessage]:
        """The conversation that opens with this question."""
        shared = (*fitted.ends, *([fitted.ends[-1] + len(self.sheet)] if self.sheet else []))
        return [SystemMessage(render("system")), question(fitted.text, self.images, shared)]

    def event(
        self,
        state: Literal["queued", "started", "retrying", "finished"],
        usage: Usage | None = None,
        seconds: float = 0.0,
        *,
        replayed: bool = False,
        note: str = "",
    ) -> CallEvent:
        """The event that tells of this call."""
        usage = usage or Usage()
        return CallEvent(
            event="call",
            state=state,
            role=self.role,
            target=self.target,
            revision=self.revision,
            replayed=replayed,
            seconds=seconds,
            input_tokens=usage.input_tokens,
            cached_tokens=usage.cached_tokens,
            output_tokens=usage.output_tokens,
            usd=usage.usd,
            note=note,
        )

    def __str__(self) -> str:
        return f"{self.role} {self.target}".strip()
