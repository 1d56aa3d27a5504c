"""From the files of a LaTeX paper to one text: inputs put in, comments and dead code taken out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from paper2code.errors import PaperError
from paper2code.papers.files import content_of, decode
from paper2code.papers.latex.conditionals import resolve_conditionals
from paper2code.papers.latex.stash import Stash
from paper2code.papers.latex.style_files import definitions_in, is_own

DEEPEST_INPUT = 20
MOST_INPUTS = 2_000
LARGEST_TEXT = 20_000_000
LONGEST_VERB = 1_000

_CODE = r"verbatim|Verbatim|lstlisting|minted|filecontents|comment"
_CODE_BEGIN = re.compile(
    rf"\\begin\{{(?P<name>(?:{_CODE})\*?)\}}"
    r"|\\(?:verb\*?|(?:lstinline|Verb)(?:\[[^\]\n]*\])?|mintinline(?:\[[^\]\n]*\])?\{[a-z]+\})"
    r"(?P<bar>[^A-Za-z\s*\[])"
    r"|(?<!\\)(?:\\\\)*%[^\n]*"
)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*+(?!\n))?")
_INPUT = re.compile(
    r"\\(?:input|include|subfile|subfileinclude)\s*\{(?P<braced>[^{}]*)\}"
    r"|\\input\s+(?P<bare>[^\s{}\\]+)"
    r"|\\(?:sub)?(?:import|includefrom|inputfrom)\*?\s*\{(?P<folder>[^{}]*)\}\s*\{(?P<file>[^{}]*)\}"
    r"|\\(?P<bibliography>bibliography\s*\{[^{}]*\}|printbibliography\b(?:\s*\[[^\]\n]*\])?)"
    r"|\\(?:usepackage|RequirePackage)\s*(?:\[[^\]]*\]\s*)?\{(?P<packages>[^{}]*)\}"
    r"|\\(?:lstinputlisting|inputminted|verbatiminput|VerbatimInput)\*?\s*(?P<options>\[[^\]]*\])?\s*"
    r"(?:\{[a-z+]+\}\s*)?\{(?P<code>[^{}]*)\}"
    r"|\\(?P<end>endinput)\b"
)
_BODY = re.compile(r"\\begin\s*\{document\}(.*?)(?:\\end\s*\{document\}|\Z)", re.DOTALL)


@dataclass
class Flat:
    """A paper's source as one text, with code set aside, and what could not be put in."""

    text: str = ""
    stash: Stash = field(default_factory=Stash)
    files: list[Path] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    cyclic: list[str] = field(default_factory=list)


def flatten(main: Path, root: Path) -> Flat:
    """Put every input of the main file in its place. Nothing outside `root` is read.

    Raises:
        PaperError: inputs are more than 20 deep or 2,000 in number, or come to 20 million characters.
    """
    flat = Flat()
    main = main.resolve()
    flat.text = resolve_conditionals(_Flattener(flat, root.resolve(), main).read(main, ()))
    return flat


def strip_comments(text: str, stash: Stash) -> str:
    """Take comments out. Verbatim code, where a percent sign is no comment, goes to the stash first."""
    return _COMMENT.sub(r"\1", "".join(_without_code(text, stash)))


def _without_code(text: str, stash: Stash) -> Iterator[str]:
    at, unclosed = 0, set()
    while begin := _CODE_BEGIN.search(text, at):
        closing = {"{": "}"}.get(begin["bar"], begin["bar"]) or (
            f"\\end{{{begin['name']}}}" if begin["name"] else ""
        )
        end = -1
        if begin["bar"]:
            end = text[begin.end() : begin.end() + LONGEST_VERB].partition("\n")[0].find(closing)
            end += begin.end() if end >= 0 else 0
        elif closing and closing not in unclosed:
            end = text.find(closing, begin.end())
            if end < 0:
                unclosed.add(closing)
        if end < 0:
            yield text[at : begin.end()]
            at = begin.end()
            continue
        yield text[at : begin.start()]
        at = end + len(closing)
        if begin["bar"]:
            yield stash.keep("code", text[begin.end() : end])
        elif begin["name"] not in {"comment", "filecontents", "filecontents*"}:
            yield stash.keep("listing", text[begin.start() : at])
    yield text[at:]


