"""Characters that a PDF's fonts name badly, put right."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from string import ascii_uppercase

MATH_FONT = re.compile(
    r"CMMI|CMSY|CMEX|CMBSY|MSBM|MSAM|EUFM|EUSM|RSFS|StandardSym|txmi|txsy|txex|pxmi|pxsy|ntxmi|ntxsy|NewTXMI|STIX.*Math"
    r"|MathJax|XITSMath|LatinModernMath|LMMath|NewCMMath|Cambria.?Math|MTMI|MTSY|Wasy|StMary|DSROM|BBM|BBOLD|Euclid.*Symbol",
    re.IGNORECASE,
)
BOLD_FONT = re.compile(
    r"Bold|Medi(?!um?ital)|-Bd|CMBX|Demi|Heavy|Black|SFBX|[^a-z]BX\d|LinBiolinum.*B$", re.IGNORECASE
)
ITALIC_FONT = re.compile(r"Ital|Oblique|Slant|-It\b|CMTI|CMSL|SFTI|SFSL|[a-z]I$", re.IGNORECASE)
MONO_FONT = re.compile(
    r"CMTT|SFTT|ECTT|Mono|Courier|Consol|Typewriter|NimbusMon|Cursor|Menlo|Monaco|SourceCode|FiraCode|zi4|txtt",
    re.IGNORECASE,
)
EXTENSION_FONT = re.compile(r"CMEX|txex|pxex|MTEX|EUEX|LMMathExtension|LMEX", re.IGNORECASE)

# Computer Modern's extension font has no Unicode names: its delimiters, operators and pieces of tall
# brackets are told by their codes (Knuth, Computer Modern Typefaces, 1986). Each delimiter comes in several
# heights.
_DELIMITERS = "()[]⌊⌋⌈⌉{}⟨⟩"
_PIECES = "()[][][]{}{}{}{}||()()⟨⟩"  # codes 0x30 to 0x45; a tall bracket is several of them in one column
_OPERATORS = "⊔⊔∮∮⊙⊙⊕⊕⊗⊗∑∏∫⋃⋂⊎⋀⋁∑∏∫⋃⋂⊎⋀⋁∐∐"  # codes 0x46 to 0x61
_ACCENTS_ON = "\u0302\u0302\u0302\u0303\u0303\u0303"
_EXTENSION: dict[int, str] = {
    **{code: _DELIMITERS[code] for code in range(12)},
    0x0C: "|", 0x0D: "‖", 0x0E: "/", 0x0F: "\\",
    0x10: "(", 0x11: ")",
    **{0x12 + code: _DELIMITERS[code] for code in range(12)}, 0x1E: "/", 0x1F: "\\",
    **{0x20 + code: _DELIMITERS[code] for code in range(12)}, 0x2C: "/", 0x2D: "\\", 0x2E: "/", 0x2F: "\\",
    **{0x30 + code: piece for code, piece in enumerate(_PIECES)},
    **{0x46 + code: operator for code, operator in enumerate(_OPERATORS)},
    **{0x62 + code: accent for code, accent in enumerate(_ACCENTS_ON)},
    **{0x68 + code: _DELIMITERS[2 + code] for code in range(8)},
    0x70: "√", 0x71: "√", 0x72: "√", 0x73: "√", 0x74: "√", 0x75: "", 0x76: "",
    0x77: "⇕", 0x78: "↑", 0x79: "↓", 0x7A: "", 0x7B: "", 0x7C: "", 0x7D: "", 0x7E: "⇑", 0x7F: "⇓",
}  # fmt: skip
_REPEATED_PIECES = {*range(0x36, 0x38), *range(0x3A, 0x40), 0x34, 0x35, *range(0x40, 0x44)}

_HANGING = (
    (0x74, 0.6), (0x73, 3.0), (0x72, 2.4), (0x71, 1.8), (0x70, 1.2), (0x68, 1.8), (0x62, 0.0), (0x60, 1.2),
    (0x5B, 1.4), (0x5A, 2.2), (0x58, 1.4), (0x50, 1.0), (0x4A, 1.2), (0x46, 1.2), (0x44, 1.8), (0x42, 0.6),
    (0x40, 1.8), (0x3E, 0.6), (0x3C, 1.8), (0x38, 0.9), (0x36, 0.6), (0x30, 1.8), (0x2E, 1.8), (0x20, 3.0),
    (0x12, 2.4), (0x10, 1.8), (0x00, 1.2),
)  # fmt: skip

_WIDTHS = {"L": 0.46, "N": 0.5, "P": 0.4, "S": 0.7, "Z": 0.25, "M": 0.0, "C": 0.0}  # by Unicode category
_NARROW = frozenset("ijltfr.,;:'|!()[]")

BIG_OPERATORS = frozenset("∑∏∫∮⋃⋂⊎⋀⋁∐⨁⨂")

_TIDY = str.maketrans(
    {
        "\u2010": "-", "\u2011": "-", "\u00ad": "-", "\u00a0": " ", "\u2002": " ", "\u2003": " ",
        "\u2009": " ", "\u200a": " ", "\u202f": " ", "\u200b": "", "\u2060": "", "\ufeff": "",
        "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
        "\uf8eb": "(", "\uf8ec": "", "\uf8ed": "", "\uf8f6": ")", "\uf8f7": "", "\uf8f8": "",
        "\uf8ee": "[", "\uf8ef": "", "\uf8f0": "", "\uf8f9": "]", "\uf8fa": "", "\uf8fb": "",
        "\uf8f1": "{", "\uf8f2": "", "\uf8f3": "", "\uf8f4": "", "\uf8fc": "}", "\uf8fd": "", "\uf8fe": "",
    }
)  # fmt: skip
_SPACING_ACCENTS = dict(
    zip(
        "`´ˆ˜¯˘˙¨˚ˇ˝¸",
        "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030c\u030b\u0327",
        strict=True,
    )
)
_COMBINING_ACCENTS = frozenset("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u20d7")
_ACCENTED = re.compile(rf"([{''.join(_SPACING_ACCENTS)}]) ?([A-Za-zΑ-ωıȷ])")
_ACCENT_BEFORE = re.compile(rf"(?:^|(?<=[\s(\[{{=−+,·|‖∥]))([{''.join(_COMBINING_ACCENTS)}]) ?([A-Za-zΑ-ω])")
# Ligatures, quotes and dashes of TeX's text encodings OT1 and T1, where a font does not name its characters.
_TEX_CODES = {
    0x0B: "ff", 0x0C: "fi", 0x0D: "fl", 0x0E: "ffi", 0x0F: "ffl", 0x10: "“", 0x11: "”", 0x15: "–", 0x16: "—",
    0x1B: "ff", 0x1C: "fi", 0x1D: "fl", 0x1E: "ffi", 0x1F: "ffl",
}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\uf8ff\ufe00-\ufe0f]")
# Italic and bold letters of mathematical fonts: as plain letters they cost a model a third of the tokens.
# Script and double-struck ones stay, since a paper may well have both L and ℒ.
_STYLED = re.compile(r"[\U0001d400-\U0001d49b\U0001d5a0-\U0001d7ff]")


_SCRIPT = str.maketrans(
    dict(zip(ascii_uppercase, "𝒜ℬ𝒞𝒟ℰℱ𝒢ℋℐ𝒥𝒦ℒℳ𝒩𝒪𝒫𝒬ℛ𝒮𝒯𝒰𝒱𝒲𝒳𝒴𝒵", strict=True))
    | {"♣": "|"}  # Ghostscript takes the name of the bar for its place in another encoding
)
_DOUBLE_STRUCK = str.maketrans(
    dict(zip(ascii_uppercase, "𝔸𝔹ℂ𝔻𝔼𝔽𝔾ℍ𝕀𝕁𝕂𝕃𝕄ℕ𝕆ℙℚℝ𝕊𝕋𝕌𝕍𝕎𝕏𝕐ℤ", strict=True)) | {"1": "𝟙", "⊮": "𝟙"}
)
_ALPHABETS = (
    (re.compile(r"CMSY|CMBSY|LMMathSymbols|txsy|pxsy|RSFS", re.IGNORECASE), _SCRIPT),
    (re.compile(r"MSBM|BBM|DSROM|BBOLD|txsyb", re.IGNORECASE), _DOUBLE_STRUCK),
)


@dataclass(frozen=True, slots=True)
class Face:
    """What a typeface's name gives away; `letters` is the alphabet that its capitals stand for."""

    name: str
    math: bool
    bold: bool
    italic: bool
    mono: bool
    extension: bool
    letters: Mapping[int, str] = field(hash=False, repr=False)


