"""Do the parts of a finished repository agree: its code, its commands, its packages, its configuration?"""

from paper2code.checks.repository.agreement import Inconsistency, inconsistencies
from paper2code.checks.repository.between_files import check_repository
from paper2code.checks.repository.downloads import downloading_files
from paper2code.checks.repository.needs import needed_packages

__all__ = ["Inconsistency", "check_repository", "downloading_files", "inconsistencies", "needed_packages"]
