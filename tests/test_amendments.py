"""Changes to the settings of a finished design."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.amendments import AmendmentFault, amended_config, amended_packages
from paper2code.artifacts import Dependencies, ExperimentConfig, Package

CONFIG = ExperimentConfig(yaml="train:\n  epochs: 10\nsmoke:\n  epochs: 1\n", values=())
PACKAGES = Dependencies(
    files=(),
    packages=(
        Package(distribution="scikit-learn", import_name="sklearn", version=">=1.3", reason="baselines"),
        Package(distribution="PyYAML", import_name="yaml", version="", reason="reads config.yaml"),
    ),
    shared_knowledge="",
    misfits=(),
)


def test_values_may_change() -> None:
    text = "train:\n  epochs: 10\nsmoke:\n  epochs: 2\n"
    assert amended_config(CONFIG, text).yaml == text
    assert amended_config(CONFIG, None) is CONFIG


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("train:\n  epochs: 10\n", "smoke, smoke.epochs"),
        ("train:\n  epochs: 10\n  lr: 1\nsmoke:\n  epochs: 1\n", "train.lr"),
        ("train: [", "no YAML"),
        ("", "train"),
    ],
)
def test_keys_may_not(text: str, words: str) -> None:
    with pytest.raises(AmendmentFault, match=words):
        amended_config(CONFIG, text)


IMPORTED = "scikit-learn>=1.3  # baselines\nPyYAML\n"


def test_bounds_may_change() -> None:
    amended = amended_packages(PACKAGES, IMPORTED, "Scikit_Learn>=1.2,<2  # baselines\npyyaml\n\n# nothing\n")
    assert [package.version for package in amended.packages] == ["<2,>=1.2", ""]
    assert amended_packages(PACKAGES, IMPORTED, None) is PACKAGES


def test_a_package_that_is_imported_and_was_not_declared_may_be_bound() -> None:
    amended = amended_packages(PACKAGES, "numpy\n", "numpy<2\n")
    assert [(p.distribution, p.version) for p in amended.packages][2:] == [("numpy", "<2")]
    assert amended.packages[:2] == PACKAGES.packages


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scikit-learn\n", "pyyaml"),
        ("scikit-learn\npyyaml\ntorch\n", "torch"),
        ("scikit-learn\npyyaml\n--index-url elsewhere\n", "is no requirement"),
    ],
)
def test_packages_may_not(text: str, words: str) -> None:
    with pytest.raises(AmendmentFault, match=words):
        amended_packages(PACKAGES, IMPORTED, text)


@given(st.text())
def test_no_text_raises_anything_else(text: str) -> None:
    for amend in (lambda: amended_config(CONFIG, text), lambda: amended_packages(PACKAGES, IMPORTED, text)):
        with suppress(AmendmentFault):
            amend()
