"""The options of the commands, each with the words that explain it."""

from pathlib import Path
from typing import Annotated

import typer

from paper2code.cli.execute_option import Execution

_MODELS = "Models"
_LOOPS = "Loops, each with its own budget"
_EXECUTION = "Running what is written"
_LIMITS = "Limits"
_SHOWING = "Watching and deciding"

PaperSource = Annotated[
    str,
    typer.Argument(
        metavar="PAPER",
        help="A PDF, LaTeX, Markdown, HTML or S2ORC file, a folder of LaTeX, an arXiv id, or a URL.",
        show_default=False,
    ),
]
Supplements = Annotated[
    list[str] | None,
    typer.Option(
        "--supplement",
        metavar="FILE",
        help="Read this with the paper: appendix, addendum, a data set's README. May be given several times.",
        show_default=False,
    ),
]
Password = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="Opens the paper if it is an encrypted PDF.", show_default=False),
]
OutputDir = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="The folder that becomes the repository.")
]
Model = Annotated[
    str,
    typer.Option(
        metavar="SPEC",
        envvar="PAPER2CODE_MODEL",
        help="provider:model of every agent, as LangChain names it.",
        rich_help_panel=_MODELS,
    ),
]
AgentModels = Annotated[
    list[str] | None,
    typer.Option(
        "--agent-model",
        metavar="ROLE=SPEC",
        help="Another model for one role, such as coder=openai:gpt-5. May be given several times.",
        show_default=False,
        rich_help_panel=_MODELS,
    ),
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Endpoint of a local or other OpenAI-compatible server.",
        show_default=False,
        rich_help_panel=_MODELS,
    ),
]
ContextTokens = Annotated[
    int | None,
    typer.Option(
        "--context",
        metavar="N",
        help="Tokens that the models read at once, where LangChain does not know: prompts then show less.",
        show_default=False,
        rich_help_panel=_MODELS,
    ),
]
Replay = Annotated[
    Path | None,
    typer.Option(
        metavar="JOURNAL",
        help="Serve the answers recorded in this journal; no model is asked.",
        show_default=False,
        rich_help_panel=_MODELS,
    ),
]
MaxRevisions = Annotated[
    int,
    typer.Option(metavar="N", help="How often the reviewer may send a file back.", rich_help_panel=_LOOPS),
]
MaxReplans = Annotated[
    int,
    typer.Option(metavar="N", help="How often the plan may be sent back.", rich_help_panel=_LOOPS),
]
MaxRedesigns = Annotated[
    int,
    typer.Option(metavar="N", help="How often the architecture may be sent back.", rich_help_panel=_LOOPS),
]
MaxRepairs = Annotated[
    int,
    typer.Option(metavar="N", help="How often the audit may send files back.", rich_help_panel=_LOOPS),
]
MaxRulings = Annotated[
    int,
    typer.Option(
        metavar="N", help="How often interfaces may change while files are written.", rich_help_panel=_LOOPS
    ),
]
MaxMends = Annotated[
    int,
    typer.Option(metavar="N", help="How often what fails when run may be mended.", rich_help_panel=_LOOPS),
]
Execute = Annotated[
    Execution | None,
    typer.Option(
        "--execute",
        metavar="[=unsafe], --no-execute",
        help="Run the tests and programs that are written, in a sandbox. By default this is done where one "
        "works; --execute stops at once where none does, and --execute=unsafe then runs them all the same, "
        "with all your rights.",
        show_default=False,
        rich_help_panel=_EXECUTION,
    ),
]
Environment = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="A Python environment to run them in, as it is, instead of one that is built of their "
        "requirements.",
        show_default=False,
        rich_help_panel=_EXECUTION,
    ),
]
BudgetUsd = Annotated[
    float | None,
    typer.Option(
        metavar="X",
        help="Stop before the call that would pass this many dollars.",
        show_default=False,
        rich_help_panel=_LIMITS,
    ),
]
BudgetTokens = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="Stop before the call that would pass this many tokens.",
        show_default=False,
        rich_help_panel=_LIMITS,
    ),
]
OwnPrice = Annotated[
    str | None,
    typer.Option(
        "--price",
        metavar="IN,CACHED,OUT",
        help="Dollars a million tokens: prompt, cached prompt, answer. Counts for every model of the run, in "
        "place of the known prices.",
        show_default=False,
        rich_help_panel=_MODELS,
    ),
]
Concurrency = Annotated[
    int,
    typer.Option(metavar="N", help="Model calls under way at once.", rich_help_panel=_LIMITS),
]
RequestsPerMinute = Annotated[
    int | None,
    typer.Option(
        metavar="N", help="Model calls begun in a minute.", show_default=False, rich_help_panel=_LIMITS
    ),
]
TokensPerMinute = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="Tokens that the calls begun in a minute may use.",
        show_default=False,
        rich_help_panel=_LIMITS,
    ),
]
Timeout = Annotated[
    float,
    typer.Option(metavar="S", help="Seconds that one model call may take.", rich_help_panel=_LIMITS),
]
Ask = Annotated[
    bool,
    typer.Option(
        "--ask",
        help="Ask once, after planning, about what the paper leaves open and matters most.",
        rich_help_panel=_SHOWING,
    ),
]
Approve = Annotated[
    bool,
    typer.Option(
        "--approve", help="Show the design, and ask before the first file.", rich_help_panel=_SHOWING
    ),
]
AsJson = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Write events and the result as JSON lines, and nothing else.",
        rich_help_panel=_SHOWING,
    ),
]
Overwrite = Annotated[
    bool,
    typer.Option(
        "--overwrite",
        help="Write over files of the repository that were changed by hand, which are kept otherwise.",
        rich_help_panel=_SHOWING,
    ),
]
Debug = Annotated[
    bool,
    typer.Option("--debug", help="Show the traceback of an error."),
]
