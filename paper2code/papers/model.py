"""The one typed form that a paper takes, whatever it was read from."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SourceForm = Literal["pdf", "latex", "markdown", "html", "s2orc", "text"]
SectionKind = Literal["body", "appendix", "references", "acknowledgements", "other"]
FloatKind = Literal["figure", "table", "algorithm", "listing"]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Image(_Frozen):
    """A figure's picture. Its bytes are kept out of the JSON."""

    media_type: str = "image/png"
    sha256: str
    data: bytes | None = Field(default=None, repr=False, exclude=True)
    width: int = 0
    height: int = 0


class Equation(_Frozen):
    """A display equation. `exact` only where its LaTeX was at hand; glyphs of a PDF are a linear guess."""

    id: str
    number: str | None = None
    latex: str | None = None
    text: str = ""
    exact: bool = False


class Float(_Frozen):
    """A figure, table, algorithm or listing with its caption; `text` holds rows or pseudocode."""

    id: str
    kind: FloatKind
    number: str | None = None
    caption: str = ""
    text: str = ""
    format: Literal["lines", "markdown", "latex", "html"] = "lines"
    image: Image | None = None
    page: int | None = None


class Section(_Frozen):
    """A section's own text, without its children's. Equations and floats stand in it as `[eq2]`, `[fig1]`.

    `source` names the supplement that it comes from, and is empty for the paper itself.
    """

    id: str
    number: str | None = None
    title: str
    level: int = Field(ge=1, le=6)
    kind: SectionKind = "body"
    text: str = ""
    refs: tuple[str, ...] = ()
    page: int | None = None
    source: str = ""


class Paper(_Frozen):
    """A paper as the agents get it.

    Sections are flat and in reading order; the tree follows from their levels. `sha256` is that of the
    source's bytes, and of all sources where there are supplements; `extractor` names the reader and its
    version: together they key any cache. `front_matter` is what stands between title and first heading, such
    as names and addresses, as far as the reader keeps it.
    """

    title: str
    authors: tuple[str, ...] = ()
    abstract: str = ""
    front_matter: str = ""
    sections: tuple[Section, ...]
    equations: tuple[Equation, ...] = ()
    floats: tuple[Float, ...] = ()
    references: tuple[str, ...] = ()
    source: SourceForm
    sha256: str
    extractor: str
    warnings: tuple[str, ...] = ()

    def to_markdown(self, *, references: bool = False) -> str:
        """The text that agents see: headings with their ids, equations and floats where they stand.

        The same paper always gives the same bytes, because providers cache prompts by their prefix.
        """
        from paper2code.papers.render import to_markdown  # noqa: PLC0415 - the renderer needs this module

        return to_markdown(self, references=references)
