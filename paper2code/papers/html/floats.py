"""Figures, tables, algorithms and displays of an HTML page."""

import re

from bs4 import Tag

from paper2code.papers.captions import split_caption
from paper2code.papers.draft import FloatFormat
from paper2code.papers.html.inline import Show, classes_of, inline, latex_of
from paper2code.papers.model import Float, FloatKind

_SPAN = frozenset(["colspan", "rowspan"])


def is_equation(tag: Tag) -> bool:
    """Whether an element is a display, or a group of them, as LaTeXML marks it."""
    classes = classes_of(tag)
    return bool(classes & {"ltx_equation", "ltx_equationgroup"}) and "ltx_eqn_row" not in classes


def read_equations(tag: Tag) -> list[tuple[str | None, str]]:
    """The numbers and the LaTeX of a display, or of each numbered row in a group of them."""
    groups = tag.find_all("tbody") if "ltx_equationgroup" in classes_of(tag) else []
    numbered = [group for group in groups if group.find(class_="ltx_tag_equation")]
    found: list[tuple[str | None, str]] = []
    for part in numbered if numbered and len(groups) > 1 else [tag]:
        label = part.find(class_=["ltx_tag_equation", "ltx_tag_equationgroup"])
        number = label.get_text().strip(" ()\n") if label else ""
        if latex := _rows(part):
            found.append((number or None, latex))
    return found


def read_float(tag: Tag, show: Show) -> Float:
    """A figure, table, algorithm or listing; panels' captions join the caption."""
    own = [
        one for one in tag.find_all("figcaption") if tag.name != "figure" or one.find_parent("figure") is tag
    ]
    caption = own[0].extract() if own else None
    panels = [inline(panel.extract(), show) for panel in tag.find_all("figcaption")]
    mark = caption.find(class_="ltx_tag") if caption else None
    label = mark.extract().get_text().strip() if mark else ""
    text = inline(caption, show) if caption else ""
    parted = split_caption(f"{label} {text}" if label else text)
    kind = parted.kind if parted else _kind_of(tag)
    body, form = _body(tag, kind, show)
    return Float(
        id="",
        kind=kind,
        number=parted.number if parted else None,
        caption=" ".join([parted.text if parted else text, *panels]).strip(),
        text=body,
        format=form,
    )


def plain_table(table: Tag) -> str:
    """A table without its styling; formulas in it become their LaTeX."""
    for math in table.find_all("math"):
        latex = latex_of(math)
        math.replace_with(f"${latex}$" if latex else math.get_text())
    for tag in [table, *table.find_all(True)]:
        tag.attrs = {name: value for name, value in tag.attrs.items() if name in _SPAN and value != "1"}
    for wrapper in table.find_all(["span", "div", "p", "a", "cite", "em", "sup"]):
        wrapper.unwrap()
    return re.sub(r"\s*\n\s*", "", re.sub(r"[ \t]+", " ", str(table)))


def _rows(tag: Tag) -> str:
    """The LaTeX of a display: cells beside, rows below one another."""
    rows = [row for row in tag.find_all("tr") if row.find("math")] or [tag]
    lines = [_row(row, is_alone=len(rows) == 1) for row in rows]
    lines = [line for line in lines if line]
    if len(lines) < 2:
        return "".join(lines)
    return "\\begin{gathered}\n" + " \\\\\n".join(lines) + "\n\\end{gathered}"


def _row(row: Tag, *, is_alone: bool) -> str:
    r"""One row. In a display of several cells each has a `\displaystyle` of LaTeXML's own."""
    formulas = [latex for math in row.find_all("math") if (latex := latex_of(math))]
    if is_alone and len(formulas) == 1:
        return formulas[0]
    return " ".join(part.removeprefix("\\displaystyle").strip() for part in formulas)


def _kind_of(tag: Tag) -> FloatKind:
    classes = " ".join(classes_of(tag))
    if "algorithm" in classes:
        return "algorithm"
    if "listing" in classes:
        return "listing"
    return "table" if "ltx_table" in classes or (tag.find("table") and not tag.find("img")) else "figure"


def _body(tag: Tag, kind: FloatKind, show: Show) -> tuple[str, FloatFormat]:
    tables = [table for table in tag.find_all("table") if not table.find_parent("table")]
    if kind == "table" and tables:
        return "\n".join(plain_table(table) for table in tables), "html"
    lines = tag.find_all(class_="ltx_listingline") or tag.find_all("pre")
    if kind in {"algorithm", "listing"} and lines:
        return "\n".join(inline(line, show) for line in lines), "lines"
    return ("" if kind == "figure" else inline(tag, show)), "lines"
