"""The only place that converts between ticks, seconds and bar:beat.

Conventions: bars count from 0 in code; a pick-up bar is bar 0. Arrays in, arrays out; scalars in, scalars out.
This module does not know notes: it is built from a score's tempo and metre marks alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zhiyin.errors import InvalidInput
from zhiyin.score.score import MetreMark, Score, Tempo
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER, FloatArray, IntArray, Seconds, Ticks


@dataclass(frozen=True)
class Timeline:
    """Tempo and metre maps of one score.

    >>> line = Timeline.of(Score(tempos=(Tempo(0, 60.0),)))
    >>> float(line.ticks_to_seconds(20160)), line.bar_start(2)
    (2.0, 80640)
    """

    tempos: tuple[Tempo, ...]
    metres: tuple[MetreMark, ...]
    pickup_ticks: Ticks = 0

    @classmethod
    def of(cls, score: Score) -> Timeline:
        """Return the timeline of a score."""
        return cls(score.tempos, score.metres, score.pickup_ticks)

    @cached_property
    def _tempo_map(self) -> tuple[IntArray, FloatArray, FloatArray]:
        ticks = np.array([t.tick for t in self.tempos], np.int64)
        rate = np.array([60.0 / t.bpm / TICKS_PER_QUARTER for t in self.tempos])  # seconds a tick
        starts = np.concatenate(([0.0], np.cumsum(np.diff(ticks) * rate[:-1])))
        return ticks, rate, starts

    @cached_property
    def _metre_map(self) -> tuple[IntArray, IntArray, IntArray]:
        """Return (tick where the metre's first bar starts, its bar length, its first bar number)."""
        ticks, lengths, bars = [], [], []
        bar, previous_end = 0, 0
        for index, mark in enumerate(self.metres):
            if index == 0 and self.pickup_ticks:
                ticks, lengths, bars = [0], [self.pickup_ticks], [0]
                bar, previous_end = 1, self.pickup_ticks
            start = max(mark.tick, previous_end)
            if index:  # a metre that begins inside a bar cuts that bar short
                bar += -(-(start - ticks[-1]) // lengths[-1]) - (bar - bars[-1])
            ticks.append(start)
            lengths.append(mark.metre.bar_ticks)
            bars.append(bar)
            previous_end = start
        return np.array(ticks, np.int64), np.array(lengths, np.int64), np.array(bars, np.int64)

    def ticks_to_seconds(self, ticks: ArrayLike) -> NDArray[np.float64]:
        """Return seconds from the start for ticks."""
        at, rate, starts = self._tempo_map
        values = np.asarray(ticks, np.float64)
        index = np.searchsorted(at, values, side="right") - 1
        result: FloatArray = starts[index] + (values - at[index]) * rate[index]
        return result

    def seconds_to_ticks(self, seconds: ArrayLike) -> NDArray[np.int64]:
        """Return the nearest ticks for seconds from the start."""
        at, rate, starts = self._tempo_map
        values = np.asarray(seconds, np.float64)
        index = np.maximum(np.searchsorted(starts, values, side="right") - 1, 0)
        result: IntArray = np.rint(at[index] + (values - starts[index]) / rate[index]).astype(np.int64)
        return result

    def bar_of(self, ticks: ArrayLike) -> NDArray[np.int64]:
        """Return the 0-based bar number in which each tick lies."""
        starts, lengths, bars = self._metre_map
        values = np.asarray(ticks, np.int64)
        index = np.maximum(np.searchsorted(starts, values, side="right") - 1, 0)
        result: IntArray = bars[index] + (values - starts[index]) // lengths[index]
        return result

    def bar_starts(self, count: int) -> IntArray:
        """Return the first tick of bars 0..count (count + 1 values: the last is the end of the last bar)."""
        starts, lengths, bars = self._metre_map
        wanted = np.arange(count + 1)
        index = np.maximum(np.searchsorted(bars, wanted, side="right") - 1, 0)
        result: IntArray = starts[index] + (wanted - bars[index]) * lengths[index]
        return result

    def bar_start(self, bar: int) -> Ticks:
        """Return the first tick of a 0-based bar."""
        if bar < 0:
            raise InvalidInput(f"bar must be 0 or more, got {bar}")
        return int(self.bar_starts(bar)[bar])

    def bar_count(self, end: Ticks) -> int:
        """Return how many bars are needed to hold everything before a tick."""
        return int(self.bar_of(max(end - 1, 0))) + 1 if end > 0 else 0

    def metre_at(self, tick: Ticks) -> Metre:
        """Return the metre in force at a tick."""
        ticks = [mark.tick for mark in self.metres]
        return self.metres[max(int(np.searchsorted(ticks, tick, side="right")) - 1, 0)].metre

    def tick_to_bar_beat(self, tick: Ticks) -> tuple[int, float]:
        """Return (0-based bar, 0-based beat in felt beats) of a tick."""
        bar = int(self.bar_of(tick))
        return bar, (tick - self.bar_start(bar)) / self.metre_at(tick).beat_ticks

    def duration_s(self, end: Ticks) -> Seconds:
        """Return the seconds from the start to a tick."""
        return float(self.ticks_to_seconds(end))
