"""From a spec to a chat model, and what is said where there is none."""

import asyncio
import importlib.util
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from langchain_openai import AzureChatOpenAI, ChatOpenAI

from paper2code.context import ROLES, Context, ModelChoice, Price
from paper2code.errors import ModelSpecError
from paper2code.models.specs import describe, load_model, load_models, split, thinks
from paper2code.models.transport import send
from paper2code.models.usage import Usage
from paper2code.testing import ScriptedModel
from tests.models.server import ChatServer

URL = "http://127.0.0.1:8000/v1"
A_CALL = Usage(calls=1, input_tokens=1_000_000, output_tokens=1_000_000)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "AZURE_OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")


def loaded(spec: str, base_url: str | None = None) -> ChatOpenAI:
    model = load_model(spec, base_url=base_url, timeout=60)
    assert isinstance(model, ChatOpenAI)
    return model


def refused(spec: str, base_url: str | None = None) -> str:
    with pytest.raises(ModelSpecError) as caught:
        load_model(spec, base_url=base_url, timeout=60)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("spec", "parts"),
    [
        ("openai:gpt-5-mini", ("openai", "gpt-5-mini")),
        ("gpt-5-mini", ("openai", "gpt-5-mini")),
        (" Anthropic : claude-sonnet-4-5 ", ("anthropic", "claude-sonnet-4-5")),
        ("ollama:qwen3:32b", ("ollama", "qwen3:32b")),
        ("openai:org/model:free", ("openai", "org/model:free")),
    ],
)
def test_a_spec_is_a_provider_and_a_name(spec: str, parts: tuple[str, str]) -> None:
    assert split(spec) == parts


