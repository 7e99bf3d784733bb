"""What changed between two scores, by part and bar: notes, harmony, loudness, marks; and how far apart they are.

Conventions: bars count from 0 here and are compared by number; "before" is the first score, "after" the second.
This module does not word what it finds (see `zhiyin.apps.diff_text`) and does not say which version is better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import numpy as np

from zhiyin.analysis.columns import columns_of, pitch_class_profiles
from zhiyin.analysis.compare_align import NOTE_CHANGES, NoteChange, align_notes
from zhiyin.analysis.compare_distance import Distance, bar_distance, pair_distance
from zhiyin.analysis.compare_gap import Gap, find_gap, lined_up
from zhiyin.analysis.compare_parts import match_parts
from zhiyin.analysis.harmony import borne_out, find_chords
from zhiyin.analysis.key import find_keys
from zhiyin.errors import InvalidInput
from zhiyin.score import ChordMark, Grid, Notes, Score
from zhiyin.theory.chord import Chord
from zhiyin.units import TICKS_PER_QUARTER, IntArray

LOUDER = 3.0  # a mean change of velocity from here on is told
SIXTEENTH = TICKS_PER_QUARTER // 4  # lengths that differ by no more are one length, released otherwise
MANNERS = ("new", "silenced", "pitch", "rhythm", "both", "lengths", "releases", "dynamics")


@dataclass(frozen=True, slots=True)
class PartPair:
    """A part in each score, None where it has no counterpart; name: as it is called after, else before."""

    before: int | None
    after: int | None
    name: str


@dataclass(frozen=True, slots=True)
class SpanChange:
    """Bars first..last (from 0, both counted) of one part that changed in one manner.

    manner: one of MANNERS: `new` and `silenced` where one version is empty, `pitch` where places and lengths are
    kept, `rhythm` where the order of pitches is kept, `lengths` where only lengths differ, `releases` where they do by
    a SIXTEENTH at most, `dynamics` where only loudness does, else `both`; counts: notes by kind of
    NOTE_CHANGES; interval: mean semitones of the notes that changed pitch in their place, louder: mean change of
    velocity of notes with a counterpart; distance: of this part.
    """

    pair: PartPair
    first: int
    last: int
    manner: str
    counts: dict[str, int]
    interval: float
    louder: float
    distance: Distance

    @property
    def notes_before(self) -> int:
        """Return how many notes these bars held before."""
        return sum(self.counts.values()) - self.counts["added"]


@dataclass(frozen=True, slots=True)
class HarmonyChange:
    """Bars first..last (from 0) whose chords differ: those in force in each bar; None for no chord."""

    first: int
    last: int
    before: tuple[tuple[Chord | None, ...], ...]
    after: tuple[tuple[Chord | None, ...], ...]


@dataclass(frozen=True, slots=True)
class MarkChange:
    """A mark that differs: what (`tempo`, `metre`, `key`, `section`), the bar (from 0) and both values as text."""

    what: str
    bar: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that changed. bars: how many each score has; notes: those of each pair; is_chords_marked: else found.

    gap: bars inserted or removed before the end, when all others are equal; later bars are then counted as in the
    longer score.
    """

    bars: tuple[int, int]
    pairs: tuple[PartPair, ...]
    spans: tuple[SpanChange, ...]
    harmony: tuple[HarmonyChange, ...]
    marks: tuple[MarkChange, ...]
    notes: tuple[tuple[NoteChange, ...], ...]
    distance: Distance
    is_chords_marked: bool
    gap: Gap | None = None

    @property
    def is_equal(self) -> bool:
        """Return whether nothing at all differs."""
        is_matched = all(None not in (pair.before, pair.after) for pair in self.pairs)
        return is_matched and self.bars[0] == self.bars[1] and not (self.spans or self.harmony or self.marks)


