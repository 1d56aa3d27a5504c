"""A paper as small as papers get, and all that agents could make of it: what prompts are rendered from."""

from paper2code.artifacts import (
    Ambiguity,
    Architecture,
    Audit,
    AuditVerdict,
    Command,
    ConfigValue,
    Dependencies,
    DesignFault,
    DesignFinding,
    DesignReview,
    ExperimentConfig,
    FileAnalysis,
    FileDependencies,
    FileReview,
    Finding,
    Package,
    Plan,
    PlannedFile,
    Property,
    Requirement,
    RequirementVerdict,
    SourceFile,
    Ticket,
)
from paper2code.papers.model import Equation, Float, Paper, Section

PAPER = Paper(
    title="Step Sizes that Follow the Gradient",
    authors=("A. Author",),
    abstract="We divide the step of gradient descent by the norm of the gradient and compare it with SGD.",
    sections=(
        Section(
            id="s1",
            number="1",
            title="Introduction",
            level=1,
            text="A step size that suits the first epoch rarely suits the last one.",
        ),
        Section(
            id="s2",
            number="2",
            title="Method",
            level=1,
            text="With the gradient g over a batch, the step size is\n\n[eq1]\n\nwhere eta is tuned.",
        ),
        Section(
            id="s3",
            number="3",
            title="Experiments",
            level=1,
            text="We train a network of one hidden layer with 16 units on two moons (1,000 points) for 200 "
            "steps, with five seeds, and report the mean error.\n\n[tab1]",
        ),
    ),
    equations=(
        Equation(id="eq1", number="1", latex=r"\eta_t = \frac{\eta}{1 + \lVert g_t \rVert_2}", exact=True),
    ),
    floats=(
        Float(
            id="tab1",
            kind="table",
            number="1",
            caption="Mean test error in percent.",
            text="| SGD | ours |\n|---|---|\n| 3.1 | 2.2 |",
            format="markdown",
        ),
    ),
    references=("B. Author. Adaptive steps. 2015.",),
    source="latex",
    sha256="5" * 64,
    extractor="example 1",
)

PLAN = Plan(
    summary="Gradient descent whose step is divided by the gradient's norm, against SGD on two moons.",
    requirements=(
        Requirement(
            id="R1",
            kind="method",
            statement="The step size is eta / (1 + ||g||_2), with the norm over all parameters together.",
            places=("eq1", "s2"),
            quote="the step size is",
            forbids=("clipping the gradient at a norm", "a norm for each layer"),
            priority="must",
        ),
        Requirement(
            id="R2",
            kind="data",
            statement="Two moons with 1,000 points.",
            places=("s3",),
            quote="two moons (1,000 points)",
            forbids=(),
            priority="must",
        ),
        Requirement(
            id="R3",
            kind="baseline",
            statement="SGD with a constant step size is trained in the same way.",
            places=("tab1",),
            quote="",
            forbids=(),
            priority="must",
        ),
        Requirement(
            id="R4",
            kind="result",
            statement="Table 1: mean test error of both methods over five seeds.",
            places=("tab1",),
            quote="Mean test error in percent.",
            forbids=(),
            priority="should",
        ),
    ),
    ambiguities=(
        Ambiguity(
            id="A1",
            question="Which values of eta are tried?",
            options=("powers of ten", "a grid of three a decade"),
            choice="1.0, 0.1, 0.01; the best by validation error",
            reason="Usual for such experiments",
            requirements=("R1", "R3"),
        ),
    ),
)

ARCHITECTURE = Architecture(
    approach="The optimiser and the data stand alone; training joins them; a script prints the table.",
    files=(
        PlannedFile(
            path="moons.py",
            purpose="Draws the two moons.",
            interface="def two_moons(points: int, seed: int) -> tuple[np.ndarray, np.ndarray]:\n"
            '    """Inputs [points, 2] and labels [points]."""\n    ...',
            requirements=("R2",),
        ),
        PlannedFile(
            path="methods/norm_step.py",
            purpose="The optimisers.",
            interface="class NormStep:\n    def __init__(self, eta: float) -> None: ...\n"
            "    def step(self, gradients: list[np.ndarray]) -> list[np.ndarray]: ...\n\n"
            "class Sgd:\n    def __init__(self, eta: float) -> None: ...\n"
            "    def step(self, gradients: list[np.ndarray]) -> list[np.ndarray]: ...",
            requirements=("R1", "R3"),
        ),
        PlannedFile(
            path="training.py",
            purpose="Trains one network with one optimiser.",
            interface="def test_error(optimiser: str, seed: int, settings: dict) -> float: ...",
            requirements=(),
        ),
        PlannedFile(
            path="table1.py",
            purpose="Prints table 1.",
            interface="def main() -> None: ...",
            requirements=("R4",),
        ),
        PlannedFile(
            path="tests/test_norm_step.py",
            purpose="Holds the step against a number worked out by hand.",
            interface="def test_the_step_of_a_known_gradient() -> None: ...",
            requirements=(),
        ),
    ),
    class_diagram="classDiagram\n  NormStep",
    sequence_diagram="sequenceDiagram\n  table1->>training: test_error",
    commands=(
        Command(command="python -m pytest", purpose="Checks the step size", minutes=0.1),
        Command(command="python table1.py --smoke", purpose="Runs everything small", minutes=0.5),
        Command(command="python table1.py", purpose="Table 1", minutes=10),
    ),
    ambiguities=(
        Ambiguity(
            id="A2",
            question="Is the data drawn anew for each seed?",
            options=("yes", "once for all seeds"),
            choice="Drawn anew, with the seed of the run",
            reason="The five seeds are then five whole runs",
            requirements=("R2",),
        ),
    ),
)

