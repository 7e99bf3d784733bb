"""Cleaning shared by several sets: drop parts and lyrics, split voices, thin doublings, follow a word list.

Conventions: pure functions Score -> Score; what was taken out is said in a short sentence.
This module does not know which set asks for what: each set's file says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from zhiyin.score import Notes, Part, Score
from zhiyin.units import TICKS_PER_STEP

# Nineteenth-century popular songs hold words that demean people, often as mock dialect: a text with any of
# these is dropped whole. The tune stays.
_DEMEANING = re.compile(
    r"\b(nigg\w*|darke?(?:y|ies|ys)|darki\w*|coons?|pickaninn\w*|piccaninn\w*|mammy|massa\w*|mas'r|"
    r"sambo|wench\w*|squaws?|injuns?|redskins?|chinam[ae]n|savages?|colou?red|slaves?|"
    r"de|dat|dem|dis|dey|den|dar|wid|gwine|ebber|nebber|lubly|lub)\b",
    re.IGNORECASE,
)

_KEYBOARD = re.compile(r"piano|pno|organ|orgel|klav|cemb|[RL]H\b|up:|down:", re.IGNORECASE)
CHOIR = 52
SATB = ("Soprano", "Alto", "Tenor", "Bass")


def drop_lyrics(score: Score) -> Score:
    """Return the score without syllables."""
    return score.with_parts(part.with_notes(part.notes.with_columns(syllable=None)) for part in score.parts)


def lyric_text(score: Score) -> str:
    """Return all syllables of a score as running text, hyphens joined."""
    words = [s for p in score.parts if p.notes.syllable is not None for s in p.notes.syllable.tolist() if s]
    return " ".join(words).replace("- ", "").replace("-", "")


def has_demeaning_words(text: str) -> bool:
    """Return whether a text holds a word of minstrel dialect or a slur.

    >>> has_demeaning_words("Way down upon de Swanee ribber"), has_demeaning_words("Maxwelton's braes are bonnie")
    (True, False)
    """
    return _DEMEANING.search(text) is not None


def keep_parts(score: Score, keep: Callable[[Part], bool]) -> Score:
    """Return the score with only the parts that pass."""
    return score.with_parts(part for part in score.parts if keep(part))


def as_voices(score: Score) -> Score:
    """Return the score with every part that is not a keyboard's on the GM choir program."""
    return score.with_parts(
        p if p.is_drums or _KEYBOARD.search(p.name) else replace(p, program=CHOIR) for p in score.parts
    )


def as_quartet(score: Score) -> Score:
    """Return a score of four parts as soprano, alto, tenor and bass; any other score unchanged."""
    if len(score.parts) != len(SATB):
        return score
    named = zip(score.parts, SATB, strict=True)
    return score.with_parts(replace(part, name=name, program=CHOIR) for part, name in named)


def split_voices(part: Part) -> tuple[Part, ...]:
    """Return an upper and a lower part when a track holds two singers, else the part itself.

    Of notes that start together the highest goes up, the others down; a note alone belongs to the upper voice.
    """
    notes = part.notes
    if len(notes) < 2:
        return (part,)
    is_last = np.append(notes.onset[1:] != notes.onset[:-1], True)
    lower = np.flatnonzero(~is_last)
    if lower.size < 0.25 * np.count_nonzero(is_last):
        return (part,)
    return (
        replace(part, name=f"{part.name} 1", notes=notes.take(is_last)),
        replace(part, name=f"{part.name} 2", notes=notes.take(lower).with_columns(syllable=None)),
    )


def without_doublings(notes: Notes, melody: Notes) -> tuple[Notes, int]:
    """Return the notes that do not double a melody, and how many did.

    A doubling starts within two steps of a melody note, on its pitch or an octave away: an octave gives the tune
    away as well as a unison, and a player who is a little late doubles it all the same.
    """
    step = notes.onset // TICKS_PER_STEP
    tune = (melody.onset // TICKS_PER_STEP) * 128 + melody.pitch
    doubled = np.zeros(len(notes), bool)
    for late in range(-2, 3):
        for octave in (-12, 0, 12):
            pitch = notes.pitch + octave
            doubled |= np.isin((step + late) * 128 + pitch, tune) & (pitch >= 0) & (pitch < 128)
    return notes.take(~doubled), int(np.count_nonzero(doubled))
