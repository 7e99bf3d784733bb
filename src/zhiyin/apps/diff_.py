"""diff: what changed between two scores, and how far apart they are.

Conventions: bars count from 1 in what people read; the first file is "before", the second "after".
This module compares nothing itself (see `zhiyin.analysis.compare`) and words nothing (see `diff_text.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhiyin.analysis.compare import Comparison, compare
from zhiyin.analysis.key import find_key
from zhiyin.apps.base import Progress, silent
from zhiyin.apps.diff_text import diff_lines
from zhiyin.apps.files import named, read_score
from zhiyin.errors import InvalidInput
from zhiyin.io.spelling import chord_name
from zhiyin.score import Score
from zhiyin.theory.chord import Chord

_RANGE = re.compile(r"\s*(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?\s*")


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """Which two files to compare, and in which bars (from 1; None for all). Raises InvalidInput for bars before 1."""

    before: Path
    after: Path
    bars: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if self.bars is not None and (not self.bars or min(self.bars) < 1):
            raise InvalidInput(
                f"bars to compare must be 1 or more, got {self.bars!r}: count from 1, as people do"
            )


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed between two scores; lines: the same as sentences, (English, Chinese)."""

    before: Score
    after: Score
    found: Comparison
    lines: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the changes as plain values; bars count from 1."""
        found = self.found
        fifths = [find_key(score).fifths for score in (self.before, self.after)]
        return {
            "is_equal": found.is_equal, "bars_before": found.bars[0], "bars_after": found.bars[1],
            "distance": asdict(found.distance), "gap": _gap(found),
            "parts": [_part(found, index) for index in range(len(found.pairs))],
            "changes": [
                {"part": span.pair.name, "first_bar": span.first + 1, "last_bar": span.last + 1, "manner": span.manner,
                 "notes": span.counts, "mean_interval": span.interval, "mean_velocity_change": span.louder,
                 "distance": asdict(span.distance)}
                for span in found.spans
            ],
            "harmony_is_marked": found.is_chords_marked,
            "harmony": [
                {"first_bar": one.first + 1, "last_bar": one.last + 1, "before": _symbols(one.before, fifths[0]),
                 "after": _symbols(one.after, fifths[1])} for one in found.harmony
            ],
            "marks": [{"what": m.what, "bar": m.bar + 1, "before": m.before, "after": m.after} for m in found.marks],
            "lines": [en for en, _ in self.lines], "lines_zh": [zh for _, zh in self.lines],
            "warnings": list(self.warnings),
        }  # fmt: skip


def run(request: DiffRequest, progress: Progress = silent) -> Diff:
    """Return what changed. Raises NotFound, UnreadableFile, InvalidInput for bars that neither score has."""
    reads = [named(read_score(path), path) for path in (request.before, request.after)]
    progress("compare", 0, 0)
    bars = None if request.bars is None else [bar - 1 for bar in request.bars]
    before, after = (read.score for read in reads)
    found = compare(before, after, bars=bars)
    warnings = tuple(dict.fromkeys(warning for read in reads for warning in read.warnings))
    return Diff(before, after, found, diff_lines(before, after, found), warnings)


def parse_bars(text: str) -> tuple[int, ...]:
    """Return the bars of a text such as `5-8` or `1,3,5-8`, from 1. Raises InvalidInput.

    >>> parse_bars("1,5-7")
    (1, 5, 6, 7)
    """
    bars: set[int] = set()
    for item in text.split(","):
        match = _RANGE.fullmatch(item)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last <= first + 100_000:
            raise InvalidInput(
                f"bars must be numbers from 1 or ranges of them, got {text!r}: write e.g. 5-8 or 1,5-8"
            )
        bars.update(range(first, last + 1))
    return tuple(sorted(bars))


def _gap(found: Comparison) -> dict[str, Any] | None:
    gap = found.gap
    if gap is None:
        return None
    kind = "inserted" if gap.is_inserted else "removed"
    return {"kind": kind, "first_bar": gap.bar + 1, "last_bar": gap.bar + gap.count}


def _part(found: Comparison, index: int) -> dict[str, Any]:
    pair = found.pairs[index]
    kinds = Counter(change.kind for change in found.notes[index])
    state = "added" if pair.before is None else "removed" if pair.after is None else "matched"
    places = {"before": pair.before, "after": pair.after}
    return {"name": pair.name, "state": state, **places, "notes": dict(sorted(kinds.items()))}


def _symbols(bars: tuple[tuple[Chord | None, ...], ...], fifths: int) -> list[str]:
    return [" ".join(chord_name(chord, fifths) if chord else "-" for chord in bar) or "-" for bar in bars]
