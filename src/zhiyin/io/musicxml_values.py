"""MusicXML values: keys, metres, tempos, chord symbols, pitches and their names.

Conventions: pure functions of elements; a value that cannot be understood is BadValue or None as told.
This module does not know time or parts: see `zhiyin.io.musicxml_part`.
"""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree.ElementTree import Element

from zhiyin.errors import InvalidInput
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import MODE_FIFTHS, Key
from zhiyin.theory.metre import Metre

STEP_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
STEP_FIFTHS = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}
# Quality of our chords as (kind, ((degree, alter), ...)); source: MusicXML 4.0, kind-value.
KIND_OF_QUALITY: dict[str, tuple[str, tuple[tuple[int, int], ...]]] = {
    "": ("major", ()), "m": ("minor", ()), "dim": ("diminished", ()), "aug": ("augmented", ()),
    "7": ("dominant", ()), "maj7": ("major-seventh", ()), "m7": ("minor-seventh", ()),
    "dim7": ("diminished-seventh", ()), "m7b5": ("half-diminished", ()), "mmaj7": ("major-minor", ()),
    "6": ("major-sixth", ()), "m6": ("minor-sixth", ()), "sus4": ("suspended-fourth", ()),
    "sus2": ("suspended-second", ()), "7sus4": ("suspended-fourth", ((7, -1),)), "5": ("power", ()),
    "9": ("dominant-ninth", ()), "maj9": ("major-ninth", ()), "m9": ("minor-ninth", ()),
    "add9": ("major", ((9, 0),)), "madd9": ("minor", ((9, 0),)), "aug7": ("augmented-seventh", ()),
    "7b9": ("dominant", ((9, -1),)), "13": ("dominant-13th", ()),
}  # fmt: skip
_QUALITY_OF_KIND = {
    **{shape: quality for quality, shape in KIND_OF_QUALITY.items()},
    ("dominant-11th", ()): "7sus4", ("major-11th", ()): "maj9", ("minor-11th", ()): "m9",
    ("major-13th", ()): "maj9", ("minor-13th", ()): "m9", ("pedal", ()): "", ("", ()): "",
    ("major", ((2, 0),)): "add9", ("minor", ((2, 0),)): "madd9", ("dominant", ((9, 1),)): "7b9",
    ("dominant", ((13, 0),)): "13", ("dominant", ((9, 0),)): "9", ("minor-seventh", ((9, 0),)): "m9",
    ("major-seventh", ((9, 0),)): "maj9", ("minor-seventh", ((5, -1),)): "m7b5", ("dominant", ((5, 1),)): "aug7",
    ("major-sixth", ((9, 0),)): "6", ("minor-seventh", ((7, 1),)): "mmaj7", ("minor", ((7, 0),)): "mmaj7",
}  # fmt: skip
# Quarters of a metronome's beat unit.
UNIT_QUARTERS = {
    "maxima": Fraction(32), "long": Fraction(16), "breve": Fraction(8), "whole": Fraction(4), "half": Fraction(2),
    "quarter": Fraction(1), "eighth": Fraction(1, 2), "16th": Fraction(1, 4), "32nd": Fraction(1, 8),
    "64th": Fraction(1, 16),
}  # fmt: skip
# ppp..fff as MIDI velocities: the eight levels that quantising keeps.
DYNAMIC_VELOCITY = {
    "pppp": 16, "ppp": 16, "pp": 32, "p": 48, "mp": 64, "mf": 80, "f": 96, "ff": 112, "fff": 127, "ffff": 127,
}  # fmt: skip


class BadValue(ValueError):
    """A MusicXML value that breaks a rule; the message says which."""


def number_of(text: str | None, what: str) -> int | Fraction:
    """Return an exact number of at most 16 characters. Raises BadValue.

    >>> number_of("4", "duration"), number_of("0.5", "duration")
    (4, Fraction(1, 2))
    """
    clean = (text or "").strip()
    if len(clean) <= 16:
        try:
            return int(clean)
        except ValueError:
            if re.fullmatch(r"[+-]?\d*\.\d+|[+-]?\d+\.", clean):
                return Fraction(clean)
    raise BadValue(f"<{what}> must be a number, got {clean[:40]!r}")


def integer_of(text: str | None, what: str) -> int:
    """Return a whole number. Raises BadValue."""
    return int(number_of(text, what))


def transposition_fifths(diatonic: int | None, chromatic: int) -> int:
    """Return the way along the line of fifths of a written transposition; a missing diatonic step is guessed.

    >>> transposition_fifths(-1, -2), transposition_fifths(None, -9)
    (-2, -3)
    """
    if diatonic is None or not -6 <= 7 * chromatic - 12 * diatonic <= 6:
        return (chromatic * 7 + 5) % 12 - 5
    return 7 * chromatic - 12 * diatonic


