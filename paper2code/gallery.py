"""The pictures of a run's paper, in files of the workspace: no state and no artifact holds their bytes."""

import mimetypes

from paper2code.papers.figures import most_telling
from paper2code.papers.model import Image, Paper
from paper2code.workspace import Workspace

MOST_SHOWN = 6


class Gallery:
    """Keeps pictures as `figures/<sha256>.png` and gives them back."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def keep(self, paper: Paper) -> None:
        """Put into files what the paper holds of pictures."""
        for item in paper.floats:
            if item.image and item.image.data:
                self._workspace.keep(_name(item.image), item.image.data)

    def hung_in(self, paper: Paper, earlier: Paper | None) -> Paper:
        """The paper with the pictures of an earlier session: the journal knows its calls by them."""
        images = (
            {item.id: item.image for item in earlier.floats if self._is_here(item.image)} if earlier else {}
        )
        floats = (
            item.model_copy(update={"image": item.image or images.get(item.id)}) for item in paper.floats
        )
        return paper.model_copy(update={"floats": tuple(floats)})

    def shown(self, paper: Paper) -> tuple[tuple[str, Image], ...]:
        """At most `MOST_SHOWN` pictures with their bytes, by the ids of their figures."""
        here = [item for item in paper.floats if item.kind == "figure" and self._is_here(item.image)]
        chosen = most_telling(paper, here, MOST_SHOWN)
        return tuple((item.id, self._with_bytes(item.image)) for item in chosen if item.image)

    def _is_here(self, image: Image | None) -> bool:
        return image is not None and (bool(image.data) or self._workspace.private(_name(image)).is_file())

    def _with_bytes(self, image: Image) -> Image:
        data = image.data or self._workspace.private(_name(image)).read_bytes()
        return image.model_copy(update={"data": data})


def _name(image: Image) -> str:
    return f"figures/{image.sha256}{mimetypes.guess_extension(image.media_type) or '.bin'}"
