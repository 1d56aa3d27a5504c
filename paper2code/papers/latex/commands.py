"""What LaTeX's commands mean for the text of a paper: which are layout, which wrap words, which are letters."""

DROPPED: dict[str, int] = {
    **dict.fromkeys(
        """centering raggedright raggedleft flushleft flushright noindent indent newpage clearpage cleardoublepage
        pagebreak nopagebreak linebreak nolinebreak maketitle tableofcontents listoffigures listoftables small
        footnotesize scriptsize tiny normalsize large Large LARGE huge Huge smallskip medskip bigskip hfill vfill hfil
        vfil hss vss selectfont bf it rm sc sf tt sl em bfseries itshape rmfamily scshape sffamily ttfamily slshape
        upshape mdseries normalfont boldmath unboldmath phantomsection balance onecolumn protect relax ignorespaces
        unskip null strut makeatletter makeatother appendix displaystyle textstyle sloppy fussy frenchspacing
        singlespacing doublespacing useshortskip allowdisplaybreaks FloatBarrier bgroup egroup begingroup endgroup
        xspace footnotemark printAffiliations leavevmode frontmatter mainmatter backmatter qed
        qedhere IEEEpeerreviewmaketitle arraybackslash newblock onehalfspacing makecover justifying""".split(),
        0,
    ),
    **dict.fromkeys(
        """vspace hspace label pagestyle thispagestyle bibliographystyle bibliography includegraphics nocite index
        color includepdf hypersetup captionsetup usetikzlibrary graphicspath pagenumbering
        enlargethispage stepcounter refstepcounter thanks date usepackage icmltitlerunning
        icmlkeywords printAffiliationsAndNotice theoremstyle vphantom hphantom phantom
        linespread addbibresource MakePerPage todo hyphenation citestyle urlstyle bibpunct mathtoolsset
        cellcolor rowcolor columncolor arrayrulecolor subfile input include""".split(),
        1,
    ),
    **dict.fromkeys(
        """setlength addtolength setcounter addtocounter rule pdfbookmark renewcommand counterwithin
        numberwithin newcommand fontsize icmlaffiliation icmlcorrespondingauthor icmlauthor
        icmlsetsymbol""".split(),
        2,
    ),
    "addcontentsline": 3,
    "definecolor": 3,
}
"""Layout without meaning, with how many braced arguments go with it."""

INNER: dict[str, tuple[int, int]] = {
    **dict.fromkeys(
        """textsc textrm textsf textnormal textup textmd mbox makebox fbox framebox hbox text underline uline uppercase lowercase MakeUppercase MakeLowercase centerline ensuremath boxed makecell shortstack thead
        title author textlf hyperref
        caption""".split(),
        (1, 0),
    ),
    "textcolor": (2, 1),
    "colorbox": (2, 1),
    "fcolorbox": (3, 2),
    "scalebox": (2, 1),
    "resizebox": (3, 2),
    "rotatebox": (2, 1),
    "raisebox": (2, 1),
    "parbox": (2, 1),
    "adjustbox": (2, 1),
    "hyperlink": (2, 1),
    "texorpdfstring": (2, 0),
    "multicolumn": (3, 2),
    "multirow": (3, 2),
    "foreignlanguage": (2, 1),
}
"""Commands of which one argument is the text: how many they take, and which one that is."""

WRAPPED: dict[str, str] = {
    **dict.fromkeys(["emph", "textit", "textsl"], "*"),
    "textbf": "**",
    "texttt": "`",
    "url": "",
    "nolinkurl": "",
    "path": "`",
    "textsuperscript": "^",
    "textsubscript": "_",
}
"""Commands whose argument Markdown sets between marks."""

SYMBOLS: dict[str, str] = {
    "ldots": "…", "dots": "…", "textellipsis": "…", "LaTeX": "LaTeX", "TeX": "TeX", "textbackslash": "\\",
    "textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_", "textbar": "|", "textless": "<",
    "textgreater": ">", "textendash": "–", "textemdash": "—", "textquotedblleft": "“", "textquotedblright": "”",
    "textquoteleft": "‘", "textquoteright": "’", "textregistered": "®", "texttrademark": "™", "copyright": "©",
    "textdegree": "°", "degree": "°", "S": "§", "P": "¶", "dag": "†", "ddag": "‡", "textdagger": "†", "pounds": "£",
    "euro": "€", "quad": " ", "qquad": " ", "newline": " ", "space": " ", "enspace": " ", "thinspace": " ",
    "tabularnewline": " ", "par": "\n\n", "slash": "/", "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ",
    "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "bullet": "•", "textbullet": "•",
    "textperiodcentered": "·", "cdots": "⋯", "checkmark": "✓", "cmark": "✓", "xmark": "✗",
    "and": ", ", "And": ", ", "AND": ", ", "lbrack": "[", "rbrack": "]", "guillemotleft": "«", "guillemotright": "»",
}  # fmt: skip
"""Words that stand for a character or two."""

SIGNS: dict[str, str] = {
    **{sign: sign for sign in "%&$#_{}"},
    **dict.fromkeys(" ,;:>\n\t", " "),
    "\\": " ",
    **dict.fromkeys("-/@!+<)(*", ""),
    "|": "‖",
}
"""What a backslash before one character that is no letter gives."""

ACCENTS: dict[str, str] = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
"""Accent commands, to the combining character that Unicode sets after the letter."""

KEPT_ENVIRONMENTS = frozenset(
    """tabular tabular* tabularx tabulary longtable supertabular tblr NiceTabular array algorithmic algorithmicx
    algpseudocode tabbing aligned alignedat gathered split cases matrix pmatrix bmatrix vmatrix""".split()
)
"""Environments that stay LaTeX: rows and pseudocode lose their meaning without it."""

PICTURES = frozenset(
    ["tikzpicture", "pgfpicture", "picture", "pspicture", "axis", "forest", "tikzcd", "overpic"]
)
"""Drawings: program text that no reader of a paper reads."""

FRONT_ENVIRONMENTS = frozenset(
    ["keyword", "keywords", "IEEEkeywords", "CCSXML", "icmlauthorlist", "filecontents"]
)
"""Front matter that is no text of the paper."""

ENVIRONMENT_ARGUMENTS: dict[str, int] = {
    "minipage": 1, "multicols": 1, "adjustbox": 1, "spacing": 1, "wrapfigure": 2, "wraptable": 2, "list": 2,
    "subfigure": 1, "subtable": 1, "adjustwidth": 2, "thebibliography": 1, "wrapfloat": 3, "resizebox": 2,
    "turn": 1, "rotate": 1, "columns": 0, "column": 1,
}  # fmt: skip
"""How many braced arguments of an environment are layout."""
