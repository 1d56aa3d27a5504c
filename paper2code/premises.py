"""What the design of a run starts from where there was one before: that one, with what has changed since.

The paper may be a new version, and a researcher may have changed plan, architecture, dependencies or
configuration: the artifacts in the private folder, or config.yaml itself. The changed design is then where
the next run starts, and its agents are asked about what changes have made of it, not for a new one.
"""

from collections.abc import Iterator, Mapping

from paper2code.artifacts import Architecture, Artifact, ConfigValue, Dependencies, ExperimentConfig, Plan
from paper2code.checks.contract import leaves
from paper2code.checks.yaml_text import parse_yaml
from paper2code.errors import WorkspaceError
from paper2code.papers.model import Paper
from paper2code.workspace import Workspace

_SETTLED, _PREMISES = "settled", "premises"
CONFIG = "config.yaml"
"""The file of the repository in which a researcher changes the configuration."""


class SettledDesign(Artifact):
    """A design as a run had it at last, and the paper that it was made of."""

    paper: Paper
    plan: Plan
    architecture: Architecture
    dependencies: Dependencies
    config: ExperimentConfig

    def save(self, workspace: Workspace) -> None:
        """Keep it, and offer its parts to whoever wants to change them."""
        workspace.save(_SETTLED, self)
        for name in _PARTS:
            workspace.offer(name, getattr(self, name))

    @classmethod
    def load(cls, workspace: Workspace) -> "SettledDesign | None":
        """The one that was saved last, or None."""
        return workspace.load(_SETTLED, cls)


class Premises(Artifact):
    """The design before some changes, and after them."""

    before: SettledDesign
    now: SettledDesign


_PARTS: Mapping[str, type[Artifact]] = {
    "plan": Plan,
    "architecture": Architecture,
    "dependencies": Dependencies,
    "config": ExperimentConfig,
}


def find_premises(workspace: Workspace, paper: Paper) -> Premises | None:
    """What a run in this folder starts from; None where nothing has changed since its first run.

    They hold until something changes again, so that a run which goes on, or is run once more, starts from
    the same.

    Raises:
        WorkspaceError: What a researcher changed cannot be read.
    """
    settled = SettledDesign.load(workspace)
    if settled is None:
        return None
    held = workspace.load(_PREMISES, Premises)
    changed = _changed_by_hand(workspace, settled)
    start = held.now if held else settled
    same = all(getattr(start, name) == part for name, part in changed.items())
    if same and start.paper.sha256 == paper.sha256:
        return held
    premises = Premises(before=settled, now=settled.model_copy(update={"paper": paper, **changed}))
    workspace.save(_PREMISES, premises)
    return premises


def _changed_by_hand(workspace: Workspace, settled: SettledDesign) -> dict[str, Artifact]:
    found = {name: workspace.changed_by_hand(name, kind) for name, kind in _PARTS.items()}
    changed = {name: part for name, part in found.items() if part is not None}
    if workspace.is_changed(CONFIG) and (text := workspace.read(CONFIG)) != settled.config.yaml:
        changed["config"] = config_by_hand(settled.config, text)
    return changed


def config_by_hand(config: ExperimentConfig, text: str) -> ExperimentConfig:
    """The configuration with the text of a config.yaml that a researcher has changed.

    Raises:
        WorkspaceError: It is no YAML.
    """
    try:
        old, new = (dict(leaves(parse_yaml(yaml))) for yaml in (config.yaml, text))
    except ValueError as error:
        raise WorkspaceError(f"config.yaml cannot be read: {error}; mend it, or delete it") from None
    return ExperimentConfig(yaml=text, values=tuple(_sources(config, old, new)))


def _sources(
    config: ExperimentConfig, old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[ConfigValue]:
    """Where each value comes from now: those that are others than before, from the researcher."""
    different = [key for key, value in new.items() if key not in old or old[key] != value]
    gone = set(old) - set(new)
    for value in config.values:
        if value.key not in gone and value.key not in different:
            yield value
    for key in different:
        yield ConfigValue(key=key, source="assumed", place="", note="set by the researcher")
