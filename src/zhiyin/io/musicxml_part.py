"""One part of a score-partwise: its notes, and the marks that stand in it.

Conventions: places are (measure index, ticks from the measure's start), so that parts may be laid side by
side before measures get their ticks; pitches sound (transposition undone); grace and cue notes, repeats and jumps
are counted in `passed_over` and otherwise passed over: every measure stands once, as written.
This module does not know the other parts: see `zhiyin.io.musicxml_read`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import numpy as np

from zhiyin.io.base import MAX_QUARTERS
from zhiyin.io.limits import syllable_column
from zhiyin.io.musicxml_values import (
    DYNAMIC_VELOCITY,
    STEP_FIFTHS,
    STEP_SEMITONES,
    BadValue,
    chord_of,
    integer_of,
    key_of,
    metre_of,
    number_of,
    tempo_of,
    transposition_fifths,
)
from zhiyin.score import DEFAULT_VELOCITY, Notes
from zhiyin.units import TICKS_PER_QUARTER, IntArray, Ticks

_SNARE = 38
_JUMPS = ("dacapo", "dalsegno", "tocoda")
MAX_DIVISIONS = 10_000_000


class Mark(NamedTuple):
    """A mark of the whole score seen in one part: kind is key, metre, tempo, chord, section or velocity."""

    measure: int
    offset: Ticks
    kind: str
    value: Any


@dataclass(slots=True)
class Instruments:
    """What the part list says of a part: MIDI program, drum channel, drum key of each instrument id."""

    program: int | None = None
    is_drums: bool = False
    drum_keys: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Columns:
    """Note columns of one part; a note may end in a later measure than it starts."""

    measure: list[int] = field(default_factory=list)
    onset: list[int] = field(default_factory=list)
    last_measure: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    pitch: list[int] = field(default_factory=list)
    spelling: list[int] = field(default_factory=list)
    velocity: list[int] = field(default_factory=list)
    voice: list[str] = field(default_factory=list)
    staff: list[int] = field(default_factory=list)
    syllables: dict[int, str] = field(default_factory=dict)


class PartReader:
    """Reads the measures of one <part> in order."""

    def __init__(self, instruments: Instruments) -> None:
        self.instruments = instruments
        self.columns = Columns()
        self.marks: list[Mark] = []
        self.lengths: list[int] = []
        self.joins: list[bool] = []
        self.warned: set[str] = set()
        self.passed_over: Counter[str] = Counter()
        self.has_unpitched = False
        self.has_pitched = False
        self.is_transposed = False
        self.measure = 0
        self._divisions: int | Fraction = 1
        self._base = self._length = 0
        self._cursor: int | Fraction = 0
        self._chord_start: int | Fraction = 0
        self._shifts: dict[int, tuple[int, int]] = {}
        self._tied: dict[int, list[int]] = {}
        self._pitches: dict[tuple[str | None, str | None, str | None], tuple[int, int]] = {}
        self._repeat_ahead = False
        self._handlers = {
            "note": self._note, "backup": self._backup, "forward": self._forward, "attributes": self._attributes,
            "direction": self._direction, "harmony": self._harmony, "barline": self._barline, "sound": self._sound,
        }  # fmt: skip

    def read(self, measure: Element) -> None:
        """Take in the next <measure>. Raises BadValue."""
        self.measure = len(self.lengths)
        self._base = self._length = 0
        self._cursor = self._chord_start = 0
        self.joins.append(self._repeat_ahead or measure.get("implicit") == "yes")
        self._repeat_ahead = False
        handlers = self._handlers
        for child in measure:
            handler = handlers.get(child.tag)
            if handler is not None:
                handler(child)
        self.lengths.append(self._length)

    def _ticks(self, position: int | Fraction) -> Ticks:
        return self._base + int((2 * TICKS_PER_QUARTER * position + self._divisions) // (2 * self._divisions))

    def _move(self, position: int | Fraction) -> None:
        ticks = self._ticks(position)
        if ticks < 0:
            self.warned.add("a <backup> reached before its measure: it was cut to the measure's start")
            self._base, position, ticks = 0, 0, 0
        if ticks > MAX_QUARTERS * TICKS_PER_QUARTER:
            raise BadValue(f"a measure must be shorter than {MAX_QUARTERS} quarters")
        self._cursor = position
        if ticks > self._length:
            self._length = ticks

    def _backup(self, element: Element) -> None:
        self._move(self._cursor - number_of(element.findtext("duration"), "duration"))

    def _forward(self, element: Element) -> None:
        self._move(self._cursor + number_of(element.findtext("duration"), "duration"))

    def _note(self, element: Element) -> None:
        pitch = unpitched = lyric = None
        duration: int | Fraction = 0
        is_chord = is_silent = ties_on = ties_back = False
        voice, staff, instrument = "1", 1, ""
        for child in element:
            tag = child.tag
            if tag == "pitch":
                pitch = child
            elif tag == "duration":
                duration = number_of(child.text, tag)
            elif tag == "voice":
                voice = child.text or "1"
            elif tag == "chord":
                is_chord = True
            elif tag == "tie":
                ties_on, ties_back = (
                    ties_on or child.get("type") == "start",
                    ties_back or child.get("type") == "stop",
                )
            elif tag == "staff":
                staff = integer_of(child.text, tag)
            elif tag == "lyric":
                lyric = child if lyric is None and _is_first_verse(child) else lyric
            elif tag == "rest" or tag == "cue":
                is_silent = True
                self.passed_over["cue notes"] += tag == "cue"
            elif tag == "grace":
                self.passed_over["grace notes"] += 1
                return
            elif tag == "unpitched":
                unpitched = child
            elif tag == "instrument":
                instrument = child.get("id", "")
        if duration < 0:
            raise BadValue(f"<duration> must be positive, got {duration}")
        start = self._chord_start if is_chord else self._cursor
        if not is_chord:
            self._chord_start = start
            self._move(start + duration)
        if is_silent or not duration or (pitch is None and unpitched is None):
            return
        midi, spelling = self._sounding(pitch, staff) if pitch is not None else self._drum_key(instrument)
        onset, end = self._ticks(start), self._ticks(start + duration)
        if ties_back and self._lengthen(midi, onset, end, voice=voice, ties_on=ties_on):
            return
        self._append(
            midi,
            spelling,
            onset,
            max(end, onset + 1),
            velocity=element.get("dynamics"),
            voice=voice,
            staff=staff,
        )
        if ties_on:
            self._tied.setdefault(midi, []).append(len(self.columns.pitch) - 1)
        if lyric is not None and not is_chord:
            self._syllable(lyric)

    def _append(
        self, midi: int, spelling: int, onset: int, end: int, *, velocity: str | None, voice: str, staff: int
    ) -> None:
        columns = self.columns
        columns.measure.append(self.measure)
        columns.onset.append(onset)
        columns.last_measure.append(self.measure)
        columns.end.append(end)
        columns.pitch.append(midi)
        columns.spelling.append(spelling)
        columns.velocity.append(_percent_to_velocity(velocity) if velocity else 0)
        columns.voice.append(voice)
        columns.staff.append(staff)

    def _lengthen(self, midi: int, onset: int, end: int, *, voice: str, ties_on: bool) -> bool:
        """Return whether a note was found that a tie continues here; one of the same voice comes first."""
        rows = [row for row in self._tied.get(midi, ()) if self._reaches(row, onset)]
        if not rows:
            return False
        columns = self.columns
        row = next((row for row in rows if columns.voice[row] == voice), rows[0])
        columns.last_measure[row], columns.end[row] = self.measure, end
        if not ties_on:
            self._tied[midi].remove(row)
        return True

    def _reaches(self, row: int, onset: int) -> bool:
        last, end = self.columns.last_measure[row], self.columns.end[row]
        if last == self.measure:
            return end == onset
        return last == self.measure - 1 and onset == 0 and end >= self.lengths[last]

    def _sounding(self, element: Element, staff: int) -> tuple[int, int]:
        self.has_pitched = True
        name = (element.findtext("step"), element.findtext("alter"), element.findtext("octave"))
        if name not in self._pitches:
            self._pitches[name] = self._written(*name)
        midi, spelling = self._pitches[name]
        if self._shifts:
            semitones, fifths = self._shifts.get(staff) or self._shifts.get(0) or (0, 0)
            midi, spelling = midi + semitones, spelling + fifths
        if not 0 <= midi <= 127 or not -40 <= spelling <= 40:
            raise BadValue(f"a pitch must lie in MIDI 0..127, got {''.join(map(str, name))[:40]} = {midi}")
        return midi, spelling

    def _written(self, step: str | None, alter: str | None, octave: str | None) -> tuple[int, int]:
        letter = (step or "").strip()
        if letter not in STEP_SEMITONES:
            raise BadValue(f"<step> must be a letter A-G, got {letter[:40]!r}")
        bend = number_of(alter, "alter") if alter else 0
        semitones = round(bend)
        if semitones != bend:
            self.warned.add(f"a pitch bent by {float(bend):g} semitones was read as {semitones}")
        midi = 12 * (integer_of(octave, "octave") + 1) + STEP_SEMITONES[letter] + semitones
        return midi, STEP_FIFTHS[letter] + 7 * semitones

    def _drum_key(self, instrument: str) -> tuple[int, int]:
        self.has_unpitched = True
        keys = self.instruments.drum_keys
        key = keys.get(instrument)
        if key is None:
            key = next(iter(keys.values())) if len(keys) == 1 else _SNARE
            self.warned.add(f"percussion without a MIDI key was read as key {key}")
        return key, 0

    def _syllable(self, lyric: Element) -> None:
        words = " ".join("".join(e.text or "" for e in lyric.iterfind("text")).split())
        if words:
            goes_on = (lyric.findtext("syllabic") or "").strip() in ("begin", "middle")
            self.columns.syllables[len(self.columns.pitch) - 1] = words + "-" if goes_on else words

    def _attributes(self, element: Element) -> None:
        for child in element.iterfind("transpose"):  # It stands after the key that it governs.
            self._transpose(child)
        for child in element:
            if child.tag == "divisions":
                divisions = number_of(child.text, "divisions")
                if not 0 < divisions <= MAX_DIVISIONS:
                    raise BadValue(f"<divisions> must lie in 1..{MAX_DIVISIONS}, got {divisions}")
                self._base, self._cursor, self._chord_start = self._ticks(self._cursor), 0, 0
                self._divisions = divisions
            elif child.tag == "key":
                self._mark("key", key_of(child, next(iter(self._shifts.values()), (0, 0))[1]))
            elif child.tag == "time":
                self._mark("metre", metre_of(child))

    def _transpose(self, element: Element) -> None:
        chromatic = integer_of(element.findtext("chromatic") or "0", "chromatic")
        diatonic = element.findtext("diatonic")
        octaves = integer_of(element.findtext("octave-change") or "0", "octave-change")
        if abs(chromatic) > 48 or abs(octaves) > 8:
            raise BadValue(f"<transpose> must stay within 48 semitones, got {chromatic}")
        fifths = transposition_fifths(integer_of(diatonic, "diatonic") if diatonic else None, chromatic)
        self._shifts[int(element.get("number", "0")[:2] or 0)] = (chromatic + 12 * octaves, fifths)
        self.is_transposed = any(shift[0] % 12 for shift in self._shifts.values())

    def _mark(self, kind: str, value: Any) -> None:
        if value is not None:
            self.marks.append(Mark(self.measure, self._ticks(self._cursor), kind, value))

    def _offset(self, element: Element) -> int | Fraction:
        text = element.findtext("offset")
        offset = self._cursor + (number_of(text, "offset") if text else 0)
        return offset if self._ticks(offset) >= 0 else 0

    def _direction(self, element: Element) -> None:
        at = self._ticks(self._offset(element))
        tempo = tempo_of(element)
        if tempo is not None:
            self.marks.append(Mark(self.measure, at, "tempo", tempo))
        self._jump(element.find("sound"))
        for kind in element.iterfind("direction-type"):
            for child in kind:
                if child.tag == "rehearsal" and (child.text or "").strip():
                    self.marks.append(Mark(self.measure, at, "section", (child.text or "").strip()))
                elif child.tag == "dynamics" and len(child) and child[0].tag in DYNAMIC_VELOCITY:
                    self.marks.append(Mark(self.measure, at, "velocity", DYNAMIC_VELOCITY[child[0].tag]))

    def _sound(self, element: Element) -> None:
        self._jump(element)
        if element.get("tempo"):
            self._mark("tempo", float(number_of(element.get("tempo", "")[:16], "sound tempo")))

    def _jump(self, sound: Element | None) -> None:
        if sound is not None:
            self.passed_over["jumps"] += any(sound.get(name) for name in _JUMPS)

    def _harmony(self, element: Element) -> None:
        semitones = next(iter(self._shifts.values()), (0, 0))[0]
        understood, chord = chord_of(element, semitones)
        if understood:
            self.marks.append(Mark(self.measure, self._ticks(self._offset(element)), "chord", chord))
        else:
            self.warned.add("a chord symbol without a root or of an unknown kind was left out")

    def _barline(self, element: Element) -> None:
        repeat, ending = element.find("repeat"), element.find("ending")
        if repeat is None and ending is None:
            return
        self.passed_over["repeats"] += repeat is not None and repeat.get("direction") == "backward"
        self.passed_over["endings"] += ending is not None and ending.get("type") == "start"
        if element.get("location") == "left":
            self.joins[-1] = True
        else:
            self._repeat_ahead = True

    def notes(self, starts: IntArray) -> Notes:
        """Return the part's notes once every measure has its tick."""
        columns = self.columns
        size = len(columns.pitch)
        if not size:
            return Notes()
        onset = starts[columns.measure] + np.array(columns.onset, np.int64)
        end = starts[columns.last_measure] + np.array(columns.end, np.int64)
        voice = _voices(columns.voice, columns.staff)
        syllable = [columns.syllables.get(row, "") for row in range(size)] if columns.syllables else None
        return Notes(
            onset,
            np.maximum(end - onset, 1),
            np.array(columns.pitch, np.int64),
            self._velocities(starts, onset),
            spelling=np.array(columns.spelling, np.int64) if not self.has_unpitched else None,
            voice=voice if voice.any() else None,
            syllable=None if syllable is None else syllable_column(syllable),
        )

    def _velocities(self, starts: IntArray, onset: IntArray) -> IntArray:
        written = np.array(self.columns.velocity, np.int64)
        dynamics = sorted(
            (int(starts[m.measure]) + m.offset, m.value) for m in self.marks if m.kind == "velocity"
        )
        ticks = np.array([tick for tick, _ in dynamics], np.int64)
        values = np.array([DEFAULT_VELOCITY, *(value for _, value in dynamics)], np.int64)
        marked = values[np.searchsorted(ticks, onset, side="right")]
        chosen: IntArray = np.where(written > 0, written, marked)
        return chosen


