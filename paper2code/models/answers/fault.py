"""The way to send an answer back."""


class AnswerFault(ValueError):  # noqa: N818 - no failure of ours: the model is asked again
    """An answer that cannot be used. Its text is written for the model that gave it."""
