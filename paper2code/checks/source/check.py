"""All rules over one draft."""

from collections.abc import Mapping

from paper2code.artifacts import Architecture, Dependencies, ExperimentConfig, Finding, SourceFile
from paper2code.checks.parsing import parse_python
from paper2code.checks.source.attributes import find_missing_attributes
from paper2code.checks.source.config_keys import find_unknown_config_keys
from paper2code.checks.source.imports import find_import_faults
from paper2code.checks.source.interface import find_broken_promises
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
        Findings in the order of their lines: `blocker` for what cannot run, `major` for what is unfinished or
        differs from what was promised.
    """
    findings = list(find_syntax_faults(draft))
    if not findings and draft.path.endswith(".py"):
        tree = parse_python(draft.text)
        findings += find_unfinished_code(draft.text, tree)
        around = Surroundings.of(draft.path, architecture, dependencies, imported)
        findings += find_import_faults(tree, around)
        findings += find_missing_attributes(tree, around)
        findings += find_unknown_config_keys(tree, config)
        planned = architecture.file(draft.path)
        if planned is not None:
            findings += find_broken_promises(tree, planned, around.modules)
    return tuple(sorted(findings, key=lambda finding: finding.line))
