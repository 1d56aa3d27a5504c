"""The compiled graph: a `StateGraph` whose nodes are async and that can be called from anywhere."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from typing import Any, Self, cast

from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import get_config_list, merge_configs
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, StateUpdate

from paper2code.blocking import awaited, iterated, to_its_end
from paper2code.checkpointing import CHECKPOINTER, SteadySaver, steady
from paper2code.context import Context
from paper2code.resumption import go_on_from
from paper2code.run import Run, open_run
from paper2code.state import Input, Output, State

_RUNTIME = "__pregel_runtime"


class PaperToCode(CompiledStateGraph[State, Context, Input, Output]):
    """What `build_graph` returns.

    It differs from a plain compiled graph in three ways. Around each run it opens the workspace, the journal
    and the models, and closes them at the end. Before a run goes on from a checkpoint, it brings the folder
    to that checkpoint. And its blocking methods run the async ones in a thread with a loop of its own:
    hundreds of files wait for each other at once, which threads of a pool could not do without running out.
    """

    def __init__(self, *, default_context: Context | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.default_context = default_context

    @classmethod
    def of(cls, compiled: CompiledStateGraph[State, Context, Input, Output], context: Context | None) -> Self:
        """The same graph, with these two abilities."""
        graph = cls.__new__(cls)
        # What `compile` adds later would be lost on the way through `__init__`, such as the types that the
        # checkpoints of a parent graph may hold for us.
        vars(graph).update(
            vars(compiled), checkpointer=steady(compiled.checkpointer), default_context=context
        )
        return graph

    async def astream(
        self,
        input: Input | Command[Any] | None,  # noqa: A002 - the name is LangGraph's
        config: RunnableConfig | None = None,
        *,
        context: Context | dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[Any]:
        """Stream a run; see LangGraph's `Pregel.astream`."""
        config, saver = self._with_steady_saver(config)
        async with open_run(self._context(context, config)) as bound:
            if saver:
                config = await self._from_checkpoint(saver, input, config, bound.run)
            parts = cast("AsyncGenerator[Any]", super().astream(input, config, context=bound, **kwargs))
            try:
                # Closed before the run is: nodes still under way would otherwise write to a closed journal.
                async with aclosing(parts):
                    async for part in parts:
                        yield part
            finally:
                if saver:
                    await saver.settled()

    def stream(
        self,
        input: Input | Command[Any] | None,  # noqa: A002 - the name is LangGraph's
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Iterator[Any]:
        """Stream a run from blocking code; see LangGraph's `Pregel.stream`."""
        yield from iterated(self.astream(input, config, **kwargs))

    async def abatch(
        self,
        inputs: list[Input],
        config: RunnableConfig | list[RunnableConfig] | None = None,
        *,
        return_exceptions: bool = False,
        context: Context | Sequence[Context] | None = None,
        **kwargs: Any,
    ) -> list[Any]:
        """Run many papers at once, in this event loop; see LangChain's `Runnable.abatch`.

        Args:
            inputs: The papers.
            config: One for all, or one for each. The first one's `max_concurrency` is how many papers are
                under way at once; their calls keep to `Context.limits`.
            return_exceptions: Whether an error takes the place of a paper's result. Otherwise the first one
                is raised once the other papers have stopped.
            context: One for each paper, since each needs an `output_dir` of its own.
            kwargs: As for `ainvoke`.
        """
        if not inputs:
            return []
        configs = [config.copy() for config in get_config_list(config, len(inputs))]
        contexts = context if isinstance(context, Sequence) else [context] * len(inputs)
        at_once = asyncio.Semaphore(configs[0].get("max_concurrency") or len(inputs))

        async def run(paper: Input, config: RunnableConfig, chosen: Context | None) -> Any:
            # Within a run it would count the files that wait for others.
            config["max_concurrency"] = None
            async with at_once:
                return await self.ainvoke(paper, config, context=chosen, **kwargs)

        runs = [asyncio.ensure_future(run(*each)) for each in zip(inputs, configs, contexts, strict=True)]
        try:
            return list(await asyncio.gather(*runs, return_exceptions=return_exceptions))
        finally:
            for one in runs:
                one.cancel()
            await asyncio.gather(*runs, return_exceptions=True)

    def batch(
        self,
        inputs: list[Input],
        config: RunnableConfig | list[RunnableConfig] | None = None,
        *,
        return_exceptions: bool = False,
        **kwargs: Any,
    ) -> list[Any]:
        """Run many papers at once from blocking code; see `abatch`."""
        return awaited(self.abatch(inputs, config, return_exceptions=return_exceptions, **kwargs))

    async def aupdate_state(
        self,
        config: RunnableConfig,
        values: dict[str, Any] | Any,
        as_node: str | None = None,
        task_id: str | None = None,
        *,
        context: Context | dict[str, Any] | None = None,
    ) -> RunnableConfig:
        """Change the state at a checkpoint, to go on from there; see LangGraph's `Pregel.aupdate_state`.

        Args:
            config: The checkpoint.
            values: What changes, as the node returns it.
            as_node: The node that this is taken to come from.
            task_id: The task of that node.
            context: That of the run: the edges that leave the node decide by it.
        """
        update = StateUpdate(values, as_node, task_id)
        return await self.abulk_update_state(config, [[update]], context=context)

    def update_state(
        self,
        config: RunnableConfig,
        values: dict[str, Any] | Any,
        as_node: str | None = None,
        task_id: str | None = None,
        *,
        context: Context | dict[str, Any] | None = None,
    ) -> RunnableConfig:
        """Change the state from blocking code; see `aupdate_state`."""
        return awaited(self.aupdate_state(config, values, as_node, task_id, context=context))

    async def abulk_update_state(
        self,
        config: RunnableConfig,
        supersteps: Sequence[Sequence[StateUpdate]],
        *,
        context: Context | dict[str, Any] | None = None,
    ) -> RunnableConfig:
        """Change the state in several steps; see LangGraph's `Pregel.abulk_update_state`."""
        async with open_run(self._context(context, config)) as bound:
            state = await self.aget_state(config)
            await to_its_end(go_on_from, cast("State", state.values), bound.run)
            runtime = RunnableConfig(configurable={_RUNTIME: Runtime(context=bound)})
            return await super().abulk_update_state(merge_configs(config, runtime), supersteps)

    def bulk_update_state(
        self,
        config: RunnableConfig,
        supersteps: Sequence[Sequence[StateUpdate]],
        *,
        context: Context | dict[str, Any] | None = None,
    ) -> RunnableConfig:
        """Change the state in several steps from blocking code; see `abulk_update_state`."""
        return awaited(self.abulk_update_state(config, supersteps, context=context))

    async def _from_checkpoint(
        self,
        saver: SteadySaver,
        given: Input | Command[Any] | None,
        config: RunnableConfig | None,
        run: Run,
    ) -> RunnableConfig | None:
        """Bring the folder to the checkpoint that the run goes on from; the config for a run that begins.

        A thread's state outlives its run. One that begins on a thread with a history begins from the first
        checkpoint, so that it is not taken for the redesign of what was there before.
        """
        configurable = (config or {}).get("configurable", {})
        if config is None or "thread_id" not in configurable:
            return config  # LangGraph says what is missing
        state = await self.aget_state(config)
        begins = given is not None and not isinstance(given, Command) and CHECKPOINTER not in configurable
        if begins and state.values and "checkpoint_id" not in configurable:
            thread = RunnableConfig(
                configurable={"thread_id": str(configurable["thread_id"]), "checkpoint_ns": ""}
            )
            *_, first = [found.config async for found in saver.alist(thread)]
            return merge_configs(config, first)
        run.goes_back = "checkpoint_id" in configurable
        if not begins and state.tasks:
            await to_its_end(go_on_from, cast("State", state.values), run)
        return config

    def _with_steady_saver(
        self, config: RunnableConfig | None
    ) -> tuple[RunnableConfig | None, SteadySaver | None]:
        """The config with the saver of a parent graph in its steady form, and the saver of this run."""
        configurable = (config or {}).get("configurable", {})
        if CHECKPOINTER not in configurable:
            return config, self.checkpointer if isinstance(self.checkpointer, SteadySaver) else None
        saver = steady(configurable[CHECKPOINTER])
        lent = {**(config or {}), "configurable": {**configurable, CHECKPOINTER: saver}}
        return cast("RunnableConfig", lent), saver if isinstance(saver, SteadySaver) else None

    def _context(self, given: Context | dict[str, Any] | None, config: RunnableConfig | None) -> Context:
        """The caller's context, else that of a parent graph, else the default."""
        if given is not None:
            return Context.model_validate(given)
        runtime = cast("Runtime[Any] | None", (config or {}).get("configurable", {}).get(_RUNTIME))
        inherited = runtime.context if runtime else None
        return inherited if isinstance(inherited, Context) else self.default_context or Context()
