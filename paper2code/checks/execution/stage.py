"""A repository laid out to be run: every command of it starts here, with the same settings."""

import os
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from paper2code.checks.execution import probes
from paper2code.checks.execution.environments.environment import Environment
from paper2code.checks.execution.excerpt import tail
from paper2code.checks.execution.notes import Note, read_notes, read_stacks
from paper2code.checks.execution.on_disk import altered, laid_out
from paper2code.checks.execution.sandbox.confinement import Confined, Finished, Limits, Sandbox
from paper2code.throwaway import throwaway_folder

THREADS = 2

_PROBES = Path(probes.__file__).parent
_SETTINGS = {
    "CUDA_VISIBLE_DEVICES": "",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "WANDB_MODE": "offline",
    "MPLBACKEND": "Agg",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONFAULTHANDLER": "1",  # a crash tells its stack
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    "PYTHONUNBUFFERED": "1",  # what was printed before a limit is there
    "PYTHONUTF8": "1",
    "TOKENIZERS_PARALLELISM": "false",
    **{
        f"{library}_NUM_THREADS": str(THREADS)
        for library in ("OMP", "MKL", "OPENBLAS", "NUMEXPR", "VECLIB_MAXIMUM", "NUMBA")
    },
}
# Some processors need them to compute rightly, and they are set for the machine, not for a program.
_OF_THE_MACHINE = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
_SHARE_BEFORE_STACKS = 0.9


@dataclass(frozen=True)
class Ran:
    """How a program of the repository ended, and what the probes noted of it."""

    finished: Finished
    notes: tuple[Note, ...]
    stacks: str

    @property
    def output(self) -> str:
        """The tail of what it printed, then where it was if it had to be stopped."""
        printed = tail(self.finished.output)
        if not (self.finished.stopped_by and self.stacks):
            return printed
        return f"{printed}\n\nShortly before it was stopped it was here:\n{tail(self.stacks)}".strip()


@dataclass(frozen=True)
class Stage:
    """A repository in a folder of its own, with the environment and the sandbox to run it in."""

    sandbox: Sandbox
    environment: Environment
    files: Mapping[str, str]
    root: Path

    async def python(self, arguments: Sequence[str], limits: Limits) -> Ran:
        """Run the interpreter in the repository's root."""
        with throwaway_folder() as notes:
            finished = await self.sandbox.run(
                Confined(
                    command=(str(self.environment.python), *arguments),
                    folder=self.root,
                    readable=(*self.environment.readable, _PROBES),
                    writable=(notes,),
                    variables=self._variables(notes, limits),
                    limits=limits,
                )
            )
            told = replace(finished, output=self._relative(finished.output))
            return Ran(told, read_notes(notes), self._relative(read_stacks(notes)))

    def altered(self) -> str | None:
        """The first file of the repository that a program has changed, or None."""
        return altered(self.root, self.files)

    def _relative(self, text: str) -> str:
        """The text with paths as the repository's users know them."""
        return text.replace(f"{self.root}{os.sep}", "")

    def _variables(self, notes: Path, limits: Limits) -> dict[str, str]:
        programs = [str(self.environment.python.parent), "/usr/local/bin", "/usr/bin", "/bin"]
        return {
            **_SETTINGS,
            **{name: os.environ[name] for name in _OF_THE_MACHINE if name in os.environ},
            "PATH": os.pathsep.join(programs),
            "PYTHONPATH": os.pathsep.join([str(self.root), str(_PROBES)]),
            "PAPER2CODE_NOTES": str(notes),
            "PAPER2CODE_STACKS_AT": str(time.time() + _SHARE_BEFORE_STACKS * limits.seconds),
        }


@asynccontextmanager
async def staged(
    sandbox: Sandbox, environment: Environment, files: Mapping[str, str]
) -> AsyncIterator[Stage]:
    """A fresh stage with these files; gone afterwards.

    Raises:
        PathFault: A path may not stand in a repository, or two collide.
    """
    async with laid_out(files) as root:
        yield Stage(sandbox, environment, files, root)
