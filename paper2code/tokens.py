"""How many tokens a text has, reckoned without the tokenizer of any model."""

CHARACTERS_PER_TOKEN = 3
"""A cautious guess: papers have 2.9 (mathematics) to 4.1 characters a token."""


def estimate_tokens(text: str) -> int:
    """The tokens of a text; rather too many than too few."""
    return tokens_in(len(text))


def tokens_in(characters: int) -> int:
    """The tokens of so many characters, rounded up."""
    return -(-characters // CHARACTERS_PER_TOKEN)
