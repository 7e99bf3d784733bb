"""The layouts that are only compared, without torch: slow and plain, but the same answers as their torch forms.

Conventions: as `zhiyin.models.runtime`. This module ships no weights; see docs/lab.md for what it measured.
"""

from __future__ import annotations

import numpy as np

from zhiyin.encode.fields import (
    FIELD_INDEX,
    FIELD_NAMES,
    KIND_CELL,
    KIND_CHORD,
    KIND_NOTE,
    PROGRAM_CHORDS,
    UNKNOWN,
)
from zhiyin.encode.sequence import STEPS_PER_BEAT, value_degree
from zhiyin.models.base import Under
from zhiyin.models.runtime import FillRuntime, FillState, _add_spread, _gelu, log_softmax
from zhiyin.units import FloatArray, IntArray

# Fields that one token of a note tells in the flat layout, beside what all its tokens tell.
FLAT_TOKENS = (("onset", "beat"), ("value", "degree"), ("duration",), ("extra",))
FLAT_SHARED = ("kind", "row", "role", "target")
_NONE = np.array([UNKNOWN.get(name, 0) for name in FIELD_NAMES], np.int64)
_TOLD = np.array([[n in (*names, *FLAT_SHARED) for n in FIELD_NAMES] for names in FLAT_TOKENS])


class ParallelRuntime(FillRuntime):
    """A checkpoint whose fields are asked apart."""

    def start(self) -> ParallelState:
        """Return an empty sequence."""
        return ParallelState(self)


class ParallelState(FillState):
    """Answers of a field know neither the event's other fields nor the chord."""

    def value(self, onset: int, under: Under) -> FloatArray:
        """Return log-probabilities of the next value over a tonic."""
        run = self._run
        inner = _gelu(self._ask("value_in"))
        logits = run.linear("value_head", inner, run.value_w)
        _add_spread(logits, run.linear("degree_head", inner, run.degree_w), run.degree_place, under.tonic)
        return log_softmax(logits)

    def duration(self, value: int) -> FloatArray:
        """Return log-probabilities of the duration."""
        run = self._run
        return log_softmax(run.linear("duration_head", _gelu(self._ask("duration_in")), run.duration_w))

    def extra(self, duration: int) -> FloatArray:
        """Return log-probabilities of the level or bass."""
        run = self._run
        return log_softmax(run.linear("extra_head", _gelu(self._ask("extra_in")), run.extra_w))


class FlatRuntime(FillRuntime):
    """A checkpoint that reads one field a step."""

    def start(self) -> FlatState:
        """Return an empty sequence."""
        return FlatState(self)


class FlatState(FillState):
    """Events are read as four tokens; asking a field reads the one before it first."""

    def __init__(self, runtime: FlatRuntime) -> None:
        super().__init__(runtime)
        self._ends: list[int] = []  # tokens read after each event
        self._cells: list[tuple[int, IntArray, int]] = []  # (event, its CELL row, its time)
        self._asked = (0, 12)  # onset and tonic of the event being asked

    def feed(self, fields: IntArray, time: IntArray) -> None:
        """Read events: fields (events, F), time (events,) in steps."""
        self._drop_asked()
        for row, moment in zip(fields, time.tolist(), strict=True):
            if row[FIELD_INDEX["kind"]] == KIND_CELL:
                self._cells.append((len(self._ends), row, moment))
                super().feed(row[None, :], np.array([moment]))
            else:
                super().feed(np.where(_TOLD, row[None, :], _NONE[None, :]), np.full(4, moment))
            self._ends.append(self._length)

    def mark(self) -> int:
        """Return the number of events read."""
        return len(self._ends)

    def rewind(self, mark: int) -> None:
        """Forget every event after a mark."""
        del self._ends[mark:]
        self._cells = [cell for cell in self._cells if cell[0] < mark]
        self._drop_asked()

    def _drop_asked(self) -> None:
        if self._ends:
            self._length = self._ends[-1]

    def _token(self, **told: int) -> None:
        """Read one token of the event being asked."""
        _, cell, begin = self._cells[-1]
        row = _NONE.copy()
        for name in FLAT_SHARED:
            row[FIELD_INDEX[name]] = cell[FIELD_INDEX[name]]
        is_chord = cell[FIELD_INDEX["program"]] == PROGRAM_CHORDS
        row[FIELD_INDEX["kind"]] = KIND_CHORD if is_chord else KIND_NOTE
        for name, value in told.items():
            row[FIELD_INDEX[name]] = value
        super().feed(row[None, :], np.array([begin + self._asked[0]]))

    def onset(self) -> FloatArray:
        """Return log-probabilities of the next onset or END."""
        self._drop_asked()
        return super().onset()

    def value(self, onset: int, under: Under) -> FloatArray:
        """Return log-probabilities of the next value, the onset read."""
        self._drop_asked()
        self._asked = (onset, under.tonic)
        self._token(onset=onset, beat=onset % STEPS_PER_BEAT)
        return super().value(onset, under)

    def duration(self, value: int) -> FloatArray:
        """Return log-probabilities of the duration, the value read."""
        program = self._cells[-1][1][FIELD_INDEX["program"]]
        degree = value_degree(np.array([value]), np.array([self._asked[1]]), np.array([program]))
        self._token(value=value, degree=int(degree[0]))
        return super().duration(value)

    def extra(self, duration: int) -> FloatArray:
        """Return log-probabilities of the level or bass, the duration read."""
        self._token(duration=duration)
        return super().extra(duration)
