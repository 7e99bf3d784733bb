"""The wish that a piece ends: in its last bar everyone lands on the final chord and lets it ring.

Conventions: melody, inner, bass and chord parts attack once, on the downbeat; an accompaniment may move on the
beats of the first half; drums are free. This module does not choose the final chord: it reads the chord row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import END, MAX_COLUMN_STEPS
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.score import Notes, Score, Timeline
from zhiyin.theory.chord import Chord
from zhiyin.units import TICKS_PER_STEP, BoolArray

_MOVING_ROLES = ("accompaniment", "unknown")


@dataclass(frozen=True)
class Closes(Unmasked):
    """The last bar holds the final chord; the melody ends on its root.

    bars: length of the piece.
    """

    bars: int
    name: str = "close"
    is_hard: bool = True

    def _applies(self, cell: CellState) -> bool:
        return cell.bar == self.bars - 1 and not cell.is_drums

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Allow the downbeat, and for an accompaniment the beats of the first half."""
        if not self._applies(cell):
            return None
        mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
        mask[END] = True
        beat = cell.metre.beat_ticks // TICKS_PER_STEP
        if cell.role in _MOVING_ROLES and cell.attacks:
            mask[0 : cell.length // 2 : beat] = True
        else:
            mask[0] = True
        return mask

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow the final chord's tones; the melody its root only, the bass its bass only."""
        chord = cell.chord_at(onset) if self._applies(cell) else None
        if chord is None:
            return None
        mask = np.zeros(128, bool)
        for pitch_class in _landing(chord, cell.role):
            mask[pitch_class::12] = True
        return mask

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Let what starts in the last bar ring to its end; moving parts may also play one beat."""
        if not self._applies(cell):
            return None
        mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
        mask[cell.length - onset] = True
        beat = cell.metre.beat_ticks // TICKS_PER_STEP
        if cell.role in _MOVING_ROLES and onset + beat < cell.length // 2:
            mask[beat] = True
        return mask

    def check(self, score: Score) -> Verdict:
        """Look at the notes of the last bar against the chord mark in force at its end."""
        start = Timeline.of(score).bar_start(self.bars - 1)
        final = score.chords[-1].chord if score.chords else None
        wrong = []
        for part in score.parts:
            notes = part.notes.between(start, 1 << 61)
            if part.is_drums or final is None or not len(notes):
                continue
            tones = {*final.pitch_classes, final.bass}
            ends = notes.take(notes.offset == notes.offset.max())
            closes = part.role != "melody" or int(ends.pitch.max()) % 12 == final.root
            if not closes or not _are_tones(notes, tones):
                wrong.append(part.name)
        name = final.name() if final else "no chord"
        return Verdict(
            self.name, self.is_hard, not wrong, f"ends on {name}", ", ".join(wrong),
            f"The piece ends on {name}" + (f", but not {', '.join(wrong)}." if wrong else "."),
            f"乐曲结束在 {name}" + (f"，但 {'、'.join(wrong)} 没有。" if wrong else "。"),
        )  # fmt: skip


def _landing(chord: Chord, role: str) -> set[int]:
    if role == "melody":
        return {chord.root}
    return {chord.bass} if role == "bass" else {*chord.pitch_classes, chord.bass}


def _are_tones(notes: Notes, tones: set[int]) -> bool:
    return {int(p) % 12 for p in notes.pitch} <= tones
