"""What LaTeX's commands mean for a paper's text: which are layout, which wrap words, which are letters."""

from typing import TypeVar

_Value = TypeVar("_Value")


def _each(names: str, value: _Value) -> dict[str, _Value]:
    return dict.fromkeys(names.split(), value)


DROPPED: dict[str, int] = {
    **_each(
        """
        centering raggedright raggedleft flushleft flushright justifying noindent indent newpage clearpage
        cleardoublepage pagebreak nopagebreak linebreak nolinebreak maketitle tableofcontents
        listoffigures listoftables smallskip medskip bigskip hfill vfill hfil vfil hss vss null
        strut leavevmode balance onecolumn phantomsection protect relax ignorespaces unskip
        makeatletter makeatother appendix sloppy fussy frenchspacing singlespacing onehalfspacing
        doublespacing useshortskip allowdisplaybreaks FloatBarrier bgroup egroup begingroup endgroup
        xspace footnotemark newblock qed qedhere frontmatter mainmatter backmatter arraybackslash
        makecover printAffiliations IEEEpeerreviewmaketitle
        SetAlgoLined DontPrintSemicolon LinesNumbered LinesNotNumbered SetAlgoNoLine SetAlgoVlined
        maketitlesupplementary
        selectfont displaystyle textstyle small footnotesize scriptsize tiny normalsize large Large LARGE huge
        Huge
        """,
        0,
    ),
    **_each(
        """
        vspace hspace label pagestyle thispagestyle bibliographystyle bibliography includegraphics
        includepdf nocite index color hypersetup captionsetup usetikzlibrary graphicspath
        pagenumbering enlargethispage stepcounter refstepcounter thanks date usepackage theoremstyle
        phantom vphantom hphantom linespread addbibresource hyphenation todo citestyle urlstyle
        bibpunct mathtoolsset cellcolor rowcolor columncolor arrayrulecolor subfile input include
        marginpar sout st keywords Description ccsdesc tnotetext tnoteref titlerunning authorrunning
        icmltitlerunning icmlkeywords printAffiliationsAndNotice
        """,
        1,
    ),
    **_each(
        """
        setlength addtolength setcounter addtocounter rule pdfbookmark renewcommand newcommand counterwithin
        numberwithin fontsize icmlaffiliation icmlcorrespondingauthor icmlauthor icmlsetsymbol
        """,
        2,
    ),
    **_each("addcontentsline definecolor specialrule", 3),
}
"""Layout without meaning, with how many braced arguments go with it."""

FONTS: frozenset[str] = frozenset(
    _each(
        """
        bf it rm sc sf tt sl em bfseries itshape rmfamily scshape sffamily ttfamily slshape upshape mdseries
        normalfont boldmath unboldmath
        """,
        None,
    )
)
"""Switches of the font. In tables they stay, because bold marks the best result."""

INNER: dict[str, tuple[int, int]] = {
    **_each(
        """
        textsc textrm textsf textnormal textup textmd mbox makebox fbox framebox hbox text underline uline
        hl ul sethlcolor textcircled textls mathrm textbfit
        uppercase lowercase MakeUppercase MakeLowercase centerline ensuremath boxed makecell shortstack thead
        title author IEEEauthorblockN hyperref subfloat subfigure subcaptionbox caption
        """,
        (1, 0),
    ),
    **_each(
        "textcolor colorbox scalebox rotatebox raisebox parbox adjustbox hyperlink foreignlanguage", (2, 1)
    ),
    **_each("fcolorbox resizebox multicolumn multirow", (3, 2)),
    "texorpdfstring": (2, 0),
}
"""Commands of which one argument is the text: how many they take, and which one that is."""

BOXES = frozenset(["resizebox", "scalebox", "adjustbox", "centerline", "parbox", "fbox", "rotatebox"])
"""Those of them that scale or frame a whole table."""

WRAPPED: dict[str, str] = {
    **_each("emph textit textsl", "*"),
    "textbf": "**",
    **_each("texttt path", "`"),
    **_each("url nolinkurl", ""),
    "textsuperscript": "^",
    "textsubscript": "_",
}
"""Commands whose argument Markdown sets between marks, or after one."""

