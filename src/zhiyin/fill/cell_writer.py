"""Writing one cell: ask the model, apply every mask, choose, feed back, until END.

Conventions: events are (onset, value, duration, extra) in steps of the column, strictly rising in (onset, value).
This module does not order cells: see `zhiyin.fill.decode`.
"""

from __future__ import annotations

import numpy as np

from zhiyin.encode import Segments, Window
from zhiyin.encode.echo import START, step_code
from zhiyin.encode.fields import (
    END,
    EXTRAS,
    FIELD_INDEX,
    MAX_COLUMN_STEPS,
    NO_CHORD,
    NO_LAST,
    PITCHES,
    PLAIN_FIELDS,
    QUALITY_COUNT,
    TIED,
    TIED_ON,
    VALUES,
)
from zhiyin.encode.grid_tokens import chord_to_value, value_to_chord
from zhiyin.encode.sequence import (
    NO_QUALITY,
    NO_ROOT,
    echo_book,
    latest_pitches,
    pitched_rows,
    row_tonic,
    segment_events,
    window_starts,
)
from zhiyin.errors import ConstraintsUnmet
from zhiyin.fill.canvas import Canvas
from zhiyin.fill.cell_sources import chord_rows, giving_way, instrument_of, key_at, line_before, ringing_in
from zhiyin.fill.constraints import CellState, Constraint, InKey, Sounding
from zhiyin.fill.constraints.pinned import Pinned
from zhiyin.fill.novelty import NOVEL_ROLES, Line
from zhiyin.fill.originality_guard import TopLines
from zhiyin.fill.returning import Event as Played
from zhiyin.fill.returning import drawn, expected
from zhiyin.fill.sampling import choose
from zhiyin.models import StepState, Under
from zhiyin.score import Timeline
from zhiyin.theory.chord import Chord
from zhiyin.units import TICKS_PER_STEP, BoolArray, FloatArray, IntArray

Event = tuple[int, int, int, int]
Lean = tuple[Constraint, FloatArray | None]  # a wish and what it adds to log-probabilities
CELL_RETRIES = 12
MAX_EVENTS_A_CELL = 160


class DeadEnd(Exception):
    """Every choice is masked in the cell being written; it is begun again with other choices."""


