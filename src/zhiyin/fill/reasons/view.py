"""What detectors look at: the notes of every part and bar, top lines, keys, chords that the notes bear out.

Conventions: bars count from 0; a note belongs to the bar of its onset; a top line has one note a moment.
This module finds no reason: it only lines things up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from zhiyin.analysis.columns import Columns, columns_of, pitch_class_profiles
from zhiyin.analysis.harmony import find_chords
from zhiyin.analysis.key import find_keys
from zhiyin.analysis.roles import find_roles
from zhiyin.analysis.structure import find_sections
from zhiyin.score import CHORD_ROW, Cell, Grid, KeyMark, Note, Score
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import instrument_for_program
from zhiyin.theory.key import Key
from zhiyin.theory.pitch import pitch_name
from zhiyin.units import FloatArray, IntArray, Ticks

CHORD_SHARE = 0.7  # of the sounding time under a chord that must lie on its tones for the chord to be named
LONG = 16  # bars from which a piece without marked sections is cut by found ones


@dataclass(frozen=True, slots=True)
class Tone:
    """One note of a line: ticks from the start of its bar (or stretch), length in ticks, MIDI pitch."""

    offset: Ticks
    duration: Ticks
    pitch: int


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring written bars first..last of one part."""

    part: int
    first: int
    last: int

    @property
    def bars(self) -> range:
        """Return the bars, from 0."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True, slots=True)
class Heard:
    """A chord from start to end (ticks) that the notes bear out, the bar it starts in and the key there."""

    start: Ticks
    end: Ticks
    chord: Chord
    bar: int
    key: Key


@dataclass(frozen=True, eq=False)
class View:
    """A finished score, what was written in it, and the score before (None when there was none)."""

    before: Score | None
    after: Score
    write: frozenset[Cell]

    @cached_property
    def edges(self) -> IntArray:
        """Return the first tick of every bar and the end of the last."""
        return Grid.of(self.after).bar_ticks

    @property
    def bars(self) -> int:
        """Return the number of bars."""
        return len(self.edges) - 1

    @cached_property
    def cells(self) -> dict[Cell, tuple[Note, ...]]:
        """Return the notes that start in every cell that has any."""
        return cells_of(self.after, self.edges)

    @cached_property
    def cells_before(self) -> dict[Cell, tuple[Note, ...]]:
        """Return the notes of the score before, by its own bars; empty when there was none."""
        return {} if self.before is None else cells_of(self.before, self.edges_before)

    @cached_property
    def edges_before(self) -> IntArray:
        """Return the first tick of every bar of the score before; [0] when there was none."""
        return np.zeros(1, np.int64) if self.before is None else Grid.of(self.before).bar_ticks

    def notes(self, part: int, bar: int) -> tuple[Note, ...]:
        """Return the notes of a part that start in a bar."""
        return self.cells.get(Cell(part, bar), ())

    @cached_property
    def _tops(self) -> dict[Cell, tuple[Tone, ...]]:
        return {cell: top_of(notes, int(self.edges[cell.bar])) for cell, notes in self.cells.items()}

    def top(self, part: int, bar: int) -> tuple[Tone, ...]:
        """Return the top line of a part in a bar: the highest note at each onset."""
        return self._tops.get(Cell(part, bar), ())

    @cached_property
    def _first_rhythms(self) -> dict[tuple[int, tuple[tuple[Ticks, Ticks], ...]], int]:
        found: dict[tuple[int, tuple[tuple[Ticks, Ticks], ...]], int] = {}
        for cell in sorted(self._tops):
            found.setdefault((cell.part, _rhythm(self._tops[cell])), cell.bar)
        return found

    def first_of_rhythm(self, part: int, bar: int) -> int:
        """Return the first bar in which a part's top line has the rhythm of this one."""
        return self._first_rhythms.get((part, _rhythm(self.top(part, bar))), bar)

    def start(self, bar: int) -> Ticks:
        """Return the first tick of a bar."""
        return int(self.edges[bar])

    def bar_of(self, tick: Ticks) -> int:
        """Return the bar of a tick."""
        return min(int(np.searchsorted(self.edges, tick, side="right")) - 1, self.bars - 1)

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """Return the role of each part: as written, else as heard."""
        heard = find_roles(self.after)
        return tuple(
            part.role if part.role != "unknown" else role
            for part, role in zip(self.after.parts, heard, strict=True)
        )

    @cached_property
    def pitched(self) -> tuple[int, ...]:
        """Return the parts that are not drums and not silent."""
        return tuple(i for i, p in enumerate(self.after.parts) if not p.is_drums and len(p.notes))

    @cached_property
    def melody(self) -> int | None:
        """Return the part that sings: the first of role melody; None when there is none."""
        return next((part for part in self.pitched if self.roles[part] == "melody"), None)

    @cached_property
    def bass(self) -> int | None:
        """Return the first part of role bass, None when there is none."""
        return next((part for part in self.pitched if self.roles[part] == "bass"), None)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return what each part is called; parts of one name, large or small letters, are numbered."""
        plain = [
            part.name.strip().rstrip(".") or instrument_for_program(part.program, is_drums=part.is_drums).name
            for part in self.after.parts
        ]
        known = [name.casefold() for name in plain]
        return tuple(
            name if known.count(known[index]) == 1 else f"{name} {known[: index + 1].count(known[index])}"
            for index, name in enumerate(plain)
        )

    @cached_property
    def is_single(self) -> tuple[bool, ...]:
        """Return for each part whether it never strikes two notes at once."""
        return tuple(np.unique(p.notes.onset).size == len(p.notes) for p in self.after.parts)

    @cached_property
    def keys(self) -> tuple[KeyMark, ...]:
        """Return the keys that are heard; none has more than seven accidentals."""
        return tuple(KeyMark(mark.tick, _plain(mark.key)) for mark in find_keys(self.after))

    def key_at(self, tick: Ticks) -> Key:
        """Return the key heard at a tick."""
        index = int(np.searchsorted([mark.tick for mark in self.keys], tick, side="right")) - 1
        return self.keys[max(index, 0)].key

    def pitch(self, pitch: int, bar: int) -> str:
        """Return the name of a pitch, spelled for the key of a bar."""
        return pitch_name(pitch, key_fifths=self.key_at(self.start(bar)).fifths)

    @cached_property
    def borders(self) -> frozenset[int]:
        """Return the bars at which sections begin: as marked, else as found in pieces of LONG bars or more."""
        sections = self.after.sections
        if not sections and self.bars >= LONG:
            sections = find_sections(self.after)
        return frozenset(self.bar_of(section.tick) for section in sections)

    def section_name(self, bar: int) -> str:
        """Return the marked name of the section that starts at a bar, "" when none does."""
        return next((s.name for s in self.after.sections if s.tick == self.start(bar)), "")

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Return the runs of written bars of each pitched or drum part, cut where sections begin."""
        return tuple(
            span
            for part in range(len(self.after.parts))
            for span in _cut(
                part, sorted(c.bar for c in self.write if c.part == part), self.borders, self.bars
            )
        )

    @cached_property
    def written_in(self) -> dict[int, tuple[int, ...]]:
        """Return the written bars of each part that has any, in order."""
        found: dict[int, list[int]] = {}
        for cell in sorted(self.write):
            if 0 <= cell.bar < self.bars:
                found.setdefault(cell.part, []).append(cell.bar)
        return {part: tuple(bars) for part, bars in found.items()}

    @cached_property
    def written_bars(self) -> frozenset[int]:
        """Return the bars of which any cell was written, the chord row included."""
        return frozenset(cell.bar for cell in self.write if 0 <= cell.bar < self.bars)

    def is_written(self, part: int, bar: int) -> bool:
        """Return whether a cell was written."""
        return Cell(part, bar) in self.write

    @cached_property
    def columns(self) -> Columns:
        """Return all pitched notes as columns."""
        return columns_of(self.after)

    def profile(self, start: Ticks, end: Ticks) -> FloatArray:
        """Return how many quarters each pitch class sounds from start to end: (12,)."""
        if end <= start:
            return np.zeros(12)
        found: FloatArray = pitch_class_profiles(self._near(start, end), np.array([start, end], np.int64))[0]
        return found

    @cached_property
    def given(self) -> Columns:
        """Return the pitched notes that were not written: those of all other cells."""
        parts = []
        for index, part in enumerate(self.after.parts):
            bars = np.searchsorted(self.edges, part.notes.onset, side="right") - 1
            is_given = ~np.isin(bars, self.written_in.get(index, ()))
            parts.append(part.with_notes(part.notes.take(np.flatnonzero(is_given))))
        return columns_of(self.after.with_parts(parts))

    def is_made(self, heard: Heard) -> bool:
        """Return whether a chord is the work of what was written: what was given does not say it by itself.

        On a lead sheet: whether the chord row was written there.
        """
        if self.is_lead_sheet:
            return Cell(CHORD_ROW, heard.bar) in self.write
        end = min(heard.end, int(self.edges[self.edges > heard.start][0]))
        return not bears_out(self.given_profile(heard.start, end), heard.chord)

    def is_lowest_written(self, start: Ticks, end: Ticks) -> bool:
        """Return whether the lowest note that sounds from start to end was written."""
        notes = self.columns
        inside = np.flatnonzero((notes.onset < end) & (notes.offset > start))
        lows = inside[notes.pitch[inside] == notes.pitch[inside].min(initial=128)]
        return any(self.is_written(int(notes.part[i]), self.bar_of(int(notes.onset[i]))) for i in lows)

    def given_profile(self, start: Ticks, end: Ticks) -> FloatArray:
        """Return how many quarters each pitch class sounds from start to end in what was given: (12,)."""
        found: FloatArray = pitch_class_profiles(self.given, np.array([start, end], np.int64))[0]
        return found

    def _near(self, start: Ticks, end: Ticks) -> Columns:
        all_notes = self.columns
        inside = (all_notes.onset < end) & (all_notes.offset > start)
        columns = (all_notes.onset, all_notes.offset, all_notes.pitch, all_notes.velocity, all_notes.part)
        onset, offset, pitch, velocity, part = (column[inside] for column in columns)
        return Columns(np.maximum(onset, start), np.minimum(offset, end), pitch, velocity, part)

    @cached_property
    def is_lead_sheet(self) -> bool:
        """Return whether chords were written as marks over a single line: then the marks are what is spoken of."""
        is_marked = bool(self.after.chords) and any(cell.part == CHORD_ROW for cell in self.write)
        return is_marked and len(self.pitched) <= 1 and all(self.is_single[part] for part in self.pitched)

    @cached_property
    def chords(self) -> tuple[Heard, ...]:
        """Return the chords, marked or else found, that the notes bear out (all marked ones on a lead sheet)."""
        marks = self.after.chords or find_chords(self.after, self.keys)
        stops = [*(mark.tick for mark in marks[1:]), self.after.end]
        rows = [
            (m.tick, stop, m.chord) for m, stop in zip(marks, stops, strict=True) if m.tick < stop and m.chord
        ]
        return tuple(
            Heard(start, end, chord, self.bar_of(start), self.key_at(start))
            for start, end, chord in _joined(rows)
            if self._is_said(chord, start, end)
        )

    def _is_said(self, chord: Chord, start: Ticks, end: Ticks) -> bool:
        """Return whether a chord's first bar says it whole and no later bar of it says something else."""
        if self.is_lead_sheet:
            return True
        cuts = [start, *self.edges[(self.edges > start) & (self.edges < end)].tolist(), end]
        profiles = [self.profile(a, b) for a, b in pairwise(cuts)]
        return bears_out(profiles[0], chord) and all(share_on(p, chord) >= CHORD_SHARE for p in profiles[1:])

    def chord_at(self, tick: Ticks) -> Heard | None:
        """Return the chord that sounds at a tick, None where the notes bear none out."""
        return next((heard for heard in self.chords if heard.start <= tick < heard.end), None)

    def following(self, heard: Heard) -> Heard | None:
        """Return the chord that comes at once after another."""
        return next((other for other in self.chords if other.start == heard.end), None)

    def lowest(self, start: Ticks, end: Ticks) -> int | None:
        """Return the lowest pitch that sounds from start to end, None in silence."""
        pitches = self._near(start, end).pitch
        return int(pitches.min()) if pitches.size else None


