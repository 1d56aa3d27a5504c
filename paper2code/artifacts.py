"""The typed documents that agents hand to each other.

A field's description is part of the prompt: it reaches the model inside the JSON schema of the answer.
Everything is frozen; lists are tuples; there are no open dictionaries, so that the strict schemas of
providers accept them.
"""

from collections.abc import Iterable
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

RequirementKind = Literal["method", "data", "training", "evaluation", "baseline", "ablation", "result"]
Verdict = Literal["met", "partly", "missing", "contradicts"]
Severity = Literal["blocker", "major", "minor"]
FileStatus = Literal["accepted", "rejected", "failed"]

Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
# Far beyond what a good answer needs: a limit that an answer meets would cost a second one.
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=8_000)]
Text = Annotated[str, StringConstraints(max_length=100_000)]
RepoPath = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class Artifact(BaseModel):
    """Base of all artifacts. Unknown keys of a model's answer are dropped; missing ones are faults."""

    model_config = ConfigDict(frozen=True, extra="ignore")


ArtifactT = TypeVar("ArtifactT", bound=Artifact)


# ------------------------------------------------------------------ the plan


class Requirement(Artifact):
    """One atomic, checkable thing that the paper asks of the code."""

    id: Id = Field(description="R1, R2, ... in the order of the paper; never reused for something else")
    kind: RequirementKind
    statement: Line = Field(
        description="What the code must do, so exact that two readers would agree whether a given file does "
        "it: name the quantities, values and equations. One thing only."
    )
    places: tuple[Id, ...] = Field(
        description="Ids in the paper where it stands, the most exact first: s3.2, eq4, tab1, fig2, alg1",
        max_length=12,
    )
    quote: Line = Field(description="The few words of the paper that say it, verbatim; empty if only implied")
    forbids: tuple[Line, ...] = Field(
        description="Substitutions that would look right and be wrong here, such as 'a fixed learning rate "
        "instead of the decay of s4.2'. Empty where none is tempting.",
        max_length=8,
    )
    priority: Literal["must", "should"] = Field(
        description="must: a result of the paper depends on it. should: a detail, or an extra."
    )


class Ambiguity(Artifact):
    """Something that the paper leaves open and the code must settle."""

    id: Id = Field(description="A1, A2, ...")
    question: Line
    options: tuple[Line, ...] = Field(description="The readings worth considering, two or more", max_length=8)
    choice: Line = Field(description="The option taken, in words that a coder can follow")
    reason: Line
    requirements: tuple[Id, ...] = Field(
        default=(), description="Ids of the requirements that it bears on", max_length=40
    )


class _Ids(Artifact):
    @model_validator(mode="after")
    def _unique(self) -> Self:
        for name in ("requirements", "ambiguities"):
            ids = [item.id for item in getattr(self, name)]
            twice = sorted({i for i in ids if ids.count(i) > 1})
            if twice:
                raise ValueError(f"{name} share an id: {', '.join(twice)}; every id may stand once")
        return self


class Plan(_Ids):
    """The contract: what the paper asks of the code, and what it leaves open."""

    summary: Text = Field(
        description="The paper in 150 to 400 words for an engineer: problem, method, what is compared with "
        "what on which data, which tables and figures the repository must be able to produce"
    )
    requirements: tuple[Requirement, ...] = Field(min_length=1, max_length=400)
    ambiguities: tuple[Ambiguity, ...] = Field(max_length=80)

    def requirement(self, requirement_id: str) -> Requirement | None:
        """The requirement of that id, or None."""
        return next((r for r in self.requirements if r.id == requirement_id), None)


class PlanRevision(_Ids):
    """Changes to a plan: what is named replaces what has the same id, or is added."""

    summary: Text = Field(description="The new summary, or empty to keep the old one")
    requirements: tuple[Requirement, ...] = Field(
        description="Only requirements that are new or change. A new one takes an id not used before.",
        max_length=400,
    )
    withdrawn: tuple[Id, ...] = Field(description="Ids of requirements that are wrong or doubled")
    ambiguities: tuple[Ambiguity, ...] = Field(description="Only those that are new or change", max_length=80)

    def apply_to(self, plan: Plan) -> Plan:
        """The plan with these changes; the order of what stays is kept."""
        kept = tuple(r for r in plan.requirements if r.id not in self.withdrawn)
        return Plan(
            summary=self.summary.strip() or plan.summary,
            requirements=_merged(kept, self.requirements, "id"),
            ambiguities=_merged(plan.ambiguities, self.ambiguities, "id"),
        )


