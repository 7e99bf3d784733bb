"""originality: what a score shares with the pieces of the index, part by part.

Conventions: bars count from 1; scores are moved to the grid of 24 steps a quarter first.
This module measures nothing itself: see `zhiyin.rights`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.files import read_score
from zhiyin.errors import InvalidInput
from zhiyin.rights.report import HUMAN_SHARE, Passage, ScoreReport, report_on
from zhiyin.rights.storage import load_library, shipped_library
from zhiyin.score import quantise

MAX_TOP = 50


@dataclass(frozen=True, slots=True)
class OriginalityRequest:
    """Which files to compare, how many passages a part to name, and with which index (None: the one that ships)."""

    sources: tuple[Path, ...]
    top: int = 5
    index: Path | None = None

    def __post_init__(self) -> None:
        if not self.sources:
            raise InvalidInput("originality needs at least one score, got none: name a file")
        if not 1 <= self.top <= MAX_TOP:
            raise InvalidInput(
                f"top must be 1..{MAX_TOP} passages, got {self.top}: give a number in that range"
            )


@dataclass(frozen=True, slots=True)
class Originality:
    """The report of each file, and what the index holds."""

    sources: tuple[Path, ...]
    reports: tuple[ScoreReport, ...]
    about: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the reports as plain values."""
        rows = zip(self.sources, self.reports, strict=True)
        return {
            "index": self.about,
            "human_share": HUMAN_SHARE,
            "files": [_file(source, report) for source, report in rows],
        }


def run(request: OriginalityRequest, progress: Progress = silent) -> Originality:
    """Return what each file shares with the index. Raises NotFound, UnreadableFile."""
    scores = [quantise(read_score(source).score)[0] for source in request.sources]
    library = shipped_library() if request.index is None else load_library(request.index)
    reports = []
    for number, score in enumerate(scores):
        progress("compare", number, len(scores))
        reports.append(report_on(score, library, top=request.top))
    return Originality(request.sources, tuple(reports), library.about)


def _file(source: Path, report: ScoreReport) -> dict[str, Any]:
    return {
        "file": str(source), "is_compared": report.is_compared, "level": report.level, "levels": list(report.levels),
        "verdict_en": report.verdict[0], "verdict_zh": report.verdict[1],
        "longest_run": report.longest, "gram_share": report.gram_share,
        "parts": [asdict(part) | {"passages": [_passage(p) for p in part.passages]} for part in report.parts],
        "textures": [_passage(p) for p in report.textures],
    }  # fmt: skip


def _passage(passage: Passage) -> dict[str, Any]:
    return {**asdict(passage), "our_bars": list(passage.our_bars), "their_bars": list(passage.their_bars)}
