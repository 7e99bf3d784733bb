"""How a performance touches its notes bar by bar: louder or softer, held or cut short, strict or free.

Conventions: one value a bar; a bar past the last takes the last's. Detached notes let go early, bound ones reach for
the next attack and never past it by more than a moment.
This module does not know moods: see `zhiyin.fill.plan_feelings`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp

import numpy as np

from zhiyin.score import Notes, Timeline
from zhiyin.units import FloatArray, IntArray

SHORTEST_SHARE = 0.25  # of a written length, however detached
DRY = 0.72  # articulation below which the pedal stays up
BOUND = 0.22  # of articulation above 1 at which a note reaches the next attack; as much again, and it goes OVERLAP past
OVERLAP = 0.06  # of a note's length
FREEDOM = 0.7  # natural logarithm of the factor on slowing at full rubato


@dataclass(frozen=True, eq=False)
class Touch:
    """Values of each bar.

    velocity: steps added; articulation: factor on how long notes sound, 1 as written; rubato: -1 strict .. 1 free.
    """

    velocity: FloatArray = field(default_factory=lambda: np.zeros(1))
    articulation: FloatArray = field(default_factory=lambda: np.ones(1))
    rubato: FloatArray = field(default_factory=lambda: np.zeros(1))

    @property
    def slowing(self) -> float:
        """Return the factor on slowing into ends."""
        return exp(FREEDOM * float(self.rubato.mean()))

    @property
    def is_dry(self) -> bool:
        """Return whether the music is too detached for pedal."""
        return float(self.articulation.mean()) < DRY

    def steps_at(self, bars: IntArray) -> FloatArray:
        """Return the velocity steps of bars."""
        return _at(self.velocity, bars)

    def ends(self, notes: Notes, line: Timeline, wanted: FloatArray) -> FloatArray:
        """Return wanted ends cut short or reaching on, as the bar of each note has it."""
        share = _at(self.articulation, line.bar_of(notes.onset))
        held = wanted - notes.onset
        short = notes.onset + np.maximum(held * share, SHORTEST_SHARE * notes.duration)
        room = np.maximum(_next_attack(notes) - wanted, 0.0)
        beat = np.array([line.metre_at(int(tick)).beat_ticks for tick in notes.onset.tolist()], float)
        reach = np.where(room <= beat, np.clip((share - 1.0) / BOUND, 0.0, 1.0) * room, 0.0)
        over = (
            OVERLAP
            * np.clip((share - 1.0 - BOUND) / BOUND, 0.0, 1.0)
            * np.where(room <= beat, notes.duration, 0.0)
        )
        ends: FloatArray = np.where(share < 1.0, short, wanted + reach + over)
        return ends


def _at(values: FloatArray, bars: IntArray) -> FloatArray:
    result: FloatArray = values[np.minimum(bars, values.size - 1)]
    return result


def _next_attack(notes: Notes) -> FloatArray:
    """Return the onset of the part's next attack after each note, its own end for the last."""
    attacks = np.unique(notes.onset)
    place = np.searchsorted(attacks, notes.onset, side="right")
    last = place >= attacks.size
    result: FloatArray = np.where(last, notes.offset, attacks[np.minimum(place, attacks.size - 1)]).astype(
        np.float64
    )
    return result
