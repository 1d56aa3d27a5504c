"""The examples in docstrings of the report."""

import doctest
import importlib
import pkgutil

import pytest

import paper2code.checks.repository
import paper2code.report

MODULES = [
    module.name
    for package in (paper2code.report, paper2code.checks.repository)
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_are_true(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0
