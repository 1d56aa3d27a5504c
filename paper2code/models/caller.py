"""The way every agent asks a model: journal first, then budget, gate, transport; answers read once."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from paper2code.artifacts import Artifact
from paper2code.context import Role
from paper2code.errors import AnswerError, ReplayError
from paper2code.events import CallEvent, emit
from paper2code.models.answers import AnswerFault, read_artifact, read_code
from paper2code.models.budget import Budget
from paper2code.models.gate import Gate
from paper2code.models.journal import Entry, Journal, Recording
from paper2code.models.schema import strict_schema
from paper2code.models.specs import NamedModel, split
from paper2code.models.transport import Reply, SchemaRefusedError, send, takes_schema
from paper2code.models.usage import Usage, price
from paper2code.prompts import render

T = TypeVar("T", bound=Artifact)
Parsed = TypeVar("Parsed")

NamedSchema = tuple[str, dict[str, object]]

_REPLAYED = "replay"
_TRIES = 3
_CONTINUATIONS = 8


@dataclass(frozen=True, slots=True)
class Call:
    """One question to a model.

    `briefing` is what the question shares with those before it, in pipeline order, and `task` comes last:
    providers cache prompts by their prefix. `role`, `target` and `revision` name the call in the journal;
    `rank` is its file's longest chain of dependants.
    """

    role: Role
    task: str
    briefing: tuple[str, ...] = ()
    target: str = ""
    revision: int = 0
    rank: int = 0

    def messages(self) -> list[BaseMessage]:
        """The conversation that opens with this question."""
        return [SystemMessage(render("system")), HumanMessage("\n\n".join((*self.briefing, self.task)))]


@dataclass
class Caller:
    """Asks models on behalf of one run."""

    models: Mapping[Role, NamedModel]
    journal: Journal
    gate: Gate
    budget: Budget
    timeout: float
    recording: Recording | None = None
    _without_schema: set[str] = field(default_factory=set)

    async def ask(
        self, call: Call, artifact: type[T], problem_with: Callable[[T], str | None] = lambda _: None
    ) -> T:
        """Ask for an artifact.

        Args:
            call: The question.
            artifact: The type of the answer; its schema goes with the question.
            problem_with: Says in words for the model what an answer of the right form still lacks, or None.
                An answer with such a problem is asked for again, and taken as it is when it stays.

        Raises:
            AnswerError: No answer of the right form came.
        """

        def read(text: str, *, last: bool) -> T:
            answer = read_artifact(text, artifact)
            problem = problem_with(answer)
            if problem and not last:
                raise AnswerFault(problem)
            return answer

        return await self._answer(call, read, artifact)

    async def ask_for_code(self, call: Call) -> str:
        """Ask for the text of the file `call.target`.

        Raises:
            AnswerError: No answer held the file.
        """

        def read(text: str, *, last: bool) -> str:
            del last
            return read_code(text, call.target)

        return await self._answer(call, read, None)

    async def _answer(
        self, call: Call, read: "Callable[..., Parsed]", artifact: type[Artifact] | None
    ) -> Parsed:
        """Ask until the answer can be read, at most three times, each telling what was wrong before."""
        asked = call.messages()
        attempts = _Attempts()
        fault = ""
        for number in range(1, _TRIES + 1):
            text = await self._whole_reply(call, asked, artifact, attempts)
            try:
                return read(text, last=number == _TRIES)
            except AnswerFault as problem:
                fault = str(problem)
                again = render("answer_again", fault=fault, code=artifact is None)
                asked = [*call.messages(), AIMessage(text or "(empty)"), HumanMessage(again)]
        raise AnswerError(
            f"{call.role} {call.target}".strip()
            + f": no usable answer in {_TRIES} attempts ({_short(fault)})"
        )

    async def _whole_reply(
        self,
        call: Call,
        messages: list[BaseMessage],
        artifact: type[Artifact] | None,
        attempts: "_Attempts",
    ) -> str:
        """The reply, continued as often as the model's own limit cut it."""
        text, conversation, schema = "", messages, artifact
        for _ in range(_CONTINUATIONS):
            entry = await self._entry(call, conversation, schema, attempts.next())
            text += entry.answer
            if entry.finish_reason != "length" or not entry.answer.strip():
                return text
            # A schema would make the model begin again, so the rest is asked for as plain text.
            schema = None
            conversation = [*messages, AIMessage(text), HumanMessage(render("continue"))]
        raise AnswerError(f"{call.role} {call.target}".strip() + ": the answer has no end")

    async def _entry(
        self, call: Call, messages: list[BaseMessage], artifact: type[Artifact] | None, attempt: int
    ) -> Entry:
        """The journal's answer to this request, or a new one that is in the journal before it is used."""
        schema = (artifact.__name__, strict_schema(artifact)) if artifact else None
        name = self.models[call.role].name if self.recording is None else _REPLAYED
        request = _fingerprint(name, messages, schema)
        known = self.journal.find(request)
        if known is None and self.recording is not None:
            known = _recorded(self.recording, call, request, attempt)
            self.journal.append(known)
        if known is not None:
            emit(_event(call, "finished", known.usage, known.seconds, replayed=True))
            return known
        entry = await self._asked(call, messages, schema, request, attempt)
        self.journal.append(entry)
        emit(_event(call, "finished", entry.usage, entry.seconds))
        return entry

    async def _asked(
        self,
        call: Call,
        messages: list[BaseMessage],
        schema: NamedSchema | None,
        request: str,
        attempt: int,
    ) -> Entry:
        model = self.models[call.role]
        emit(_event(call, "queued"))
        async with self.gate.turn(call.rank):
            characters = sum(len(str(message.content)) for message in messages)
            self.budget.check(self.journal.usage(), characters, model.name)
            emit(_event(call, "started"))
            start = time.monotonic()
            reply = await self._sent(call, model, messages, schema)
            seconds = round(time.monotonic() - start, 3)
        provider, name = split(model.name)
        return Entry(
            role=call.role,
            target=call.target,
            revision=call.revision,
            attempt=attempt,
            request=request,
            model=model.name,
            answer=reply.text,
            finish_reason=reply.finish_reason,
            usage=reply.usage.model_copy(update={"usd": price(name, provider, reply.usage)}),
            seconds=seconds,
        )

    async def _sent(
        self,
        call: Call,
        model: NamedModel,
        messages: list[BaseMessage],
        schema: NamedSchema | None,
    ) -> Reply:
        """Send with the schema where the endpoint takes one, else with the schema in the prompt."""

        def retrying(note: str) -> None:
            emit(_event(call, "retrying", note=note))

        if schema and takes_schema(model.chat) and model.name not in self._without_schema:
            try:
                return await send(
                    model.chat, messages, schema=schema, seconds=self.timeout, on_retry=retrying
                )
            except SchemaRefusedError:
                self._without_schema.add(model.name)
        if schema:
            form = render("answer_form", schema=json.dumps(schema[1], ensure_ascii=False))
            messages = [*messages[:-1], HumanMessage(f"{messages[-1].text}\n\n{form}")]
        return await send(model.chat, messages, schema=None, seconds=self.timeout, on_retry=retrying)


