"""Source as HTML: one string a line, with marks only where a colour will be seen."""

from html import escape
from itertools import groupby
from operator import itemgetter

from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.token import Comment, Keyword, Name, Number, Operator, String, is_token_subtype
from pygments.util import ClassNotFound

_CLASS_OF = (
    (Comment, "c"),
    (String, "s"),
    (Number, "n"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "f"),
    (Name.Tag, "f"),
)


def highlighted(path: str, text: str) -> tuple[str, ...]:
    r"""The lines of a file as HTML.

    Only line feeds end a line, as for Python's parser, so that the line numbers of a trace hold.

    Args:
        path: Its suffix says which language it is; text of no known one is only escaped.
        text: The file.

    >>> highlighted("a.py", "if a < 1:\n    b = '<'\n")
    ('<i class=k>if</i> a &lt; <i class=n>1</i>:', "    b = <i class=s>'&lt;'</i>")
    """
    try:
        lexer = get_lexer_for_filename(path, stripnl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False)
    lines: list[list[tuple[str, str]]] = [[]]
    for kind, value in lexer.get_tokens(text):
        name = next((name for parent, name in _CLASS_OF if is_token_subtype(kind, parent)), "")
        first, *others = value.split("\n")
        lines[-1].append((name, first))
        lines += ([(name, part)] for part in others)
    whole = lines[:-1] if not any(part for _, part in lines[-1]) else lines
    return tuple(map(_as_html, whole))


def _as_html(parts: list[tuple[str, str]]) -> str:
    """A line, in which neighbours of the same class share a mark."""
    runs = ((name, "".join(part for _, part in run)) for name, run in groupby(parts, key=itemgetter(0)))
    return "".join(
        f"<i class={name}>{escape(run, quote=False)}</i>" if name and run else escape(run, quote=False)
        for name, run in runs
    )
