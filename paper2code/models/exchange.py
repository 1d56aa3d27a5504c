"""One request and its reply: from the journal if it is there, else through gate and budget into it."""

import asyncio
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from paper2code.artifacts import Artifact
from paper2code.context import Role
from paper2code.draining import give_way
from paper2code.errors import ReplayError
from paper2code.events import emit
from paper2code.limits import Limits
from paper2code.models.budget import Budget
from paper2code.models.call import Call
from paper2code.models.faults import SchemaRefusedError
from paper2code.models.images import identity, length, with_more_text
from paper2code.models.journal import Entry, Journal, Recording
from paper2code.models.journal_lines import Place
from paper2code.models.schema import strict_schema
from paper2code.models.specs import NamedModel
from paper2code.models.transport import Reply, schema_leads, send, takes_schema
from paper2code.models.usage import Usage
from paper2code.prompts import render
from paper2code.tokens import estimate_tokens

NamedSchema = tuple[str, dict[str, object]]

_REPLAYED = "replay"
_OPENING = 2
"""Messages before the first answer: the system's and the question."""


@dataclass
class Exchange:
    """Requests and replies of one run."""

    models: Mapping[Role, NamedModel]
    journal: Journal
    gate: Limits
    """Those of this run alone."""
    budget: Budget
    timeout: float
    recording: Recording | None = None
    shared: Limits = field(default_factory=Limits)
    """Those that other runs may have a part in; for whoever passed the gate."""
    rooms: dict[Role, int] = field(default_factory=dict)
    """The tokens that a prompt to each role's model may have; no entry is no limit."""
    _refuse_schemas: set[str] = field(default_factory=set, init=False)
    _pass_over_schemas: set[str] = field(default_factory=set, init=False)
    _door: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1), init=False)

    async def entry(
        self,
        call: Call,
        messages: list[BaseMessage],
        artifact: type[Artifact] | None,
        attempt: int,
        left_out: tuple[str, ...] = (),
    ) -> Entry:
        """The journal's answer to this request, or a new one that is in the journal before it is used.

        Args:
            call: What the request belongs to.
            messages: The conversation.
            artifact: What the answer should be, or None for plain text.
            attempt: The request's number within its call.
            left_out: What the conversation does not show for want of room.

        Raises:
            ContextError: The provider refuses the request for its length.
            ReplayError: The journal that is replayed has no such answer.
        """
        schema = _named_schema(artifact) if artifact else None
        name = self.models[call.role].name if self.recording is None else _REPLAYED
        request, basis = _fingerprint(name, messages, schema), _basis(name, call, messages, schema)
        known = self.journal.find(request)
        if known is None and (found := self._found(call, basis, attempt)):
            keys = {"request": request, "basis": basis, "left_out": left_out, "replayed": True}
            known = found.model_copy(update=keys)
            self.journal.append(known)
        if known is not None:
            emit(call.event("finished", known.usage, known.seconds, replayed=True))
            return await self._in_its_turn(known)
        entry = await self._asked(call, messages, schema, (request, basis), attempt, left_out=left_out)
        emit(call.event("finished", entry.usage, entry.seconds))
        return await self._in_its_turn(entry)

    async def _in_its_turn(self, entry: Entry) -> Entry:
        """The entry, of those that come at once one in each turn of the event loop.

        To read an answer and to write the next prompt takes milliseconds; dozens in one turn would hold up
        whatever else the loop serves.
        """
        async with self._door:
            await asyncio.sleep(0)
        return entry

    def _found(self, call: Call, basis: str, attempt: int) -> Entry | None:
        """The answer of the recording, or of a call that differs in what its answer does not hang on."""
        if self.recording is not None:
            place = (call.role, call.target, call.revision, attempt)
            return _recorded(self.recording, call, place, self.journal.count(place))
        alike = self.journal.find_alike(basis) if basis else None
        return alike.model_copy(update={"usage": Usage(replayed=1)}) if alike else None

    def spell_out_schema(self, role: Role) -> None:
        """Put schemas into the prompts of this role's model: it answered with no heed to one in the body."""
        if self.recording is None:
            self._pass_over_schemas.add(self.models[role].name)

    def room_for(self, role: Role, artifact: type[Artifact] | None = None) -> int | None:
        """The tokens that a conversation may have, beside the schema of its answer; None is no limit."""
        room = self.rooms.get(role)
        if room is None or artifact is None:
            return room
        return room - estimate_tokens(_form(_named_schema(artifact)))

    async def _asked(
        self,
        call: Call,
        messages: list[BaseMessage],
        schema: NamedSchema | None,
        keys: tuple[str, str],
        attempt: int,
        *,
        left_out: tuple[str, ...],
    ) -> Entry:
        model = self.models[call.role]
        characters = sum(map(length, messages))
        request, basis = keys
        likely = self.budget.likely(characters, self.journal.usage()).tokens
        emit(call.event("queued"))
        async with (
            self.gate.turn(call.rank),
            self.shared.turn(call.rank, likely) as turn,
            self.budget.room_for(characters, model, self.journal.usage),
        ):
            give_way()
            emit(call.event("started"))
            started, start = time.time(), time.monotonic()
            reply = await self._sent(call, model, messages, schema)
            turn.tokens = reply.usage.tokens
            entry = Entry(
                role=call.role,
                target=call.target,
                revision=call.revision,
                attempt=attempt,
                request=request,
                basis=basis,
                model=model.name,
                answer=reply.text,
                finish_reason=reply.finish_reason,
                usage=reply.usage.model_copy(update={"usd": model.price(reply.usage)}),
                started=round(started, 3),
                seconds=round(time.monotonic() - start, 3),
                left_out=left_out,
                room=self.rooms.get(call.role),
            )
            self.journal.append(entry)
        return entry

    async def _sent(
        self,
        call: Call,
        model: NamedModel,
        messages: list[BaseMessage],
        schema: NamedSchema | None,
    ) -> Reply:
        """Send with the schema where the endpoint takes one, else with the schema in the prompt.

        Where the provider's cache puts the schema before all else, calls whose answers differ in form share
        nothing: the planning, in which each call has a form of its own, and the first files would pay for the
        paper in full, 5 % of a run. So the schema goes to the end of the prompt, and only JSON is demanded.
        An answer without heed to it costs more than that saves, so after the first of them the schema is in
        both places.
        """

        def retrying(note: str) -> None:
            emit(call.event("retrying", note=note))

        in_words = _with_schema_in_words(messages, schema) if schema else messages
        if schema and model.name not in self._refuse_schemas and takes_schema(model.chat):
            has_erred = model.name in self._pass_over_schemas
            trusted = schema_leads(model.chat) and not has_erred
            asked = in_words if trusted or has_erred else messages
            try:
                return await send(
                    model.chat,
                    asked,
                    schema=schema,
                    any_json=trusted,
                    seconds=self.timeout,
                    on_retry=retrying,
                )
            except SchemaRefusedError:
                self._refuse_schemas.add(model.name)
        return await send(model.chat, in_words, schema=None, seconds=self.timeout, on_retry=retrying)


