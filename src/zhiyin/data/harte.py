"""Harte chord syntax (`Bb:min7/b3`) to chords.

Conventions: a bass is a degree above the root; a quality that the table lacks goes to the nearest that it has.
This module does not read files. Source: Harte et al., Symbolic Representation of Musical Chords, ISMIR 2005.
"""

from __future__ import annotations

import re

from zhiyin.errors import InvalidInput
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.pitch import parse_pitch_class

_SYNTAX = re.compile(r"^([A-G][#b]*)(?::([^/]*))?(?:/([b#]*\d+))?$")
_QUALITIES: dict[str, str] = {
    "maj": "", "": "", "min": "m", "7": "7", "min7": "m7", "maj7": "maj7", "maj6": "6", "min6": "m6",
    "sus4": "sus4", "sus2": "sus2", "5": "5", "1": "5", "dim": "dim", "dim7": "dim7", "hdim7": "m7b5", "aug": "aug",
    "9": "9", "maj9": "maj9", "min9": "m9", "11": "7sus4", "min11": "m9", "13": "13", "maj13": "maj9",
    "min13": "m9", "minmaj7": "mmaj7", "maj(9)": "add9", "min(9)": "madd9", "sus4(b7)": "7sus4",
    "sus4(b7,9)": "7sus4", "sus4(9)": "sus4", "sus4(b7,9,13)": "7sus4", "5(b7)": "7", "7(#9)": "7b9",
    "7(b9)": "7b9", "aug(b7)": "aug7", "maj6(9)": "6", "sus2(b7)": "7sus4", "maj11": "maj9",
}  # fmt: skip
_DEGREES = (0, 0, 2, 4, 5, 7, 9, 11, 12, 14, 16, 17, 19, 21)


def parse_harte(symbol: str) -> Chord | None:
    """Return the chord of a Harte symbol; None for no chord (`N`) or an unknown one (`X`).

    >>> parse_harte("Bb:min7/b3").name(key_fifths=-2), parse_harte("N")
    ('Bbm7/Db', None)
    """
    if symbol in ("N", "X", "NC"):
        return None
    match = _SYNTAX.match(symbol)
    if match is None:
        raise InvalidInput(
            f"chord must be root:quality/bass, got {symbol!r}: write e.g. 'C:maj' or 'A:min7/b3'"
        )
    root = parse_pitch_class(match.group(1))
    bass = (root + _degree(match.group(3))) % 12 if match.group(3) else root
    return Chord(root, quality_of_harte(match.group(2) or ""), bass)


def quality_of_harte(text: str) -> str:
    """Return the quality nearest to a Harte shorthand.

    >>> quality_of_harte("min7(11)"), quality_of_harte("7(#11)")
    ('m7', '7')
    """
    if text in _QUALITIES:
        return _QUALITIES[text]
    head = text.partition("(")[0]
    if head in _QUALITIES:
        return _QUALITIES[head]
    quality = "m" if head.startswith("min") else ""
    assert quality in QUALITIES
    return quality


def _degree(text: str) -> int:
    number = int(text.lstrip("b#"))
    if not 1 <= number <= 13:
        raise InvalidInput(f"a bass degree must be 1..13, got {text!r}")
    return _DEGREES[number] + text.count("#") - text.count("b")
