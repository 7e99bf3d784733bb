"""Expressive loudness: phrase arcs, metrical accents, contour, balance of roles.

Conventions: everything is a number of velocity steps added to the written velocity.
This module does not move notes in time.
"""

from __future__ import annotations

import numpy as np

from zhiyin.perform.phrases import arc, phrase_position
from zhiyin.score import Notes, Part, Timeline
from zhiyin.units import FloatArray, IntArray

ARC, DRUM_ARC = 12.0, 5.0
ACCENT, DRUM_ACCENT = 9.0, 16.0
CONTOUR, CONTOUR_LIMIT = 0.5, 5.0  # steps a semitone above the part's middle
REPEATED = -4.0
TOP_OF_CHORD, INSIDE_CHORD = 3.0, -3.0
JITTER_SD = 2.5
ROLE_STEPS = {"melody": 6.0, "accompaniment": -6.0, "chords": -6.0, "inner": -5.0, "bass": -1.0}
SOFTEST, LOUDEST = 12, 124


def performed_velocity(
    part: Part, line: Timeline, phrases: IntArray, *, rng: np.random.Generator, amount: float
) -> IntArray:
    """Return the velocities of a part played with expression; amount 0 leaves them as written."""
    notes = part.notes
    steps = (DRUM_ARC if part.is_drums else ARC) * arc(phrase_position(notes.onset, phrases))
    steps += (DRUM_ACCENT if part.is_drums else ACCENT) * (_weights(notes, line) - 0.45)
    if not part.is_drums:
        steps += ROLE_STEPS.get(part.role, 0.0) + _contour(notes) + _repeats(notes) + _chord_voicing(notes)
    steps += rng.normal(0.0, JITTER_SD, len(notes))
    louder = np.clip(np.rint(notes.velocity + amount * steps), SOFTEST, LOUDEST).astype(np.int64)
    return louder if amount > 0 else notes.velocity


def _weights(notes: Notes, line: Timeline) -> FloatArray:
    """Return each note's metrical weight, 0.1 .. 1."""
    bars = line.bar_of(notes.onset)
    starts = line.bar_starts(int(bars.max(initial=0)))[bars]
    places = np.stack([starts, notes.onset - starts], axis=1)
    unique, inverse = np.unique(places, axis=0, return_inverse=True)
    weights = [line.metre_at(start).weight(offset) for start, offset in unique.tolist()]
    return np.array(weights, float)[inverse.reshape(-1)]


def _contour(notes: Notes) -> FloatArray:
    """Return how far above the part's middle each note lies: high notes are sung out."""
    middle = np.median(notes.pitch) if len(notes) else 0.0
    result: FloatArray = np.clip(CONTOUR * (notes.pitch - middle), -CONTOUR_LIMIT, CONTOUR_LIMIT)
    return result


def _repeats(notes: Notes) -> FloatArray:
    """Return a step down for a note that repeats the one before."""
    same = np.zeros(len(notes), bool)
    same[1:] = (notes.pitch[1:] == notes.pitch[:-1]) & (notes.onset[1:] > notes.onset[:-1])
    return np.where(same, REPEATED, 0.0)


def _chord_voicing(notes: Notes) -> FloatArray:
    """Return a step up for the top note of a chord and a step down for those inside it."""
    together = np.zeros(len(notes), bool)
    above = np.zeros(len(notes), bool)  # a higher note starts at the same time (rows are sorted by pitch)
    above[:-1] = notes.onset[:-1] == notes.onset[1:]
    together[1:] = above[:-1]
    return np.where(above & together, INSIDE_CHORD, np.where(together & ~above, TOP_OF_CHORD, 0.0))
