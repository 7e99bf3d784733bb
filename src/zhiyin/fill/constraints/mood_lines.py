"""The wish that lines go as the mood has it: where they lie, how far they leap, whether they rise, what they dwell on.

Conventions: steering is a bias in nats, never a mask; every cue is -1..1 as in `zhiyin.theory.mood_cues`, one a bar.
This module does not know moods by name: see `zhiyin.fill.plan_feelings`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.fields import END, MAX_COLUMN_STEPS
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Score, Timeline
from zhiyin.theory.key import Key
from zhiyin.units import TICKS_PER_QUARTER, TICKS_PER_STEP, FloatArray

# Nats at a full cue: for each semitone past a second, for a rise, for dwelling on the relative key's triad; and how
# strongly a line is drawn to the middle that the plan gives it (per squared distance over SPAN semitones).
LEAP, RISE, DWELL, HOLD, SPAN = 0.22, 0.45, 1.1, 0.9, 7.0
FREE, FARTHEST = 2, 9  # semitones: steps are free, beyond the farthest nothing more is added
MOST_AWAY = 12.0  # semitones from the plan on average, past which the check says that a mood is not heard in the lines
PACE = 1.1  # nats for every factor of e by which attacks in the bar so far miss the plan
BACKING = ("chords", "accompaniment", "bass")
_PITCHES = np.arange(128)
_STEPS_A_QUARTER = TICKS_PER_QUARTER // TICKS_PER_STEP


@dataclass(frozen=True)
class MoodLines(Unmasked):
    """Pitched parts lean as their bar's mood does.

    middle: (bars, parts) planned mean pitch, nan where open; density: (bars, parts) planned attacks a quarter, nan
    where open; leaps, contour, colour: (bars,) cues; lines: parts that are tunes and inner voices.
    """

    middle: NDArray[np.float64] = field(repr=False)
    density: NDArray[np.float64] = field(repr=False)
    leaps: tuple[float, ...]
    contour: tuple[float, ...]
    colour: tuple[float, ...]
    lines: frozenset[int]
    name: str = "mood"
    is_hard: bool = False
    widens: bool = False

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Add what the bar's cues say for each pitch."""
        if cell.is_drums or cell.bar >= len(self.leaps):
            return None
        bias = np.zeros(128)
        middle = float(self.middle[cell.bar, cell.part])
        if middle > 0:
            bias -= HOLD * ((_PITCHES - middle) / SPAN) ** 2 / 2
        if cell.part not in self.lines:
            return bias
        before = cell.struck_before(onset)
        last = before[1] if before else (cell.previous[1] if cell.previous else None)
        if last is not None:
            moved = _PITCHES - last
            far = np.clip(np.abs(moved) - FREE, 0, FARTHEST - FREE)
            bias += LEAP * self.leaps[cell.bar] * far
            bias += RISE * self.contour[cell.bar] * np.sign(moved)
        if cell.key is not None:
            bias += DWELL * _dwelling(cell.key, self.colour[cell.bar])
        return bias

    def onset_bias(self, cell: CellState) -> FloatArray | None:
        """Make the next attack likelier about where the planned density has it."""
        if cell.is_drums or cell.bar >= len(self.leaps) or not cell.length:
            return None
        wanted = float(self.density[cell.bar, cell.part])
        if not wanted > 0:
            return None
        gap = _STEPS_A_QUARTER / wanted
        struck = [s.onset for s in cell.sounding if s.onset >= 0]
        last = max(struck, default=None)
        bias = np.zeros(MAX_COLUMN_STEPS + 1)
        if last is None:
            bias[END] = -PACE * cell.length / gap / 2
            return bias
        waits = np.arange(MAX_COLUMN_STEPS + 1) - last
        waits[END] = max(cell.length - last, 1)
        late = np.log(np.maximum(waits, 1) / gap)
        bias = np.where(waits > 0, -PACE * late**2 / 2, 0.0)  # struck together: as the model has it
        bounded: FloatArray = np.maximum(bias, -4.0)
        return bounded

    def check(self, score: Score) -> Verdict:
        """Compare each part's mean pitch with the plan's, bar by bar."""
        line, far, total, bars = Timeline.of(score), 0.0, 0, set[int]()
        for index, part in enumerate(score.parts):
            if part.is_drums or not len(part.notes):
                continue
            bar = np.minimum(line.bar_of(part.notes.onset), len(self.middle) - 1)
            away = np.abs(part.notes.pitch - self.middle[bar, index])
            known = np.isfinite(away)
            far, total = far + float(away[known].sum()), total + int(known.sum())
            bars |= set(bar[known & (away > MOST_AWAY)].tolist())
        mean = far / total if total else 0.0
        kept = mean <= MOST_AWAY
        return Verdict(
            self.name, False, kept, f"{mean:.1f} semitones", "" if kept else bar_list(sorted(bars)),
            f"Notes lie {mean:.1f} semitones on average from where the mood has them.",
            f"各音与情绪所定音区平均相距 {mean:.1f} 个半音。",
        )  # fmt: skip


def _dwelling(key: Key, colour: float) -> FloatArray:
    """Return (128,) 1 on the notes that tell the brighter or the darker of two relative keys, -1 on the other's."""
    minor = (key.tonic + (0 if key.is_minor else 9)) % 12
    table = np.zeros(12)
    table[(minor + 3) % 12] = 1.0  # the tonic of the relative major, and its dominant
    table[(minor + 10) % 12] = 0.8
    table[(minor + 7) % 12] = -0.4
    table[minor] = -1.0
    result: FloatArray = colour * table[_PITCHES % 12]
    return result
