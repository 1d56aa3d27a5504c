"""How large a repository and its design get, as far as paper, plan or design tell.

What they do not tell is guessed from two recorded runs: that of the demonstration (a paper of 16,000
characters: 33 requirements, 10 files) and one of a paper of 33 pages (83,000 characters: 74 requirements, 46
files). Each guess is given low, likely and high.
"""

import math
from dataclasses import dataclass

from paper2code.artifacts import Architecture, Artifact, Dependencies, Plan
from paper2code.checks.modules import is_test, module_of
from paper2code.estimate.known import Known
from paper2code.estimate.scenario import Scenario
from paper2code.papers.excerpt import without_idle_appendix
from paper2code.papers.model import Paper
from paper2code.prompts import render

# Requirements grow as the root of the paper's length: 33 and 74 are 0.27 and 0.26 of it.
_REQUIREMENTS_PER_ROOT = (0.22, 0.265, 0.32)
_FILES_PER_REQUIREMENT = (0.25, 0.42, 0.65)  # 0.30 and 0.62
_TESTS_PER_FILE = (0.1, 0.15, 0.2)  # 0.2 and 0.09
_IMPORTS_PER_FILE = (2.3, 2.8, 3.4)  # 2.3 and 3.4

# The blocks of a prompt, in characters.
_PLAN_PER_REQUIREMENT = (240, 255, 320)  # 249 and 258
# The more files, the less is said of each: 8,200 and 4,200 per root of their number, 5,900 and 2,600.
_ARCHITECTURE_PER_ROOT = (4_000, 6_000, 9_000)
_DEPENDENCIES_PER_ROOT = (2_500, 4_000, 6_500)
_CONFIG = (2_000, 2_300, 5_000)  # 2,100 and 2,300

# What of these blocks concerns all files alike.
_PLAN_OF_ALL = 0.25  # summary and choices: 0.27 and 0.21
_ARCHITECTURE_OF_ALL = 0.2  # all but the interfaces: 0.20 and 0.23
_DEPENDENCIES_OF_ALL = 0.25  # conventions and packages: 0.33 and 0.20

# One file as it is written, in characters: 13,600 and 4,200 on average.
_CODE = (4_000, 7_000, 12_500)


@dataclass(frozen=True)
class Sizes:
    """One scenario's repository; the blocks of its prompts and one file of it in characters."""

    system: float
    paper: float
    idle: float
    """What of the paper prompts about single files leave out."""
    plan: float
    architecture: float
    dependencies: float
    config: float
    code: float
    requirements: float
    files: float
    tested: float
    """Files that get tests of their own beside them, if their analysis finds what must hold."""
    imports: float
    """Planned files that a file imports directly, on average."""

    @property
    def briefing(self) -> float:
        """The blocks that every prompt about a file begins with."""
        return self.until_dependencies + self.config

    @property
    def file_briefing(self) -> float:
        """What every prompt about a single file begins with."""
        design = _PLAN_OF_ALL * self.plan + _ARCHITECTURE_OF_ALL * self.architecture
        others = _DEPENDENCIES_OF_ALL * self.dependencies + self.config
        return self.until_paper - self.idle + design + others

    @property
    def sheet(self) -> float:
        """What concerns one file, on average."""
        own = (1 - _PLAN_OF_ALL) * self.plan + (1 - _DEPENDENCIES_OF_ALL) * self.dependencies
        return own / self.files + self.interface

    @property
    def interface(self) -> float:
        """What one file promises, on average."""
        return (1 - _ARCHITECTURE_OF_ALL) * self.architecture / self.files

    @property
    def until_dependencies(self) -> float:
        """What the design review adds the configuration to."""
        return self.until_architecture + self.dependencies

    @property
    def until_architecture(self) -> float:
        """What the dependency analyst works from."""
        return self.until_plan + self.architecture

    @property
    def until_plan(self) -> float:
        """What the architect works from."""
        return self.until_paper + self.plan

    @property
    def until_paper(self) -> float:
        """What all prompts begin with."""
        return self.system + self.paper


def sizes(paper: Paper, known: Known, scenario: Scenario) -> Sizes:
    """The sizes in one scenario: measured of what is known, guessed of the rest."""
    text = render("paper", text=paper.to_markdown(), left_out=())
    size = scenario.size
    plan, architecture, dependencies = known.plan, known.architecture, known.dependencies
    by_length = max(1, _REQUIREMENTS_PER_ROOT[size] * math.sqrt(len(text)))
    requirements = len(plan.requirements) if plan else by_length
    # Not from the plan's own count: how finely a plan cuts says little of how many files it leads to.
    files = len(architecture.files) if architecture else max(1, _FILES_PER_REQUIREMENT[size] * by_length)
    root = math.sqrt(files)
    return Sizes(
        system=len(render("system")),
        paper=len(text),
        idle=_idle(paper, plan) if plan else 0,
        plan=_length("plan", plan) or _PLAN_PER_REQUIREMENT[size] * requirements,
        architecture=_length("architecture", architecture) or _ARCHITECTURE_PER_ROOT[size] * root,
        dependencies=_length("dependencies", dependencies) or _DEPENDENCIES_PER_ROOT[size] * root,
        config=_length("config", known.config) or _CONFIG[size],
        code=_CODE[scenario.words],
        requirements=requirements,
        files=files,
        tested=_tested(architecture) if architecture else (1 - _TESTS_PER_FILE[size]) * files,
        imports=_imports(dependencies) if dependencies else min(files - 1, _IMPORTS_PER_FILE[size]),
    )


def _idle(paper: Paper, plan: Plan) -> int:
    places = [place for requirement in plan.requirements for place in requirement.places]
    return len(paper.to_markdown()) - len(without_idle_appendix(paper, places)[0].to_markdown())


def _length(name: str, block: Artifact | None) -> int:
    return len(render(name, **{name: block})) if block else 0


def _tested(architecture: Architecture) -> int:
    return sum(module_of(f.path) is not None and not is_test(f.path) for f in architecture.files)


def _imports(dependencies: Dependencies) -> float:
    return sum(len(f.imports) for f in dependencies.files) / max(1, len(dependencies.files))
