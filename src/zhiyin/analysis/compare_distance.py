"""How far two versions of the same bars are apart: in pitch, rhythm and harmony, each 0 (equal) to 1 (nothing shared).

Conventions: all four numbers are symmetric; bars count from 0; each aspect is blind to the others.
Shares are Dice's, twice what is common over the sum of both (Dice, Ecology 26, 1945); pitches are aligned as
sequences (after Mongeau & Sankoff, "Comparison of Musical Sequences", Computers and the Humanities 24, 1990).
This module does not align single notes: see `compare_align.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiyin.analysis.columns import columns_of, pitch_class_profiles
from zhiyin.errors import InvalidInput
from zhiyin.score import Grid, Notes, Score
from zhiyin.units import FloatArray, IntArray, Ticks

WEIGHTS = {
    "pitch": 0.4,
    "rhythm": 0.4,
    "harmony": 0.2,
}  # of `overall`; harmony's is shared out where nothing is pitched
OCTAVE_CREDIT = 0.5  # the same pitch class in another octave is half the same note
SLICES = 4  # a bar's harmony is heard in so many slices


@dataclass(frozen=True, slots=True)
class Distance:
    """How far two versions are apart, each 0 (equal) to 1 (nothing in common); overall: their weighted mean."""

    pitch: float
    rhythm: float
    harmony: float
    overall: float


def bar_distance(
    a: Score, b: Score, *, parts: Sequence[int] | None = None, bars: Sequence[int] | None = None
) -> Distance:
    """Return how far two versions are apart in the given parts (indices in both) and bars (from 0); all by default.

    pitch: 1 - 2 L / (notes of both), where L is the heaviest common subsequence of pitches of each part (the same
    pitch class in another octave counts half): when notes sound does not matter. rhythm: the same over attacks, one a
    moment and part, each shared one counting half for its place and half for the shorter length over the longer:
    pitches do not matter. harmony: 1 - shared over all time that pitch classes are heard, in quarter bars, of the
    chord marks when both scores have them there, else of all pitched notes of both scores. Two silences are equal.
    Raises InvalidInput for a part that one score does not have.
    """
    count = min(len(a.parts), len(b.parts))
    chosen = range(max(len(a.parts), len(b.parts))) if parts is None else parts
    wrong = [part for part in chosen if not 0 <= part < count]
    if wrong:
        raise InvalidInput(
            f"parts to compare must be 0..{count - 1} in both scores, got {wrong[0]}: match them first"
        )
    return pair_distance(a, b, pairs=[(part, part) for part in chosen], bars=bars)


def pair_distance(
    a: Score, b: Score, *, pairs: Sequence[tuple[int | None, int | None]], bars: Sequence[int] | None = None
) -> Distance:
    """Return `bar_distance` of parts that stand at different places; None for a part that one score lacks."""
    edges = tuple(Grid.of(score).bar_ticks for score in (a, b))
    chosen = range(max(map(len, edges)) - 1) if bars is None else sorted(set(bars))
    shared, rhythm, notes, attacks = 0.0, 0.0, 0, 0
    for pair in pairs:
        lines = [_cut(s, p, e, chosen) for s, p, e in zip((a, b), pair, edges, strict=True)]
        struck = [_attacks(line) for line in lines]
        is_drums = any(p is not None and s.parts[p].is_drums for s, p in zip((a, b), pair, strict=True))
        shared += _common_pitches(*(line.pitch for line in lines), is_drums=is_drums)
        rhythm += _common_attacks(*struck)
        notes += sum(map(len, lines))
        attacks += sum(map(len, struck))
    pitch = 1 - 2 * shared / notes if notes else 0.0
    timing = 1 - 2 * rhythm / attacks if attacks else 0.0
    harmony = _harmony(a, b, edges=edges, bars=chosen)
    return Distance(pitch, timing, harmony or 0.0, _overall(pitch, timing, harmony))


def _overall(pitch: float, rhythm: float, harmony: float | None) -> float:
    if harmony is None:
        return (WEIGHTS["pitch"] * pitch + WEIGHTS["rhythm"] * rhythm) / (
            WEIGHTS["pitch"] + WEIGHTS["rhythm"]
        )
    return WEIGHTS["pitch"] * pitch + WEIGHTS["rhythm"] * rhythm + WEIGHTS["harmony"] * harmony


def _cut(score: Score, part: int | None, edges: IntArray, bars: Sequence[int]) -> Notes:
    """Return a part's notes of the chosen bars; an onset becomes bar * 2^32 + ticks in the bar."""
    if part is None:
        return Notes()
    notes = score.parts[part].notes
    bar = np.searchsorted(edges, notes.onset, side="right") - 1
    placed = notes.with_columns(onset=(bar << 32) + notes.onset - edges[bar])
    return placed.take(np.isin(bar, np.array(bars, np.int64)))


