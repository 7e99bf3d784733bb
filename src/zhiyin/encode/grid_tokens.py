"""Grid tokens: a quantised score as segments in the cells of a (row x column) grid.

Conventions: steps are 1/24 quarter; row 0 is the chord row, row i + 1 is part i; a column is a bar (or a piece
of a bar longer than 192 steps). A note that crosses a column's end becomes one segment a column, the later ones
marked tied. This module does not order cells for a model: see `zhiyin.encode.sequence`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zhiyin.encode.fields import MAX_COLUMN_STEPS, NO_CHORD, PITCHES, QUALITY_COUNT, TIED, TIED_ON
from zhiyin.errors import InvalidInput
from zhiyin.score import VELOCITY_LEVELS, ChordMark, Notes, Score, Timeline
from zhiyin.theory.chord import QUALITY_NAMES, Chord
from zhiyin.units import TICKS_PER_STEP, IntArray

_LEVEL_OF_VELOCITY = np.full(128, -1, np.int64)
_LEVEL_OF_VELOCITY[list(VELOCITY_LEVELS)] = np.arange(len(VELOCITY_LEVELS))
_VELOCITY_OF_LEVEL = np.array(VELOCITY_LEVELS, np.int64)
_QUALITY_INDEX = {name: index for index, name in enumerate(QUALITY_NAMES)}


@dataclass(frozen=True, eq=False)
class Segments:
    """Columns of equal length, one row a sounding segment, sorted by (column, row, onset, value).

    column, row: the cell; onset: steps in the column; value: pitch 0..127 or a chord 128..; duration: steps,
    never past the column's end; extra: notes level * 4 + 2 when it goes on in the next column + 1 when it continues
    the one before; chords bass above root * 2 + 1 when it continues.
    """

    column: IntArray
    row: IntArray
    onset: IntArray
    value: IntArray
    duration: IntArray
    extra: IntArray

    def __len__(self) -> int:
        return int(self.column.size)

    def take(self, rows: IntArray) -> Segments:
        """Return the chosen segments."""
        return Segments(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True, eq=False)
class GridTokens:
    """A score as segments over columns, with the score's frame to rebuild it.

    starts: (columns + 1,) first step of each column and the end of the last; bars: (columns,) 0-based bar.
    frame: the score without its notes and chords.
    """

    frame: Score
    starts: IntArray
    bars: IntArray
    segments: Segments

    @property
    def columns(self) -> int:
        """Return the number of columns."""
        return int(self.bars.size)

    @property
    def rows(self) -> int:
        """Return the number of rows: the chord row and one a part."""
        return len(self.frame.parts) + 1

    def cell_slices(self) -> IntArray:
        """Return (columns * rows + 1,) offsets of each cell's segments, column-major."""
        key = self.segments.column * self.rows + self.segments.row
        offsets: IntArray = np.searchsorted(key, np.arange(self.columns * self.rows + 1))
        return offsets


