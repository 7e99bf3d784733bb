"""Giving back: what was written on the grid, put into the person's own score and time.

Conventions: a note of the person's outside the scope stays as it is, every column; a held aspect is taken from the
person's note, not from the grid. This module judges nothing: see `zhiyin.fill.proof`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.fill.constraints.pinned import WHOLE, Hold
from zhiyin.fill.desk import Desk
from zhiyin.fill.scope import Scope
from zhiyin.score import CHORD_ROW, Cell, ChordMark, Notes, Score, Timeline
from zhiyin.theory.chord import Chord
from zhiyin.theory.pitch import spell
from zhiyin.units import TICKS_PER_STEP, BoolArray, IntArray, Ticks


@dataclass(frozen=True, eq=False)
class Answer:
    """The person's score with the new notes in it.

    kept: per part, which of the person's notes stay untouched; origins: indices of what was written by the act.
    """

    score: Score
    kept: tuple[BoolArray, ...]
    origins: frozenset[int]


def answered(
    desk: Desk, written: Score, scope: Scope, *, holds: Mapping[Cell, Hold], shows_chords: bool = False
) -> Answer:
    """Return the answer for what was written on the desk's grid.

    shows_chords: give chord marks back although the person's score has none.
    """
    origins = frozenset(range(len(desk.own.provenance), len(written.provenance)))
    kept, parts = [], []
    for index, part in enumerate(desk.own.parts):
        stays, notes = _part(desk, written, index, scope, holds)
        kept.append(stays)
        parts.append(part.with_notes(notes))
    has_marks = desk.has_own_chords or shows_chords
    score = replace(
        desk.own, parts=tuple(parts), provenance=written.provenance,
        chords=chords_of(desk, written, scope) if has_marks else desk.own.chords,
    )  # fmt: skip
    if score.end < desk.own.end:  # what rang last was written anew: no shorter, and no longer but for notes
        score = replace(score, length_ticks=desk.own.end)
    return Answer(score, tuple(kept), origins)


def _part(
    desk: Desk, written: Score, index: int, scope: Scope, holds: Mapping[Cell, Hold]
) -> tuple[BoolArray, Notes]:
    """Return which of the person's notes of a part stay untouched, and the part's notes."""
    line = Timeline.of(desk.frame)
    own, new = desk.own.parts[index].notes, written.parts[index].notes
    places = desk.onsets[index]
    cells = scope.cells(desk.frame)
    mine = sorted(c.bar for c in cells if c.part == index)
    stays: BoolArray = ~np.isin(line.bar_of(places), mine)
    fresh = new.take(np.isin(line.bar_of(new.onset), mine))
    bars_new = line.bar_of(fresh.onset)
    bars_own = line.bar_of(places)
    pieces = []
    for bar in mine:
        hold = holds.get(Cell(index, bar))
        there, rows = fresh.take(bars_new == bar), np.flatnonzero(bars_own == bar)
        if hold is None:
            pieces.append(in_own_time(desk, there))
        elif hold.aspect in WHOLE:
            still, more = _beside_held(
                desk, index, rows, there=there, hold=hold, places=places[rows], end=line.bar_start(bar + 1)
            )
            stays[still] = True
            pieces += more
        else:
            pieces.append(_with_aspect(desk, own.take(rows), places[rows], there, hold.aspect))
    new_notes = Notes.concat(pieces)
    if own.spelling is not None and len(new_notes):
        new_notes = new_notes.with_columns(spelling=_spelled(desk, new_notes))
    return stays, Notes.concat([own.take(stays), new_notes])


def in_own_time(desk: Desk, notes: Notes) -> Notes:
    """Return notes of the grid in the person's time."""
    if desk.warp.is_identity or not len(notes):
        return notes
    onset, end = desk.warp.to_own(notes.onset), desk.warp.to_own(notes.offset)
    return notes.with_columns(onset=onset, duration=np.maximum(end - onset, 1))


def _beside_held(
    desk: Desk, index: int, rows: IntArray, *, there: Notes, hold: Hold, places: IntArray, end: Ticks
) -> tuple[IntArray, list[Notes]]:
    """Return which of the person's notes of a cell (rows of part `index`) stay, and the notes to put beside them."""
    own, on_grid = desk.own.parts[index].notes, desk.frame.parts[index].notes.between(0, end)
    lengths = {(int(n.onset), int(n.pitch)): min(int(n.duration), end - int(n.onset)) for n in on_grid}
    # A held note that goes on behind the bar line was written up to it.
    held = {
        (onset * TICKS_PER_STEP, pitch): min(duration * TICKS_PER_STEP, end - onset * TICKS_PER_STEP)
        for onset, duration, pitch in hold.notes
    }
    written = {
        (o, p): d
        for o, p, d in zip(there.onset.tolist(), there.pitch.tolist(), there.duration.tolist(), strict=True)
    }
    at = list(zip(places.tolist(), own.pitch[rows].tolist(), strict=True))
    is_kept = np.array(
        [k in held and (hold.aspect != "skeleton" or written.get(k, 0) >= lengths.get(k, 0)) for k in at],
        bool,
    )
    is_shorter = np.array([k in held for k in at], bool) & ~is_kept
    added = there.take(
        np.array(
            [
                k not in held or k not in at
                for k in zip(there.onset.tolist(), there.pitch.tolist(), strict=True)
            ],
            bool,
        )
    )
    pieces = [in_own_time(desk, _at_full_length(added, hold))]
    if is_shorter.any():
        pieces.append(_shortened(desk, own.take(rows[is_shorter]), there, places[is_shorter]))
    return rows[is_kept], pieces


