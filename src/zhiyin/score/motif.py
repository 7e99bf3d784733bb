"""Motifs: a few notes turned round in their key — moved, mirrored, stretched, cut, answered.

Conventions: moves are in steps of the key's scale; a note outside the scale keeps its distance to the step below it.
Times run from the motif's first tick. This module fits nothing to chords: see `zhiyin.fill.acts.develop`.
Source: Schoenberg, Fundamentals of Musical Composition (1967), chapters III-IV and VII.
"""

from __future__ import annotations

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.score.note import Notes
from zhiyin.theory.key import Key
from zhiyin.units import IntArray, Ticks

TECHNIQUES = (
    "repeat",
    "sequence",
    "inversion",
    "retrograde",
    "augmentation",
    "diminution",
    "fragment",
    "answer",
)
FIFTH = 4  # steps of a scale of seven from the tonic to the dominant


def to_steps(pitches: IntArray, key: Key) -> tuple[IntArray, IntArray]:
    """Return (step of the scale counted through all octaves, semitones above it) of pitches.

    >>> steps, above = to_steps(np.array([60, 61, 62, 72]), Key.parse("C major"))
    >>> steps.tolist(), above.tolist()
    ([35, 35, 36, 42], [0, 1, 0, 0])
    """
    scale = _scale(key)
    octave, within = np.divmod(pitches - key.tonic, 12)
    place = np.searchsorted(scale, within, side="right") - 1
    return octave * scale.size + place, within - scale[place]


def to_pitches(steps: IntArray, above: IntArray, key: Key) -> IntArray:
    """Return the pitches of steps of the scale, as `to_steps` gives them.

    >>> to_pitches(np.array([35, 36]), np.array([0, 1]), Key.parse("C major")).tolist()
    [60, 63]
    """
    scale = _scale(key)
    octave, place = np.divmod(steps, scale.size)
    found: IntArray = octave * 12 + scale[place] + above + key.tonic
    return found


def _scale(key: Key) -> IntArray:
    """Return the semitones of the scale above the tonic; minor is the natural one, so that steps are seven."""
    from zhiyin.theory.scale import scale_pitch_classes

    return np.array(sorted((p - key.tonic) % 12 for p in scale_pitch_classes(key.mode, key.tonic)), np.int64)


def moved(motif: Notes, steps: int, *, key: Key) -> Notes:
    """Return the motif so many steps of the scale higher: a sequence.

    >>> moved(Notes.of([(0, 10, 60), (10, 10, 64)]), 1, key=Key.parse("C major")).pitch.tolist()
    [62, 65]
    """
    place, above = to_steps(motif.pitch, key)
    return _with_pitches(motif, to_pitches(place + steps, above, key))


def inverted(motif: Notes, *, key: Key) -> Notes:
    """Return the motif mirrored in the scale about its first note.

    >>> inverted(Notes.of([(0, 10, 60), (10, 10, 64)]), key=Key.parse("C major")).pitch.tolist()
    [60, 57]
    """
    place, above = to_steps(motif.pitch, key)
    return _with_pitches(motif, to_pitches(2 * place[0] - place, above, key)) if len(motif) else motif


def backwards(motif: Notes, *, length: Ticks) -> Notes:
    """Return the motif from its last note to its first within a length in ticks."""
    return motif.with_columns(onset=np.maximum(length - motif.offset, 0))


def stretched(motif: Notes, factor: float) -> Notes:
    """Return the motif with every time multiplied: 2 augments, 0.5 diminishes."""
    onset = np.rint(motif.onset * factor).astype(np.int64)
    end = np.rint(motif.offset * factor).astype(np.int64)
    return motif.with_columns(onset=onset, duration=np.maximum(end - onset, 1))


def fragment(motif: Notes, *, length: Ticks) -> Notes:
    """Return the beginning of the motif: what starts before a length in ticks, cut there."""
    head = motif.between(0, length)
    return head.with_columns(duration=np.minimum(head.duration, length - head.onset))


def answered(motif: Notes, *, key: Key) -> Notes:
    """Return the answer at the fifth: tonic answers dominant and dominant tonic, other notes move a fifth up.

    A tonal answer as in fugues, where the head's dominant becomes the tonic.
    """
    place, above = to_steps(motif.pitch, key)
    size = _scale(key).size
    degree = place % size
    shift = np.where(degree == FIFTH % size, size - FIFTH, FIFTH)
    return _with_pitches(motif, to_pitches(place + shift, above, key))


def _with_pitches(motif: Notes, pitches: IntArray) -> Notes:
    if pitches.size and (pitches.min() < 0 or pitches.max() > 127):
        raise InvalidInput(
            f"a motif must stay in MIDI 0..127, got {int(pitches.min())}..{int(pitches.max())}: move it less"
        )
    return motif.with_columns(pitch=pitches, spelling=None)


def in_range(motif: Notes, low: int, high: int) -> Notes:
    """Return the motif moved by whole octaves into a range, as near as it comes."""
    if not len(motif):
        return motif
    middle, wanted = (int(motif.pitch.min()) + int(motif.pitch.max())) / 2, (low + high) / 2
    lowest, highest = int(motif.pitch.min()), int(motif.pitch.max())
    shifts = [12 * n for n in range(-6, 7) if low <= lowest + 12 * n and highest + 12 * n <= high]
    if not shifts:
        shifts = [12 * n for n in range(-6, 7) if lowest + 12 * n >= 0 and highest + 12 * n <= 127]
        near = min(shifts, key=lambda shift: abs(middle + shift - wanted))
        return motif.with_columns(pitch=motif.pitch + near)
    return motif.with_columns(pitch=motif.pitch + min(shifts, key=abs))