def key_of(element: Element, shift_fifths: int) -> Key | None:
    """Return the sounding key of a <key>, None when it is not traditional."""
    fifths = element.findtext("fifths")
    if fifths is None:
        return None
    mode = (element.findtext("mode") or "major").strip()
    mode = {"ionian": "major", "aeolian": "minor"}.get(mode, mode if mode in MODE_FIFTHS else "major")
    signature = integer_of(fifths, "fifths")
    if not -7 <= signature <= 7:
        raise BadValue(f"<fifths> must lie in -7..7, got {signature}")
    sounding = signature + shift_fifths
    if abs(sounding) > 7:  # B major on a B flat clarinet: D flat as written.
        sounding -= 12 if sounding > 0 else -12
    return Key(sounding - MODE_FIFTHS[mode], mode)


def metre_of(element: Element) -> Metre | None:
    """Return the metre of a <time>, sums such as 3+2 added up; None for senza misura."""
    pairs = list(
        zip(
            [e.text or "" for e in element.iterfind("beats")],
            [integer_of(e.text, "beat-type") for e in element.iterfind("beat-type")],
            strict=False,
        )
    )
    if not pairs:
        return None
    unit = max(beat_type for _, beat_type in pairs)
    if min(beat_type for _, beat_type in pairs) < 1:
        raise BadValue(f"<beat-type> must be 1 or more, got {unit}")
    beats = [
        integer_of(term, "beats") * Fraction(unit, beat_type)
        for text, beat_type in pairs
        for term in text.split("+")
    ]
    return Metre(int(sum(beats)), unit)


def tempo_of(direction: Element) -> float | None:
    """Return quarters a minute of a <direction>: its <sound tempo>, or else its metronome mark.

    >>> from xml.etree.ElementTree import fromstring as xml
    >>> tempo_of(xml("<direction><sound tempo='96'/></direction>"))
    96.0
    """
    sound = direction.find("sound")
    if sound is not None and sound.get("tempo"):
        return float(number_of(sound.get("tempo", "")[:16], "sound tempo"))
    metronome = direction.find("direction-type/metronome")
    if metronome is None:
        return None
    unit = UNIT_QUARTERS.get((metronome.findtext("beat-unit") or "").strip())
    number = re.search(r"\d{1,4}(?:\.\d+)?", metronome.findtext("per-minute") or "")
    if unit is None or number is None:
        return None
    dots = len(metronome.findall("beat-unit-dot"))
    return float(unit * (2 - Fraction(1, 2 ** min(dots, 8)))) * float(number.group())


def _pitch_class(element: Element, name: str) -> int | None:
    step = element.findtext(f"{name}-step")
    if step is None or step.strip() not in STEP_SEMITONES:
        return None
    alter = element.findtext(f"{name}-alter")
    return (STEP_SEMITONES[step.strip()] + (integer_of(alter, "alter") if alter else 0)) % 12


def chord_of(element: Element, shift_semitones: int) -> tuple[bool, Chord | None]:
    """Return (understood, chord) of a <harmony>; the chord is None for N.C."""
    root_element, bass_element = element.find("root"), element.find("bass")
    kind = (element.findtext("kind") or "").strip()
    if kind == "none":
        return True, None
    root = None if root_element is None else _pitch_class(root_element, "root")
    if root is None:
        return False, None
    bass = root if bass_element is None else _pitch_class(bass_element, "bass")
    quality = _quality_of(element, kind)
    if quality is None:
        return False, None
    base = root if bass is None else bass
    return True, Chord((root + shift_semitones) % 12, quality, (base + shift_semitones) % 12)


def _quality_of(element: Element, kind: str) -> str | None:
    degrees = []
    for degree in element.iterfind("degree"):
        if (degree.findtext("degree-type") or "").strip() != "subtract":
            value, alter = degree.findtext("degree-value"), degree.findtext("degree-alter")
            degrees.append((integer_of(value, "degree-value"), integer_of(alter or "0", "degree-alter")))
    quality = _QUALITY_OF_KIND.get((kind, tuple(sorted(degrees))))
    if quality is None:  # A tension we have no name for: keep the chord without it.
        quality = _QUALITY_OF_KIND.get((kind, ()))
    if quality is None:
        text = (element.find("kind").get("text") if element.find("kind") is not None else "") or ""  # type: ignore[union-attr]
        try:
            return Chord.parse("C" + text).quality if text else None
        except InvalidInput:
            return None
    return quality
