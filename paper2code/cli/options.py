"""The options of the commands, each with the words that explain it."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from paper2code.cli.execute_option import Execution

_model_option = partial(typer.Option, rich_help_panel="Models")
_loop_option = partial(
    typer.Option, metavar="N", rich_help_panel="Loops, each with a budget of its own, from 0 to 20"
)
_execution_option = partial(typer.Option, rich_help_panel="Running what is written")
_limit_option = partial(typer.Option, rich_help_panel="Limits")
_watching_option = partial(typer.Option, rich_help_panel="Watching and deciding")

PaperSource = Annotated[
    str,
    typer.Argument(
        metavar="PAPER",
        help="A PDF, LaTeX, Markdown, HTML or S2ORC file, a folder of LaTeX, an arXiv id, or an address at "
        "arXiv.",
    ),
]
Supplements = Annotated[
    list[str] | None,
    typer.Option(
        "--supplement",
        metavar="FILE",
        help="Read this with the paper: appendix, addendum, a data set's README. May be given several times.",
    ),
]
Password = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="Opens the paper if it is an encrypted PDF."),
]
OutputDir = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="The folder that becomes the repository.")
]
Model = Annotated[
    str,
    _model_option(
        metavar="SPEC",
        envvar="PAPER2CODE_MODEL",
        help="provider:model of every agent, as LangChain names it.",
    ),
]
AgentModels = Annotated[
    list[str] | None,
    _model_option(
        "--agent-model",
        metavar="ROLE=SPEC",
        help="Another model for one role, such as coder=openai:gpt-5. May be given several times.",
    ),
]
BaseUrl = Annotated[
    str | None,
    _model_option(metavar="URL", help="Endpoint of a local or other OpenAI-compatible server."),
]
ContextTokens = Annotated[
    int | None,
    _model_option(
        "--context",
        metavar="N",
        help="Tokens that the models read at once, prompt and answer together; at least 4000. Give it for "
        "models that LangChain has no profile of, such as local ones: prompts are shortened to fit.",
    ),
]
Replay = Annotated[
    Path | None,
    _model_option(metavar="JOURNAL", help="Serve the answers recorded in this journal; no model is asked."),
]
MaxRevisions = Annotated[int, _loop_option(help="How often the reviewer may send a file back.")]
MaxReplans = Annotated[int, _loop_option(help="How often the plan may be sent back.")]
MaxRedesigns = Annotated[int, _loop_option(help="How often the architecture may be sent back.")]
MaxRepairs = Annotated[int, _loop_option(help="How often the audit may send files back.")]
MaxRulings = Annotated[int, _loop_option(help="How often interfaces may change while files are written.")]
MaxMends = Annotated[int, _loop_option(help="How often what fails when run may be mended.")]
Execute = Annotated[
    Execution | None,
    _execution_option(
        "--execute",
        metavar="[=unsafe], --no-execute",
        help="Run the tests and programs that are written, in a sandbox. By default this is done where one "
        "works; --execute stops at once where none does, and --execute=unsafe then runs them all the same, "
        "with all your rights.",
    ),
]
Environment = Annotated[
    Path | None,
    _execution_option(
        metavar="DIR",
        help="A Python environment to run them in, as it is, instead of one that is built of their "
        "requirements.",
    ),
]
BudgetUsd = Annotated[
    float | None,
    _limit_option(metavar="X", help="Stop before the call that would pass this many dollars."),
]
BudgetTokens = Annotated[
    int | None,
    _limit_option(metavar="N", help="Stop before the call that would pass this many tokens."),
]
OwnPrice = Annotated[
    str | None,
    _model_option(
        "--price",
        metavar="IN,CACHED,OUT",
        help="Dollars a million tokens: prompt, cached prompt, answer. Counts for every model of the run, in "
        "place of the known prices.",
    ),
]
Concurrency = Annotated[int, _limit_option(metavar="N", help="Model calls under way at once.")]
RequestsPerMinute = Annotated[int | None, _limit_option(metavar="N", help="Model calls begun in a minute.")]
TokensPerMinute = Annotated[
    int | None,
    _limit_option(metavar="N", help="Tokens that the calls begun in a minute may use."),
]
Timeout = Annotated[float, _limit_option(metavar="S", help="Seconds that one model call may take.")]
Ask = Annotated[
    bool,
    _watching_option(
        "--ask", help="Ask once, after planning, about what the paper leaves open and matters most."
    ),
]
Approve = Annotated[
    bool,
    _watching_option("--approve", help="Show the design, and ask before the first file."),
]
AsJson = Annotated[
    bool,
    _watching_option("--json", help="Write events and the result as JSON lines, and nothing else."),
]
Overwrite = Annotated[
    bool,
    _watching_option(
        "--overwrite",
        help="Write over files of the repository that were changed by hand, which are kept otherwise.",
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
