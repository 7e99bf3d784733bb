"""How a chord is spelled in a key: its root, its bass and its tones as places on the line of fifths.

Conventions: a spelling is a place on the line of fifths (C 0, G 1, F -1); a key is its signature in fifths.
This module knows chords and signatures, no files and no notes.
"""

from __future__ import annotations

from functools import lru_cache

from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.pitch import fifths_name, spell

# Semitones above the root -> steps on the line of fifths: a third is a third, not a raised second.
_STEPS = {0: 0, 1: -5, 2: 2, 3: -3, 4: 4, 5: -1, 6: -6, 7: 1, 8: 8, 9: 3, 10: -2, 11: 5}
_DIMINISHED_SEVENTH = -9
_SCALE_LOW, _SCALE_HIGH = -1, 5  # the seven tones of a signature: F..B in C
_FLATTEST, _SHARPEST = -8, 12  # Fb and B#: beyond stand double accidentals
_DOUBLE_COST = 6


@lru_cache(maxsize=4096)
def spell_chord(chord: Chord, key_fifths: int) -> tuple[int, int, dict[int, int]]:
    """Return (root, bass, spelling of each chord tone by pitch class) of a chord in a key.

    The root is the one whose triad leaves the key's own tones least and needs no double accidentals.
    >>> [fifths_name(spell_chord(Chord.parse(c), 3)[0]) for c in ("D#maj7", "E#dim", "C#7", "Bbm")]
    ['Eb', 'E#', 'C#', 'A#']
    """
    sharp = chord.root * 7 % 12
    roots = [root for root in (sharp - 12, sharp, sharp + 12) if _FLATTEST <= root <= _SHARPEST]
    steps = _steps(chord.quality)
    root = min(roots, key=lambda r: (_strangeness(r, steps[:3], key_fifths), abs(r - key_fifths - 2)))
    tones = {(root + step) * 7 % 12: root + step for step in steps}
    tones = {pc: tone if _is_plain(tone) else spell(pc, key_fifths=key_fifths) for pc, tone in tones.items()}
    return root, tones.get(chord.bass, spell(chord.bass, key_fifths=key_fifths)), tones


def chord_name(chord: Chord, key_fifths: int) -> str:
    """Return the symbol of a chord, spelled for a key.

    >>> chord_name(Chord.parse("D#maj7"), 3), chord_name(Chord.parse("C#7/F"), 3)
    ('Ebmaj7', 'C#7/E#')
    """
    root, bass, _ = spell_chord(chord, key_fifths)
    name = fifths_name(root) + chord.quality
    return name if chord.bass == chord.root else f"{name}/{fifths_name(bass)}"


def _steps(quality: str) -> list[int]:
    steps = [_STEPS[semitones] for semitones in QUALITIES[quality]]
    return [_DIMINISHED_SEVENTH if quality == "dim7" and step == _STEPS[9] else step for step in steps]


def _strangeness(root: int, steps: list[int], key_fifths: int) -> int:
    cost = 0
    for step in steps:
        tone = root + step
        low, high = key_fifths + _SCALE_LOW, key_fifths + _SCALE_HIGH
        cost += max(0, low - tone, tone - high) + (0 if _is_plain(tone) else _DOUBLE_COST)
    return cost


def _is_plain(tone: int) -> bool:
    return _FLATTEST <= tone <= _SHARPEST
