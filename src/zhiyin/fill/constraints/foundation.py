"""The wish for a floor: where nobody plays the bass, the lowest accompaniment begins each chord on the chord's bass.

Conventions: the wish is soft and about the lowest note struck where a chord begins; a left hand with the root below its
chords is what most piano textures stand on. This module does not voice chords.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Score, Timeline
from zhiyin.units import BoolArray, FloatArray

FLOOR = 55  # MIDI pitch, the g below middle c: basses lie at or under it
ABOVE = -2.0  # what a bass over it costs, in nats
_PITCHES = np.arange(128)


@dataclass(frozen=True)
class Foundation(Unmasked):
    """One part begins each chord on its bass note, low.

    part: index of the part that is the floor.
    """

    part: int
    name: str = "foundation"
    is_hard: bool = False

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Where a chord begins, let the first and lowest note be its bass."""
        chord = cell.chord_at(onset) if self._lays(cell, onset) else None
        if chord is None:
            return None
        return np.isin(_PITCHES % 12, [chord.bass])

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Prefer it low."""
        if not self._lays(cell, onset):
            return None
        bias: FloatArray = np.where(_PITCHES > FLOOR, ABOVE, 0.0)
        return bias

    def _lays(self, cell: CellState, onset: int) -> bool:
        begins = any(max(start, 0) == onset and chord is not None for start, chord in cell.chords)
        return cell.part == self.part and begins and not cell.sounding_at(onset)

    def check(self, score: Score) -> Verdict:
        """Compare the lowest note struck at the beginning of each chord with the chord's bass."""
        line, notes = Timeline.of(score), score.parts[self.part].notes
        total, bars = 0, list[int]()
        for mark in score.chords:
            struck = notes.pitch[notes.onset == mark.tick]
            if mark.chord is None or not struck.size:
                continue
            total += 1
            if int(struck.min()) % 12 != mark.chord.bass:
                bars.append(int(line.bar_of(mark.tick)))
        kept = total - len(bars)
        return Verdict(
            self.name, False, not bars, f"{kept} of {total} chords", bar_list(sorted(set(bars))),
            f"{kept} of {total} chords that {score.parts[self.part].name} begins stand on their bass.",
            f"{score.parts[self.part].name} 奏起的 {total} 个和弦中有 {kept} 个低音在下。",
        )  # fmt: skip
