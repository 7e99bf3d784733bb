"""Sequences: the cells of a grid laid out for a model that fills some of them.

Conventions: given cells come first, then the cells to write, each group by column, then row (chord row first);
every cell opens with a CELL event, and each event predicts the one after it in its cell (END closes the cell).
This module knows no tensors and no sampling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zhiyin.encode.context import NOT_TOLD, Context
from zhiyin.encode.echo import EchoBook, echo_fields, references, step_codes
from zhiyin.encode.fields import (
    DEGREE_DRUM,
    DEGREE_NONE,
    END,
    FIELD_INDEX,
    INPUT_FIELDS,
    KIND_CELL,
    KIND_CHORD,
    KIND_NOTE,
    LIKE_FAR,
    LIKE_NONE,
    LIKE_UNTOLD,
    NO_CHORD,
    NO_LAST,
    PITCHES,
    PLAIN_FIELDS,
    PROGRAM_DRUMS,
    QUALITY_COUNT,
    UNKNOWN,
)
from zhiyin.encode.grid_tokens import GridTokens, Segments
from zhiyin.encode.levels import register_level
from zhiyin.errors import InvalidInput
from zhiyin.units import BoolArray, IntArray

NO_ROOT = 12
NO_QUALITY = QUALITY_COUNT
STEPS_PER_BEAT = 24


@dataclass(frozen=True, eq=False)
class Sequence:
    """Events of one window.

    fields: (events, fields) input codes; time: (events,) steps from the window's start; target: (events, 4)
    next onset, value, duration, extra, -1 where nothing follows; is_target: (events,) whether the event belongs
    to a cell to write; tonic: (events,) tonic for the degrees of the next value (12 none); chord_root,
    chord_quality: (events,) the chord under the next onset (12 / QUALITY_COUNT none). last: (events,) the pitch that
    stands before the next one in its row, NO_LAST where none does, in drum rows and in the chord row.
    """

    fields: IntArray
    time: IntArray
    target: IntArray
    is_target: BoolArray
    tonic: IntArray
    chord_root: IntArray
    chord_quality: IntArray
    last: IntArray

    def __len__(self) -> int:
        return int(self.time.size)


@dataclass(frozen=True, eq=False)
class Window:
    """Which columns and rows of a grid a model sees, and which cells it writes.

    columns: increasing; the model sees them side by side. rows: increasing, 0 is the chord row.
    write: (columns, rows) True where the model writes. shift: semitones of transposition. order: "bar" lays
    the cells out column by column, "part" row by row.
    """

    columns: IntArray
    rows: IntArray
    write: BoolArray
    shift: int = 0
    order: str = "bar"

    def __post_init__(self) -> None:
        if self.write.shape != (self.columns.size, self.rows.size):
            raise InvalidInput(
                f"write must be (columns, rows) = {(self.columns.size, self.rows.size)}, got {self.write.shape}"
            )

    def cells(self) -> list[tuple[int, int]]:
        """Return the (column, row) slots to write in the order in which they are laid out."""
        if self.order == "part":
            return [(c, r) for r, c in np.argwhere(self.write.T).tolist()]
        return [(c, r) for c, r in np.argwhere(self.write).tolist()]


def build_sequence(tokens: GridTokens, context: Context, window: Window) -> Sequence:
    """Return the events of a window with what each should predict."""
    seg, slot_column, slot_row = _select(tokens, window)
    cells_c, cells_r = np.divmod(np.arange(window.write.size), window.rows.size)
    column = np.concatenate((cells_c, slot_column))
    row = np.concatenate((cells_r, slot_row))
    is_target = window.write[column, row]
    rank = np.concatenate((np.full(cells_c.size, -1), np.arange(len(seg))))
    major = (row, column) if window.order == "bar" else (column, row)
    order = np.lexsort((rank, *major, is_target))
    cell_rows = cell_events(context, window)
    note_rows = segment_events(seg, context, window, column=slot_column, row=slot_row)
    value = transpose_values(seg.value, window, row=slot_row, context=context)
    latest = _latest(context, window, column=slot_column, row=slot_row, value=value)
    cell_last = _carried(latest)
    note_last = np.where(pitched_rows(context, window)[slot_row], value, NO_LAST)
    echoes = echo_fields(
        (slot_column, slot_row, seg.onset, value, seg.duration),
        refs=references(window.columns, context.like[window.columns]),
        rows=window.rows.size,
        cell_last=cell_last,
        segment_last=note_last,
    )
    cell_rows[:, PLAIN_FIELDS + 1 :], note_rows[:, PLAIN_FIELDS + 1 :] = np.split(echoes, (cells_c.size,))
    is_first = np.ones(len(seg), bool)
    is_first[1:] = (np.diff(slot_column) != 0) | (np.diff(slot_row) != 0)
    before = np.where(is_first, cell_last[slot_column * window.rows.size + slot_row], np.roll(note_last, 1))
    note_rows[:, PLAIN_FIELDS] = step_codes(note_last, before)
    fields = np.concatenate((cell_rows, note_rows))[order]
    blank = np.zeros(cells_c.size, np.int64)
    onset = np.concatenate((blank, seg.onset))[order]
    nexts = [np.concatenate((blank, c)) for c in (seg.onset, value, seg.duration, seg.extra)]
    target = _targets([c[order] for c in nexts], rank[order])
    column, row = column[order], row[order]
    starts = window_starts(context, window)
    root, quality = _chord_under(tokens, window, column, row, target[:, 0])
    return Sequence(
        fields=fields,
        time=starts[column] + onset,
        target=target,
        is_target=is_target[order],
        tonic=row_tonic(context, window, column=column, row=row),
        chord_root=root,
        chord_quality=quality,
        last=np.concatenate((cell_last, note_last))[order],
    )


def window_starts(context: Context, window: Window) -> IntArray:
    """Return (columns,) steps at which each column of the window begins, side by side."""
    length = context.length[window.columns]
    starts: IntArray = np.cumsum(length) - length
    return starts


def row_tonic(context: Context, window: Window, *, column: IntArray, row: IntArray) -> IntArray:
    """Return the tonic pitch class for values in the given window slots; none on drum rows."""
    tonic = context.tonic[window.columns[column]]
    moved = np.where(tonic == DEGREE_NONE, DEGREE_NONE, (tonic + window.shift) % 12)
    is_drums = context.program[window.rows[row]] == PROGRAM_DRUMS
    result: IntArray = np.where(is_drums, DEGREE_NONE, moved)
    return result


def transpose_values(value: IntArray, window: Window, *, row: IntArray, context: Context) -> IntArray:
    """Return values moved by the window's shift: pitches and chord roots, never drum keys."""
    if window.shift == 0:
        return value
    is_drums = context.program[window.rows[row]] == PROGRAM_DRUMS
    is_chord = (value >= PITCHES) & (value < NO_CHORD)
    rooted = (value - PITCHES + window.shift * QUALITY_COUNT) % (12 * QUALITY_COUNT) + PITCHES
    moved: IntArray = np.where(
        is_chord, rooted, np.where(is_drums | (value == NO_CHORD), value, value + window.shift)
    )
    return moved


