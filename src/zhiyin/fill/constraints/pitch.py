"""Wishes about pitch: key or scale, range, chords on strong beats, the drum map.

Conventions: masks are (128,) over pitches; drum parts are touched by the drum map only.
This module does not choose chords: it reads the chord row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Score, Timeline
from zhiyin.theory.instruments import DRUM_KEYS, find_instrument
from zhiyin.theory.key import Key
from zhiyin.units import BoolArray, FloatArray, IntArray

_PITCHES = np.arange(128)
_CLASSES = _PITCHES % 12
_LEFT_BEHIND = -4.0  # what a chromatic note that does not go on by step costs, in nats


def _classes_mask(classes: frozenset[int]) -> BoolArray:
    table = np.zeros(12, bool)
    table[list(classes)] = True
    mask: BoolArray = table[_CLASSES]
    return mask


@dataclass(frozen=True)
class InKey(Unmasked):
    """Every pitched note belongs to the key's scale or to the chord under it.

    passing: semitones above the tonic that the tune, part `tune`, may also touch off the strong beats; chromatic:
    parts that may pass through any semitone beside the note before, off the strong beats.
    """

    key: Key
    passing: frozenset[int] = frozenset()
    tune: int = -1
    chromatic: frozenset[int] = frozenset()
    name: str = "key"

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow the scale of the key in force, the tones of the chord, and passing notes in the tune."""
        if cell.is_drums:
            return None
        key, chord = cell.key or self.key, cell.chord_at(onset)
        classes = key.pitch_classes
        if chord is not None:
            classes = classes | set(chord.pitch_classes) | {chord.bass}
        if cell.part == self.tune and onset not in cell.strong:
            classes = classes | {(key.tonic + step) % 12 for step in self.passing}
        mask = _classes_mask(frozenset(classes))
        before = cell.struck_before(onset)
        # Beside a note of its own bar, so that it stays a passing note where the bar is copied.
        may_pass = cell.part in self.chromatic and onset not in cell.strong and not cell.sounding_at(onset)
        if may_pass and before is not None and before[0] >= cell.start and before[1] % 12 in classes:
            mask = mask | (np.abs(_PITCHES - before[1]) == 1)
        return mask

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Make a chromatic note go on by step."""
        before = cell.struck_before(onset)
        if cell.part not in self.chromatic or before is None:
            return None
        key, chord = cell.key or self.key, cell.chord_at(max(before[0] - cell.start, 0))
        tones = frozenset[int]() if chord is None else frozenset({*chord.pitch_classes, chord.bass})
        if before[1] % 12 in key.pitch_classes | tones:
            return None
        moved = np.abs(_PITCHES - before[1])
        bias: FloatArray = np.where((moved == 0) | (moved > 2), _LEFT_BEHIND, 0.0)
        return bias

    def check(self, score: Score) -> Verdict:
        """Count notes outside the scale of the key mark in force and outside the chord mark in force."""
        total = outside = 0
        bars: list[int] = []
        line = Timeline.of(score)
        keys = [(m.tick, m.key) for m in score.keys] or [(0, self.key)]
        allowed_chords = [
            (m.tick, {*m.chord.pitch_classes, m.chord.bass} if m.chord else set()) for m in score.chords
        ]
        for index, part in enumerate(score.parts):
            if part.is_drums:
                continue
            for note in part.notes:
                total += 1
                key = next((k for t, k in reversed(keys) if t <= note.onset), keys[0][1])
                chord = next((c for t, c in reversed(allowed_chords) if t <= note.onset), set())
                passes = index == self.tune and (note.pitch - key.tonic) % 12 in self.passing
                if index in self.chromatic:
                    place = note.onset - line.bar_start(int(line.bar_of(note.onset)))
                    passes = place not in line.metre_at(note.onset).strong_ticks()
                if note.pitch % 12 not in key.pitch_classes and note.pitch % 12 not in chord and not passes:
                    outside += 1
                    bars.append(int(line.bar_of(note.onset)))
        is_stated = bool(score.keys) and score.keys[0].key == self.key
        kept = outside == 0 and is_stated
        share = f"{total - outside} of {total} notes"
        beside = (" or pass through 清角 or 变宫", "或经过清角、变宫") if self.passing else ("", "")
        if self.chromatic:
            beside = (" or pass by semitone", "或为半音经过音")
        return Verdict(
            self.name, True, kept, f"{self.key.name}: {share}", bar_list(sorted(set(bars))),
            f"{share} belong to {self.key.name} or to the chord under them{beside[0]}.",
            f"{total} 个音中有 {total - outside} 个属于{self.key.name_zh}或所在和弦{beside[1]}。",
        )  # fmt: skip


@dataclass(frozen=True)
class InRange(Unmasked):
    """Every part stays within its instrument's comfortable range.

    instruments: one name a part; "" leaves a part free.
    """

    instruments: tuple[str, ...]
    name: str = "range"

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow the instrument's lowest to highest note."""
        if cell.is_drums or not self.instruments[cell.part]:
            return None
        instrument = find_instrument(self.instruments[cell.part])
        mask = np.zeros(128, bool)
        mask[instrument.low : instrument.high + 1] = True
        return mask

    def check(self, score: Score) -> Verdict:
        """Compare each part's lowest and highest note with its instrument."""
        wrong = []
        for part, name in zip(score.parts, self.instruments, strict=True):
            if part.is_drums or not name or not len(part.notes):
                continue
            instrument = find_instrument(name)
            low, high = int(part.notes.pitch.min()), int(part.notes.pitch.max())
            if low < instrument.low or high > instrument.high:
                wrong.append(f"{part.name} {low}..{high} outside {instrument.low}..{instrument.high}")
        measured = "; ".join(wrong) or "all parts in range"
        return Verdict(
            self.name, True, not wrong, measured, "; ".join(wrong),
            f"Ranges: {measured}.", "音域：全部在乐器范围内。" if not wrong else f"音域：{measured}。",
        )  # fmt: skip