def column_layout(score: Score, *, end_step: int) -> tuple[IntArray, IntArray]:
    """Return (starts, bars) of the columns that cover a score up to a step."""
    line = Timeline.of(score)
    bars = max(line.bar_count(end_step * TICKS_PER_STEP), 1)
    edges = (line.bar_starts(bars) + TICKS_PER_STEP // 2) // TICKS_PER_STEP
    pieces = np.maximum(-(-np.diff(edges) // MAX_COLUMN_STEPS), 1)
    bar = np.repeat(np.arange(bars), pieces)
    within = np.arange(bar.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    starts = edges[bar] + within * MAX_COLUMN_STEPS
    return np.append(starts, edges[-1]), bar


def encode_grid(score: Score, *, layout: tuple[IntArray, IntArray] | None = None) -> GridTokens:
    """Return the grid tokens of a quantised score.

    layout: (starts, bars) of the columns, as `column_layout` gives them by default.
    Raises InvalidInput when a note is off the grid of 24 steps a quarter or its velocity is not one of 8 levels.
    """
    end_step = -(-max([score.end, *(m.tick + TICKS_PER_STEP for m in score.chords)]) // TICKS_PER_STEP)
    starts, bars = layout or column_layout(score, end_step=end_step)
    blocks = [_chord_segments(score, starts)]
    blocks += _note_segments(score, starts)
    merged = [np.concatenate([block[i] for block in blocks]) for i in range(7)]
    column, row, onset, value, duration, extra, order = merged
    # Tied segments come first among equals, in the order of their notes, so that decoding pairs them again.
    fresh = 1 - extra % 2
    key = ((column * (len(score.parts) + 1) + row) * MAX_COLUMN_STEPS + onset) * 512 + value
    index = np.lexsort((order, fresh, key))
    segments = Segments(*(c[index] for c in (column, row, onset, value, duration, extra)))
    frame = replace(score, parts=tuple(p.with_notes(Notes()) for p in score.parts), chords=())
    return GridTokens(frame, starts, bars, segments)


def _check_on_grid(notes: Notes, name: str) -> None:
    off = (notes.onset % TICKS_PER_STEP) | (notes.duration % TICKS_PER_STEP)
    if off.any():
        where = int(np.flatnonzero(off)[0])
        raise InvalidInput(
            f"notes must lie on the grid of {TICKS_PER_STEP} ticks, got onset {notes.onset[where]} and duration "
            f"{notes.duration[where]} in {name!r}: call zhiyin.score.quantise first"
        )
    levels = _LEVEL_OF_VELOCITY[notes.velocity]
    if len(notes) and levels.min() < 0:
        wrong = notes.velocity[levels < 0][0]
        raise InvalidInput(
            f"velocity must be one of {VELOCITY_LEVELS}, got {wrong} in {name!r}: call zhiyin.score.quantise first"
        )


def _note_segments(score: Score, starts: IntArray) -> list[tuple[IntArray, ...]]:
    """Return one tuple of columns for all parts together: (column, row, onset, value, duration, extra, order)."""
    parts = [part.notes for part in score.parts]
    if not any(len(notes) for notes in parts):
        return []
    for part in score.parts:
        if len(part.notes):
            _check_on_grid(part.notes, part.name)
    row = np.repeat(np.arange(len(parts)) + 1, [len(n) for n in parts])
    onset = np.concatenate([n.onset for n in parts]) // TICKS_PER_STEP
    end = onset + np.concatenate([n.duration for n in parts]) // TICKS_PER_STEP
    value = np.concatenate([n.pitch for n in parts])
    level = _LEVEL_OF_VELOCITY[np.concatenate([n.velocity for n in parts])]
    return [_cut(starts, row, onset, end, value, level * 4, TIED_ON)]


def _chord_segments(score: Score, starts: IntArray) -> tuple[IntArray, ...]:
    marks = score.chords
    onset = np.array([m.tick for m in marks], np.int64) // TICKS_PER_STEP
    end = np.append(onset[1:], starts[-1]) if marks else onset
    value = np.array([chord_to_value(m.chord) for m in marks], np.int64)
    bass = np.array([(m.chord.bass - m.chord.root) % 12 if m.chord else 0 for m in marks], np.int64)
    keep = end > onset
    zero = np.zeros(int(keep.sum()), np.int64)
    return _cut(starts, zero, onset[keep], end[keep], value[keep], bass[keep] * 2, 0)


def _cut(
    starts: IntArray,
    row: IntArray,
    onset: IntArray,
    end: IntArray,
    value: IntArray,
    extra: IntArray,
    on_flag: int,
) -> tuple[IntArray, ...]:
    """Cut spans at column edges; every array is one value a span, in steps; on_flag marks what goes on."""
    first = np.searchsorted(starts, onset, side="right") - 1
    last = np.searchsorted(starts, end, side="left") - 1
    order = np.arange(row.size)
    if np.array_equal(first, last):
        return first, row, onset - starts[first], value, end - onset, extra, order
    pieces = last - first + 1
    source = np.repeat(order, pieces)
    step = np.arange(source.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    column = first[source] + step
    begin = np.maximum(onset[source], starts[column])
    finish = np.minimum(end[source], starts[column + 1])
    flags = (step > 0) * TIED + (column < last[source]) * on_flag
    return (
        column,
        row[source],
        begin - starts[column],
        value[source],
        finish - begin,
        extra[source] + flags,
        source,
    )


def decode_grid(tokens: GridTokens) -> Score:
    """Return the score of grid tokens; a tied segment with no open note before it becomes a new attack."""
    parts = []
    for index, part in enumerate(tokens.frame.parts):
        parts.append(part.with_notes(segments_to_notes(tokens, row=index + 1)))
    return replace(tokens.frame, parts=tuple(parts), chords=_segments_to_chords(tokens))


def segments_to_notes(tokens: GridTokens, *, row: int) -> Notes:
    """Return the notes of one row, tied segments joined."""
    picked = tokens.segments.take(np.flatnonzero(tokens.segments.row == row))
    onset = tokens.starts[picked.column] + picked.onset
    end = onset + picked.duration
    keep, end = _join_ties(tokens, picked, onset, end)
    return Notes(
        onset[keep] * TICKS_PER_STEP,
        (end - onset)[keep] * TICKS_PER_STEP,
        picked.value[keep],
        _VELOCITY_OF_LEVEL[picked.extra[keep] // 4],
    )


def _join_ties(
    tokens: GridTokens, picked: Segments, onset: IntArray, end: IntArray
) -> tuple[IntArray, IntArray]:
    """Return (indices of segments that begin a note, ends with ties joined)."""
    tied = np.flatnonzero(picked.extra % 2)
    if not tied.size:
        return np.arange(len(picked)), end
    end = end.copy()
    going_on = picked.extra // TIED_ON % 2 == 1
    reaching = np.flatnonzero(going_on & (onset + picked.duration == tokens.starts[picked.column + 1]))
    owner = np.arange(len(picked))  # which segment begins the note this segment belongs to
    # The k-th tied segment of a (column, value) continues the k-th one that goes on from the column before.
    opened: dict[tuple[int, int], list[int]] = {}
    for i in sorted(reaching.tolist(), key=lambda i: (int(picked.column[i]), i)):
        opened.setdefault((int(picked.column[i]) + 1, int(picked.value[i])), []).append(i)
    is_joined = np.zeros(len(picked), bool)
    for i in tied.tolist():
        waiting = opened.get((int(picked.column[i]), int(picked.value[i])))
        if waiting and picked.onset[i] == 0:
            owner[i] = owner[waiting.pop(0)]
            end[owner[i]] = end[i]
            is_joined[i] = True
    return np.flatnonzero(~is_joined), end


def _segments_to_chords(tokens: GridTokens) -> tuple[ChordMark, ...]:
    picked = tokens.segments.take(np.flatnonzero(tokens.segments.row == 0))
    fresh = np.flatnonzero(picked.extra % 2 == 0)
    ticks = (tokens.starts[picked.column] + picked.onset)[fresh] * TICKS_PER_STEP
    values, basses = picked.value[fresh].tolist(), (picked.extra[fresh] // 2).tolist()
    return tuple(
        ChordMark(tick, value_to_chord(value, bass))
        for tick, value, bass in zip(ticks.tolist(), values, basses, strict=True)
    )


def chord_to_value(chord: Chord | None) -> int:
    """Return the value of a chord: 128 + root * qualities + quality, or NO_CHORD.

    >>> chord_to_value(Chord(0, "m")), chord_to_value(None) == NO_CHORD
    (129, True)
    """
    return NO_CHORD if chord is None else PITCHES + chord.root * QUALITY_COUNT + _QUALITY_INDEX[chord.quality]


def value_to_chord(value: int, bass_interval: int = 0) -> Chord | None:
    """Return the chord of a value and of its bass above the root, or None for NO_CHORD."""
    if value == NO_CHORD:
        return None
    root, quality = divmod(value - PITCHES, QUALITY_COUNT)
    return Chord(root, QUALITY_NAMES[quality], (root + bass_interval) % 12)


class GridEncoder:
    """The grid-token encoder as an `Encoder`."""

    name = "grid"
    is_exact = True

    def encode(self, score: Score) -> GridTokens:
        """Return the grid tokens of a quantised score."""
        return encode_grid(score)

    def decode(self, encoded: GridTokens) -> Score:
        """Return the score of grid tokens."""
        return decode_grid(encoded)