def _select(tokens: GridTokens, window: Window) -> tuple[Segments, IntArray, IntArray]:
    """Return the window's segments with their column and row slots."""
    column_slot = np.full(tokens.columns, -1, np.int64)
    column_slot[window.columns] = np.arange(window.columns.size)
    row_slot = np.full(tokens.rows, -1, np.int64)
    row_slot[window.rows] = np.arange(window.rows.size)
    low, high = np.searchsorted(tokens.segments.column, (window.columns[0], window.columns[-1] + 1))
    span = tokens.segments.take(np.arange(low, high))
    keep = np.flatnonzero((column_slot[span.column] >= 0) & (row_slot[span.row] >= 0))
    picked = span.take(keep)
    return picked, column_slot[picked.column], row_slot[picked.row]


def _blank_rows(count: int) -> IntArray:
    rows = np.zeros((count, len(INPUT_FIELDS)), np.int64)
    for name, code in UNKNOWN.items():
        rows[:, FIELD_INDEX[name]] = code
    return rows


def _put(rows: IntArray, name: str, values: ArrayLike) -> None:
    rows[:, FIELD_INDEX[name]] = values


def cell_events(context: Context, window: Window) -> IntArray:
    """Return (columns * rows, fields) CELL events of a window, by column then row."""
    slots_c, slots_r = np.divmod(np.arange(window.write.size), window.rows.size)
    column, row = window.columns[slots_c], window.rows[slots_r]
    rows = _blank_rows(column.size)
    _put(rows, "kind", KIND_CELL)
    _put(rows, "row", slots_r)
    _put(rows, "role", context.role[row])
    _put(rows, "program", context.program[row])
    _put(rows, "target", window.write[slots_c, slots_r])
    _put(rows, "style", context.style)
    _put(rows, "mood", context.mood)
    _put(rows, "tempo", context.tempo)
    for name in ("metre", "length", "mode", "section_pos", "section_left", "piece_pos", "piece_left"):
        _put(rows, name, getattr(context, name)[column])
    if context.offset is not None:
        _put(rows, "onset", context.offset[column])
    _put(rows, "like", _like_codes(context, window)[slots_c])
    _put_levels(rows, context, window, column, row)
    return rows


