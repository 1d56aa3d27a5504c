"""A model that answers from a script: for tests, notebooks, and those who embed the graph.

>>> from paper2code.testing import ScriptedModel, ToyProject
>>> model = ScriptedModel(answer=ToyProject({"data.py": [], "model.py": ["data.py"]}).answer)
"""

from paper2code.testing.changes import a_file, an_edit
from paper2code.testing.scripted import Answer, Question, ScriptedModel
from paper2code.testing.toy import ToyProject

__all__ = ["Answer", "Question", "ScriptedModel", "ToyProject", "a_file", "an_edit"]
