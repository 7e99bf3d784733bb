"""Proposals: soft rolls that a family answers a scene with, read by the decoding loop like any step model.

Conventions: a roll gives for every row, sixteenth and pitch the chance that a note begins, and that one sounding goes
on; the loop's masks then decide, so a proposal never breaks a wish. Probabilities are natural-log where asked.
This module knows no family and no music: see `zhiyin.fill.decode` for the loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.fields import (
    END,
    EXTRAS,
    FIELD_INDEX,
    KIND_CELL,
    KIND_NOTE,
    MAX_COLUMN_STEPS,
    PITCHES,
    TIED,
    TIED_ON,
    VALUES,
)
from zhiyin.encode.scene import SIXTEENTH_STEPS, Scene
from zhiyin.models.base import Under
from zhiyin.units import Float32Array, FloatArray, IntArray

OFF_GRID = 1e-7  # the odds of a place between sixteenths
FLOOR = 1e-4  # the odds of what was not proposed, so that a mask always finds something
NEAR = 2.5  # semitones: what is masked gives way to its neighbours
OCTAVE_ODDS = 3.0  # the octave beside the next semitone: the same tone of the chord
LEVELS = 8


@dataclass(frozen=True, eq=False)
class Proposal:
    """Soft rolls for the rows of a scene.

    strike: (rows, sixteenths, 128) chance that a note begins; hold: that a note sounding in the sixteenth before goes
    on; level: (rows, sixteenths) velocity level 0..7 of what begins; is_mono: (rows,) one note at a time.
    """

    strike: Float32Array
    hold: Float32Array
    level: NDArray[np.float32]
    is_mono: NDArray[np.bool_]


@runtime_checkable
class Proposer(Protocol):
    """A family that proposes all cells of a window at once.

    order: how cells are laid out for it, as `zhiyin.encode.sequence.Window.order`.
    """

    @property
    def name(self) -> str:
        """Return the name that provenance gives."""
        ...

    @property
    def version(self) -> str:
        """Return the version that provenance gives."""
        ...

    @property
    def order(self) -> str:
        """Return how cells are laid out."""
        ...

    def serves(self, role: int, program: int) -> bool:
        """Return whether it writes rows of a role and program, codes of `zhiyin.encode.fields`."""
        ...

    def propose(self, scene: Scene, rng: np.random.Generator) -> Proposal:
        """Return soft rolls for the scene; those of cells that are not to write are not looked at."""
        ...


@dataclass(frozen=True, eq=False)
class _Cell:
    """One cell of a proposal: (sixteenths, 128) strike and hold, (128,) what sounds into it, level, mono."""

    strike: FloatArray
    hold: FloatArray
    into: FloatArray
    onward: FloatArray
    level: FloatArray
    is_mono: bool


class ProposedState:
    """A proposal as a sequence: a `zhiyin.models.base.StepState` that answers from the cell it stands in."""

    def __init__(self, scene: Scene, proposal: Proposal) -> None:
        self._scene, self._proposal = scene, proposal
        self._events: list[tuple[int, int, int, int, int]] = []  # (kind, row, time, onset, value)
        self._cell: _Cell | None = None
        self._place: tuple[int, int] = (-1, -1)
        self._onset, self._value = 0, 0

    def feed(self, fields: IntArray, time: IntArray) -> None:
        """Read events: fields (events, F), time (events,) in steps."""
        names = [FIELD_INDEX[name] for name in ("kind", "row", "onset", "value")]
        for event, at in zip(fields[:, names].tolist(), time.tolist(), strict=True):
            self._events.append((event[0], event[1], int(at), event[2], event[3]))

    def mark(self) -> int:
        """Return the number of events read, for `rewind`."""
        return len(self._events)

    def rewind(self, mark: int) -> None:
        """Forget every event after a mark."""
        del self._events[mark:]

    def onset(self) -> FloatArray:
        """Return (onsets + 1,) log-probabilities of the next onset or END."""
        cell, last = self._now()
        struck = np.concatenate((cell.strike[:1] + (1 - cell.strike[:1]) * cell.into, cell.strike[1:]))
        any_of = 1 - np.prod(1 - struck, axis=1)
        if cell.is_mono:
            any_of = np.clip(struck.sum(axis=1), 0, 1)
        first = 0
        if last is not None:
            first = last[0] // SIXTEENTH_STEPS
            above = 1 - float(np.prod(1 - struck[first, last[1] + 1 :]))
            any_of[first] = 0.0 if cell.is_mono or last[0] % SIXTEENTH_STEPS else above
        odds = np.full(MAX_COLUMN_STEPS + 1, OFF_GRID)
        left = 1.0
        for place in range(first, len(any_of)):
            odds[place * SIXTEENTH_STEPS] = max(left * float(any_of[place]), FLOOR)
            left *= 1 - float(any_of[place])
        odds[END] = max(left, FLOOR)
        return _log(odds)

    def value(self, onset: int, under: Under) -> FloatArray:
        """Return (values,) log-probabilities of the next value."""
        cell, last = self._now()
        self._onset = onset
        place = min(onset // SIXTEENTH_STEPS, len(cell.strike) - 1)
        row = cell.strike[place] + ((1 - cell.strike[0]) * cell.into if onset == 0 else 0.0)
        low = last[1] + 1 if last is not None and last[0] == onset else 0
        odds = np.zeros(VALUES)
        chance = row[low:] if cell.is_mono else row[low:] * np.cumprod(np.append(1.0, 1 - row[low:]))[:-1]
        odds[low:PITCHES] = chance + FLOOR * _smoothed(row)[low:]
        return _log(odds + 1e-12)

    def duration(self, value: int) -> FloatArray:
        """Return (durations + 1,) log-probabilities of the duration."""
        cell, _ = self._now()
        self._value = value
        place = min(self._onset // SIXTEENTH_STEPS, len(cell.strike) - 1)
        ahead = cell.hold[place + 1 :, value]
        left = np.cumprod(np.append(1.0, ahead))
        ends = left * np.append(1 - ahead, 1.0)
        odds = np.full(MAX_COLUMN_STEPS + 1, OFF_GRID)
        end = len(cell.strike) * SIXTEENTH_STEPS - self._onset
        until = (np.arange(place + 1, len(cell.strike) + 1)) * SIXTEENTH_STEPS - self._onset
        odds[np.minimum(until, end)] = np.maximum(ends, FLOOR / 10)
        return _log(odds)

    def extra(self, duration: int) -> FloatArray:
        """Return (extras,) log-probabilities of the level and ties."""
        cell, _ = self._now()
        place = min(self._onset // SIXTEENTH_STEPS, len(cell.strike) - 1)
        level = np.exp(-0.5 * ((np.arange(LEVELS) - cell.level[place]) / 0.6) ** 2) + 1e-6
        into = float(cell.into[self._value]) if self._onset == 0 else 0.0
        new = float(cell.strike[place, self._value])
        tied = np.clip(into * (1 - new) / max(into * (1 - new) + new, 1e-9), FLOOR, 1 - FLOOR)
        reaches = self._onset + duration >= len(cell.strike) * SIXTEENTH_STEPS
        on = np.clip(float(cell.onward[self._value]) if reaches else 0.0, FLOOR, 1 - FLOOR)
        ties = np.zeros(4)
        ties[0], ties[TIED], ties[TIED_ON] = (1 - tied) * (1 - on), tied * (1 - on), (1 - tied) * on
        ties[TIED | TIED_ON] = tied * on
        odds = np.full(EXTRAS, 1e-12)
        odds[: LEVELS * 4] = np.outer(level, ties).reshape(-1)
        return _log(odds)

    def _now(self) -> tuple[_Cell, tuple[int, int] | None]:
        """Return the cell being written and its last (onset, value), None where none stands yet."""
        index = len(self._events) - 1
        while self._events[index][0] != KIND_CELL:
            index -= 1
        _, row, time, _, _ = self._events[index]
        if (row, time) != self._place:
            self._place, self._cell = (row, time), self._cut(row, time)
        assert self._cell is not None
        kind, _, _, onset, value = self._events[-1]
        return self._cell, (onset, value) if kind == KIND_NOTE else None

    def _cut(self, row: int, time: int) -> _Cell:
        """Return the cell that begins at a step of the window, with what sounds into it and on behind it."""
        scene, p = self._scene, self._proposal
        column = int(np.searchsorted(scene.starts, time, side="right")) - 1
        low, high = scene.edges[column : column + 2].tolist()
        strike, hold = p.strike[row].astype(np.float64), p.hold[row].astype(np.float64)
        into = _sounding(strike, hold, low) * hold[low] if low else np.zeros(PITCHES)
        onward = hold[high] if high < len(hold) else np.zeros(PITCHES)
        return _Cell(
            strike[low:high], hold[low:high], into, onward, p.level[row, low:high].astype(np.float64),
            bool(p.is_mono[row]),
        )  # fmt: skip


def _sounding(strike: FloatArray, hold: FloatArray, end: int) -> FloatArray:
    """Return (128,) the chance that a pitch sounds in the sixteenth before `end`."""
    begin = max(end - 32, 0)  # notes longer than two bars of 4/4 count as ended
    sounding = np.zeros(PITCHES)
    for place in range(begin, end):
        sounding = strike[place] + (1 - strike[place]) * sounding * hold[place]
    return sounding


def _smoothed(row: FloatArray) -> FloatArray:
    """Return the odds of pitches near those of a row: what a wish forbids gives way to its octave or a neighbour."""
    reach = np.arange(-12, 13)
    kernel = np.exp(-0.5 * (reach / NEAR) ** 2) + 1e-3
    kernel[[0, -1]] = OCTAVE_ODDS
    near: FloatArray = np.convolve(row, kernel, mode="same") + 1e-6
    return near


def _log(odds: FloatArray) -> FloatArray:
    result: FloatArray = np.log(odds / odds.sum())
    return result