SYMBOLS: dict[str, str] = {
    "ldots": "…", "dots": "…", "textellipsis": "…", "cdots": "⋯", "LaTeX": "LaTeX", "TeX": "TeX",
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_",
    "textbar": "|", "textless": "<", "textgreater": ">", "textendash": "–", "textemdash": "—",
    "textquotedblleft": "“", "textquotedblright": "”", "textquoteleft": "‘", "textquoteright": "’",
    "guillemotleft": "«", "guillemotright": "»", "lbrack": "[", "rbrack": "]", "slash": "/", "bullet": "•",
    "textbullet": "•", "textperiodcentered": "·", "textregistered": "®", "texttrademark": "™",
    "copyright": "©", "textdegree": "°", "degree": "°", "S": "§", "P": "¶", "dag": "†", "ddag": "‡",
    "textdagger": "†", "pounds": "£", "euro": "€", "checkmark": "✓", "cmark": "✓", "xmark": "✗",
    "quad": " ", "qquad": " ", "newline": " ", "space": " ", "enspace": " ", "thinspace": " ",
    "tabularnewline": " ", "par": "\n\n", "and": ", ", "And": ", ", "AND": ", ", "ss": "ß", "o": "ø",
    "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å",
    "i": "ı", "j": "ȷ", "texttimes": "×", "textpm": "±", "textmu": "µ", "textalpha": "α", "textbeta": "β",
    "textrightarrow": "→", "textleftarrow": "←", "textasteriskcentered": "*", "textsection": "§",
    "textquotesingle": "'", "textvisiblespace": "␣", "textcent": "¢", "texteuro": "€", "textnumero": "№",
    "eg": "e.g.", "ie": "i.e.", "cf": "cf.", "etc": "etc.", "etal": "et al.", "vs": "vs.", "wrt": "w.r.t.",
    "Eg": "E.g.", "Ie": "I.e.", "Cf": "Cf.", "aka": "a.k.a.", "iid": "i.i.d.", "dof": "d.o.f.",
    "answerYes": "[Yes]", "answerNo": "[No]", "answerNA": "[N/A]",
    "ackname": "Acknowledgements", "onedot": ".", "square": "□", "blacksquare": "■",
}  # fmt: skip
"""Words that stand for a character or two."""

SIGNS: dict[str, str] = {
    **{sign: sign for sign in "%&$#_{}"},
    **dict.fromkeys(" ,;:>\n\t", " "),
    **dict.fromkeys("-/@!+<)(*", ""),
    "\\": " ",
    "|": "‖",
}
"""What a backslash before one character that is no letter gives."""

DINGBATS: dict[str, str] = {
    "51": "✓",
    "52": "✓",
    "53": "✗",
    "54": "✗",
    "55": "✗",
    "56": "✗",
    "72": "★",
    "73": "☆",
}
r"""Signs of the font Zapf Dingbats that papers use, by their `\ding{number}`."""

ACCENTS: dict[str, str] = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
"""Accent commands, to the combining character that Unicode sets after the letter."""

KEPT_ENVIRONMENTS: frozenset[str] = frozenset(
    _each(
        """
        tabular tabular* tabularx tabulary longtable supertabular tblr NiceTabular array algorithmic
        algorithmicx algpseudocode tabbing aligned alignedat gathered split cases matrix pmatrix
        bmatrix vmatrix
        """,
        None,
    )
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

THANKS = frozenset(
    ["ack", "acks", "acknowledgments", "acknowledgements", "acknowledgment", "acknowledgement"]
)
"""Sections that classes write as environments."""

PROOFS = frozenset(["proof", "pf", "IEEEproof"])

ENVIRONMENT_ARGUMENTS: dict[str, int] = {
    **_each("minipage multicols adjustbox spacing subfigure subtable thebibliography column turn rotate", 1),
    **_each("wrapfigure wraptable list adjustwidth resizebox CJK", 2),
    "wrapfloat": 3,
}
"""How many braced arguments of an environment are layout."""