def _rhythm(line: tuple[Tone, ...]) -> tuple[tuple[Ticks, Ticks], ...]:
    return tuple((tone.offset, tone.duration) for tone in line)


def _plain(key: Key) -> Key:
    return key if abs(key.fifths) <= 7 else Key.from_pitch_class(key.tonic, key.mode)


def bears_out(profile: FloatArray, chord: Chord) -> bool:
    """Return whether notes say a chord: all its tones sound, a perfect fifth need not, and little else does.

    profile: (12,) sounding time of each pitch class.
    """
    needed = [tone for tone in chord.pitch_classes if tone != (chord.root + 7) % 12]
    return share_on(profile, chord) >= CHORD_SHARE and all(profile[tone] > 0 for tone in needed)


def share_on(profile: FloatArray, chord: Chord) -> float:
    """Return the share of sounding time that lies on a chord's tones, 1 in silence."""
    total = float(profile.sum())
    return float(profile[list(chord.pitch_classes)].sum()) / total if total else 1.0


def cells_of(score: Score, edges: IntArray) -> dict[Cell, tuple[Note, ...]]:
    """Return the notes that start in each cell, by given bars; cells without notes are left out."""
    found: dict[Cell, list[Note]] = {}
    for index, part in enumerate(score.parts):
        bars = np.searchsorted(edges, part.notes.onset, side="right") - 1
        for bar, note in zip(bars.tolist(), part.notes, strict=True):
            found.setdefault(Cell(index, bar), []).append(note)
    return {cell: tuple(notes) for cell, notes in found.items()}


