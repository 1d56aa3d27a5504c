"""What the models read at once, and in how many calls they read what is longer."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from paper2code.context import ROLES, Context, Role
from paper2code.estimate.sizes import Sizes
from paper2code.models.window import expected_room
from paper2code.prompts import fixed_length
from paper2code.tokens import CHARACTERS_PER_TOKEN

_GROUP_CHARACTERS = 240_000
"""Text of files in one call of the audit."""
_SHARE_OF_A_PART = 0.4
"""The paper in a review of the design that goes part by part, over the whole prompt."""
_FORM = 3_500
"""The schema of a plan, which goes with the question."""
_LEAST_SHARE = 0.25
"""The paper in a prompt of the planner, whatever the plan so far takes."""


@dataclass(frozen=True)
class Rooms:
    """The characters that prompts may have; roles that are missing have no limit."""

    characters: Mapping[Role, int]

    @classmethod
    def expected(cls, context: Context) -> Self:
        """Those of a run's models, as far as they are known before its first call."""
        rooms = {role: expected_room(context, role) for role in ROLES}
        return cls({role: CHARACTERS_PER_TOKEN * room for role, room in rooms.items() if room})

    def of(self, role: Role) -> float:
        """The room of one role, which may be without end."""
        return self.characters.get(role, math.inf)

    def plan_parts(self, s: Sizes) -> int:
        """In how many calls the planner reads the paper, each time beside the plan so far."""
        room, around = self.of("planner"), s.system + fixed_length("planner") + _FORM
        if around + s.paper <= room:
            return 1
        return math.ceil(s.paper / max(room - around - min(s.plan, room) / 2, _LEAST_SHARE * room))

    def review_parts(self, s: Sizes) -> int:
        """In how many calls the design is held against the paper."""
        room = self.of("reviewer")
        if s.briefing + fixed_length("design_reviewer") <= room:
            return 1
        return math.ceil(s.paper / (_SHARE_OF_A_PART * room))

    def audit_groups(self, s: Sizes) -> int:
        """In how many groups the files are audited; half of a prompt is theirs where the usual do not fit."""
        code, room = s.files * s.code, self.of("reviewer")
        groups = math.ceil(code / _GROUP_CHARACTERS)
        if s.briefing + s.plan + code / groups + fixed_length("auditor") <= room:
            return groups
        return math.ceil(code / min(_GROUP_CHARACTERS, room / 2))
