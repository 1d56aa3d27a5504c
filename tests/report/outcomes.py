"""Outcomes of runs for tests of the reports: only what a test is about has to be said."""

from dataclasses import replace
from html.parser import HTMLParser

from paper2code.artifacts import (
    Ambiguity,
    Audit,
    AuditVerdict,
    Command,
    ConfigValue,
    ExperimentConfig,
    FileReview,
    Finding,
    Plan,
    RequirementVerdict,
    RunResult,
    Step,
    Verdict,
)
from paper2code.checks.repository import Inconsistency
from paper2code.models.journal import Entry
from paper2code.models.usage import Usage
from paper2code.papers.model import Equation, Paper, Section
from paper2code.report import Outcome, trace
from tests.designs import a_file, a_requirement, an_architecture, the_dependencies, the_needs

MODEL = "import torch\n\n\nclass Model(torch.nn.Module):\n    def forward(self, x):\n        return x\n"
FILES = {"model.py": MODEL, "train.py": "def main():\n    return 1\n"}
NASTY = "</script><script>alert(1)</script> | a*b* `c` <img src=x> [x](javascript:1) \"'& $d_model$ \n# no"


def a_verdict(
    requirement: str, verdict: Verdict = "met", symbol: str = "Model.forward"
) -> RequirementVerdict:
    return RequirementVerdict(requirement=requirement, verdict=verdict, symbol=symbol, note="Because.")


def a_review(*verdicts: RequirementVerdict, findings: tuple[Finding, ...] = ()) -> FileReview:
    return FileReview(verdicts=verdicts, findings=findings, accepted=not findings)


def an_audit(*verdicts: tuple[str, Verdict, str, str]) -> Audit:
    return Audit(
        assessment="All was read.",
        verdicts=tuple(
            AuditVerdict(requirement=requirement, verdict=verdict, path=path, symbol=symbol, note="Because.")
            for requirement, verdict, path, symbol in verdicts
        ),
        tickets=(),
    )


ARCHITECTURE = an_architecture(
    a_file("model.py", requirements=["R1", "R2"]),
    a_file("train.py", requirements=["R2", "R3"]),
    commands=["python train.py --smoke"],
)


def a_paper(text: str = "words") -> Paper:
    """A paper of two sections with an equation in the second."""
    return Paper(
        title=text,
        sections=(
            Section(id="s1", number="1", title=text, level=1),
            Section(id="s3", number="3", title=text, level=1, text=f"{text} [eq1]"),
        ),
        equations=(Equation(id="eq1", number="7"),),
        source="text",
        sha256="0" * 64,
        extractor="test",
    )


def a_call(role: str, target: str = "", started: float = 0.0, **changes: object) -> Entry:
    """A finished call of 61 seconds."""
    entry = Entry(
        role=role,
        target=target,
        revision=0,
        attempt=0,
        request="",
        model="m",
        answer="",
        usage=Usage(calls=2, input_tokens=900, cached_tokens=300, output_tokens=100, usd=0.5),
        started=started,
        seconds=61,
    )
    return entry.model_copy(update=changes)


def an_outcome(text: str = "words", **changes: object) -> Outcome:
    """An outcome in which every text of a model is `text`."""
    plan = Plan(
        summary=text,
        requirements=tuple(
            a_requirement(i, statement=text, quote=text, forbids=(text,), places=("s3", "eq1"))
            for i in ("R1", "R2", "R3")
        ),
        ambiguities=(
            Ambiguity(
                id="A1", question=text, options=(text, text), choice=text, reason=text, requirements=("R1",)
            ),
        ),
    )
    architecture = ARCHITECTURE.model_copy(
        update={
            "approach": text,
            "files": tuple(file.model_copy(update={"purpose": text}) for file in ARCHITECTURE.files),
            "commands": (Command(command=f"python train.py {text}", purpose=text, minutes=90),),
        }
    )
    problem = Finding(severity="blocker", line=3, problem=text, fix=text)
    reviews = {
        "model.py": a_review(a_verdict("R1"), a_verdict("R2", "partly", text)),
        "train.py": a_review(a_verdict("R3", "contradicts", "main"), findings=(problem,)),
    }
    values = (
        ConfigValue(key="lr", source="assumed", place="A1", note=text),
        ConfigValue(key="seed", source="assumed", place="", note=text),
    )
    outcome = Outcome(
        paper=a_paper(text),
        plan=plan,
        architecture=architecture,
        dependencies=the_dependencies(the_needs("model.py"), the_needs("train.py", ["model.py"])),
        config=ExperimentConfig(yaml="lr: 0.1\n", values=values),
        files={**FILES, "train.py": f"# {text}\n"},
        file_status={"model.py": "accepted", "train.py": "rejected"},
        reviews=reviews,
        trace=trace(plan, architecture, reviews, None, FILES),
        status="incomplete",
        notes=(text,),
        journal=(a_call("planner"),),
    )
    return replace(outcome, **changes)  # type: ignore[arg-type]


STEPS = (
    Step(kind="imports", ending="passed", seconds=1),
    Step(kind="tests", command="python -m pytest", ending="failed", reason="exit code 1", output="1 failed"),
    Step(kind="smoke", command="python train.py --smoke", ending="not run", reason="no sandbox here"),
)


def an_eventful_outcome(text: str = "words") -> Outcome:
    """An outcome with everything that a page can show."""
    review = FileReview(
        verdicts=(),
        findings=(Finding(severity="major", line=1, problem=text, fix=text),),
        accepted=False,
    )
    steps = tuple(step.model_copy(update={"reason": text, "output": text}) for step in STEPS)
    return an_outcome(
        text,
        files={**FILES, "tests/test_model.py": f"def test_a():\n    {f'R1 {text}'!r}\n"},
        run=RunResult(steps=steps, sandbox=text, python=text),
        test_results={"model.py": steps[1]},
        inconsistencies=(Inconsistency(text, text, text),),
        audit=an_audit(("R1", "met", "model.py", text)),
        journal=(
            a_call("planner", started=1_000.0),
            a_call("coder", "model.py", started=1_100.0),
            a_call("reviewer", "model.py", started=1_200.0, answer=review.model_dump_json()),
            a_call("coder", "model.py", started=9_000.0, revision=1),
            a_call("runner", "model.py", started=9_100.0, answer=steps[1].model_dump_json()),
            a_call("tester", text, started=9_100.0),
            a_call("inspector", "(repository)"),
        ),
    )


class Elements(HTMLParser):
    """Which elements a page opens, and which it leaves open."""

    VOID = frozenset({"meta", "br", "wbr", "input", "img", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.links: list[str] = []
        self.handlers: list[str] = []

    def count(self, tag: str) -> int:
        return self.seen.count(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.links += (value or "" for name, value in attrs if name in {"href", "src"})
        self.handlers += (name for name, _ in attrs if name.startswith("on"))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - HTMLParser gives them
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def text_of(page: str) -> str:
    """The text that a page shows."""
    elements = Elements()
    elements.feed(page)
    return elements.text
