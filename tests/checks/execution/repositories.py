"""Small generated repositories, good and bad, and an environment with nothing but pytest to run them in."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path

SOUND: Mapping[str, str] = {
    "model.py": "def double(x: float) -> float:\n    return 2 * x\n",
    "train.py": """\
import argparse
from pathlib import Path

from model import double


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains.")
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--seed", type=int, required=True)
    arguments = parser.parse_args()
    if not arguments.smoke:
        raise RuntimeError("the full experiment")
    Path("results").mkdir()
    Path("results/loss.txt").write_text(str(double(0.25)))
    print("smoke: loss 1.0 -> 0.5")


if __name__ == "__main__":
    main()
""",
    "tables/make.py": """\
import sys
from pathlib import Path

if __name__ == "__main__":
    assert sys.argv[1:] == ["--smoke"]
    print("loss", Path("results/loss.txt").read_text())
""",
    "tests/test_model.py": """\
from model import double


def test_double():
    assert double(2) == 4


def test_zero():
    assert double(0) == 0
""",
}
SURROUNDINGS: Mapping[str, str] = {
    "config.yaml": "smoke: {}\n",
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "requirements.txt": "# The standard library is enough.\n",
    "tables/__init__.py": "",
    "tests/__init__.py": "",
}
COMMANDS = ("python -m pytest", "python train.py --seed 3", "python -m tables.make && ls results")

_PYTEST = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")


def environment_with_pytest(folder: Path) -> Path:
    """A virtual environment that holds the running pytest and no plugin."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    for name in _PYTEST:
        for file in distribution(name).files or ():
            if file.suffix != ".pyc" and ".." not in file.parts:
                target = site_packages / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file.locate(), target)
    return folder
