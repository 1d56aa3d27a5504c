"""Every error that a caller can meet, in three families.

```
Paper2CodeError
├── InputError             the caller's mistake: say what to do, exit code 2
│   ├── PaperError         the paper cannot be read
│   ├── ModelSpecError     no such model, no key, no endpoint
│   ├── WorkspaceError     the output folder cannot be used
│   ├── InterpreterError   the environment to run code in cannot be used
│   └── ReplayError        the journal does not fit this run
├── RunError               the run cannot go on as it stands
│   ├── DesignError        no design that can be built came out of planning
│   ├── ProviderError      the provider refused or stayed out of reach
│   │   └── ContextError   a prompt does not fit the model, however much of it is left out
│   ├── SandboxError       the sandbox could not start a command
│   └── BudgetError        the next call would pass the budget; resumable, exit code 3
└── AnswerError            a model's answer is unusable after every retry; about one file it costs that file,
                           about the whole, such as the plan or the audit, it ends the run
```
"""


class Paper2CodeError(Exception):
    """Base of all errors raised on purpose. Its text is one line that says what to do."""

    exit_code = 2


class InputError(Paper2CodeError):
    """The caller's mistake; nothing was written."""


class PaperError(InputError):
    """The paper cannot be read."""


class ModelSpecError(InputError):
    """The model cannot be had: unknown provider, missing package or key, refused by the endpoint."""


class WorkspaceError(InputError):
    """The output folder cannot be used: not writable, in use, or it holds another paper's run."""


class InterpreterError(InputError):
    """The environment that the caller named for generated code cannot be used."""


class ReplayError(InputError):
    """The journal to replay has no answer for a call of this run."""


class RunError(Paper2CodeError):
    """The run cannot go on; what was paid for is in the journal."""


class DesignError(RunError):
    """Planning ended without a design that can be built."""


class ProviderError(RunError):
    """The provider refused a call, or stayed out of reach through every retry."""


class ContextError(ProviderError):
    """A prompt does not fit the model, however much of it is left out.

    `window` is how many tokens the provider says that the model reads at once; None where it does not say.
    """

    def __init__(self, text: str, window: int | None = None) -> None:
        super().__init__(text)
        self.window = window


class SandboxError(RunError):
    """The sandbox could not start a command; the command is not to blame, and counts as not run."""


class BudgetError(RunError):
    """The next call would pass the budget."""

    exit_code = 3


class AnswerError(Paper2CodeError):
    """A model's answer stayed unusable through every retry.

    Where the answer is about one file, the run goes on without that file. From the planner, the architect and
    whoever else answers for the whole the error ends the run; the debugger alone can be done without.
    """