# ------------------------------------------------------------------ the architecture


class PlannedFile(Artifact):
    """A file that will be written, with what it promises to others."""

    path: RepoPath = Field(description="Relative path with forward slashes, such as models/encoder.py")
    purpose: Line = Field(description="Its one job, in a sentence or two")
    interface: Text = Field(
        description="For Python: a stub of everything that other files or the tests use - imports left out, "
        "signatures with types and defaults, bodies only '...', a one-line docstring each with shapes and "
        "units. For other files: what they hold."
    )
    requirements: tuple[Id, ...] = Field(description="Ids of the requirements that this file owns")


class Command(Artifact):
    """A command of the finished repository."""

    command: Line = Field(description="As typed in the repository's root, such as 'python train.py --smoke'")
    purpose: Line = Field(description="What it does and which table or figure of the paper it produces")
    minutes: float = Field(description="Rough time on the hardware it is meant for", ge=0)


class _Files(Artifact):
    @model_validator(mode="after")
    def _one_owner_per_path(self) -> Self:
        paths = [file.path for file in getattr(self, "files", ())]
        twice = sorted({p for p in paths if paths.count(p) > 1})
        if twice:
            raise ValueError(f"files planned twice: {', '.join(twice)}; a path may stand once")
        return self


class Architecture(_Files):
    """Which files there are, what each promises, and which requirement each owns."""

    approach: Text = Field(description="How the parts work together, in 100 to 300 words, and why so")
    files: tuple[PlannedFile, ...] = Field(min_length=1, max_length=200)
    class_diagram: Text = Field(description="Mermaid classDiagram of the main types")
    sequence_diagram: Text = Field(description="Mermaid sequenceDiagram of one main experiment")
    commands: tuple[Command, ...] = Field(
        description="How to run the repository: the tests, the smoke run, then each experiment",
        max_length=40,
    )
    ambiguities: tuple[Ambiguity, ...] = Field(
        default=(),
        description="What neither paper nor plan settles and the design had to; ids go on from the plan's",
        max_length=40,
    )

    def file(self, path: str) -> PlannedFile | None:
        """The planned file of that path, or None."""
        return next((f for f in self.files if f.path == path), None)


class ArchitectureRevision(_Files):
    """Changes to an architecture: files named replace those of the same path, or are added."""

    approach: Text = Field(description="The new text, or empty to keep the old one")
    files: tuple[PlannedFile, ...] = Field(
        description="Only files that are new or change, whole", max_length=200
    )
    removed: tuple[RepoPath, ...] = Field(description="Paths that are no longer planned")
    class_diagram: Text = Field(description="The new diagram, or empty to keep the old one")
    sequence_diagram: Text = Field(description="The new diagram, or empty to keep the old one")
    commands: tuple[Command, ...] = Field(
        description="All commands, if any of them changes; else empty", max_length=40
    )
    ambiguities: tuple[Ambiguity, ...] = Field(
        default=(), description="Only those that are new or change", max_length=40
    )

    def apply_to(self, architecture: Architecture) -> Architecture:
        """The architecture with these changes; the order of what stays is kept."""
        kept = tuple(f for f in architecture.files if f.path not in self.removed)
        return Architecture(
            approach=self.approach.strip() or architecture.approach,
            files=_merged(kept, self.files, "path"),
            class_diagram=self.class_diagram.strip() or architecture.class_diagram,
            sequence_diagram=self.sequence_diagram.strip() or architecture.sequence_diagram,
            commands=self.commands or architecture.commands,
            ambiguities=_merged(architecture.ambiguities, self.ambiguities, "id"),
        )


# ------------------------------------------------------------------ the dependencies


