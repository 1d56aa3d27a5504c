"""The child process that reads one PDF: a JSON request on standard input, the answer on standard output."""

import json
import sys
from pathlib import Path

import pypdf

from paper2code.errors import PaperError
from paper2code.papers.child import MEMORY_BYTES, limit_child
from paper2code.papers.pdf.document import read_document

_STREAM_BYTES = 20_000_000


def main() -> None:
    """Answer one request: `{"path", "password"}` gives `{"paper"}` or `{"error"}`."""
    _limit()
    request = json.load(sys.stdin)
    answer: dict[str, object]
    try:
        paper = read_document(Path(request["path"]).read_bytes(), request["password"])
        answer = {"paper": paper.model_dump(mode="json")}
    except PaperError as error:
        answer = {"error": str(error)}
    except MemoryError:
        most = MEMORY_BYTES >> 20
        answer = {"error": f"the PDF needs over {most} MiB to be read; give its LaTeX source instead."}
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    json.dump(answer, sys.stdout)


def _limit() -> None:
    """Bound what pypdf may decode, and memory and processor time."""
    pypdf.overwrite_configuration(
        zlib_maximum_output_length=_STREAM_BYTES,
        array_based_stream_maximum_output_length=_STREAM_BYTES,
        stream_decoding_work_maximum_length=3 * _STREAM_BYTES,
        stream_parsing_work_maximum_count=500_000,
        image_maximum_buffer_size=2 * _STREAM_BYTES,
        xform_maximum_invocations_per_extraction=500,
        disable_legacy_handling=True,
    )
    limit_child()


if __name__ == "__main__":
    main()
