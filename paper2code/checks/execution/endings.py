"""How a process ended, in words."""

import signal

from paper2code.checks.execution.sandbox.confinement import Finished

_WORDS = {
    "SIGABRT": "abort",
    "SIGBUS": "bus error",
    "SIGFPE": "arithmetic fault",
    "SIGILL": "illegal instruction",
    "SIGKILL": "killed",
    "SIGSEGV": "segmentation fault",
}


def ending(finished: Finished) -> str:
    """Why a process is over: the limit that stopped it, the signal that ended it, or its exit code.

    >>> ending(Finished(139, "", "", 0.1)), ending(Finished(2, "", "", 0.1))
    ('segmentation fault', 'exit code 2')
    """
    if finished.stopped_by:
        return finished.stopped_by
    code = finished.exit_code
    number = 0 if code is None else code - 128 if code > 128 else -code if code < 0 else 0
    try:
        name = signal.Signals(number).name
    except ValueError:
        return f"exit code {code}"
    return _WORDS.get(name, f"signal {name}")
