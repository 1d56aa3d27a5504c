"""From a spec such as `openai:gpt-5-mini` to a chat model."""

import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from langchain_core.language_models import BaseChatModel

from paper2code.context import ROLES, Context, Role
from paper2code.errors import ModelSpecError

_WAYS_ON = (
    "set OPENAI_API_KEY, or point --base-url (or OPENAI_BASE_URL) at a local server, or try `paper2code demo`"
)
_NO_KEY_NEEDED = "none"


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A chat model and the name that journal and prices know it by."""

    name: str
    chat: BaseChatModel


def load_models(context: Context) -> Mapping[Role, NamedModel]:
    """The model of every role; a choice that several roles share is loaded once.

    Raises:
        ModelSpecError: One of them cannot be had.
    """
    loaded: dict[str, NamedModel] = {}
    models: dict[Role, NamedModel] = {}
    for role in ROLES:
        choice = context.agent_models.get(role, context.model)
        key = choice if isinstance(choice, str) else str(id(choice))
        if key not in loaded:
            chat = load_model(choice, base_url=context.base_url, timeout=context.timeout)
            loaded[key] = NamedModel(describe(choice), chat)
        models[role] = loaded[key]
    return models


def load_model(choice: str | BaseChatModel, *, base_url: str | None, timeout: float) -> BaseChatModel:
    """The chat model that a caller chose.

    Retries are left to us, so that the attempts of two layers do not multiply.

    Args:
        choice: `provider:model`, a bare OpenAI model name, or a model that is passed through as it is.
        base_url: Endpoint of an OpenAI-compatible server, or None for the provider's own.
        timeout: Seconds that one request may take.

    Raises:
        ModelSpecError: The provider is unknown, its package is missing, or there is no key.
    """
    if isinstance(choice, BaseChatModel):
        return choice
    provider, name = split(choice)
    if not name:
        raise ModelSpecError("the model is empty: give provider:model, such as openai:gpt-5-mini")
    if provider == "openai":
        return _openai(name, base_url, timeout)
    return _other(provider, name, base_url, timeout)


def split(spec: str) -> tuple[str, str]:
    """Provider and model name of a spec; a bare name is OpenAI's.

    >>> split("anthropic:claude-sonnet-4-5"), split("gpt-5-mini")
    (('anthropic', 'claude-sonnet-4-5'), ('openai', 'gpt-5-mini'))
    """
    provider, colon, name = spec.strip().partition(":")
    return (provider, name) if colon else ("openai", provider)


def describe(choice: str | BaseChatModel) -> str:
    """How the journal names a model: its spec, or the class and name of an instance."""
    if isinstance(choice, str):
        return choice.strip()
    named = getattr(choice, "model_name", None) or getattr(choice, "model", None)
    return f"{type(choice).__name__}:{named}" if isinstance(named, str) else type(choice).__name__


def _openai(name: str, base_url: str | None, timeout: float) -> BaseChatModel:
    from langchain_openai import ChatOpenAI  # noqa: PLC0415 - a second of imports, paid by those who use it
    from pydantic import SecretStr  # noqa: PLC0415

    url = base_url or os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_BASE")
    key = os.environ.get("OPENAI_API_KEY") or (_NO_KEY_NEEDED if url else "")
    if not key:
        raise ModelSpecError(f"no key for openai:{name}: {_WAYS_ON}")
    return ChatOpenAI(model=name, base_url=url, api_key=SecretStr(key), timeout=timeout, max_retries=0)


def _other(provider: str, name: str, base_url: str | None, timeout: float) -> BaseChatModel:
    if importlib.util.find_spec("langchain") is None:
        raise ModelSpecError(
            f"{provider}:{name} needs the package langchain: pip install 'paper2code[providers]' "
            f"langchain-{provider.replace('_', '-')}"
        )
    from langchain.chat_models import init_chat_model  # noqa: PLC0415 - an optional package

    options: dict[str, Any] = {"max_retries": 0, "timeout": timeout}
    if base_url:
        options["base_url"] = base_url
    try:
        model: BaseChatModel = init_chat_model(f"{provider}:{name}", **options)
    except ImportError as error:
        raise ModelSpecError(f"{provider}:{name}: {_first_line(error)}") from error
    except ValueError as error:
        raise ModelSpecError(
            f"{provider}:{name} is no model that LangChain can make ({_first_line(error)}); "
            "write it as provider:model, such as anthropic:claude-sonnet-4-5"
        ) from error
    return model


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
