"""Text set aside behind marks that no later rule touches, and put back at the end."""

import re
from collections.abc import Callable
from typing import Literal

from paper2code.errors import PaperError

Sort = Literal["code", "listing", "maths", "equation", "float", "source"]

MARK = re.compile(r"\x02(code|listing|maths|equation|float|source):(\d+)\x03")
LARGEST_TEXT = 20_000_000


class Stash:
    """Numbered pieces of text; a piece may hold marks of pieces that were set aside before it."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def keep(self, sort: Sort, text: str) -> str:
        """Set a text aside and return the mark that stands for it."""
        self.pieces.append(text)
        return f"\x02{sort}:{len(self.pieces) - 1}\x03"

    def restore(self, text: str, show: Callable[[str, int], str] | None = None) -> str:
        """Put the pieces back. `show(sort, number)` may say what stands for a piece; by default itself does.

        Raises:
            PaperError: The text grows past 20 million characters, which no paper has.
        """
        size = 0

        def put_back(match: re.Match[str]) -> str:
            nonlocal size
            sort, number = match[1], int(match[2])
            piece = show(sort, number) if show else self.pieces[number]
            size += len(piece)
            if size > LARGEST_TEXT:
                raise PaperError(
                    "The paper's source unfolds to more than 20 million characters; read its PDF instead."
                )
            return piece

        while MARK.search(text):
            text = MARK.sub(put_back, text)
        return text