def _put_levels(rows: IntArray, context: Context, window: Window, column: IntArray, row: IntArray) -> None:
    """Texture levels are told for cells to write only: given cells show their texture themselves."""
    asked = rows[:, FIELD_INDEX["target"]] == 1
    density, polyphony = context.density[column, row], context.polyphony[column, row]
    pitch = context.register_pitch[column, row]
    shift = np.where(context.program[row] == PROGRAM_DRUMS, 0, window.shift)
    register = register_level(np.where(pitch > 0, pitch + shift, 0.0))
    _put(rows, "density", np.where(asked & (density >= 0), density, UNKNOWN["density"]))
    _put(rows, "polyphony", np.where(asked & (polyphony >= 0), polyphony, UNKNOWN["polyphony"]))
    _put(rows, "register", np.where(asked & ~np.isnan(pitch), register, UNKNOWN["register"]))


def _like_codes(context: Context, window: Window) -> IntArray:
    """Return (columns,) how many window slots back the resembled column stands, or none / far / not told."""
    like = context.like[window.columns]
    slot = np.searchsorted(window.columns, like)
    slot = np.minimum(slot, window.columns.size - 1)
    back = np.arange(window.columns.size) - slot
    is_seen = (like >= 0) & (window.columns[slot] == like) & (back > 0)
    codes: IntArray = np.where(
        is_seen, np.minimum(back, LIKE_FAR - 1), np.where(like >= 0, LIKE_FAR, LIKE_NONE)
    )
    codes[like == NOT_TOLD] = LIKE_UNTOLD
    return codes


def segment_events(
    seg: Segments, context: Context, window: Window, *, column: IntArray, row: IntArray
) -> IntArray:
    """Return (segments, fields) NOTE and CHORD events; column and row are window slots."""
    rows = _blank_rows(len(seg))
    value = transpose_values(seg.value, window, row=row, context=context)
    _put(rows, "kind", np.where(window.rows[row] == 0, KIND_CHORD, KIND_NOTE))
    _put(rows, "onset", seg.onset)
    _put(rows, "beat", seg.onset % STEPS_PER_BEAT)
    _put(rows, "value", value)
    tonic = row_tonic(context, window, column=column, row=row)
    _put(rows, "degree", value_degree(value, tonic, context.program[window.rows[row]]))
    _put(rows, "duration", seg.duration)
    _put(rows, "extra", seg.extra)
    _put(rows, "row", row)
    _put(rows, "role", context.role[window.rows[row]])
    _put(rows, "target", window.write[column, row])
    return rows