def _recorded(recording: Recording, call: Call, request: str, attempt: int) -> Entry:
    found = recording.find(call.role, call.target, call.revision, attempt)
    if found is None:
        raise ReplayError(
            f"the journal has no answer for {call.role} {call.target or '(whole paper)'}, revision "
            f"{call.revision}, attempt {attempt}: it belongs to another paper, or to other settings"
        )
    usage = found.usage.model_copy(update={"calls": 0, "replayed": 1, "usd": 0.0})
    return found.model_copy(update={"request": request, "replayed": True, "usage": usage})


class _Attempts:
    """Numbers the requests of one call, so that a replay finds each of them."""

    def __init__(self) -> None:
        self._count = 0

    def next(self) -> int:
        self._count += 1
        return self._count - 1


def _fingerprint(model: str, messages: list[BaseMessage], schema: NamedSchema | None) -> str:
    digest = hashlib.sha256(model.encode())
    for message in messages:
        digest.update(b"\0" + message.type.encode() + b"\0" + str(message.content).encode("utf-8", "replace"))
    if schema:
        digest.update(b"\0" + json.dumps(schema, sort_keys=True).encode())
    return digest.hexdigest()


def _event(
    call: Call,
    state: Literal["queued", "started", "retrying", "finished"],
    usage: Usage | None = None,
    seconds: float = 0.0,
    *,
    replayed: bool = False,
    note: str = "",
) -> CallEvent:
    usage = usage or Usage()
    return CallEvent(
        event="call",
        state=state,
        role=call.role,
        target=call.target,
        revision=call.revision,
        replayed=replayed,
        seconds=seconds,
        input_tokens=usage.input_tokens,
        cached_tokens=usage.cached_tokens,
        output_tokens=usage.output_tokens,
        usd=usage.usd,
        note=note,
    )


def _short(fault: str) -> str:
    return " ".join(fault.split())[:200]
