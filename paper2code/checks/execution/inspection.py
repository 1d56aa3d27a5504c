"""Looking names and calls of packages up where they are installed."""

from collections.abc import Sequence

from paper2code.checks.execution.environments.environment import Environment
from paper2code.checks.execution.on_disk import laid_out
from paper2code.checks.execution.sandbox.confinement import Confined, Limits, Sandbox
from paper2code.checks.source.third_party import Answer, Lookup, answers_in, inspector_source, questions

# Importing the packages takes seconds; answering takes milliseconds.
_LIMITS = Limits(seconds=120.0)
_PROGRAM = '"$1" -I inspector.py < questions.json > answers.json'


async def inspect(
    sandbox: Sandbox, environment: Environment, asked: Sequence[Lookup]
) -> tuple[Answer, ...] | None:
    """The answers of the environment's Python, which imports the packages in the sandbox.

    Returns:
        As many answers as lookups, in their order; None where a package ends the interpreter that imports it.

    Raises:
        SandboxError: The sandbox could not start it.
    """
    files = {"inspector.py": inspector_source(), "questions.json": questions(asked)}
    async with laid_out(files) as folder:
        python = str(environment.python)
        command = ("sh", "-c", _PROGRAM, "sh", python)
        await sandbox.run(Confined(command, folder, readable=environment.readable, limits=_LIMITS))
        try:
            answers = answers_in((folder / "answers.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
    return answers if len(answers) == len(asked) else None
