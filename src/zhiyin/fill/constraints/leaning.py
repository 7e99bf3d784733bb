"""The wish for tunes that lean on chords: on strong beats chord tones, or neighbours reached and left by step.

Conventions: suspensions, appoggiaturas and accented passing notes are what tunes live on; people's strong beats hold
about one in eight. The wish is soft: chords that a person names are kept by `ChordsOnStrongBeats`.
Source of the rule: any counterpoint book, e.g. Piston, "Harmony", 1941, chapter 8.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Part, Score, Timeline
from zhiyin.units import BoolArray, FloatArray

STEP = 2  # semitones
LEFT_BEHIND = -4.0  # what a leaning tone that is not left by step costs, in nats
_PITCHES = np.arange(128)


@dataclass(frozen=True)
class LeaningTones(Unmasked):
    """On strong beats these parts play chord tones, or tones that lean: reached and left by step, alone.

    parts: indices of the parts, tunes and inner voices.
    """

    parts: frozenset[int]
    name: str = "leaning tones"
    is_hard: bool = False

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """On strong beats allow chord tones and, in a single line, a step from the note before."""
        chord = cell.chord_at(onset)
        if cell.part not in self.parts or cell.is_drums or chord is None or onset not in cell.strong:
            return None
        mask: BoolArray = np.isin(_PITCHES % 12, [*chord.pitch_classes, chord.bass])
        before = cell.struck_before(onset)
        if before is not None and not _leans(cell, before) and not cell.sounding_at(onset):
            mask = mask | (np.abs(_PITCHES - before[1]) <= STEP)
        return mask

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Make a step away from a leaning tone likelier than anything else."""
        before = cell.struck_before(onset)
        if cell.part not in self.parts or cell.is_drums or before is None or not _leans(cell, before):
            return None
        moved = np.abs(_PITCHES - before[1])
        bias: FloatArray = np.where((moved == 0) | (moved > STEP), LEFT_BEHIND, 0.0)
        return bias

    def check(self, score: Score) -> Verdict:
        """Look at every attack on a strong beat for one outside its chord that is not reached and left by step."""
        line, total, leaning, bars = Timeline.of(score), 0, 0, list[int]()
        for index in sorted(self.parts):
            part = score.parts[index]
            strong, outside, by_step = _attacks(score, part, line)
            total, leaning = total + int(strong.sum()), leaning + int((strong & outside).sum())
            loose = part.notes.onset[strong & outside & ~by_step]
            bars += [int(line.bar_of(int(t))) for t in loose]
        kept = total - len(bars)
        return Verdict(
            self.name, False, not bars, f"{kept} of {total}, {leaning} leaning", bar_list(sorted(set(bars))),
            f"{kept} of {total} attacks of tunes on strong beats are chord tones or lean on one by step.",
            f"旋律声部强拍上 {total} 个音中有 {kept} 个是和弦音，或级进倚靠和弦音。",
        )  # fmt: skip


def _leans(cell: CellState, note: tuple[int, int]) -> bool:
    """Return whether a note of this cell stands on a strong beat outside its chord."""
    place = note[0] - cell.start
    chord = cell.chord_at(place) if place in cell.strong else None
    return chord is not None and note[1] % 12 not in {*chord.pitch_classes, chord.bass}


def _attacks(score: Score, part: Part, line: Timeline) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Return for each note whether it is on a strong beat, outside its chord, and reached and left by step."""
    onset, pitch = part.notes.onset, part.notes.pitch
    ticks = np.array([m.tick for m in score.chords], np.int64)
    strong, outside = np.zeros(onset.size, bool), np.zeros(onset.size, bool)
    for at, (tick, note) in enumerate(zip(onset.tolist(), pitch.tolist(), strict=True)):
        place = tick - line.bar_start(int(line.bar_of(tick)))
        found = int(np.searchsorted(ticks, tick, side="right")) - 1
        chord = score.chords[found].chord if found >= 0 else None
        strong[at] = chord is not None and place in line.metre_at(tick).strong_ticks()
        outside[at] = chord is not None and note % 12 not in {*chord.pitch_classes, chord.bass}
    near = np.zeros(onset.size, bool)
    if onset.size > 1:
        near[:-1] = np.abs(np.diff(pitch)) <= STEP
    came = np.concatenate(([False], near[:-1])) if onset.size else near
    return strong, outside, came & near
