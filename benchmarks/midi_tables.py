"""What a checker must know of music: instruments, scales, chord symbols, strong beats, key profiles.

Conventions: pitches are sounding MIDI numbers, pitch classes 0..11; written down anew here, never imported from
zhiyin, so that an error there is not repeated. Does not know: files or wishes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
DRUM_KEYS = range(35, 82)  # General MIDI 1, percussion key map


class Instrument(NamedTuple):
    """GM program (-1 for a drum kit), lowest and highest playable note, most notes at once."""

    program: int
    low: int
    high: int
    most: int


# Ranges: S. Adler, The Study of Orchestration, 4th ed. (professional ranges); Chinese instruments: Grove Music Online;
# keyboards and guitars: their keys and frets; synthesisers: no limit of their own.
INSTRUMENTS: dict[str, Instrument] = {
    name: Instrument(*numbers)
    for name, numbers in {
        "piano": (0, 21, 108, 10), "electric piano": (4, 21, 108, 10), "harpsichord": (6, 29, 89, 10),
        "music box": (10, 60, 96, 8), "vibraphone": (11, 53, 89, 4), "yangqin": (15, 43, 91, 6),
        "hammond organ": (16, 36, 96, 10), "organ": (19, 24, 96, 10), "accordion": (21, 41, 96, 10),
        "nylon guitar": (24, 40, 88, 6), "guitar": (25, 40, 88, 6), "electric guitar": (27, 40, 88, 6),
        "distortion guitar": (30, 40, 88, 6), "upright bass": (32, 28, 67, 4), "bass guitar": (33, 28, 67, 4),
        "synth bass": (38, 0, 127, 16), "violin": (40, 55, 103, 4), "viola": (41, 48, 91, 4),
        "cello": (42, 36, 84, 4), "double bass": (43, 28, 67, 4), "harp": (46, 23, 103, 8),
        "timpani": (47, 36, 60, 4), "strings": (48, 28, 103, 16), "choir": (52, 40, 84, 16),
        "soprano": (52, 59, 84, 1), "alto": (52, 53, 77, 1), "tenor": (52, 47, 72, 1), "bass voice": (52, 40, 64, 1),
        "voice": (53, 47, 84, 1), "trumpet": (56, 54, 86, 1), "trombone": (57, 40, 77, 1), "tuba": (58, 26, 65, 1),
        "french horn": (60, 34, 77, 1), "brass": (61, 26, 86, 16), "tenor sax": (66, 44, 76, 1),
        "oboe": (68, 58, 91, 1), "clarinet": (71, 50, 94, 1), "flute": (73, 59, 98, 1), "dizi": (73, 57, 98, 1),
        "recorder": (74, 65, 98, 1), "tin whistle": (74, 74, 98, 1), "xiao": (77, 55, 86, 1),
        "synth lead": (81, 0, 127, 16), "synth pad": (89, 0, 127, 16), "synth": (90, 0, 127, 16),
        "banjo": (105, 48, 91, 5), "pipa": (106, 45, 91, 4), "guzheng": (107, 38, 86, 8), "erhu": (110, 62, 98, 2),
        "drums": (-1, 35, 81, 127),
    }.items()
}  # fmt: skip
# Played with two hands, so that one player may stand on two tracks.
TWO_HANDED = {"piano", "electric piano", "harpsichord", "organ", "accordion", "harp", "guitar", "nylon guitar",
              "guzheng", "pipa", "music box", "vibraphone", "synth"}  # fmt: skip

# Semitones above the tonic; minor as musicians write it, with the raised sixth and seventh.
SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 9, 10, 11), "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10), "lydian": (0, 2, 4, 6, 7, 9, 11), "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "gong": (0, 2, 4, 7, 9), "shang": (0, 2, 5, 7, 10), "jue": (0, 3, 5, 8, 10), "zhi": (0, 2, 5, 7, 9),
    "yu": (0, 3, 5, 7, 10),
}  # fmt: skip
MINOR_LIKE = {"minor", "dorian", "phrygian", "yu", "jue"}

_TONES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7), "m": (0, 3, 7), "dim": (0, 3, 6), "aug": (0, 4, 8), "5": (0, 7), "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9), "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11), "m7": (0, 3, 7, 10), "mmaj7": (0, 3, 7, 11),
    "dim7": (0, 3, 6, 9),
    "m7b5": (0, 3, 6, 10), "aug7": (0, 4, 8, 10), "sus4": (0, 5, 7), "sus2": (0, 2, 7), "7sus4": (0, 5, 7, 10),
    "9": (0, 2, 4, 7, 10), "maj9": (0, 2, 4, 7, 11), "m9": (0, 2, 3, 7, 10), "add9": (0, 2, 4, 7),
    "madd9": (0, 2, 3, 7), "7b9": (0, 1, 4, 7, 10), "13": (0, 2, 4, 7, 9, 10),
}  # fmt: skip
_SYMBOL = re.compile(r"([A-G])([#b]*)([a-z0-9]*)(?:/([A-G])([#b]*))?")

# Beats of a bar on which a new note must belong to the chord, in units of the metre's denominator.
STRONG_BEATS: dict[tuple[int, int], tuple[int, ...]] = {(4, 4): (0, 2), (12, 8): (0, 6)}

# Krumhansl & Kessler, Psychological Review 89 (1982): probe-tone ratings of C major and C minor.
MAJOR_PROFILE = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR_PROFILE = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


class Chord(NamedTuple):
    """Pitch classes of a symbol, its root and its bass."""

    tones: frozenset[int]
    root: int
    bass: int


def pitch_class(letter: str, accidentals: str) -> int:
    """Return the pitch class of a letter with sharps and flats.

    >>> pitch_class("B", "b"), pitch_class("F", "##")
    (10, 7)
    """
    return (LETTERS[letter] + accidentals.count("#") - accidentals.count("b")) % 12


def parse_chord(symbol: str) -> Chord | None:
    """Return the chord of a symbol such as "Bbm7/Db", None for "N" (no chord); raises ValueError otherwise.

    >>> sorted(parse_chord("Bbm7/Db").tones), parse_chord("Bbm7/Db").bass
    ([1, 5, 8, 10], 1)
    """
    if symbol == "N":
        return None
    match = _SYMBOL.fullmatch(symbol)
    if match is None or match[3] not in _TONES:
        raise ValueError(f"a chord must be a root, a known quality and perhaps a bass, got {symbol!r}")
    root = pitch_class(match[1], match[2])
    bass = pitch_class(match[4], match[5]) if match[4] else root
    return Chord(frozenset((root + step) % 12 for step in _TONES[match[3]]), root, bass)


def parse_key(name: str) -> tuple[int, str]:
    """Return tonic pitch class and mode of "D dorian", "F# minor" or a signature name such as "Dm".

    >>> parse_key("Bb major"), parse_key("F#m")
    ((10, 'major'), (6, 'minor'))
    """
    match = re.fullmatch(r"([A-G])([#b]*)(m?)(?: (.+))?", name)
    mode = (match[4] or ("minor" if match[3] else "major")) if match else ""
    if match is None or mode not in SCALES:
        raise ValueError(f"a key must be a letter and one of {', '.join(SCALES)}, got {name!r}")
    return pitch_class(match[1], match[2]), mode


def scale_of(name: str) -> frozenset[int]:
    """Return the pitch classes of a key.

    >>> sorted(scale_of("G gong"))
    [2, 4, 7, 9, 11]
    """
    tonic, mode = parse_key(name)
    return frozenset((tonic + step) % 12 for step in SCALES[mode])


def estimated_key(weights: list[float]) -> tuple[int, bool]:
    """Return (tonic, is minor) of the key whose profile correlates best with 12 summed durations.

    Source: C. Krumhansl, Cognitive Foundations of Musical Pitch, 1990, ch. 4.
    """
    best = max(
        (_correlation(weights[tonic:] + weights[:tonic], profile), -tonic, is_minor)
        for tonic in range(12)
        for profile, is_minor in ((MAJOR_PROFILE, False), (MINOR_PROFILE, True))
    )
    return -best[1], best[2]


def _correlation(one: list[float], other: tuple[float, ...]) -> float:
    mean_one, mean_other = sum(one) / 12, sum(other) / 12
    pairs = [(a - mean_one, b - mean_other) for a, b in zip(one, other, strict=True)]
    scale = sum(a * a for a, _ in pairs) * sum(b * b for _, b in pairs)
    return float(sum(a * b for a, b in pairs) / scale**0.5) if scale else 0.0
