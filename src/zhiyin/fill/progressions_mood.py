"""Harmony by mood: which chords are welcome, and chords borrowed or tensed where the key is not to change.

Conventions: chords are (semitones above the tonic, quality); colour and tension as in `Harmony`; without them nothing
is drawn from the dice and nothing changes. Brightness of chords and their tension after Lahdelma & Eerola, "Single
chords convey distinct emotional qualities" (2016). This module does not order chords: see `zhiyin.fill.progressions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

import numpy as np

from zhiyin.fill.progressions_grammar import Phrase
from zhiyin.fill.progressions_harmony import Harmony
from zhiyin.fill.progressions_tables import TableChord
from zhiyin.theory.chord import QUALITIES
from zhiyin.units import Ticks

Marks = list[tuple[Ticks, TableChord]]

_BRIGHT = {"": 1.0, "6": 0.9, "add9": 0.9, "maj7": 0.7, "maj9": 0.7, "7": 0.3, "9": 0.3, "m": -1.0, "madd9": -1.0,
           "m7": -0.7, "m6": -0.9, "m9": -0.6, "mmaj7": -1.1, "dim": -0.8, "m7b5": -0.8, "dim7": -0.8}  # fmt: skip
_TENSE = {"7": 0.4, "9": 0.4, "7sus4": 0.3, "sus4": 0.2, "maj7": 0.25, "m7": 0.15, "aug": 0.9, "aug7": 0.9, "dim": 0.9,
          "m7b5": 0.7, "dim7": 1.0, "7b9": 1.0, "mmaj7": 0.9}  # fmt: skip
# Log odds at full colour or tension: of a chord drawn from the tables, and of a stock phrase by its mean.
_CHORD_ODDS, _PHRASE_ODDS = 1.1, 2.5
_DRIVES_TO_MINOR = -0.4
# How often, at full colour, a close inside the piece goes to the relative key, and a section begins on its home.
_RELATIVE_CLOSE, _RELATIVE_START = 1.3, 1.2
_BRIGHT_CLOSE, _PICARDY_FAMILIES = 1.3, ("art", "dance", "hymn")
_LEAST_LEAN = 0.15  # of colour or tension for a chord to be changed
# (degree, quality) -> what may stand there instead, with the chance at full colour or tension.
_DARK_MAJOR: dict[TableChord, tuple[tuple[TableChord, float], ...]] = {
    (5, ""): (((5, "m"), 0.45), ((2, "m"), 0.3)), (0, ""): (((9, "m"), 0.5),), (2, "m"): (((2, "m7b5"), 0.35),),
    (7, ""): (((4, "m"), 0.4),), (7, "7"): (((4, "m"), 0.35),), (5, "maj7"): (((5, "m"), 0.45),),
    (2, "7"): (((2, "m"), 0.7),), (4, "7"): (((9, "m"), 0.3),),
}  # fmt: skip
_BRIGHT_MINOR: dict[TableChord, tuple[tuple[TableChord, float], ...]] = {
    (0, "m"): (((3, ""), 0.8),), (5, "m"): (((8, ""), 0.6), ((3, ""), 0.3)),
    (7, "m"): (((10, ""), 1.0), ((3, ""), 0.8)),
    (7, ""): (((10, ""), 0.9),), (7, "7"): (((10, ""), 0.9),), (2, "dim"): (((10, ""), 0.9),),
    (2, "m7b5"): (((8, ""), 0.9),), (0, "m7"): (((3, ""), 0.8),), (10, ""): (((3, ""), 0.35),),
    (8, ""): (((3, ""), 0.2),), (2, "7"): (((8, ""), 0.6),), (10, "7"): (((3, ""), 0.4),),
}  # fmt: skip
_TENSE_MAJOR: dict[TableChord, tuple[tuple[TableChord, float], ...]] = {
    (7, ""): (((11, "dim7"), 0.5), ((7, "7"), 0.4)), (7, "7"): (((11, "dim7"), 0.4),), (2, "m"): (((2, "m7b5"), 0.4),),
    (5, ""): (((5, "m6"), 0.3),), (9, "m"): (((6, "dim7"), 0.3),),
}  # fmt: skip
_TENSE_MINOR: dict[TableChord, tuple[tuple[TableChord, float], ...]] = {
    (7, ""): (((11, "dim7"), 0.5), ((7, "7"), 0.3)), (7, "7"): (((11, "dim7"), 0.4),),
    (5, "m"): (((2, "m7b5"), 0.4), ((1, ""), 0.3)), (10, ""): (((11, "dim7"), 0.4),), (3, ""): (((6, "dim7"), 0.35),),
    (2, "dim"): (((1, ""), 0.3),), (7, "m"): (((7, "7"), 0.6),),
}  # fmt: skip
_CALM: dict[TableChord, tuple[tuple[TableChord, float], ...]] = {
    (7, "7"): (((7, ""), 0.6),), (2, "m7b5"): (((5, "m"), 0.7),), (2, "dim"): (((5, "m"), 0.7),),
    (11, "dim"): (((7, ""), 0.7),), (11, "dim7"): (((7, ""), 0.7),),
}  # fmt: skip
_WISTFUL: dict[TableChord, tuple[tuple[TableChord, float], ...]] = {
    (5, ""): (((5, "maj7"), 0.4),), (2, "m"): (((2, "m7"), 0.5),), (9, "m"): (((9, "m7"), 0.4),),
    (8, ""): (((8, "maj7"), 0.5),), (5, "m"): (((5, "m7"), 0.4),), (3, ""): (((3, "maj7"), 0.4),),
}  # fmt: skip
_PLAIN = ("", "m", "7", "dim", "sus4")  # what styles of plain chords hold
_WISTFUL_TENSION = (0.12, 0.5)


def welcome(harmony: Harmony, chord: TableChord) -> float:
    """Return the factor on how likely a chord is, 1 where no mood leans.

    >>> from zhiyin.fill.norms import norms_of
    >>> from zhiyin.theory.key import Key
    >>> from zhiyin.theory.metre import Metre
    >>> welcome(Harmony(Key(0), norms_of("song"), Metre(4, 4)), (0, "m"))
    1.0
    """
    lean = harmony.colour * _brightness(chord, harmony) + harmony.tension * _TENSE.get(chord[1], 0.0)
    return exp(_CHORD_ODDS * lean) if lean else 1.0


def _brightness(chord: TableChord, harmony: Harmony) -> float:
    """Return how bright a chord is in its key: what drives home to minor is dark, whatever its own third."""
    if harmony.table_mode == "minor" and chord[0] in (7, 2, 11):
        return _DRIVES_TO_MINOR
    return _BRIGHT.get(chord[1], 0.0)


def brightly_closed(marks: Marks, harmony: Harmony, rng: np.random.Generator) -> Marks:
    """Return the marks of the last section as a bright piece in minor may end: through VII, or on the major chord.

    Popular styles take the chord below home in place of the dominant, others the tierce de Picardie; all else stays.
    """
    if harmony.key.mode != "minor" or harmony.colour < _LEAST_LEAN or harmony.is_blues or harmony.is_chinese:
        return marks
    family, dice = harmony.norms.family, float(rng.random())
    if len(marks) < 2 or marks[-1][1] != (0, "m") or dice >= min(1.0, _BRIGHT_CLOSE * harmony.colour):
        return marks
    if family in _PICARDY_FAMILIES:
        return [*marks[:-1], (marks[-1][0], (0, ""))]
    if family == "pop" and marks[-2][1][0] == 7:
        before = (
            [(t, (8, "") if c[0] == 10 and t == marks[-3][0] else c) for t, c in marks[:-2]]
            if len(marks) > 2
            else []
        )
        return [*before, (marks[-2][0], (10, "")), marks[-1]]
    return marks


def choose_phrase(pool: Sequence[Phrase], harmony: Harmony, rng: np.random.Generator) -> Phrase:
    """Return one of some stock phrases, those that suit the mood likelier."""
    if not (harmony.colour or harmony.tension):
        return pool[int(rng.integers(len(pool)))]
    leans = np.array([_mean_lean(phrase, harmony) for phrase in pool])
    weights = np.exp(_PHRASE_ODDS * (leans - leans.max()))
    return pool[int(rng.choice(len(pool), p=weights / weights.sum()))]


def _mean_lean(phrase: Phrase, harmony: Harmony) -> float:
    chords = [chord for bar in phrase for chord in bar]
    bright = float(np.mean([_brightness(chord, harmony) for chord in chords]))
    tense = float(np.mean([_TENSE.get(quality, 0.0) for _, quality in chords]))
    return harmony.colour * bright + harmony.tension * tense


def coloured(
    marks: Marks, harmony: Harmony, rng: np.random.Generator, *, is_first: bool, is_last: bool
) -> Marks:
    """Return the marks of a section with chords changed as the mood has it; how the piece begins and ends stays.

    is_first, is_last: of the piece; elsewhere a section may begin, and a close at home may go, to the relative key.
    """
    if not _may_change(harmony):
        return marks
    found = list(marks) if is_last else _to_relative(list(marks), harmony, rng)
    if not is_first:
        found = _from_relative(found, harmony, rng)
    for index in range(1, len(found) - (2 if is_last else 1)):
        before, chord, after = found[index - 1][1], found[index][1], found[index + 1][1]
        for table, strength in _tables(harmony):
            options = [o for o in table.get(chord, ()) if o[0][0] not in (before[0], after[0])]
            chord = _instead(chord, options, strength, float(rng.random()), harmony)
        found[index] = (found[index][0], chord)
    return found


def _to_relative(marks: Marks, harmony: Harmony, rng: np.random.Generator) -> Marks:
    """Return the marks with a close at home made one in the relative key, where that has the mood's colour."""
    is_minor, strength = harmony.table_mode == "minor", abs(harmony.colour)
    if len(marks) < 3 or (harmony.colour > 0) != is_minor or rng.random() >= _RELATIVE_CLOSE * strength:
        return marks
    close = ((10, ""), (3, "")) if is_minor else ((4, "" if harmony.norms.family == "pop" else "7"), (9, "m"))
    half = (10, "") if is_minor else (4, "")
    if marks[-1][1][0] == 0:
        return [*marks[:-2], (marks[-2][0], close[0]), (marks[-1][0], close[1])]
    if marks[-1][1][0] == 7:
        tick, before = marks[-2]
        if before[0] == half[0] or before[1] not in (
            "",
            "m",
            "m7",
            "maj7",
        ):  # a dominant of what is no longer there
            usual: tuple[TableChord, ...] = ((8, ""), (5, "m")) if is_minor else ((2, "m"), (9, "m"))
            before = usual[marks[-3][1][0] == usual[0][0]]
        return [*marks[:-2], (tick, before), (marks[-1][0], half)]
    return marks


