"""Cut answers that no continuation would end: what the model is told of them, and shown."""

from paper2code.models.circles import circle

_LONGEST_ROUND = 80

_MOST_QUOTED = 100_000
"""Characters of an unusable answer that the model is shown again, about 25,000 tokens."""


def endless(text: str, before: str) -> str:
    """Why it is of no use to continue a cut answer once more; empty where it may be.

    Args:
        text: The answer so far.
        before: What it was before its last continuation; empty if it had none.
    """
    if found := circle(text):
        said = " ".join(found.round.split())[:_LONGEST_ROUND]
        return (
            f"The answer repeats itself without end, until a length limit cut it{said and f': {said!r}'}. "
            "Say each thing once, in few words, and end the answer."
        )
    if len(text) <= len(before):
        return (
            f"The answer is cut by a length limit after {len(text):,} characters, and begins again where it "
            "should go on. Answer in fewer words."
        )
    return ""


def quoted(text: str) -> str:
    """An unusable answer as the model is shown it again; of one too long, how it begins and ends.

    Circles are shown once, lest they draw the model in again.
    """
    if found := circle(text):
        text = f"{found.before}\n\n(and so on)"
    if len(text) <= _MOST_QUOTED:
        return text or "(empty)"
    half = _MOST_QUOTED // 2
    return f"{text[:half]}\n\n({len(text) - 2 * half:,} characters)\n\n{text[-half:]}"
