"""Files that an answer asks to see instead of changing any: `<show_file>path</show_file>`."""

import re
from collections.abc import Collection

from paper2code.models.answers.fault import AnswerFault

_TAG = re.compile(r"<show_file>\s*([^<>\n]{1,200}?)\s*</show_file>")


def wanted_files(answer: str, there: Collection[str]) -> tuple[str, ...]:
    """The files that a plain answer asks for, in its order, each once.

    Args:
        answer: The answer, without thinking and proposals.
        there: The files that can be shown.

    Raises:
        AnswerFault: It asks for another one.
    """
    wanted = tuple(dict.fromkeys(path.strip("`").removeprefix("./") for path in _TAG.findall(answer)))
    for path in wanted:
        if path not in there:
            raise AnswerFault(
                f"{path} cannot be shown: it is shown already, or there is no such file. Send changes, or "
                f"ask for some of: {', '.join(there)}."
            )
    return wanted
