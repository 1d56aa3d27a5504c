"""The changes of several files out of an answer: search/replace edits, whole files, or both.

An answer without edits that names no other file is read as `read_code` reads it, with all the forms that
are known there. Where it is about several files the rules are strict: each block has a path, and ends at the
first fence that can close it. A part of one file taken for another does harm; asking again only costs.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from paper2code.models.answers.code import MAX_CHARACTERS, finished, read_code
from paper2code.models.answers.edits import STUB, Edit, cut_edits
from paper2code.models.answers.fault import AnswerFault
from paper2code.models.answers.fences import Block, has_fence, is_balanced, plain_blocks
from paper2code.models.answers.kinds import Kind
from paper2code.models.answers.naming import Files, paths_in
from paper2code.models.answers.text import plain

_ASIDE = frozenset(
    ("bash", "console", "mermaid", "output", "pycon", "sh", "shell", "shell-session", "text", "zsh")
)
_REMARK = re.compile(r"[ \t]*(?:#|//|<!--|\.\.\.|…).*")


@dataclass(frozen=True, slots=True)
class Whole:
    """A file written anew."""

    path: str
    text: str


Change = Edit | Whole


def read_changes(text: str, allowed: Collection[str], default: str) -> tuple[Change, ...]:
    """Read the changes of files from a model's answer.

    Args:
        text: The answer: for each file a line with its path, and a fenced block with edits or the whole text.
        allowed: The files that may change.
        default: The file that is meant where no path is given; empty if each change must give one.

    Raises:
        AnswerFault: The answer is cut, holds no change, or one of a file that may not change.
    """
    answer = plain(text)
    if len(answer) > MAX_CHARACTERS:
        raise AnswerFault("The answer is longer than any change may be. Send edits instead of whole files.")
    files = Files({*allowed, default} - {""}, default or (min(allowed) if len(allowed) == 1 else ""))
    edits, rest = cut_edits(answer, files)
    if not edits and len(files.allowed) == 1:
        return (Whole(files.default, read_code(answer, files.default)),)
    found = plain_blocks(rest)
    if default and not edits and {_path(block, files) or default for block in found} <= {default}:
        return (Whole(default, read_code(answer, default)),)
    changes: tuple[Change, ...] = (*edits, *_wholes(found, files))
    _refuse_both(changes)
    return changes


def _wholes(found: list[Block], files: Files) -> Iterator[Whole]:
    """The blocks that are whole files; those with edits hold nothing else."""
    for block in found:
        if STUB in block.text:
            _refuse_strays(block, files)
            continue
        path = _path(block, files)
        kind = Kind(path)
        if path and kind.fits(block.label):
            if has_fence(block.text) and not is_balanced(block.text):
                raise AnswerFault(f"It is unclear where {path} ends. Fence it with four backticks.")
            yield Whole(path, finished(block.text, kind))
        elif block.label not in _ASIDE:
            begins = next((line.strip() for line in block.text.split("\n") if line.strip()), "")[:60]
            raise AnswerFault(
                f"The fenced block that begins with {begins!r} has no path. Put the file's path on a line of "
                "its own above each block, and fence a file that holds fences itself with four backticks."
            )


def _path(block: Block, files: Files) -> str:
    """The path of a block, from its fence, the line before, or a comment in its first line; or nothing."""
    given = [*paths_in(block.info), files.named(block.before)]
    if name := next(filter(None, given), ""):
        return files.resolved(name)
    first = block.text.lstrip().partition("\n")[0]
    name = files.named(first) if _REMARK.fullmatch(first) else ""
    return name if name in files.allowed else ""


def _refuse_strays(block: Block, files: Files) -> None:
    for line in block.text.split("\n"):
        if line.strip(f" \t{STUB}") and not _REMARK.fullmatch(line) and not files.named(line):
            raise AnswerFault(
                f"The line {line.strip()[:60]!r} stands in a fence between edits, but in none of them. Put "
                "what is to change into blocks of SEARCH and REPLACE, and explanations outside of the fence."
            )


def _refuse_both(changes: tuple[Change, ...]) -> None:
    if not changes:
        raise AnswerFault("The answer holds no change. Send edits, or whole files.")
    counts = Counter(change.path for change in changes)
    for change in changes:
        if isinstance(change, Whole) and counts[change.path] > 1:
            raise AnswerFault(
                f"{change.path} comes whole and once more besides. Send it whole once, or only edits of it."
            )
