"""Imports modules one after the other and notes how each went; one that fails does not stop the next."""

import importlib
import os
import sys
import traceback

from paper2code_note import note  # type: ignore[import-not-found]  # beside it in the sandbox


def main(modules: list[str]) -> None:
    """Import each module, with the arguments of a program that was given none."""
    for module in modules:
        sys.argv = [module]
        note("started", module)
        try:
            importlib.import_module(module)
        except BaseException as error:
            note("ended", module, "failed", _reason(error), _told(error))
        else:
            note("ended", module, "passed")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # a thread that some module started must not keep the process


def _reason(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return "calls sys.exit when it is imported; put what runs under if __name__ == '__main__'"
    return f"{type(error).__name__}: {error}".strip().partition("\n")[0]


def _told(error: BaseException) -> str:
    """The traceback from the first frame of the repository on."""
    root = os.getcwd() + os.sep  # noqa: PTH109 - to compare with names of files
    frame = error.__traceback__
    while frame is not None and not frame.tb_frame.f_code.co_filename.startswith(root):
        frame = frame.tb_next
    return "".join(traceback.format_exception(type(error), error, frame, limit=-12)).replace(root, "")


if __name__ == "__main__":
    main(sys.argv[1:])
