"""One voice of an ABC tune: what was written, laid out in time once the line is complete.

Conventions: items in written order; lengths in units (abc_tokens.py); an overlay (&) goes back to its bar line.
This module does not read fields or lines (abc_read.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from zhiyin.io.abc_tokens import WHOLE, BadAbc, WrittenNote, pitch_of, spelling_of, units_to_ticks
from zhiyin.io.measures import Measure
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import Bpm, Ticks

COMMON_TIME = Metre(4, 4)


@dataclass(slots=True)
class Tone:
    """One pitch of an event and whether a tie leads on from it."""

    letter: str
    octave: int
    accidental: int
    pitch: int
    is_tied: bool = False


@dataclass(slots=True)
class Event:
    """A note, a chord or (no tones) a rest, with its length in units and its syllable."""

    units: int
    tones: list[Tone] = field(default_factory=list)
    syllable: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar line as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Overlay:
    """The sign & : the following notes start again at the last bar line."""


@dataclass(frozen=True, slots=True)
class Change:
    """A mark where it was written: a tempo, a key, a metre, a chord symbol or a section name."""

    value: Bpm | Key | Metre | ChordText | SectionText


@dataclass(frozen=True, slots=True)
class ChordText:
    """A chord symbol as written."""

    text: str


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section's name as written."""

    text: str


@dataclass(slots=True)
class Row:
    """One sounding note, ties joined; onset and end in units."""

    onset: int
    end: int
    tone: Tone
    layer: int
    syllable: str


@dataclass(slots=True)
class Layout:
    """A voice in time: notes, marks (tick, value), measures, and where it ends in ticks."""

    rows: list[Row] = field(default_factory=list)
    changes: list[tuple[Ticks, Change]] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    end: Ticks = 0


@dataclass(slots=True)
class Voice:
    """The state of one voice while its lines are read, and its items so far."""

    name: str
    unit: int = WHOLE // 8
    metre: Metre = COMMON_TIME
    accidentals: dict[str, int] = field(default_factory=dict)
    program: int | None = None
    is_drums: bool = False
    role: str = "unknown"
    semitones: int = 0
    propagation: str = "octave"
    items: list[Event | Bar | Overlay | Change] = field(default_factory=list)
    in_bar: dict[tuple[str, int], int] = field(default_factory=dict)
    last: Event | None = None
    tuplets: list[list[int]] = field(default_factory=list)  # [notes, in the time of, left]
    broken: tuple[int, int] = (1, 1)
    line_start: int = 0
    has_verse: bool = False

    def add(self, event: Event) -> None:
        """Append an event, its length changed by the tuplet and the broken rhythm it stands in."""
        for tuplet in self.tuplets:
            event.units = (event.units * tuplet[1] * 2 + tuplet[0]) // (2 * tuplet[0])
            tuplet[2] -= 1
        self.tuplets = [tuplet for tuplet in self.tuplets if tuplet[2] > 0]
        event.units = event.units * self.broken[0] // self.broken[1]
        self.broken = (1, 1)
        self.items.append(event)
        self.last = event

    def break_rhythm(self, text: str) -> None:
        """Dot the last event and shorten the next (`>`), or the other way round (`<`)."""
        if self.last is None or len(text) > 4:
            raise BadAbc(f"a broken rhythm {text!r} must stand between two notes")
        long, short = (2 ** (len(text) + 1) - 1, 2 ** len(text)), (1, 2 ** len(text))
        first, second = (long, short) if text[0] == ">" else (short, long)
        self.last.units = self.last.units * first[0] // first[1]
        self.broken = second

    def tone(self, note: WrittenNote) -> Tone:
        """Return the tone of a written note: its own accidental, else its tie's, its bar's or its key's."""
        place = (note.letter, note.octave if self.propagation == "octave" else 0)
        if note.accidental is not None:
            accidental = note.accidental
            if self.propagation != "not":
                self.in_bar[place] = accidental
        else:
            tied = [t for t in (self.last.tones if self.last else ()) if t.is_tied]
            from_tie = [t.accidental for t in tied if (t.letter, t.octave) == (note.letter, note.octave)]
            known = self.in_bar.get(place, self.accidentals.get(note.letter, 0))
            accidental = from_tie[0] if from_tie else known
        pitch = pitch_of(note.letter, note.octave, accidental) + self.semitones
        if not 0 <= pitch <= 127:
            raise BadAbc(f"a note must lie in MIDI 0..127, got {pitch}")
        return Tone(note.letter, note.octave, accidental, pitch)

    def bar(self, text: str) -> None:
        """Append a bar line; accidentals end here."""
        self.items.append(Bar(text))
        self.in_bar = {}

    def overlay(self) -> None:
        """Go back to the last bar line with the next notes."""
        self.items.append(Overlay())
        self.in_bar, self.last = {}, None

    def sung_events(self) -> list[Event | Bar]:
        """Return the notes and bar lines of the last written line, for its words."""
        return [
            i
            for i in self.items[self.line_start :]
            if isinstance(i, Bar) or (isinstance(i, Event) and i.tones)
        ]


