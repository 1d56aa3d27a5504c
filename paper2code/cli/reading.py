"""The command that reads a paper and shows what was understood."""

import mimetypes
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from paper2code.cli.terminal import console_for_output
from paper2code.cli.text import counted, printable_lines
from paper2code.errors import InputError, PaperError
from paper2code.papers.model import Image, Paper
from paper2code.papers.reader import read_paper


def read(
    source: str,
    supplements: Sequence[str] = (),
    password: str | None = None,
    *,
    markdown: bool,
    as_json: bool,
    figures: Path | None,
) -> None:
    """Read a paper and show it in one form.

    Args:
        source: A path, an arXiv id, or an address at arXiv.
        supplements: Further sources of the paper.
        password: Opens an encrypted PDF.
        markdown: Write the text that agents see.
        as_json: Write the whole `Paper`.
        figures: Save the pictures to this folder.

    Raises:
        InputError: More than one form is asked for.
        PaperError: The paper cannot be read, or has no pictures to save.
    """
    if markdown + as_json + (figures is not None) > 1:
        raise InputError("--markdown, --json and --figures each write something else: give one of them")
    paper = read_paper(source, password=password, supplements=supplements)
    if markdown:
        _write_text(paper.to_markdown())
    elif as_json:
        typer.echo(paper.model_dump_json(indent=2, ensure_ascii=True))
    elif figures is not None:
        from paper2code.papers.figures import figure_images  # noqa: PLC0415 - only this form needs it

        _save_pictures(figure_images(paper, source, password=password), figures)
    else:
        from paper2code.cli.paper_page import show_paper  # noqa: PLC0415 - only the page needs the layout

        show_paper(console_for_output(), paper)


def _write_text(text: str) -> None:
    """UTF-8 into a pipe or file whatever the locale, since papers hold signs that few others have."""
    if sys.stdout.isatty():
        typer.echo(printable_lines(text), nl=False)
    else:
        typer.echo(text.encode("utf-8", "replace"), nl=False)


def _save_pictures(paper: Paper, folder: Path) -> None:
    pictures = [(item.id, item.image) for item in paper.floats if item.image and item.image.data]
    if not pictures:
        why = next(
            (note for note in reversed(paper.warnings) if note.startswith("figures:")), "try another form"
        )
        raise PaperError(f"no picture of a figure could be read from this {paper.source}; {why}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, image in pictures:
            (folder / _file_of(name, image)).write_bytes(image.data or b"")
    except OSError as error:
        raise InputError(f"cannot write to {folder}: {error.strerror or error}") from error
    typer.echo(f"{counted(len(pictures), 'picture')} saved to {folder}")
    for name, image in pictures:
        typer.echo(f"  {_file_of(name, image):<12} {image.width:>5} x {image.height}")
    others = [
        item.id for item in paper.floats if item.kind == "figure" and not (item.image and item.image.data)
    ]
    if others:
        typer.echo(f"No picture of {', '.join(others)}")


def _file_of(name: str, image: Image) -> str:
    return f"{name}{mimetypes.guess_extension(image.media_type) or '.bin'}"