def compare(a: Score, b: Score, *, bars: Sequence[int] | None = None) -> Comparison:
    """Return what changed from a to b, in the given bars (from 0) or all. Raises InvalidInput for bars of neither."""
    sizes = (Grid.of(a).bars, Grid.of(b).bars)
    matched = match_parts(a, b)
    gap = find_gap(a, b, pairs=matched) if bars is None else None
    widened = lined_up(a, b, gap) if gap else None
    a, b, gap = (a, b, None) if widened is None else (*widened, gap)
    edges = (Grid.of(a).bar_ticks, Grid.of(b).bar_ticks)
    count = max(map(len, edges)) - 1
    chosen = range(count) if bars is None else sorted(set(bars))
    if bars is not None and (not chosen or not 0 <= chosen[0] <= chosen[-1] < count):
        raise InvalidInput(
            f"bars to compare must lie in 1..{count}, got {[bar + 1 for bar in chosen]}: name others"
        )
    pairs = tuple(PartPair(i, j, _name(a, b, (i, j))) for i, j in matched)
    notes = tuple(_aligned(a, b, pair=pair, edges=edges, bars=chosen) for pair in pairs)
    spans = [
        span
        for pair, row in zip(pairs, notes, strict=True)
        for span in _spans(a, b, pair=pair, notes=row, bars=chosen)
    ]
    spans.sort(key=lambda span: (span.first, pairs.index(span.pair)))
    is_marked = bool(a.chords) and bool(b.chords)
    harmony = tuple(_harmony(a, b, bars=chosen, is_marked=is_marked))
    distance = pair_distance(a, b, pairs=[(pair.before, pair.after) for pair in pairs], bars=chosen)
    return Comparison(
        sizes, pairs, tuple(spans), harmony, _marks(a, b, bars=chosen), notes, distance, is_marked, gap
    )


def _name(a: Score, b: Score, pair: tuple[int | None, int | None]) -> str:
    before, after = pair
    part = b.parts[after] if after is not None else a.parts[before or 0]
    return part.name or part.role


def _aligned(
    a: Score, b: Score, *, pair: PartPair, edges: tuple[IntArray, IntArray], bars: Sequence[int]
) -> tuple[NoteChange, ...]:
    left = Notes() if pair.before is None else a.parts[pair.before].notes
    right = Notes() if pair.after is None else b.parts[pair.after].notes
    wanted = set(bars)
    return tuple(change for change in align_notes(left, right, edges=edges) if change.bar in wanted)


def _spans(
    a: Score, b: Score, *, pair: PartPair, notes: tuple[NoteChange, ...], bars: Sequence[int]
) -> Iterator[SpanChange]:
    """Yield the runs of neighbouring bars that changed in one manner; parts without a counterpart have none."""
    if pair.before is None or pair.after is None:
        return
    rows: dict[int, list[NoteChange]] = {bar: [] for bar in bars}
    for change in notes:
        rows[change.bar].append(change)
    told = [(bar, _manner(rows[bar])) for bar in bars]
    for manner, run in _runs(told):
        if manner:
            yield _span(a, b, pair=pair, manner=manner, rows={bar: rows[bar] for bar in run})


def _runs(told: Iterable[tuple[int, Any]]) -> Iterator[tuple[Any, list[int]]]:
    """Yield (value, bars) of neighbouring bars with equal values."""
    for (_, value), group in groupby(enumerate(told), key=lambda item: (item[1][0] - item[0], item[1][1])):
        yield value, [bar for _, (bar, _) in group]


def _manner(changes: list[NoteChange]) -> str:
    """Return how a bar changed, "" when it did not; what changed by loudness alone is dynamics."""
    before = [change.before for change in changes if change.before]
    after = [change.after for change in changes if change.after]
    kinds = {change.kind for change in changes}
    if not before or not after:
        return "new" if after else "silenced" if before else ""
    if kinds == {"same"}:
        pairs = [(c.before, c.after) for c in changes if c.before and c.after]
        if any(abs(x.duration - y.duration) > SIXTEENTH for x, y in pairs):
            return "lengths"
        if any(x.duration != y.duration for x, y in pairs):
            return "releases"
        return "dynamics" if any(x.velocity != y.velocity for x, y in pairs) else ""
    is_in_place = not kinds & {"added", "removed", "moved"}
    if is_in_place and all(
        abs(c.before.duration - c.after.duration) <= SIXTEENTH for c in changes if c.before and c.after
    ):
        return "pitch"
    orders = [[note.pitch for note in sorted(notes)] for notes in (before, after)]
    return "rhythm" if orders[0] == orders[1] else "both"


def _span(
    a: Score, b: Score, *, pair: PartPair, manner: str, rows: dict[int, list[NoteChange]]
) -> SpanChange:
    changes = [change for row in rows.values() for change in row]
    counted = Counter(change.kind for change in changes)
    steps = [change.interval for change in changes if change.kind in ("repitched", "revoiced")]
    louder = [c.after.velocity - c.before.velocity for c in changes if c.before and c.after]
    bars = list(rows)
    return SpanChange(
        pair, bars[0], bars[-1], manner, {kind: counted[kind] for kind in NOTE_CHANGES},
        float(np.mean(steps)) if steps else 0.0, float(np.mean(louder)) if louder else 0.0,
        pair_distance(a, b, pairs=[(pair.before, pair.after)], bars=bars),
    )  # fmt: skip


