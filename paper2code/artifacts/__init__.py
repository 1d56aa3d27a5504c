"""The typed documents that agents hand to each other.

A field's description is part of the prompt: it reaches the model inside the JSON schema of the answer.
Everything is frozen; lists are tuples; there are no open dictionaries, so that the strict schemas of
providers accept them.
"""

from paper2code.artifacts.architecture import Architecture, ArchitectureRevision, Command, PlannedFile
from paper2code.artifacts.audit import Audit, AuditVerdict, Ticket, TracedRequirement
from paper2code.artifacts.base import Artifact, ArtifactT, Severity
from paper2code.artifacts.config import ConfigValue, ExperimentConfig
from paper2code.artifacts.dependencies import (
    Dependencies,
    DependenciesRevision,
    FileDependencies,
    Misfit,
    Package,
)
from paper2code.artifacts.design_review import DesignFault, DesignFinding, DesignReview, FaultRule
from paper2code.artifacts.execution import Ending, RunResult, Step, StepKind
from paper2code.artifacts.file import (
    FileAnalysis,
    FileReview,
    FileStatus,
    Finding,
    Property,
    RequirementVerdict,
    SourceFile,
    Verdict,
)
from paper2code.artifacts.interface_change import InterfaceChange
from paper2code.artifacts.plan import Ambiguity, Plan, PlanRevision, Requirement, RequirementKind
from paper2code.artifacts.ruling import NewInterface, Ruling

__all__ = [
    "Ambiguity",
    "Architecture",
    "ArchitectureRevision",
    "Artifact",
    "ArtifactT",
    "Audit",
    "AuditVerdict",
    "Command",
    "ConfigValue",
    "Dependencies",
    "DependenciesRevision",
    "DesignFault",
    "DesignFinding",
    "DesignReview",
    "Ending",
    "ExperimentConfig",
    "FaultRule",
    "FileAnalysis",
    "FileDependencies",
    "FileReview",
    "FileStatus",
    "Finding",
    "InterfaceChange",
    "Misfit",
    "NewInterface",
    "Package",
    "Plan",
    "PlanRevision",
    "PlannedFile",
    "Property",
    "Requirement",
    "RequirementKind",
    "RequirementVerdict",
    "Ruling",
    "RunResult",
    "Severity",
    "SourceFile",
    "Step",
    "StepKind",
    "Ticket",
    "TracedRequirement",
    "Verdict",
]
