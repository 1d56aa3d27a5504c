"""The JSON in an answer.

Read as it stands where it can be; else without comments, trailing commas and invalid escapes; and only then
with json-repair, whose guesses are taken where no word is lost. JSON that is cut is never completed.
"""

import json
import re
from dataclasses import dataclass

from paper2code.models.answers.fault import AnswerFault
from paper2code.models.answers.json_scan import MAX_DEPTH, scan

MAX_REPAIR = 400_000
MAX_DOCUMENTS = 50

ESCAPE = "Escape the quotes and backslashes inside strings."
_AS_ASKED = "Send it in the form asked for."

_START = re.compile(r"""\{\s*+(?:["'“}]|//|/\*|\#|[A-Za-z_]\w*+\s*+:)|\[\s*+\{""")
_VALUE_END = re.compile(r"""(?:["'”\]}\[{0-9]|[Tt]rue|[Ff]alse|null|None|NaN)\s*,?\s*[\]}]\Z""")
_GOES_ON = re.compile(r"""[ \t}\]]*+["',:]""")
_DECODER = json.JSONDecoder(strict=False, parse_constant=lambda _: None)


@dataclass(frozen=True, slots=True)
class Document:
    """An object, or a list of objects, that stands in an answer."""

    text: str
    problem: str = ""
    """What is wrong with its JSON; empty if nothing is."""
    has_gap: bool = False

    def value(self) -> object:
        """What the text says.

        Raises:
            AnswerFault: It cannot be read without losing something.
        """
        if not self.problem:
            value: object = _DECODER.decode(self.text)
            return value
        if self.has_gap:
            raise AnswerFault(
                f"The JSON is not valid ({self.problem}): it leaves something out with '...', or has quotes "
                'inside a string that are not escaped. Write everything out, and write such quotes as \\".'
            )
        return _repaired(self.text, self.problem)


def documents(text: str) -> list[Document]:
    """The JSON of an answer, the longest first; what stands around it is passed over.

    Raises:
        AnswerFault: Some of it is cut, or nested too deeply.
    """
    whole = text.strip()
    if _problem(whole) == "":
        return [Document(whole)]
    found: list[Document] = []
    position = 0
    while (start := _START.search(text, position)) and len(found) < MAX_DOCUMENTS:
        document, position = _document(text, start.start())
        found.append(document)
    return sorted(found, key=lambda document: -len(document.text))


def _document(text: str, start: int) -> tuple[Document, int]:
    """The document that begins at `start`, and where it ends."""
    try:
        end = _DECODER.raw_decode(text, start)[1]
        found = Document(text[start:end])
    except (ValueError, RecursionError) as error:
        problem = _words(error)
        seen = scan(text, start)
        end = seen.end
        if seen.is_too_deep:
            raise AnswerFault(f"The JSON is nested more than {MAX_DEPTH} levels deep. {_AS_ASKED}") from None
        if not end:
            raise AnswerFault(
                "The JSON is cut, or has quotes inside strings that are not escaped: its first bracket is "
                "never closed. Send all of it."
            ) from None
        sound = not seen.has_gap and not _problem(seen.cleaned)
        found = Document(seen.cleaned, "" if sound else problem, seen.has_gap)
    if _GOES_ON.match(text, end):
        raise AnswerFault(f"The JSON goes on behind its last bracket. {ESCAPE}")
    return found, end


def _repaired(text: str, problem: str) -> object:
    """The value as json-repair reads it, if it kept every word."""
    import json_repair  # noqa: PLC0415 - few answers need it

    fault = AnswerFault(f"The JSON is not valid ({problem}). {ESCAPE}")
    if len(text) > MAX_REPAIR or not _VALUE_END.search(text[-200:]):
        raise fault
    try:
        value: object = json_repair.repair_json(text, return_objects=True, skip_json_loads=True)
        kept = json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        raise fault from None
    if _letters(kept) < _letters(text):
        raise fault
    return value


def _problem(text: str) -> str:
    """What is wrong with JSON, empty if nothing is."""
    try:
        _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        return _words(error)
    return ""


def _words(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    return str(error) or type(error).__name__


def _letters(text: str) -> int:
    return sum(map(str.isalnum, re.sub(r"\\u[0-9a-fA-F]{4}", "x", text)))
