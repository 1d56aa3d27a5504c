"""LangGraph's checkpointers, as a run needs them whose nodes are async and may be cancelled at any moment."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Coroutine, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    DeltaChannelHistory,
)

T = TypeVar("T")

CHECKPOINTER = "__pregel_checkpointer"
"""Where LangGraph hands the saver of a graph to those inside it: a key of `configurable`."""

_SERDE = "langgraph.checkpoint.serde.jsonplus"


def _is_not_of_ours(record: logging.LogRecord) -> bool:
    """Drops LangGraph's warnings of the types in a run's state.

    It knows them, from the annotations of the state, but heeds that in strict mode alone.
    """
    return "unregistered type paper2code." not in record.getMessage()


class SteadySaver(BaseCheckpointSaver[Any]):
    """A saver of any kind, used from an event loop.

    It differs in two ways from the saver itself. One that only blocks, such as `SqliteSaver` and
    `PostgresSaver`, does its work in threads; it takes care itself that one at a time uses its connection,
    since LangGraph calls it from several threads in any case. And a write that has begun comes to its end,
    even where the task that wants it is cancelled: a transaction left open would keep the database locked.

    Args:
        saver: What keeps the checkpoints.
    """

    def __init__(self, saver: BaseCheckpointSaver[Any]) -> None:
        super().__init__(serde=saver.serde)
        self.saver = saver
        self._under_way: set[asyncio.Task[Any]] = set()

    async def settled(self) -> None:
        """Return once no write of this event loop is under way: the database may then be closed."""
        loop = asyncio.get_running_loop()
        while writes := [task for task in self._under_way if task.get_loop() is loop]:
            await asyncio.wait(writes)

    @property
    def config_specs(self) -> list[Any]:
        """Those of the saver."""
        return list(self.saver.config_specs)

    def with_allowlist(self, extra_allowlist: Collection[tuple[str, ...]]) -> "SteadySaver":
        """The same for a saver that reads these types, too."""
        saver = self.saver.with_allowlist(extra_allowlist)
        if saver is self.saver:
            return self
        other = SteadySaver(saver)
        other._under_way = self._under_way
        return other

    def get_next_version(self, current: Any, channel: None) -> Any:
        """The saver's next version of a channel."""
        return self.saver.get_next_version(current, channel)

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """See `BaseCheckpointSaver.get_tuple`."""
        return self.saver.get_tuple(config)

    def list(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,  # noqa: A002 - the names are LangGraph's
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> Iterator[CheckpointTuple]:
        """See `BaseCheckpointSaver.list`."""
        return self.saver.list(config, filter=filter, before=before, limit=limit)

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """See `BaseCheckpointSaver.put`."""
        return self.saver.put(config, checkpoint, metadata, new_versions)

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """See `BaseCheckpointSaver.put_writes`."""
        self.saver.put_writes(config, writes, task_id, task_path)

    def delete_thread(self, thread_id: str) -> None:
        """See `BaseCheckpointSaver.delete_thread`."""
        self.saver.delete_thread(thread_id)

    def get_delta_channel_history(
        self, *, config: RunnableConfig, channels: Sequence[str]
    ) -> Mapping[str, DeltaChannelHistory]:
        """See `BaseCheckpointSaver.get_delta_channel_history`."""
        return self.saver.get_delta_channel_history(config=config, channels=channels)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """See `BaseCheckpointSaver.aget_tuple`."""
        try:
            return await self.saver.aget_tuple(config)
        except NotImplementedError:
            return await asyncio.to_thread(self.saver.get_tuple, config)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,  # noqa: A002 - the names are LangGraph's
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """See `BaseCheckpointSaver.alist`."""
        try:
            async for found in self.saver.alist(config, filter=filter, before=before, limit=limit):
                yield found
        except NotImplementedError:
            every = self.saver.list(config, filter=filter, before=before, limit=limit)
            for found in await asyncio.to_thread(tuple, every):
                yield found

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """See `BaseCheckpointSaver.aput`."""

        async def write() -> RunnableConfig:
            given = (config, checkpoint, metadata, new_versions)
            try:
                return await self.saver.aput(*given)
            except NotImplementedError:
                return await asyncio.to_thread(self.saver.put, *given)

        return await self._to_its_end(write())

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """See `BaseCheckpointSaver.aput_writes`."""

        async def write() -> None:
            given = (config, writes, task_id, task_path)
            try:
                await self.saver.aput_writes(*given)
            except NotImplementedError:
                await asyncio.to_thread(self.saver.put_writes, *given)

        await self._to_its_end(write())

    async def adelete_thread(self, thread_id: str) -> None:
        """See `BaseCheckpointSaver.adelete_thread`."""
        try:
            await self.saver.adelete_thread(thread_id)
        except NotImplementedError:
            await asyncio.to_thread(self.saver.delete_thread, thread_id)

    async def aget_delta_channel_history(
        self, *, config: RunnableConfig, channels: Sequence[str]
    ) -> Mapping[str, DeltaChannelHistory]:
        """See `BaseCheckpointSaver.aget_delta_channel_history`."""
        try:
            return await self.saver.aget_delta_channel_history(config=config, channels=channels)
        except NotImplementedError:
            return await asyncio.to_thread(
                self.saver.get_delta_channel_history, config=config, channels=channels
            )

    async def _to_its_end(self, write: Coroutine[Any, Any, T]) -> T:
        task = asyncio.get_running_loop().create_task(write)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)


def steady(saver: T) -> T | SteadySaver:
    """A saver in the steady form; whatever LangGraph takes in a saver's place stays as it is."""
    logging.getLogger(_SERDE).addFilter(_is_not_of_ours)
    if isinstance(saver, BaseCheckpointSaver) and not isinstance(saver, SteadySaver):
        return SteadySaver(saver)
    return saver
