"""The piano roll as a time-frequency form: what sounds how loudly at which pitch, on the clock of the audio features.

Conventions: (128, frames) velocities, MIDI pitch up; frames as in `zhiyin.audio.features`, so that a roll lies over the
spectrogram of its own sound. Drums have no pitch and are left out.
This module does not hear: a roll here comes from a score.
"""

from __future__ import annotations

import numpy as np

from zhiyin.audio.features import HOP_S, PITCH_CLASSES, TimeFrequency
from zhiyin.errors import InvalidInput
from zhiyin.score import Score, Timeline
from zhiyin.units import Float32Array, Seconds

PITCHES = 128
MAX_FRAMES = 1_000_000


def piano_roll(score: Score, *, hop_s: Seconds = HOP_S) -> TimeFrequency:
    """Return the roll of a score; a cell holds the loudest velocity that sounds at the middle of its frame, else 0.

    A note shorter than a frame still fills the frame it begins in. Raises InvalidInput unless hop_s is 0.001..1.
    >>> piano_roll(Score()).values.shape
    (128, 1)
    """
    if not 0.001 <= hop_s <= 1.0:
        raise InvalidInput(
            f"a frame must last 0.001..1 s, got {hop_s!r}: {HOP_S:.4f} is that of the sound features"
        )
    line = Timeline.of(score)
    frames = 1 + int(line.duration_s(score.end) / hop_s)
    if frames > MAX_FRAMES:
        raise InvalidInput(
            f"a roll holds {MAX_FRAMES} frames, got {frames}: slice the score or take longer frames"
        )
    values = np.zeros((PITCHES, frames), np.float32)
    for part in score.parts:
        if part.is_drums or not len(part.notes):
            continue
        notes = part.notes
        first = np.rint(line.ticks_to_seconds(notes.onset) / hop_s).astype(int)
        last = np.maximum(
            np.rint(line.ticks_to_seconds(notes.onset + notes.duration) / hop_s).astype(int), first + 1
        )
        rows = zip(first.tolist(), last.tolist(), notes.pitch.tolist(), notes.velocity.tolist(), strict=True)
        for start, stop, pitch, velocity in rows:
            values[pitch, start:stop] = np.maximum(values[pitch, start:stop], velocity)
    bins = np.arange(PITCHES, dtype=float)
    return TimeFrequency("piano roll", values, bins, "MIDI pitch", "velocity", hop_s)


def roll_chroma(roll: TimeFrequency) -> TimeFrequency:
    """Return the roll folded into the twelve pitch classes, C first, the strongest of a frame 1; rests are 0."""
    folded: Float32Array = np.zeros((PITCH_CLASSES, roll.frames), np.float32)
    np.add.at(folded, np.arange(PITCHES) % PITCH_CLASSES, roll.values)
    values = folded / np.maximum(folded.max(axis=0, initial=0.0), 1e-9)
    bins = np.arange(PITCH_CLASSES, dtype=float)
    return TimeFrequency("chroma", values, bins, "pitch class", "share of the strongest", roll.hop_s)
