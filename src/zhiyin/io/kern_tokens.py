"""Humdrum **kern tokens: durations, pitches, ties; signatures and instrument codes.

Conventions: durations are exact integers, WHOLE units a whole note; spellings are line-of-fifths places.
This module does not know spines or time: see `zhiyin.io.kern`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from zhiyin.theory.key import Key
from zhiyin.theory.pitch import letter_semitones, parse_fifths
from zhiyin.units import TICKS_PER_QUARTER

# A tick holds 11 * 13 * 17 * 19 * 23 * 29 * 31 units, so that every tuplet up to 36 adds up exactly.
UNITS_PER_TICK = 11 * 13 * 17 * 19 * 23 * 29 * 31
WHOLE = 4 * TICKS_PER_QUARTER * UNITS_PER_TICK
TIE_NONE, TIE_START, TIE_ON, TIE_END = 0, 1, 2, 3

_DURATION = re.compile(r"(\d+)(?:%(\d+))?(\.*)")
_PITCH = re.compile(r"([a-gA-G])\1*(#+|-+)?")
_WEIGHTY = re.compile(r"[a-grA-G#\-\[\]_]")  # a pitch, rest, accidental or tie
_SIGNATURE = re.compile(r"^\*k\[((?:[a-g][#-]+|[a-g]n)*)\]")
_KEY = re.compile(r"^\*([a-gA-G])([#-]?):(maj|ion|mix|lyd|min|aeo|dor|phr|loc)?")
_METRE = re.compile(r"^\*M(\d+)/(\d+)$")
_MODES = {
    "mix": "mixolydian", "lyd": "lydian", "dor": "dorian", "phr": "phrygian", "loc": "locrian",
    "maj": "major", "ion": "major", "min": "minor", "aeo": "minor",
}  # fmt: skip
# Humdrum instrument codes (*Ivioln) as GM program and a name; source: Humdrum user guide, appendix.
INSTRUMENT_CODES: dict[str, tuple[int, str]] = {
    "piano": (0, "Piano"), "forte": (0, "Fortepiano"), "klav": (0, "Keyboard"), "clavi": (0, "Clavichord"),
    "clavier": (0, "Keyboard"), "cemba": (6, "Harpsichord"), "organ": (19, "Organ"), "physh": (20, "Harmonium"),
    "violn": (40, "Violin"), "viola": (41, "Viola"), "cello": (42, "Cello"),
    "cbass": (43, "Double bass"), "contr": (43, "Double bass"), "violb": (42, "Viola da gamba"),
    "violt": (41, "Viola da gamba"), "harp": (46, "Harp"), "guitr": (24, "Guitar"), "lute": (24, "Lute"),
    "zithr": (15, "Zither"), "timpa": (47, "Timpani"), "campn": (14, "Bells"), "vox": (52, "Voice"),
    "soprn": (52, "Soprano"), "canto": (52, "Canto"), "mezzo": (52, "Mezzo-soprano"), "alto": (52, "Alto"),
    "calto": (52, "Contralto"), "tenor": (52, "Tenor"), "barit": (52, "Baritone"), "bass": (52, "Bass"),
    "tromp": (56, "Trumpet"), "tromt": (57, "Trombone"), "tromb": (57, "Trombone"), "tuba": (58, "Tuba"),
    "cor": (60, "Horn"), "cangl": (69, "English horn"), "oboe": (68, "Oboe"), "fagot": (70, "Bassoon"),
    "clars": (71, "Clarinet"), "clara": (71, "Clarinet"), "clarb": (71, "Clarinet"), "picco": (72, "Piccolo"),
    "flt": (73, "Flute"), "recor": (74, "Recorder"), "tambn": (0, "Tambourine"),
}  # fmt: skip


class Sound(NamedTuple):
    """One sounding note of a token: MIDI pitch, line-of-fifths place, one of the TIE values."""

    pitch: int
    spelling: int
    tie: int


class Token(NamedTuple):
    """A **kern data token: its length in units (0 for grace notes) and its notes (none for a rest).

    has_stray: whether a length or marks stood without a pitch; alone they count as a rest.
    """

    units: int
    sounds: tuple[Sound, ...]
    has_stray: bool = False


class BadToken(ValueError):
    """A token that is not **kern; the message says why."""


def duration_units(text: str) -> int | None:
    """Return the length written in a token in units, None when it has none.

    >>> duration_units("8.c") == WHOLE * 3 // 16, duration_units("cc")
    (True, None)
    """
    match = _DURATION.search(text)
    if not match:
        return None
    number, over, dots = match.groups()
    if len(number) > 5 or len(over or "") > 5 or len(dots) > 8:
        raise BadToken(f"a duration must be a short reciprocal number, got {text[:40]!r}")
    is_long = not number.strip("0")  # 0 is a breve, 00 a longa
    units = WHOLE << len(number) if is_long else WHOLE * int(over or 1) // int(number)
    return units * ((2 << len(dots)) - 1) >> len(dots)


def _sound(text: str) -> Sound:
    match = _PITCH.search(text)
    if not match:
        raise BadToken(f"a note must have a pitch a-g, got {text[:40]!r}")
    letter, accidental = match.group(1), match.group(2) or ""
    count = match.end() - match.start() - len(accidental)
    octave = 3 + count if letter.islower() else 4 - count
    sharps = accidental.count("#") - accidental.count("-")
    pitch = 12 * (octave + 1) + letter_semitones(letter.upper()) + sharps
    if not 0 <= pitch <= 127 or abs(sharps) > 3:
        raise BadToken(f"a pitch must lie in MIDI 0..127, got {text[:40]!r}")
    tie = TIE_START if "[" in text else TIE_END if "]" in text else TIE_ON if "_" in text else TIE_NONE
    return Sound(pitch, parse_fifths(letter) + 7 * sharps, tie)


@lru_cache(maxsize=1 << 16)
def parse_token(text: str) -> Token:
    """Return the length and notes of a **kern data token; chords are separated by spaces.

    Raises BadToken. Grace notes (q) have no length and no notes.
    >>> parse_token("4c 4e-").sounds
    (Sound(pitch=60, spelling=0, tie=0), Sound(pitch=63, spelling=-3, tie=0))
    """
    written = [note for note in text.split(" ") if note and note != "."]
    timed = [note for note in written if "q" not in note and "Q" not in note]
    if not timed:
        return Token(0, ())
    if len(timed) > 64:
        raise BadToken(f"a chord must hold at most 64 notes, got {len(timed)}")
    units = next((u for u in map(duration_units, timed) if u is not None), None)
    if units is None and len(timed) < len(written) and all(map(_is_stray, timed)):
        return Token(0, (), True)
    if units is None:
        raise BadToken(f"a note must have a duration, got {text[:40]!r}")
    sounds = dict.fromkeys(_sound(note) for note in timed if "r" not in note and not _is_stray(note))
    return Token(units, tuple(sounds), any(map(_is_stray, timed)))


def _is_stray(text: str) -> bool:
    return _WEIGHTY.search(text) is None and text.isascii()


def parse_signature(text: str) -> int | None:
    """Return the fifths of a `*k[...]` signature, None when the text is none.

    >>> parse_signature("*k[b-e-]"), parse_signature("*k[]"), parse_signature("*C:")
    (-2, 0, None)
    """
    match = _SIGNATURE.match(text)
    return None if not match else match.group(1).count("#") - match.group(1).count("-")


def parse_key(text: str) -> Key | None:
    """Return the key of `*C:`, `*f#:` or `*d:dor`, None when the text is none.

    >>> parse_key("*f#:").name, parse_key("*d:dor").name
    ('F# minor', 'D dorian')
    """
    match = _KEY.match(text)
    if not match:
        return None
    letter, accidental, mode = match.groups()
    default = "minor" if letter.islower() else "major"
    return Key(parse_fifths(letter.upper() + accidental.replace("-", "b")), _MODES.get(mode, default))


def parse_metre(text: str) -> tuple[int, int] | None:
    """Return numerator and denominator of `*M3/4` (a breve as unit becomes whole notes), None when it is none.

    >>> parse_metre("*M6/8"), parse_metre("*M3/0"), parse_metre("*MM90")
    ((6, 8), (6, 1), None)
    """
    match = _METRE.match(text)
    if not match or len(text) > 16:
        return None
    numerator, denominator = int(match.group(1)), int(match.group(2))
    return (numerator * 2, 1) if denominator == 0 else (numerator, denominator)
