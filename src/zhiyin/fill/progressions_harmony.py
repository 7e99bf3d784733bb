"""Harmony of a piece: home, leading and half-cadence chords of a key in a style, and how welcome others are.

Conventions: chords are (semitones above the tonic, quality).
This module does not order chords: see `zhiyin.fill.progressions`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from zhiyin.fill.norms import Norms
from zhiyin.fill.plan import PlannedSection
from zhiyin.fill.progressions_grammar import LOOPING, groups_of
from zhiyin.fill.progressions_tables import TableChord
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.scale import scale_pitch_classes

# The seven-note mode that carries the chords of a five-note mode.
PARENT_MODES = {"gong": "major", "shang": "dorian", "jue": "phrygian", "zhi": "mixolydian", "yu": "minor",
                "major pentatonic": "major", "minor pentatonic": "minor", "blues": "minor"}  # fmt: skip
# Modes of five notes that carry their own home chord: no chord leaves them.
_STRICT_MODES = ("major pentatonic", "minor pentatonic", "gong", "shang", "zhi", "yu")
_PLAIN_QUALITIES = ("", "m", "sus4", "sus2", "5")
# The chord that leads home in modes without a leading note.
_LEADING: dict[str, TableChord] = {
    "dorian": (10, ""), "phrygian": (1, ""), "lydian": (2, ""), "mixolydian": (10, ""), "locrian": (1, ""),
    "shang": (10, ""), "jue": (1, ""), "zhi": (5, ""), "yu": (10, ""), "minor pentatonic": (10, ""),
    "gong": (7, ""), "major pentatonic": (7, ""),
}  # fmt: skip
# In Chinese styles nothing holds the leading note of the gong: suspended fifths lead home.
_CHINESE_LEADING: dict[str, TableChord] = {
    "major": (7, "sus4"), "gong": (7, "sus4"), "major pentatonic": (7, "sus4"), "minor": (10, "sus4"),
    "yu": (10, "sus4"), "minor pentatonic": (10, "sus4"), "jue": (8, ""),
}  # fmt: skip
# Semitones from the tonic up to the gong of a five-note mode.
_GONG = {"major": 0, "gong": 0, "major pentatonic": 0, "minor": 3, "yu": 3, "minor pentatonic": 3, "shang": 10,
         "jue": 8, "zhi": 5}  # fmt: skip
# Home chords that carry a colour, (major, minor), by group of stock phrases.
_HOME_COLOURS = {"jazz": ("6", "m6"), "bossa": ("maj7", "m7"), "lofi": ("maj7", "m7"), "ambient": ("maj7", "m7"),
                 "funk": ("7", "m7")}  # fmt: skip
# How far the bass walks, by style, then by family: 0 root positions only, 1 as in a chorale.
_WALKS = {
    "chorale": 1.0,
    "waltz": 0.3,
    "mazurka": 0.3,
    "polonaise": 0.3,
    "march": 0.3,
    "fanfare": 0.2,
    "tango": 0.3,
}
_FAMILY_WALKS = {"hymn": 0.9, "art": 0.7, "dance": 0.55, "pop": 0.0, "jazz": 0.0}


@dataclass(frozen=True, slots=True)
class Harmony:
    """What governs the chords of a piece: key, style norms and metre.

    tones: (colour, tension) of each section, -1..1, () where no mood leans them; colour, tension: those of the section
    at hand (`at`): dark to bright, consonant to dissonant.
    """

    key: Key
    norms: Norms
    metre: Metre
    tones: tuple[tuple[float, float], ...] = ()
    colour: float = 0.0
    tension: float = 0.0

    def at(self, index: int, section: PlannedSection) -> Harmony:
        """Return the harmony of a section: its own mode, colour and tension."""
        colour, tension = self.tones[index] if self.tones else (0.0, 0.0)
        key = Key(self.key.tonic_fifths, section.mode) if section.mode else self.key
        if (key, colour, tension) == (self.key, self.colour, self.tension):
            return self
        return replace(self, key=key, colour=colour, tension=tension)

    @property
    def table_mode(self) -> str:
        """Return which table serves the key: major or minor."""
        return (
            "minor"
            if self.key.is_minor or self.key.mode in ("phrygian", "locrian", "shang", "jue")
            else "major"
        )

    @property
    def is_blues(self) -> bool:
        """Return whether chords are the dominant sevenths of the blues."""
        return self.norms.form == "blues" or self.key.mode == "blues"

    @property
    def is_chinese(self) -> bool:
        """Return whether the style keeps to the five notes of its mode where it can."""
        return self.norms.name in ("chinese", "jiangnan")

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups of stock phrases that serve the style, nearest first."""
        return groups_of(self.norms.name, self.norms.family)

    @property
    def is_jazz(self) -> bool:
        """Return whether cadences run ii-V-I with sevenths."""
        return self.groups[-1] == "jazz" and not self.is_modal and not self.is_blues

    @property
    def is_looping(self) -> bool:
        """Return whether sections turn round on one loop of chords."""
        return self.groups[0] in LOOPING

    @property
    def stock_mode(self) -> str:
        """Return which stock phrases fit the mode."""
        return self.key.mode if self.key.mode in ("zhi", "shang") else self.table_mode

    @property
    def is_modal(self) -> bool:
        """Return whether chords must stay within the mode's own scale."""
        return self.key.mode not in ("major", "minor", "harmonic minor", "melodic minor", "blues")

    @property
    def walk(self) -> float:
        """Return how far the bass walks: 0 (root positions) to 1 (a chorale)."""
        return 0.0 if self.is_modal else _WALKS.get(self.norms.name, _FAMILY_WALKS[self.norms.family])

    @property
    def starts(self) -> tuple[TableChord, ...]:
        """Return the chords on which a contrasting section may start, away from home."""
        if self.table_mode == "minor":
            usual: tuple[TableChord, ...] = ((3, ""), (8, ""), (5, "m"), (10, ""))
        else:
            usual = ((9, "m"), (5, ""), (2, "m"), (7, "" if self.norms.family == "pop" else "7"))
        return tuple(chord for chord in usual if self.weight(chord) >= 0.3) or (
            self.predominant((0, ""), (0, "")),
        )

    @property
    def tonic(self) -> TableChord:
        """Return the home chord."""
        if self.is_blues:
            return (
                0,
                "m7"
                if self.norms.form == "blues" and self.key.is_minor and self.key.mode != "blues"
                else "7",
            )
        if self.is_chinese and self.key.mode in ("zhi", "shang"):
            return 0, "5"
        if not self.is_modal and self.groups[0] in _HOME_COLOURS:
            major, minor = _HOME_COLOURS[self.groups[0]]
            return 0, minor if self.table_mode == "minor" else major
        return 0, "m" if self.table_mode == "minor" else ""

    @property
    def leading(self) -> TableChord:
        """Return the chord that leads home at an authentic cadence."""
        if self.is_blues:
            return 7, "7"
        if self.is_chinese and self.key.mode in _CHINESE_LEADING:
            return _CHINESE_LEADING[self.key.mode]
        if self.key.mode in _LEADING:
            return _LEADING[self.key.mode]
        if self.norms.chromatic == 0 and self.key.mode == "minor":
            return 10, ""  # modal minor: the subtonic, not a raised leading note
        return 7, "7" if self.norms.family != "pop" else ""

    @property
    def open_end(self) -> TableChord:
        """Return the chord that a half cadence rests on."""
        is_kept = self.is_blues or self.leading[1] == "sus4" or self.is_jazz
        return self.leading[0], self.leading[1] if is_kept else ""

    def predominant(self, before: TableChord, after: TableChord) -> TableChord:
        """Return a chord of the scale that may stand between two others, so that no root follows itself."""
        usual: tuple[TableChord, ...] = (
            (5, ""),
            (5, "m"),
            (2, "m"),
            (8, ""),
            (9, "m"),
            (3, ""),
            (7, "m"),
            (10, ""),
        )
        roots = (before[0], after[0])
        return next((c for c in usual if self.weight(c) == 1.0 and c[0] not in roots), self.tonic)

    def weight(self, chord: TableChord) -> float:
        """Return how welcome a chord is: 1 in the scale, less outside it, 0 for a quality foreign to the style."""
        is_plain = self.norms.family == "pop" and self.norms.chromatic <= 0.05
        if is_plain and chord[1] not in ("", "m", "7", "dim"):
            return 0.0
        if chord[1] in ("dim", "aug", "dim7") and self.norms.family == "pop":
            return 0.0
        home = Key(self.key.tonic_fifths, PARENT_MODES.get(self.key.mode, self.key.mode))
        classes = {(home.tonic + chord[0] + step) % 12 for step in QUALITIES[chord[1]]}
        if self.is_chinese and (home.tonic + _GONG.get(self.key.mode, 0) + 11) % 12 in classes:
            return 0.0
        if self.table_mode == "minor" and chord != (0, "7") and (home.tonic + 4) % 12 in classes:
            return 0.0  # the major third belongs to trios in the major, which the tables hold too
        if classes <= home.pitch_classes:
            return self._plain_weight(chord, classes)
        if chord[0] == 0:
            return (
                0.0 if self.is_modal else self.norms.chromatic * 0.05
            )  # the other mode's home chord unsettles the key
        return 0.0 if self.is_modal else self.norms.chromatic * (0.4 if chord[1] in ("7", "dim7") else 0.12)

    def _plain_weight(self, chord: TableChord, classes: set[int]) -> float:
        """Return the weight of a chord in the scale: rarer colours and the raised sixth of minor count less."""
        if chord[0] == 0 and chord[1] in ("m7", "maj7") and self.norms.family in ("art", "dance", "hymn"):
            return 0.1  # home stands without a seventh there
        is_rare = chord[1] in ("aug", "dim", "sus4") and self.norms.family != "jazz"
        leads = chord[0] in (7, 11) or chord[1] in ("dim7", "aug")
        if self.key.mode == "minor" and (self.key.tonic + 11) % 12 in classes and not leads:
            return 0.02  # a leading note by spelling only, such as the Db of Bb minor in D minor
        is_raised = self.key.mode == "minor" and (self.key.tonic + 9) % 12 in classes
        return 0.3 if is_rare or is_raised else 1.0

    def dressed(self, chord: TableChord) -> TableChord:
        """Return a chord with the seventh that jazz gives it; other styles leave it as it is."""
        if self.groups[0] not in ("jazz", "bossa") or not self.is_jazz:
            return chord
        degree, quality = chord
        if quality == "":
            return degree, "maj7" if degree in (0, 3, 5, 8) else "7"
        if quality == "dim":
            return degree, "m7b5" if degree in (2, 11) else "dim7"
        return degree, {"m": "m7", "sus4": "7sus4", "aug": "aug7"}.get(quality, quality)

    def sounding(self, chord: Chord, *, shift: int = 0) -> Chord:
        """Return a chord written relative to C as it sounds in the key, moved by semitones."""
        if self.key.mode in _STRICT_MODES:
            chord = within_five_notes(chord, self.key.mode)
        return chord.transpose(self.key.tonic + shift)


@cache
def within_five_notes(chord: Chord, mode: str) -> Chord:
    """Return a chord over C itself, or the nearest one all of whose notes lie in a five-note mode on C.

    The root stays where it can; then most notes are shared.
    >>> within_five_notes(Chord.parse("G7"), "major pentatonic").name()
    'Gsus4'
    """
    scale = scale_pitch_classes(mode, 0)
    if {*chord.pitch_classes, chord.bass} <= scale:
        return chord
    inside = [Chord(root, quality) for root in sorted(scale) for quality in _PLAIN_QUALITIES]
    inside = [one for one in inside if set(one.pitch_classes) <= scale]
    return max(
        inside,
        key=lambda one: (one.root == chord.root, len(set(one.pitch_classes) & set(chord.pitch_classes))),
    )
