"""README.md and TRACEABILITY.md."""

import re
from functools import cache
from urllib.parse import quote

import jinja2

from paper2code.artifacts import TracedRequirement
from paper2code.checks.wording import one_line
from paper2code.report.amounts import clock, run_in_words, step_name, tail
from paper2code.report.environment import environment
from paper2code.report.outcome import Outcome
from paper2code.report.reproduction import duration

_SPECIAL = re.compile(r"[\\`*\[\]<|$]|~~|\b_+|_+\b|&(?=#?\w+;)")
_BLOCK_MARK = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+#=>])")


def readme(outcome: Outcome) -> str:
    """The README of a generated repository."""
    return _environment().get_template("readme.md.jinja").render(outcome=outcome)


def traceability(outcome: Outcome) -> str:
    """TRACEABILITY.md: a row for each requirement."""
    return _environment().get_template("traceability.md.jinja").render(outcome=outcome)


def literal(text: str) -> str:
    r"""The text on one line, so marked that Markdown shows it as it is, also in a table's cell.

    >>> print(literal("a*b | <b>d_model</b>\n- x"))
    a\*b \| \<b>d_model\</b> - x
    """
    line = _SPECIAL.sub(
        lambda match: "".join(f"\\{character}" for character in match[0]), one_line(text, len(text) + 1)
    )
    return _BLOCK_MARK.sub(lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}", line)


def paragraphs(text: str) -> str:
    """Each paragraph of a text, marked as `literal` does."""
    return "\n\n".join(literal(part) for part in re.split(r"\n\s*\n", text) if part.strip())


def code(text: str) -> str:
    """The text as a code span that stands in a table too; nothing for an empty one."""
    line = one_line(text).replace("|", "\\|")
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}" if line else ""


def place(row: TracedRequirement) -> str:
    """Where a requirement is met, as a link to its lines; nothing where it is met nowhere."""
    if not row.path:
        return code(row.symbol)
    shown = code(":".join(filter(None, [row.path, row.symbol, row.lines])))
    first, _, last = row.lines.partition(",")[0].partition("-")
    anchor = f"#L{first}" + (f"-L{last}" if last else "") if first else ""
    return f"[{shown}]({quote(row.path)}{anchor})"


def fenced(text: str, language: str) -> str:
    """The text, on one line, as a block of code."""
    line = one_line(text)
    fence = "`" * max(3, max(map(len, re.findall("`+", line)), default=0) + 1)
    return f"{fence}{language}\n{line}\n{fence}"


def block(text: str) -> str:
    """The text, line by line, as a block of code."""
    shown = "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
    fence = "`" * max(3, max(map(len, re.findall("`+", shown)), default=0) + 1)
    return f"{fence}text\n{shown}\n{fence}"


@cache
def _environment() -> jinja2.Environment:
    # Markdown: every value passes `literal`, `paragraphs` or `code`.
    return environment(
        autoescape=False,
        filters={
            "literal": literal,
            "paragraphs": paragraphs,
            "code": code,
            "fenced": fenced,
            "place": place,
            "duration": duration,
            "block": block,
            "clock": clock,
            "run_in_words": run_in_words,
            "step_name": step_name,
            "tail": tail,
        },
    )
