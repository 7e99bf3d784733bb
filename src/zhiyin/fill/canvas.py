"""The canvas: a score on the grid while cells are being written.

Conventions: columns and rows as in `zhiyin.encode.grid_tokens`; kept material never changes.
This module does not choose notes: see `zhiyin.fill.decode`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from zhiyin.encode import Context, GridTokens, Segments, context_of, encode_grid
from zhiyin.encode.context import NOT_TOLD, style_code
from zhiyin.encode.grid_tokens import column_layout, segments_to_notes, value_to_chord
from zhiyin.fill.request import Request
from zhiyin.fill.stream import Heard
from zhiyin.score import CHORD_ROW, ChordMark, Notes, Origin, Score, Timeline
from zhiyin.units import TICKS_PER_STEP, BoolArray, IntArray


class Canvas:
    """Grid tokens of kept material plus what has been written so far.

    write: (columns, rows) cells asked for; written: those done.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self.kept = _without_cells(request)
        self.tokens = _stretch(encode_grid(self.kept), self.kept, _bars_needed(request))
        self.write = _write_mask(request, self.tokens)
        self.written = np.zeros_like(self.write)
        self.context = _context(request, self.tokens)
        self._new: list[tuple[int, ...]] = []
        self._all_new: list[tuple[int, ...]] = []

    @property
    def has_chords(self) -> bool:
        """Return whether the chord row holds anything or is to be written."""
        return bool(np.any(self.tokens.segments.row == 0) or self.write[:, 0].any())

    def add(self, column: int, row: int, events: list[tuple[int, int, int, int]]) -> None:
        """Place the (onset, value, duration, extra) events of a finished cell."""
        self.written[column, row] = True
        self._new += [(column, row, *event) for event in events]

    def flush(self) -> None:
        """Merge newly placed events into the tokens, so that later windows see them."""
        if not self._new:
            return
        seg = self.tokens.segments
        fresh = np.array(self._new, np.int64).T
        names = list(Segments.__dataclass_fields__)
        joined = [np.concatenate((getattr(seg, name), fresh[i])) for i, name in enumerate(names)]
        order = np.lexsort((joined[3], joined[2], joined[1], joined[0]))
        self.tokens = replace(self.tokens, segments=Segments(*(c[order] for c in joined)))
        self._all_new += self._new
        self._new = []

    def heard(self, columns: IntArray) -> list[Heard]:
        """Return the bars of columns just written that no column behind them goes on, with their new notes."""
        rows = np.array(self._all_new, np.int64).reshape(-1, 6)
        told = []
        for bar in np.unique(self.tokens.bars[columns]).tolist():
            mine = np.flatnonzero(self.tokens.bars == bar)
            if mine[-1] != columns[columns <= mine[-1]][-1] and self.write[mine[-1]].any():
                continue  # a long bar whose second half is still to come
            inside = rows[np.isin(rows[:, 0], mine)]
            inside = inside[np.lexsort((inside[:, 3], inside[:, 2], inside[:, 1], inside[:, 0]))]
            only = replace(self.tokens, segments=Segments(*inside.T))
            notes = tuple(segments_to_notes(only, row=r + 1) for r in range(len(self.kept.parts)))
            told.append(Heard(bar, notes))
        return told

    def result(self, origin: Origin, helped: Mapping[int, Origin] | None = None) -> Score:
        """Return the score with kept notes untouched and the written notes beside them.

        origin: who wrote; helped: {row: who wrote it} where that was another.
        """
        self.flush()
        rows = np.array(self._all_new, np.int64).reshape(-1, 6)
        rows = rows[np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1], rows[:, 0]))]
        only_new = replace(self.tokens, segments=Segments(*rows.T))
        by_row = helped or {}
        before = self.request.score.provenance
        fresh = [one for one in dict.fromkeys((origin, *by_row.values())) if one not in before]
        provenance = (*before, *fresh)
        parts = []
        for index, part in enumerate(self.kept.parts):
            notes = segments_to_notes(only_new, row=index + 1)
            notes = notes.with_columns(
                origin=np.full(len(notes), provenance.index(by_row.get(index + 1, origin)))
            )
            parts.append(part.with_notes(Notes.concat([part.notes, notes])))
        return replace(
            self.kept,
            parts=tuple(parts),
            chords=self._chords(rows),
            provenance=provenance,
            length_ticks=max(int(self.tokens.starts[-1]) * TICKS_PER_STEP, self.request.score.length_ticks),
        )

    def _chords(self, rows: IntArray) -> tuple[ChordMark, ...]:
        from_model = rows[rows[:, 1] == 0]
        if not from_model.size:
            return self.kept.chords
        marks = {m.tick: m for m in self.kept.chords}
        for column, _, onset, value, _, extra in from_model.tolist():
            tick = (int(self.tokens.starts[column]) + onset) * TICKS_PER_STEP
            marks[tick] = ChordMark(tick, value_to_chord(value, extra // 2))
        ordered = [marks[t] for t in sorted(marks)]
        return tuple(m for i, m in enumerate(ordered) if i == 0 or m.chord != ordered[i - 1].chord)


def _bars_needed(request: Request) -> int:
    return max(request.bars, max(cell.bar for cell in request.write) + 1)


def _without_cells(request: Request) -> Score:
    """Return the score with the notes and chords that start in the cells to write removed."""
    score = request.score
    end = _bars_needed(request)
    edges = Timeline.of(score).bar_starts(end)
    parts = []
    for index, part in enumerate(score.parts):
        gone = np.array(sorted(c.bar for c in request.write if c.part == index), np.int64)
        bar = np.searchsorted(edges, part.notes.onset, side="right") - 1
        parts.append(part.with_notes(part.notes.take(~np.isin(bar, gone))))
    chord_bars = {c.bar for c in request.write if c.part == CHORD_ROW}
    chords = tuple(
        m for m in score.chords if int(np.searchsorted(edges, m.tick, side="right")) - 1 not in chord_bars
    )
    return replace(score, parts=tuple(parts), chords=chords)


def _stretch(tokens: GridTokens, score: Score, bars: int) -> GridTokens:
    """Return the tokens with columns for at least so many bars."""
    end_step = int(Timeline.of(score).bar_starts(bars)[-1]) // TICKS_PER_STEP
    if end_step <= int(tokens.starts[-1]):
        return tokens
    starts, column_bars = column_layout(score, end_step=end_step)
    longer = replace(tokens, starts=starts, bars=column_bars)
    chords = longer.segments.row == 0
    if not chords.any():
        return longer
    # The last chord now reaches further: cut the chord row again over the longer layout.
    padded = replace(score, length_ticks=end_step * TICKS_PER_STEP)
    return replace(encode_grid(padded), frame=tokens.frame)


def _write_mask(request: Request, tokens: GridTokens) -> BoolArray:
    mask = np.zeros((tokens.columns, tokens.rows), bool)
    wanted = {(c.bar, c.part + 1) for c in request.write}
    for column, bar in enumerate(tokens.bars.tolist()):
        for row in range(tokens.rows):
            mask[column, row] = (bar, row) in wanted
    return mask


def _context(request: Request, tokens: GridTokens) -> Context:
    """Return the context of the request: the score's marks, and its wishes for style, mood, texture, likeness."""
    base = context_of(tokens)
    textures, columns, rows = request.textures, tokens.columns, tokens.rows
    density, polyphony = np.full((columns, rows), -1, np.int64), np.full((columns, rows), -1, np.int64)
    register = np.full((columns, rows), np.nan)
    if textures is not None:
        inside = tokens.bars < len(textures.density)
        bars = tokens.bars[inside]
        density[inside, 1:] = textures.density[bars]
        polyphony[inside, 1:] = textures.polyphony[bars]
        register[inside, 1:] = textures.register_pitch[bars]
    like = np.full(columns, NOT_TOLD, np.int64)
    if request.like is not None:
        first_column = np.searchsorted(tokens.bars, np.arange(int(tokens.bars[-1]) + 2))
        for column, bar in enumerate(tokens.bars.tolist()):
            source = int(request.like[bar]) if bar < len(request.like) else NOT_TOLD
            like[column] = int(first_column[source]) if source >= 0 else source
    mood = base.mood if request.mood is None else request.mood
    return replace(
        base, style=style_code(request.style), mood=mood, density=density, polyphony=polyphony,
        register_pitch=register, like=like,
    )  # fmt: skip
