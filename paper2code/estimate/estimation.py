"""What a run will probably take: calls, tokens and dollars."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from paper2code.context import ROLES, Context, Role
from paper2code.estimate.deeds import deeds
from paper2code.estimate.known import Known
from paper2code.estimate.rooms import Rooms
from paper2code.estimate.scenario import Scenario
from paper2code.estimate.sizes import Sizes, sizes
from paper2code.estimate.spread import Spread
from paper2code.estimate.tokens import Habits, mean_usage
from paper2code.models.specs import describe, price_of
from paper2code.models.usage import Usage
from paper2code.papers.model import Paper


class Amounts(BaseModel):
    """What calls will take together. `input_tokens` holds the `cached_tokens`."""

    model_config = ConfigDict(frozen=True)

    calls: Spread
    input_tokens: Spread
    cached_tokens: Spread
    output_tokens: Spread
    usd: Spread | None
    """Dollars; None where a price is not known."""


class RoleEstimate(Amounts):
    """What the calls of one role will take."""

    role: Role
    model: str


class Estimate(Amounts):
    """What a run will take, first call to last.

    A run in which every role is dear is rarer than a dear role, so `high` is less than the sum over the
    roles, and `low` more.
    """

    title: str
    basis: Literal["paper", "plan", "design"]
    """What it is reckoned from."""
    requirements: Spread
    files: Spread
    parts: int
    """In how many parts the planner's model has to read the paper."""
    roles: tuple[RoleEstimate, ...]
    paid: Usage
    """What of it an earlier run has paid for already."""


@dataclass(frozen=True)
class _Bill:
    """The same in one scenario. An unknown price makes that of a sum unknown."""

    calls: float = 0.0
    input_tokens: float = 0.0
    cached_tokens: float = 0.0
    output_tokens: float = 0.0
    usd: float | None = 0.0

    @classmethod
    def of(cls, calls: float, mean: Usage) -> Self:
        """So many calls that take on average what `mean` says."""
        return cls(
            calls=calls,
            input_tokens=calls * mean.input_tokens,
            cached_tokens=calls * mean.cached_tokens,
            output_tokens=calls * mean.output_tokens,
            usd=None if mean.usd is None else calls * mean.usd,
        )

    def __add__(self, other: "_Bill") -> "_Bill":
        usd = None if self.usd is None or other.usd is None else self.usd + other.usd
        return _Bill(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.cached_tokens + other.cached_tokens,
            self.output_tokens + other.output_tokens,
            usd,
        )


def estimate(paper: Paper, context: Context | None = None, known: Known | None = None) -> Estimate:
    """Expect what a run will take, without asking a model.

    Args:
        paper: The paper.
        context: The models, their price, and the budgets of the loops.
        known: What an earlier run settled: the more of it, the closer the estimate.
    """
    context, known = context or Context(), known or Known()
    likely = Scenario()
    scenarios = (likely, *likely.others())
    measured = [sizes(paper, known, scenario) for scenario in scenarios]
    habits = {role: Habits.of(context.agent_models.get(role, context.model)) for role in ROLES}
    rooms = Rooms.expected(context)
    bills = [
        _bills(s, context, habits, scenario, rooms) for s, scenario in zip(measured, scenarios, strict=True)
    ]
    return Estimate(
        title=paper.title,
        basis="design" if known.architecture else "plan" if known.plan else "paper",
        requirements=_spread(s.requirements for s in measured),
        files=_spread(s.files for s in measured),
        parts=rooms.plan_parts(measured[0]),
        roles=tuple(
            RoleEstimate(
                role=role,
                model=describe(context.agent_models.get(role, context.model)),
                **_amounts([bill[role] for bill in bills]),
            )
            for role in ROLES
        ),
        paid=known.paid,
        **_amounts([sum(bill.values(), _Bill()) for bill in bills]),
    )


def _bills(
    s: Sizes, context: Context, habits: Mapping[Role, Habits], scenario: Scenario, rooms: Rooms
) -> dict[Role, _Bill]:
    """What each role takes in one scenario.

    Providers may charge long prompts at another rate, so single calls are priced, not their sum.
    """
    bills = dict.fromkeys(ROLES, _Bill())
    for deed in deeds(s, context, scenario, rooms):
        mean = mean_usage(deed, habits[deed.role], context.concurrency, scenario.billing)
        usd = price_of(context.agent_models.get(deed.role, context.model), mean, context.price)
        bills[deed.role] += _Bill.of(deed.calls, mean.model_copy(update={"usd": usd}))
    return bills


def _amounts(bills: Sequence[_Bill]) -> dict[str, Spread | None]:
    """The spreads of bills of which the first is the likely one."""
    names = ("calls", "input_tokens", "cached_tokens", "output_tokens")
    known: dict[str, Spread | None] = {name: _spread(getattr(b, name) for b in bills) for name in names}
    prices = [bill.usd for bill in bills if bill.usd is not None]
    return {**known, "usd": _spread(prices) if len(prices) == len(bills) else None}


def _spread(values: Iterable[float]) -> Spread:
    likely, *others = values
    return Spread.around(likely, others)
