"""What decides how a step ends, as one number: a caller need not run again what it has run."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from paper2code.artifacts.execution import StepKind
from paper2code.checks.execution.environments.installation import normalised

_FORM = 1  # of what the gate does; another number has everything run again


def fingerprint(
    kind: StepKind, files: Mapping[str, str], requirements: Iterable[str], commands: Iterable[str] = ()
) -> str:
    """The SHA-256 of a step's input: its kind, the files that matter to it, the packages, and what is run.

    >>> one, other = {"a.py": "", "b.py": ""}, {"b.py": "", "a.py": ""}
    >>> fingerprint("tests", one, ["numpy"]) == fingerprint("tests", other, ["numpy  # arrays"])
    True
    """
    parts = [_FORM, kind, sorted(files.items()), normalised(requirements), list(commands)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
