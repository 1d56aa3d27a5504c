"""What happens to one file: analysed, written and tested once its imports are there, reviewed, published."""

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from paper2code.agents import analyst, coder, reviewer, tester
from paper2code.checker import check
from paper2code.context import Context
from paper2code.file_nodes import await_imports, publish
from paper2code.pausing import pausing
from paper2code.routing import after_check, after_imports, after_review, into_file
from paper2code.state import FileOutput, FileState, Node

FileGraph = CompiledStateGraph[FileState, Context, FileState, FileOutput]


def build_file_graph(
    *,
    analyst: Node = analyst.analyse,
    tester: Node = tester.write_tests,
    coder: Node = coder.code,
    reviewer: Node = reviewer.review_file,
) -> FileGraph:
    """The graph of a single file. All files run in it at once, each in its own copy.

    Args:
        analyst: Node that returns `{"analysis": FileAnalysis}`.
        tester: Node that returns `{"tests": SourceFile}`, or nothing. It runs beside the coder.
        coder: Node that returns `{"draft": SourceFile}` of the next revision, and `tests` if it changes them.
        reviewer: Node that returns `{"review": FileReview, "reviews_given": int, "reviewed": int}`; the last
            is the revision that the review is about.
    """
    builder = StateGraph(FileState, context_schema=Context, output_schema=FileOutput)

    builder.add_node("analyst", pausing(analyst))
    builder.add_node("await_imports", await_imports)
    builder.add_node("tester", pausing(tester))

    builder.add_conditional_edges(START, into_file, {"write": "analyst", "rewrite": "await_imports"})
    builder.add_edge("analyst", "await_imports")
    builder.add_conditional_edges(
        "await_imports", after_imports, {"write": "coder", "test": "tester", "check": "checker"}
    )
    builder.add_edge("tester", "checker")
    _judge_and_publish(builder, coder, reviewer)
    return builder.compile(name="file")


def build_mend_graph(*, coder: Node = coder.code, reviewer: Node = reviewer.review_file) -> FileGraph:
    """The graph of a file that the debugger has mended: judged as every other draft.

    Args:
        coder: As in `build_file_graph`.
        reviewer: As in `build_file_graph`.
    """
    builder = StateGraph(FileState, context_schema=Context, output_schema=FileOutput)
    builder.add_edge(START, "checker")
    _judge_and_publish(builder, coder, reviewer)
    return builder.compile(name="mend")


def _judge_and_publish(
    builder: StateGraph[FileState, Context, FileState, FileOutput], coder: Node, reviewer: Node
) -> None:
    """From a draft to the published file: checked, reviewed, and written again where they ask for it."""
    builder.add_node("coder", pausing(coder))
    builder.add_node("checker", check)
    builder.add_node("reviewer", pausing(reviewer))
    builder.add_node("publish", publish)

    builder.add_edge("coder", "checker")
    builder.add_conditional_edges(
        "checker", after_check, {"broken": "coder", "sound": "reviewer", "done": "publish"}
    )
    builder.add_conditional_edges("reviewer", after_review, {"revise": "coder", "accept": "publish"})
    builder.add_edge("publish", END)