DEPENDENCIES = Dependencies(
    files=(
        FileDependencies(
            path="moons.py",
            imports=(),
            packages=("numpy",),
            logic="Draws from its own generator.",
            config_keys=(),
        ),
        FileDependencies(
            path="methods/norm_step.py", imports=(), packages=("numpy",), logic="", config_keys=()
        ),
        FileDependencies(
            path="training.py",
            imports=("moons.py", "methods/norm_step.py"),
            packages=("numpy",),
            logic="Seeds numpy once, then calls two_moons and steps the optimiser of the name it is given.",
            config_keys=(),
        ),
        FileDependencies(
            path="table1.py",
            imports=("training.py",),
            packages=("yaml",),
            logic="Reads config.yaml and calls test_error for each optimiser and seed.",
            config_keys=("training.steps", "training.eta"),
        ),
        FileDependencies(
            path="tests/test_norm_step.py",
            imports=("methods/norm_step.py",),
            packages=("numpy",),
            logic="",
            config_keys=(),
        ),
    ),
    packages=(
        Package(distribution="numpy", import_name="numpy", version=">=2", reason="arrays"),
        Package(distribution="pyyaml", import_name="yaml", version="", reason="reads config.yaml"),
    ),
    shared_knowledge="Arrays are float64, points come first. Every random draw has a seed.",
    misfits=(),
)

CONFIG = ExperimentConfig(
    yaml="training:\n  steps: 200  # section 3\n  eta: [1.0, 0.1, 0.01]\nsmoke:\n  steps: 2\n",
    values=(
        ConfigValue(key="training.steps", source="paper", place="s3", note=""),
        ConfigValue(key="training.eta", source="assumed", place="A1", note=""),
        ConfigValue(key="smoke.steps", source="assumed", place="", note="Ends in a second"),
    ),
)

FAULT = DesignFault(
    rule="cycle",
    subject="moons.py -> training.py -> moons.py",
    problem="The imports run in a circle: moons.py imports training.py, training.py imports moons.py.",
)

DESIGN_REVIEW = DesignReview(
    assessment="Held against sections 2 and 3. Nearly complete.",
    findings=(
        DesignFinding(
            concerns="plan",
            severity="blocker",
            subject="R1",
            problem="Section 2 takes the norm over a batch.",
            fix="Say that the gradient is that of the batch.",
        ),
        DesignFinding(
            concerns="architecture",
            severity="major",
            subject="table1.py",
            problem="Nothing writes the errors down.",
            fix="Let main() write results/table1.csv.",
        ),
        DesignFinding(
            concerns="config",
            severity="minor",
            subject="training.seeds",
            problem="Section 3 has five seeds.",
            fix="Add training.seeds: 5.",
        ),
    ),
)

ANALYSIS = FileAnalysis(
    steps=("Join all gradients [n] and take their 2-norm (eq1).", "Return eta / (1 + norm) * g for each g."),
    traps=("A norm for each array instead of one over all.",),
    properties=(
        Property(
            requirements=("R1",),
            statement="For g = (3, 4) and eta = 6 the step is (3, 4).",
            check="Call step with one array.",
        ),
    ),
)

DRAFT = SourceFile(
    path="methods/norm_step.py",
    text='''"""Optimisers."""

import numpy as np


class NormStep:
    def __init__(self, eta: float) -> None:
        self.eta = eta
''',
    revision=0,
)

FINDINGS = (
    Finding(
        severity="major", line=6, problem="NormStep.step isn't there.", fix="Write NormStep.step as promised."
    ),
    Finding(severity="minor", line=0, problem="There are no docstrings.", fix="Say what each class does."),
)

REVIEW = FileReview(
    verdicts=(
        RequirementVerdict(
            requirement="R1", verdict="contradicts", symbol="NormStep", note="It clips the gradient instead."
        ),
        RequirementVerdict(requirement="R3", verdict="met", symbol="Sgd.step", note="Line 20 is eta * g."),
    ),
    findings=FINDINGS,
    accepted=False,
)

TICKET = Ticket(
    path="methods/norm_step.py",
    severity="major",
    problem="training.py passes the gradients as a tuple, and step appends to them.",
    change="Take any sequence of arrays.",
    keep="The names of the parameters.",
    requirements=("R1",),
)

AUDIT = Audit(
    assessment="It hangs together but for one call.",
    verdicts=(
        AuditVerdict(
            requirement="R1",
            verdict="met",
            symbol="NormStep.step",
            note="Line 12.",
            path="methods/norm_step.py",
        ),
    ),
    tickets=(TICKET,),
)

SOURCES = {
    "moons.py": '''import numpy as np


def two_moons(points: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs [points, 2] and labels [points]."""
    return np.zeros((points, 2)), np.zeros(points)
''',
    "methods/norm_step.py": DRAFT.text,
}
"""Files that are finished when others are written."""
