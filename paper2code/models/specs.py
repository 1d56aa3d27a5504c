"""From a spec such as `openai:gpt-5-mini` to a chat model."""

import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from langchain_core.language_models import BaseChatModel, ModelProfile
from pydantic import SecretStr, ValidationError

from paper2code.context import ROLES, Context, ModelChoice, Price, Role
from paper2code.errors import ModelSpecError
from paper2code.models.usage import Usage, price

_WAYS_ON = (
    "set OPENAI_API_KEY, or point --base-url (or OPENAI_BASE_URL) at a local server, or try `paper2code demo`"
)
_NO_KEY_NEEDED = "none"
_CONNECT = 30.0


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A chat model and the name that the journal knows it by.

    `provider` is where its price is looked for; None is any that has a model of that name. `own_price` is
    taken in place of the one found there.
    """

    name: str
    chat: BaseChatModel
    provider: str | None = None
    own_price: Price | None = None

    def price(self, usage: Usage) -> float | None:
        """The price of a call in US dollars; None where it is not known."""
        return price(split(self.name)[1], self.provider, usage, self.own_price)


def price_of(choice: ModelChoice, usage: Usage, own: Price | None = None) -> float | None:
    """The price of a call of a model that need not be had; None where it is not known."""
    return price(split(describe(choice))[1], provider_of(choice), usage, own)


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
            loaded[key] = NamedModel(describe(choice), chat, provider_of(choice), context.price)
            loaded[key].price(Usage())  # loads the tables now, and not amid the first answer
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
    if not provider or not name:
        raise ModelSpecError(
            f"the model {choice!r} has no {'name' if provider else 'provider'}: "
            "give provider:model, such as openai:gpt-5-mini"
        )
    if base_url and not base_url.startswith(("http://", "https://")):
        raise ModelSpecError(f"the base URL {base_url!r} must begin with http:// or https://")
    if provider == "openai":
        return _openai(name, base_url, timeout)
    return _other(provider, name, base_url, timeout)


def split(spec: str) -> tuple[str, str]:
    """Provider and model name of a spec; a bare name is OpenAI's.

    >>> split("anthropic:claude-sonnet-4-5"), split("gpt-5-mini")
    (('anthropic', 'claude-sonnet-4-5'), ('openai', 'gpt-5-mini'))
    """
    provider, colon, name = (part.strip() for part in spec.partition(":"))
    return (provider.lower(), name) if colon else ("openai", provider)


def provider_of(choice: ModelChoice) -> str | None:
    """Where the price of a model is looked for; None is any provider that has a model of that name."""
    return split(choice)[0] if isinstance(choice, str) else None


def thinks(choice: ModelChoice) -> bool:
    """Whether LangChain's profile says that a model thinks before it answers, which is paid for as output.

    False where that is not known. Needs no key.
    """
    return bool(profile_of(choice).get("reasoning_output"))


def profile_of(choice: ModelChoice) -> ModelProfile:
    """LangChain's profile of a model, without a key; empty where only the provider's package has it."""
    if isinstance(choice, BaseChatModel):
        return choice.profile or {}
    provider, name = split(choice)
    if provider != "openai":
        return {}
    from langchain_openai import ChatOpenAI  # noqa: PLC0415 - a second of imports

    return profile_of(ChatOpenAI(model=name, api_key=SecretStr(_NO_KEY_NEEDED)))


def describe(choice: str | BaseChatModel) -> str:
    """How the journal names a model: its spec, or the class and name of an instance."""
    if isinstance(choice, str):
        return choice.strip()
    named = getattr(choice, "model_name", None) or getattr(choice, "model", None)
    return f"{type(choice).__name__}:{named}" if isinstance(named, str) else type(choice).__name__


def _openai(name: str, base_url: str | None, timeout: float) -> BaseChatModel:
    from langchain_openai import ChatOpenAI  # noqa: PLC0415 - a second of imports, paid by those who use it
    from openai import Timeout  # noqa: PLC0415

    url = base_url or os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_BASE")
    key = os.environ.get("OPENAI_API_KEY") or (_NO_KEY_NEEDED if url else "")
    if not key:
        raise ModelSpecError(f"no key for openai:{name}: {_WAYS_ON}")
    return ChatOpenAI(
        model=name,
        base_url=url,
        api_key=SecretStr(key),
        timeout=Timeout(timeout, connect=min(timeout, _CONNECT)),
        max_retries=0,
        # Off by default where a base URL is given, and then a caller who streams would see no usage.
        stream_usage=True,
        # Each run has an event loop of its own, and a kept connection belongs to the loop that opened it.
        default_headers={"Connection": "close"},
    )


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
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
    except Exception as error:  # each provider's package raises its own where a key is missing
        raise ModelSpecError(f"{provider}:{name} cannot be had: {_words(error)}{_advice(error)}") from error
    return model


def _words(error: Exception) -> str:
    """The first line of an error; of a pydantic error the first problem, since its first line only counts."""
    text = str(error.errors()[0]["msg"]) if isinstance(error, ValidationError) else str(error)
    return text.strip().partition("\n")[0].rstrip(".") or type(error).__name__


def _advice(error: Exception) -> str:
    if "Unsupported provider" in str(error):
        return "; models of an OpenAI-compatible server are written openai:NAME, with --base-url"
    return ""
