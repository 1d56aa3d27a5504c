"""After a change, what depends on it is asked again and nothing else; what somebody wrote stays."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from paper2code import Context, WorkspaceError, build_graph
from paper2code.artifacts import ConfigValue, Dependencies, ExperimentConfig, Plan, PlanRevision, Ticket
from paper2code.papers.model import Paper
from paper2code.state import Output
from paper2code.testing import Answer, Question, ScriptedModel, ToyProject
from tests.example import PAPER

CONFIG = ExperimentConfig(
    yaml="train:\n  rate: 0.1\n  steps: 5\nseed: 0\n",
    values=(ConfigValue(key="train.rate", source="paper", place="s2", note=""),),
)


class Project(ToyProject):
    """`model.py` imports `data.py`, `train.py` both; `train.py` reads the rate, each file its section."""

    def plan(self) -> Plan:
        plan = super().plan()
        places = {"R1": ("s1",), "R2": ("s2",), "R3": ("s3",)}
        requirements = (r.model_copy(update={"places": places[r.id]}) for r in plan.requirements)
        return plan.model_copy(update={"requirements": tuple(requirements)})

    def dependencies(self) -> Dependencies:
        found = super().dependencies()
        keys = {"train.py": ("train.rate",)}
        files = (f.model_copy(update={"config_keys": keys.get(f.path, ())}) for f in found.files)
        return found.model_copy(update={"files": tuple(files)})

    def config(self) -> ExperimentConfig:
        return CONFIG


PROJECT = Project({"data.py": [], "model.py": ["data.py"], "train.py": ["model.py", "data.py"]})


@dataclass
class Folder:
    """An output folder, and runs in it."""

    root: Path
    asked: Counter[str] = field(default_factory=Counter)
    """The calls that the last run made, by role and target."""
    events: list[Mapping[str, Any]] = field(default_factory=list)

    def run(
        self,
        paper: Paper = PAPER,
        answer: Callable[[Question], Answer] = PROJECT.answer,
        **choices: Any,
    ) -> Output:
        model = ScriptedModel(answer=answer)
        context = Context(model=model, output_dir=self.root, **choices)
        result: Output = {}
        self.events = []
        for mode, part in build_graph().stream(
            {"paper": paper}, context=context, stream_mode=["custom", "values"]
        ):
            if mode == "values":
                result = part
            else:
                self.events.append(part)
        self.asked = Counter(f"{q.role} {q.target}".strip() for q in model.asked)
        return result

    @property
    def foretold(self) -> Mapping[str, Any] | None:
        """What the last run said it would ask again."""
        said = [event for event in self.events if event["event"] == "regeneration"]
        assert len(said) <= 1
        return said[0] if said else None

    def artifact(self, name: str) -> Path:
        return self.root / ".paper2code" / "artifacts" / f"{name}.json"

    def change(self, name: str, deed: Callable[[dict[str, Any]], None]) -> None:
        """Change an artifact as a person would, with an editor."""
        content = json.loads(self.artifact(name).read_text())
        deed(content)
        self.artifact(name).write_text(json.dumps(content, indent=4))

    def edit(self, path: str, old: str, new: str) -> str:
        place = self.root / path
        text = place.read_text()
        assert old in text
        place.write_text(text.replace(old, new))
        return place.read_text()


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Folder(tmp_path_factory.mktemp("finished") / "out")
    assert made.run()["status"] == "accepted"
    return made.root


@pytest.fixture
def folder(tmp_path: Path, finished: Path) -> Folder:
    """A folder with a finished run."""
    return Folder(Path(shutil.copytree(finished, tmp_path / "out")))


def of(*paths: str) -> set[str]:
    """The calls that write these files."""
    return {f"{role} {path}" for path in paths for role in ("analyst", "coder", "reviewer")}


AUDIT = {"auditor repository"}


def test_without_a_change_nothing_is_asked_and_nothing_is_said(folder: Folder) -> None:
    folder.run()
    assert not folder.asked
    assert folder.foretold is None


# ------------------------------------------------------------------ the design


def test_a_changed_value_asks_those_who_read_it(folder: Folder) -> None:
    folder.edit("config.yaml", "rate: 0.1", "rate: 0.2")
    result = folder.run()
    assert set(folder.asked) == of("train.py") | AUDIT
    assert result["status"] == "accepted"
    assert "rate: 0.2" in result["files"]["config.yaml"] == (folder.root / "config.yaml").read_text()
    [value] = [v for v in result["config"].values if v.key == "train.rate"]
    assert (value.source, value.note) == ("assumed", "set by the researcher")
    assert folder.foretold is not None
    assert folder.foretold["changed"] == ["the configuration (train.rate)"]
    assert folder.foretold["files"] == ["train.py"]
    assert folder.foretold["follows"] == []


def test_a_value_that_no_file_reads_asks_the_audit_alone(folder: Folder) -> None:
    folder.edit("config.yaml", "seed: 0", "seed: 1")
    folder.run()
    assert set(folder.asked) == AUDIT


def test_a_change_holds_when_the_run_is_started_once_more(folder: Folder) -> None:
    folder.edit("config.yaml", "rate: 0.1", "rate: 0.2")
    folder.run()
    result = folder.run()
    assert not folder.asked
    assert folder.foretold is None
    assert "rate: 0.2" in result["files"]["config.yaml"]


def test_a_value_that_is_put_back_costs_nothing_but_the_audit(folder: Folder) -> None:
    folder.edit("config.yaml", "rate: 0.1", "rate: 0.2")
    folder.run()
    folder.edit("config.yaml", "rate: 0.2", "rate: 0.1")
    result = folder.run()
    assert folder.asked.keys() <= AUDIT
    assert "rate: 0.1" in result["files"]["config.yaml"]


def test_a_changed_requirement_asks_the_architect_and_its_files(folder: Folder) -> None:
    def reword(plan: dict[str, Any]) -> None:
        plan["requirements"][1]["statement"] = "model.py returns twice its number."

    folder.change("plan", reword)
    result = folder.run()
    planning = {"architect", "config_writer", "reviewer design"}
    assert set(folder.asked) == planning | of("model.py") | AUDIT
    assert result["plan"].requirements[1].statement == "model.py returns twice its number."
    assert folder.foretold is not None
    assert folder.foretold["changed"] == ["the plan (R2)"]
    assert folder.foretold["follows"] == ["architect", "config_writer"]
    assert folder.foretold["files"] == ["model.py"]


def test_a_changed_file_of_the_design_asks_it_and_those_that_import_it(folder: Folder) -> None:
    def reword(architecture: dict[str, Any]) -> None:
        architecture["files"][1]["purpose"] = "Holds the model and its number."

    folder.change("architecture", reword)
    folder.run()
    planning = {"dependency_analyst", "config_writer"}
    assert set(folder.asked) == planning | of("model.py", "train.py") | AUDIT


def test_an_artifact_that_was_changed_into_something_else_is_told(folder: Folder) -> None:
    folder.change("plan", lambda plan: plan.pop("summary"))
    with pytest.raises(WorkspaceError, match=r"plan\.json is damaged \(summary: Field required\)"):
        folder.run()
    (folder.root / "config.yaml").write_text("train: [\n")
    folder.artifact("plan").write_text(PROJECT.plan().model_dump_json(indent=2) + "\n")
    with pytest.raises(WorkspaceError, match=r"config\.yaml cannot be read: .*line 2"):
        folder.run()


# ------------------------------------------------------------------ the paper and the models


def with_section(paper: Paper, name: str, text: str) -> Paper:
    sections = (s.model_copy(update={"text": text}) if s.id == name else s for s in paper.sections)
    return paper.model_copy(update={"sections": tuple(sections), "sha256": "c" * 64})


def test_a_new_version_of_the_paper_asks_what_rests_on_the_new_text(folder: Folder) -> None:
    def unmoved(question: Question) -> Answer:
        if question.role == "planner":
            assert "s2" in question.prompt.split("# YOUR TASK")[1]
            return PlanRevision(summary="", requirements=(), withdrawn=(), ambiguities=())
        return PROJECT.answer(question)

    result = folder.run(with_section(PAPER, "s2", "The step is fixed."), unmoved)
    assert set(folder.asked) == {"planner"} | of("model.py") | AUDIT
    assert result["status"] == "accepted"
    assert folder.foretold is not None
    assert folder.foretold["changed"] == ["the paper (s2)"]
    assert folder.foretold["follows"] == ["planner"]
    folder.run(with_section(PAPER, "s2", "The step is fixed."), unmoved)
    assert not folder.asked


def test_the_same_text_in_other_bytes_asks_nobody(folder: Folder) -> None:
    folder.run(PAPER.model_copy(update={"sha256": "d" * 64}))
    assert not folder.asked


def test_another_paper_is_refused_still(folder: Folder) -> None:
    with pytest.raises(WorkspaceError, match="another paper"):
        folder.run(PAPER.model_copy(update={"sha256": "e" * 64, "title": "Another"}))


class OtherModel(ScriptedModel):
    """The same answers from a model of another name."""

    @property
    def _llm_type(self) -> str:
        return "other"


def test_another_model_for_one_role_asks_that_role(folder: Folder) -> None:
    other = OtherModel(answer=PROJECT.answer)
    folder.run(agent_models={"analyst": other})
    assert not folder.asked
    assert {question.role for question in other.asked} == {"analyst"}
    assert len(other.asked) == len(PROJECT.imports)
    assert folder.foretold is not None
    [told] = folder.foretold["changed"]
    assert told.startswith("the model of the analyst")


# ------------------------------------------------------------------ what somebody wrote by hand


def test_a_file_changed_by_hand_stays_and_is_shown_to_those_that_import_it(folder: Folder) -> None:
    mine = folder.edit("data.py", "return 1", "return 1  # mine")
    prompts: list[str] = []

    def listening(question: Question) -> Answer:
        if question.role == "coder":
            prompts.append(question.prompt)
        return PROJECT.answer(question)

    result = folder.run(answer=listening)
    importers = {"coder model.py", "coder train.py"}
    assert set(folder.asked) == importers | {"reviewer data.py"} | AUDIT
    assert all("return 1  # mine" in prompt for prompt in prompts)
    assert (folder.root / "data.py").read_text() == mine == result["files"]["data.py"]
    assert result["file_status"]["data.py"] == "accepted"
    assert folder.foretold is not None
    assert folder.foretold["kept"] == ["data.py"]
    assert folder.foretold["files"] == ["data.py", "model.py", "train.py"]
    assert "data.py is kept as it was changed by hand." in result["files"]["README.md"]


def test_it_stays_in_every_later_run(folder: Folder) -> None:
    mine = folder.edit("data.py", "return 1", "return 1  # mine")
    folder.run()
    folder.edit("config.yaml", "rate: 0.1", "rate: 0.2")
    folder.run()
    assert (folder.root / "data.py").read_text() == mine
    assert set(folder.asked) == of("train.py") | AUDIT
    folder.run()
    assert not folder.asked


def test_one_that_does_not_hold_is_kept_and_called_rejected(folder: Folder) -> None:
    mine = folder.edit("data.py", "def value_of_data", "def number_of_data")
    result = folder.run()
    assert (folder.root / "data.py").read_text() == mine
    assert result["file_status"]["data.py"] == "rejected"
    assert result["status"] == "incomplete"
    assert "coder data.py" not in folder.asked


def test_it_is_written_over_where_that_is_wished(folder: Folder) -> None:
    written = (folder.root / "data.py").read_text()
    folder.edit("data.py", "return 1", "return 1  # mine")
    folder.run(overwrite=True)
    assert not folder.asked
    assert (folder.root / "data.py").read_text() == written


def test_a_readme_changed_by_hand_stays(folder: Folder) -> None:
    (folder.root / "README.md").write_text("# Mine\n")
    result = folder.run()
    assert not folder.asked
    assert result["files"]["README.md"] == "# Mine\n" == (folder.root / "README.md").read_text()


def test_no_ticket_reaches_a_file_that_is_kept(folder: Folder) -> None:
    mine = folder.edit("data.py", "return 1", "return 1  # mine")

    def insisting(question: Question) -> Answer:
        answer = PROJECT.answer(question)
        if question.role != "auditor":
            return answer
        ticket = Ticket(path="data.py", severity="major", problem="", change="", keep="", requirements=())
        return PROJECT.audit().model_copy(update={"tickets": (ticket,)})

    result = folder.run(answer=insisting)
    assert (folder.root / "data.py").read_text() == mine
    assert folder.asked["auditor repository"] == 3  # asked again, since such a ticket cannot be taken
    assert result["status"] == "incomplete"
