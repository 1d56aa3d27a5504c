"""What each deed of the agents will probably send and get back, and how often it is done."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from paper2code.context import Context, Role
from paper2code.estimate.rooms import Rooms
from paper2code.estimate.scenario import Scenario
from paper2code.estimate.sizes import Sizes
from paper2code.prompts import fixed_length

# Answers in characters, after the journals of the two recorded runs of `sizes`.
_PLAN = 1.5  # JSON over the block that is made of it: 1.48 and 1.52
_ARCHITECTURE = 1.2  # 1.24 and 1.15
_DEPENDENCIES = 1.15  # 1.09 and 1.23
_CONFIG = (5_000, 6_500, 12_000)  # 5,200 and 6,800
_CHANGED = 0.2  # a revision over the whole: architecture 0.19, dependencies 0.20
_DESIGN_REVIEW = (1_000, 3_500, 8_000)  # 1,000 and 6,900
_ANALYSIS = (420, 3_500, 9_600)  # 430 and 9,600 on average
_TESTS = (2_500, 5_500, 12_000)  # as files are: neither run had a tester
_EDITS = (1_600, 4_000, 12_000)  # a mended file was sent whole: 5,400 and 47,000 characters
_REVIEW = (850, 2_000, 4_500)  # 950 and 2,200 on average
_VERDICT = (290, 330, 480)  # of the audit on a requirement: 334 and 304

# How often. Of the first drafts, one in ten and one in six were written again.
_REWRITTEN = (0.1, 0.3, 0.7)
_WITH_TESTS = (0.3, 0.8, 1.0)  # files whose analysis finds what must hold: 0.33 and all
_REPLANS = (0, 0, 1)
_REDESIGNS = (0, 1, 2)  # none and 1
_REVIEWS_AGAIN = (0, 0.5, 1)
_RULINGS = (0, 0.3, 1)
_REPAIRS = (0, 0.7, 2)  # none and 1
_MENDS = (0, 1, 3)

_NUMBERED = 1.13
"""A file with its lines numbered, over the file."""
_SIGNATURES = 0.3
"""The signatures of a file over its text."""
_SHOWN_TO_CODER = 0.45  # of imported files, long ones as signatures: 0.44 and 0.43
_SHOWN_TO_REVIEWER = 0.2  # the signatures of what is used: 0.20 and 0.20
_MENDED_FILES = 5
_RULING = 6_000


@dataclass(frozen=True)
class Deed:
    """One kind of call: how many there are, and the characters of one of them on average."""

    role: Role
    calls: float
    shared: float
    """What its prompt begins with that an earlier prompt began with, too."""
    prompt: float
    answer: float
    at_once: bool = False
    """Whether all its calls begin together, with none before them."""


def deeds(sizes: Sizes, context: Context, scenario: Scenario, rooms: Rooms) -> tuple[Deed, ...]:
    """All kinds of calls of a run.

    Args:
        sizes: What is sent and written.
        context: The budgets of the loops.
        scenario: The way in which the run goes.
        rooms: What the models read at once: prompts that are longer are cut, or asked in parts.
    """
    planned = (
        *_planning(sizes, context, scenario, rooms),
        *_writing(sizes, context, scenario),
        *_finishing(sizes, context, scenario, rooms),
    )
    return tuple(_within(deed, rooms.of(deed.role), sizes) for deed in planned)


def _within(deed: Deed, room: float, s: Sizes) -> Deed:
    """A kind of call whose prompts fit. Each is shown another excerpt, so that no cache knows more of it."""
    if deed.prompt <= room:
        return deed
    return replace(deed, prompt=room, shared=min(deed.shared, s.system))


def _planning(s: Sizes, context: Context, scenario: Scenario, rooms: Rooms) -> Iterator[Deed]:
    rounds, words = scenario.rounds, scenario.words
    replans = min(_REPLANS[rounds], context.max_replans)
    redesigns = min(_REDESIGNS[rounds], context.max_redesigns) + replans
    reviews = 1 + min(_REVIEWS_AGAIN[rounds], context.max_redesigns) + replans
    plan = _PLAN * s.plan
    architecture = _ARCHITECTURE * s.architecture
    dependencies = _DEPENDENCIES * s.dependencies

    designed = s.until_dependencies
    review = _DESIGN_REVIEW[words]

    parts = rooms.plan_parts(s)
    so_far = min(s.plan / 2, rooms.of("planner") / 2) if parts > 1 else 0
    reviews_in_parts = reviews * rooms.review_parts(s)

    yield _deed("planner", parts, 0, s.system + s.paper / parts + so_far, plan / parts)
    yield _deed("architect", 1, s.until_paper, s.until_plan, architecture)
    yield _deed("dependency_analyst", 1, s.until_plan, s.until_architecture, dependencies)
    yield _deed("config_writer", reviews, s.until_architecture, designed, _CONFIG[words])
    yield _deed("reviewer", reviews_in_parts, designed, s.briefing, review, template="design_reviewer")

    def revised(role: Role, calls: float, same: float, shown: float, answer: float) -> Deed:
        return _deed(role, calls, same, shown, _CHANGED * answer, template=f"{role}_revise")

    yield revised("planner", replans, s.until_paper, s.until_plan, plan)
    yield revised("architect", redesigns, s.until_plan, designed, architecture)
    yield revised("dependency_analyst", redesigns, s.until_plan, designed, dependencies)


def _writing(s: Sizes, context: Context, scenario: Scenario) -> Iterator[Deed]:
    rounds, words = scenario.rounds, scenario.words
    again = _REWRITTEN[rounds] if context.max_revisions or context.max_fixes else 0
    with_tests = _WITH_TESTS[words] * s.tested
    tests = with_tests / s.files * _TESTS[words]
    shared = s.file_briefing
    sheet = shared + s.sheet
    promised = sheet + s.imports * s.interface
    imported = s.imports * s.code
    coding = sheet + _ANALYSIS[words] + _SHOWN_TO_CODER * imported
    mending = coding + s.code + tests + _REVIEW[words] / 2
    judging = sheet + _SHOWN_TO_REVIEWER * imported + _NUMBERED * (s.code + tests)

    yield _deed("analyst", s.files, shared, promised, _ANALYSIS[words], at_once=True)
    yield _deed("tester", with_tests, promised, promised + _ANALYSIS[words], _TESTS[words])
    yield _deed("coder", s.files, sheet, coding, s.code)
    yield _deed("coder", again * s.files, sheet, mending, _EDITS[words])
    yield _deed("reviewer", (1 + again) * s.files, sheet, judging, _REVIEW[words])


def _finishing(s: Sizes, context: Context, scenario: Scenario, rooms: Rooms) -> Iterator[Deed]:
    rounds, words = scenario.rounds, scenario.words
    code = s.files * s.code
    groups = rooms.audit_groups(s)
    audits = 1 + min(_REPAIRS[rounds], context.max_repairs)
    rulings = min(_RULINGS[rounds], context.max_rulings)
    mends = min(_MENDS[rounds], context.max_mends)
    some = min(_MENDED_FILES, s.files) * s.code
    verdicts = _VERDICT[words] * s.requirements / groups
    mending = s.briefing + some + _SIGNATURES * (code - some)
    audited = s.briefing + s.plan + code / groups + _SIGNATURES * code * (1 - 1 / groups)

    yield _deed("architect", rulings, s.briefing, s.briefing + some, _RULING, template="arbiter")
    yield _deed("reviewer", audits * groups, s.briefing, audited, verdicts, template="auditor")
    yield _deed("debugger", mends, s.briefing, mending, _EDITS[words])


def _deed(
    role: Role,
    calls: float,
    shared: float,
    shown: float,
    answer: float,
    *,
    template: str = "",
    at_once: bool = False,
) -> Deed:
    return Deed(role, calls, shared, shown + fixed_length(template or role), answer, at_once)
