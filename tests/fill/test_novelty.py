"""Laws of novelty: only what goes on with a long enough repeat costs, by interval and duration, more as it grows."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.fill.band import frame
from zhiyin.encode.fields import END, EXTRAS, FIELD_INDEX, KIND_CELL, MAX_COLUMN_STEPS, VALUES
from zhiyin.fill.decode import fill
from zhiyin.fill.novelty import FREE_NOTES, GROWING_NOTES, Line
from zhiyin.fill.request import Request
from zhiyin.fill.sampling import Sampling
from zhiyin.models import Under
from zhiyin.score import Cell, Notes
from zhiyin.units import FloatArray, IntArray

TUNE = [60, 62, 64, 60, 67, 65, 64, 72, 71, 69, 67, 65, 64, 62]


def line_of(*pitches: int, durations: tuple[int, ...] = ()) -> Line:
    """Return a line of quarters, or of the durations given."""
    line, at = Line(), 0
    for index, pitch in enumerate(pitches):
        duration = durations[index] if durations else 24
        line.add(at, pitch, duration)
        at += duration
    return line


def test_a_repeat_costs_from_its_free_notes_on() -> None:
    # The first note of a return has another interval before it: so many more notes until FREE_NOTES are alike.
    for count in range(2, len(TUNE) - 1):
        found = line_of(*TUNE, *TUNE[:count]).next_pitches()
        alike = count - 1
        wanted = (
            {TUNE[count]: min(1.0, (alike - FREE_NOTES + 1) / GROWING_NOTES)} if alike >= FREE_NOTES else {}
        )
        assert found == pytest.approx(wanted), count


def test_a_transposed_repeat_costs_at_its_own_pitch() -> None:
    assert set(line_of(*TUNE, *(p + 5 for p in TUNE[:9])).next_pitches()) == {TUNE[9] + 5}


def test_another_rhythm_is_no_repeat() -> None:
    longer = (24,) * len(TUNE) + (12,) * 9
    assert line_of(*TUNE, *TUNE[:9], durations=longer).next_pitches() == {}


def test_the_duration_costs_only_at_the_pitch_that_goes_on() -> None:
    line = line_of(*TUNE, *TUNE[:9])
    assert set(line.next_durations(TUNE[9])) == {24} and line.next_durations(TUNE[9] + 1) == {}


def test_loops_cost_more_the_longer_they_go_round() -> None:
    bar = [60, 64, 67, 64]
    shares = [max(line_of(*bar * times).next_pitches().values(), default=0.0) for times in (2, 3, 4, 5)]
    assert shares[0] == 0.0 and shares == sorted(shares) and shares[-1] == 1.0


def test_the_highest_note_of_an_onset_is_the_line() -> None:
    line = Line()
    for onset, pitch in ((0, 60), (0, 67), (24, 62), (24, 55)):
        line.add(onset, pitch, 24)
    assert len(line) == 2 and line._pitch == [67, 62]


def test_a_cut_line_is_what_it_was() -> None:
    line = line_of(*TUNE, *TUNE[:8])
    before = line.next_pitches()
    line.add(10_000, 50, 24)
    line.cut(len(TUNE) + 8)
    assert line.next_pitches() == before


def longest_repeat(pitches: list[int], durations: list[int]) -> int:
    """Return the length of the longest run of (interval, duration) that is heard twice, by trying all."""
    codes = list(zip([b - a for a, b in pairwise(pitches)], durations[1:], strict=True))
    best = 0
    for i in range(len(codes)):
        for j in range(i):
            run = 0
            while i + run < len(codes) and codes[i + run] == codes[j + run]:
                run += 1
            best = max(best, run)
    return best


class Looper:
    """A model that would play the same bar of three quarters for ever: D, F, A, nearly sure of each."""

    name, version, order = "looper", "1", "bar"

    def start(self) -> LooperState:
        return LooperState()


class LooperState:
    def __init__(self) -> None:
        self._events: list[tuple[int, bool]] = []

    def feed(self, fields: IntArray, time: IntArray) -> None:
        is_cell = fields[:, FIELD_INDEX["kind"]] == KIND_CELL
        self._events += list(zip(fields[:, FIELD_INDEX["onset"]].tolist(), is_cell.tolist(), strict=True))

    def onset(self) -> FloatArray:
        onset, is_cell = self._events[-1]
        return likely({0: 0, 1: 24, 2: 48, 3: END}[0 if is_cell else onset // 24 + 1], END + 1)

    def value(self, onset: int, under: Under) -> FloatArray:
        return likely({0: 62, 24: 65, 48: 69}[onset], VALUES)

    def duration(self, value: int) -> FloatArray:
        return likely(24, MAX_COLUMN_STEPS + 1)

    def extra(self, duration: int) -> FloatArray:
        return likely(16, EXTRAS)

    def mark(self) -> int:
        return len(self._events)

    def rewind(self, mark: int) -> None:
        del self._events[mark:]


def likely(choice: int, size: int) -> FloatArray:
    """Return log-probabilities of one choice at 0.99 and its neighbours sharing the rest."""
    probs = np.full(size, 0.01 / (size - 1))
    probs[choice] = 0.99
    return np.log(probs)


def looped(novelty: float, like: IntArray | None = None) -> Notes:
    """Return the tune of 12 bars that the looper writes with a novelty."""
    tune = replace(frame(12), parts=frame().parts[:1], chords=())
    cells = frozenset(Cell(0, bar) for bar in range(12))
    sampling = Sampling(top_p=1.0, novelty=novelty)
    return (
        fill(Request(tune, cells, seed=3, bars=12, like=like, sampling=sampling), Looper())[0]
        .score.parts[0]
        .notes
    )


def repeat_in(notes: Notes) -> int:
    return longest_repeat(notes.pitch.tolist(), notes.duration.tolist())


def test_pressure_breaks_a_loop() -> None:
    # Twelve bars of three notes: without pressure 32 intervals go on as three notes before, less a stray choice.
    assert repeat_in(looped(0.0)) >= 20
    assert repeat_in(looped(10.0)) <= FREE_NOTES + GROWING_NOTES


def test_bars_that_are_to_return_bear_no_pressure() -> None:
    like = np.array([-1, *range(11)])
    assert repeat_in(looped(10.0, like)) == repeat_in(looped(0.0, like)) >= 20
