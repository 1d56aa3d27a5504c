"""What only all files together tell: values that nobody reads, and results that nobody finds."""

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from paper2code.artifacts import Architecture, Dependencies, ExperimentConfig, Finding
from paper2code.checks.modules import is_test
from paper2code.checks.source.config_keys import parsed
from paper2code.checks.source.file_names import Mention, mentions
from paper2code.checks.source.readings import Readings
from paper2code.checks.source.scopes import Scopes, scopes_if_any
from paper2code.checks.wording import finding
from paper2code.checks.yaml_text import line_of_key

_CONFIG = "config.yaml"
_ALIKE = 0.75
_WORDS = re.compile(r"[-_.]")


def check_repository(
    files: Mapping[str, str], architecture: Architecture, dependencies: Dependencies, config: ExperimentConfig
) -> dict[str, tuple[Finding, ...]]:
    """Check finished files against each other.

    Args:
        files: All texts by path.
        architecture: The planned files, with the commands that run them.
        dependencies: The keys that each file is meant to read.
        config: The text of config.yaml.

    Returns:
        Findings by the path of the file whose coder can mend them; `config.yaml` for keys that no file is
        meant to read. Paths without findings are left out.
    """
    scopes = {path: known for path, text in files.items() if (known := _scopes(path, text)) is not None}
    found: dict[str, list[Finding]] = {}
    for path, each in (
        *_unread_keys(scopes, files, architecture, dependencies, config),
        *_differing_names(scopes, files, architecture, config),
    ):
        found.setdefault(path, []).append(each)
    return {path: tuple(findings) for path, findings in found.items()}


def _scopes(path: str, text: str) -> Scopes | None:
    return scopes_if_any(text) if path.endswith(".py") else None


def _unread_keys(
    scopes: Mapping[str, Scopes],
    files: Mapping[str, str],
    architecture: Architecture,
    dependencies: Dependencies,
    config: ExperimentConfig,
) -> Iterator[tuple[str, Finding]]:
    """Keys whose values change nothing, because no file says their name or takes the section around whole."""
    values = parsed(config)
    others = [text for path, text in files.items() if path not in scopes and path.endswith((".sh", ".py"))]
    is_complete = all(file.path in files for file in architecture.files)
    if values is None or not scopes or not is_complete:
        return
    readings = Readings(
        (each for path, each in scopes.items() if not is_test(path)),
        [*others, *(command.command for command in architecture.commands)],
    )
    if readings.takes_all:
        return
    for key in _unread(values, (), readings):
        reader = next((f.path for f in dependencies.files if key in f.config_keys and f.path in scopes), None)
        yield (
            reader or _CONFIG,
            finding(
                "unread-key",
                "major" if reader else "minor",
                0 if reader else line_of_key(config.yaml, key),
                f"No file reads {key} of config.yaml, so that its value changes nothing.",
                f"Read {key} where its value is used." if reader else f"Read {key}, or take it out.",
            ),
        )


def _unread(values: Mapping[object, object], above: tuple[str, ...], readings: Readings) -> Iterator[str]:
    for name, value in values.items():
        path = (*above, str(name))
        if str(name) not in readings.words:
            yield ".".join(path)
        elif isinstance(value, dict) and str(name) not in readings.whole:
            yield from _unread(value, path, readings)


def _differing_names(
    scopes: Mapping[str, Scopes],
    files: Mapping[str, str],
    architecture: Architecture,
    config: ExperimentConfig,
) -> Iterator[tuple[str, Finding]]:
    """Files that are read and never written, while a name much like theirs is written and never read."""
    found = [(path, mention) for path, each in scopes.items() for mention in mentions(each)]
    written = {mention.name for _, mention in found if mention.use == "write"}
    read = {mention.name for _, mention in found if mention.use == "read"}
    commands = "\n".join(command.command for command in architecture.commands)
    elsewhere = "\n".join([commands, config.yaml, *(t for p, t in files.items() if p not in scopes)])
    said = [(mention.name, mention.use) for _, mention in found]
    for path, mention in found:
        if mention.use != "read" or mention.name in written or mention.name in elsewhere or is_test(path):
            continue
        if mention.name in {PurePosixPath(p).name for p in files} or said.count((mention.name, "say")):
            continue
        likely = _likely(mention, written - read)
        if likely:
            writer = next(p for p, other in found if other.name == likely and other.use == "write")
            yield (
                path,
                finding(
                    "file-name",
                    "major",
                    mention.line,
                    f"No file writes {mention.name}; {writer} writes {likely}.",
                    f"Read {likely}, or take the name from {writer}.",
                ),
            )


def _likely(mention: Mention, candidates: set[str]) -> str | None:
    suffix = PurePosixPath(mention.name).suffix
    same = sorted(name for name in candidates if PurePosixPath(name).suffix == suffix)
    shuffled = [name for name in same if sorted(_WORDS.split(name)) == sorted(_WORDS.split(mention.name))]
    close = shuffled or difflib.get_close_matches(mention.name, same, n=1, cutoff=_ALIKE)
    return close[0] if close else None
