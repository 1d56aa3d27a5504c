"""A file out of the fenced block of an answer."""

import re

from paper2code.models.answers.fault import AnswerFault
from paper2code.models.answers.fences import Block, blocks, has_fence
from paper2code.models.answers.kinds import Kind, python_problem
from paper2code.models.answers.naming import named_alone, paths_in
from paper2code.models.answers.placeholders import find_placeholder
from paper2code.models.answers.text import plain

MAX_CHARACTERS = 600_000

_LAST_FENCE = re.compile(r"\n[ \t]*(?:`{3,}|~{3,})\s*\Z")
_MARKDOWN = re.compile(r"^[ \t]*(?:`{3,}|~{3,})(?:markdown|md)\b", re.MULTILINE)
_PATCH = re.compile(
    r"\s*(?:diff --git |--- \S.*\n\+\+\+ |@@ -\d|\*\*\* (?:Begin Patch|Update File)|<<<<<<< )"
)
_PIECE = re.compile(r"\b(?:part \d|continued|cont'd)\b", re.IGNORECASE)
_ONE_BLOCK = "Send the whole file in one fenced block, and nothing else."


def read_code(text: str, path: str) -> str:
    """Read a file from a model's answer.

    Args:
        text: The answer: one fenced block, with or without words around it.
        path: The file that was asked for.

    Returns:
        Its text with line feeds, ending in exactly one.

    Raises:
        AnswerFault: The answer is cut, holds no such file, or only a part of one.
    """
    answer = plain(text)
    if len(answer) > MAX_CHARACTERS:
        raise AnswerFault(f"The answer is longer than any file may be. {_ONE_BLOCK}")
    kind = Kind(path)
    code = _unfenced(answer, kind)
    if code is None:
        code = _chosen(blocks(answer, kind), kind)
    return finished(code, kind)


def finished(code: str, kind: Kind) -> str:
    """The text that an answer gives for a file, as it goes to disk.

    Raises:
        AnswerFault: It is empty, a patch, or leaves something out.
    """
    path = kind.path
    code = code.strip("\n").rstrip() + "\n"
    if not code.strip() and not kind.may_be_empty:
        raise AnswerFault(f"The file {path} is empty. {_ONE_BLOCK}")
    if kind.suffix == ".md" and code.endswith(":\n"):
        raise AnswerFault(f"The file {path} is cut: more was to follow its last line. {_ONE_BLOCK}")
    if kind.suffix != ".patch" and _PATCH.match(code):
        raise AnswerFault(f"The answer is a patch. {_ONE_BLOCK}")
    left_out = find_placeholder(code, kind.suffix)
    if left_out:
        raise AnswerFault(f"The file leaves something out: {left_out!r}. Write all of it, also what stays.")
    return code


def _unfenced(answer: str, kind: Kind) -> str | None:
    """The answer itself, where it is the file without a fence around it."""
    bare = _LAST_FENCE.sub("\n", answer)
    may_quote = kind.suffix == ".py" or (kind.suffix == ".md" and not _MARKDOWN.search(bare))
    first = bare.lstrip().partition("\n")[0]
    if has_fence(first if may_quote else bare):
        return None
    return bare if kind.is_surely(bare) else None


def _chosen(found: list[Block], kind: Kind) -> str:
    """The block that is the file: by its name, then its label, then the longest that can be one."""
    fitting = [block for block in found if kind.fits(block.label)]
    if not fitting:
        raise AnswerFault(f"The answer holds no fenced block with the file {kind.path}. {_ONE_BLOCK}")
    named = [block for block in fitting if _says(block, kind.path)]
    pool = named or [block for block in fitting if not _names(block)]
    pool = [block for block in pool if block.label in kind.labels] or pool
    if not pool:
        others = ", ".join(sorted({name for block in fitting for name in _names(block)}))
        raise AnswerFault(f"The answer holds {others}, but {kind.path} was asked for. {_ONE_BLOCK}")
    if any(_PIECE.search(block.before) for block in pool) and len(pool) > 1:
        raise AnswerFault(f"The file comes in pieces. {_ONE_BLOCK}")
    if kind.suffix == ".py":
        _refuse_pieces(pool, kind)
    surely = [block for block in pool if kind.is_surely(block.text)]
    return max(surely or pool, key=lambda block: len(block.text)).text


def _refuse_pieces(pool: list[Block], kind: Kind) -> None:
    """Raise if the blocks may be pieces of a file that was parted at the fences it quotes.

    A file that its coder wrote with a fault is none of our business, as long as it is surely the whole.
    """
    problems = [python_problem(block.text) for block in pool]
    in_string = next((problem for problem in problems if "triple-quoted" in problem), "")
    if in_string or (len(pool) > 1 and all(problems)):
        raise AnswerFault(
            f"No fenced block of the answer is valid Python ({in_string or problems[0]}). Send {kind.path} "
            "whole, in one block whose fences have four backticks."
        )


def _says(block: Block, path: str) -> bool:
    """Whether the block is called by that path, or by the end of it."""
    parts = path.split("/")
    for name in _names(block):
        given = name.removeprefix("./").split("/")
        shorter = min(len(given), len(parts))
        if given[-shorter:] == parts[-shorter:]:
            return True
    return False


def _names(block: Block) -> list[str]:
    """The paths that the opening fence, or the line before it, gives as the block's own."""
    alone = named_alone(block.before)
    return [*paths_in(block.info), alone] if alone else paths_in(block.info)
