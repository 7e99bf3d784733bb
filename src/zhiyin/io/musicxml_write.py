"""A score as MusicXML: header, part list, and measures laid out from the timeline.

Conventions: 24 divisions a quarter; music off that grid is quantised and the loss is told; sounding pitch.
This module does not know how one measure is spelt out: see `zhiyin.io.musicxml_measure`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.io.base import Written
from zhiyin.io.musicxml_marks import (
    clean_text,
    clef_xml,
    dynamics_xml,
    harmony_xml,
    is_mode_kept,
    key_xml,
    metre_xml,
    section_xml,
    tempo_xml,
    written_fifths,
)
from zhiyin.io.musicxml_measure import Frame, Head, Spot, Stem, accidentals, lyric_xml, pitch_head, voice_xml
from zhiyin.io.musicxml_transpose import check_transpositions, transpose_xml, written_marks, written_part
from zhiyin.io.musicxml_voices import MAX_VOICES, Event, arrange_voices, choose_clef, staff_of
from zhiyin.io.spelling import spell_chord
from zhiyin.score import VELOCITY_LEVELS, KeyMark, Notes, Part, Score, Timeline
from zhiyin.score.quantise import snap, velocity_to_level
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import instrument_for_program
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.pitch import spell
from zhiyin.units import STEPS_PER_QUARTER, TICKS_PER_STEP, Ticks

MAX_BARS = 20_000
_HEADER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">\n<score-partwise version="4.0">'
)
# GM drum key -> (step, octave, notehead) on a percussion clef; source: Weinberg, "Guidelines for Drumset
# Notation", 1994. Other keys stand on the middle line.
_DRUM_PLACES: dict[int, tuple[str, int, str]] = {
    35: ("F", 4, ""), 36: ("F", 4, ""), 37: ("C", 5, "x"), 38: ("C", 5, ""), 40: ("C", 5, ""), 41: ("G", 4, ""),
    43: ("A", 4, ""), 45: ("B", 4, ""), 47: ("D", 5, ""), 48: ("E", 5, ""), 50: ("F", 5, ""), 42: ("G", 5, "x"),
    46: ("G", 5, "circle-x"), 44: ("D", 4, "x"), 49: ("A", 5, "x"), 57: ("B", 5, "x"), 51: ("F", 5, "x"),
    59: ("F", 5, "x"), 53: ("F", 5, "diamond"), 52: ("A", 5, "x"), 55: ("B", 5, "x"), 54: ("E", 5, "triangle"),
}  # fmt: skip


def write_score(score: Score, *, transpositions: Sequence[int] = ()) -> Written:
    """Return MusicXML 4.0 bytes and what they could not carry. Raises InvalidInput for too fine a metre.

    transpositions: semitones from written to sounding, one a part (0: as it sounds); all sound as written if empty.
    """
    check_transpositions(score, transpositions)
    on_grid, lost = _on_grid(score)
    layout = _Layout.of(on_grid)
    parts = on_grid.parts or (Part("Music"),)
    lines = [_HEADER, *_identification(on_grid), "<part-list>"]
    lines += [_listed(part, index) for index, part in enumerate(parts)]
    lines.append("</part-list>")
    for index, part in enumerate(parts):
        shift = transpositions[index] if transpositions else 0
        lines += _PartWriter(written_part(part, shift), index, layout.written(shift), shift=shift).lines()
    lines.append("</score-partwise>\n")
    return Written("\n".join(lines).encode("utf-8"), (*lost, *_losses(on_grid, layout)))


def _on_grid(score: Score) -> tuple[Score, tuple[str, ...]]:
    """Return the score with every note on the step grid, and how many notes moved."""
    moved, furthest, parts = 0, 0, []
    for part in score.parts:
        notes = part.notes
        onset = snap(notes.onset)
        end = np.maximum(snap(notes.offset), onset + TICKS_PER_STEP)
        moves = np.maximum(np.abs(onset - notes.onset), np.abs(end - notes.offset))
        moved, furthest = moved + int(np.count_nonzero(moves)), max(furthest, int(moves.max(initial=0)))
        parts.append(
            part.with_notes(notes.with_columns(onset=onset, duration=end - onset)) if moves.any() else part
        )
    if not moved:
        return score, ()
    told = f"{moved} of {score.note_count} notes moved to the grid of {STEPS_PER_QUARTER} steps a quarter"
    return replace(score, parts=tuple(parts)), (f"{told}, by at most {furthest} ticks",)


def _losses(score: Score, layout: _Layout) -> tuple[str, ...]:
    lost = []
    if any(part.controls for part in score.parts):
        lost.append("controls (pedal, volume, bend) were left out")
    if score.locks:
        lost.append(f"{len(score.locks)} locks were left out")
    if score.provenance or any(part.notes.origin is not None for part in score.parts):
        lost.append("the provenance of the notes was left out")
    if any(part.role not in ("unknown", "drums") for part in score.parts):
        lost.append("the roles of the parts were left out")
    modes = sorted({mark.key.mode for mark in score.keys if not is_mode_kept(mark.key)})
    if modes:
        lost.append(f"modes written as the church mode of the same signature: {', '.join(modes)}")
    inside = sum(layout.place(mark.tick)[1] > 0 for mark in score.keys)
    if inside:
        lost.append(f"{inside} key marks inside a bar stand before the note or rest that sounds there")
    shifted = int(np.count_nonzero(Timeline.of(score).bar_starts(layout.count) != layout.starts))
    if shifted:
        lost.append(f"{shifted} bar lines moved to the grid")
    return tuple(lost)


@dataclass(frozen=True)
class _Layout:
    """The measures of a score: ticks of each, metre and key in force, and marks by measure."""

    score: Score
    starts: np.ndarray[tuple[int], np.dtype[np.int64]]
    metres: list[Metre]
    keys: list[Key | None]

    @classmethod
    def of(cls, score: Score) -> _Layout:
        line = Timeline.of(score)
        count = max(line.bar_count(score.end), 1)
        if count > MAX_BARS:
            raise InvalidInput(f"a score to write must have at most {MAX_BARS} bars, got {count}")
        exact = line.bar_starts(count)
        starts = snap(exact)
        if np.any(np.diff(starts) <= 0):
            wrong = line.metre_at(int(exact[int(np.argmin(np.diff(starts)))]))
            raise InvalidInput(
                f"bars must last a {STEPS_PER_QUARTER}th of a quarter or more, got a bar of {wrong}"
            )
        begins = exact[:-1].tolist()
        return cls(score, starts, [line.metre_at(tick) for tick in begins], _keys_of(score.keys, starts))

    def written(self, shift: int) -> _Layout:
        """Return the layout of a part of this transposition."""
        if not shift % 12:
            return self
        score = written_marks(self.score, shift)
        return replace(self, score=score, keys=_keys_of(score.keys, self.starts))

    @property
    def count(self) -> int:
        return len(self.starts) - 1

    def place(self, tick: Ticks) -> tuple[int, int]:
        """Return (measure, step in it) of a tick; what lies past the end falls on the last step."""
        bar = min(int(np.searchsorted(self.starts, tick, side="right")) - 1, self.count - 1)
        inside = min(tick, int(self.starts[bar + 1]) - TICKS_PER_STEP) - int(self.starts[bar])
        return bar, max(inside, 0) // TICKS_PER_STEP

    def chord_at(self, tick: Ticks) -> Chord | None:
        """Return the chord in force at a tick."""
        index = bisect_right(self.score.chords, tick, key=lambda mark: mark.tick)
        return self.score.chords[index - 1].chord if index else None

    def frame(self, bar: int, staves: int) -> Frame:
        key = self.keys[bar]
        steps = int(self.starts[bar + 1] - self.starts[bar]) // TICKS_PER_STEP
        return Frame(steps, self.metres[bar], written_fifths(key) if key else 0, staves)


def _keys_of(
    marks: tuple[KeyMark, ...], starts: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> list[Key | None]:
    keys: list[Key | None] = [None] * (len(starts) - 1)
    for mark in marks:
        bar = int(np.searchsorted(starts, mark.tick, side="left"))
        for later in range(bar, len(keys)):
            keys[later] = mark.key
    return keys


def _key_for(part: Part, key: Key, before: Key | None) -> str:
    """Return the <key> of a part, unseen on percussion staves and where the signature stays."""
    is_same = before is not None and written_fifths(before) == written_fifths(key)
    return key_xml(key, is_shown=not (is_same or part.is_drums))


def _identification(score: Score) -> list[str]:
    creators = [
        f'<creator type="{clean_text(kind).replace(chr(34), "")}">{clean_text(text)}</creator>'
        for kind, text in score.credits
        if kind not in ("rights", "work")
    ]
    rights = [f"<rights>{clean_text(text)}</rights>" for kind, text in score.credits if kind == "rights"]
    work = next((text for kind, text in score.credits if kind == "work"), "")
    lines = (
        [f"<work><work-title>{clean_text(work or score.title)}</work-title></work>"]
        if work or score.title
        else []
    )
    if work:
        lines.append(f"<movement-title>{clean_text(score.title)}</movement-title>")
    encoding = '<encoding><software>Zhiyin</software><supports element="accidental" type="yes"/>'
    encoding += '<supports element="beam" type="yes"/></encoding>'
    return [*lines, "<identification>", *creators, *rights, encoding, "</identification>"]


def _listed(part: Part, index: int) -> str:
    """Return the <score-part> of a part: name, instruments, MIDI."""
    name = f"P{index + 1}"
    channel = 10 if part.is_drums else (index % 15 + 1) + (index % 15 >= 9)
    keys = sorted(set(part.notes.pitch.tolist())) if part.is_drums else []
    instruments = [(f"{name}-I{key + 1}", f"Drum {key}", key) for key in keys] or [
        (f"{name}-I1", part.name, None)
    ]
    if not part.is_drums:
        instruments[0] = (f"{name}-I1", instrument_for_program(part.program).name, None)
    heads = [
        f'<score-instrument id="{which}"><instrument-name>{clean_text(text)}</instrument-name></score-instrument>'
        for which, text, _ in instruments
    ]
    midi = [
        f'<midi-instrument id="{which}"><midi-channel>{channel}</midi-channel>'
        f"<midi-program>{part.program + 1}</midi-program>"
        + (f"<midi-unpitched>{key + 1}</midi-unpitched>" if key is not None else "")
        + "</midi-instrument>"
        for which, _, key in instruments
    ]
    return f'<score-part id="{name}"><part-name>{clean_text(part.name)}</part-name>{"".join(heads + midi)}</score-part>'


class _PartWriter:
    """Writes one part's measures in order."""

    def __init__(self, part: Part, index: int, layout: _Layout, *, shift: int = 0) -> None:
        self.part, self.index, self.layout, self.shift = part, index, layout, shift
        self.voices = arrange_voices(part)
        self.staves = 2 if any(staff_of(voice) == 2 for voice in self.voices) else 1
        self.stems: dict[int, dict[int, list[Stem]]] = defaultdict(lambda: defaultdict(list))
        self.marks: dict[int, list[tuple[int, str]]] = defaultdict(list)
        self.dynamics = self._dynamics()
        if index == 0:
            self._score_marks()
        if not part.is_drums:
            for mark in set(layout.score.keys):
                if layout.place(mark.tick)[1]:  # A key that changes inside a bar.
                    self._add(mark.tick, f"<attributes>{key_xml(mark.key)}</attributes>")
        for voice, events in self.voices.items():
            self._cut(voice, events)

    def lines(self) -> list[str]:
        """Return the <part>."""
        lines = [f'<part id="P{self.index + 1}">']
        for bar in range(self.layout.count):
            lines += self._measure(bar)
        return [*lines, "</part>"]

    def _measure(self, bar: int) -> list[str]:
        frame = self.layout.frame(bar, self.staves)
        pickup = self.layout.score.pickup_ticks > 0
        number = bar if pickup else bar + 1
        implicit = ' implicit="yes"' if bar == 0 and pickup else ""
        lines = [f'<measure number="{number}"{implicit}>', *self._attributes(bar)]
        here = self.stems[bar]
        voices = [voice for voice in self.voices if here.get(voice)]
        silent = {*range(1, self.staves + 1)} - {staff_of(voice) for voice in voices}
        voices = sorted([*voices, *((staff - 1) * MAX_VOICES for staff in silent)])
        leading = {staff_of(voice): voice for voice in reversed(voices)}
        printed = accidentals([(staff_of(v), here.get(v, [])) for v in voices], frame.fifths)
        for place, voice in enumerate(voices):
            if place:
                lines.append(f"<backup><duration>{frame.steps}</duration></backup>")
            marks = self.marks[bar] if place == 0 else []
            spot = Spot(voice, staff_of(voice), leading[staff_of(voice)] == voice)
            lines += voice_xml(here.get(voice, []), frame, spot, printed=printed, marks=marks)
        if bar == self.layout.count - 1:
            lines.append('<barline location="right"><bar-style>light-heavy</bar-style></barline>')
        return [*lines, "</measure>"]

    def _attributes(self, bar: int) -> list[str]:
        layout, xml = self.layout, ""
        key, metre = layout.keys[bar], layout.metres[bar]
        if bar == 0:
            xml += f"<divisions>{STEPS_PER_QUARTER}</divisions>"
        before = layout.keys[bar - 1] if bar else None
        if key is not None and before != key:
            xml += _key_for(self.part, key, before)
        if bar == 0 or layout.metres[bar - 1] != metre:
            xml += metre_xml(metre)
        if bar == 0:
            xml += f"<staves>{self.staves}</staves>" if self.staves > 1 else ""
            xml += "".join(self._clef(staff) for staff in range(1, self.staves + 1))
            xml += transpose_xml(self.shift)
        return [f"<attributes>{xml}</attributes>"] if xml else []

    def _clef(self, staff: int) -> str:
        rows = [
            r for v, events in self.voices.items() if staff_of(v) == staff for e in events for r in e.rows
        ]
        clef = choose_clef(
            self.part,
            self.part.notes.pitch[rows] if rows else np.empty(0, np.int64),
            staff=staff,
            staves=self.staves,
        )
        return clef_xml(clef, staff if self.staves > 1 else 0)

    def _score_marks(self) -> None:
        score, layout = self.layout.score, self.layout
        for section in score.sections:
            self._add(section.tick, section_xml(section.name))
        for tempo in score.tempos:
            self._add(tempo.tick, tempo_xml(tempo.bpm, layout.metres[layout.place(tempo.tick)[0]]))
        for mark in score.chords:
            key = layout.keys[layout.place(mark.tick)[0]]
            self._add(mark.tick, harmony_xml(mark.chord, written_fifths(key) if key else 0))

    def _add(self, tick: Ticks, xml: str) -> None:
        bar, step = self.layout.place(tick)
        self.marks[bar].append((step, xml))

    def _dynamics(self) -> list[tuple[Ticks, int]]:
        """Return (tick, velocity level) of the dynamics to print: one a section, where it changes."""
        notes = self.part.notes
        edges = sorted({0, *(section.tick for section in self.layout.score.sections)})
        chosen: list[tuple[Ticks, int]] = []
        for start, stop in zip(edges, [*edges[1:], max(self.layout.score.end, edges[-1]) + 1], strict=True):
            velocity = notes.between(start, stop).velocity
            if not len(velocity):
                continue
            level = VELOCITY_LEVELS[
                int(velocity_to_level(np.array([np.median(velocity)]).astype(np.int64))[0])
            ]
            if not chosen or chosen[-1][1] != level:
                chosen.append((int(notes.onset[0]) if not chosen else start, level))
                self._add(chosen[-1][0], dynamics_xml(level, staff=1 if self.staves > 1 else 0))
        return chosen

    def _cut(self, voice: int, events: list[Event]) -> None:
        """Cut the events of a voice at bar lines into stems with ties."""
        layout, before = self.layout, ""
        for number, event in enumerate(events):
            after = events[number + 1] if number + 1 < len(events) else None
            heads, before = self._heads(event, before, after)
            bar = int(np.searchsorted(layout.starts, event.start, side="right")) - 1
            at = event.start
            while at < event.end:
                first, last = int(layout.starts[bar]), int(layout.starts[bar + 1])
                stop = min(event.end, last)
                stem = Stem((at - first) // TICKS_PER_STEP, (stop - first) // TICKS_PER_STEP, heads)
                stem.tied_in, stem.tied_out = at > event.start, stop < event.end
                self.stems[bar][voice].append(stem)
                at, bar = stop, bar + 1

    def _heads(self, event: Event, before: str, after: Event | None) -> tuple[list[Head], str]:
        notes, heads = self.part.notes, []
        frame = self.layout.frame(self.layout.place(event.start)[0], self.staves)
        syllable = self._syllable(event)
        is_held = after is not None and after.start == event.end and not self._syllable(after)
        chord = self.layout.chord_at(event.start)
        for row in event.rows:
            heads.append(self._head(notes, row, frame.fifths, chord))
            heads[-1].velocity = self._velocity(int(notes.velocity[row]), event.start)
        heads[0].lyric = lyric_xml(clean_syllable(syllable), before, extends=is_held)
        return heads, syllable or before

    def _syllable(self, event: Event) -> str:
        words = self.part.notes.syllable
        return "" if words is None else str(words[event.rows[0]])

    def _head(self, notes: Notes, row: int, fifths: int, chord: Chord | None) -> Head:
        pitch = int(notes.pitch[row])
        if self.part.is_drums:
            step, octave, shape = _DRUM_PLACES.get(pitch, ("B", 4, ""))
            xml = f"<unpitched><display-step>{step}</display-step><display-octave>{octave}</display-octave></unpitched>"
            notehead = f"<notehead>{shape}</notehead>" if shape else ""
            return Head(
                xml, (step, octave), None, instrument=f"P{self.index + 1}-I{pitch + 1}", notehead=notehead
            )
        spelling = spell(pitch % 12, key_fifths=fifths)
        if chord is not None:
            spelling = spell_chord(chord, fifths)[2].get(pitch % 12, spelling)
        if notes.spelling is not None and int(notes.spelling[row]) * 7 % 12 == pitch % 12:
            spelling = int(notes.spelling[row])
        return pitch_head(pitch, spelling)

    def _velocity(self, velocity: int, tick: Ticks) -> str:
        """Return the dynamics attribute (percent of a forte of 90), empty where the printed dynamic says it."""
        standing = next((level for start, level in reversed(self.dynamics) if start <= tick), 0)
        return "" if velocity == standing else f"{velocity / 0.9:.2f}"


def clean_syllable(text: str) -> str:
    """Return a syllable without what XML may not hold (markup is escaped later)."""
    return "".join(c for c in text if c.isprintable())
