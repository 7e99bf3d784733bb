"""The wish that a piece comes home: its last chord is a given one, in root position.

Conventions: the chord fills the last bar, or its second half where the bar already has another chord.
This module does not lead tunes to it: see `zhiyin.fill.constraints.cadence` and `close`.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.score import Score, Timeline
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key


@dataclass(frozen=True)
class EndsOn(Unmasked):
    """The last of so many bars holds a chord.

    bars: length of the piece.
    """

    bars: int
    chord: Chord
    name: str = "last chord"

    def chord_due(self, cell: CellState, onset: int) -> Chord | None:
        """Ask for the chord wherever one begins in the last bar."""
        return self.chord if cell.bar == self.bars - 1 else None

    def check(self, score: Score) -> Verdict:
        """Look at the chord mark in force at the end of the last bar."""
        end = Timeline.of(score).bar_start(self.bars)
        found = [mark.chord for mark in score.chords if mark.tick < end]
        last = found[-1] if found else None
        name = "none" if last is None else last.name()
        kept = last is not None and (last.root, last.bass) == (self.chord.root, self.chord.bass)
        return Verdict(
            self.name, True, kept, name, "" if kept else f"bar {self.bars}",
            f"The last chord is {name}, asked {self.chord.name()}.",
            f"最后的和弦是 {name}，要求 {self.chord.name()}。",
        )  # fmt: skip


def tonic_of(key: Key) -> Chord:
    """Return the chord on which a piece in a key comes home.

    >>> tonic_of(Key.parse("D minor")).name()
    'Dm'
    """
    steps = {(p - key.tonic) % 12 for p in key.pitch_classes} & {3, 4}
    third = min(steps, default=3 if key.is_minor else 4)  # a scale of five notes may have none
    return Chord(key.tonic, "m" if third == 3 else "")
