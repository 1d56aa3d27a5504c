"""What of a briefing decides how a file is written, apart from what its prompts show for context.

Every prompt about a file shows the whole design, for the sake of the prompt cache, so every change of the
design changes every prompt. What a call's answer hangs on is less: its task, and what stands here. A call for
which both are as they were does not have to be made again.
"""

import json
from collections.abc import Iterator

from paper2code.briefing import Briefing
from paper2code.checks.contract import values_at
from paper2code.checks.source.config_keys import parsed
from paper2code.fitting.focus import Focus, focus_of
from paper2code.papers.model import Paper
from paper2code.papers.render import holders_of, render_section


def concern_of(briefing: Briefing, path: str) -> str:
    """The parts of a complete briefing that bear on a planned file.

    They are the sections of the paper that its requirements name, these requirements and the choices made
    for them, its own place in the design and that of the files it imports, what all files keep to, the
    commands that name it, and the values of the configuration that it reads.

    Returns:
        A text that is the same as long as none of this changes.
    """
    focus = focus_of(briefing, (path,), "")
    design = json.dumps([*_of_the_design(briefing, path, focus)])
    return "\n\n".join((*_sections(briefing.paper, focus), design))


def _sections(paper: Paper, focus: Focus) -> Iterator[str]:
    holders = holders_of(paper)
    named = {holders.get(part, part) for part in focus.wanted}
    yield from (render_section(paper, section) for section in paper.sections if section.id in named)


def _of_the_design(briefing: Briefing, path: str, focus: Focus) -> Iterator[object]:
    owned = {requirement.id for requirement in focus.requirements}
    yield from (requirement.model_dump_json() for requirement in focus.requirements)
    if briefing.plan and briefing.architecture:
        settled = (*briefing.plan.ambiguities, *briefing.architecture.ambiguities)
        yield from (a.model_dump_json() for a in settled if owned & set(a.requirements))
    if architecture := briefing.architecture:
        yield architecture.approach
        yield from (file.model_dump_json() for file in architecture.files if file.path in focus.near)
        module = path.removesuffix(".py").replace("/", ".")
        yield from (c.command for c in architecture.commands if path in c.command or module in c.command)
    if dependencies := briefing.dependencies:
        entry = dependencies.of(path)
        yield entry.model_dump_json()
        yield dependencies.shared_knowledge
        yield from (p.model_dump_json() for p in dependencies.packages if p.import_name in entry.packages)
        if briefing.config:
            values = parsed(briefing.config)
            yield from (json.dumps(values_at(values, key), default=str) for key in entry.config_keys)
