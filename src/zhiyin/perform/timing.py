"""Expressive timing: small deviations, swing, and slowing at the ends of sections.

Conventions: shifts in ticks, deviations in seconds; the whole piece keeps its length in seconds.
This module does not change loudness or note lengths.
"""

from __future__ import annotations

import numpy as np

from zhiyin.score import Notes, Part, Score, Tempo, Timeline
from zhiyin.units import MAX_BPM, MIN_BPM, TICKS_PER_QUARTER, TICKS_PER_STEP, FloatArray, IntArray, Seconds

JITTER_S: Seconds = 0.006
DRUM_JITTER_S: Seconds = 0.0025
ROLL_S: Seconds = 0.003  # between the notes of a chord on one keyboard, from the bottom up
LIMIT_S: Seconds = 0.015
# Under half a grid step, so that quantising a performance gives the notation back.
LIMIT_TICKS = 0.45 * TICKS_PER_STEP
KEYBOARD_AND_PLUCKED = frozenset([*range(0, 16), *range(24, 32), 45, 46, *range(104, 108)])
# Share of the tempo lost at the very end, and at the end of a section; music with drums keeps its beat.
FINAL_SLOWING, SECTION_SLOWING, DRUMS_FACTOR = 0.16, 0.05, 0.3
TRIPLET_DELAY_TICKS = TICKS_PER_QUARTER / 6  # a straight off-beat eighth moved to the third triplet


def performed_onsets(
    part: Part, line: Timeline, *, rng: np.random.Generator, amount: float, swing: float
) -> IntArray:
    """Return the onsets of a part with human deviations; notes written together stay within a few ms.

    amount scales the deviations; swing 0 is straight, 1 is a full triplet feel.
    """
    notes = part.notes
    chords, place, index = np.unique(notes.onset, return_index=True, return_inverse=True)
    spread_s = DRUM_JITTER_S if part.is_drums else JITTER_S
    shift_s = amount * rng.normal(0.0, spread_s, chords.size)[index]
    if part.program in KEYBOARD_AND_PLUCKED and not part.is_drums:
        shift_s = shift_s + amount * ROLL_S * (np.arange(len(notes)) - place[index])
    shift_s = np.clip(shift_s, -LIMIT_S, LIMIT_S)
    rate = _seconds_per_tick(line, notes.onset)
    shift = np.clip(shift_s / rate, -LIMIT_TICKS, LIMIT_TICKS)
    room = 0.45 * _gaps(chords)[index]
    moved: FloatArray = (notes.onset + np.clip(shift, -room, room)).astype(np.float64)
    if swing:
        moved = moved + swing * _swing_ticks(notes, line)
    return np.maximum(np.rint(moved), 0).astype(np.int64)


def _seconds_per_tick(line: Timeline, ticks: IntArray) -> FloatArray:
    result: FloatArray = line.ticks_to_seconds(ticks + 1) - line.ticks_to_seconds(ticks)
    return result


def _gaps(onsets: IntArray) -> FloatArray:
    """Return the distance from each onset to its nearer neighbour, in ticks."""
    if onsets.size < 2:
        return np.full(onsets.size, float(TICKS_PER_QUARTER))
    gaps = np.diff(onsets).astype(float)
    nearer: FloatArray = np.minimum(np.append(gaps, gaps[-1]), np.insert(gaps, 0, gaps[0]))
    return nearer


def _swing_ticks(notes: Notes, line: Timeline) -> FloatArray:
    """Return the delay of off-beat eighths in simple metres, 0 elsewhere."""
    bars = line.bar_of(notes.onset)
    inside = notes.onset - line.bar_starts(int(bars.max(initial=0)))[bars]
    off_beat = inside % TICKS_PER_QUARTER == TICKS_PER_QUARTER // 2
    simple = np.array([line.metre_at(int(t)).beat_ticks == TICKS_PER_QUARTER for t in notes.onset], bool)
    return np.where(off_beat & simple, TRIPLET_DELAY_TICKS, 0.0)


def performed_tempos(score: Score, line: Timeline, *, amount: float) -> tuple[Tempo, ...]:
    """Return tempo marks that slow into the ends of sections and the close; the total length stays.

    What the slowing costs is won back by a slightly faster tempo everywhere.
    """
    end = score.end
    if amount <= 0 or end <= 0:
        return score.tempos
    strength = amount * (DRUMS_FACTOR if any(p.is_drums and len(p.notes) for p in score.parts) else 1.0)
    factors = _factors(score, line, strength)
    if not factors:
        return score.tempos
    ticks = np.array(sorted({*factors, *(t.tick for t in score.tempos if t.tick < end)}), np.int64)
    at = np.array(sorted(factors), np.int64)
    value = np.array([factors[int(t)] for t in at])[
        np.maximum(np.searchsorted(at, ticks, side="right") - 1, 0)
    ]
    value = np.where(ticks < at[0], 1.0, value)
    length_s = np.diff(np.append(line.ticks_to_seconds(ticks), line.duration_s(end)))
    made_up = float((length_s / value).sum() / length_s.sum())
    marks = [t.tick for t in score.tempos]
    written = np.array([t.bpm for t in score.tempos])[np.searchsorted(marks, ticks, side="right") - 1]
    bpm = written * value * made_up
    if bpm.min() < MIN_BPM or bpm.max() > MAX_BPM:
        return score.tempos
    late = tuple(t for t in score.tempos if t.tick >= end)
    return (*(Tempo(int(tick), float(b)) for tick, b in zip(ticks, bpm, strict=True)), *late)


def _factors(score: Score, line: Timeline, strength: float) -> dict[int, float]:
    """Return {tick: tempo factor}; each slowing ends with a mark back to 1."""
    factors: dict[int, float] = {0: 1.0}
    closes = [(s.tick, SECTION_SLOWING) for s in score.sections if 0 < s.tick < score.end]
    for close, depth in [*closes, (score.end, FINAL_SLOWING)]:
        bar = line.bar_start(int(line.bar_of(close - 1)))
        half = line.metre_at(bar).beat_ticks // 2
        steps = range(bar, close, half)
        for number, tick in enumerate(steps, start=1):
            factors[tick] = 1.0 - min(strength * depth, 0.4) * (number / len(steps)) ** 2
        if close < score.end:
            factors[close] = 1.0
    return factors
