"""Chords: a root, a quality, a bass; parsing and naming of symbols.

Conventions: roots and basses are pitch classes 0..11; `bass` equals the root unless inverted.
This module does not know keys: Roman numbers live in `zhiyin.theory.roman`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhiyin.errors import InvalidInput
from zhiyin.theory.pitch import fifths_name, parse_fifths, spell

# The order is part of the checkpoint format: append only.
QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "dim": (0, 3, 6),
    "aug": (0, 4, 8),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "dim7": (0, 3, 6, 9),
    "m7b5": (0, 3, 6, 10),
    "mmaj7": (0, 3, 7, 11),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "sus4": (0, 5, 7),
    "sus2": (0, 2, 7),
    "7sus4": (0, 5, 7, 10),
    "5": (0, 7),
    "9": (0, 4, 7, 10, 2),
    "maj9": (0, 4, 7, 11, 2),
    "m9": (0, 3, 7, 10, 2),
    "add9": (0, 4, 7, 2),
    "madd9": (0, 3, 7, 2),
    "aug7": (0, 4, 8, 10),
    "7b9": (0, 4, 7, 10, 1),
    "13": (0, 4, 7, 10, 2, 9),
}
QUALITY_NAMES: tuple[str, ...] = tuple(QUALITIES)
_ALIASES: dict[str, str] = {
    "M": "", "maj": "", "major": "", "min": "m", "-": "m", "mi": "m", "minor": "m", "o": "dim", "°": "dim",
    "+": "aug", "#5": "aug", "M7": "maj7", "Δ": "maj7", "Δ7": "maj7", "ma7": "maj7", "j7": "maj7", "^7": "maj7",
    "^": "maj7", "major7": "maj7", "min7": "m7", "-7": "m7", "mi7": "m7", "minor7": "m7", "o7": "dim7",
    "°7": "dim7", "ø": "m7b5", "ø7": "m7b5", "h7": "m7b5", "h": "m7b5", "-7b5": "m7b5", "min7b5": "m7b5",
    "hdim7": "m7b5", "m7-5": "m7b5", "mM7": "mmaj7", "minmaj7": "mmaj7", "m(maj7)": "mmaj7", "-^7": "mmaj7",
    "maj6": "6", "M6": "6", "min6": "m6", "-6": "m6", "sus": "sus4", "7sus": "7sus4", "sus4(b7)": "7sus4",
    "9sus4": "7sus4", "11": "7sus4", "1": "5", "dom7": "7", "dominant": "7", "dominant-seventh": "7", "M9": "maj9",
    "^9": "maj9", "min9": "m9", "-9": "m9", "2": "add9", "(9)": "add9", "maj(9)": "add9", "min(9)": "madd9",
    "m(9)": "madd9", "+7": "aug7", "7#5": "aug7", "aug(b7)": "aug7", "7+": "aug7", "7+5": "aug7", "7(b9)": "7b9",
    "7-9": "7b9", "7(#9)": "7b9", "7#9": "7b9", "maj6(9)": "6", "69": "6", "6/9": "6", "min11": "m9", "m11": "m9",
    "7b5": "7", "maj7#11": "maj7", "maj13": "maj9", "min13": "m9", "7alt": "7b9", "alt": "7b9",
}  # fmt: skip
_SYMBOL = re.compile(r"^([A-G][#♯b♭]*)(.*?)(?:/([A-G][#♯b♭]*))?$")


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord as root, quality and bass.

    >>> Chord.parse("F#m7b5/C").pitch_classes
    (6, 9, 0, 4)
    """

    root: int
    quality: str = ""
    bass: int = -1

    def __post_init__(self) -> None:
        if self.quality not in QUALITIES:
            raise InvalidInput(
                f"chord quality must be one of {', '.join(map(repr, QUALITIES))}, got {self.quality!r}"
            )
        if not 0 <= self.root <= 11:
            raise InvalidInput(f"chord root must be a pitch class 0..11, got {self.root}")
        if self.bass == -1:
            object.__setattr__(self, "bass", self.root)
        if not 0 <= self.bass <= 11:
            raise InvalidInput(f"chord bass must be a pitch class 0..11, got {self.bass}")

    @classmethod
    def parse(cls, symbol: str) -> Chord:
        """Return the chord of a symbol such as `Cmaj7/G`, `F#m7b5`, `Bb7`, `Esus4`, or the nearest of the table.

        `C7b5` is C7 here: `zhiyin.theory.chord_symbol.read_symbol` keeps every tone beside it.
        """
        text = symbol.strip()
        match = _SYMBOL.match(text)
        suffix = match.group(2).strip() if match else ""
        quality = suffix if suffix in QUALITIES else _ALIASES.get(suffix, _ALIASES.get(suffix.strip("()")))
        if match is None or quality is None:
            raise InvalidInput(
                f"chord must be a root, a quality and perhaps /bass, got {symbol!r}: write e.g. 'Am7', 'Cmaj7/G'"
            )
        root = parse_fifths(match.group(1)) * 7 % 12
        bass = parse_fifths(match.group(3)) * 7 % 12 if match.group(3) else root
        return cls(root, quality, bass)

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Return the pitch classes from the root up; a foreign bass is not among them."""
        return tuple((self.root + step) % 12 for step in QUALITIES[self.quality])

    def name(self, *, key_fifths: int = 0) -> str:
        """Return the symbol, spelled for a key.

        >>> Chord(10, "m7", 1).name(key_fifths=-5)
        'Bbm7/Db'
        """
        head = fifths_name(spell(self.root, key_fifths=key_fifths)) + self.quality
        return (
            head
            if self.bass == self.root
            else f"{head}/{fifths_name(spell(self.bass, key_fifths=key_fifths))}"
        )

    def transpose(self, semitones: int) -> Chord:
        """Return the chord moved by semitones."""
        return Chord((self.root + semitones) % 12, self.quality, (self.bass + semitones) % 12)
