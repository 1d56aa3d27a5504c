"""The prompts: one `<role>.md.jinja` a deed, and the blocks that all of them share."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


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