def _common_pitches(a: IntArray, b: IntArray, *, is_drums: bool) -> float:
    """Return the weight of the heaviest common subsequence of two pitch sequences."""
    best = np.zeros(b.size + 1)
    for pitch in a.tolist():
        credit = (b == pitch).astype(np.float64)
        if not is_drums:
            credit = np.maximum(credit, OCTAVE_CREDIT * ((b - pitch) % 12 == 0))
        best[1:] = np.maximum.accumulate(np.maximum(best[1:], best[:-1] + credit))
    return float(best[-1])


def _attacks(notes: Notes) -> dict[Ticks, Ticks]:
    """Return the longest length struck at each place."""
    longest: dict[Ticks, Ticks] = {}
    for note in notes:
        longest[note.onset] = max(longest.get(note.onset, 0), note.duration)
    return longest


def _common_attacks(a: dict[Ticks, Ticks], b: dict[Ticks, Ticks]) -> float:
    return sum(0.5 + 0.5 * min(a[at], b[at]) / max(a[at], b[at]) for at in a.keys() & b.keys())


def _harmony(a: Score, b: Score, *, edges: tuple[IntArray, ...], bars: Sequence[int]) -> float | None:
    """Return how far harmony is apart, None where neither score has any pitch or chord in these bars."""
    heard = [_marked(score, own, bars) for score, own in zip((a, b), edges, strict=True)]
    if not all(one.any() for one in heard):
        heard = [_sounding(score, own, bars) for score, own in zip((a, b), edges, strict=True)]
    either = float(np.maximum(*heard).sum())
    return 1 - float(np.minimum(*heard).sum()) / either if either else None


def _slices(edges: IntArray, bar: int) -> IntArray | None:
    if bar >= len(edges) - 1:
        return None
    start, end = int(edges[bar]), int(edges[bar + 1])
    return np.array([start + (end - start) * i // SLICES for i in range(SLICES + 1)], np.int64)


def _sounding(score: Score, edges: IntArray, bars: Sequence[int]) -> FloatArray:
    """Return the share of each pitch class in the sound of each slice: (bars, slices, 12)."""
    notes = columns_of(score)
    result = np.zeros((len(bars), SLICES, 12))
    for row, bar in enumerate(bars):
        cut = _slices(edges, bar)
        if cut is not None:
            profile = pitch_class_profiles(notes, cut)
            inside = _inside(notes.onset, notes.offset, cut)
            result[row] = profile / np.maximum(profile.sum(axis=1, keepdims=True), 1e-9) if inside else 0.0
    return result


def _inside(onset: IntArray, offset: IntArray, cut: IntArray) -> bool:
    return bool(((onset < cut[-1]) & (offset > cut[0])).any())


def _marked(score: Score, edges: IntArray, bars: Sequence[int]) -> FloatArray:
    """Return the share of each pitch class in the chord marked at the start of each slice: (bars, slices, 12)."""
    result = np.zeros((len(bars), SLICES, 12))
    ticks = [mark.tick for mark in score.chords]
    for row, bar in enumerate(bars):
        cut = _slices(edges, bar)
        for place, tick in enumerate([] if cut is None else cut[:-1].tolist()):
            index = int(np.searchsorted(ticks, tick, side="right")) - 1
            chord = score.chords[index].chord if index >= 0 else None
            tones = set() if chord is None else {*chord.pitch_classes, chord.bass}
            for tone in tones:
                result[row, place, tone] = 1 / len(tones)
    return result
