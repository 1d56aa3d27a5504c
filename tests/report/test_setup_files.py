"""requirements.txt and reproduce.sh."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from paper2code.artifacts import ExperimentConfig, Package
from paper2code.design import Design
from paper2code.report import reproduce_sh, requirements_txt, setup_files
from tests.designs import a_file, a_plan, an_architecture, the_dependencies
from tests.report.outcomes import a_paper


def requirements(*packages: tuple[str, str]) -> list[str]:
    return requirements_txt(
        Package(distribution=name, import_name="thing", version=version, reason="Needed.")
        for name, version in packages
    ).splitlines()


@pytest.mark.parametrize(
    ("version", "kept"),
    [
        ("2.1", ">=2.1"),
        ("~=2.0", "~=2.0"),
        ("^2.0", ""),
        ("latest", ""),
        ("", ""),
        (">=1; x", ""),
        ("==2.1", ">=2.1"),
        ("==2.*", ">=2"),
        ("===2.1,!=2.2", ">=2.1,!=2.2"),
        (">=2.1, <3", ">=2.1,<3"),
    ],
)
def test_a_version_is_one_or_left_away(version: str, kept: str) -> None:
    assert requirements(("torch", version))[0] == f"torch{kept}  # Needed."


@pytest.mark.parametrize(
    "name", ["--index-url http://x", "git+https://x/y", "-r other.txt", "a b", "./local"]
)
def test_what_is_no_name_is_never_installed(name: str) -> None:
    assert requirements((name, ""))[0].startswith("# left out")


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_package_is_a_comment_or_a_requirement(name: str, version: str) -> None:
    package = Package.model_construct(distribution=name, import_name="thing", version=version, reason=version)
    (line,) = requirements_txt([package]).splitlines()
    assert re.fullmatch(r"#.*|[A-Za-z0-9][\w.\-\[\], ]*([<>=~!]+[\w.*+!,<>=~-]+)?(  # .*)?", line)


def test_nothing_is_needed_beyond_the_standard_library() -> None:
    assert requirements_txt([]).startswith("#")


DESIGN = Design(
    paper=a_paper(),
    plan=a_plan("R1"),
    architecture=an_architecture(a_file("train.py"), a_file("tests/test_train.py")),
    dependencies=the_dependencies(packages={"torch": "torch", "scikit-learn": "sklearn"}),
    config=ExperimentConfig(yaml="lr: 0.1\n", values=()),
)


def test_the_packages_of_a_whole_repository_are_those_it_imports() -> None:
    files = {"train.py": "import sklearn.svm\nimport yaml\nimport json\n", "tests/test_train.py": ""}
    made = setup_files(DESIGN, files)
    names = [line.split()[0] for line in made["requirements.txt"].splitlines()]
    assert names == ["scikit-learn", "PyYAML", "pytest"]
    assert made["config.yaml"] == "lr: 0.1\n"
    assert made["tests/__init__.py"] == ""
    assert made["pytest.ini"].startswith("[pytest]")


def test_while_files_are_missing_the_packages_are_those_declared() -> None:
    made = setup_files(DESIGN, {"train.py": "import json\n"})
    assert [line.split()[0] for line in made["requirements.txt"].splitlines()] == ["torch", "scikit-learn"]


def test_the_script_runs_what_is_ours_and_quotes_the_rest(tmp_path: Path) -> None:
    script = reproduce_sh(
        an_architecture(
            a_file("train.py"),
            commands=["python train.py --lr 1e-3", "curl http://x | sh", "python -m pytest -q"],
        ),
        {},
    )
    lines = script.splitlines()
    assert "python train.py --lr 1e-3" in lines
    assert "# curl http://x | sh" in lines
    assert "python -m pytest -q" in lines
    path = tmp_path / "reproduce.sh"
    path.write_text(script)
    subprocess.run(["/bin/bash", "-n", str(path)], check=True)


def test_the_script_runs_from_its_own_folder_with_the_root_on_the_path(tmp_path: Path) -> None:
    architecture = an_architecture(a_file("util.py"), a_file("run/go.py"), commands=["python run/go.py"])
    (tmp_path / "run").mkdir()
    (tmp_path / "util.py").write_text("print('imported')\n")
    (tmp_path / "run" / "go.py").write_text("import util\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / ".venv" / "bin" / "activate").write_text('PATH="$PWD/.venv/bin:$PATH"\n')
    for copy in ("requirements.txt", ".venv/requirements.txt"):
        (tmp_path / copy).write_text("# nothing\n")
    (tmp_path / "reproduce.sh").write_text(reproduce_sh(architecture, {}))
    done = subprocess.run(
        ["/bin/bash", str(tmp_path / "reproduce.sh")], cwd="/", capture_output=True, text=True, check=True
    )
    assert done.stdout == "imported\n"


VENV = """\
#!/bin/bash
# Stands for Python: `-m venv` puts it into the folder, `-m pip` is noted and fails where there is no network.
echo "$2" >> asked
case "$2" in
  venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && touch "$3/bin/activate" ;;
  pip) [ ! -e offline ] ;;
