"""What a prompt shows where its model cannot read all that an agent passes on."""

from paper2code.fitting.files import fewer, in_short
from paper2code.fitting.fit import Fitted, NoRoomError, fitted
from paper2code.fitting.shortening import first_sentences

__all__ = ["Fitted", "NoRoomError", "fewer", "first_sentences", "fitted", "in_short"]
