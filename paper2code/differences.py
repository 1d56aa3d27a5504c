"""What differs between two versions of a paper, and between two designs, by the names of the parts."""

from collections.abc import Iterable, Mapping

from paper2code.artifacts import Architecture, Dependencies, ExperimentConfig, Plan
from paper2code.checks.contract import leaves
from paper2code.checks.yaml_text import parse_yaml
from paper2code.papers.model import Paper


def paper_changes(old: Paper, new: Paper) -> tuple[str, ...]:
    """Ids of sections, equations and floats that are new, gone or other than before."""
    parts = [
        _by_id((*paper.sections, *paper.equations, *paper.floats), "id", without=("page", "image"))
        for paper in (old, new)
    ]
    front = ("abstract",) if old.abstract != new.abstract else ()
    return (*front, *_different(*parts))


def plan_changes(old: Plan, new: Plan) -> tuple[str, ...]:
    """Ids of requirements and ambiguities that were added, changed or withdrawn."""
    return _different(*(_by_id((*plan.requirements, *plan.ambiguities), "id") for plan in (old, new)))


def architecture_changes(old: Architecture, new: Architecture) -> tuple[str, ...]:
    """Paths that were added, changed or removed."""
    return _different(_by_id(old.files, "path"), _by_id(new.files, "path"))


def dependency_changes(old: Dependencies, new: Dependencies) -> tuple[str, ...]:
    """Paths and packages whose entries were added, changed or removed."""
    files = _different(_by_id(old.files, "path"), _by_id(new.files, "path"))
    packages = _different(_by_id(old.packages, "distribution"), _by_id(new.packages, "distribution"))
    shared = ("shared knowledge",) if old.shared_knowledge != new.shared_knowledge else ()
    return (*files, *packages, *shared)


def config_changes(old: ExperimentConfig, new: ExperimentConfig) -> tuple[str, ...]:
    """Dotted keys whose values were added, changed or removed."""
    return _different(*(dict(leaves(parse_yaml(config.yaml))) for config in (old, new)))


def _by_id(items: Iterable[object], name: str, without: tuple[str, ...] = ()) -> dict[str, object]:
    return {
        getattr(item, name): {key: value for key, value in vars(item).items() if key not in without}
        for item in items
    }


def _different(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """Keys that only one of them has, or that hold something else, in the order of the first."""
    missing = object()
    names = dict.fromkeys((*before, *after))
    return tuple(n for n in names if before.get(n, missing) != after.get(n, missing))