class FileDependencies(Artifact):
    """What one file needs from others."""

    path: RepoPath
    imports: tuple[RepoPath, ...] = Field(description="Paths of the planned files that it imports directly")
    packages: tuple[Id, ...] = Field(description="Import names of third-party packages that it uses")
    logic: Text = Field(
        description="What its coder must know beyond the interface: which function of which imported file it "
        "calls for what, in which order; where state lives; who owns which conversion. 2 to 8 sentences."
    )
    config_keys: tuple[Id, ...] = Field(description="Dotted keys of config.yaml that it reads")


class Package(Artifact):
    """A third-party package of the repository."""

    distribution: Id = Field(description="Name to install, such as scikit-learn")
    import_name: Id = Field(description="Name to import, such as sklearn")
    version: Line = Field(description="Version range such as '>=2.1,<3', or empty")
    reason: Line = Field(description="What it is used for")


class Misfit(Artifact):
    """A place where a promised interface cannot serve the files that need it."""

    path: RepoPath = Field(description="The file whose interface must change")
    problem: Line = Field(description="Who needs what of it, and why the promise cannot give that")
    proposal: Line = Field(description="The signature or the new file that would do")


class Dependencies(Artifact):
    """The imports between files, the packages, and what all coders must know."""

    files: tuple[FileDependencies, ...] = Field(
        description="One entry for every planned file, none left out", max_length=200
    )
    packages: tuple[Package, ...] = Field(description="Every third-party package used", max_length=60)
    shared_knowledge: Text = Field(
        description="Conventions that all files keep: array layouts and dtypes, seeds, devices, units, "
        "logging, the form of result files, error handling"
    )
    misfits: tuple[Misfit, ...] = Field(
        description="Interfaces that do not fit; empty when the files can be written as promised",
        max_length=40,
    )

    def of(self, path: str) -> FileDependencies:
        """The entry of a path; an empty one where the analysis left it out."""
        empty = FileDependencies(path=path, imports=(), packages=(), logic="", config_keys=())
        return next((f for f in self.files if f.path == path), empty)


class DependenciesRevision(Artifact):
    """Changes to the dependencies: entries named replace those of the same path, or are added."""

    files: tuple[FileDependencies, ...] = Field(
        description="Only entries that are new or change", max_length=200
    )
    packages: tuple[Package, ...] = Field(
        description="All packages, if any of them changes; else empty", max_length=60
    )
    shared_knowledge: Text = Field(description="The new text, or empty to keep the old one")
    misfits: tuple[Misfit, ...] = Field(
        description="Interfaces that do not fit now; empty when the files can be written as promised",
        max_length=40,
    )

    def apply_to(self, dependencies: Dependencies, architecture: Architecture) -> Dependencies:
        """The dependencies with these changes, without entries of files that are no longer planned."""
        planned = {file.path for file in architecture.files}
        merged = _merged(dependencies.files, self.files, "path")
        return Dependencies(
            files=tuple(entry for entry in merged if entry.path in planned),
            packages=self.packages or dependencies.packages,
            shared_knowledge=self.shared_knowledge.strip() or dependencies.shared_knowledge,
            misfits=self.misfits,
        )


# ------------------------------------------------------------------ the configuration


class ConfigValue(Artifact):
    """Where a value of config.yaml comes from."""

    key: Id = Field(description="Dotted key, such as training.learning_rate")
    source: Literal["paper", "derived", "assumed"] = Field(
        description="paper: stated there. derived: follows from what is stated. assumed: our choice."
    )
    place: Line = Field(
        description="Id in the paper, or id of the ambiguity that it settles; empty if neither"
    )
    note: Line = Field(description="One line where the value needs explaining, else empty")


class ExperimentConfig(Artifact):
    """The configuration file of the repository, with the source of each value."""

    yaml: Text = Field(description="The whole text of config.yaml, with short comments")
    values: tuple[ConfigValue, ...] = Field(description="One entry a value, in order", max_length=400)


# ------------------------------------------------------------------ reviews of the design


class DesignFinding(Artifact):
    """Something wrong with the plan or the design."""

    concerns: Literal["plan", "architecture", "dependencies", "config"] = Field(
        description="The artifact that must change"
    )
    severity: Severity = Field(
        description="blocker: the repository would be wrong or incomplete. major: it would suffer. "
        "minor: worth knowing, not worth another round."
    )
    subject: Line = Field(
        description="The requirement id, path, or config key it is about; the place of what is missing"
    )
    problem: Line = Field(description="What is wrong, with the place in the paper that shows it")
    fix: Line = Field(description="What to write instead")


