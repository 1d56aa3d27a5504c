"""Papers in every form they come in, read into one typed `Paper`."""

from paper2code.papers.model import Equation, Float, Image, Paper, Section
from paper2code.papers.reader import read_paper

__all__ = ["Equation", "Float", "Image", "Paper", "Section", "read_paper"]
