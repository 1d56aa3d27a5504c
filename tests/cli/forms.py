"""A console that a test can read, and answers that somebody types into it."""

import io
from collections.abc import Callable
from typing import TypeVar

import pytest
from rich.console import Console

FormT = TypeVar("FormT")


def a_console() -> Console:
    """One that writes into memory, 80 columns wide."""
    return Console(file=io.StringIO(), width=80, highlight=False, markup=False)


def typing_into(
    form: Callable[[Console], FormT], console: Console, monkeypatch: pytest.MonkeyPatch, *answers: str
) -> FormT:
    """The form on that console, whose questions get these answers in turn."""
    left = iter(answers)

    def answer(prompt: str = "") -> str:
        console.print()  # the terminal's echo of the key that ends the line
        return next(left)

    monkeypatch.setattr(console, "input", answer)
    return form(console)
