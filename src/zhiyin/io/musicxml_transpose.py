"""Transposing instruments in MusicXML: a part as its player reads it, and the <transpose> that leads back.

Conventions: a transposition is in semitones from the written to the sounding note (-2: in B flat); scores sound.
This module does not know instruments: the numbers come from `zhiyin.theory.instruments`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.score import ChordMark, KeyMark, Part, Score
from zhiyin.theory.key import Key

MAX_TRANSPOSITION = 48
# Semitones within the octave -> letters moved, both downwards: two semitones down are a second.
_LETTERS = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)


def check_transpositions(score: Score, transpositions: Sequence[int]) -> None:
    """Raise InvalidInput unless there is none, or one of at most 48 semitones for each part, 0 for drums."""
    if transpositions and len(transpositions) != len(score.parts):
        raise InvalidInput(
            f"transpositions must be one a part ({len(score.parts)}), got {len(transpositions)}: give 0 for the others"
        )
    for part, shift in zip(score.parts, transpositions, strict=False):
        if abs(shift) > MAX_TRANSPOSITION or (part.is_drums and shift):
            raise InvalidInput(
                f"a transposition must be -48..48 semitones and 0 for drums, got {shift} for {part.name!r}"
            )


def written_part(part: Part, shift: int) -> Part:
    """Return the part as written: pitches and spellings moved the other way. Raises InvalidInput past MIDI 0..127."""
    if not shift or not len(part.notes):
        return part
    pitch = part.notes.pitch - shift
    if pitch.min() < 0 or pitch.max() > 127:
        raise InvalidInput(
            f"written pitches must lie in MIDI 0..127, got {int(pitch.max())} in {part.name!r}"
        )
    spelling = part.notes.spelling
    if spelling is not None:
        moved = spelling - shift_fifths(shift)
        spelling = moved if np.abs(moved).max() <= 15 else None
    return part.with_notes(part.notes.with_columns(pitch=pitch, spelling=spelling))


def written_marks(score: Score, shift: int) -> Score:
    """Return the score with keys and chords as a part of this transposition reads them."""
    if not shift % 12:
        return score
    keys = tuple(KeyMark(mark.tick, written_key(mark.key, shift)) for mark in score.keys)
    chords = tuple(
        ChordMark(mark.tick, mark.chord and mark.chord.transpose(-shift % 12)) for mark in score.chords
    )
    return replace(score, keys=keys, chords=chords)


def written_key(key: Key, shift: int) -> Key:
    """Return the key that a player reads, with the fewest accidentals.

    >>> written_key(Key.parse("Eb"), -9).name, written_key(Key.parse("B"), -2).name
    ('C major', 'Db major')
    """
    return key.transpose(-shift % 12)


def shift_fifths(shift: int) -> int:
    """Return the way of a transposition along the line of fifths.

    >>> shift_fifths(-2), shift_fifths(-9), shift_fifths(-7), shift_fifths(-12)
    (-2, -3, -1, 0)
    """
    semitones, letters, _ = split_transposition(shift)
    return 7 * semitones - 12 * letters


def split_transposition(shift: int) -> tuple[int, int, int]:
    """Return (chromatic, diatonic, octave-change) of a transposition.

    >>> split_transposition(-14), split_transposition(-21), split_transposition(12)
    ((-2, -1, -1), (-9, -5, -1), (0, 0, 1))
    """
    sign = 1 if shift >= 0 else -1
    octaves, semitones = divmod(abs(shift), 12)
    return sign * semitones, sign * _LETTERS[semitones], sign * octaves


def transpose_xml(shift: int) -> str:
    """Return a <transpose>, or nothing for an instrument that reads what sounds."""
    if not shift:
        return ""
    chromatic, diatonic, octaves = split_transposition(shift)
    octave = f"<octave-change>{octaves}</octave-change>" if octaves else ""
    return f"<transpose><diatonic>{diatonic}</diatonic><chromatic>{chromatic}</chromatic>{octave}</transpose>"
