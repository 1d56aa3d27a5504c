"""What of the paper and the design a call hangs on, and what its prompt shows where not all fits."""

from paper2code.fitting.concern import concern_of
from paper2code.fitting.files import fewer, in_short
from paper2code.fitting.fit import Fitted, NoRoomError, fitted
from paper2code.fitting.shortening import first_sentences

__all__ = ["Fitted", "NoRoomError", "concern_of", "fewer", "first_sentences", "fitted", "in_short"]
