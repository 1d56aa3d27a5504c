"""PDF papers: pypdf's spans built up to lines, blocks and a `Paper`, in a process of their own.

The way of a page: `spans` (pypdf) → `folding` (fractions, roots, limits) → `lines` → `furniture` (heads and folios
out) → `columns` (reading order) → `blocks` (with `headings`, `equations`, `regions`) → `assembly`. `document` walks
it; `child` does so under limits, and `read` here starts that child.
"""

from paper2code.papers.pdf.process import read

__all__ = ["read"]
