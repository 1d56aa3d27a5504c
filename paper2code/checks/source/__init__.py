"""What can be said of one draft in milliseconds: no model is asked and nothing of it is executed."""

from paper2code.checks.source.check import check_source, check_within

__all__ = ["check_source", "check_within"]