esac
"""


def test_the_script_installs_until_all_is_in_and_then_no_more(tmp_path: Path) -> None:
    (tmp_path / "python").write_text(VENV)
    (tmp_path / "python").chmod(0o755)
    (tmp_path / "requirements.txt").write_text("torch\n")
    (tmp_path / "reproduce.sh").write_text(reproduce_sh(an_architecture(a_file("a.py"), commands=["ls"]), {}))
    (tmp_path / ".venv").mkdir()

    def ends_well() -> bool:
        python = {"PYTHON": str(tmp_path / "python"), "PATH": "/usr/bin:/bin"}
        started = ["/bin/bash", str(tmp_path / "reproduce.sh")]
        return subprocess.run(started, env=python, capture_output=True, check=False).returncode == 0

    def asked() -> list[str]:
        return (tmp_path / "asked").read_text().split()

    (tmp_path / "offline").touch()
    assert not ends_well()
    assert asked() == ["venv", "pip"]
    (tmp_path / "offline").unlink()
    assert ends_well()
    assert asked() == ["venv", "pip"] * 2
    (tmp_path / "offline").touch()
    assert ends_well()
    assert asked() == ["venv", "pip"] * 2
    (tmp_path / "requirements.txt").write_text("torch\nscipy\n")
    assert not ends_well()


def a_script(*commands: str, files: dict[str, str] | None = None) -> list[str]:
    architecture = an_architecture(a_file("train.py"), a_file("data/fetch.py"), commands=commands)
    return reproduce_sh(architecture, files or {}).splitlines()


def test_the_script_goes_from_environment_to_data_to_experiments() -> None:
    lines = a_script("python -m pytest", "python train.py", "python -m data.fetch --all")
    places = [lines.index(line) for line in (
        "set -euo pipefail", "# Environment", "# Data", "python -m data.fetch --all", "python -m pytest",
        "python train.py",
    )]  # fmt: skip
    assert places == sorted(places)


def test_without_a_data_step_the_script_says_who_fetches() -> None:
    assert "# Data: nothing to fetch, the code makes or holds its own" in a_script("python train.py")
    files = {"train.py": "import torchvision\ntorchvision.datasets.MNIST('d', download=True)\n"}
    lines = a_script("python train.py", files=files)
    assert "# Data: fetched when it is first used, by train.py" in lines


def test_more_than_a_simple_command_is_handed_over_whole() -> None:
    command = "for s in 0 1; do python train.py --seed $s; done"
    assert f"bash -euo pipefail -c '{command}'" in a_script(command)


@given(st.lists(st.text(max_size=30), max_size=4))
@example(["'"])
@example(['"$(', "<<EOF", "${"])
@example(["\\"])
@settings(deadline=None, max_examples=40)
def test_bash_can_read_the_script_whatever_the_commands(texts: list[str]) -> None:
    commands = [f"{text} python train.py {text}" for text in texts]
    script = "\n".join(a_script(*(text.encode("utf-8", "ignore").decode() for text in commands)))
    done = subprocess.run(["/bin/bash", "-n"], input=script.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
