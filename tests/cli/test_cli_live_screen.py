import io

import pytest
import scenario
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from paper2code.artifacts import Step
from paper2code.cli.live_screen import draw
from paper2code.cli.marks import ASCII, UNICODE
from paper2code.cli.narration import narrate
from paper2code.cli.progress import Progress

CODING = scenario.coding()
RUN = [*scenario.planning(), *CODING, *scenario.finishing(CODING[-1][0])]


def picture(until, *, width=80, height=24, marks=UNICODE, run=RUN):
    now = [0.0]
    progress = Progress("paper.pdf", scenario.MODEL, clock=lambda: now[0])
    events = []
    for when, event in run:
        if when > until:
            break
        now[0] = when
        progress.apply(event)
        events.extend((when, line) for line in narrate(event))
    now[0] = until
    return draw(progress, events, marks=marks, width=width, height=height)


def plain(lines):
    return "\n".join(line.plain.rstrip() for line in lines)


@pytest.mark.parametrize("until", [0, 60, 200, 400, 640, 770, 800, 825, 850])
def test_the_picture_on_a_classic_terminal(until, snapshot):
    assert plain(picture(until)) == snapshot


def test_warnings_about_the_paper_stay_in_view():
    run = [(0.0, scenario.paper("Page 3\x1b[2J could not be read.", "No equation is exact.")), *RUN]
    for until in (0, 400, 850):
        assert " 2 warnings: Page 3 [2J could not be read.; No equation is exact." in plain(
            picture(until, run=run)
        )


def test_the_picture_on_a_wide_terminal(snapshot):
    assert plain(picture(400, width=140, height=40)) == snapshot


def test_the_picture_on_a_narrow_terminal_without_unicode(snapshot):
    shown = plain(picture(640, width=60, height=20, marks=ASCII))
    assert shown.isascii()
    assert shown == snapshot


def test_rich_writes_the_picture_line_by_line_as_it_was_drawn():
    console = Console(record=True, file=io.StringIO(), width=80)
    lines = picture(400)
    for line in lines:
        console.print(line)
    written = console.export_text().splitlines()
    assert [line.rstrip() for line in written] == plain(lines).split("\n")


@settings(max_examples=60)
@given(st.floats(0, 800), st.integers(20, 200), st.integers(6, 60), st.sampled_from([UNICODE, ASCII]))
def test_the_picture_never_outgrows_the_screen(until, width, height, marks):
    lines = picture(until, width=width, height=height, marks=marks)
    assert len(lines) <= height
    assert all(line.cell_len <= width for line in lines)


@settings(max_examples=40)
@given(st.text(max_size=200), st.text(min_size=1, max_size=120), st.text(max_size=300), st.integers(20, 120))
def test_whatever_a_model_wrote_fits_and_is_printable(title, path, note, width):
    run = [
        (0.0, scenario.design(title=title, files=(path, "b.py"))),
        (1.0, scenario.stage("reader", "finished", note)),
        (1.0, scenario.stage(note, "finished", note)),
        (2.0, scenario.file(path, "rejected", 1, note)),
        (3.0, scenario.step(Step(kind="smoke", command=path, ending="failed", reason=note))),
    ]
    for line in picture(5, width=width, run=run):
        assert line.cell_len <= width
        assert line.plain.isprintable()


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        (scenario.PASSED.steps, "✓ runs  "),
        (scenario.FAILED.steps, "✗ runs, 1 failed  "),
        ((scenario.PASSED.steps[0], Step(kind="tests", ending="not run")), "! runs, not all of it run  "),
        ((), "! runs, not all of it run  "),
    ],
)
def test_only_what_was_run_whole_and_well_gets_its_tick(steps, shown):
    run = [
        scenario.stage("runner", "started"),
        *map(scenario.step, steps),
        scenario.stage("runner", "finished"),
    ]
    assert shown in plain(picture(1, width=200, run=[(0.0, event) for event in run]))


def test_rows_that_do_not_fit_are_counted():
    shown = plain(picture(640, height=20))
    assert "and 8 accepted" in shown
    assert "train.py" in shown
    assert "training/schedule.py" in shown
