"""What a run will probably take, before its first call."""

from paper2code.estimate.estimation import Estimate, RoleEstimate, estimate
from paper2code.estimate.known import Known
from paper2code.estimate.spread import Spread

__all__ = ["Estimate", "Known", "RoleEstimate", "Spread", "estimate"]
