"""continue: a score written on after its last bar.

Conventions: the person's notes come back untouched; the new bars follow the last bar that sounds.
This module writes no notes itself: see `zhiyin.fill.continue_score`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.bundle import Bundling, left_out_words, refuse_early, write_pieces
from zhiyin.apps.files import named, owned, read_score
from zhiyin.apps.model import open_model
from zhiyin.apps.plan_ import check_seed
from zhiyin.apps.report import ReportSource, report_tree
from zhiyin.errors import InvalidInput
from zhiyin.fill import continue_score
from zhiyin.fill.request import MAX_TAKES, Take
from zhiyin.models import StepModel
from zhiyin.perform import humanise
from zhiyin.render import choose_synth
from zhiyin.score import Score


@dataclass(frozen=True, slots=True)
class ContinueRequest:
    """Which score to continue, by how many bars, and where to write; the rest as in `compose`."""

    source: Path
    bars: int = 8
    folder: Path = Path("out")
    seed: int = 0
    takes: int = 1
    style: str | None = None
    soundfont: Path | None = None
    is_silent: bool = False
    lang: str = "en"
    checkpoint: Path | None = None

    def __post_init__(self) -> None:
        check_seed(self.seed)
        if not 1 <= self.bars <= continue_score.MAX_NEW_BARS:
            raise InvalidInput(
                f"bars to add must be 1..{continue_score.MAX_NEW_BARS}, got {self.bars}: ask for fewer"
            )
        if not 1 <= self.takes <= MAX_TAKES:
            raise InvalidInput(f"takes must be 1..{MAX_TAKES}, got {self.takes}: ask for fewer or run again")


@dataclass(frozen=True, slots=True)
class Continued:
    """The folder, the takes, and the report."""

    folder: Path
    takes: tuple[Take, ...]
    report: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the report and the folder as plain values."""
        return {"folder": str(self.folder), **self.report}


def run(request: ContinueRequest, progress: Progress = silent) -> Continued:
    """Write the longer piece and its files; the folder changes only when all is done.

    Raises InvalidInput, NotFound, UnreadableFile, ConstraintsUnmet.
    """
    read = owned(named(read_score(request.source), request.source), request.source)
    bundling = Bundling(request.folder, synth=choose_synth(request.soundfont), is_silent=request.is_silent)
    refuse_early(bundling, request.takes)
    model = open_model(request.checkpoint)
    takes = tuple(_take(request, read.score, model, number, progress) for number in range(request.takes))
    source = ReportSource(
        verb="continue", seed=request.seed, lang=request.lang, takes=takes, model=model,
        source=str(request.source), warnings=(*read.warnings, *left_out_words(takes[0].score, request.lang)),
    )  # fmt: skip
    pairs = [
        (take.score, humanise(take.score, seed=request.seed + number)) for number, take in enumerate(takes)
    ]
    report = write_pieces(pairs, bundling, report=lambda made: report_tree(source, made), progress=progress)
    return Continued(request.folder, takes, report)


def _take(request: ContinueRequest, score: Score, model: StepModel, number: int, progress: Progress) -> Take:
    def tell(done: int, total: int) -> None:
        progress("write", number * total + done, request.takes * total)

    return continue_score.continue_score(
        score, request.bars, model=model, seed=request.seed, take=number, style=request.style, progress=tell
    )
