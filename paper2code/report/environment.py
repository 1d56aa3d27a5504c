"""How all templates of the report are rendered."""

from collections.abc import Callable

import jinja2


def environment(*, autoescape: bool, filters: dict[str, Callable[..., str]]) -> jinja2.Environment:
    """The templates with these filters; a value that was not given is an error.

    Args:
        autoescape: For HTML. Where it is off, templates pass every value through a filter that escapes.
        filters: By the name that templates use.
    """
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("paper2code.report"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=autoescape,  # noqa: S701 - off for Markdown only, whose filters escape
    )
    made.filters.update(filters)
    return made
