"""The prompts: one `<role>.md.jinja` a deed, and the blocks that all of them share."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, nodes


@cache
def _environment() -> Environment:
    # Prompts are text for a model: escaping for HTML would only garble them.
    return Environment(  # noqa: S701
        loader=PackageLoader("paper2code", "prompts"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


def render(template: str, /, **values: object) -> str:
    """The text of `<template>.md.jinja` with these values.

    The same values always give the same bytes.

    Raises:
        jinja2.UndefinedError: The template uses a value that was not given.
    """
    return _environment().get_template(f"{template}.md.jinja").render(**values).strip()


@cache
def fixed_length(template: str) -> int:
    """The characters of `<template>.md.jinja` that no value fills in, those of all its branches together."""
    source = (files(__name__) / f"{template}.md.jinja").read_text("utf-8")
    return sum(len(text.data) for text in _environment().parse(source).find_all(nodes.TemplateData))