def value_degree(value: IntArray, tonic: IntArray, program: IntArray) -> IntArray:
    """Return the degree code of values: semitones above the tonic, none without a key, drum on drum rows."""
    root = np.where(value < PITCHES, value, (value - PITCHES) // QUALITY_COUNT)
    degree = np.where((tonic == DEGREE_NONE) | (value >= NO_CHORD), DEGREE_NONE, (root - tonic) % 12)
    codes: IntArray = np.where(program == PROGRAM_DRUMS, DEGREE_DRUM, degree)
    return codes


def pitched_rows(context: Context, window: Window) -> BoolArray:
    """Return (rows,) which rows of a window play pitches: neither the chord row nor drums."""
    is_pitched: BoolArray = (window.rows != 0) & (context.program[window.rows] != PROGRAM_DRUMS)
    return is_pitched


def echo_book(tokens: GridTokens, context: Context, window: Window) -> EchoBook:
    """Return the cells of a window as far as they are known, to be told of while the others are written."""
    seg, column, row = _select(tokens, window)
    value = transpose_values(seg.value, window, row=row, context=context)
    refs = references(window.columns, context.like[window.columns])
    return EchoBook((column, row, seg.onset, value, seg.duration), refs)


def latest_pitches(tokens: GridTokens, context: Context, window: Window) -> IntArray:
    """Return (columns, rows) the last pitch in each cell of a window, -1 where there is none."""
    seg, column, row = _select(tokens, window)
    value = transpose_values(seg.value, window, row=row, context=context)
    return _latest(context, window, column=column, row=row, value=value)


def _latest(
    context: Context, window: Window, *, column: IntArray, row: IntArray, value: IntArray
) -> IntArray:
    latest = np.full(window.write.shape, -1, np.int64)
    latest[column, row] = value  # of several in a cell the last one stays
    latest[:, ~pitched_rows(context, window)] = -1
    return latest


def _carried(latest: IntArray) -> IntArray:
    """Return for each cell, by column then row, the pitch before it in its row, or NO_LAST."""
    index = np.where(latest >= 0, np.arange(len(latest))[:, None], -1)
    filled = np.maximum.accumulate(index, axis=0)
    before = np.concatenate((np.full((1, latest.shape[1]), -1), filled[:-1]))
    carried: IntArray = np.where(
        before >= 0, latest[before, np.arange(latest.shape[1])[None, :]], NO_LAST
    ).reshape(-1)
    return carried


def _targets(columns: list[IntArray], rank: IntArray) -> IntArray:
    """Return (events, 4): the event after each one in its cell, or (END, -1, -1, -1) at the cell's end."""
    target = np.full((rank.size, 4), -1, np.int64)
    target[:, 0] = END
    follows = np.append(rank[1:] >= 0, False)  # the next event is a segment, so it lies in the same cell
    at = np.flatnonzero(follows)
    for index, column in enumerate(columns):
        target[at, index] = column[at + 1]
    return target


def _chord_under(
    tokens: GridTokens, window: Window, column: IntArray, row: IntArray, next_onset: IntArray
) -> tuple[IntArray, IntArray]:
    """Return root and quality of the chord under each next onset; none on the chord row or when it is hidden."""
    none = np.full(column.size, NO_ROOT), np.full(column.size, NO_QUALITY)
    if window.rows[0] != 0:
        return none
    chords = tokens.segments.take(np.flatnonzero(tokens.segments.row == 0))
    if not len(chords):
        return none
    key = chords.column * 256 + chords.onset
    asked = window.columns[column] * 256 + np.minimum(next_onset, END - 1)
    index = np.searchsorted(key, asked, side="right") - 1
    value = chords.value[np.maximum(index, 0)]
    is_known = (index >= 0) & (chords.column[np.maximum(index, 0)] == window.columns[column])
    is_known &= (value < NO_CHORD) & (window.rows[row] != 0) & (next_onset < END)
    root, quality = np.divmod(value - PITCHES, QUALITY_COUNT)
    return (
        np.where(is_known, (root + window.shift) % 12, NO_ROOT),
        np.where(is_known, quality, NO_QUALITY),
    )


def stack(sequences: list[Sequence]) -> dict[str, NDArray[np.int64]]:
    """Return a padded batch: each array gains a leading batch axis; padding predicts nothing (-1)."""
    longest = max(len(s) for s in sequences)
    batch: dict[str, NDArray[np.int64]] = {}
    for name, fill in (("fields", 0), ("time", 0), ("target", -1), ("is_target", 0), ("tonic", NO_ROOT),
                       ("chord_root", NO_ROOT), ("chord_quality", NO_QUALITY), ("last", NO_LAST)):  # fmt: skip
        arrays = [np.asarray(getattr(s, name), np.int64) for s in sequences]
        out = np.full((len(arrays), longest, *arrays[0].shape[1:]), fill, np.int64)
        for index, array in enumerate(arrays):
            out[index, : len(array)] = array
        batch[name] = out
    batch["length"] = np.array([len(s) for s in sequences], np.int64)
    return batch
