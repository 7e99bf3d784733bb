"""Comparison of a score before and after an act, and of wishes with notes, without asking the product whether it kept.

Conventions: what the reading of a file decides (the beat that a played note belongs to) is taken from the desk; bars
are counted here. Every function returns sentences about what is wrong, nothing when all is well.
Does not know: the acts, nor how the product proves what it kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from zhiyin.fill.desk import Desk
from zhiyin.score import Notes, Part, Score

STEP, QUARTER = 420, 10_080
NO_ORIGIN = -1
Row = tuple[Any, ...]
Bars = list[int]  # first ticks of bars, and the end of the last
SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11), "dorian": (0, 2, 3, 5, 7, 9, 10), "minor pentatonic": (0, 3, 5, 7, 10),
    "major pentatonic": (0, 2, 4, 7, 9), "whole-tone": (0, 2, 4, 6, 8, 10), "blues": (0, 3, 5, 6, 7, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10), "aeolian": (0, 2, 3, 5, 7, 8, 10),
}  # fmt: skip
NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
LENGTHS = {"whole": 4 * QUARTER, "half": 2 * QUARTER, "quarter": QUARTER, "eighth": QUARTER // 2}


@dataclass(frozen=True)
class Allowed:
    """What an act may change.

    spans: per part of the score given, stretches of frame ticks; since: frame tick from which everything is new; rows:
    whether chord marks may change; rhythm, pitch: parts of which this aspect is locked all through.
    """

    spans: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    since: int | None = None
    chords: bool = False
    rhythm: frozenset[int] = frozenset()
    pitch: frozenset[int] = frozenset()

    def holds(self, part: int, tick: int) -> bool:
        """Return whether notes of a part may change at a frame tick."""
        if self.since is not None and tick >= self.since:
            return True
        return any(a <= tick < b for a, b in self.spans.get(part, ()))


def bar_edges(score: Score, count: int) -> Bars:
    """Return the first ticks of so many bars and the end of the last, counted from metres and pick-up alone."""
    marks = [(m.tick, m.metre.numerator * 4 * QUARTER // m.metre.denominator) for m in score.metres]
    edges = [0]
    while len(edges) <= count:
        at = edges[-1]
        length = [size for tick, size in marks if tick <= at][-1]
        if at == 0 and score.pickup_ticks:
            length = score.pickup_ticks
        nexts = [tick for tick, _ in marks if tick > at]
        edges.append(min([at + length, *nexts[:1]]))
    return edges


def rows_of(part: Part) -> list[Row]:
    """Return a part's notes with every column, blanks of voice and syllable as none."""
    notes = part.notes
    columns = [c.tolist() for c in (notes.onset, notes.duration, notes.pitch, notes.velocity)]
    for name, blank in (("spelling", None), ("voice", 0), ("syllable", ""), ("origin", NO_ORIGIN)):
        column = getattr(notes, name)
        columns.append([blank] * len(notes) if column is None else column.tolist())
    return list(zip(*columns, strict=True))


def lost_or_changed(desk: Desk, after: Score, allowed: Allowed) -> list[str]:
    """Return what an act changed that it had to leave alone."""
    told = list(_marks(desk.own, after, allowed))
    if len(after.parts) < len(desk.own.parts):
        return [*told, f"{len(desk.own.parts) - len(after.parts)} parts lost"]
    for index, part in enumerate(desk.own.parts):
        told += _part(desk, after, index, part, allowed)
    told += [f"a note of {p.name!r} has no origin" for p in after.parts if _without_origin(p, after)]
    return told


def _without_origin(part: Part, score: Score) -> bool:
    """Return whether a note of a part points outside the table of origins."""
    origin = part.notes.origin
    return origin is not None and bool(len(part.notes)) and int(origin.max()) >= len(score.provenance)


def _marks(before: Score, after: Score, allowed: Allowed) -> Iterator[str]:
    names = ["title", "tempos", "metres", "keys", "sections", "pickup_ticks", "locks", "credits"]
    for name in [*names, *([] if allowed.chords else ["chords"])]:
        if getattr(before, name) != getattr(after, name):
            yield f"{name} changed"
    if after.provenance[: len(before.provenance)] != before.provenance:
        yield "origins renumbered"
    for old, new in zip(before.parts, after.parts, strict=False):
        if (old.name, old.program, old.is_drums, old.controls) != (
            new.name,
            new.program,
            new.is_drums,
            new.controls,
        ):
            yield f"player or controls of {old.name!r} changed"


