"""Words and numbers for a terminal: nothing that a paper or a model wrote reaches it as a control code."""

from collections.abc import Mapping, Sequence

from rich.cells import cell_len, set_cell_size


def printable(text: str) -> str:
    r"""One line without control codes, escape sequences or invisible marks.

    >>> printable("a\x1b[31mb\n  c")
    'a [31mb c'
    """
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def printable_lines(text: str) -> str:
    """The same for text that keeps its lines, their indentation and its tabs."""
    return "".join(char if char.isprintable() or char in "\n\t" else " " for char in text)


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """The text in exactly `width` terminal cells: filled up on the right, or cut there.

    >>> fit("train.py", 10), fit("models/encoder.py", 10)
    ('train.py  ', 'models/en…')
    """
    if cell_len(text) <= width:
        return text + " " * (width - cell_len(text))
    kept = max(0, width - len(ellipsis))
    return set_cell_size(set_cell_size(text, kept) + ellipsis, width)


def fit_path(path: str, width: int, ellipsis: str = "…") -> str:
    """The same for a path, which is cut on its left, since its end tells more.

    >>> fit_path("models/layers/encoder.py", 14)
    '…rs/encoder.py'
    """
    if cell_len(path) <= width:
        return fit(path, width)
    kept = path
    while kept and cell_len(ellipsis + kept) > width:
        kept = kept[1:]
    return fit(ellipsis + kept, width)


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "file"), counted(14, "file")
    ('1 file', '14 files')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def tally(numbers: Mapping[str, int], words: Sequence[str]) -> str:
    """How many there are of each kind, in the order of the words; what there is none of is left out.

    >>> tally({"failed": 1, "passed": 3}, ("passed", "failed", "not run"))
    '3 passed, 1 failed'
    """
    return ", ".join(f"{numbers[word]} {word}" for word in words if numbers.get(word))


def short_number(number: int) -> str:
    """A count in at most five characters.

    >>> [short_number(n) for n in (812, 41_200, 999_700, 1_234_000)]
    ['812', '41k', '1.0M', '1.2M']
    """
    if number < 1_000:
        return str(number)
    if number < 999_500:
        return f"{number / 1_000:.0f}k"
    return f"{number / 1_000_000:.1f}M"


def duration(seconds: float) -> str:
    """Minutes and seconds, and hours where there are any.

    >>> duration(4.2), duration(754), duration(3_723)
    ('0:04', '12:34', '1:02:03')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def dollars(usd: float) -> str:
    """An amount of money, to the cent from ten cents on.

    >>> dollars(0.0042), dollars(0.42), dollars(12.3)
    ('$0.0042', '$0.42', '$12.30')
    """
    return f"${usd:.2f}" if usd >= 0.1 or usd == 0 else f"${usd:.4f}"
