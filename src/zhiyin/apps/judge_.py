"""judge: measure scores and set every number beside what people write.

Conventions: the style is the one asked for, else the one whose people's pieces a file fits best; flags are per file.
This module measures nothing itself: see `zhiyin.judge`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.files import named, read_score
from zhiyin.errors import InvalidInput
from zhiyin.judge import GROUPS, JUDGES, Judge, Measure, judge
from zhiyin.judge.norms import Norm, Norms, nearest_style, norms_of, style_with_norms
from zhiyin.judge.rank import Words, distance, hard_faults
from zhiyin.score import Grid

MAX_FILES = 32


@dataclass(frozen=True, slots=True)
class JudgeRequest:
    """Which files to judge, and the style to hold them against (None: the nearest one). Raises InvalidInput."""

    sources: tuple[Path, ...]
    style: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.sources) <= MAX_FILES:
            raise InvalidInput(
                f"files to judge must be 1..{MAX_FILES}, got {len(self.sources)}: name some, or judge in turns"
            )


@dataclass(frozen=True, slots=True)
class JudgedFile:
    """One file's measures and the norms they are held against.

    style: whose norms they are, None for those of all styles; faults: (English, Chinese).
    """

    source: Path
    title: str
    bars: int
    style: str | None
    measures: dict[str, Measure]
    norms: Norms
    faults: tuple[Words, ...]
    warnings: tuple[str, ...]

    def norm(self, name: str) -> Norm | None:
        """Return people's values of a judge, None where they are not known."""
        return self.norms.get(name)

    def is_unusual(self, name: str) -> bool:
        """Return whether a value lies outside people's 5th to 95th percentile on a side that matters."""
        value, norm = self.measures[name].value, self.norms.get(name)
        if value is None or norm is None or not norm.is_unusual(value):
            return False
        return distance(name, self.measures[name], self.norms) > 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the file's measures as plain values."""
        return {
            "file": str(self.source), "title": self.title, "bars": self.bars, "style": self.style,
            "faults": [en for en, _ in self.faults], "faults_zh": [zh for _, zh in self.faults],
            "warnings": list(self.warnings), "measures": {name: self._row(JUDGES[name]) for name in self.measures},
        }  # fmt: skip

    def _row(self, one: Judge) -> dict[str, Any]:
        measure, norm = self.measures[one.name], self.norms.get(one.name)
        row: dict[str, Any] = {
            "group": one.group,
            "unit": one.unit,
            "value": measure.value,
            "count": measure.count,
        }
        if measure.value is None:
            return row | {"not_applicable": measure.why[0], "not_applicable_zh": measure.why[1]}
        row["bars"] = [bar + 1 for bar in measure.bars]
        row["is_unusual"] = self.is_unusual(one.name)
        if norm is not None:
            people = {"pieces": norm.pieces, "p10": norm.p10, "p50": norm.p50, "p90": norm.p90}
            row |= {"people": people, "percentile": norm.percentile(measure.value)}
        return row


@dataclass(frozen=True, slots=True)
class Judged:
    """What the judges found in each file."""

    files: tuple[JudgedFile, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the files and what each judge measures."""
        judges = {
            one.name: {"en": one.en, "zh": one.zh, "about": one.about, "unit": one.unit, "group": one.group,
                       "group_zh": GROUPS[one.group], "better": one.better}
            for one in JUDGES.values()
        }  # fmt: skip
        return {"files": [file.to_json() for file in self.files], "judges": judges}


def run(request: JudgeRequest, progress: Progress = silent) -> Judged:
    """Return the measures of every file. Raises NotFound, UnreadableFile, InvalidInput."""
    if request.style is not None:
        style_with_norms(request.style)  # an unknown style is refused before files are read
    files = []
    for number, source in enumerate(request.sources):
        progress("judge", number, len(request.sources))
        files.append(_judge_file(source, request.style))
    return Judged(tuple(files))


def _judge_file(source: Path, asked: str | None) -> JudgedFile:
    read = named(read_score(source), source)
    bars = Grid.of(read.score).bars
    measures = judge(read.score)
    style = style_with_norms(asked) if asked is not None else nearest_style(measures, bars)
    norms = norms_of(style, bars)
    faults = hard_faults(measures, norms)
    return JudgedFile(source, read.score.title, bars, style, measures, norms, faults, read.warnings)
