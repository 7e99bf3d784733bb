"""judge: measure scores and set every number beside what people write.

Conventions: the style is the one asked for, else the one whose people's pieces a file fits best; flags are per file.
This module measures nothing itself: see `zhiyin.judge`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.files import named, read_score
from zhiyin.errors import InvalidInput
from zhiyin.judge import GROUPS, JUDGES, Judge, Measure, judge
from zhiyin.judge.norms import Norm, Norms, nearest_style, norms_of, style_with_norms
from zhiyin.judge.rank import Ranked, distance, hard_faults, rank_measured
from zhiyin.judge.words import Words
from zhiyin.score import Grid, Score

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

    name: what tells the file from the others; style: whose norms they are, None for those of all styles; faults:
    (English, Chinese).
    """

    source: Path
    name: str
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
            "file": str(self.source), "name": self.name, "title": self.title, "bars": self.bars, "style": self.style,
            "faults": [en for en, _ in self.faults], "faults_zh": [zh for _, zh in self.faults],
            "warnings": list(self.warnings), "measures": {name: self._row(JUDGES[name]) for name in self.measures},
        }  # fmt: skip

    def _row(self, one: Judge) -> dict[str, Any]:
        measure, norm = self.measures[one.name], self.norms.get(one.name)
        row: dict[str, Any] = {
            "group": one.group,
            "unit": one.unit,
            "value": None if measure.value is None else measure.value + 0.0,  # no minus nothing
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
    """What the judges found in each file, and the order of several from best to worst.

    ranking: empty for one file; ranked_style: whose norms ranked them: the style asked for, else the one that all
    files are nearest to, else None for all styles.
    """

    files: tuple[JudgedFile, ...]
    ranking: tuple[Ranked, ...] = ()
    ranked_style: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the files, their ranking and what each judge measures."""
        judges = {
            one.name: {"en": one.en, "zh": one.zh, "about": one.about, "unit": one.unit, "group": one.group,
                       "group_zh": GROUPS[one.group], "better": one.better}
            for one in JUDGES.values()
        }  # fmt: skip
        rows = [self._place(place, one) for place, one in enumerate(self.ranking, start=1)]
        files = [file.to_json() for file in self.files]
        return {"files": files, "ranking": rows, "ranking_style": self.ranked_style, "judges": judges}

    def _place(self, place: int, one: Ranked) -> dict[str, Any]:
        file = self.files[one.index]
        return {
            "place": place, "file": str(file.source), "name": file.name, "distance": one.distance,
            "faults": [en for en, _ in one.faults], "faults_zh": [zh for _, zh in one.faults],
            "reasons": [en for en, _ in one.reasons], "reasons_zh": [zh for _, zh in one.reasons],
        }  # fmt: skip


def run(request: JudgeRequest, progress: Progress = silent) -> Judged:
    """Return the measures of every file and, of several, their order. Raises NotFound, UnreadableFile, InvalidInput."""
    if request.style is not None:
        style_with_norms(request.style)  # an unknown style is refused before files are read
    files, scores = [], []
    names = distinct_names(request.sources)
    for number, source in enumerate(request.sources):
        progress("judge", number, len(request.sources))
        file, score = _judge_file(source, names[number], request.style)
        files.append(file)
        scores.append(score)
    if len(files) == 1:
        return Judged(tuple(files))
    styles = {file.style for file in files}
    style = styles.pop() if len(styles) == 1 else None
    ranking = rank_measured(scores, [file.measures for file in files], style=style)
    return Judged(tuple(files), ranking, style)


def distinct_names(paths: Sequence[Path]) -> tuple[str, ...]:
    """Return for each path its shortest end that no other has; a path named again gets its number.

    >>> distinct_names([Path("out/a/x.mid"), Path("out/b/x.mid"), Path("y.mid")])
    ('a/x.mid', 'b/x.mid', 'y.mid')
    """
    names = []
    for at, path in enumerate(paths):
        others = {other.parts for other in paths if other.parts != path.parts}
        ends = (path.parts[-size:] for size in range(1, len(path.parts) + 1))
        end = next((end for end in ends if all(other[-len(end) :] != end for other in others)), path.parts)
        again = 1 + sum(earlier.parts == path.parts for earlier in paths[:at])
        names.append(str(Path(*end)) + (f" ({again})" if again > 1 else ""))
    return tuple(names)


def _judge_file(source: Path, name: str, asked: str | None) -> tuple[JudgedFile, Score]:
    read = named(read_score(source), source)
    bars = Grid.of(read.score).bars
    measures = judge(read.score)
    style = style_with_norms(asked) if asked is not None else nearest_style(measures, bars)
    norms = norms_of(style, bars)
    faults = hard_faults(measures, norms)
    title = read.score.title
    return JudgedFile(source, name, title, bars, style, measures, norms, faults, read.warnings), read.score
