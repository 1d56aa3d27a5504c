"""Notes for the gate: a JSON object a line, on disk before the next thing happens."""

import json
import os
from pathlib import Path

LONGEST = 20_000


def note(event: str, subject: str, outcome: str = "", reason: str = "", detail: str = "") -> None:
    """Append a note to the file that the gate reads: what became of a subject, on one line and at length."""
    shown = detail if len(detail) <= LONGEST else detail[: LONGEST // 2] + "\n...\n" + detail[-LONGEST // 2 :]
    line = json.dumps(
        {"event": event, "subject": subject, "outcome": outcome, "reason": reason[:500], "detail": shown}
    )
    with Path(os.environ["PAPER2CODE_NOTES"], "notes.jsonl").open("a", encoding="utf-8") as notes:
        notes.write(line + "\n")