class TestOpenAI:
    @pytest.mark.usefixtures("a_key")
    def test_is_used_with_the_key_of_the_environment(self) -> None:
        model = loaded("openai:gpt-5-mini")
        assert model.model_name == "gpt-5-mini"
        assert model.openai_api_base is None
        assert model.root_async_client.api_key == "sk-test"

    @pytest.mark.usefixtures("a_key")
    def test_leaves_retries_to_us_and_keeps_the_time(self) -> None:
        client = loaded("gpt-5-mini").root_async_client
        assert client.max_retries == 0
        assert (client.timeout.read, client.timeout.connect) == (60, 30)

    def test_needs_a_key_and_names_the_three_ways_on(self) -> None:
        told = refused("openai:gpt-5-mini")
        assert told.startswith("no key for openai:gpt-5-mini: ")
        assert all(way in told for way in ("OPENAI_API_KEY", "--base-url", "paper2code demo"))

    def test_needs_no_key_where_there_is_a_server(self) -> None:
        model = loaded("openai:qwen3:32b", URL)
        assert (model.openai_api_base, model.model_name) == (URL, "qwen3:32b")

    @pytest.mark.parametrize("name", ["OPENAI_BASE_URL", "OPENAI_API_BASE"])
    def test_takes_the_server_of_the_environment(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(name, URL)
        assert loaded("toy").openai_api_base == URL

    def test_is_where_the_caller_says_whatever_the_environment_says(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
        assert loaded("toy", URL).openai_api_base == URL

    def test_counts_tokens_also_for_those_who_stream_from_a_server(self) -> None:
        assert loaded("toy", URL).stream_usage

    def test_serves_one_event_loop_after_another(self) -> None:
        """Clients that keep connections fail in the second run of a process: they belong to a closed loop."""
        notes: list[str] = []

        async def three(model: ChatOpenAI) -> None:
            calls = (
                send(model, [HumanMessage("Hi")], schema=None, seconds=9, on_retry=notes.append)
                for _ in range(3)
            )
            await asyncio.gather(*calls)

        with ChatServer(lambda _: "Hello", keep_alive=True) as server:
            for _ in range(2):
                asyncio.run(three(loaded("toy", server.url)))
        assert notes == []


class TestWhatIsNoModel:
    @pytest.mark.parametrize("spec", ["", " ", "openai:", "openai: "])
    def test_has_no_name(self, spec: str) -> None:
        assert refused(spec) == (
            f"the model {spec!r} has no name: give provider:model, such as openai:gpt-5-mini"
        )

    def test_has_no_provider(self) -> None:
        assert refused(":gpt-5-mini").startswith("the model ':gpt-5-mini' has no provider")

    @pytest.mark.parametrize("url", ["127.0.0.1:8000/v1", "localhost", "ftp://x"])
    def test_has_no_endpoint(self, url: str) -> None:
        assert refused("toy", url) == f"the base URL {url!r} must begin with http:// or https://"

    def test_has_an_unknown_provider(self) -> None:
        told = refused("qwen3:32b")
        assert told.startswith("qwen3:32b cannot be had: Unsupported provider='qwen3'")
        assert told.endswith("models of an OpenAI-compatible server are written openai:NAME, with --base-url")

    def test_lacks_the_package_of_its_provider(self) -> None:
        if importlib.util.find_spec("langchain_fireworks"):
            pytest.skip("the package is there")
        assert "pip install langchain-fireworks" in refused("fireworks:llama")

    def test_lacks_the_package_for_other_providers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        find_spec = importlib.util.find_spec
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name: None if name == "langchain" else find_spec(name)
        )
        told = refused("google_genai:gemini-3-pro")
        assert "pip install 'paper2code[providers]' langchain-google-genai" in told

    def test_lacks_a_key_of_its_provider(self) -> None:
        told = refused("azure_openai:gpt-5")
        assert told.startswith("azure_openai:gpt-5 cannot be had: ")
        assert "AZURE_OPENAI_API_KEY" in told

    def test_is_refused_in_the_words_of_its_provider(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A pydantic error's first line only counts the problems."""

        def init_chat_model(*_: object, **__: object) -> object:
            return Context.model_validate({"concurrency": 0})

        monkeypatch.setattr("langchain.chat_models.init_chat_model", init_chat_model)
        assert (
            refused("anthropic:x") == "anthropic:x cannot be had: Input should be greater than or equal to 1"
        )


def test_another_provider_is_loaded_by_langchain(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    model = ScriptedModel(answer=lambda _: "")

    def init_chat_model(name: str, **options: object) -> ScriptedModel:
        asked.update(options, name=name)
        return model

    monkeypatch.setattr("langchain.chat_models.init_chat_model", init_chat_model)
    assert load_model("ollama:qwen3:32b", base_url=None, timeout=60) is model
    assert asked == {"name": "qwen3:32b", "model_provider": "ollama", "max_retries": 0, "timeout": 60}
    load_model("ollama:qwen3:32b", base_url=URL, timeout=60)
    assert asked["base_url"] == URL


class TestTheModelsOfARun:
    @pytest.mark.usefixtures("a_key")
    def test_are_one_for_all_roles_unless_a_role_has_its_own(self) -> None:
        own = ScriptedModel(answer=lambda _: "")
        models = load_models(
            Context(model="openai:gpt-5-mini", agent_models={"coder": own, "analyst": "gpt-5"})
        )
        assert set(models) == set(ROLES)
        assert models["coder"].chat is own
        assert models["planner"] is models["reviewer"]
        assert [models[role].name for role in ("planner", "coder", "analyst")] == [
            "openai:gpt-5-mini",
            "ScriptedModel",
            "gpt-5",
        ]

    @pytest.mark.usefixtures("a_key")
    def test_have_prices_where_they_are_known(self) -> None:
        instance = ChatOpenAI(model="gpt-5-mini", api_key="none")
        models = load_models(
            Context(
                model="openai:gpt-5-mini",
                agent_models={"coder": instance, "analyst": "no-such-model", "reviewer": "gpt-5-mini"},
            )
        )
        price = models["planner"].price(A_CALL)
        assert price is not None
        assert price > 0
        assert models["coder"].price(A_CALL) == models["reviewer"].price(A_CALL) == price
        assert models["analyst"].price(A_CALL) is None

    @pytest.mark.usefixtures("a_key")
    def test_have_the_price_that_the_caller_gives(self) -> None:
        own = Price(input=1, cached=0.5, output=4)
        models = load_models(Context(agent_models={"analyst": "no-such-model"}, price=own))
        call = Usage(calls=1, input_tokens=1_000_000, cached_tokens=200_000, output_tokens=10_000)
        assert models["planner"].price(call) == models["analyst"].price(call) == pytest.approx(0.94)

    def test_are_all_looked_at_before_the_first_call(self) -> None:
        context = Context(model=ScriptedModel(answer=lambda _: ""), agent_models={"reviewer": "gpt-5"})
        with pytest.raises(ModelSpecError, match="no key for openai:gpt-5"):
            load_models(context)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("openai:o3-mini", True),
        ("gpt-4.1", False),
        ("openai:my-own", False),
        ("anthropic:some-model", False),
        (ScriptedModel(answer=lambda _: ""), False),
    ],
)
def test_whether_a_model_thinks_is_known_without_a_key(choice: ModelChoice, expected: bool) -> None:
    assert thinks(choice) is expected


def test_an_instance_is_used_as_it_is_and_called_by_class_and_name() -> None:
    azure = AzureChatOpenAI(
        model="gpt-5", api_key="none", azure_endpoint="https://localhost", api_version="2026-01-01"
    )
    assert load_model(azure, base_url=URL, timeout=1) is azure
    assert describe(azure) == "AzureChatOpenAI:gpt-5"
    assert describe(ScriptedModel(answer=lambda _: "")) == "ScriptedModel"
    assert describe(" openai:gpt-5 ") == "openai:gpt-5"