class _Clock:
    """Where a voice is while it is laid out; all in units."""

    def __init__(self, metre: Metre) -> None:
        self.now = self.bar_start = self.furthest = self.layer = 0
        self.metre = metre
        self.may_complete = False


def lay_out(voice: Voice, *, metre: Metre) -> Layout:
    """Return the voice in time. metre: the one in force where it begins."""
    layout, clock = Layout(), _Clock(metre)
    tied: dict[tuple[int, int], Row] = {}
    for item in voice.items:
        if isinstance(item, Event):
            _place(item, layout, clock, tied)
        elif isinstance(item, Bar):
            _close_bar(item, layout, clock)
        elif isinstance(item, Overlay):
            clock.furthest = max(clock.furthest, clock.now)
            clock.now, clock.layer = clock.bar_start, clock.layer + 1
        else:
            if isinstance(item.value, Metre):
                clock.metre = item.value
            layout.changes.append((units_to_ticks(clock.now), item))
    _close_bar(Bar("|]"), layout, clock)
    layout.end = units_to_ticks(clock.now)
    return layout


def _place(event: Event, layout: Layout, clock: _Clock, tied: dict[tuple[int, int], Row]) -> None:
    """Add an event's notes at the clock and move it on; a tied note lengthens the one before it."""
    onset, clock.now = clock.now, clock.now + event.units
    for tone in event.tones:
        key = (clock.layer, tone.pitch)
        row = tied.pop(key, None)
        if row is not None and row.end == onset:
            row.end = clock.now
        else:
            row = Row(onset, clock.now, tone, clock.layer, "")
            layout.rows.append(row)
        if tone.is_tied:
            tied[key] = row
    highest = max(event.tones, key=lambda tone: tone.pitch, default=None)
    if event.syllable and highest is not None:
        for row in reversed(layout.rows[-len(event.tones) :]):
            if row.tone is highest:
                row.syllable = event.syllable


def _close_bar(bar: Bar, layout: Layout, clock: _Clock) -> None:
    clock.now = max(clock.now, clock.furthest)
    start, end = units_to_ticks(clock.bar_start), units_to_ticks(clock.now)
    if end > start:
        layout.measures.append(Measure(start, end - start, clock.metre, clock.may_complete))
        clock.may_complete = False
    clock.may_complete = clock.may_complete or bar.text != "|"
    clock.bar_start, clock.furthest, clock.layer = clock.now, clock.now, 0


def spelled(tone: Tone, semitones: int) -> int | None:
    """Return the tone's line-of-fifths place, None where a transposing voice hides it."""
    return spelling_of(tone.letter, tone.accidental) if semitones % 12 == 0 else None
