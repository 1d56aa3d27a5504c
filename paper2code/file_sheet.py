"""What concerns a single file of the design, which stands between the shared blocks and the task.

The calls about one file repeat it byte for byte, so that the first of them pays for it in full and the others
find it in the provider's prompt cache.
"""

import re

from paper2code.checks.modules import is_test, module_of
from paper2code.checks.symbols import bound_names
from paper2code.design import Design
from paper2code.prompts import render
from paper2code.tokens import CHARACTERS_PER_TOKEN

_SENTENCE = re.compile(r"\S.*?[.!?](?=\s|$)|\S.*$", re.DOTALL)
_MOST_USERS_TOLD = 8
"""A config reader is imported by all files, and what one more of them counts on says nothing new."""

_MOST_TESTED = 80_000
"""Characters: a test that goes through all of a repository is to see what it holds it to, but once."""


def file_sheet(design: Design, path: str, room: int | None = None) -> str:
    """The file's purpose, promised interface, requirements, and how it works with others.

    Of a test file also what is promised and required of the files that it reaches, as far as there is room.

    Args:
        design: The settled design.
        path: The planned file.
        room: The tokens that the prompts about it may have; None is no limit.

    Raises:
        KeyError: It is not planned.
    """
    facts = design.facts(path)
    imports = design.imports_of(path)
    tested = _tested(design, path, room) if is_test(path) else {}
    return render(
        "file",
        **facts,
        dependencies=design.layout.needs_of(path),
        imports=imports,
        further=[other for other in design.all_imports_of(path) if other not in imports],
        users=_users(design, path),
        tested=tested,
    )


def file_sheet_with_promises(design: Design, path: str, room: int | None = None) -> str:
    """The same, followed by the promised interfaces of the files that it imports, for who does not see these.

    The sheet of a test file holds them already.

    Raises:
        KeyError: It is not planned.
    """
    sheet = file_sheet(design, path, room)
    promised = [design.planned(other) for other in design.imports_of(path) if not is_test(path)]
    return f"{sheet}\n\n{render('promises', files=promised)}" if promised else sheet


def _tested(design: Design, path: str, room: int | None) -> dict[str, str]:
    """What is promised and required of each file that a test reaches, those first that it imports itself."""
    left = _MOST_TESTED if room is None else min(_MOST_TESTED, CHARACTERS_PER_TOKEN * room // 4)
    tested: dict[str, str] = {}
    for other in dict.fromkeys((*design.imports_of(path), *design.all_imports_of(path))):
        text = render("tested", **design.facts(other), logic=design.layout.needs_of(other).logic)
        if len(text) <= left:
            tested[other] = text
            left -= len(text)
    return tested


def _users(design: Design, path: str) -> dict[str, str]:
    """For each file that imports this one what the dependencies say of its use; of the last only the name."""
    names = _names(design, path)
    importers = set(design.import_graph.successors(path))
    users = [user for user in design.order if user in importers]
    told = {user: _about(design.layout.needs_of(user).logic, names) for user in users[:_MOST_USERS_TOLD]}
    return {user: told.get(user, "") for user in users}


def _names(design: Design, path: str) -> re.Pattern[str]:
    """What a sentence about a file names: its path, its module, or what it promises."""
    public = [name for name in bound_names(design.planned(path).interface) or () if not name.startswith("_")]
    module = module_of(path) or path
    words = [path, module, module.rpartition(".")[2], *sorted(public)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")


def _about(logic: str, names: re.Pattern[str]) -> str:
    """The sentences that hold one of the names."""
    sentences = (sentence.strip() for sentence in _SENTENCE.findall(logic))
    return " ".join(" ".join(sentence.split()) for sentence in sentences if names.search(sentence))
