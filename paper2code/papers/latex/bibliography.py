"""The entries of a bibliography, as BibTeX or biblatex wrote them into the `.bbl` file."""

import re
from collections.abc import Iterable, Iterator

from paper2code.papers.latex.labels import References
from paper2code.papers.latex.prose import to_line
from paper2code.papers.latex.syntax import Tex

_ITEM = re.compile(r"\\bibitem(?![A-Za-z])")
_ENTRY = re.compile(r"\\entry\s*\{([^{}]*)\}")
_FIELD = re.compile(r"\\field\s*\{(title|year|date|journaltitle|booktitle|eprint)\}")
_AUTHORS = re.compile(r"\\name\s*\{author\}")
_FAMILY = re.compile(r"family\s*=\s*\{*([^{}=]+)\}")


def read_entries(environments: Iterable[str], references: References) -> list[str]:
    """The entries in order, each as `[key] text`; citations in the text carry the same keys."""
    return [
        entry
        for inside in environments
        for entry in (_items(inside, references) if _ITEM.search(inside) else _fields(inside, references))
    ]


def _items(inside: str, references: References) -> Iterator[str]:
    r"""The `\bibitem`s of a `thebibliography`."""
    tex = Tex(inside)
    marks = list(_ITEM.finditer(inside))
    ends = [*(mark.start() for mark in marks), len(inside)][1:]
    for mark, end in zip(marks, ends, strict=True):
        key = tex.group(tex.past_options(mark.end()))
        if key and key.after <= end:
            yield f"[{key.text.strip()}] {to_line(inside[key.after : end], references)}"


def _fields(inside: str, references: References) -> Iterator[str]:
    """The entries of a biblatex file, which holds fields instead of text: authors, title, place, year."""
    marks = list(_ENTRY.finditer(inside))
    ends = [*(mark.start() for mark in marks), len(inside)][1:]
    for mark, end in zip(marks, ends, strict=True):
        tex = Tex(inside[mark.end() : end])
        fields = {
            found[1]: value.text for found in _FIELD.finditer(tex.text) if (value := tex.group(found.end()))
        }
        authors = _AUTHORS.search(tex.text)
        names = tex.groups(authors.end(), 3)[0] if authors else []
        families = ", ".join(_FAMILY.findall(names[-1].text)) if names else ""
        known = [families, *(fields.get(field, "") for field in ("title", "journaltitle", "booktitle"))]
        known.append(fields.get("year") or fields.get("date", "")[:4])
        yield f"[{mark[1].strip()}] " + ". ".join(to_line(part, references) for part in known if part)
