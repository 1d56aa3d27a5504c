"""What a run leaves behind to be read: README, traceability, and a page on how it all came out."""

from paper2code.report.markdown import readme, traceability
from paper2code.report.outcome import Outcome
from paper2code.report.page import report_html
from paper2code.report.publisher import publish
from paper2code.report.repository import write_repository
from paper2code.report.reproduction import reproduce_sh
from paper2code.report.setup_files import requirements_txt, setup_files
from paper2code.report.trace import trace
from paper2code.report.trace_file import trace_json

__all__ = [
    "Outcome",
    "publish",
    "readme",
    "report_html",
    "reproduce_sh",
    "requirements_txt",
    "setup_files",
    "trace",
    "trace_json",
    "traceability",
    "write_repository",
]
