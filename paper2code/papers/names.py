"""Persons' names out of the lines of authors, affiliations and addresses under a paper's title."""

import re

_BETWEEN = re.compile(r"\d+|[,;&*†‡§¶|·\n]|\band\b|\s{3,}|\$[^$]*\$|<[^<>]*>|\\[a-z]+")
_NAME = re.compile(r"[^\W\d_][^\W\d_.'’\-]*\.?(?:[ \-]+[^\W\d_][^\W\d_.'’\-]*\.?){1,4}")
_PLACE = re.compile(
    r"@|\buniv|institut|department|\bdept\b|school|college|laborator|\blabs?\b|research|google|microsoft|\bmeta\b"
    r"|centre|center|faculty|academy|\binc\b|\bltd\b|corporation|equal|contribution|correspond|amazon|intelligence"
    r"|brain\b|\bwork\b|abstract|hospital|openai|deepmind|nvidia|https?:|\b(?:usa|china|germany|france|uk|canada)\b",
    re.IGNORECASE,
)


def person_names(text: str) -> tuple[str, ...]:
    """The names in a text, as well as they can be told from where their bearers work; each once.

    >>> person_names("Ada Lovelace 1, Charles Babbage 2 and the University of London")
    ('Ada Lovelace', 'Charles Babbage')
    """
    names: dict[str, None] = {}
    for part in _BETWEEN.split(text[:5_000]):
        name = " ".join(part.split()).strip(" .-()[]{}^_")
        if len(name) <= 60 and name[:1].isupper() and _NAME.fullmatch(name) and not _PLACE.search(name):
            names[name] = None
    return tuple(names)