def _is_first_verse(lyric: Element) -> bool:
    number = lyric.get("number", "1")
    return number == "1" or number.endswith("verse1")


def _percent_to_velocity(text: str) -> int:
    """Return the MIDI velocity of a note's `dynamics`, a percentage of a forte of 90."""
    return min(127, max(1, round(float(number_of(text[:16], "note dynamics")) * 0.9)))


def _voices(labels: list[str], staves: list[int]) -> IntArray:
    """Return voice numbers from 0: four to a staff, 0-3 on the first, 4-7 on the second.

    Labels that already count so (1-4 and 5-8) are kept; others are ranked within the staff they mostly use.
    """
    homes: dict[str, Counter[int]] = {}
    for label, staff in zip(labels, staves, strict=True):
        homes.setdefault(label, Counter())[staff] += 1
    home = {label: min(max(count.most_common(1)[0][0], 1), 60) for label, count in homes.items()}
    ranked: dict[int, list[str]] = {}
    for label in sorted(home, key=lambda text: (len(text), text)):
        ranked.setdefault(home[label], []).append(label)
    numbers = {
        label: 4 * (staff - 1) + min(rank, 3)
        for staff, members in ranked.items()
        for rank, label in enumerate(members)
    }
    if all(label.isdigit() and len(label) < 4 and (int(label) + 3) // 4 == home[label] for label in home):
        numbers = {label: int(label) - 1 for label in home}
    return np.array([numbers[label] for label in labels], np.int64)