@cache
def _named_schema(artifact: type[Artifact]) -> NamedSchema:
    return artifact.__name__, strict_schema(artifact)


def _with_schema_in_words(messages: list[BaseMessage], schema: NamedSchema) -> list[BaseMessage]:
    return [*messages[:-1], with_more_text(messages[-1], _form(schema))]


def _form(schema: NamedSchema) -> str:
    return render("answer_form", schema=json.dumps(schema[1], ensure_ascii=False))


def _recorded(recording: Recording, call: Call, place: Place, number: int) -> Entry:
    found = recording.find(place, number)
    if found is None:
        raise ReplayError(
            f"the journal has no answer for {call.role} {call.target or '(whole paper)'}, revision "
            f"{call.revision}, attempt {place[-1]}: it belongs to another paper, or to other settings"
        )
    usage = found.usage.model_copy(update={"calls": 0, "replayed": 1, "usd": 0.0})
    return found.model_copy(update={"usage": usage})


def _basis(name: str, call: Call, messages: list[BaseMessage], schema: NamedSchema | None) -> str:
    """The fingerprint of what the answer hangs on; empty where that is all of the request."""
    if call.concern is None:
        return ""
    opening = [
        SystemMessage(f"{call.role} {call.target}"),
        HumanMessage(call.concern()),
        HumanMessage(call.sheet),
        HumanMessage(call.task),
    ]
    return _fingerprint(name, [*opening, *messages[_OPENING:]], schema)


def _fingerprint(model: str, messages: list[BaseMessage], schema: NamedSchema | None) -> str:
    digest = hashlib.sha256(model.encode())
    for message in messages:
        digest.update(b"\0" + message.type.encode() + b"\0" + identity(message).encode("utf-8", "replace"))
    if schema:
        digest.update(b"\0" + json.dumps(schema, sort_keys=True).encode())
    return digest.hexdigest()
