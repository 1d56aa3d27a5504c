"""PDF papers: pypdf's spans built up to lines, blocks and a `Paper`, in a process of their own.

The way of a page:

    operations   pypdf's drawing operations, prepared; `metrics` tells how far each moves the pen
    collector    pieces of text and ruled lines (spans), with their places
    folding      fractions, roots, limits, matrices (bars, matrices) as single spans
    lines        spans joined, scripts written out (linear)
    furniture    running heads, page numbers, line numbers out
    columns      reading order
    blocks       headings, paragraphs, equations, captions, tables, algorithms, code, notes
    assembly     the `Paper`, its sections and floats still growing as drafts

`document` walks it; `child` does so under limits, and `read` here starts that child.
"""

from paper2code.papers.pdf.process import read

__all__ = ["read"]
