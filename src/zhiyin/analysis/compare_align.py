"""Alignment of two versions of a part: which notes stayed, moved, changed pitch, came and went.

Conventions: bars count from 0; places are (bar, ticks from its start), so a longer bar shifts nothing after it.
This module does not say how far apart versions are: see `compare_distance.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from zhiyin.score import Note, Notes
from zhiyin.units import TICKS_PER_QUARTER, IntArray, Ticks

NOTE_CHANGES = ("same", "moved", "revoiced", "repitched", "added", "removed")
MAX_SHIFT = 2 * TICKS_PER_QUARTER  # a note of the same pitch farther away is another note


@dataclass(frozen=True, slots=True)
class NoteChange:
    """One note before and after; None where it came or went.

    kind: `same` (place and pitch; its length may differ), `moved` (same pitch, other place), `revoiced` (same place,
    other octave), `repitched` (same place, other pitch), `added` or `removed`; bar: the earlier of the two, from 0.
    """

    kind: str
    bar: int
    before: Note | None
    after: Note | None

    @property
    def interval(self) -> int:
        """Return the semitones from before to after, 0 when one is missing."""
        return self.after.pitch - self.before.pitch if self.before and self.after else 0


@dataclass(frozen=True, slots=True)
class _Placed:
    bar: int
    offset: Ticks
    at: Ticks  # on a line where every bar is as long as the longer of both
    note: Note


def shared_edges(a: IntArray, b: IntArray) -> IntArray:
    """Return the edges of bars that are each as long as the longer of both versions.

    >>> shared_edges(np.array([0, 10, 20]), np.array([0, 12, 24, 36])).tolist()
    [0, 12, 24, 36]
    """
    size = max(len(a), len(b)) - 1
    lengths = np.zeros(max(size, 0), np.int64)
    for edges in (a, b):
        lengths[: len(edges) - 1] = np.maximum(lengths[: len(edges) - 1], np.diff(edges))
    return np.concatenate(([0], np.cumsum(lengths)))


def align_notes(a: Notes, b: Notes, *, edges: tuple[IntArray, IntArray]) -> tuple[NoteChange, ...]:
    """Return what became of every note, in order of place; edges: first ticks of the bars of each, and the last end.

    Equal place and pitch pair first, then equal place in another octave, then other pitches at one place (in order
    of height, so that the intervals are small), then the same pitch up to a half note away, nearest first.
    """
    shared = shared_edges(*edges)
    left, right = (_placed(notes, own, shared) for notes, own in zip((a, b), edges, strict=True))
    pairs: list[tuple[str, _Placed, _Placed]] = []
    for kind, key in (
        ("same", lambda p: (p.bar, p.offset, p.note.pitch)),
        ("revoiced", lambda p: (p.bar, p.offset, p.note.pitch % 12)),
        ("repitched", lambda p: (p.bar, p.offset)),
    ):
        found, left, right = _paired(left, right, key)
        pairs += [(kind, one, other) for one, other in found]
    found, left, right = _moved(left, right)
    pairs += [("moved", one, other) for one, other in found]
    changes = [(min(x.at, y.at), NoteChange(k, min(x.bar, y.bar), x.note, y.note)) for k, x, y in pairs]
    changes += [(one.at, NoteChange("removed", one.bar, one.note, None)) for one in left]
    changes += [(one.at, NoteChange("added", one.bar, None, one.note)) for one in right]
    changes.sort(key=lambda item: (item[0], _pitches(item[1])))
    return tuple(change for _, change in changes)


def _pitches(change: NoteChange) -> tuple[int, int]:
    known = [note.pitch for note in (change.before, change.after) if note]
    return min(known), max(known)


def _placed(notes: Notes, own: IntArray, shared: IntArray) -> list[_Placed]:
    bars = np.searchsorted(own, notes.onset, side="right") - 1
    rows = []
    for bar, note in zip(bars.tolist(), notes, strict=True):
        offset = note.onset - int(own[bar])
        rows.append(_Placed(bar, offset, int(shared[bar]) + offset, note))
    return rows


def _paired(left: list[_Placed], right: list[_Placed], key: object) -> tuple[
    list[tuple[_Placed, _Placed]], list[_Placed], list[_Placed]
]:  # fmt: skip
    """Return (pairs of equal key, what is left over of each)."""
    assert callable(key)
    groups: dict[object, tuple[list[_Placed], list[_Placed]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((left, right)):
        for one in rows:
            groups[key(one)][side].append(one)
    pairs: list[tuple[_Placed, _Placed]] = []
    rest: tuple[list[_Placed], list[_Placed]] = ([], [])
    for here, there in groups.values():
        chosen = _in_order([one.note.pitch for one in here], [one.note.pitch for one in there])
        pairs += [(here[i], there[j]) for i, j in chosen]
        rest[0].extend(here[i] for i in sorted(set(range(len(here))) - {i for i, _ in chosen}))
        rest[1].extend(there[j] for j in sorted(set(range(len(there))) - {j for _, j in chosen}))
    return pairs, *rest


def _in_order(a: list[int], b: list[int]) -> list[tuple[int, int]]:
    """Return pairs of all of the shorter with the longer, in order of height, with the least total distance."""
    if len(a) > len(b):
        return [(i, j) for j, i in _in_order(b, a)]
    if not a:
        return []
    cost = np.zeros((len(a) + 1, len(b) + 1))
    cost[1:, 0] = np.inf
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            cost[i, j] = min(cost[i, j - 1], cost[i - 1, j - 1] + abs(a[i - 1] - b[j - 1]))
    pairs, i, j = [], len(a), len(b)
    while i:
        if cost[i, j] == cost[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _moved(left: list[_Placed], right: list[_Placed]) -> tuple[
    list[tuple[_Placed, _Placed]], list[_Placed], list[_Placed]
]:  # fmt: skip
    """Return (pairs of one pitch near each other, nearest first, what is left over of each)."""
    near = [
        (abs(x.at - y.at), min(x.at, y.at), x.note.pitch, i, j)
        for pitch_left, pitch_right in _by_pitch(left, right)
        for i, x in pitch_left
        for j, y in pitch_right
        if abs(x.at - y.at) <= MAX_SHIFT
    ]
    used_left, used_right, pairs = set[int](), set[int](), []
    for _, _, _, i, j in sorted(near):
        if i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            pairs.append((left[i], right[j]))
    return (
        pairs,
        [one for i, one in enumerate(left) if i not in used_left],
        [one for j, one in enumerate(right) if j not in used_right],
    )


def _by_pitch(left: list[_Placed], right: list[_Placed]) -> Iterable[
    tuple[list[tuple[int, _Placed]], list[tuple[int, _Placed]]]
]:  # fmt: skip
    groups: dict[int, tuple[list[tuple[int, _Placed]], list[tuple[int, _Placed]]]] = defaultdict(
        lambda: ([], [])
    )
    for side, rows in enumerate((left, right)):
        for index, one in enumerate(rows):
            groups[one.note.pitch][side].append((index, one))
    return groups.values()
