"""What an agent that writes files answers: their texts, and what it proposes to change of interfaces."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from paper2code.artifacts import InterfaceChange
from paper2code.models.answers.apply import apply
from paper2code.models.answers.changes import read_changes
from paper2code.models.answers.code import read_code
from paper2code.models.answers.edits import markers
from paper2code.models.answers.fences import has_fence
from paper2code.models.answers.proposals import split_proposals
from paper2code.models.answers.wanted import wanted_files


@dataclass(frozen=True, slots=True)
class Written:
    """Files as an answer leaves them."""

    texts: Mapping[str, str]
    """The files that are new or differ, by path; none if only proposals or wishes came."""
    proposals: tuple[InterfaceChange, ...] = ()
    wanted: tuple[str, ...] = ()
    """Files that it asks to see before it changes any."""


def read_file(text: str, path: str) -> Written:
    """Read a whole file, and what is proposed beside it.

    Raises:
        AnswerFault: The answer holds no such file, or a proposal that cannot be read.
    """
    proposals, answer = split_proposals(text)
    return Written({path: read_code(answer, path)}, proposals)


def read_changed(
    text: str, texts: Mapping[str, str], default: str, showable: Collection[str] = ()
) -> Written:
    """Read changes of files, and what is proposed beside them or instead of them.

    Args:
        text: The answer.
        texts: The files that may change, as they are.
        default: The file that is meant where the answer gives no path; it may be a new one, or
            empty if each change must give its path.
        showable: The files that it may ask to see instead.

    Raises:
        AnswerFault: A change or a proposal cannot be read, or a change cannot be made.
    """
    proposals, answer = split_proposals(text)
    if not has_fence(answer) and not markers(answer):
        wanted = wanted_files(answer, showable) if showable else ()
        if proposals or wanted:
            return Written({}, proposals, wanted)
    return Written(apply(read_changes(answer, texts, default), texts), proposals)
