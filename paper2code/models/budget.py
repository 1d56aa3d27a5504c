"""The ceiling on what a run may use, looked at before each call."""

from dataclasses import dataclass

from paper2code.errors import BudgetError
from paper2code.models.specs import split
from paper2code.models.usage import Usage, price

_CHARACTERS_PER_TOKEN = 3
_TYPICAL_ANSWER = 2_000


@dataclass(frozen=True, slots=True)
class Budget:
    """Dollars and tokens that a run may use; None is no limit."""

    usd: float | None = None
    tokens: int | None = None

    def check(self, spent: Usage, prompt_characters: int, model: str) -> None:
        """Stop before a call that would probably pass the budget.

        Args:
            spent: What the run used so far.
            prompt_characters: Length of the next prompt.
            model: Spec of the model that would be asked.

        Raises:
            BudgetError: The call would pass the budget.
        """
        asked = prompt_characters // _CHARACTERS_PER_TOKEN
        used = spent.input_tokens + spent.output_tokens
        if self.tokens is not None and used + asked + _TYPICAL_ANSWER > self.tokens:
            raise BudgetError(
                f"stopped before a call of about {asked + _TYPICAL_ANSWER:,} tokens: {used:,} of "
                f"{self.tokens:,} are used; run again with a higher --budget-tokens to go on"
            )
        if self.usd is None:
            return
        provider, name = split(model)
        next_call = price(name, provider, Usage(calls=1, input_tokens=asked, output_tokens=_TYPICAL_ANSWER))
        if next_call is not None and (spent.usd or 0.0) + next_call > self.usd:
            raise BudgetError(
                f"stopped before a call of about ${next_call:.3f}: ${spent.usd or 0.0:.3f} of "
                f"${self.usd:.3f} are used; run again with a higher --budget-usd to go on"
            )
