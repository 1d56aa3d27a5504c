"""The running text of an HTML element: formulas as their LaTeX, notes where their marks stand."""

from collections.abc import Callable

from bs4.element import Comment, NavigableString, Tag

Show = Callable[[Tag], str | None]

_SKIPPED = frozenset(["script", "style", "button", "nav", "noscript", "svg", "template", "head"])
_MARKS = {"em": "*", "i": "*", "strong": "**", "b": "**", "code": "`", "tt": "`"}
_BLOCKS = frozenset(["p", "div", "li", "ul", "ol", "dl", "dt", "dd", "br", "tr", "section", "blockquote"])


def latex_of(math: Tag) -> str | None:
    """The LaTeX that a formula carries: LaTeXML's `alttext`, or the TeX annotation of MathJax and KaTeX."""
    alttext = math.get("alttext")
    if isinstance(alttext, str) and alttext.strip():
        return alttext.strip()
    annotation = math.find("annotation", encoding="application/x-tex")
    return annotation.get_text().strip() if isinstance(annotation, Tag) else None


def classes_of(tag: Tag) -> frozenset[str]:
    """The classes of an element."""
    found = tag.get("class")
    return frozenset(found.split() if isinstance(found, str) else found or ())


def inline(tag: Tag, show: Show) -> str:
    """The text in an element, on one line; `show` says what stands for a child, or None to go into it."""
    return " ".join("".join(_pieces(tag, show)).split())


def _pieces(tag: Tag, show: Show) -> list[str]:
    pieces: list[str] = []
    for child in tag.children:
        if isinstance(child, Tag):
            shown = show(child)
            pieces.append(_element(child, show) if shown is None else shown)
        elif isinstance(child, NavigableString) and not isinstance(child, Comment):
            pieces.append(str(child))
    return pieces


def _element(tag: Tag, show: Show) -> str:
    if tag.name in _SKIPPED:
        return ""
    if tag.name == "math":
        return formula(tag)
    if "ltx_note" in classes_of(tag):
        return _note(tag, show)
    text = "".join(_pieces(tag, show))
    mark = _MARKS.get(tag.name) or _font_mark(classes_of(tag))
    if mark and text.strip():
        return (
            f"{text[: len(text) - len(text.lstrip())]}{mark}{text.strip()}{mark}{text[len(text.rstrip()) :]}"
        )
    return f" {text} " if tag.name in _BLOCKS else text


def formula(math: Tag) -> str:
    """A formula in the text."""
    latex = latex_of(math)
    return f"${latex}$" if latex else math.get_text()


def _note(tag: Tag, show: Show) -> str:
    content = tag.find(class_="ltx_note_content")
    if not isinstance(content, Tag):
        return ""
    for mark in content.find_all(class_=["ltx_note_mark", "ltx_tag_note"]):
        mark.decompose()
    return f" (footnote: {inline(content, show)})"


def _font_mark(classes: frozenset[str]) -> str:
    if "ltx_font_bold" in classes:
        return "**"
    return "*" if "ltx_font_italic" in classes else ""