@lru_cache(maxsize=1024)
def face(name: str, *, fixed_pitch: bool = False) -> Face:
    """The face of this name; for mathematics, weight and big delimiters names are all there is to go by."""
    extension = bool(EXTENSION_FONT.search(name))
    letters = next((letters for fonts, letters in _ALPHABETS if fonts.match(name)), {})
    return Face(
        name=name,
        math=extension or bool(MATH_FONT.search(name)),
        bold=bool(BOLD_FONT.search(name)),
        italic=bool(ITALIC_FONT.search(name)),
        mono=fixed_pitch or bool(MONO_FONT.search(name)),
        extension=extension,
        letters=letters,
    )


def tidy(text: str, *, math: bool = False) -> str:
    """One hyphen, one space, no ligatures, no control or private characters; line ends are kept.

    Control characters in a face of text are codes of TeX; a `math` face has other signs there.
    """
    text = text if math else text.translate(_TEX_CODES)
    text = _CONTROL.sub("", text.translate(_TIDY))
    return _STYLED.sub(lambda letter: unicodedata.normalize("NFKC", letter[0]), text)


def is_accent(text: str) -> bool:
    """Whether the text is one accent that stands by itself."""
    return text in _SPACING_ACCENTS or text in _COMBINING_ACCENTS


def compose_accents(text: str) -> str:
    """TeX sets an accent as a character of its own before its letter: "Nystr¨om" becomes "Nyström"."""
    text = text.replace("7→", "↦")  # its stroke is a character of its own as well
    text = _ACCENT_BEFORE.sub(lambda match: unicodedata.normalize("NFC", match[2] + match[1]), text)
    return _ACCENTED.sub(
        lambda match: unicodedata.normalize("NFC", match[2] + _SPACING_ACCENTS[match[1]]), text
    )


def extension(code: int) -> str:
    """The character that a code of Computer Modern's extension font stands for.

    The pieces below the first of a tall bracket are left out, so that it counts once.
    """
    return "" if code in _REPEATED_PIECES else _EXTENSION.get(code, "")


def extension_height(code: int) -> float:
    """How far a glyph of that font hangs down from its origin, in units of the font's size."""
    for first, height in _HANGING:
        if code >= first:
            return height
    return 0.0


def width(text: str) -> float:
    """How wide a text is in units of its size, by the averages of common text faces."""
    return sum(
        _WIDTHS[unicodedata.category(character)[0]] if character not in _NARROW else 0.27
        for character in text
    ) + (0.22 * sum(map(str.isupper, text)))
