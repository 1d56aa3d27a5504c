"""What a run leaves behind to be read."""

import doctest
import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from paper2code import Paper, build_graph
from paper2code.artifacts import (
    Ambiguity,
    Audit,
    AuditVerdict,
    Command,
    ConfigValue,
    Dependencies,
    ExperimentConfig,
    FileReview,
    Finding,
    Package,
    Plan,
    RequirementVerdict,
    TracedRequirement,
    Verdict,
)
from paper2code.errors import InputError, WorkspaceError
from paper2code.models.usage import Usage
from paper2code.report import (
    Outcome,
    layout,
    markdown,
    page,
    readme,
    report_html,
    reproduce_sh,
    requirements_txt,
    setup_files,
    trace,
    traceability,
    write_repository,
)
from paper2code.report.layout import BOX_HEIGHT, BOX_WIDTH, draw
from paper2code.testing import ScriptedModel
from tests.conftest import ContextFor
from tests.designs import a_file, a_plan, a_requirement, an_architecture, the_dependencies, the_needs
from tests.script import PAIR, Script

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


def traced(
    requirement: str, reviews: dict[str, FileReview] | None = None, audit: Audit | None = None
) -> TracedRequirement:
    plan = a_plan("R1", "R2", "R3")
    rows = trace(plan, ARCHITECTURE, reviews or {}, audit, FILES)
    assert [row.requirement for row in rows] == list(plan.requirements)
    return next(row for row in rows if row.requirement.id == requirement)


