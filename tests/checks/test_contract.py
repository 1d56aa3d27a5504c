"""The contract of a design: its faults, and what settles them."""

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paper2code.artifacts import (
    Architecture,
    Dependencies,
    DesignFault,
    ExperimentConfig,
    FileDependencies,
    Misfit,
    PlannedFile,
)
from paper2code.checks.contract import find_config_faults, find_faults, settle, without_markers
from paper2code.errors import DesignError
from paper2code.import_graph import build_import_graph
from tests.designs import a_design, a_file, a_plan, an_architecture, the_dependencies, the_needs

STUB = "class Model:\n    def forward(self, x: int) -> int: ...\n"


def a_sound_design() -> tuple[Architecture, Dependencies]:
    return (
        an_architecture(
            a_file("model.py", STUB, ["R1"]),
            a_file("train.py", requirements=["R2"]),
            commands=["python train.py --smoke"],
        ),
        the_dependencies(the_needs("model.py"), the_needs("train.py", ["model.py"])),
    )


def by_rule(faults: tuple[DesignFault, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(fault.rule, []).append(fault.subject)
    return found


def with_files(
    *files: PlannedFile, commands: tuple[str, ...] = ("python main.py",)
) -> tuple[DesignFault, ...]:
    """The faults of a design of these files and a main.py."""
    architecture = an_architecture(*files, a_file("main.py", requirements=["R1"]), commands=commands)
    needs = [the_needs(file.path) for file in architecture.files]
    return find_faults(a_plan("R1"), architecture, the_dependencies(*needs))


class TestFaults:
    def test_a_sound_design_has_none(self) -> None:
        assert find_faults(a_plan("R1", "R2"), *a_sound_design()) == ()

    def test_a_requirement_that_no_file_owns_is_a_hole(self) -> None:
        (fault,) = find_faults(a_plan("R1", "R2", "R3"), *a_sound_design())
        assert (fault.rule, fault.subject) == ("hole", "R3")
        assert "What R3 says" in fault.problem

    def test_a_requirement_that_the_plan_lacks_is_unknown(self) -> None:
        (fault,) = with_files(a_file("a.py", requirements=["R9", "R9"]))
        assert (fault.rule, fault.subject) == ("unknown", "a.py")
        assert "R9" in fault.problem

    @pytest.mark.parametrize("path", ["../a.py", "/etc/passwd", "README.md", "config.yaml", ".hidden.py"])
    def test_a_path_that_cannot_be_written_is_a_fault(self, path: str) -> None:
        assert by_rule(with_files(a_file(path))) == {"path": [path]}

    def test_paths_that_differ_by_case_collide(self) -> None:
        assert by_rule(with_files(a_file("model.py"), a_file("Model.py"))) == {"path": ["Model.py"]}

    def test_an_import_of_an_unplanned_file_is_a_fault(self) -> None:
        architecture, _ = a_sound_design()
        dependencies = the_dependencies(the_needs("model.py"), the_needs("train.py", ["data.py", "model.py"]))
        (fault,) = find_faults(a_plan("R1", "R2"), architecture, dependencies)
        assert (fault.rule, fault.subject) == ("import", "train.py")
        assert "data.py" in fault.problem

    def test_the_files_that_the_run_writes_may_be_imported(self) -> None:
        architecture, _ = a_sound_design()
        dependencies = the_dependencies(the_needs("model.py", ["config.yaml"]), the_needs("train.py"))
        assert find_faults(a_plan("R1", "R2"), architecture, dependencies) == ()

    def test_every_planned_file_has_one_entry_and_no_other_has(self) -> None:
        architecture, _ = a_sound_design()
        dependencies = the_dependencies(the_needs("model.py"), the_needs("model.py"), the_needs("lost.py"))
        faults = by_rule(find_faults(a_plan("R1", "R2"), architecture, dependencies))
        assert faults == {"unknown": ["train.py", "model.py", "lost.py"]}

    def test_a_cycle_is_told_as_a_chain_of_imports(self) -> None:
        architecture, dependencies = a_design({"a.py": ["b.py"], "b.py": ["c.py"], "c.py": ["a.py"]})
        (fault,) = [f for f in find_faults(a_plan("R1"), architecture, dependencies) if f.rule == "cycle"]
        assert fault.subject == "a.py -> b.py -> c.py -> a.py"
        assert "a.py imports b.py, b.py imports c.py, c.py imports a.py" in fault.problem

    def test_misfits_of_planned_files_are_passed_on(self) -> None:
        architecture, dependencies = a_sound_design()
        misfits = tuple(
            Misfit(path=path, problem="train.py needs the loss.", proposal="def loss(x): ...")
            for path in ("model.py", "lost.py")
        )
        faults = find_faults(
            a_plan("R1", "R2"), architecture, dependencies.model_copy(update={"misfits": misfits})
        )
        assert by_rule(faults) == {"misfit": ["model.py"]}
        assert "def loss(x): ..." in faults[0].problem

    @pytest.mark.parametrize(
        ("interface", "words"),
        [
            ("", "promises no interface"),
            ("It trains the model.", "isn't a Python stub"),
            ("def (x):", "line 1"),
        ],
    )
    def test_an_imported_file_promises_a_stub(self, interface: str, words: str) -> None:
        architecture, dependencies = a_sound_design()
        files = (architecture.files[0].model_copy(update={"interface": interface}), architecture.files[1])
        changed = architecture.model_copy(update={"files": files})
        (fault,) = find_faults(a_plan("R1", "R2"), changed, dependencies)
        assert (fault.rule, fault.subject) == ("misfit", "model.py")
        assert words in fault.problem

    @pytest.mark.parametrize(
        "interface",
        [
            "```python\nclass Model:\n    def forward(self, x) -> int\n```",
            "class Model(nn.Module):\n    '''A model.'''\n    def forward(self, x: Tensor[B, T]) -> Tensor\n",
            "    def loss(x, y): ...\n    def accuracy(x, y): ...",
            "class Model\ndef loss(x, y) -> float\nSIZE: int",
            "def loss(\n    x,\n    y,\n) -> float: ...",
        ],
    )
    def test_what_models_do_to_stubs_is_forgiven(self, interface: str) -> None:
        architecture, dependencies = a_sound_design()
        files = (architecture.files[0].model_copy(update={"interface": interface}), architecture.files[1])
        changed = architecture.model_copy(update={"files": files})
        assert find_faults(a_plan("R1", "R2"), changed, dependencies) == ()

    def test_an_entry_point_may_describe_itself_in_prose(self) -> None:
        assert with_files(a_file("evaluate.py", "Command-line entry point.")) == ()

    def test_a_file_that_is_imported_has_a_name_that_python_can_import(self) -> None:
        architecture = an_architecture(
            a_file("my-model.py", STUB, ["R1"]), a_file("main.py"), commands=["python main.py"]
        )
        dependencies = the_dependencies(the_needs("my-model.py"), the_needs("main.py", ["my-model.py"]))
        (fault,) = find_faults(a_plan("R1"), architecture, dependencies)
        assert fault.rule == "misfit"
        assert "no import statement can name it" in fault.problem

    @pytest.mark.parametrize(
        ("path", "words"), [("logging.py", "standard library"), ("datasets/load.py", "package 'datasets'")]
    )
    def test_a_root_name_must_not_hide_what_others_import(self, path: str, words: str) -> None:
        architecture = an_architecture(
            a_file(path, requirements=["R1"]), a_file("main.py"), commands=["python main.py"]
        )
        dependencies = the_dependencies(
            the_needs(path), the_needs("main.py"), packages={"datasets": "datasets"}
        )
        (fault,) = find_faults(a_plan("R1"), architecture, dependencies)
        assert (fault.rule, fault.subject) == ("misfit", path)
        assert words in fault.problem

    def test_a_module_hides_the_folder_of_its_name(self) -> None:
        (fault,) = with_files(a_file("models.py"), a_file("models/encoder.py"))
        assert "clashes with the folder models/" in fault.problem

    def test_a_package_needs_no_init(self) -> None:
        assert with_files(a_file("models/encoder.py"), a_file("models/decoder.py")) == ()


class TestCommands:
    @pytest.mark.parametrize(
        "command",
        [
            "python main.py",
            "python ./main.py --lr 1e-3",
            "python -m main",
            "CUDA_VISIBLE_DEVICES=0 torchrun --nproc_per_node 2 main.py",
            "python main.py --name 'an open quote",
            "python main.py && python -m pkg",
        ],
    )
    def test_a_command_that_starts_a_planned_file_is_sound(self, command: str) -> None:
        assert with_files(a_file("pkg/__main__.py"), commands=(command,)) == ()

    def test_pytest_and_reproduce_are_no_scripts_of_ours(self) -> None:
        commands = ("python -m pytest -q", "./reproduce.sh", "python main.py")
        assert with_files(commands=commands) == ()

    @pytest.mark.parametrize(
        ("command", "script"), [("python run.py", "run.py"), ("python -m pkg.run", "pkg/run.py")]
    )
    def test_a_command_must_not_start_an_unplanned_script(self, command: str, script: str) -> None:
        (fault,) = with_files(a_file("pkg/model.py"), commands=("python main.py", command))
        assert (fault.rule, fault.subject) == ("unknown", command)
        assert script in fault.problem

    def test_some_command_must_start_a_planned_file(self) -> None:
        (fault,) = with_files(commands=("echo done",))
        assert (fault.rule, fault.subject) == ("unknown", "commands")


class TestSettlement:
    def test_a_sound_design_stays_as_it_is(self) -> None:
        architecture, dependencies = a_sound_design()
        settlement = settle(a_plan("R1", "R2"), architecture, dependencies)
        assert (settlement.architecture, settlement.dependencies) == (architecture, dependencies)
        assert settlement.notes == ()

    def test_what_cannot_be_built_is_taken_out_with_a_note_each(self) -> None:
        architecture = an_architecture(
            a_file("../evil.py", requirements=["R1"]),
            a_file("model.py", STUB, ["R2", "R9"]),
            a_file("train.py"),
            commands=["python start.py"],
        )
        dependencies = the_dependencies(
            the_needs("../evil.py"),
            the_needs("model.py", ["train.py"]),
            the_needs("model.py"),
            the_needs("train.py", ["model.py", "data.py", "../evil.py"]),
        )
        settlement = settle(a_plan("R1", "R2"), architecture, dependencies)
        assert [file.path for file in settlement.architecture.files] == ["model.py", "train.py"]
        assert settlement.architecture.files[0].requirements == ("R2",)
        assert [command.command for command in settlement.architecture.commands] == ["python train.py"]
        assert settlement.dependencies.of("model.py").imports == ()
        assert settlement.dependencies.of("train.py").imports == ("model.py",)
        assert "must not import train.py" in settlement.dependencies.of("model.py").logic
        notes = "\n".join(settlement.notes)
        for word in (
            "'../evil.py'",
            "'R9'",
            "'data.py'",
            "no longer imports train.py",
            "start.py",
            "first one",
        ):
            assert word in notes
        faults = find_faults(a_plan("R1", "R2"), settlement.architecture, settlement.dependencies)
        assert by_rule(faults) == {"hole": ["R1"]}

    def test_a_design_without_any_usable_file_is_an_error(self) -> None:
        architecture = an_architecture(a_file("../a.py"), a_file("README.md"))
        with pytest.raises(DesignError, match="no planned file"):
            settle(a_plan("R1"), architecture, the_dependencies())

    def test_a_likely_start_is_no_test_and_imported_by_nobody(self) -> None:
        architecture = an_architecture(
            a_file("model.py"), a_file("run/train.py"), a_file("tests/test_model.py")
        )
        dependencies = the_dependencies(the_needs("run/train.py", ["model.py"]))
        commands = settle(a_plan("R1"), architecture, dependencies).architecture.commands
        assert [command.command for command in commands] == ["python run/train.py"]


paths = st.sampled_from(
    [
        "a.py",
        "b.py",
        "pkg/c.py",
        "pkg/__init__.py",
        "A.py",
        "../d.py",
        "README.md",
        "x y.py",
        "logging.py",
        "run.sh",
    ]
) | st.text(min_size=1, max_size=12).filter(str.strip)
ids = st.sampled_from(["R1", "R2", "R9"])
stubs = st.sampled_from(["", STUB, "prose about it", "def f(x): ..."]) | st.text(max_size=30)
commands = st.sampled_from(["python a.py", "bash run.sh", "python -m pkg.c", "python 'b.py", "ls"]) | st.text(
    max_size=20
)
architectures = st.builds(
    an_architecture,
    st.builds(a_file, paths, stubs, st.lists(ids, max_size=3)),
    commands=st.lists(commands, max_size=3),
)


@st.composite
def designs(draw: st.DrawFn) -> tuple[Architecture, Dependencies]:
    """Any design that the artifacts let through."""
    chosen = [path.strip() for path in draw(st.lists(paths, min_size=1, max_size=6))]
    files = [
        draw(st.builds(a_file, st.just(path), stubs, st.lists(ids, max_size=3)))
        for path in dict.fromkeys(chosen)
    ]
    entries = st.builds(
        the_needs, st.sampled_from(chosen) | paths, st.lists(st.sampled_from(chosen) | paths, max_size=4)
    )
    needs: list[FileDependencies] = draw(st.lists(entries, max_size=7))
    return an_architecture(*files, commands=draw(st.lists(commands, max_size=3))), the_dependencies(*needs)


@given(designs())
@settings(max_examples=120, deadline=None)
def test_a_settled_design_can_be_built(design: tuple[Architecture, Dependencies]) -> None:
    plan = a_plan("R1", "R2")
    faults = find_faults(plan, *design)
    try:
        settlement = settle(plan, *design)
    except DesignError:
        assert len([fault for fault in faults if fault.rule == "path"]) == len(design[0].files)
        return
    left = find_faults(plan, settlement.architecture, settlement.dependencies)
    assert {fault.rule for fault in left} <= {"hole", "misfit"}
    assert bool(settlement.notes) == bool({fault.rule for fault in faults} - {"hole", "misfit"})
    assert nx.is_directed_acyclic_graph(build_import_graph(settlement.architecture, settlement.dependencies))
    again = settle(plan, settlement.architecture, settlement.dependencies)
    assert again.notes == ()
    assert (again.architecture, again.dependencies) == (settlement.architecture, settlement.dependencies)


class TestConfig:
    def faults(self, yaml: str, *keys: str) -> tuple[DesignFault, ...]:
        return find_config_faults(
            ExperimentConfig(yaml=yaml, values=()), the_dependencies(the_needs("train.py", config_keys=keys))
        )

    def test_keys_that_files_read_must_be_there(self) -> None:
        (fault,) = self.faults("train:\n  lr: 0.1\n", "train.lr", "train", "train.epochs")
        assert (fault.rule, fault.subject) == ("config", "train.epochs")
        assert "train.py" in fault.problem

    @pytest.mark.parametrize("key", ["train.lr", "config.train.lr", "cfg.train", "*.lr", "train.*"])
    def test_a_key_may_be_written_in_several_ways(self, key: str) -> None:
        assert self.faults("train:\n  lr: 0.1\n", key) == ()

    def test_keys_that_no_file_declares_are_told_together(self) -> None:
        yaml = "train:\n  lr: 0.1\n  epochs: 3\nseed: 0\nsmoke:\n  seed: 1\n"
        (fault,) = self.faults(yaml, "train.lr")
        assert (fault.rule, fault.subject) == ("config", "train.epochs")
        assert "train.epochs, seed." in fault.problem

    @pytest.mark.parametrize("key", ["train", "train.*", "*", "cfg", "config.train", "train.lr"])
    def test_a_declared_section_covers_its_keys_and_smoke_those_that_it_replaces(self, key: str) -> None:
        assert self.faults("train:\n  lr: 0.1\nsmoke:\n  train:\n    lr: 1.0\n", key) == ()

    def test_where_no_file_declares_any_none_is_missed(self) -> None:
        assert self.faults("train:\n  lr: 0.1\n") == ()

    def test_a_section_within_itself_has_an_end(self) -> None:
        assert self.faults("train: &t\n  again: *t\n  lr: 0.1\n", "train") == ()

    @pytest.mark.parametrize("yaml", ["a: [1", "a: b: c", "\t- x", "a: 2020-13-45", "[" * 5_000, "a: \x00"])
    def test_text_that_is_no_yaml_is_one_fault(self, yaml: str) -> None:
        (fault,) = self.faults(yaml, "train.lr")
        assert "isn't YAML" in fault.problem

    @pytest.mark.parametrize("yaml", ["", "- a\n- b\n", "just words"])
    def test_the_configuration_is_a_mapping(self, yaml: str) -> None:
        (fault,) = self.faults(yaml)
        assert "must be a mapping" in fault.problem

    @pytest.mark.parametrize(
        ("written", "better"),
        [
            ("1e-4", "1.0e-4"),
            ("1e5", "1.0e+5"),
            ("-2.5e3", "-2.5e+3"),
            ("5E-04", "5.0e-04"),
            ("1.e6", "1.0e+6"),
        ],
    )
    def test_numbers_that_python_reads_as_text_are_faults(self, written: str, better: str) -> None:
        (fault,) = self.faults(f"lr: {written}\n")
        assert fault.subject == written
        assert f"Write {better}." in fault.problem
        assert self.faults(f"lr: {better}\n") == ()

    def test_quoted_numbers_and_names_are_meant_as_text(self) -> None:
        assert self.faults("a: '1e-4'\nb: v1e4\nc: 1e4 steps\nd: 0.1\ne: .inf\nf: 3\n") == ()

    def test_aliases_are_followed_once(self) -> None:
        bomb = "a0: &a0 [1e-4]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))
        assert len(self.faults(bomb + "loop: &loop [*loop]\n", "*")) == 1

    @given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=10).filter(str.strip), max_size=3))
    @settings(deadline=None)
    def test_any_text_gives_faults_not_errors(self, yaml: str, keys: list[str]) -> None:
        self.faults(yaml, *keys)