def _from_relative(marks: Marks, harmony: Harmony, rng: np.random.Generator) -> Marks:
    """Return the marks beginning on the home of the relative key, where that has the mood's colour."""
    is_minor, strength = harmony.table_mode == "minor", abs(harmony.colour)
    other = (3, "") if is_minor else (9, "m")
    if len(marks) < 3 or (harmony.colour > 0) != is_minor or rng.random() >= _RELATIVE_START * strength:
        return marks
    return marks if marks[0][1][0] != 0 or marks[1][1][0] == other[0] else [(marks[0][0], other), *marks[1:]]


def _may_change(harmony: Harmony) -> bool:
    leans = max(abs(harmony.colour), abs(harmony.tension)) >= _LEAST_LEAN
    return leans and not (harmony.is_modal or harmony.is_blues or harmony.is_chinese)


def _tables(harmony: Harmony) -> list[tuple[dict[TableChord, tuple[tuple[TableChord, float], ...]], float]]:
    """Return what may be put for what, with how strongly, for a key's mode and the mood."""
    is_minor, found = harmony.table_mode == "minor", []
    if harmony.colour <= -_LEAST_LEAN and not is_minor:
        found.append((_DARK_MAJOR, -harmony.colour))
    if harmony.colour >= _LEAST_LEAN and is_minor:
        found.append((_BRIGHT_MINOR, harmony.colour))
    low, high = _WISTFUL_TENSION
    if harmony.tension >= high:
        found.append((_TENSE_MINOR if is_minor else _TENSE_MAJOR, harmony.tension))
    elif harmony.tension >= low:
        found.append((_WISTFUL, 1.0))
    elif harmony.tension <= -_LEAST_LEAN:
        found.append((_CALM, -harmony.tension))
    return found


def _instead(
    chord: TableChord,
    options: Sequence[tuple[TableChord, float]],
    strength: float,
    dice: float,
    harmony: Harmony,
) -> TableChord:
    is_plain = harmony.norms.family == "pop" and harmony.norms.chromatic <= 0.05
    for other, chance in options:
        if dice < strength * chance:
            is_known = other[1] in QUALITIES and (not is_plain or other[1] in _PLAIN)
            return other if is_known else chord
        dice -= strength * chance
    return chord
