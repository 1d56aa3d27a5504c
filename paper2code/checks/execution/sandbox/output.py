"""The end of what a command prints."""


class Tail:
    """The last bytes of a stream, and how many there were."""

    def __init__(self, kept: int) -> None:
        self.seen = 0
        self._kept = kept
        self._bytes = bytearray()

    def add(self, chunk: bytes) -> None:
        """Take in what came next."""
        self.seen += len(chunk)
        self._bytes += chunk
        if len(self._bytes) > 2 * self._kept:
            self._cut()

    @property
    def text(self) -> str:
        """The tail as text, from the first whole character on; what is no UTF-8 shows as U+FFFD."""
        self._cut()
        start = 0
        if self.seen > len(self._bytes):
            while start < min(3, len(self._bytes)) and self._bytes[start] & 0xC0 == 0x80:
                start += 1
        return self._bytes[start:].decode("utf-8", "replace")

    def _cut(self) -> None:
        del self._bytes[: max(0, len(self._bytes) - self._kept)]