class TestMarkers:
    MARKER = a_file("models/__init__.py", "# Makes the folder a package.\n")

    def design(
        self, marker: PlannedFile, *, imports: tuple[str, ...] = (), users: tuple[str, ...] = ()
    ) -> tuple[Architecture, Dependencies]:
        """A marker beside a model and the file that trains it."""
        return (
            an_architecture(
                marker,
                a_file("models/mlp.py", STUB, ["R1"]),
                a_file("train.py", "", ["R2"]),
                commands=["python train.py"],
            ),
            the_dependencies(
                the_needs(marker.path, imports),
                the_needs("models/mlp.py"),
                the_needs("train.py", ["models/mlp.py", *users]),
            ),
        )

    @pytest.mark.parametrize(
        "interface", ["", "\n", "# An empty file.", '"""Marks a package."""', "```python\n# Nothing.\n```"]
    )
    def test_one_that_holds_nothing_leaves_the_design(self, interface: str) -> None:
        architecture, dependencies = without_markers(
            *self.design(self.MARKER.model_copy(update={"interface": interface}))
        )
        assert [file.path for file in architecture.files] == ["models/mlp.py", "train.py"]
        assert [file.path for file in dependencies.files] == ["models/mlp.py", "train.py"]
        assert not find_faults(a_plan("R1", "R2"), architecture, dependencies)

    def test_the_tests_folder_needs_none_planned(self) -> None:
        architecture, _ = without_markers(*self.design(a_file("tests/__init__.py")))
        assert architecture.file("tests/__init__.py") is None

    @pytest.mark.parametrize(
        "design",
        [
            pytest.param((MARKER, ("models/mlp.py",), ()), id="it re-exports"),
            pytest.param((MARKER, (), ("models/__init__.py",)), id="another imports it"),
            pytest.param(
                (MARKER.model_copy(update={"requirements": ("R1",)}), (), ()), id="it owns something"
            ),
            pytest.param((a_file("models/__init__.py", "__version__: str"), (), ()), id="it promises a name"),
            pytest.param((a_file("models/__init__.py", "It sets float64."), (), ()), id="prose"),
            pytest.param((a_file("assets/__init__.py"), (), ()), id="nothing else is in its folder"),
            pytest.param((a_file("models/empty.py"), (), ()), id="another name"),
        ],
    )
    def test_one_that_may_hold_something_stays(
        self, design: tuple[PlannedFile, tuple[str, ...], tuple[str, ...]]
    ) -> None:
        marker, imports, users = design
        before = self.design(marker, imports=imports, users=users)
        assert without_markers(*before) == before
