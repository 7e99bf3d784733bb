"""Roman numerals: a chord as a degree of a key, and back.

Conventions: upper case is a major third, lower case a minor one; degrees without accidental lie in the major or
natural minor scale; figures name inversions (6, 64, 65, 43, 42), `add6` the added sixth, `V7/V` an applied chord.
This module does not know time or phrases.
"""

from __future__ import annotations

import re

from zhiyin.errors import InvalidInput
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.key import Key

_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
_MAJOR_STEPS = (0, 2, 4, 5, 7, 9, 11)
_MINOR_STEPS = (0, 2, 3, 5, 7, 8, 10)
_MAJOR_NAMES = ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII")
_MINOR_NAMES = ("I", "bII", "II", "III", "#III", "IV", "#IV", "V", "VI", "#VI", "VII", "#VII")
# quality -> what follows the numeral; figures are appended for inversions.
_SUFFIXES = {
    "": "", "m": "", "dim": "o", "aug": "+", "7": "7", "maj7": "maj7", "m7": "7", "dim7": "o7", "m7b5": "ø7",
    "mmaj7": "maj7", "6": "add6", "m6": "add6", "sus4": "sus4", "sus2": "sus2", "7sus4": "7sus4", "5": "no3",
    "9": "9", "maj9": "maj9", "m9": "9", "add9": "add9", "madd9": "add9", "aug7": "+7", "7b9": "7b9", "13": "13",
}  # fmt: skip
_TRIAD_FIGURES, _SEVENTH_FIGURES = {0: "", 1: "6", 2: "64"}, {0: "7", 1: "65", 2: "43", 3: "42"}
_SHAPE = re.compile(r"^([#b]*)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(maj|o|ø|h|\+)?(.*)$")
_SIXTHS = {"Ger": "7", "It": "7", "Fr": "7"}


def chord_to_roman(chord: Chord, key: Key) -> str:
    """Return the Roman numeral of a chord in a key.

    >>> chord_to_roman(Chord.parse("D7"), Key.parse("C")), chord_to_roman(Chord.parse("G7/B"), Key.parse("Cm"))
    ('V7/V', 'V65')
    """
    target = (chord.root + 5 - key.tonic) % 12
    steps = _MINOR_STEPS if key.is_minor else _MAJOR_STEPS
    is_foreign = not set(chord.pitch_classes) <= key.pitch_classes
    if chord.quality == "7" and chord.bass == chord.root and is_foreign and target in steps[1:]:
        degree = _NUMERALS[steps.index(target)]
        third = (target + 3) % 12 in steps and (target + 4) % 12 not in steps
        return f"V7/{degree.lower() if third else degree}"
    step = (chord.root - key.tonic) % 12
    name = (_MINOR_NAMES if key.is_minor else _MAJOR_NAMES)[step]
    if key.is_minor and step in (10, 11) and chord.quality in ("dim", "dim7", "m7b5"):
        name = "VII" if step == 11 else "bVII"  # diminished chords count from the leading note
    is_minor = 3 in QUALITIES[chord.quality] and 4 not in QUALITIES[chord.quality]
    numeral = re.sub("[IV]+", lambda m: m.group(0).lower(), name) if is_minor else name
    return numeral + _figured(chord)


def _figured(chord: Chord) -> str:
    suffix, steps = _SUFFIXES[chord.quality], QUALITIES[chord.quality]
    over = (chord.bass - chord.root) % 12
    if over == 0:
        return suffix
    if over in steps and chord.quality in ("", "m", "dim", "aug"):
        return suffix + _TRIAD_FIGURES[steps.index(over)]
    if over in steps and chord.quality in ("7", "m7", "maj7", "dim7", "m7b5", "mmaj7", "aug7"):
        return suffix.removesuffix("7") + _SEVENTH_FIGURES[steps.index(over)]
    return f"{suffix}(on {over})"