def _at_full_length(added: Notes, hold: Hold) -> Notes:
    """Return notes of the act with those that were held at the length they were to have, bar lines or not."""
    asked = {
        (onset * TICKS_PER_STEP, pitch): duration * TICKS_PER_STEP for onset, duration, pitch in hold.notes
    }
    if hold.aspect == "skeleton" or not len(added):
        return added
    places = zip(added.onset.tolist(), added.pitch.tolist(), added.duration.tolist(), strict=True)
    return added.with_columns(duration=np.array([asked.get((o, p), d) for o, p, d in places], np.int64))


def _shortened(desk: Desk, own: Notes, there: Notes, places: IntArray) -> Notes:
    """Return the person's notes cut to the lengths that were written, as notes of the act."""
    lengths = []
    for place, pitch, duration in zip(
        places.tolist(), own.pitch.tolist(), own.duration.tolist(), strict=True
    ):
        near = np.flatnonzero((there.pitch == pitch) & (there.onset == place))
        end = int(desk.warp.to_own([int(there.offset[near[0]])])[0]) if near.size else 0
        begin = int(desk.warp.to_own([int(there.onset[near[0]])])[0]) if near.size else 0
        lengths.append(min(max(end - begin, 1), duration) if near.size else duration)
    origin = None if there.origin is None or not len(there) else np.full(len(own), there.origin[0])
    return own.with_columns(duration=np.array(lengths, np.int64), origin=origin)


def _with_aspect(desk: Desk, own: Notes, places: IntArray, there: Notes, aspect: str) -> Notes:
    """Return the new notes of a cell with the held aspect taken from the person's notes, in order."""
    order = np.lexsort((own.duration, own.pitch, places))
    keys = list(zip(places[order].tolist(), own.pitch[order].tolist(), strict=True))
    order = order[[i for i, key in enumerate(keys) if i == 0 or key != keys[i - 1]]] if len(keys) else order
    source = own.take(order)
    assert len(source) == len(there), "a held aspect has one new note a note of the person's"
    # `take` sorts again by the person's own onsets: read the columns in the order of the grid instead.
    columns = {
        name: None if (c := getattr(own, name)) is None else c[order]
        for name in ("onset", "duration", "velocity", "syllable", "voice", "pitch", "spelling")
    }
    if aspect == "rhythm":
        return there.with_columns(
            onset=columns["onset"], duration=columns["duration"], velocity=columns["velocity"],
            syllable=columns["syllable"], voice=columns["voice"],
        )  # fmt: skip
    return in_own_time(desk, there).with_columns(pitch=columns["pitch"])


def _spelled(desk: Desk, notes: Notes) -> IntArray:
    """Return the spelling of notes in the keys in force."""
    keys = [(m.tick, m.key.fifths) for m in desk.own.keys or desk.frame.keys] or [(0, 0)]
    ticks = np.array([t for t, _ in keys], np.int64)
    at = np.maximum(np.searchsorted(ticks, notes.onset, side="right") - 1, 0)
    return np.array(
        [
            spell(p % 12, key_fifths=keys[k][1])
            for p, k in zip(notes.pitch.tolist(), at.tolist(), strict=True)
        ],
        np.int64,
    )


def chords_of(desk: Desk, written: Score, scope: Scope) -> tuple[ChordMark, ...]:
    """Return the person's chord marks with those of the scope written anew."""
    spans = [(s.start, s.end) for s in scope.stretches if s.part == CHORD_ROW]
    if not spans:
        return desk.own.chords
    given = desk.frame.chords if desk.has_own_chords else ()
    inside = [m for m in written.chords if any(a <= m.tick < b for a, b in spans)]
    outside = [m for m in given if not any(a <= m.tick < b for a, b in spans)]
    marks = {m.tick: m.chord for m in (*outside, *inside)}
    for a, b in spans:
        # A chord that began before stops at the scope, and what was in force behind it goes on there.
        before = [m for m in given if m.tick <= b]
        if b < desk.frame.end and b not in marks and not any(x == b for x, _ in spans):
            marks[b] = before[-1].chord if before else None
        if a not in marks:
            marks[a] = _in_force(written, a)
    return tuple(ChordMark(int(desk.warp.to_own([t])[0]), marks[t]) for t in sorted(marks))


def _in_force(score: Score, tick: Ticks) -> Chord | None:
    found = [m.chord for m in score.chords if m.tick <= tick]
    return found[-1] if found else None
