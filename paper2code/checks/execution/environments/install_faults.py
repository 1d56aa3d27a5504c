"""Why an installation failed, by the installer's own words: the repository's fault, or this machine's."""

import re

from paper2code.checks.execution.excerpt import last_line, tail
from paper2code.checks.execution.sandbox.confinement import Finished
from paper2code.checks.wording import one_line

LONGEST_REASON = 400

# Asked first: an installer that reaches no index goes on to say that no version fits.
_UNREACHABLE = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Max retries exceeded"
    r"|name resolution|dns error|error sending request|certificate verify failed"
    r"|Connection (?:refused|reset|aborted|broken)|Network is unreachable|No space left|Disk quota"
    r"|(?:status code|HTTP error|Client Error|Server Error)\W+(?:401|403|407|429|5\d\d)"
    r"|\b(?:401|403|407|429|5\d\d) (?:Client|Server) Error",
    re.IGNORECASE,
)
_UNFIT = re.compile(
    r"No matching distribution|Could not find a version|ResolutionImpossible|conflicting dependencies"
    r"|Invalid requirement|Unexpected '|No solution found|not found in the package registry"
    r"|metadata-generation-failed|subprocess-exited-with-error|Failed (?:to build|building)|Failed to parse",
    re.IGNORECASE,
)
_ERROR = re.compile(r"^\s*(?:ERROR|error):\s*(.+(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_UNBUILT = re.compile(r"metadata-generation-failed|subprocess-exited-with-error")
_COLLECTING = re.compile(r"^\s*(?:Collecting|Processing|Building wheel for) (\S+)", re.MULTILINE)


class InstallFault(Exception):  # noqa: N818 - a fault to be told in a report, not a failure of the run
    """The packages could not be installed; its text says why in the installer's words."""

    def __init__(self, reason: str, output: str = "") -> None:
        super().__init__(one_line(reason, LONGEST_REASON))
        self.output = output


class RequirementsFault(InstallFault):
    """The requirements are at fault: there is no such package, no version fits, or one cannot be built."""


class PackagesUnreachable(InstallFault):
    """This machine could not get them: no network, no room, no time; the requirements may be right."""


def install_fault(finished: Finished) -> InstallFault:
    """The fault of an installation that did not end well; what is unknown is no fault of the requirements."""
    output = tail(finished.output)
    if finished.stopped_by:
        return PackagesUnreachable(f"the installation was stopped: {finished.stopped_by}", output)
    if found := _UNREACHABLE.search(finished.output):
        return PackagesUnreachable(f"packages cannot be fetched: {_line_of(finished.output, found)}", output)
    words = _words(finished)
    if _UNFIT.search(finished.output):
        return RequirementsFault(words, output)
    return PackagesUnreachable(f"packages cannot be installed: {words}", output)


def _words(finished: Finished) -> str:
    """The first error that the installer tells, else the last thing it says."""
    error = _ERROR.search(finished.output)
    words = error[1] if error else last_line(finished.output)
    if _UNBUILT.search(words) and (packages := _COLLECTING.findall(finished.output)):
        return f"{packages[-1]} cannot be built here: {words}"
    return words or f"exit code {finished.exit_code}"


def _line_of(output: str, found: re.Match[str]) -> str:
    """What a line says from the last of its nested explanations on."""
    start = output.rfind("\n", 0, found.start()) + 1
    end = output.find("\n", found.end())
    line = output[start : end if end >= 0 else None]
    return re.split(r"after connection broken by |cause: |(?:ERROR|error): ", line)[-1].strip()
