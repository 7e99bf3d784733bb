"""The wish that phrases close: where a section or a long phrase ends, the tune comes to rest and the bass stands on it.

Conventions: the tune rests on the chord's root where the section closes, on any of its tones where it only pauses; it
may lead on with an upbeat in the last quarter of the bar. This module does not write chords: it reads the chord row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import END, MAX_COLUMN_STEPS
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_STEP, BoolArray

CLOSE, PAUSE = "close", "pause"
_WIDEST_LEAP = 7  # semitones into the rest; every pitch class has a tone within six of any other
_UPBEAT, _HELD = 0.75, 0.5  # of the bar: where an upbeat may begin, how long the tune rests at least


@dataclass(frozen=True)
class Cadences(Unmasked):
    """Tunes rest at the ends of sections and long phrases.

    ends: bar -> CLOSE (rest on the root) or PAUSE (on any chord tone).
    """

    ends: Mapping[int, str]
    name: str = "cadences"
    is_hard: bool = False

    def _applies(self, cell: CellState) -> bool:
        is_whole = cell.metre.bar_ticks // TICKS_PER_STEP == cell.length
        return is_whole and cell.bar in self.ends and bool(cell.chords) and cell.role in ("melody", "bass")

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Allow nothing past the last place to land until the tune has landed, then only an upbeat."""
        if not self._applies(cell) or cell.role == "bass":
            return None
        mask = np.ones(MAX_COLUMN_STEPS + 1, bool)
        rested = self._rested_until(cell)
        if rested is None:
            mask[_last_place(cell) + 1 :] = False  # END among them
        else:
            mask[: max(rested, int(_UPBEAT * cell.length))] = False
        return mask

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow the tones to rest on where the tune lands; the bass's own tone where the last chord begins."""
        if not self._applies(cell):
            return None
        chord = cell.chord_at(onset)
        if chord is None:
            return None
        if cell.role == "bass":
            return _classes({chord.bass}) if onset == _place(cell) else None
        if self._rested_until(cell) is not None:
            return None
        if onset == _last_place(cell):
            return _classes(self._tones(cell)) & _near(cell)
        return _classes({*chord.pitch_classes}) if onset == _place(cell) else None

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Let the landing ring; what comes before it ends by its place."""
        if not self._applies(cell) or cell.role == "bass" or self._rested_until(cell) is not None:
            return None
        mask, last = np.zeros(MAX_COLUMN_STEPS + 1, bool), _last_place(cell)
        if onset < last:
            mask[1 : last - onset + 1] = True
        if onset == last or (onset == _place(cell) and value % 12 in self._tones(cell)):
            mask[min(int(_HELD * cell.length), cell.length - onset) : cell.length - onset + 1] = True
        return mask

    def _tones(self, cell: CellState) -> set[int]:
        chord = cell.chords[-1][1]
        if chord is None:
            return set(range(12))
        return {chord.root} if self.ends[cell.bar] == CLOSE else {*chord.pitch_classes}

    def _rested_until(self, cell: CellState) -> int | None:
        """Return the step at which the landing ends, or None before there is one."""
        least = _HELD * cell.length
        for note in cell.sounding:
            is_late = note.onset >= _last_place(cell)
            is_held = note.end - note.onset >= least or (is_late and note.end >= _UPBEAT * cell.length)
            if note.onset >= _place(cell) and is_held and note.pitch % 12 in self._tones(cell):
                return note.end
        return None

    def check(self, score: Score) -> Verdict:
        """Look in every bar that ends something for the tune's longest note."""
        line, broken, total = Timeline.of(score), [], 0
        tunes = [part for part in score.parts if part.role == "melody"]
        for bar in sorted(self.ends):
            start, end = line.bar_start(bar), line.bar_start(bar + 1)
            marks = [mark.chord for mark in score.chords if mark.tick < end and mark.chord is not None]
            for part in tunes:
                notes = part.notes.between(start, end)
                if not len(notes) or not marks:
                    continue
                total += 1
                at = int(np.argmax(notes.duration))
                tones = {marks[-1].root} if self.ends[bar] == CLOSE else {*marks[-1].pitch_classes}
                if int(notes.pitch[at]) % 12 not in tones or notes.duration[at] * 4 < end - start:
                    broken.append(bar)
        kept = total - len(broken)
        return Verdict(
            self.name, False, not broken, f"{kept} of {total} ends", bar_list(broken),
            f"The tune rests at {kept} of {total} ends of sections and phrases.",
            f"旋律在 {total} 处段落和乐句结尾中有 {kept} 处停住。",
        )  # fmt: skip


def _place(cell: CellState) -> int:
    """Return the step at which the bar's last chord begins."""
    return max(0, cell.chords[-1][0])


def _last_place(cell: CellState) -> int:
    """Return the last step at which the tune may land: the last chord, or half a bar in when it fills the bar."""
    place = _place(cell)
    if place:
        return place
    beat = max(1, cell.metre.beat_ticks // TICKS_PER_STEP)
    return min(cell.length // 2 // beat * beat, END - 1)


def _near(cell: CellState) -> BoolArray:
    """Return the pitches to which a tune may go for its rest: none by a wide leap."""
    heard = [note.pitch for note in cell.sounding if note.onset >= 0]
    before = heard[-1] if heard else (cell.previous[1] if cell.previous is not None else None)
    if before is None:
        return np.ones(128, bool)
    near: BoolArray = np.abs(np.arange(128) - before) <= _WIDEST_LEAP
    return near


def _classes(pitch_classes: set[int]) -> BoolArray:
    mask = np.zeros(128, bool)
    for pitch_class in pitch_classes:
        mask[pitch_class % 12 :: 12] = True
    return mask
