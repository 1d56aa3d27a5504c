"""Whether a design can be built: faults for the architect, and what is done if they stay."""

from paper2code.checks.contract.config import find_config_faults, leaves, values_at
from paper2code.checks.contract.faults import find_faults
from paper2code.checks.contract.markers import without_markers
from paper2code.checks.contract.settlement import Settlement, settle

__all__ = [
    "Settlement",
    "find_config_faults",
    "find_faults",
    "leaves",
    "settle",
    "values_at",
    "without_markers",
]
