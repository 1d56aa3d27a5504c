"""Pictures of a paper's figures, for models that see.

choice     which figures, when not all can be had
layout     where on a page a figure is
crops      figures cut out of a PDF
linked     files that Markdown and HTML link to
pictures   pictures within bounds
child      makes them, in a process of its own; `figure_images` here starts it
"""

from paper2code.papers.figures.choice import most_telling
from paper2code.papers.figures.source import MOST_FIGURES, figure_images

__all__ = ["MOST_FIGURES", "figure_images", "most_telling"]