def roman_to_chord(text: str, key: Key) -> Chord:
    """Return the chord of a Roman numeral in a key; raises InvalidInput if it is none.

    >>> roman_to_chord("V7/V", Key.parse("C")).name(), roman_to_chord("iiø65", Key.parse("Am")).name()
    ('D7', 'Bm7b5/D')
    """
    head, *applied = text.strip().split("/")
    for target in reversed(applied):
        key = _applied_key(target, key, text)
    if head.startswith("Cad"):
        root = Chord(key.tonic, "m" if key.is_minor else "")
        return Chord(root.root, root.quality, (root.root + 7) % 12)
    for name, quality in _SIXTHS.items():
        if head.startswith(name):
            return Chord((key.tonic + 8) % 12, quality)
    if head == "N" or head == "N6":
        return Chord((key.tonic + 1) % 12, "", (key.tonic + (5 if head == "N6" else 1)) % 12)
    return _numeral_chord(head, key, text)


def _applied_key(target: str, key: Key, text: str) -> Key:
    match = re.match(r"^([#b]*)([IViv]+)", target)
    if not match:
        raise InvalidInput(f"an applied chord must name a degree after '/', got {text!r}: write e.g. 'V7/V'")
    root = _root(match.group(1), match.group(2), key, text)
    return Key.from_pitch_class(root, "minor" if match.group(2).islower() else "major")


def _root(marks: str, numeral: str, key: Key, text: str) -> int:
    if numeral.upper() not in _NUMERALS:
        raise InvalidInput(f"a Roman numeral must be I..VII, got {text!r}")
    index = _NUMERALS.index(numeral.upper())
    step = (_MINOR_STEPS if key.is_minor else _MAJOR_STEPS)[index]
    return (key.tonic + step + marks.count("#") - marks.count("b")) % 12


def _numeral_chord(head: str, key: Key, text: str) -> Chord:
    place = re.match(r"^(.*)\(on (\d+)\)$", head)
    body = place.group(1) if place else head
    match = _SHAPE.match(body)
    if not match:
        raise InvalidInput(f"a Roman numeral must look like ii65, V7/V or bVII, got {text!r}")
    marks, numeral, mark, rest = match.group(1), match.group(2), match.group(3) or "", match.group(4)
    if (numeral, mark) in (("vii", "o"), ("vii", "ø")) and key.is_minor:
        marks += "#"  # the leading-note chord of a minor key stands on the raised seventh
    root = _root(marks, numeral, key, text)
    quality, inversion = _quality(numeral.islower(), mark, rest, text)
    steps = QUALITIES[quality]
    over = int(place.group(2)) if place else steps[min(inversion, len(steps) - 1)]
    return Chord(root, quality, (root + over) % 12)


def _quality(is_minor: bool, mark: str, rest: str, text: str) -> tuple[str, int]:
    sevenths = {figure: index for index, figure in _SEVENTH_FIGURES.items()} | {"2": 3}
    if mark == "maj":
        if rest in sevenths:
            return ("mmaj7" if is_minor else "maj7"), sevenths[rest]
        return "maj9", 0
    triads = {"6": 1, "64": 2, "": 0, "63": 1, "53": 0}
    if rest in triads:
        triad = {"": "m" if is_minor else "", "o": "dim", "ø": "dim", "h": "dim", "+": "aug"}[mark]
        return triad, triads[rest]
    if rest in sevenths:
        seventh = {"": "m7" if is_minor else "7", "o": "dim7", "ø": "m7b5", "h": "m7b5", "+": "aug7"}[mark]
        return seventh, sevenths[rest]
    for quality, suffix in _SUFFIXES.items():
        third_fits = (3 in QUALITIES[quality] and 4 not in QUALITIES[quality]) == is_minor
        if suffix == mark + rest and third_fits:
            return quality, 0
    raise InvalidInput(f"figures must be 6, 64, 7, 65, 43, 42 or an added note, got {rest!r} in {text!r}")