@dataclass(frozen=True)
class ChordsOnStrongBeats(Unmasked):
    """What is attacked on a strong beat belongs to the chord; the bass begins each chord on its bass note.

    parts: indices of the parts the wish is about, None for all pitched ones.
    """

    parts: frozenset[int] | None = None
    name: str = "chords"

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """On strong beats allow chord tones; where a chord begins allow the bass part its bass only."""
        if cell.is_drums or (self.parts is not None and cell.part not in self.parts):
            return None
        chord = cell.chord_at(onset)
        if chord is None:
            return None
        if cell.role == "bass" and any(start == onset and c == chord for start, c in cell.chords):
            return _classes_mask(frozenset({chord.bass}))
        if onset in cell.strong:
            return _classes_mask(frozenset({*chord.pitch_classes, chord.bass}))
        return None

    def check(self, score: Score) -> Verdict:
        """Count attacks on strong beats, and bass notes that open a chord, that miss the chord mark in force."""
        line = Timeline.of(score)
        total = outside = 0
        bars: list[int] = []
        ticks = np.array([m.tick for m in score.chords], np.int64)
        for index, part in enumerate(score.parts):
            if part.is_drums or (self.parts is not None and index not in self.parts):
                continue
            for note in part.notes:
                bar = int(line.bar_of(note.onset))
                offset = note.onset - line.bar_start(bar)
                at = int(np.searchsorted(ticks, note.onset, side="right")) - 1
                chord = score.chords[at].chord if at >= 0 else None
                opens = part.role == "bass" and int(ticks[max(at, 0)]) == note.onset
                if chord is None or not (opens or offset in line.metre_at(note.onset).strong_ticks()):
                    continue
                total += 1
                if note.pitch % 12 not in ({chord.bass} if opens else {*chord.pitch_classes, chord.bass}):
                    outside += 1
                    bars.append(bar)
        return Verdict(
            self.name, True, outside == 0, f"{total - outside} of {total}", bar_list(sorted(set(bars))),
            f"{total - outside} of {total} attacks on strong beats are chord tones.",
            f"强拍上 {total} 个音中有 {total - outside} 个是和弦音。",
        )  # fmt: skip


@dataclass(frozen=True)
class DrumMap(Unmasked):
    """Drum parts use keys of the General MIDI drum map only."""

    name: str = "drum map"

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow the named drum keys on drum parts."""
        if not cell.is_drums:
            return None
        mask = np.zeros(128, bool)
        mask[[k for k in DRUM_KEYS if cell.instrument.low <= k <= cell.instrument.high]] = True
        return mask

    def check(self, score: Score) -> Verdict:
        """List drum keys that have no name."""
        drums = [p.notes.pitch for p in score.parts if p.is_drums]
        keys: IntArray = np.concatenate([np.empty(0, np.int64), *drums])
        unknown = sorted({int(k) for k in keys} - set(DRUM_KEYS))
        measured = f"unknown keys {unknown}" if unknown else f"{len(set(keys.tolist()))} drum keys"
        return Verdict(
            self.name, True, not unknown, measured, measured if unknown else "",
            f"Drum map: {measured}.", f"鼓组键位：{'未知键 ' + str(unknown) if unknown else '全部合规'}。",
        )  # fmt: skip
