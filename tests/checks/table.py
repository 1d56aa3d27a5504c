"""Prints how well the source checks do: `python -m tests.checks.table`."""

import time
from collections import defaultdict

from paper2code.artifacts import ExperimentConfig, SourceFile
from paper2code.checks.source import check_source
from tests.checks.cases import PACKAGES, Case, findings_of, packages_of, places, read_cases
from tests.designs import a_file, an_architecture, the_dependencies, the_needs

LINES = 300


def main() -> None:
    """Print a row a rule, the totals, and the time of a file of 300 lines."""
    cases = read_cases()
    rows: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for case, packages in zip(cases, packages_of(cases), strict=True):
        found = places([*findings_of(case), *packages])
        row = rows[case.rule]
        if case.is_faulty:
            row[0] += case.expected <= found
            row[1] += 1
        row[2] += bool(found - case.expected)
        row[3] += not case.is_faulty
    print(f"{'rule':20} faults found   false alarms")  # noqa: T201 - its purpose
    rows["all"] = [sum(column) for column in zip(*rows.values(), strict=True)]
    for rule, (hits, faulty, alarms, sound) in rows.items():
        print(f"{rule:20} {f'{hits}/{faulty}':>12} {f'{alarms}/{sound}':>14}")  # noqa: T201 - its purpose
    print(f"\na file of {LINES} lines: {1000 * seconds(cases):.0f} ms of CPU time")  # noqa: T201 - its purpose


def seconds(cases: list[Case]) -> float:
    """The best of some runs over a file made of the sound ones."""
    sound = [
        text
        for case in cases
        if not case.is_faulty and case.rule not in {"syntax", "put-off"}
        for path, text in case.files.items()
        if path.endswith(".py") and "__future__" not in text
    ]
    text = "\n".join("\n".join(sound).split("\n")[:LINES])
    while True:
        try:
            compile(text, "joined", "exec")
            break
        except SyntaxError:
            text = text.rpartition("\n")[0]
    architecture = an_architecture(a_file("train.py", "def main(): ..."), commands=["python train.py"])
    dependencies = the_dependencies(the_needs("train.py"), packages=PACKAGES)
    config = ExperimentConfig(yaml="train: {lr: 0.1}\n", values=())
    best = float("inf")
    for number in range(10):
        # A text of its own each time: what is known of one is not worked out again.
        draft = SourceFile(path="train.py", text=f"{text}\n# {number}\n", revision=0)
        start = time.process_time()
        check_source(draft, architecture, dependencies, config, {})
        best = min(best, time.process_time() - start)
    return best


if __name__ == "__main__":
    main()
