"""Pictures in a request: how they are sent, and what of them counts for fingerprints and budgets."""

import base64
import hashlib
from collections.abc import Iterator, Sequence

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage

from paper2code.models.cache_marks import shared_of, with_shared
from paper2code.papers.model import Image

_CHARACTERS = 4_500
"""What a picture of 1,400 pixels costs, about 1,500 tokens, in characters of text."""


def takes_images(model: BaseChatModel) -> bool:
    """Whether LangChain's profile of a model says that it takes images; a model without one does not."""
    profile = model.profile or {}
    return profile.get("image_inputs") is True


def question(
    text: str, images: Sequence[tuple[str, Image]] = (), shared: tuple[int, ...] = ()
) -> HumanMessage:
    """A question with the pictures of these floats after its text, which prompt caches know by its start.

    Args:
        text: The words.
        images: The pictures.
        shared: How many characters of the text other requests begin with, too; see `cache_marks`.
    """
    if not images:
        return with_shared(HumanMessage(text), shared)
    parts: list[str | dict[str, object]] = [_text(text)]
    for name, image in images:
        data = base64.b64encode(image.data or b"").decode("ascii")
        parts += [_text(f"Figure {name}:"), {"type": "image", "base64": data, "mime_type": image.media_type}]
    return with_shared(HumanMessage(parts), shared)


def with_more_text(message: BaseMessage, text: str) -> HumanMessage:
    """A question with a paragraph more, before its pictures if it has any."""
    shared = shared_of(message)
    if isinstance(message.content, str):
        return with_shared(HumanMessage(f"{message.content}\n\n{text}"), shared)
    first, *rest = message.content
    opening = first if isinstance(first, str) else str(first["text"])
    return with_shared(HumanMessage([_text(f"{opening}\n\n{text}"), *rest]), shared)


def identity(message: BaseMessage) -> str:
    """The content of a message for fingerprints, in which the SHA-256 of a picture stands for it."""
    if isinstance(message.content, str):
        return message.content
    return "\0".join(
        hashlib.sha256(base64.b64decode(str(part["base64"]))).hexdigest()
        if part.get("type") == "image"
        else str(part.get("text", ""))
        for part in _parts(message)
    )


def length(message: BaseMessage) -> int:
    """The characters of a message, with what its pictures cost."""
    pictures = sum(part.get("type") == "image" for part in _parts(message))
    return len(message.text) + pictures * _CHARACTERS


def _parts(message: BaseMessage) -> Iterator[dict[str, object]]:
    if not isinstance(message.content, str):
        for part in message.content:
            yield _text(part) if isinstance(part, str) else part


def _text(text: str) -> dict[str, object]:
    return {"type": "text", "text": text}
