"""The machine on one screen: from a paper to a reviewed repository."""

from langgraph.cache.base import BaseCache
from langgraph.graph import END, START, StateGraph
from langgraph.store.base import BaseStore
from langgraph.types import All, Checkpointer

from paper2code.agents import (
    analyst,
    arbiter,
    architect,
    auditor,
    coder,
    config_writer,
    debugger,
    dependency_analyst,
    planner,
    reviewer,
    tester,
)
from paper2code.compiled import PaperToCode
from paper2code.context import Context
from paper2code.file_graph import build_file_graph, build_mend_graph
from paper2code.file_nodes import giving_up
from paper2code.nodes import approve, publish_repository, read
from paper2code.researcher import consult
from paper2code.routing import (
    after_answers,
    after_dependencies,
    after_design_review,
    after_plan,
    after_run,
)
from paper2code.runner import run_repository
from paper2code.sending import after_approval, after_audit, after_debug, after_ruling
from paper2code.state import FileState, Input, Node, Output, State


def build_graph(
    *,
    planner: Node = planner.plan,
    architect: Node = architect.design,
    dependency_analyst: Node = dependency_analyst.analyse_dependencies,
    config_writer: Node = config_writer.write_config,
    design_reviewer: Node = reviewer.review_design,
    analyst: Node = analyst.analyse,
    tester: Node = tester.write_tests,
    coder: Node = coder.code,
    reviewer: Node = reviewer.review_file,
    arbiter: Node = arbiter.rule,
    auditor: Node = auditor.audit,
    debugger: Node = debugger.debug,
    checkpointer: Checkpointer = None,
    cache: BaseCache[object] | None = None,
    store: BaseStore | None = None,
    interrupt_before: All | list[str] | None = None,
    interrupt_after: All | list[str] | None = None,
    context: Context | None = None,
) -> PaperToCode:
    """The compiled graph that turns a paper into a repository.

    Invoke it with `{"paper": ...}` - a path, an arXiv id, an address at arXiv, or a `Paper` - and a
    `Context`.

    Args:
        planner: An agent of your own in place of the planner; so for every agent. It takes the state and
            the runtime, and returns the keys that the agent it replaces returns.
        architect: Returns `architecture`, `designs`, `redesigns`, `design_changes`.
        dependency_analyst: Returns `dependencies` and `faults`.
        config_writer: Returns `config`.
        design_reviewer: Returns `design_review` and `reviewed_design`.
        analyst: Works on `FileState`; returns `analysis`.
        tester: Works on `FileState`; returns `tests`, or nothing.
        coder: Works on `FileState`; returns `draft`, and `tests` where it changes them.
        reviewer: Works on `FileState`; returns `review`, `reviews_given`, and `reviewed`, the revision
            that it is about.
        arbiter: Returns `ruling`, and `rulings`, `heard`, `architecture` and `notes` where it rules.
        auditor: Returns `audit` and `audits`.
        debugger: Returns `mended`, `mends`, `config` and `dependencies`.
        checkpointer: Any LangGraph checkpointer. Not needed to go on after a crash, since the journal in the
            output folder serves that; needed for interrupts and time travel.
        cache: LangGraph cache for nodes.
        store: LangGraph store, for agents of your own.
        interrupt_before: Nodes to stop before.
        interrupt_after: Nodes to stop after.
        context: What runs without a `context` of their own use, such as one inside a parent graph.

    Returns:
        A compiled `StateGraph`. `invoke`, `ainvoke`, `stream` and `astream` give the same repository, and
        raise a `Paper2CodeError` for whatever ends a run before it is finished.

    Raises:
        TypeError: An agent is nothing that LangGraph takes as a node, or the checkpointer is none.
        ValueError: `interrupt_before` or `interrupt_after` names a node that is not there.
    """
    builder = StateGraph(State, context_schema=Context, input_schema=Input, output_schema=Output)

    builder.add_node("reader", read)
    builder.add_node("planner", planner)
    builder.add_node("researcher", consult)
    builder.add_node("architect", architect)
    builder.add_node("dependency_analyst", dependency_analyst)
    builder.add_node("config_writer", config_writer)
    builder.add_node("design_reviewer", design_reviewer)
    builder.add_node("approval", approve)
    file = giving_up(build_file_graph(analyst=analyst, tester=tester, coder=coder, reviewer=reviewer))
    builder.add_node("file", file, input_schema=FileState)
    builder.add_node("arbiter", arbiter)
    builder.add_node("auditor", auditor)
    builder.add_node("runner", run_repository)
    builder.add_node("debugger", debugger)
    mend = giving_up(build_mend_graph(coder=coder, reviewer=reviewer))
    builder.add_node("mend", mend, input_schema=FileState)
    builder.add_node("publisher", publish_repository)

    builder.add_edge(START, "reader")
    builder.add_edge("reader", "planner")
    builder.add_conditional_edges("planner", after_plan, {"ask": "researcher", "proceed": "architect"})
    builder.add_conditional_edges("researcher", after_answers, {"replan": "planner", "proceed": "architect"})
    builder.add_edge("architect", "dependency_analyst")
    builder.add_conditional_edges(
        "dependency_analyst", after_dependencies, {"redesign": "architect", "proceed": "config_writer"}
    )
    builder.add_edge("config_writer", "design_reviewer")
    builder.add_conditional_edges(
        "design_reviewer",
        after_design_review,
        {"replan": "planner", "redesign": "architect", "proceed": "approval"},
    )
    builder.add_conditional_edges("approval", after_approval, {"replan": "planner", "each file": "file"})
    builder.add_edge("file", "arbiter")
    builder.add_conditional_edges("arbiter", after_ruling, {"rewrite": "file", "proceed": "auditor"})
    builder.add_conditional_edges("auditor", after_audit, {"repair": "file", "accept": "runner"})
    builder.add_conditional_edges("runner", after_run, {"debug": "debugger", "done": "publisher"})
    builder.add_conditional_edges(
        "debugger", after_debug, {"each file": "mend", "run again": "runner", "give up": "publisher"}
    )
    builder.add_edge("mend", "runner")
    builder.add_edge("publisher", END)

    compiled = builder.compile(
        checkpointer,
        cache=cache,
        store=store,
        interrupt_before=interrupt_before,
        interrupt_after=interrupt_after,
        name="paper2code",
    )
    return PaperToCode.of(compiled, context)
