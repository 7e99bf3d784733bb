"""Pitches as MIDI numbers, pitch classes and spelled names.

Conventions: middle C is C4 = 60; a spelling is a place on the line of fifths (F -1, C 0, G 1, F# 6, Bb -2).
This module does not know keys: the key decides a spelling, see `zhiyin.theory.key`.
"""

from __future__ import annotations

import re

from zhiyin.errors import InvalidInput

LETTERS = "CDEFGAB"
_LETTER_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_FIFTHS_LETTERS = "FCGDAEB"
_NAME = re.compile(r"^([A-Ga-g])([#♯xb♭]*)(-?\d+)?$")


def parse_pitch_class(name: str) -> int:
    """Return the pitch class 0..11 (C = 0) of a name such as `F#`, `Bb`, `E♭`.

    >>> parse_pitch_class("Bb")
    10
    """
    return parse_fifths(name) * 7 % 12


def parse_fifths(name: str) -> int:
    """Return the place of a note name on the line of fifths (C = 0, G = 1, F = -1).

    >>> parse_fifths("F#"), parse_fifths("Eb")
    (6, -3)
    """
    match = _NAME.match(name.strip())
    if not match or match.group(3):
        raise InvalidInput(f"note name must be a letter A-G with #, b or x, got {name!r}: write e.g. 'F#'")
    letter, accidentals = match.group(1).upper(), match.group(2)
    sharps = sum({"#": 1, "♯": 1, "x": 2, "b": -1, "♭": -1}[mark] for mark in accidentals)
    return _FIFTHS_LETTERS.index(letter) - 1 + 7 * sharps


def parse_pitch(name: str) -> int:
    """Return the MIDI number of a name with octave, such as `C4` (60) or `A#-1`.

    >>> parse_pitch("Eb5")
    75
    """
    match = _NAME.match(name.strip())
    if not match or match.group(3) is None:
        raise InvalidInput(f"pitch must be a note name with an octave, got {name!r}: write e.g. 'C4'")
    letter, accidentals, octave = match.groups()
    sharps = sum({"#": 1, "♯": 1, "x": 2, "b": -1, "♭": -1}[mark] for mark in accidentals)
    pitch = 12 * (int(octave) + 1) + _LETTER_SEMITONES[letter.upper()] + sharps
    if not 0 <= pitch <= 127:
        raise InvalidInput(f"pitch must lie in MIDI 0..127 (C-1..G9), got {name!r} = {pitch}")
    return pitch


def fifths_name(fifths: int) -> str:
    """Return the note name at a place on the line of fifths.

    >>> fifths_name(6), fifths_name(-3)
    ('F#', 'Eb')
    """
    accidental, index = divmod(fifths + 1, 7)
    return _FIFTHS_LETTERS[index] + ("#" * accidental if accidental > 0 else "b" * -accidental)


def spell(pitch_class: int, *, key_fifths: int = 0) -> int:
    """Return the line-of-fifths place nearest to a key that sounds as this pitch class.

    key_fifths: sharps (+) or flats (-) in the signature. The window reaches 4 flat to 7 sharp of it,
    so that C major gives Bb, Eb, F#, C# and G#.
    >>> fifths_name(spell(10)), fifths_name(spell(10, key_fifths=5))
    ('Bb', 'A#')
    """
    low = key_fifths - 3
    return low + (pitch_class * 7 - low) % 12


def pitch_name(pitch: int, *, key_fifths: int = 0) -> str:
    """Return the name with octave of a MIDI number, spelled for a key.

    >>> pitch_name(61), pitch_name(61, key_fifths=-4)
    ('C#4', 'Db4')
    """
    name = fifths_name(spell(pitch % 12, key_fifths=key_fifths))
    return f"{name}{octave_of(pitch, name)}"


def octave_of(pitch: int, name: str) -> int:
    """Return the written octave of a pitch under a spelling (B# belongs to the octave below).

    >>> octave_of(60, "B#"), octave_of(59, "Cb")
    (3, 4)
    """
    sharps = name.count("#") - name.count("b")
    return (pitch - sharps - _LETTER_SEMITONES[name[0]]) // 12 - 1


def letter_semitones(letter: str) -> int:
    """Return the semitones of a natural letter above C.

    >>> letter_semitones("A")
    9
    """
    return _LETTER_SEMITONES[letter]