class _Flattener:
    """Reads files into one another, and keeps count."""

    def __init__(self, flat: Flat, root: Path, main: Path) -> None:
        self.flat, self.root, self.main = flat, root, main
        self.size = 0

    def read(self, path: Path, above: tuple[Path, ...]) -> str:
        text = strip_comments(decode(content_of(path)), self.flat.stash)
        self.size += len(text)
        self.flat.files.append(path)
        if len(above) > DEEPEST_INPUT or len(self.flat.files) > MOST_INPUTS or self.size > LARGEST_TEXT:
            raise PaperError(
                f"{self.main.name} takes in more than a paper has (at most {DEEPEST_INPUT} files deep, "
                f"{MOST_INPUTS} files, {LARGEST_TEXT:,} characters); pass the paper's PDF instead."
            )
        if above and (body := _BODY.search(text)):
            text = body[1]
        chain = (*above, path)
        pieces, at = [], 0
        for match in _INPUT.finditer(text):
            pieces.append(text[at : match.start()])
            at = match.end()
            if match["end"]:
                return "".join(pieces)
            pieces.append(self._put_in(match, chain))
        return "".join([*pieces, text[at:]])

    def _put_in(self, match: re.Match[str], chain: tuple[Path, ...]) -> str:
        if match["bibliography"]:
            entries = self._bibliography(chain[-1])
            return self._entries(entries, chain) if entries and entries not in chain else ""
        if match["packages"]:
            return match[0] + "".join(
                self._style(name.strip(), chain) for name in match["packages"].split(",")
            )
        name = match["braced"] or match["bare"] or match["code"]
        name = name or f"{match['folder'] or ''}/{match['file'] or ''}".lstrip("/")
        name = name.strip().strip('"')
        path = self._find(name, chain[-1].parent)
        if path is None:
            self.flat.missing.append(name)
            return ""
        if match["code"]:
            return self._code(path, match["options"] or "")
        if path in chain:
            self.flat.cyclic.append(name)
            return ""
        return self.read(path, chain)

    def _code(self, path: Path, options: str) -> str:
        """A program's file, as if it stood in the text."""
        code = decode(content_of(path))
        self.size += len(code)
        self.flat.files.append(path)
        return self.flat.stash.keep("listing", f"\\begin{{lstlisting}}{options}\n{code}\n\\end{{lstlisting}}")

    def _style(self, package: str, chain: tuple[Path, ...]) -> str:
        """What a package of the paper's own defines."""
        path = self._find(f"{package}.sty", chain[-1].parent) if is_own(package) else None
        return definitions_in(self.read(path, chain)) if path and path not in chain else ""

    def _entries(self, path: Path, chain: tuple[Path, ...]) -> str:
        r"""A bibliography; biblatex writes it without the environment that tells it from the text."""
        text = self.read(path, chain)
        if r"\begin{thebibliography}" in text:
            return text
        return f"\\begin{{thebibliography}}{{}}{text}\\end{{thebibliography}}"

    def _find(self, name: str, folder: Path) -> Path | None:
        if not name or "\\" in name or "\n" in name:
            return None
        for base in (self.main.resolve().parent, folder, self.root):
            for candidate in (f"{name}.tex", name):
                if path := self._inside(base / candidate):
                    return path
        return None

    def _bibliography(self, path: Path) -> Path | None:
        beside = sorted(self.main.parent.glob("*.bbl"))
        for candidate in (self.main.with_suffix(".bbl"), path.with_suffix(".bbl"), *beside[:1]):
            if inside := self._inside(candidate):
                return inside
        return None

    def _inside(self, path: Path) -> Path | None:
        """The file's real path if there is one below the root; names that no file system takes have none."""
        try:
            real = path.resolve()
            return real if real.is_relative_to(self.root) and real.is_file() else None
        except (OSError, RuntimeError, ValueError):
            return None
