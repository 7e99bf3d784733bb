"""The wish that a tune moves as Chinese folk songs do: degrees, pairs of degrees and steps as counted in print.

Conventions: degrees are movable do, 1 is gong of the key in force; steering is a bias, never a mask: 清角 and 变宫 pass
as often as in the songs. This module chooses no mode and no chord; the counts are `zhiyin.fill.folk_counts`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import END, MAX_COLUMN_STEPS
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.fill.folk_counts import DEGREE, DURATION, STEPS, next_degree, shares, step_sizes
from zhiyin.score import Score
from zhiyin.theory.chinese import gong_of
from zhiyin.theory.key import Key
from zhiyin.units import FloatArray

STEPS_A_QUARTER = 24
WIDEST = 24
FLOOR = 1e-5  # a note outside the seven degrees
FIVE = (0, 2, 4, 7, 9)
LEAST_FIVE, FARTHEST = 0.9, 0.1  # what the check calls pentatonic as in the songs
DEGREE_OF_CLASS = np.array([STEPS.index(c) if c in STEPS else -1 for c in range(12)])


@dataclass(frozen=True)
class DegreeProfile(Unmasked):
    """The tune, part `part`, uses degrees and steps about as often as printed Chinese folk songs do.

    strength: 0 leaves the model alone, 1 multiplies its chances by those of the songs; pace: the same for when the
    next note comes; trust: power of the model's own chances, below 1 so that both do not sharpen each other.
    """

    part: int
    key: Key
    strength: float = 1.0
    pace: float = 0.0
    trust: float = 1.0
    name: str = "degrees"
    is_hard = False

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Return the log chance of each pitch after the last note, times the strength."""
        if cell.part != self.part or cell.is_drums or not self.strength:
            return None
        before = [s.pitch for s in cell.sounding if s.onset < onset]
        last = before[-1] if before else (cell.previous[1] if cell.previous else None)
        chances = chances_after(last, gong_of(cell.key or self.key))
        bias: FloatArray = (self.strength * np.log(chances)).astype(np.float64)
        return bias

    def onset_bias(self, cell: CellState) -> FloatArray | None:
        """Return the log chance of each time until the next note, times the pace."""
        if cell.part != self.part or cell.is_drums or not self.pace:
            return None
        if cell.sounding:
            last = max(s.onset for s in cell.sounding)
        elif cell.previous is not None:
            last = -cell.previous[0]
        else:
            return None
        waits = wait_chances()
        chances = waits[np.clip(np.arange(WAITS) - last, 0, WAITS - 1)]
        chances[END] = waits[min(cell.length - last, WAITS - 1) :].sum()  # the next note comes in a later bar
        bias: FloatArray = self.pace * np.log(chances)
        return bias

    def check(self, score: Score) -> Verdict:
        """Count the tune's degrees from the notes and the key marks, and compare with the songs' shares."""
        counts = np.zeros(7)
        outside = five = 0
        marks = score.keys
        notes = score.parts[self.part].notes if self.part < len(score.parts) else ()
        for note in notes:
            inside = [mark.key for mark in marks if mark.tick <= note.onset]
            above = (note.pitch - gong_of(inside[-1] if inside else self.key)) % 12
            five += above in FIVE
            if above in STEPS:
                counts[STEPS.index(above)] += 1
            else:
                outside += 1
        total = int(counts.sum()) + outside
        far = distance(counts, shares(DEGREE)) if counts.sum() else 1.0
        share = five / total if total else 0.0
        kept = share >= LEAST_FIVE and far <= FARTHEST
        measured = f"{share:.0%} on five notes, distance {far:.3f}"
        return Verdict(
            self.name, False, kept, measured, "" if kept else "the tune",
            f"The tune is {share:.0%} pentatonic; its degrees lie {far:.3f} from those of 7,258 Chinese folk songs "
            "(Jensen-Shannon, 0 the same, 1 nothing shared).",
            f"旋律五声音占 {share:.0%}；音级分布与 7258 首中国民歌相距 {far:.3f}（詹森-香农散度，0 同 1 异）。",
        )  # fmt: skip


WAITS = MAX_COLUMN_STEPS + 1


def wait_chances() -> FloatArray:
    """Return (193,) the chance of each wait between two notes in steps, from the songs' note lengths."""
    chances = np.full(WAITS, FLOOR)
    total = sum(DURATION.values())
    for quarters, count in DURATION.items():
        step = round(quarters * STEPS_A_QUARTER)
        if step < WAITS:
            chances[step] += count / total
    return chances


def chances_after(last: int | None, gong: int) -> FloatArray:
    """Return (128,) the chance of each pitch after a pitch (None: at the start) when gong is a pitch class.

    The degree pair decides the class, the size of the step its octave; unknown pairs fall to the floor.
    """
    degree = DEGREE_OF_CLASS[(np.arange(128) - gong) % 12]
    if last is None or DEGREE_OF_CLASS[(last - gong) % 12] < 0:
        by_degree, sizes = shares(DEGREE), np.ones(128)
    else:
        by_degree = next_degree()[DEGREE_OF_CLASS[(last - gong) % 12]]
        steps = np.arange(128) - last
        table = step_sizes(WIDEST)
        sizes = np.where(
            np.abs(steps) <= WIDEST, table[np.clip(steps, -WIDEST, WIDEST) + WIDEST], table.min()
        )
    chances = np.full(128, FLOOR)
    for index in range(7):
        mine = degree == index
        chances[mine] = np.maximum(by_degree[index] * sizes[mine] / sizes[mine].sum(), FLOOR)
    return chances


def distance(counts: FloatArray, target: FloatArray) -> float:
    """Return the Jensen-Shannon divergence in bits between counts and shares, 0 to 1.

    Source: Lin, "Divergence measures based on the Shannon entropy", IEEE Trans. Inf. Theory 37, 1991.
    >>> distance(np.array([2.0, 0.0]), np.array([0.0, 1.0]))
    1.0
    """
    first, second = counts / counts.sum(), target / target.sum()
    middle = (first + second) / 2
    halves = [np.sum(one[one > 0] * np.log2(one[one > 0] / middle[one > 0])) / 2 for one in (first, second)]
    return float(sum(halves))
