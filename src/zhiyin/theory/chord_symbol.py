"""Chord symbols read exactly: every tone that is written, beside the nearest chord that a model knows.

Conventions: pitch classes 0..11, from the root up; a foreign bass stands apart. `zhiyin.theory.chord` keeps the closed
table of the checkpoint format: `C7b5` is `C7` there, and here C E Gb Bb. This module does not know keys.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhiyin.errors import InvalidInput
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.pitch import parse_fifths

NO_CHORD = ("N.C.", "NC", "N.C", "n.c.", "无和弦", "-")
_MARKS = str.maketrans(
    {"♯": "#", "♭": "b", "−": "-", "–": "-", "（": "(", "）": ")", "，": ",", "𝄫": "bb", "𝄪": "x"}
)
_SHAPE = re.compile(r"^([A-G](?:#+|b+|x)?)(.*?)(?:/([A-G](?:#+|b+|x)?))?$")
_TOKEN = re.compile(
    r"(?P<half>hdim7?|ø7?|h7?)|(?P<dim>dim|o|°)|(?P<aug>aug|\+(?!5|9|11|13))"
    r"|(?P<six_nine>6/9|69)|(?P<sus>sus[24]?)|(?P<alt>alt)|(?P<dom>dominant|dom)|(?P<add>add[b#]?\d+)"
    r"|(?P<no>(?:no|omit)\d+)|(?P<change>[b#+\-](?:13|11|9|7|6|5|4))"
    r"|(?P<major>major|maj|Maj|MAJ|ma(?!dd)|M|Δ|\^|j)|(?P<minor>minor|min|mi|m|-)|(?P<number>13|11|9|7|6|5|4|2)"
)
_DEGREES = {2: 2, 4: 5, 5: 7, 6: 9, 7: 10, 9: 2, 11: 5, 13: 9}


@dataclass(frozen=True, slots=True)
class ChordWish:
    """A chord as somebody wrote it.

    text: the words; chord: the nearest chord of the closed table, None for no chord; pitch_classes: every tone
    written, root first, empty for no chord.
    >>> read_symbol("C7b5").pitch_classes, read_symbol("C7b5").chord.name(), read_symbol("C7b5").is_exact
    ((0, 4, 6, 10), 'C7', False)
    """

    text: str
    chord: Chord | None
    pitch_classes: tuple[int, ...]

    @property
    def is_exact(self) -> bool:
        """Return whether the nearest chord of the table has just the tones written."""
        return self.chord is None or set(self.chord.pitch_classes) == set(self.pitch_classes)

    @property
    def sounding(self) -> frozenset[int]:
        """Return the tones and the bass."""
        return frozenset(self.pitch_classes if self.chord is None else (*self.pitch_classes, self.chord.bass))

    @classmethod
    def of(cls, chord: Chord | None) -> ChordWish:
        """Return the wish for a chord of the table."""
        return cls("N.C.", None, ()) if chord is None else cls(chord.name(), chord, chord.pitch_classes)


def read_symbol(text: str) -> ChordWish:
    """Return the chord of a symbol such as `Cmaj7/G`, `F♯m7b5`, `E7#9`, `C69`, `Cø`, `N.C.`.

    Raises InvalidInput on anything else.
    >>> read_symbol("E7#9").pitch_classes, read_symbol("N.C.").chord
    ((4, 8, 11, 2, 7), None)
    """
    if text.strip() in NO_CHORD:
        return ChordWish(text.strip(), None, ())
    match = _SHAPE.match(text.strip().translate(_MARKS))
    steps = None if match is None else _steps(_plain(match.group(2)))
    if match is None or steps is None:
        raise InvalidInput(
            f"a chord must be a root A-G, a quality and perhaps /bass, got {text!r}: write e.g. 'Am7', 'Cmaj7/G', "
            "'F#m7b5', 'E7#9' or 'N.C.'"
        )
    root = parse_fifths(match.group(1)) * 7 % 12
    bass = parse_fifths(match.group(3)) * 7 % 12 if match.group(3) else root
    return ChordWish(
        text.strip(), Chord(root, nearest_quality(steps), bass), tuple((root + step) % 12 for step in steps)
    )


def nearest_quality(steps: tuple[int, ...]) -> str:
    """Return the quality of the closed table with most of these semitones above the root, and fewest others.

    >>> nearest_quality((0, 4, 7, 10, 3)), nearest_quality((0, 3, 6, 10))
    ('7', 'm7b5')
    """
    wanted = set(steps)

    def far(name: str) -> tuple[int, int]:
        tones = QUALITIES[name]
        # The third and the seventh make the chord; a minor third beside a major one is a raised ninth.
        heart = (wanted - {3} if 4 in wanted else wanted) & {3, 4, 10, 11}
        core = len(heart ^ (set(tones) & {3, 4, 10, 11}))
        return len(wanted ^ set(tones)) + core, len(tones)

    return min(QUALITIES, key=far)


class _Builder:
    """The tones of a symbol while it is read. third, fifth: semitones or None."""

    def __init__(self) -> None:
        self.third: int | None = 4
        self.fifths: list[int] = [7]
        self.is_major = self.is_dim = False
        self.seventh: int | None = None
        self.more: list[int] = []

    def steps(self) -> tuple[int, ...]:
        chosen = [0, self.third, *self.fifths, self.seventh, *self.more]
        return tuple(dict.fromkeys(step for step in chosen if step is not None))

    def number(self, value: int) -> None:
        """Read 5, 6, 7, 9, 11 or 13 standing alone, and 2 and 4."""
        if value == 5:
            self.third = None
        elif value == 4:
            self.third = 5
        elif value in (2, 6):
            self.more.append(_DEGREES[value])
        else:
            self.seventh = 11 if self.is_major else 9 if self.is_dim and value == 7 else 10
            # An eleventh beside a major third is left out of a thirteenth, as it is played.
            tower = {9: (2,), 11: (2, 5), 13: (2, 9) if self.third == 4 else (2, 5, 9)}
            self.more += tower.get(value, ())

    def change(self, sign: str, degree: int) -> None:
        """Read a raised or lowered degree."""
        step = (_DEGREES[degree] + (1 if sign in "#+" else -1)) % 12
        if degree == 7:
            self.seventh = 11 if sign in "#+" else 10
        elif degree == 5:
            self.fifths = [f for f in self.fifths if f != 7] + [step]
        else:
            natural = _DEGREES[degree]
            self.more = [m for m in self.more if m != natural] + [step]

    def omit(self, degree: int) -> None:
        """Leave a degree out."""
        if degree == 3:
            self.third = None
        elif degree == 5:
            self.fifths = []
        elif degree == 7:
            self.seventh = None
        else:
            self.more = [m for m in self.more if m != _DEGREES.get(degree)]


def _plain(suffix: str) -> str:
    """Return a suffix without brackets; a number alone in brackets is an added tone."""
    return re.sub(r"[(),\s]", "", re.sub(r"\((9|11|13)\)", r"add\1", suffix))


def _steps(suffix: str) -> tuple[int, ...] | None:
    """Return semitones above the root of what follows it, or None if it is no chord."""
    built, at = _Builder(), 0
    while at < len(suffix):
        match = _TOKEN.match(suffix, at)
        if match is None or match.lastgroup is None:
            return None
        kind, word = match.lastgroup, match.group()
        if at == 0 and kind == "change" and word[0] == "-" and word != "-5":
            kind, word = "minor", "-"  # C-9 is C minor nine
        if kind == "major" and word in ("Δ", "^") and suffix[at + 1 : at + 2] not in ("7", "9", "1"):
            built.seventh = 11
        if not _apply(built, kind, word, is_first=at == 0):
            return None
        at += len(word)
    return built.steps()


def _apply(built: _Builder, kind: str, word: str, *, is_first: bool) -> bool:
    """Read one word of a symbol into its tones; return whether it may stand there."""
    digits = int(re.sub(r"\D", "", word) or 0)
    if kind in ("minor", "half", "dim", "aug") and not is_first and not (kind == "aug" and word == "+"):
        return False
    if kind == "minor":
        built.third = 3
    elif kind == "half":
        built.third, built.fifths, built.seventh = 3, [6], 10
    elif kind == "dim":
        built.third, built.fifths, built.is_dim = 3, [6], True
    elif kind == "aug":
        built.fifths = [8]
    elif kind == "major":
        built.is_major = True
    elif kind == "dom":
        built.seventh = 10
    elif kind == "six_nine":
        built.more += [9, 2]
    elif kind == "sus":
        built.third = 2 if digits == 2 else 5
    elif kind == "alt":
        built.seventh, built.fifths, built.more = 10, [], [1, 3, 6, 8]
    elif kind == "add":
        sign = re.search(r"[b#]", word)
        shift = {"b": -1, "#": 1, None: 0}[sign.group() if sign else None]
        if digits not in _DEGREES:
            return False
        built.more.append((_DEGREES[digits] + shift) % 12)
    elif kind == "no":
        built.omit(digits)
    elif kind == "change":
        built.change(word[0], digits)
    elif kind == "number":
        built.number(digits)
    return True
