"""All rules over one draft."""

from collections.abc import Iterator, Mapping

from paper2code.artifacts import Architecture, Dependencies, ExperimentConfig, Finding, SourceFile
from paper2code.checks.layout import Layout
from paper2code.checks.source.assertions import find_idle_tests
from paper2code.checks.source.attributes import find_missing_attributes
from paper2code.checks.source.calls import find_misfitting_calls, find_missing_members
from paper2code.checks.source.classes import Classes
from paper2code.checks.source.config_keys import find_unknown_config_keys
from paper2code.checks.source.constants import find_constant_results
from paper2code.checks.source.definitions import Definitions
from paper2code.checks.source.effects import find_lost_results
from paper2code.checks.source.hard_coded import find_hard_coded_values
from paper2code.checks.source.imports import find_import_faults
from paper2code.checks.source.instances import Instances
from paper2code.checks.source.interface import find_broken_promises
from paper2code.checks.source.mistakes import find_mistakes
from paper2code.checks.source.scopes import Scopes, scopes_of
from paper2code.checks.source.shadowing import find_shadowing
from paper2code.checks.source.surroundings import Surroundings
from paper2code.checks.source.syntax import find_syntax_faults
from paper2code.checks.source.unfinished import find_unfinished_code


def check_source(
    draft: SourceFile,
    architecture: Architecture,
    dependencies: Dependencies,
    config: ExperimentConfig,
    imported: Mapping[str, str],
) -> tuple[Finding, ...]:
    """Check a draft against the language, the files it imports, its promised interface and the configuration.

    Args:
        draft: The file as its coder wrote it.
        architecture: All planned files with their interfaces.
        dependencies: What each file imports, and the packages.
        config: The text of config.yaml.
        imported: The texts of finished files by path. Those that the draft doesn't depend on are ignored, so
            that the findings don't depend on what happens to be finished.

    Returns:
        Findings in the order of their lines: `blocker` for what cannot run, `major` for what is unfinished,
        without effect or differs from what was promised, `minor` for what isn't certain.
    """
    return check_within(draft, Layout(architecture, dependencies), config, imported)


def check_within(
    draft: SourceFile, layout: Layout, config: ExperimentConfig, imported: Mapping[str, str]
) -> tuple[Finding, ...]:
    """As `check_source`, for many drafts of one design."""
    findings = list(find_syntax_faults(draft))
    if not findings and draft.path.endswith(".py"):
        scopes = scopes_of(draft.text)
        around = Surroundings.of(draft.path, layout, imported)
        findings += find_unfinished_code(draft.text, scopes)
        findings += find_mistakes(scopes, draft.path)
        findings += find_idle_tests(scopes.tree, draft.path)
        findings += find_shadowing(scopes)
        findings += find_lost_results(scopes, draft.path)
        findings += _against_files(scopes, around)
        findings += find_unknown_config_keys(scopes, config)
        findings += find_hard_coded_values(scopes, config, layout.needs_of(draft.path))
        planned = layout.planned.get(draft.path)
        if planned is not None:
            findings += find_constant_results(scopes, planned)
            findings += find_broken_promises(scopes.tree, planned, around.modules)
    return tuple(sorted(findings, key=lambda finding: finding.line))


def _against_files(scopes: Scopes, around: Surroundings) -> Iterator[Finding]:
    definitions = Definitions(scopes, around)
    classes, instances = Classes(definitions), Instances(definitions)
    yield from find_import_faults(scopes, around)
    yield from find_missing_attributes(scopes, around)
    yield from find_misfitting_calls(classes, instances)
    yield from find_missing_members(classes, instances)