class CellWriter:
    """Writes cells of one window one after another.

    steps: model steps so far.
    """

    def __init__(self, canvas: Canvas, window: Window, *, state: StepState, rng: np.random.Generator) -> None:
        self.canvas, self.window, self.state, self.rng = canvas, window, state, rng
        self.steps = 0
        self.line = Timeline.of(canvas.request.score)
        self.starts = window_starts(canvas.context, window)
        self.chords = chord_rows(canvas)
        self.open_ties: dict[int, tuple[int, set[int]]] = {}  # row -> (column, pitches going on from it)
        self.latest = latest_pitches(canvas.tokens, canvas.context, window)
        self.echoes = echo_book(canvas.tokens, canvas.context, window)
        self.ringing: list[
            tuple[int, int, int]
        ] = []  # (onset, value, duration) that ring into the cell being written
        self.played: list[tuple[int, int, int]] = []  # what stands in the cell being written
        self.latest_rows = pitched_rows(canvas.context, window)
        self.last = NO_LAST
        self.lines: dict[int, Line] = {}  # row -> what it has played, where novelty is asked
        self.last_notes: dict[int, tuple[int, int]] = {}  # row -> (step, pitch) of its last note
        self.top_lines = TopLines(canvas)
        self.role = ""
        self.constraints: tuple[Constraint, ...] = canvas.request.constraints

    def write(self, slot_column: int, slot_row: int, *, fields: IntArray, time: IntArray) -> None:
        """Write one cell: fields and time hold its CELL event and what rings in from kept notes."""
        column, row = int(self.window.columns[slot_column]), int(self.window.rows[slot_row])
        self._feed_head(slot_column, slot_row, fields, time)
        mark, line = self.state.mark(), self._line(column, row)
        length = len(line) if line is not None else 0
        levels = giving_way(self.canvas.request.constraints)
        for attempt in range(len(levels) * CELL_RETRIES):
            self.constraints = levels[attempt // CELL_RETRIES]
            cell = self._cell_state(column, row)
            self.role = cell.role
            self.last = self._last_before(slot_column, slot_row, ringing=bool(self.ringing))
            self.played = list(self.ringing)
            try:
                events = (
                    self._chord_cell(cell, slot_column, slot_row)
                    if row == 0
                    else self._note_cell(cell, slot_column, slot_row, line)
                )
            except DeadEnd:
                self.state.rewind(mark)
                if line is not None:
                    line.cut(length)
                continue
            self.top_lines.add(row, [n for n in cell.line if n[0] >= cell.start])
            self._finish(column, row, events)
            self.echoes.put(slot_column, slot_row, self.played)
            if self.last != NO_LAST:
                self.latest[slot_column, slot_row] = self.last
            return
        names = ", ".join(c.name for c in levels[-1])
        where = "the chord row" if row == 0 else repr(self.canvas.request.score.parts[row - 1].name)
        raise ConstraintsUnmet(
            f"bar {int(self.canvas.tokens.bars[column]) + 1} of {where} must keep all of: {names}; "
            f"no notes were found in {len(levels) * CELL_RETRIES} tries: relax one of them"
        )

    def _feed_head(self, slot_column: int, slot_row: int, fields: IntArray, time: IntArray) -> None:
        """Read a cell's CELL event and what rings in, with the echoes as they stand by now."""
        fields = fields.copy()
        names = [FIELD_INDEX[name] for name in ("onset", "value", "duration")]
        self.ringing = []
        last = self._last_before(slot_column, slot_row, ringing=False)
        fields[0, PLAIN_FIELDS + 1 :] = self.echoes.told(slot_column, slot_row, place=START, last=last)
        for event in fields[1:]:
            onset, value, duration = (int(event[i]) for i in names)
            self.ringing.append((onset, value, duration))
            event[PLAIN_FIELDS] = step_code(value, last)
            last = value if self.latest_rows[slot_row] else NO_LAST
            place = self.echoes.place(self.ringing)
            event[PLAIN_FIELDS + 1 :] = self.echoes.told(slot_column, slot_row, place=place, last=last)
        self.state.feed(fields, time)
        self.steps += len(fields)

    def _last_before(self, slot_column: int, slot_row: int, *, ringing: bool) -> int:
        """Return the pitch that stands before the first one to choose: what rings in, or the row's last note."""
        if ringing and self.latest[slot_column, slot_row] >= 0:
            return int(self.latest[slot_column, slot_row])
        earlier = self.latest[:slot_column, slot_row]
        found = np.flatnonzero(earlier >= 0)
        return int(earlier[found[-1]]) if found.size else NO_LAST

    def _finish(self, column: int, row: int, events: list[Event]) -> None:
        self.canvas.add(column, row, events)
        if row == 0:
            self.chords[column] = [(e[0], value_to_chord(e[1], e[3] // 2)) for e in events]
        elif events:
            self.last_notes[row] = (int(self.canvas.tokens.starts[column]) + events[-1][0], events[-1][1])
        going_on = {e[1] for e in events if e[3] & TIED_ON}
        self.open_ties[row] = (column, going_on)

    def _cell_state(self, column: int, row: int) -> CellState:
        canvas, request = self.canvas, self.canvas.request
        bar = int(canvas.tokens.bars[column])
        start = int(canvas.tokens.starts[column])
        length = int(canvas.tokens.starts[column + 1]) - start
        metre = self.line.metre_at(start * TICKS_PER_STEP)
        bar_start = self.line.bar_start(bar) // TICKS_PER_STEP
        strong = frozenset(t // TICKS_PER_STEP - (start - bar_start) for t in metre.strong_ticks())
        part = request.score.parts[row - 1] if row else None
        cell = CellState(
            part=row - 1,
            bar=bar,
            length=length,
            role=part.role if part else "chords",
            is_drums=bool(part and part.is_drums),
            instrument=instrument_of(canvas, row),
            key=key_at(canvas, start * TICKS_PER_STEP),
            metre=metre,
            chords=self.chords.get(column, []),
            strong=frozenset(s for s in strong if 0 <= s < length),
            is_last_bar=bar == int(canvas.tokens.bars[-1]),
        )
        cell.start = start
        cell.line_of = lambda part: self.top_lines.beside(part + 1, column)
        if part is not None:
            cell.sounding = ringing_in(canvas.kept.parts[row - 1].notes, start, length)
            before = self._last_note(row, column)
            cell.previous = None if before is None else (start - before[0], before[1])
            cell.line = self.top_lines.before(row, start)
            cell.after = self.top_lines.after(row, column)
        return cell

    def _last_note(self, row: int, column: int) -> tuple[int, int] | None:
        """Return (step, pitch) of the row's last note before a column, or None."""
        if row not in self.last_notes:
            seg = self.canvas.tokens.segments
            mine = np.flatnonzero((seg.row == row) & (seg.column < column))
            if not mine.size:
                return None
            onsets = self.canvas.tokens.starts[seg.column[mine]] + seg.onset[mine]
            at = int(np.lexsort((seg.value[mine], onsets))[-1])
            self.last_notes[row] = (int(onsets[at]), int(seg.value[mine[at]]))
        return self.last_notes[row]

    # -- chord row -------------------------------------------------------------------------------------------

    def _chord_cell(self, cell: CellState, slot_column: int, slot_row: int) -> list[Event]:
        events: list[Event] = []
        allowed = self._chord_values(cell)
        before = self._chord_before(slot_column)
        while True:
            onsets = np.zeros(MAX_COLUMN_STEPS + 1, bool)
            if not events:
                onsets[0] = True
            else:
                end = events[-1][0] + events[-1][2]
                onsets[end if end < cell.length else END] = True
            onset = self._choose(self.state.onset(), onsets, "onset")
            if onset == END:
                return events
            like, strength = self._expected(slot_column, slot_row), self.canvas.request.sampling.likeness
            values = self.state.value(onset, self._under(slot_column, slot_row, None))
            if like is not None and like[0] == onset:
                values = drawn(values, like[1], strength)
            due = self._chord_due(cell, onset)
            value = self._choose(values, self._chords_allowed(cell, onset, allowed, due), "value")
            durations = np.zeros(MAX_COLUMN_STEPS + 1, bool)
            beat = cell.metre.beat_ticks // TICKS_PER_STEP
            durations[[*range(beat, cell.length - onset + 1, beat), cell.length - onset]] = True
            for lengths in (constraint.chord_lengths(cell, onset) for constraint in self.constraints):
                durations = (
                    durations if lengths is None or not (durations & lengths).any() else durations & lengths
                )
            spans = self.state.duration(value)
            if like is not None and like[:2] == (onset, value):
                spans = drawn(spans, like[2], strength)
            duration = self._choose(spans, durations, "duration")
            basses = self._bass_mask(value) if due is None else _one(EXTRAS, (due.bass - due.root) % 12 * 2)
            extra = self._choose(self.state.extra(duration), basses, "extra")
            if onset == 0 and before is not None and value_to_chord(value, extra // 2) == before:
                extra |= TIED
            events.append((onset, value, duration, extra))
            self._feed(slot_column, slot_row, events[-1])

    def _chord_due(self, cell: CellState, onset: int) -> Chord | None:
        found = (constraint.chord_due(cell, onset) for constraint in self.constraints)
        return next((chord for chord in found if chord is not None), None)

    def _chords_allowed(
        self, cell: CellState, onset: int, allowed: BoolArray, due: Chord | None
    ) -> BoolArray:
        """Return the chords that wishes allow at an onset; what is due may leave the key."""
        if due is not None:
            return _one(VALUES, chord_to_value(due))
        for constraint in self.constraints:
            mask = constraint.chord_mask(cell, onset)
            if mask is not None and (allowed & mask).any():
                allowed = allowed & mask
        return allowed

    def _chord_values(self, cell: CellState) -> BoolArray:
        mask = np.zeros(VALUES, bool)
        mask[PITCHES:NO_CHORD] = True
        key = next((cell.key or c.key for c in self.constraints if isinstance(c, InKey)), None)
        if key is not None:
            for value in range(PITCHES, NO_CHORD):
                chord = value_to_chord(value)
                mask[value] = chord is not None and set(chord.pitch_classes) <= key.pitch_classes
        return mask

    def _chord_before(self, slot_column: int) -> Chord | None:
        column = int(self.window.columns[slot_column])
        earlier = self.chords.get(column - 1, [])
        return earlier[-1][1] if earlier else None

    @staticmethod
    def _bass_mask(value: int) -> BoolArray:
        """Allow root position and the chord's own tones in the bass."""
        mask = np.zeros(EXTRAS, bool)
        chord = value_to_chord(value)
        tones = [(p - chord.root) % 12 for p in chord.pitch_classes[:4]] if chord else [0]
        mask[[t * 2 for t in tones]] = True
        return mask

    # -- note rows -------------------------------------------------------------------------------------------

    def _note_cell(self, cell: CellState, slot_column: int, slot_row: int, line: Line | None) -> list[Event]:
        events: list[Event] = []
        last = (0, -1)
        start = int(self.canvas.tokens.starts[self.window.columns[slot_column]])
        while True:
            if len(events) >= MAX_EVENTS_A_CELL:
                raise DeadEnd
            like = self._expected(slot_column, slot_row)
            choice = self._onset_and_value(cell, last, slot_column, slot_row, line, like)
            if choice is None:
                return events
            onset, value = choice
            duration = self._duration(cell, onset, value, line, like)
            extra = self._choose(
                self.state.extra(duration),
                self._extra_mask(cell, slot_column, onset, value, duration),
                "extra",
            )
            event = (onset, value, duration, extra)
            if line is not None and not extra & TIED:
                line.add(start + onset, value, duration)
            if not extra & TIED:
                cell.strike(start + onset, value)
            cell.attacks += int(onset != last[0] or not events)
            cell.sounding.append(Sounding(onset, onset + duration, value))
            events.append(event)
            last = (onset, value)
            self._feed(slot_column, slot_row, event)

    def _onset_and_value(
        self, cell: CellState, last: tuple[int, int], slot_column: int, slot_row: int, line: Line | None,
        like: Played | None,
    ) -> tuple[int, int] | None:  # fmt: skip
        """Return the next (onset, value), or None for END. Raises DeadEnd when nothing is allowed.

        like: what the bar to resemble did next.
        """
        paces = [(c, c.onset_bias(cell)) for c in self.constraints]
        log_probs, pace_top_p = self._leaning(self.state.onset(), paces), _whole(paces)
        strength = self.canvas.request.sampling.likeness
        if like is not None:
            log_probs = drawn(log_probs, like[0], strength)
        onsets = np.ones(MAX_COLUMN_STEPS + 1, bool)
        onsets[: last[0]] = False
        onsets[cell.length : END] = False
        for constraint in self.constraints:
            mask = constraint.onset_mask(cell)
            if mask is not None:
                onsets &= mask
        while onsets.any():
            onset = self._choose(log_probs, onsets, "onset", top_p=pace_top_p)
            if onset == END:
                return None
            values = self._value_mask(cell, onset, last)
            if values.any():
                under = self._under(slot_column, slot_row, cell.chord_at(onset))
                costs = line.next_pitches() if line is not None and onset != last[0] else {}
                biases = [(c, c.value_bias(cell, onset)) for c in self.constraints]
                log_values = self._leaning(self.state.value(onset, under), biases)
                if like is not None and like[0] == onset:
                    log_values = drawn(log_values, like[1], strength)
                return onset, self._choose(log_values, values, "value", costs, _whole(biases))
            onsets[onset] = False
        raise DeadEnd

    def _value_mask(self, cell: CellState, onset: int, last: tuple[int, int]) -> BoolArray:
        pitches = np.ones(PITCHES, bool)
        if onset == last[0]:
            pitches[: last[1] + 1] = False
        for sounding in cell.sounding_at(onset):
            pitches[sounding.pitch] = False
        for constraint in self.constraints:
            mask = constraint.value_mask(cell, onset)
            if mask is not None:
                pitches &= mask
        values = np.zeros(VALUES, bool)
        values[:PITCHES] = pitches
        return values

    def _expected(self, slot_column: int, slot_row: int) -> Played | None:
        """Return what the bar that this one is to resemble did next, None where it resembles none."""
        if not self.canvas.request.sampling.likeness:
            return None
        return expected(self.echoes, slot_column, slot_row, played=self.played, last=self.last)

    def _duration(
        self, cell: CellState, onset: int, value: int, line: Line | None, like: Played | None
    ) -> int:
        mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
        mask[1 : cell.length - onset + 1] = True
        for constraint in self.constraints:
            other = constraint.duration_mask(cell, onset, value)
            if other is not None:
                mask &= other
        costs = line.next_durations(value) if line is not None else {}
        log_probs = self.state.duration(value)
        if like is not None and like[:2] == (onset, value):
            log_probs = drawn(log_probs, like[2], self.canvas.request.sampling.likeness)
        return self._choose(log_probs, mask, "duration", costs)

    def _extra_mask(
        self, cell: CellState, slot_column: int, onset: int, value: int, duration: int
    ) -> BoolArray:
        """Allow ties only where a note truly goes on: from an open tie, and into a cell still to write."""
        column, row = int(self.window.columns[slot_column]), cell.part + 1
        before = self.open_ties.get(row, (-2, set()))
        held = any(isinstance(c, Pinned) and c.is_struck(cell, onset) for c in self.constraints)
        may_continue = onset == 0 and before[0] == column - 1 and value in before[1] and not held
        follows = column + 1 < self.canvas.tokens.columns and bool(self.canvas.write[column + 1, row])
        may_go_on = onset + duration == cell.length and follows and not cell.is_drums
        mask = np.zeros((8, 4), bool)
        mask[:, 0] = True
        mask[:, TIED] = may_continue
        mask[:, TIED_ON] = may_go_on
        mask[:, TIED | TIED_ON] = may_continue and may_go_on
        return mask.reshape(-1)

    # -- model -----------------------------------------------------------------------------------------------

    def _choose(
        self,
        log_probs: FloatArray,
        mask: BoolArray,
        field: str,
        costs: dict[int, float] | None = None,
        top_p: float | None = None,
    ) -> int:
        """Return a choice for a field of the note; costs: index -> share of the novelty asked, 0..1.

        top_p: in place of the request's: what is leant on counts of people keeps its rare choices.
        """
        if not mask.any():
            raise DeadEnd
        sampling = self.canvas.request.sampling
        if costs:
            log_probs = log_probs.copy()
            for index, share in costs.items():
                if 0 <= index < log_probs.size:
                    log_probs[index] -= sampling.novelty * share
        temperature = sampling.temperature_of(self.role, field)
        return choose(
            log_probs,
            mask,
            self.rng,
            temperature=temperature,
            top_p=top_p or sampling.top_p,
            min_p=sampling.min_p,
        )

    @staticmethod
    def _leaning(log_probs: FloatArray, biases: list[Lean]) -> FloatArray:
        """Return log-probabilities with what wishes add to them, the model's own weighed by their trust."""
        for constraint, bias in biases:
            if bias is not None:
                log_probs = log_probs * constraint.trust
                log_probs[: bias.size] += bias
        return log_probs

    def _line(self, column: int, row: int) -> Line | None:
        """Return what the row has played before a column; None where no novelty is asked or the bar is to return."""
        canvas = self.canvas
        if not (row and canvas.request.sampling.novelty and canvas.context.like[column] < 0):
            return None
        if canvas.request.score.parts[row - 1].role not in NOVEL_ROLES:
            return None
        if row not in self.lines:
            self.lines[row] = line_before(
                canvas, row, before=int(self.window.columns[self.window.write.any(axis=1)][0])
            )
        return self.lines[row]

    def _under(self, slot_column: int, slot_row: int, chord: Chord | None) -> Under:
        tonic = row_tonic(
            self.canvas.context, self.window, column=np.array([slot_column]), row=np.array([slot_row])
        )
        if chord is None or self.window.rows[0] != 0:
            return Under(int(tonic[0]), NO_ROOT, NO_QUALITY, self.last)
        root, quality = divmod(chord_to_value(chord) - PITCHES, QUALITY_COUNT)
        return Under(int(tonic[0]), root, quality, self.last)

    def _feed(self, slot_column: int, slot_row: int, event: Event) -> None:
        onset, value, duration, extra = (np.array([x]) for x in event)
        column = self.window.columns[[slot_column]]
        segment = Segments(column, self.window.rows[[slot_row]], onset, value, duration, extra)
        fields = segment_events(
            segment,
            self.canvas.context,
            self.window,
            column=np.array([slot_column]),
            row=np.array([slot_row]),
        )
        if self.latest_rows[slot_row]:
            fields[0, PLAIN_FIELDS] = step_code(event[1], self.last)
            self.last = event[1]
        self.played.append(event[:3])
        place = self.echoes.place(self.played)
        fields[0, PLAIN_FIELDS + 1 :] = self.echoes.told(slot_column, slot_row, place=place, last=self.last)
        self.state.feed(fields, self.starts[[slot_column]] + onset)
        self.steps += 1


def _one(size: int, index: int) -> BoolArray:
    mask = np.zeros(size, bool)
    mask[index] = True
    return mask


def _whole(biases: list[Lean]) -> float | None:
    """Return the nucleus for a choice: all of it where a wish leans on it, None for the request's."""
    return 1.0 if any(bias is not None and wish.widens for wish, bias in biases) else None