class DesignReview(Artifact):
    """The reviewer's opinion of plan and design, before any code is paid for."""

    assessment: Line = Field(description="Two to four sentences: what was checked, and how good it is")
    findings: tuple[DesignFinding, ...] = Field(max_length=60)


class DesignFault(Artifact):
    """A fault of the design that code found, not a model."""

    rule: Literal["hole", "cycle", "path", "import", "unknown", "misfit", "config"]
    subject: Line
    problem: Line


# ------------------------------------------------------------------ one file


class Property(Artifact):
    """Something true of a correct file that a CPU can check in seconds."""

    requirements: tuple[Id, ...] = Field(description="Ids of the requirements it bears on; may be empty")
    statement: Line = Field(description="What must hold, with numbers where the paper gives any")
    check: Line = Field(description="How to check it on tiny synthetic inputs")


class FileAnalysis(Artifact):
    """What was still undecided for one file."""

    steps: tuple[Line, ...] = Field(
        description="The implementation in order: each step with its equation id, the shapes going in and "
        "out, and the value or config key it uses",
        max_length=40,
    )
    traps: tuple[Line, ...] = Field(
        description="Where a quick implementation would go wrong: signs, axes, broadcasting, averaging, "
        "detached gradients, edge cases, numerical range",
        max_length=20,
    )
    properties: tuple[Property, ...] = Field(max_length=20)


class SourceFile(Artifact):
    """A file of the repository as its coder wrote it."""

    path: RepoPath
    text: str
    revision: int = Field(ge=0)


class Finding(Artifact):
    """Something that its coder must change in one file."""

    severity: Severity
    line: int = Field(description="Line in the file, 0 if it is about the whole", ge=0)
    problem: Line = Field(description="What is wrong, and how the paper or the interface shows it")
    fix: Line = Field(description="What to write instead, so exact that it can be done without asking")


class RequirementVerdict(Artifact):
    """Whether one requirement is met, and by what."""

    requirement: Id
    verdict: Verdict
    symbol: Line = Field(description="Function, Class or Class.method that meets it; empty if none does")
    note: Line = Field(description="The evidence in one sentence: which lines do what")


class FileReview(Artifact):
    """The reviewer's opinion of one file."""

    verdicts: tuple[RequirementVerdict, ...] = Field(
        description="One for every requirement that the file owns, none left out", max_length=400
    )
    findings: tuple[Finding, ...] = Field(max_length=40)
    accepted: bool = Field(
        description="True when every owned requirement is met and no blocker or major finding is left"
    )


# ------------------------------------------------------------------ the whole repository


class AuditVerdict(RequirementVerdict):
    """A requirement's verdict over the whole repository."""

    path: Line = Field(description="The file that meets it; empty if none does")


class Ticket(Artifact):
    """A repair of one file that the audit asks for."""

    path: RepoPath
    severity: Literal["blocker", "major"]
    problem: Line = Field(
        description="What is wrong, with the other file or the place in the paper that shows it"
    )
    change: Line = Field(description="What to change, exactly")
    keep: Line = Field(description="What must stay as it is, because others rely on it")
    requirements: tuple[Id, ...] = Field(description="Ids of the requirements it bears on; may be empty")


class Audit(Artifact):
    """The reviewer's opinion of the whole repository."""

    assessment: Line
    verdicts: tuple[AuditVerdict, ...] = Field(
        description="One for every requirement, none left out", max_length=400
    )
    tickets: tuple[Ticket, ...] = Field(
        description="At most one a file; only what is worth paying for", max_length=60
    )


class TracedRequirement(Artifact):
    """A requirement with what the run made of it: a row of TRACEABILITY.md."""

    requirement: Requirement
    path: str = ""
    symbol: str = ""
    lines: str = ""
    verdict: Verdict = "missing"
    note: str = ""


def _merged(old: Iterable[ArtifactT], new: Iterable[ArtifactT], key: str) -> tuple[ArtifactT, ...]:
    merged = {getattr(item, key): item for item in old}
    merged.update({getattr(item, key): item for item in new})
    return tuple(merged.values())
