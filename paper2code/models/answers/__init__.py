"""What a model said, made into what was asked for.

The one place where an answer is judged: past it an artifact is valid and a file is whole. Whatever is cut,
left out or unclear is refused with an `AnswerFault`, never guessed.
"""

from paper2code.models.answers.artifact import read_artifact
from paper2code.models.answers.code import read_code
from paper2code.models.answers.fault import AnswerFault
from paper2code.models.answers.written import Written, read_changed, read_file

__all__ = ["AnswerFault", "Written", "read_artifact", "read_changed", "read_code", "read_file"]
