"""Walk over an HTML page and note the parts of the paper in it."""

import re
from collections.abc import Callable

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from paper2code.papers.draft import Draft
from paper2code.papers.html.floats import is_equation, plain_table, read_equations, read_float
from paper2code.papers.html.inline import classes_of, inline, latex_of
from paper2code.papers.ids import kind_of, level_of, split_number
from paper2code.papers.names import person_names

_HEADING = re.compile(r"^h[1-6]$")
_LEVELS = {"section": 1, "appendix": 1, "subsection": 2, "subsubsection": 3, "chapter": 1, "part": 1}
_SKIPPED = frozenset(
    ["script", "style", "nav", "footer", "button", "form", "noscript", "head", "svg", "template"]
)
_SKIPPED_CLASSES = frozenset(
    ["ltx_page_footer", "ltx_page_header", "ltx_page_navbar", "ltx_TOC", "ltx_pagination", "ltx_dates",
     "ltx_role_newpage", "ltx_keywords", "ltx_classification", "package-alerts", "ar5iv-footer"]
)  # fmt: skip
_PARAGRAPHS = frozenset(["p", "pre", "blockquote", "dt", "dd", "figcaption"])
_RUNNING = frozenset(["span", "a", "em", "i", "b", "strong", "code", "cite", "sup", "sub"])
_TEX_DISPLAY = re.compile(r"\s*(?:\\\[(.+)\\\]|\$\$(.+)\$\$)\s*", re.DOTALL)


def read_page(page: BeautifulSoup) -> Draft:
    """The paper on a page."""
    root = page.find(class_="ltx_document") or page.find("article") or page.find("main") or page.body or page
    reader = _Reader(top=min((int(tag.name[1]) for tag in root.find_all(re.compile(r"^h[2-6]$"))), default=2))
    reader.walk(root)
    reader.finish()
    if not reader.draft.title and page.title:
        reader.draft.title = " ".join(page.title.get_text().split())
    return reader.draft


