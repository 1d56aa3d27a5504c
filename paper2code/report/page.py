"""The report of a run as one page that needs nothing else: no network, no server, paper or screen."""

import re
from functools import cache

import jinja2
from markupsafe import Markup

from paper2code.checks.wording import one_line
from paper2code.import_graph import build_import_graph, without_cycles
from paper2code.report.amounts import clock, compact, dollars, run_in_words, step_name, tail
from paper2code.report.environment import environment
from paper2code.report.layout import BOX_HEIGHT, BOX_WIDTH, draw
from paper2code.report.outcome import Outcome
from paper2code.report.outline import outline
from paper2code.report.shortened import shortened_prompts
from paper2code.report.timeline import timeline
from paper2code.report.views import Views, verdicts_by_kind

_TARGETS = {"": "planning", "(design)": "design review", "(repository)": "repository"}


def report_html(outcome: Outcome) -> str:
    """The report: what came out, the trace of every requirement, files with their reviews, the cost."""
    views = Views(outcome)
    files = tuple(views.files())
    graph, _ = without_cycles(build_import_graph(outcome.architecture, outcome.dependencies))
    return (
        _environment()
        .get_template("report/page.html.jinja")
        .render(
            outcome=outcome,
            outline=outline(outcome.paper, outcome.trace),
            requirements=tuple(views.requirements()),
            files=files,
            number_of={view.path: view.number for view in files},
            kinds=verdicts_by_kind(outcome),
            drawing=draw(graph),
            box=(BOX_WIDTH, BOX_HEIGHT),
            shortened=shortened_prompts(outcome.calls),
            timeline=timeline(outcome.journal),
        )
    )


def breakable(name: str) -> Markup:
    """A path or symbol that may be wrapped where its parts meet."""
    return Markup("<wbr>").join(re.findall(r"[^/._]*[/._]?", name))


def target_name(target: str) -> str:
    """What a call was about, in words; a file by its path.

    >>> target_name(""), target_name("(repository) 2"), target_name("models/mlp.py")
    ('planning', 'repository 2', 'models/mlp.py')
    """
    return _TARGETS.get(target) or re.sub(r"[()]", "", target)


@cache
def _environment() -> jinja2.Environment:
    return environment(
        autoescape=True,
        filters={
            "breakable": breakable,
            "clock": clock,
            "compact": compact,
            "dollars": dollars,
            "run_in_words": run_in_words,
            "shortened": one_line,
            "step_name": step_name,
            "tail": tail,
            "target_name": target_name,
        },
    )