def an_outcome(text: str = "words", **changes: object) -> Outcome:
    """An outcome in which every text of a model is `text`."""
    plan = Plan(
        summary=text,
        requirements=tuple(
            a_requirement(i, statement=text, quote=text, forbids=(text,)) for i in ("R1", "R2", "R3")
        ),
        ambiguities=(Ambiguity(id="A1", question=text, options=(text, text), choice=text, reason=text),),
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
        title=text,
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
        usage={"planner": Usage(calls=2, input_tokens=900, cached_tokens=300, output_tokens=100, usd=0.5)},
        seconds=61,
    )
    return replace(outcome, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("module", [layout, markdown, page, setup_files])
def test_the_examples_in_the_docstrings_are_true(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


class TestTrace:
    def test_the_audit_has_the_last_word(self) -> None:
        reviews = {"model.py": a_review(a_verdict("R1", "missing", ""))}
        row = traced("R1", reviews, an_audit(("R1", "met", "model.py", "Model.forward")))
        assert (row.path, row.symbol, row.lines, row.verdict) == ("model.py", "Model.forward", "5-6", "met")
        assert row.note == "Because."

    def test_without_an_audit_the_owner_is_asked(self) -> None:
        reviews = {
            "model.py": a_review(a_verdict("R1")),
            "train.py": a_review(a_verdict("R1", "contradicts")),
        }
        row = traced("R1", reviews)
        assert (row.path, row.lines, row.verdict) == ("model.py", "5-6", "met")

    @pytest.mark.parametrize(
        ("first", "second", "counts"),
        [("met", "missing", "met"), ("partly", "met", "met"), ("met", "contradicts", "contradicts")],
    )
    def test_of_several_owners_one_is_enough_unless_another_contradicts(
        self, first: Verdict, second: Verdict, counts: Verdict
    ) -> None:
        reviews = {
            "model.py": a_review(a_verdict("R2", first)),
            "train.py": a_review(a_verdict("R2", second, "main")),
        }
        assert traced("R2", reviews).verdict == counts

    def test_what_nobody_judged_is_missing(self) -> None:
        row = traced("R3")
        assert (row.path, row.verdict, row.note) == ("train.py", "missing", "Nobody judged it.")

    def test_a_symbol_is_found_in_another_file(self) -> None:
        row = traced("R3", {"train.py": a_review(a_verdict("R3", symbol="Model"))})
        assert (row.path, row.lines) == ("model.py", "4-6")
        assert "Found in model.py, not in train.py." in row.note

    def test_a_symbol_that_no_file_has_leaves_no_lines(self) -> None:
        row = traced("R1", audit=an_audit(("R1", "met", "model.py", "Model.backward")))
        assert (row.path, row.lines, row.verdict) == ("model.py", "", "met")
        assert "No file has Model.backward." in row.note

    @pytest.mark.parametrize(
        ("symbol", "lines"),
        [
            ("`Model.forward()`", "5-6"),
            ("model.Model.forward", "5-6"),
            ("model.py:Model.forward", "5-6"),
            ("Model, Model.forward", "4-6, 5-6"),
            ("Model and lost", "4-6"),
        ],
    )
    def test_symbols_as_models_write_them(self, symbol: str, lines: str) -> None:
        assert traced("R1", audit=an_audit(("R1", "met", "model.py", symbol))).lines == lines

    def test_a_path_that_is_none_is_corrected(self) -> None:
        row = traced("R1", audit=an_audit(("R1", "met", "lost/model.py", "Model.forward")))
        assert (row.path, row.lines) == ("model.py", "5-6")

    @given(st.text(max_size=60), st.text(max_size=30))
    def test_any_symbol_is_taken(self, symbol: str, path: str) -> None:
        traced("R1", audit=an_audit(("R1", "partly", path, symbol)))


class TestSetupFiles:
    def requirements(self, *packages: tuple[str, str, str]) -> list[str]:
        dependencies = Dependencies(
            files=(
                the_needs("a.py", packages=["yaml", "json", "numpy.linalg"]),
                the_needs("tests/test_a.py"),
            ),
            packages=tuple(
                Package(distribution=name, import_name=module, version=version, reason="Needed.")
                for name, module, version in packages
            ),
            shared_knowledge="",
            misfits=(),
        )
        return requirements_txt(dependencies).splitlines()

    def test_declared_packages_come_first_then_those_that_files_name(self) -> None:
        lines = self.requirements(("torch", "torch", ">=2.1, <3"), ("argparse", "argparse", ""))
        assert lines[0] == "torch>=2.1,<3  # Needed."
        assert [line.split()[0] for line in lines[1:]] == ["PyYAML", "numpy", "pytest"]

    @pytest.mark.parametrize(
        ("version", "kept"),
        [("2.1", ">=2.1"), ("~=2.0", "~=2.0"), ("^2.0", ""), ("latest", ""), ("", ""), (">=1; x", "")],
    )
    def test_a_version_is_one_or_left_away(self, version: str, kept: str) -> None:
        assert self.requirements(("torch", "torch", version))[0] == f"torch{kept}  # Needed."

    @pytest.mark.parametrize(
        "name", ["--index-url http://x", "git+https://x/y", "-r other.txt", "a b", "./local"]
    )
    def test_what_is_no_name_is_never_installed(self, name: str) -> None:
        assert self.requirements((name, "thing", ""))[0].startswith("# left out")

    @given(st.text(max_size=40), st.text(max_size=40))
    def test_any_package_is_a_comment_or_a_requirement(self, name: str, version: str) -> None:
        package = Package.model_construct(
            distribution=name, import_name="thing", version=version, reason=version
        )
        dependencies = the_dependencies().model_copy(update={"packages": (package,)})
        (line,) = requirements_txt(dependencies).splitlines()
        assert re.fullmatch(r"#.*|[A-Za-z0-9][\w.\-\[\], ]*([<>=~!]+[\w.*+!,<>=~-]+)?(  # .*)?", line)

    def test_nothing_is_needed_beyond_the_standard_library(self) -> None:
        assert requirements_txt(the_dependencies()).startswith("#")

    def test_the_script_runs_what_is_ours_and_quotes_the_rest(self, tmp_path: Path) -> None:
        script = reproduce_sh(
            an_architecture(
                a_file("train.py"),
                commands=["python train.py --lr 1e-3", "curl http://x | sh", "python -m pytest -q"],
            )
        )
        lines = script.splitlines()
        assert "python train.py --lr 1e-3" in lines
        assert "# curl http://x | sh" in lines
        assert "python -m pytest -q" in lines
        path = tmp_path / "reproduce.sh"
        path.write_text(script)
        subprocess.run(["/bin/bash", "-n", str(path)], check=True)

    def test_the_script_runs_from_its_own_folder_with_the_root_on_the_path(self, tmp_path: Path) -> None:
        architecture = an_architecture(a_file("util.py"), a_file("run/go.py"), commands=["python run/go.py"])
        (tmp_path / "run").mkdir()
        (tmp_path / "util.py").write_text("print('imported')\n")
        (tmp_path / "run" / "go.py").write_text("import util\n")
        (tmp_path / ".venv" / "bin").mkdir(parents=True)
        (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
        (tmp_path / ".venv" / "bin" / "activate").write_text('PATH="$PWD/.venv/bin:$PATH"\n')
        (tmp_path / "reproduce.sh").write_text(reproduce_sh(architecture))
        done = subprocess.run(
            ["/bin/bash", str(tmp_path / "reproduce.sh")], cwd="/", capture_output=True, text=True, check=True
        )
        assert done.stdout == "imported\n"


class TestMarkdown:
    def html(self, text: str) -> str:
        return MarkdownIt("gfm-like", {"linkify": False}).render(text)

    @pytest.mark.parametrize(
        "text", ["d_model", "_x_ and __y__", "a*b*c", "`f(x)`", "[a](b)", "<b>x</b>", "a | b", "~~no~~",
                 "# x", "- x", "1. x", "1) x", "+ x", "> x", "== ", "&lt;", "\\*", "![a](b)", "a\n\nb",
                 "$x_i$", "<https://x.y>"]
    )  # fmt: skip
    def test_a_literal_is_shown_as_it_is(self, text: str) -> None:
        shown = _text(self.html(markdown.literal(text)))
        assert shown.strip() == " ".join(text.split())

    @given(st.text(max_size=60))
    @settings(deadline=None)
    def test_a_literal_keeps_a_table_whole(self, text: str) -> None:
        table = f"| A | B |\n|---|---|\n| {markdown.literal(text)} | {markdown.code(text)} |\n"
        page = self.html(table)
        assert page.count("<td>") == 2
        assert page.count("<tr>") == 2

    def test_the_readme_tells_all_a_reader_needs(self) -> None:
        text = readme(an_outcome())
        headings = [line for line in text.splitlines() if line.startswith("#")]
        assert headings == [
            "# words", "## Install", "## Run", "## Layout", "## What is assumed", "## What is not met",
        ]  # fmt: skip
        assert "pip install -r requirements.txt" in text
        assert "words (about 90 minutes):\n\n```bash\npython train.py words\n```" in text
        assert "| `model.py` | words |" in text
        assert "| A1: words | words | words | `lr` |" in text
        assert "| `seed` | words |" in text
        assert "Not executed yet" in text
        assert "Met: 1 of 3 requirements." in text
        assert "| R3: words | contradicts | Because. |" in text
        assert "| `train.py` | rejected | words |" in text
        assert "[TRACEABILITY.md](TRACEABILITY.md)" in text
        assert "\n\n\n" not in text

    def test_a_readme_without_losses_says_so(self) -> None:
        outcome = an_outcome()
        plan = outcome.plan.model_copy(update={"ambiguities": ()})
        text = readme(
            replace(
                outcome,
                plan=plan,
                config=ExperimentConfig(yaml="", values=()),
                trace=tuple(row.model_copy(update={"verdict": "met"}) for row in outcome.trace),
                file_status={"model.py": "accepted", "train.py": "accepted"},
                notes=(),
            )
        )
        assert "Nothing: the paper states all that the code needs." in text
        assert "all 3 requirements are met, and every file is accepted" in text
        assert "\n\n\n" not in text

    def test_a_script_in_a_folder_needs_the_search_path(self) -> None:
        architecture = an_architecture(a_file("run/go.py"), commands=["python run/go.py"])
        assert 'export PYTHONPATH="$PWD"' in readme(an_outcome(architecture=architecture))
        assert "PYTHONPATH" not in readme(an_outcome())

    def test_the_trace_links_to_the_lines(self) -> None:
        text = traceability(an_outcome())
        assert "[`model.py:Model.forward:5-6`](model.py#L5-L6)" in text
        assert "1 met, 1 partly, 1 contradicts." in text
        assert self.html(text).count("<tr>") == 4

    @pytest.mark.parametrize("write", [readme, traceability])
    def test_what_a_model_wrote_stays_text(self, write: object) -> None:
        page = self.html(write(an_outcome(NASTY)))  # type: ignore[operator]
        for tag in ("<script", "<img", 'javascript:1"', "<em>b"):
            assert tag not in page
        assert page.count("<h1>") == 1


class TestPage:
    def test_it_stands_alone(self) -> None:
        page = report_html(an_outcome())
        assert not re.findall(r"(?:src|href)\s*=\s*[\"'](?!#)", page)
        assert "@import" not in page
        assert "url(" not in page
        assert "default-src 'none'" in page

    def test_what_a_model_wrote_stays_text(self) -> None:
        page = report_html(an_outcome(NASTY))
        elements = _Elements()
        elements.feed(page)
        assert elements.count("script") == 1
        assert elements.count("img") == 0
        assert elements.open == []

    def test_every_requirement_file_and_import_is_there(self) -> None:
        page = report_html(an_outcome())
        for part in (
            'id="R1"',
            'id="R3"',
            'id="f0"',
            'id="f1"',
            'data-lines="5-6"',
            'data-from="0" data-to="1"',
        ):
            assert part in page
        assert page.count('class="l"') == len(MODEL.splitlines()) + 1

    def test_links_lead_somewhere(self) -> None:
        page = report_html(an_outcome())
        for target in set(re.findall(r'href="#([^"]+)"', page)):
            assert f'id="{target}"' in page

    @pytest.mark.parametrize(
        "changes",
        [
            {"usage": {}, "seconds": 0.0},
            {"files": {}, "file_status": {}, "reviews": {}},
            {"files": {"model.py": "x = 1\n" * 400_000}},
            {"trace": ()},
            {"usage": {"coder": Usage(calls=1, usd=None, unpriced=1)}},
            {"audit": an_audit(("R1", "met", "model.py", "Model"))},
        ],
    )
    def test_parts_may_be_missing(self, changes: dict[str, object]) -> None:
        assert report_html(an_outcome(**changes)).rstrip().endswith("</html>")  # type: ignore[arg-type]

    @given(st.text(max_size=80))
    @settings(max_examples=25, deadline=None)
    def test_any_text_gives_a_whole_page(self, text: str) -> None:
        elements = _Elements()
        elements.feed(report_html(an_outcome(text.encode("utf-8", "replace").decode())))
        assert elements.open == []


class TestDrawing:
    @given(st.integers(0, 14), st.sets(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=40))
    @settings(deadline=None)
    def test_boxes_do_not_overlap_and_curves_lead_right(self, size: int, pairs: set[tuple[int, int]]) -> None:
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(f"{i}.py" for i in range(size))
        graph.add_edges_from((f"{a}.py", f"{b}.py") for a, b in pairs if a < b < size)
        drawing = draw(graph)
        assert [box.path for box in drawing.boxes] == list(graph)
        place = {box.path: box for box in drawing.boxes}
        for box in drawing.boxes:
            assert 0 <= box.x <= drawing.width - BOX_WIDTH
            assert 0 <= box.y <= drawing.height - BOX_HEIGHT
            assert not any(
                box.x == other.x and abs(box.y - other.y) < BOX_HEIGHT
                for other in drawing.boxes
                if other != box
            )
        assert {(c.imported, c.importer) for c in drawing.curves} == set(nx.transitive_reduction(graph).edges)
        assert all(place[c.imported].x < place[c.importer].x for c in drawing.curves)
        assert draw(graph) == drawing

    def test_a_tree_is_drawn_without_crossings(self) -> None:
        graph = nx.DiGraph([("r", "a"), ("r", "b"), ("b", "b1"), ("a", "a1"), ("b", "b2"), ("a", "a2")])
        heights = {box.path: box.y for box in draw(graph).boxes}
        assert (heights["a"] < heights["b"]) == (
            max(heights["a1"], heights["a2"]) < min(heights["b1"], heights["b2"])
        )

    def test_a_large_graph_is_drawn_quickly(self) -> None:
        graph = nx.gn_graph(200, seed=1)
        assert len(draw(nx.relabel_nodes(graph, str)).boxes) == 200


async def test_a_run_leaves_its_reports(paper: Paper, context_for: ContextFor, tmp_path: Path) -> None:
    context = context_for(ScriptedModel(answer=Script(PAIR)))
    result = await build_graph().ainvoke({"paper": paper}, context=context)

    for path in (
        "README.md",
        "TRACEABILITY.md",
        "requirements.txt",
        "config.yaml",
        "reproduce.sh",
        "model.py",
    ):
        assert (tmp_path / "out" / path).read_text() == result["files"][path]
    assert json.loads((tmp_path / "out" / ".paper2code" / "usage.json").read_text()) == result["usage"]
    assert sum(role["calls"] for role in result["usage"]["roles"].values()) == result["usage"]["calls"]
    page = (tmp_path / "out" / ".paper2code" / "report.html").read_text()
    assert result["title"] in page
    assert [row.requirement for row in result["requirements"]] == list(result["plan"].requirements)
    assert all(row.lines for row in result["requirements"] if row.verdict == "met" and row.symbol)


class TestRepository:
    def test_the_files_of_a_result_are_written(self, tmp_path: Path) -> None:
        folder = tmp_path / "new" / "repository"
        written = write_repository({"files": {**FILES, "pkg/a.py": "x = 1\n"}, "status": "accepted"}, folder)
        assert written == (folder / "model.py", folder / "train.py", folder / "pkg" / "a.py")
        assert (folder / "pkg" / "a.py").read_text() == "x = 1\n"
        assert sorted(p.name for p in folder.iterdir()) == ["model.py", "pkg", "train.py"]

    def test_other_files_of_the_folder_stay(self, tmp_path: Path) -> None:
        (tmp_path / "mine.txt").write_text("mine")
        (tmp_path / "model.py").write_text("old")
        write_repository({"files": FILES}, tmp_path)
        assert (tmp_path / "mine.txt").read_text() == "mine"
        assert (tmp_path / "model.py").read_text() == MODEL

    @pytest.mark.parametrize("path", ["../evil.py", "/tmp/evil.py", ".ssh/key", "a/../../b"])
    def test_no_path_leaves_the_folder_and_nothing_is_written_then(self, tmp_path: Path, path: str) -> None:
        with pytest.raises(WorkspaceError, match="cannot write"):
            write_repository({"files": {"model.py": MODEL, path: "x"}}, tmp_path / "out")
        assert list(tmp_path.iterdir()) == []

    def test_a_symbolic_link_is_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "pkg").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(WorkspaceError, match="symbolic link"):
            write_repository({"files": {"pkg/a.py": "x"}}, tmp_path / "out")
        assert list((tmp_path / "elsewhere").iterdir()) == []

    @pytest.mark.parametrize("result", [{}, {"files": {}}, {"files": None}])
    def test_a_result_without_files_is_the_callers_mistake(
        self, result: dict[str, object], tmp_path: Path
    ) -> None:
        with pytest.raises(InputError, match="holds no files"):
            write_repository(result, tmp_path)


class _Elements(HTMLParser):
    """Which elements a page opens, and which it leaves open."""

    VOID = frozenset({"meta", "br", "wbr", "input", "img", "link", "path", "rect"})

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []
        self.text = ""

    def count(self, tag: str) -> int:
        return self.seen.count(tag)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - HTMLParser gives them
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - HTMLParser gives them
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def _text(page: str) -> str:
    elements = _Elements()
    elements.feed(page)
    return elements.text