class _Reader:
    """Takes in element after element, in the page's order. `top` is the level of the highest heading tag."""

    def __init__(self, top: int) -> None:
        self.draft = Draft()
        self.top = top
        self.in_appendix = False

    def walk(self, tag: Tag) -> None:
        """Take in what an element holds."""
        for child in list(tag.children):
            if isinstance(child, Tag):
                self._element(child)
            elif type(child) is NavigableString and child.strip():
                self._write(" ".join(child.split()))

    def finish(self) -> None:
        """Take an abstract out that stands under a heading like any section's."""
        for index, section in enumerate(self.draft.sections):
            if section.title.lower() == "abstract" and not self.draft.abstract:
                self.draft.abstract = "\n\n".join(section.parts)
                del self.draft.sections[index]
                break

    def _element(self, tag: Tag) -> None:
        if tag.name in _SKIPPED or classes_of(tag) & _SKIPPED_CLASSES:
            return
        for fits, take in _TAKERS:
            if fits(tag):
                take(self, tag)
                return
        self.walk(tag)

    def _write(self, text: str) -> None:
        if text:
            self.draft.sections[-1].parts.append(text)

    def _inline(self, tag: Tag) -> str:
        return inline(tag, self._shown)

    def _shown(self, tag: Tag) -> str | None:
        """Displays inside running text become equations of their own."""
        if tag.name == "math" and tag.get("display") == "block":
            return f" {self._display(tag)} "
        if is_equation(tag):
            marks = [self.draft.equation(number=number, latex=latex) for number, latex in read_equations(tag)]
            return " ".join(["", *marks, ""])
        return None

    def _display(self, math: Tag) -> str:
        return self.draft.equation(number=None, latex=latex_of(math), text=math.get_text().strip())

    def heading(self, tag: Tag) -> None:
        """A heading: the paper's title, a section's, or one that runs into its paragraph."""
        classes = classes_of(tag)
        if any("runin" in name or "theorem" in name or "proof" in name for name in classes):
            self._write(f"**{self._inline(tag).replace('**', '')}**")
            return
        mark = tag.find(class_="ltx_tag")
        marked = mark.extract().get_text().strip().rstrip(".") if mark else ""
        title = self._inline(tag).replace("**", "")
        sort = next((name[len("ltx_title_") :] for name in classes if name.startswith("ltx_title_")), "")
        if sort == "document" or (tag.name == "h1" and not self.draft.title):
            self.draft.title = title
        elif title and sort != "abstract":
            number, shown = split_number(f"{marked}. {title}" if marked else title)
            level = level_of(number, _LEVELS.get(sort, int(tag.name[1]) - self.top + 1))
            self._begin(shown, number, level, is_appendix=sort == "appendix")

    def _begin(self, title: str, number: str | None, level: int, *, is_appendix: bool = False) -> None:
        kind = kind_of(title, in_appendix=self.in_appendix or is_appendix)
        self.in_appendix = self.in_appendix or kind in {"references", "appendix"}
        self.draft.heading(title.rstrip(".:"), number, level, kind)

    def abstract(self, tag: Tag) -> None:
        """The abstract, without its heading."""
        for title in tag.find_all(_HEADING):
            title.decompose()
        paragraphs = [_apart(self._inline(paragraph)) for paragraph in tag.find_all("p") or [tag]]
        self.draft.abstract = "\n\n".join(filter(None, paragraphs))

    def authors(self, tag: Tag) -> None:
        """The authors' names; marks and affiliations stand on lines of their own."""
        for aside in [*tag.find_all(["br", "sup", "math"]), *tag.find_all(class_="ltx_note")]:
            aside.replace_with("\n")
        named = tag.find_all(class_="ltx_personname") or [tag]
        self.draft.authors = person_names("\n".join(name.get_text() for name in named))

    def bibliography(self, tag: Tag) -> None:
        """The reference list."""
        heading = tag.find(_HEADING)
        if heading:
            self._begin(self._inline(heading), None, 1)
        for entry in tag.find_all(class_="ltx_bibitem") or tag.find_all("li"):
            for block in entry.find_all(class_="ltx_bibblock"):
                block.insert_before(" ")
            self.draft.references.append(self._inline(entry))

    def equations(self, tag: Tag) -> None:
        """Displays that stand alone."""
        self._write(_apart(self._shown(tag) or ""))

    def formula(self, tag: Tag) -> None:
        """A formula outside any paragraph."""
        self._write(self._display(tag))

    def float(self, tag: Tag) -> None:
        """A figure, table, algorithm or listing."""
        pictures = [str(image["src"]) for image in tag.find_all("img", src=True)]
        self._write(self.draft.float(read_float(tag, self._shown), pictures))

    def table(self, tag: Tag) -> None:
        """A table without a caption stays in the text."""
        self._write(plain_table(tag))

    def code(self, tag: Tag) -> None:
        """Preformatted text."""
        self._write(f"```\n{tag.get_text().strip()}\n```")

    def paragraph(self, tag: Tag) -> None:
        """A paragraph, or a display that the page's script would set."""
        display = None if tag.find("math") else _TEX_DISPLAY.fullmatch(tag.get_text())
        if display:
            self._write(self.draft.equation(number=None, latex=(display[1] or display[2]).strip()))
        else:
            self._write(_apart(self._inline(tag)))

    def item(self, tag: Tag) -> None:
        """A list item; lists in it follow it."""
        mark = tag.find(class_="ltx_tag_item")
        place = len(tag.find_previous_siblings("li")) + 1
        bullet = f"{place}." if tag.parent and tag.parent.name == "ol" else "-"
        if mark:
            mark.decompose()
        nested = [inner.extract() for inner in tag.find_all(["ul", "ol"]) if inner.find_parent("li") is tag]
        self._write(_apart(f"{bullet} {self._inline(tag)}"))
        for inner in nested:
            self.walk(inner)


_TAKERS: tuple[tuple[Callable[[Tag], bool], Callable[[_Reader, Tag], None]], ...] = (
    (lambda tag: _HEADING.fullmatch(tag.name) is not None, _Reader.heading),
    (lambda tag: "ltx_abstract" in classes_of(tag) or tag.get("id") == "abstract", _Reader.abstract),
    (lambda tag: "ltx_authors" in classes_of(tag), _Reader.authors),
    (lambda tag: bool(classes_of(tag) & {"ltx_bibliography", "ltx_biblist"}), _Reader.bibliography),
    (is_equation, _Reader.equations),
    (lambda tag: tag.name == "figure" or "ltx_float" in classes_of(tag), _Reader.float),
    (lambda tag: tag.name == "table", _Reader.table),
    (lambda tag: tag.name == "li", _Reader.item),
    (lambda tag: tag.name == "pre", _Reader.code),
    (lambda tag: tag.name in _PARAGRAPHS, _Reader.paragraph),
    (lambda tag: tag.name == "math", _Reader.formula),
    (lambda tag: tag.name in _RUNNING, lambda reader, tag: reader.paragraph(tag)),
)
"""What takes in which elements; the first that fits does. All others are gone into."""


def _apart(text: str) -> str:
    """Marks of displays on paragraphs of their own."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \n]*(\0eq:\d+\0)[ \n]*", r"\n\n\1\n\n", text)).strip()
