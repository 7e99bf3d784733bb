"""Chord progressions: phrases drawn from learned tables, with cadences where phrases end.

Conventions: a table chord is (semitones above the tonic, quality); positions are bars within a phrase of four.
This module does not read corpora (`zhiyin.fill.progressions_build`) and does not know players.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.form import phrases_of
from zhiyin.fill.norms import Norms
from zhiyin.fill.plan import PlannedSection
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import Ticks

TableChord = tuple[int, str]
ChordMarks = tuple[tuple[Ticks, Chord], ...]

# The seven-note mode that carries the chords of a five-note mode.
PARENT_MODES = {"gong": "major", "shang": "dorian", "jue": "phrygian", "zhi": "mixolydian", "yu": "minor",
                "major pentatonic": "major", "minor pentatonic": "minor", "blues": "minor"}  # fmt: skip
# The chord that leads home in modes without a leading note.
_LEADING: dict[str, TableChord] = {
    "dorian": (10, ""), "phrygian": (1, ""), "lydian": (2, ""), "mixolydian": (10, ""), "locrian": (1, ""),
    "shang": (10, ""), "jue": (1, ""), "zhi": (5, ""), "yu": (10, ""), "minor pentatonic": (10, ""),
    "gong": (7, ""), "major pentatonic": (7, ""),
}  # fmt: skip
_BLUES = (0, 5, 0, 0, 5, 5, 0, 0, 7, 5, 0, 7)  # twelve bars of dominant sevenths
# The tables alone rock between I and V: flatten them a little, and tire of a chord heard within the last six.
_BOLDNESS, _STALE = 0.65, 0.4
_OPEN_SECTIONS = ("intro", "pre-chorus", "bridge", "interlude")


@cache
def _tables() -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    text = files("zhiyin.fill").joinpath("progressions.json").read_text(encoding="utf-8")
    families: dict[str, dict[str, dict[str, dict[str, int]]]] = json.loads(text)["families"]
    return families


def _name(chord: TableChord) -> str:
    return f"{chord[0]}:{chord[1]}" if chord[1] else str(chord[0])


def _parse(name: str) -> TableChord:
    degree, _, quality = name.partition(":")
    return int(degree), quality


def next_chords(
    past: Sequence[TableChord], *, family: str, mode: str, position: int
) -> dict[TableChord, float]:
    """Return the chance of every next chord after up to three, at a bar 0..3 of the phrase.

    mode: "major" or "minor". Orders 0 to 3 are mixed as in Witten & Bell, "The zero-frequency problem", 1991.
    """
    table = _tables()[family].get(mode) or _tables()["art"][mode]
    names = [_name(chord) for chord in past[-3:]]
    contexts = [f"@{position % 4}"]
    contexts += [f"{' '.join(names[-order:])}@{position % 4}" for order in (1, 2) if len(names) >= order]
    contexts += [" ".join(names)] if len(names) == 3 else []
    chances: dict[str, float] = {}
    for context in contexts:
        counts = table.get(context)
        if not counts:
            continue
        total, kinds = sum(counts.values()), len(counts)
        lower = kinds / (total + kinds) if chances else 0.0
        chances = {name: lower * chance for name, chance in chances.items()}
        for name, count in counts.items():
            chances[name] = chances.get(name, 0.0) + (1 - lower) * count / total
    return {_parse(name): chance for name, chance in chances.items()}


@dataclass(frozen=True, slots=True)
class Harmony:
    """What governs the chords of a piece: key, style norms and metre."""

    key: Key
    norms: Norms
    metre: Metre

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
    def tonic(self) -> TableChord:
        """Return the home chord."""
        if self.is_blues:
            return 0, "7"
        return 0, "m" if self.table_mode == "minor" else ""

    @property
    def leading(self) -> TableChord:
        """Return the chord that leads home at an authentic cadence."""
        if self.is_blues:
            return 7, "7"
        if self.key.mode in _LEADING:
            return _LEADING[self.key.mode]
        if self.norms.chromatic == 0 and self.key.mode == "minor":
            return 10, ""  # modal minor: the subtonic, not a raised leading note
        return 7, "7" if self.norms.family != "pop" else ""

    @property
    def open_end(self) -> TableChord:
        """Return the chord that a half cadence rests on."""
        return self.leading[0], self.leading[1] if self.is_blues else ""

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
        is_modal = self.key.mode not in ("major", "minor", "harmonic minor", "melodic minor", "blues")
        if self.table_mode == "minor" and chord != (0, "7") and (home.tonic + 4) % 12 in classes:
            return 0.0  # the major third belongs to trios in the major, which the tables hold too
        if classes <= home.pitch_classes:
            return self._plain_weight(chord, classes)
        if chord[0] == 0:
            return (
                0.0 if is_modal else self.norms.chromatic * 0.05
            )  # the other mode's home chord unsettles the key
        return 0.0 if is_modal else self.norms.chromatic * (0.4 if chord[1] in ("7", "dim7") else 0.12)

    def _plain_weight(self, chord: TableChord, classes: set[int]) -> float:
        """Return the weight of a chord in the scale: rarer colours and the raised sixth of minor count less."""
        is_rare = chord[1] in ("aug", "dim", "sus4") and self.norms.family != "jazz"
        leads = chord[0] in (7, 11) or chord[1] in ("dim7", "aug")
        if self.key.mode == "minor" and (self.key.tonic + 11) % 12 in classes and not leads:
            return 0.02  # a leading note by spelling only, such as the Db of Bb minor in D minor
        is_raised = self.key.mode == "minor" and (self.key.tonic + 9) % 12 in classes
        return 0.3 if is_rare or is_raised else 1.0

    def chord(self, chord: TableChord) -> Chord:
        """Return the sounding chord of a table chord."""
        return Chord((self.key.tonic + chord[0]) % 12, chord[1])


def cadence_of(section: PlannedSection, norms: Norms, *, is_last: bool) -> str:
    """Return how a section ends: authentic (home), or half in the open sections of a song."""
    if is_last or section.name not in _OPEN_SECTIONS or norms.form != "verse-chorus":
        return "authentic"
    return "half"


def write_chords(
    harmony: Harmony, sections: Sequence[PlannedSection], rng: np.random.Generator
) -> ChordMarks:
    """Return chord marks for all sections: repeats copy, phrases answer, sections end with their cadence."""
    written: list[list[tuple[Ticks, TableChord]]] = []
    for index, section in enumerate(sections):
        is_last = index == len(sections) - 1
        model = sections[section.like] if section.like >= 0 else None
        if model is not None and model.bars == section.bars:
            marks = written[section.like]
        else:
            cadence = cadence_of(section, harmony.norms, is_last=is_last)
            marks = _section_chords(harmony, replace(section, first_bar=0), cadence, rng)
        written.append(_closed(marks, harmony) if is_last else marks)
    chords: list[tuple[Ticks, Chord]] = []
    for section, marks in zip(sections, written, strict=True):
        start = section.first_bar * harmony.metre.bar_ticks
        for tick, chord in marks:
            sounding = harmony.chord(chord).transpose(section.key_shift)
            if not chords or chords[-1][1] != sounding:
                chords.append((start + tick, sounding))
    return tuple(chords)


def _closed(marks: list[tuple[Ticks, TableChord]], harmony: Harmony) -> list[tuple[Ticks, TableChord]]:
    """Return the marks with the last two chords leading home."""
    last = (marks[-1][0], harmony.tonic)
    if harmony.norms.form == "blues" and marks[-1][1] == harmony.tonic:
        return marks
    if len(marks) < 2:
        return [last]
    return [*marks[:-2], (marks[-2][0], harmony.leading), last]


def _section_chords(
    harmony: Harmony, section: PlannedSection, cadence: str, rng: np.random.Generator
) -> list[tuple[Ticks, TableChord]]:
    if harmony.norms.form == "blues" and section.bars % 12 == 0:
        return _blues_chords(harmony, section)
    phrases = phrases_of(section)
    marks: list[tuple[Ticks, TableChord]] = []
    first: list[tuple[Ticks, TableChord]] = []
    echo = 0.6 if harmony.norms.family == "pop" else 0.45
    for index, (bar, bars) in enumerate(phrases):
        is_end = index == len(phrases) - 1
        kind = cadence if is_end else "half" if harmony.norms.half_cadence and index % 2 == 0 else "open"
        if first and bars == phrases[0][1] and rng.random() < echo:
            phrase = _with_ending(first, kind, harmony)
        else:
            phrase = _phrase_chords(harmony, bars, kind, marks, rng)
        first = first or phrase
        marks += [(bar * harmony.metre.bar_ticks + tick, chord) for tick, chord in phrase]
    return marks


def _blues_chords(harmony: Harmony, section: PlannedSection) -> list[tuple[Ticks, TableChord]]:
    degrees = list(_BLUES * (section.bars // 12))
    degrees[-1] = 0
    return [(bar * harmony.metre.bar_ticks, (degree, "7")) for bar, degree in enumerate(degrees)]


def _endings(kind: str, harmony: Harmony) -> list[TableChord]:
    if kind == "authentic":
        return [harmony.leading, harmony.tonic]
    return [harmony.open_end] if kind == "half" else []


def _with_ending(
    phrase: list[tuple[Ticks, TableChord]], kind: str, harmony: Harmony
) -> list[tuple[Ticks, TableChord]]:
    ending = _endings(kind, harmony)[-len(phrase) :]
    keep = phrase[: len(phrase) - len(ending)]
    places = phrase[len(phrase) - len(ending) :]
    if len(keep) > 1 and ending and keep[-1][1][0] == ending[0][0]:
        keep = [*keep[:-1], (keep[-1][0], harmony.predominant(keep[-2][1], ending[0]))]
    return keep + [(tick, chord) for (tick, _), chord in zip(places, ending, strict=True)]


def _phrase_chords(
    harmony: Harmony, bars: int, kind: str, before: list[tuple[Ticks, TableChord]], rng: np.random.Generator
) -> list[tuple[Ticks, TableChord]]:
    """Return one phrase: chords drawn left to right, each looking one ahead at the fixed ending."""
    slots = _slots(harmony, bars, kind, rng)
    ending = _endings(kind, harmony)[-len(slots) :]
    free = len(slots) - len(ending)
    past = [chord for _, chord in before]
    chosen: list[TableChord] = []
    for index in range(free):
        if index == 0 and (not past or (past[-1][0] != 0 and rng.random() < 0.5)):
            chosen.append(harmony.tonic)
            continue
        position = slots[index] // harmony.metre.bar_ticks
        ahead = ending[0] if ending and index == free - 1 else None
        chosen.append(_draw(harmony, [*past, *chosen], position, ahead, rng))
    return list(zip(slots, [*chosen, *ending], strict=True))


def _draw(
    harmony: Harmony,
    past: list[TableChord],
    position: int,
    ahead: TableChord | None,
    rng: np.random.Generator,
) -> TableChord:
    family, mode = harmony.norms.family, harmony.table_mode
    chances = {
        chord: chance**_BOLDNESS * harmony.weight(chord) * _STALE ** past[-6:].count(chord)
        for chord, chance in next_chords(past, family=family, mode=mode, position=position).items()
        if not (past and chord[0] == past[-1][0]) and (ahead is None or chord[0] != ahead[0])
    }
    if ahead is not None:
        for chord in chances:
            onward = next_chords([*past, chord], family=family, mode=mode, position=position + 1)
            chances[chord] *= onward.get(ahead, 0.0) + 1e-4
    chances = {chord: chance for chord, chance in chances.items() if chance > 1e-7}
    if not chances:
        return harmony.tonic if not past or past[-1][0] != 0 else (5, harmony.tonic[1])
    names = sorted(chances)
    weights = np.array([chances[name] for name in names])
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


def _slots(harmony: Harmony, bars: int, kind: str, rng: np.random.Generator) -> list[Ticks]:
    """Return where chords change in a phrase; the last bar holds one chord, the leading chord stands before it."""
    bar_ticks, changes = harmony.metre.bar_ticks, harmony.norms.changes
    slots: list[Ticks] = []
    for bar in range(bars):
        is_last = bar == bars - 1
        if not is_last and bar and kind != "authentic" and rng.random() < _hold(changes, bar):
            continue
        slots.append(bar * bar_ticks)
        if not is_last:
            slots += [bar * bar_ticks + offset for offset in _splits(harmony.metre, changes, rng)]
    if kind == "authentic" and len(slots) == 1 and harmony.metre.beats > 1:
        slots.append(bar_ticks // harmony.metre.beats * (harmony.metre.beats // 2) or bar_ticks // 2)
    return slots


def _hold(changes: float, bar: int) -> float:
    """Return the chance that a bar keeps the chord of the bar before it."""
    if changes >= 1:
        return 0.12
    return 1 - changes if bar % 2 == 0 else min(1.0, 1.6 * (1 - changes))


def _splits(metre: Metre, changes: float, rng: np.random.Generator) -> list[Ticks]:
    """Return the extra chord places within a bar, on beats."""
    beats = [metre.beat_ticks * index for index in range(1, metre.beats)]
    extra = max(0.0, changes - 1)
    count = int(extra) + int(rng.random() < extra - int(extra))
    if not beats or count == 0:
        return []
    if count == 1:
        return [metre.beat_ticks * (metre.beats // 2 if metre.beats != 3 else 2)]
    chosen = rng.choice(len(beats), size=min(count, len(beats)), replace=False)
    return [beats[index] for index in sorted(chosen.tolist())]


def given_chords(symbols: Sequence[str], *, bars: int, metre: Metre) -> ChordMarks:
    """Return the chords a person gave, one a bar, cycled to the end; raises InvalidInput for a bad symbol.

    >>> [chord.name() for _, chord in given_chords(["C", "G"], bars=3, metre=Metre(4, 4))]
    ['C', 'G', 'C']
    """
    chords = [Chord.parse(symbol) for symbol in symbols]
    if not chords:
        raise InvalidInput("chords must name at least one chord, got none: write e.g. 'C G Am F'")
    marks = [(bar * metre.bar_ticks, chords[bar % len(chords)]) for bar in range(bars)]
    return tuple(mark for index, mark in enumerate(marks) if index == 0 or mark[1] != marks[index - 1][1])
