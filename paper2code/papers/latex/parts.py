"""The parts of a LaTeX paper as they are found, before they have ids: text with marks, numbers, labels."""

from dataclasses import dataclass, field

from paper2code.papers.model import FloatKind


@dataclass
class FoundSection:
    """A section; its text is LaTeX with marks for mathematics, displays and floats."""

    title: str
    number: str | None = None
    heading: str = "section"
    in_appendix: bool = False
    pieces: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One line of a display: its labels, the tag it sets itself, and whether it counts."""

    labels: tuple[str, ...]
    tag: str | None
    counts: bool


@dataclass(frozen=True)
class Display:
    """A display equation as it stands in the source, without labels; and its rows."""

    latex: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class FoundEquation:
    """A display with the numbers of those of its rows that have one."""

    latex: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class FoundFloat:
    """A float; `labels` come with the number that a reference prints. `is_code`: a program, no LaTeX.

    `lines` holds those labels that stand at a line of an algorithm, with the number of that line.
    """

    kind: FloatKind
    number: str | None
    caption: str
    text: str
    labels: tuple[tuple[str, str], ...]
    is_code: bool = False
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FoundLabel:
    """Where a label stands: at which section, equation or float (if at any), under what number and word."""

    sort: str
    index: int
    number: str
    word: str


@dataclass
class Structure:
    """All parts of a paper in reading order. The first section holds what stands before the first heading.

    `equation_marks` leads from the number of a display's mark to its place among the equations.
    """

    sections: list[FoundSection] = field(default_factory=lambda: [FoundSection("")])
    equations: list[FoundEquation] = field(default_factory=list)
    equation_marks: dict[int, int] = field(default_factory=dict)
    floats: list[FoundFloat] = field(default_factory=list)
    abstract: list[str] = field(default_factory=list)
    bibliography: list[str] = field(default_factory=list)
    labels: dict[str, FoundLabel] = field(default_factory=dict)
