"""The parts of an S2ORC file that are read."""

from pydantic import BaseModel, ConfigDict


class _Json(BaseModel):
    """Some part of the file; what is not read here is passed over."""

    model_config = ConfigDict(extra="ignore")


class EquationSpan(_Json):
    """Where a placeholder stands in a paragraph, and the formula it stands for."""

    start: int
    end: int
    raw_str: str = ""
    eq_num: str | None = None


class Paragraph(_Json):
    """A paragraph, and the section it belongs to."""

    text: str = ""
    section: str | None = ""
    sec_num: str | None = None
    eq_spans: list[EquationSpan] | None = None


class Reference(_Json):
    """A figure or a table."""

    text: str | None = ""
    type_str: str | None = None
    type: str | None = None
    fig_num: str | None = None
    content: str | None = None
    html: str | None = None


class Entry(_Json):
    """An entry of the reference list."""

    raw_text: str | None = None
    title: str | None = None
    year: int | str | None = None


class Parse(_Json):
    """The text of a paper."""

    body_text: list[Paragraph]
    abstract: list[Paragraph] | str | None = None
    back_matter: list[Paragraph] | None = None
    ref_entries: dict[str, Reference] | None = None
    bib_entries: dict[str, Entry] | None = None


class Author(_Json):
    """A name in its parts."""

    first: str | None = ""
    middle: list[str] | None = None
    last: str | None = ""


class Document(_Json):
    """A file. In older ones the text is not in a part of its own."""

    title: str | None = ""
    abstract: list[Paragraph] | str | None = None
    authors: list[Author] | None = None
    pdf_parse: Parse | None = None
    latex_parse: Parse | None = None
    body_text: list[Paragraph] | None = None
    bib_entries: dict[str, Entry] | None = None
    ref_entries: dict[str, Reference] | None = None

    @property
    def parse(self) -> Parse | None:
        """The text, wherever the file keeps it."""
        if self.body_text is not None:
            return Parse(body_text=self.body_text, bib_entries=self.bib_entries, ref_entries=self.ref_entries)
        return self.pdf_parse or self.latex_parse