def _part(desk: Desk, after: Score, index: int, part: Part, allowed: Allowed) -> Iterator[str]:
    places, before = [int(tick) for tick in desk.onsets[index]], rows_of(part)
    outside = Counter(r for r, at in zip(before, places, strict=True) if not allowed.holds(index, at))
    inside = Counter(before) - outside
    now = Counter(rows_of(after.parts[index]))
    if gone := outside - now:
        yield f"{sum(gone.values())} notes of {part.name!r} lost or changed, the first {min(gone)[:4]}"
    given, starts = len(desk.own.provenance), {row[0] for row in inside}
    for row in (now - outside).elements():
        if row not in inside and row[-1] < given:
            yield f"a note of {part.name!r} at {row[0]} is told as another's than the act's"
        is_inside = row[0] in starts or any(allowed.holds(index, at) for at in _near(desk, row[0]))
        if row not in inside and not is_inside:
            yield f"a note of {part.name!r} at {row[0]} was written outside the scope"
    new = list((now - outside).elements())
    old = list(inside.elements())
    if index in allowed.rhythm and sorted(r[:2] for r in old) != sorted(r[:2] for r in new):
        yield f"the locked rhythm of {part.name!r} changed: {len(old)} notes before, {len(new)} after"
    was = [(at, row) for at, row in zip(places, before, strict=True) if row in inside]
    if index in allowed.pitch and _in_order(was) != [r[2] for r in sorted(new, key=_by_onset)]:
        yield f"the locked pitches of {part.name!r} changed: {len(old)} notes before, {len(new)} after"


def _near(desk: Desk, onset: int) -> list[int]:
    """Return the places on the grid that a tick of the person's may stand for."""
    if desk.warp.is_identity:
        return [(onset + STEP // 2) // STEP * STEP]
    at = int(desk.warp.to_frame([onset])[0])
    return [at - STEP, at, at + STEP]


def _by_onset(row: Row) -> tuple[int, int]:
    return row[0], row[2]


def _in_order(placed: list[tuple[int, Row]]) -> list[int]:
    """Return pitches in the order of their places on the grid."""
    return [row[2] for at, row in sorted(placed, key=lambda pair: (pair[0], pair[1][2]))]


# -- wishes --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wish:
    """A wish as typed and what it means: kind, and numbers that its check needs."""

    text: str
    kind: str
    numbers: tuple[int, ...]


def broken_wishes(wishes: Iterable[Wish], notes: Notes, edges: Bars, *, is_drums: bool) -> list[str]:
    """Return which wishes the new notes of a part break.

    notes: on the grid; edges: the bars of the score, of which the wish is about all that have new notes.
    """
    told = []
    for wish in wishes:
        wrong = CHECKS[wish.kind](notes, wish.numbers, edges, is_drums)
        if wrong:
            told.append(f"{wish.text!r} broken by {wrong} notes or bars")
    return told


def _outside_scale(notes: Notes, classes: tuple[int, ...], edges: Bars, is_drums: bool) -> int:
    return 0 if is_drums else sum(p % 12 not in classes for p in notes.pitch.tolist())


def _outside_range(notes: Notes, bounds: tuple[int, ...], edges: Bars, is_drums: bool) -> int:
    return 0 if is_drums else sum(not bounds[0] <= p <= bounds[1] for p in notes.pitch.tolist())


def _too_long(notes: Notes, most: tuple[int, ...], edges: Bars, is_drums: bool) -> int:
    return sum(d > most[0] for d in notes.duration.tolist())


def _off_rhythm(notes: Notes, pattern: tuple[int, ...], edges: Bars, is_drums: bool) -> int:
    """Count bars with new notes that are struck elsewhere than at the eighths of a pattern of 0 and 1."""
    wrong = 0
    for start, end in pairwise(edges):
        struck = {t for t in notes.onset.tolist() if start <= t < end}
        wanted = {start + i * (QUARTER // 2) for i, hit in enumerate(pattern) if hit}
        wrong += not struck <= wanted
    return wrong


def _too_thick(notes: Notes, most: tuple[int, ...], edges: Bars, is_drums: bool) -> int:
    """Count onsets at which more notes sound than asked; drums ring as they will."""
    if is_drums:
        return 0
    spans = list(zip(notes.onset.tolist(), notes.offset.tolist(), strict=True))
    return sum(sum(a <= t < b for a, b in spans) > most[0] for t in {a for a, _ in spans})


CHECKS = {
    "scale": _outside_scale, "range": _outside_range, "longest": _too_long, "rhythm": _off_rhythm,
    "polyphony": _too_thick,
}  # fmt: skip