def _harmony(a: Score, b: Score, *, bars: Sequence[int], is_marked: bool) -> Iterator[HarmonyChange]:
    """Yield the runs of bars whose chords differ, both as they are found and as far as the notes bear them out."""
    size = max(bars, default=-1) + 1
    rows = [_bar_chords(score, is_marked=is_marked, size=size) for score in (a, b)]
    named = rows if is_marked else [_named(score, row) for score, row in zip((a, b), rows, strict=True)]
    told = [(bar, rows[0][bar] != rows[1][bar] and named[0][bar] != named[1][bar]) for bar in bars]
    for differs, run in _runs(told):
        if differs:
            before, after = (tuple(tuple(chord for _, chord in row[bar]) for bar in run) for row in named)
            yield HarmonyChange(run[0], run[-1], before, after)


BarChords = list[tuple[int, Chord | None]]


def _bar_chords(score: Score, *, is_marked: bool, size: int) -> list[BarChords]:
    """Return (ticks from the bar's start, chord) of what is in force in each bar."""
    marks = score.chords if is_marked else find_chords(score, find_keys(score))
    edges = Grid.of(score, bars=size).bar_ticks.tolist()
    return [
        [(tick - start, chord) for tick, chord in _in_force(marks, start, min(end, score.end))]
        for start, end in pairwise(edges)
    ]


def _named(score: Score, rows: list[BarChords]) -> list[BarChords]:
    """Return the chords of each bar with what does not sound there taken from their names; one said again is joined."""
    notes, edges = columns_of(score), Grid.of(score, bars=len(rows)).bar_ticks.tolist()
    found = []
    for row, (start, end) in zip(rows, pairwise(edges), strict=False):
        stops = [*(start + offset for offset, _ in row[1:]), end][: len(row)]
        said: BarChords = []
        for (offset, chord), stop in zip(row, stops, strict=True):
            profile = pitch_class_profiles(notes, np.array([start + offset, stop]))[0]
            name = borne_out(chord, profile) if chord else None
            if not said or said[-1][1] != name:
                said.append((offset, name))
        found.append(said)
    return found


def _in_force(marks: tuple[ChordMark, ...], start: int, end: int) -> list[tuple[int, Chord | None]]:
    """Return (tick, chord) at the start of a bar and at each change in it; a chord said again is no change."""
    before = [mark for mark in marks if mark.tick <= start][-1:]
    found = [(start, mark.chord) for mark in before if start < end]
    found += [(mark.tick, mark.chord) for mark in marks if start < mark.tick < end]
    return [one for index, one in enumerate(found) if index == 0 or one[1] != found[index - 1][1]]


_MARK_TEXT: dict[str, tuple[str, Callable[[Any], str]]] = {
    "tempo": ("tempos", lambda mark: f"{mark.bpm:.4g}"),
    "metre": ("metres", lambda mark: str(mark.metre)),
    "key": ("keys", lambda mark: mark.key.name),
    "section": ("sections", lambda mark: mark.name),
}


def _marks(a: Score, b: Score, *, bars: Sequence[int]) -> tuple[MarkChange, ...]:
    """Return where the marks in force begin to differ, or differ in another way."""
    found, wanted = [], set(bars)
    for what, (field, text) in _MARK_TEXT.items():
        rows = [_by_place(score, getattr(score, field)) for score in (a, b)]
        values, last = ["", ""], ("", "")
        for place in sorted({place for row in rows for place in row}):
            values = [
                text(row[place]) if place in row else old for row, old in zip(rows, values, strict=True)
            ]
            pair = (values[0], values[1])
            if pair[0] != pair[1] and pair != last and place[0] in wanted:
                found.append(MarkChange(what, place[0], *pair))
            last = pair
    return tuple(sorted(found, key=lambda change: change.bar))


def _by_place(score: Score, marks: Iterable[Any]) -> dict[tuple[int, int], Any]:
    edges = Grid.of(score).bar_ticks
    last = max(len(edges) - 2, 0)
    rows = {}
    for mark in marks:
        bar = min(max(int(np.searchsorted(edges, mark.tick, side="right")) - 1, 0), last)
        rows[bar, mark.tick - int(edges[bar])] = mark
    return rows


__all__ = [
    "MANNERS", "Comparison", "Distance", "Gap", "HarmonyChange", "MarkChange", "NoteChange", "PartPair", "SpanChange",
    "bar_distance", "compare", "pair_distance",
]  # fmt: skip
