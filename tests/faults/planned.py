"""Faults of what a model plans: files that lie elsewhere than in the repository's root, or outside of it."""

from paper2code.testing import ToyProject
from tests.faults.fault import Fault
from tests.faults.project import TARGET
from tests.faults.written import planning

_LISTS = ("architect", "dependencies")
_NESTED = ToyProject({"data.py": [], "src/models/net.py": ["data.py"], TARGET: ["src/models/net.py"]})
_ALL_NESTED = ToyProject({"src/pkg/data.py": [], TARGET: ["src/pkg/data.py"]})

PLANNED = (
    Fault("path-escape", planning("../../evil.py"), _LISTS),
    Fault("path-absolute", planning("/tmp/evil.py"), _LISTS),
    Fault("path-hidden", planning(".paper2code/journal.jsonl"), _LISTS),
    Fault("path-nested", stages=("architect",), often=("always",), project=_NESTED),
    Fault("path-nested-all", stages=("architect",), often=("always",), project=_ALL_NESTED),
)
