"""By the planner: the contract of requirements, and the ledger of what the paper leaves open."""

from typing import Literal, Self

from pydantic import Field, model_validator

from paper2code.artifacts.base import Artifact, Id, Line, Text, merged

RequirementKind = Literal["method", "data", "training", "evaluation", "baseline", "ablation", "result"]


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
    requirements: tuple[Requirement, ...] = Field(min_length=1, max_length=1_000)
    ambiguities: tuple[Ambiguity, ...] = Field(max_length=80)

    def requirement(self, requirement_id: str) -> Requirement | None:
        """The requirement of that id, or None."""
        return next((r for r in self.requirements if r.id == requirement_id), None)


class PlanRevision(_Ids):
    """Changes to a plan: what is named replaces what has the same id, or is added."""

    summary: Text = Field(description="The new summary, or empty to keep the old one")
    requirements: tuple[Requirement, ...] = Field(
        description="Only requirements that are new or change. A new one takes an id not used before.",
        max_length=1_000,
    )
    withdrawn: tuple[Id, ...] = Field(description="Ids of requirements that are wrong or doubled")
    ambiguities: tuple[Ambiguity, ...] = Field(description="Only those that are new or change", max_length=80)

    def apply_to(self, plan: Plan) -> Plan:
        """The plan with these changes; the order of what stays is kept."""
        kept = tuple(r for r in plan.requirements if r.id not in self.withdrawn)
        return Plan(
            summary=self.summary.strip() or plan.summary,
            requirements=merged(kept, self.requirements, "id"),
            ambiguities=merged(plan.ambiguities, self.ambiguities, "id"),
        )
