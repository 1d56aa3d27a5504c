"""What a run is expected to take, and how near that comes to what two recorded runs took."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.language_models.fake_chat_models import FakeListChatModel

from paper2code.context import ROLES, Context, Price
from paper2code.demo import packaged_demo
from paper2code.errors import ReplayError
from paper2code.estimate import Estimate, Known, Spread, estimate
from paper2code.models.journal import Journal, Recording
from paper2code.models.journal_lines import Entry, Header
from paper2code.models.usage import Usage
from paper2code.papers.model import Paper, Section
from paper2code.papers.reader import read_paper
from paper2code.testing import ToyProject
from tests.benchmarks.simulation import a_paper

PINN_JOURNAL = Path(__file__).parents[1] / "journals" / "pinn.jsonl.xz"
COUNTS = ("calls", "input_tokens", "cached_tokens", "output_tokens")
TOY = ToyProject({"data.py": [], "model.py": ["data.py"], "train.py": ["data.py", "model.py"]})
# A model that does not think, as those of the recorded runs did not.
CONTEXT = Context(model="openai:gpt-4.1-mini")
FIGURES = st.one_of(st.just(0.0), st.floats(0.001, 1e9))


@pytest.fixture(scope="module", params=["demo", "pinn"])
def recorded(request: pytest.FixtureRequest) -> Iterator[tuple[Paper, Recording]]:
    if request.param == "demo":
        with packaged_demo() as (paper, journal):
            yield read_paper(paper), Recording.read(journal)
        return
    beside = Path(__file__).parents[3] / "shared" / "papers"
    paper = Path(os.environ.get("PAPER2CODE_PAPERS", beside)) / "pinn.pdf"
    if not paper.exists():
        pytest.skip(f"no paper at {paper}")
    yield read_paper(paper), Recording.read(PINN_JOURNAL)


# What the prompts of the recorded calls come to as they are worded and shared now, by characters, since the
# journals hold what they came to when they were sent.
PROMPTS = {
    "demo": {"input_tokens": 886_000.0, "cached_tokens": 602_000.0},
    "pinn": {"input_tokens": 4_948_000.0, "cached_tokens": 3_928_000.0},
}


def truth(recording: Recording, expected: Estimate) -> dict[str, float]:
    """What the run took. Of a role that is younger than the journal, what is expected of it is added."""
    taken = sum((entry.usage for entry in recording.entries), Usage())
    calls = sum(entry.role in ROLES for entry in recording.entries)
    prompts = PROMPTS["pinn" if "PINN" in recording.title else "demo"]
    counts = {"calls": float(calls), "output_tokens": float(taken.output_tokens), **prompts}
    if not any(entry.role == "tester" for entry in recording.entries):
        tester = next(role for role in expected.roles if role.role == "tester")
        counts = {name: count + getattr(tester, name).likely for name, count in counts.items()}
    return counts


class TestAgainstRecordedRuns:
    @pytest.mark.parametrize("basis", ["paper", "plan", "design"])
    def test_the_truth_lies_between_low_and_high(self, recorded: tuple[Paper, Recording], basis: str) -> None:
        paper, recording = recorded
        design = Known.recorded(recording)
        known = {"paper": Known(), "plan": Known(plan=design.plan), "design": design}[basis]
        expected = estimate(paper, CONTEXT, known)
        assert expected.basis == basis
        outside = {
            name: (getattr(expected, name), value)
            for name, value in truth(recording, expected).items()
            if not getattr(expected, name).holds(value)
        }
        assert outside == {}

    def test_what_is_likely_is_within_a_factor_of_two(self, recorded: tuple[Paper, Recording]) -> None:
        paper, recording = recorded
        for known in (Known(), Known.recorded(recording)):
            expected = estimate(paper, CONTEXT, known)
            for name, value in truth(recording, expected).items():
                assert 0.5 < getattr(expected, name).likely / value < 2, name

    def test_a_design_brings_its_files_and_a_closer_estimate(self, recorded: tuple[Paper, Recording]) -> None:
        paper, recording = recorded
        known = Known.recorded(recording)
        assert known.architecture
        far, near = estimate(paper, CONTEXT), estimate(paper, CONTEXT, known)
        assert near.files.cases == (len(known.architecture.files),) * 3
        assert near.input_tokens.high / near.input_tokens.low < far.input_tokens.high / far.input_tokens.low


class TestWhatIsExpected:
    @given(st.integers(0, 400_000), st.sampled_from(["openai:gpt-5-mini", "anthropic:claude-sonnet-4-5"]))
    def test_low_likely_and_high_come_in_that_order(self, characters: int, model: str) -> None:
        expected = estimate(a_paper(max(3_000, characters)), Context(model=model))
        for amounts in (expected, *expected.roles):
            for name in (*COUNTS, "usd"):
                spread = getattr(amounts, name)
                assert 0 <= spread.low <= spread.likely <= spread.high, name
            assert amounts.cached_tokens.likely <= amounts.input_tokens.likely

    def test_a_paper_without_a_word_has_one_file_at_least(self) -> None:
        nothing = Paper(title="", sections=(), source="text", sha256="0" * 64, extractor="none")
        assert estimate(nothing, CONTEXT).files.likely >= 1

    def test_a_longer_paper_takes_more(self) -> None:
        short, long = estimate(a_paper(20_000), CONTEXT), estimate(a_paper(90_000), CONTEXT)
        for name in ("calls", "input_tokens", "output_tokens"):
            assert getattr(short, name).likely < getattr(long, name).likely

    def test_all_roles_are_there_and_add_up(self) -> None:
        expected = estimate(a_paper(60_000), CONTEXT)
        assert [role.role for role in expected.roles] == list(ROLES)
        for name in COUNTS:
            total = sum(getattr(role, name).likely for role in expected.roles)
            assert getattr(expected, name).likely == pytest.approx(total)

    def test_loops_that_are_switched_off_cost_nothing(self) -> None:
        off = Context(
            model=CONTEXT.model,
            max_replans=0,
            max_redesigns=0,
            max_revisions=0,
            max_fixes=0,
            max_repairs=0,
            max_rulings=0,
            max_mends=0,
        )
        expected = estimate(a_paper(60_000), off)
        roles = {role.role: role.calls for role in expected.roles}
        assert roles["planner"].high == roles["architect"].high == 1
        assert roles["debugger"].high == 0
        assert roles["coder"].likely == roles["analyst"].likely == expected.files.likely

    def test_a_model_that_thinks_is_paid_for_it(self) -> None:
        plain, thinking = (
            estimate(a_paper(60_000), Context(model=f"openai:{name}")) for name in ("gpt-4.1", "o3-mini")
        )
        assert thinking.output_tokens.likely > plain.output_tokens.likely
        assert thinking.input_tokens == plain.input_tokens

    def test_what_a_model_cannot_read_at_once_it_reads_in_parts(self) -> None:
        paper = a_paper(400_000)
        large, small = (
            estimate(paper, Context(model=CONTEXT.model, context_tokens=tokens)) for tokens in (None, 32_000)
        )
        roles = {role.role: role for role in small.roles}
        assert (large.parts, small.parts) == (1, 10)
        assert roles["planner"].calls.likely >= small.parts
        assert (
            roles["reviewer"].calls.likely > next(r for r in large.roles if r.role == "reviewer").calls.likely
        )
        for role in small.roles:
            assert role.input_tokens.likely <= 24_000 * role.calls.likely
        assert small.input_tokens.likely < large.input_tokens.likely

    def test_a_profile_tells_what_a_model_reads_at_once(self) -> None:
        model = FakeListChatModel(responses=["."], profile={"max_input_tokens": 16_000})
        assert estimate(a_paper(90_000), Context(model=model)).parts > 1
        assert estimate(a_paper(90_000), CONTEXT).parts == 1

    def test_most_of_the_input_comes_from_caches(self) -> None:
        for model in ("openai:o3-mini", "anthropic:claude-sonnet-4-5"):
            expected = estimate(a_paper(60_000), Context(model=model))
            assert expected.cached_tokens.likely > expected.input_tokens.likely / 2


class TestDollars:
    def test_a_price_that_nobody_knows_is_not_zero(self) -> None:
        expected = estimate(a_paper(20_000), Context(model="openai:mine"))
        assert expected.usd is None
        assert all(role.usd is None for role in expected.roles)

    def test_one_unknown_price_leaves_the_whole_unknown(self) -> None:
        context = Context(model="openai:gpt-4.1", agent_models={"coder": "openai:mine"})
        expected = estimate(a_paper(20_000), context)
        assert expected.usd is None
        assert {role.role for role in expected.roles if role.usd is None} == {"coder"}

    @pytest.mark.parametrize("model", ["openai:mine", "openai:gpt-4.1"])
    def test_an_own_price_is_taken_for_every_model(self, model: str) -> None:
        price = Price(input=1, cached=0.5, output=4)
        expected = estimate(a_paper(20_000), Context(model=model, price=price))
        fresh = expected.input_tokens.likely - expected.cached_tokens.likely
        dollars = (fresh + expected.cached_tokens.likely / 2 + 4 * expected.output_tokens.likely) / 1e6
        assert expected.usd is not None
        assert expected.usd.likely == pytest.approx(dollars)


class TestKnown:
    def entry(self, role: str, answer: str, revision: int = 0, target: str = "") -> Entry:
        return Entry(
            role=role,
            target=target,
            revision=revision,
            attempt=0,
            request=f"{role} {revision}",
            model="m",
            answer=answer,
            usage=Usage(calls=1, input_tokens=10, usd=0.25),
        )

    def test_revisions_change_what_was_settled(self) -> None:
        change = TOY.plan_revision().model_copy(update={"withdrawn": ("R1",), "requirements": ()})
        known = Known()
        for entry in (
            self.entry("planner", TOY.plan().model_dump_json()),
            self.entry("planner", change.model_dump_json(), revision=1),
            self.entry("architect", TOY.architecture().model_dump_json()),
            self.entry("dependency_analyst", TOY.dependencies().model_dump_json()),
            self.entry("config_writer", TOY.config().model_dump_json()),
        ):
            known = known.after(entry)
        assert known.plan
        assert [r.id for r in known.plan.requirements] == ["R2", "R3"]
        assert known.architecture == TOY.architecture()
        assert known.dependencies == TOY.dependencies()
        assert known.config == TOY.config()

    @given(st.sampled_from(ROLES), st.text(max_size=60), st.integers(0, 2))
    def test_any_answer_can_stand_in_a_journal(self, role: str, answer: str, revision: int) -> None:
        known = Known(plan=TOY.plan())
        assert known.after(self.entry(role, answer, revision)) == known

    def test_a_folder_tells_what_is_paid(self, tmp_path: Path) -> None:
        paper = self.paper("0")
        journal = Journal.open(tmp_path / ".paper2code" / "journal.jsonl", paper.sha256, paper.title)
        journal.append(self.entry("planner", TOY.plan().model_dump_json()))
        journal.append(self.entry("reviewer", "{}", target="(design)"))
        journal.close()
        known = Known.in_folder(tmp_path, paper)
        assert known.plan == TOY.plan()
        assert estimate(paper, CONTEXT, known).paid == Usage(calls=2, input_tokens=20, usd=0.5)
        with pytest.raises(ReplayError, match="belongs to another paper"):
            Known.in_folder(tmp_path, self.paper("1"))

    def test_a_plan_made_in_parts_is_known(self) -> None:
        more = TOY.plan().requirements[0].model_copy(update={"id": "R9"})
        change = TOY.plan_revision().model_copy(update={"requirements": (more,)})
        header = Header(paper="0" * 64, title="Toy")
        entries = (
            self.entry("planner", TOY.plan().model_dump_json(), target="(part 1)"),
            self.entry("planner", change.model_dump_json(), target="(part 2)"),
            self.entry("reviewer", "{}", target="(design)"),
        )
        known = Known.recorded(Recording(header, entries))
        assert known.plan
        assert [r.id for r in known.plan.requirements] == ["R1", "R2", "R3", "R9"]

    def test_a_folder_without_a_run_is_one_line(self, tmp_path: Path) -> None:
        with pytest.raises(ReplayError, match="holds no run: give the output folder"):
            Known.in_folder(tmp_path, self.paper("0"))

    def paper(self, digit: str) -> Paper:
        section = Section(id="s1", level=1, title="Method", text="Text.")
        return Paper(title="Toy", sections=(section,), source="text", sha256=digit * 64, extractor="none")


class TestSpread:
    @given(FIGURES, st.lists(FIGURES, max_size=8))
    def test_it_holds_what_is_likely_and_every_deviation(self, likely: float, others: list[float]) -> None:
        spread = Spread.around(likely, others)
        assert spread.low <= likely <= spread.high
        for other in others:
            assert spread.low <= other * (1 + 1e-6)
            assert other <= spread.high * (1 + 1e-6) + 1e-6

    def test_what_does_not_hang_together_adds_up_to_less_than_the_product(self) -> None:
        spread = Spread.around(100, [200, 50, 200, 50])
        assert 25 < spread.low < 50
        assert 200 < spread.high < 400
