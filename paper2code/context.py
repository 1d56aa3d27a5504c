"""What the caller chooses for one run."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from langchain_core.language_models import BaseChatModel
from pydantic import BaseModel, ConfigDict, Field, InstanceOf, PrivateAttr, WithJsonSchema

from paper2code.limits import Limits

if TYPE_CHECKING:
    from paper2code.run import Run

Role = Literal[
    "planner",
    "architect",
    "dependency_analyst",
    "config_writer",
    "analyst",
    "tester",
    "coder",
    "reviewer",
    "debugger",
]
ROLES: tuple[Role, ...] = get_args(Role)

ModelChoice = str | Annotated[InstanceOf[BaseChatModel], WithJsonSchema({"type": "string"})]
"""A LangChain spec such as `openai:gpt-5-mini`, or any chat model."""


class Price(BaseModel):
    """What a model's tokens cost, in US dollars a million."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    input: float = Field(ge=0, allow_inf_nan=False)
    """Prompt tokens that no cache serves."""

    cached: float = Field(ge=0, allow_inf_nan=False)
    """Prompt tokens that the provider's cache serves."""

    output: float = Field(ge=0, allow_inf_nan=False)
    """Answer tokens, those of thinking among them."""


class Context(BaseModel):
    """LangGraph's runtime context of a run: `graph.invoke(..., context=Context(...))`.

    Loops have budgets, each counted apart. When one is spent the run goes on with what it has, and says so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    model: ModelChoice = "openai:gpt-5-mini"
    """The model of every agent that `agent_models` does not name."""

    agent_models: Mapping[Role, ModelChoice] = Field(default_factory=dict)
    """Another model for single roles."""

    base_url: str | None = None
    """Endpoint of an OpenAI-compatible server; None leaves it to the provider's own settings."""

    output_dir: Path = Path("out")
    """The folder that becomes the repository."""

    supplements: tuple[Path | str, ...] = ()
    """Further sources of the paper: its appendix, an addendum, the authors' notes, a data set's README."""

    password: str | None = Field(default=None, repr=False)
    """Opens the paper and its supplements where they are encrypted PDFs."""

    concurrency: int = Field(default=8, ge=1, le=1_000)
    """Model calls of this run under way at once."""

    limits: Limits = Field(default_factory=Limits)
    """Calls at once, requests and tokens a minute; runs that are given the same object keep them together."""

    max_replans: int = Field(default=2, ge=0, le=20)
    """Times that the design review may send the plan back to the planner."""

    max_redesigns: int = Field(default=2, ge=0, le=20)
    """Times that faults or misfits may send the design back to the architect."""

    max_fixes: int = Field(default=2, ge=0, le=20)
    """Times that checks and tests may send one draft back to its coder, anew for each review."""

    max_revisions: int = Field(default=2, ge=0, le=20)
    """Times that the reviewer may send one file back to its coder, anew for each repair."""

    max_repairs: int = Field(default=2, ge=0, le=20)
    """Times that the audit may send files back with tickets."""

    max_rulings: int = Field(default=2, ge=0, le=20)
    """Times that the architect may rule on interfaces that coders found wrong."""

    max_mends: int = Field(default=3, ge=0, le=20)
    """Times that the debugger may mend the repository when the execution gate fails."""

    execute: bool | Literal["unsafe"] = False
    """Run the generated tests and programs in a sandbox, where this machine has one. `"unsafe"` runs them
    without one where it has none: with the rights of whoever started the run."""

    environment: Path | None = None
    """A Python environment to run the generated code in, as it is; None builds one of its requirements."""

    ask: bool = False
    """Interrupt once after planning with the questions that the paper leaves open and that matter most."""

    approve: bool = False
    """Interrupt before the first file is written and wait for `Command(resume=...)`."""

    context_tokens: int | None = Field(default=None, ge=4_000)
    """What the models read at once, in tokens, prompt and answer together; None is what LangChain's profile
    of each says. Prompts that would not fit show less, and say what is missing."""

    overwrite: bool = False
    """Write over files of the repository that somebody has changed by hand, which are kept otherwise."""

    replay: Path | None = None
    """A journal whose answers are served instead of asking a model."""

    timeout: float = Field(default=900, gt=0)
    """Seconds that one model call may take."""

    budget_usd: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    """Stop before the call that would pass this many dollars."""

    budget_tokens: int | None = Field(default=None, gt=0)
    """Stop before the call that would pass this many tokens, prompts and answers together."""

    price: Price | None = None
    """What the tokens of every model of this run cost; None asks the tables of genai-prices."""

    _run: "Run | None" = PrivateAttr(default=None)

    @property
    def loops(self) -> dict[str, int]:
        """How often each loop of the graph may go round, by the names of the fields."""
        return {name: getattr(self, name) for name in type(self).model_fields if name.startswith("max_")}

    @property
    def run(self) -> "Run":
        """The live run: workspace, journal, models. Only inside a node of a running graph.

        Raises:
            RuntimeError: Outside a run.
        """
        if self._run is None:
            raise RuntimeError(
                "this context belongs to no running graph: invoke build_graph()'s graph with it"
            )
        return self._run

    def bound_to(self, run: "Run") -> "Context":
        """A copy of this context for the nodes of one run."""
        bound = self.model_copy()
        bound._run = run  # noqa: SLF001 - the copy is ours
        return bound
