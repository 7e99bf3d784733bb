"""Expressive note lengths and swells, by instrument family.

Conventions: families after General MIDI programs; ends in ticks; no end passes the written end of the piece.
This module does not move onsets.
"""

from __future__ import annotations

import numpy as np

from zhiyin.perform.phrases import arc, phrase_position
from zhiyin.perform.touch import Touch
from zhiyin.score import Control, Notes, Part, Timeline
from zhiyin.units import FloatArray, IntArray, Seconds, Ticks

# Bowed and blown instruments, voices and organs: they bind notes and shape them while they sound.
SUSTAINED = frozenset([*range(16, 24), 40, 41, 42, 43, 44, *range(48, 55), *range(56, 80), 109, 110, 111])
SWELLING = frozenset(SUSTAINED - set(range(16, 24)))
OVERLAP_S: Seconds = 0.02
BREATH_S: Seconds = 0.06  # before a repeated note, and at the end of a phrase
SHORTENED = 0.93  # struck and plucked notes let go a little early
EXPRESSION, EXPRESSION_MEAN, EXPRESSION_ARC = 11, 104, 30.0
SMALLEST_SHARE = 0.5  # of a note's written length


def performed_ends(
    part: Part, onsets: IntArray, line: Timeline, *, amount: float, end: Ticks, touch: Touch | None = None
) -> IntArray:
    """Return the end of each note: bound where bowed or blown, a little short where struck, then as touched.

    onsets: the performed onsets, row by row with the part's notes.
    """
    notes = part.notes
    if part.is_drums or (amount <= 0 and touch is None) or not len(notes):
        plain: IntArray = np.minimum(onsets + notes.duration, np.maximum(end, onsets + 1))
        return plain
    rate = line.ticks_to_seconds(notes.onset + 1) - line.ticks_to_seconds(notes.onset)
    if part.program in SUSTAINED:
        wanted = notes.offset + _binding_s(notes) * amount / rate
    else:
        wanted = notes.onset + notes.duration * (1.0 - (1.0 - SHORTENED) * min(amount, 2.0))
    ends = np.maximum(wanted, onsets + SMALLEST_SHARE * notes.duration)
    if touch is not None:
        ends = touch.ends(notes, line, ends)
    ends = np.minimum(ends, _next_on_key(notes.pitch, onsets))
    result: IntArray = np.maximum(np.minimum(np.rint(ends), end), onsets + 1).astype(np.int64)
    return result


def _binding_s(notes: Notes) -> FloatArray:
    """Return seconds to add to each end: an overlap into the next note, a breath before a repeat or a rest."""
    joined = np.isin(notes.offset, notes.onset)
    repeated = np.isin(notes.offset * 128 + notes.pitch, notes.onset * 128 + notes.pitch)
    return np.where(joined & ~repeated, OVERLAP_S, -BREATH_S)


def _next_on_key(pitch: IntArray, onsets: IntArray) -> IntArray:
    order = np.lexsort((onsets, pitch))
    following = np.full(pitch.size, np.iinfo(np.int64).max)
    same = pitch[order][1:] == pitch[order][:-1]
    following[order[:-1]] = np.where(
        same, np.maximum(onsets[order][1:], onsets[order][:-1] + 1), following[order[:-1]]
    )
    return following


def swells(
    part: Part, line: Timeline, phrases: IntArray, *, amount: float, end: Ticks
) -> tuple[Control, ...]:
    """Return expression controls (11) that swell through each phrase, two a beat, for bowed and blown parts."""
    written = any(control.number == EXPRESSION for control in part.controls)
    if part.is_drums or written or amount <= 0 or part.program not in SWELLING or not len(part.notes):
        return ()
    ticks, tick = [], 0
    while tick < end:
        ticks.append(tick)
        tick += max(line.metre_at(tick).beat_ticks // 2, 1)
    at = np.array(ticks, np.int64)
    values = EXPRESSION_MEAN + amount * EXPRESSION_ARC * arc(phrase_position(at, phrases))
    levels = np.clip(np.rint(values), 40, 127).astype(np.int64)
    changed = np.append(True, levels[1:] != levels[:-1])
    return tuple(
        Control(t, EXPRESSION, v) for t, v in zip(at[changed].tolist(), levels[changed].tolist(), strict=True)
    )