def top_of(notes: tuple[Note, ...], start: Ticks) -> tuple[Tone, ...]:
    """Return the highest note at each onset, counted from a tick."""
    highest: dict[int, Note] = {}
    for note in notes:  # sorted by onset, then pitch: the last of a moment is the highest
        highest[note.onset] = note
    return tuple(Tone(note.onset - start, note.duration, note.pitch) for note in highest.values())


def runs(bars: list[int]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of neighbouring numbers of a sorted list.

    >>> list(runs([1, 2, 3, 7]))
    [(1, 3), (7, 7)]
    """
    cuts = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(bars)) if b != a + 1), len(bars)]
    yield from ((bars[a], bars[b - 1]) for a, b in pairwise(cuts) if b > a)


def _cut(part: int, bars: list[int], borders: frozenset[int], count: int) -> Iterator[Span]:
    for first, last in runs([bar for bar in bars if 0 <= bar < count]):
        starts = [first, *(bar for bar in sorted(borders) if first < bar <= last), last + 1]
        yield from (Span(part, a, b - 1) for a, b in pairwise(starts))


def _joined(rows: list[tuple[Ticks, Ticks, Chord]]) -> list[tuple[Ticks, Ticks, Chord]]:
    """Return rows with neighbours of one chord made one."""
    joined: list[tuple[Ticks, Ticks, Chord]] = []
    for start, end, chord in rows:
        if joined and joined[-1][2] == chord and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end, chord)
        else:
            joined.append((start, end, chord))
    return joined
