"""An element tree of a score-partwise becomes a score: header, parts side by side, marks.

Conventions: a measure is as long as its longest part; marks come from the first part that has them.
This module does not know bytes (musicxml_open.py) nor notes (musicxml_part.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np

from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.io.limits import check_extent, warn_reader
from zhiyin.io.measures import Measure, metre_marks
from zhiyin.io.musicxml_open import measure_line, open_tree, paused_collection
from zhiyin.io.musicxml_part import Instruments, PartReader
from zhiyin.io.musicxml_values import BadValue, integer_of
from zhiyin.score import ChordMark, KeyMark, MetreMark, Part, Score, Section, Tempo
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import MAX_BPM, MIN_BPM, TICKS_PER_QUARTER, IntArray, Ticks

MAX_PARTS = 512
_HAIR = TICKS_PER_QUARTER // 96
_CREATORS = ("composer", "lyricist", "arranger", "poet", "translator")


def read_score(data: bytes, *, path: str) -> Score:
    """Return the score in MusicXML bytes, packed or not. Raises UnreadableFile."""
    with paused_collection():
        root, xml = open_tree(data, path=path)
        elements = root.findall("part")
        if not 1 <= len(elements) <= MAX_PARTS:
            raise UnreadableFile(
                path, "line 1", f"a score must have 1..{MAX_PARTS} parts, got {len(elements)}"
            )
        listed = {e.get("id", ""): e for e in root.iterfind("part-list/score-part")}
        readers: list[PartReader] = []
        for element in elements:
            before = sum(len(reader.lengths) for reader in readers)
            readers.append(_read_part(element, listed.get(element.get("id", "")), (path, xml, before)))
        try:
            return check_extent(_assemble(root, elements, listed, readers, path=path), path=path)
        except UnreadableFile:
            raise
        except InvalidInput as error:
            raise UnreadableFile(path, "the whole score", str(error)) from error


def _read_part(element: Element, listed: Element | None, source: tuple[str, bytes, int]) -> PartReader:
    path, xml, before = source
    reader = PartReader(Instruments())
    try:
        reader.instruments = _instruments(listed)
        for measure in element.iterfind("measure"):
            reader.read(measure)
    except (BadValue, InvalidInput) as error:
        line = measure_line(xml, before + len(reader.lengths))
        place = f"line {line} (part {element.get('id', '')[:20]!r}, measure {len(reader.lengths) + 1})"
        raise UnreadableFile(path, place, str(error)) from error
    return reader


def _instruments(listed: Element | None) -> Instruments:
    found = Instruments()
    if listed is None:
        return found
    for midi in listed.iterfind("midi-instrument"):
        program, key = midi.findtext("midi-program"), midi.findtext("midi-unpitched")
        if program is not None and found.program is None:
            found.program = min(max(integer_of(program, "midi-program") - 1, 0), 127)
        if key is not None:
            found.drum_keys[midi.get("id", "")] = min(max(integer_of(key, "midi-unpitched") - 1, 0), 127)
        found.is_drums = found.is_drums or (midi.findtext("midi-channel") or "").strip() == "10"
    return found


def _assemble(
    root: Element,
    elements: list[Element],
    listed: dict[str, Element],
    readers: list[PartReader],
    *,
    path: str,
) -> Score:
    marks = _Marks(readers, path)
    parts = []
    for element, reader in zip(elements, readers, strict=True):
        name = " ".join((_text(listed.get(element.get("id", "")), "part-name")).split())
        parts.append(_part(name, reader, marks.starts))
        marks.warned |= reader.warned
    for what in (*sorted(marks.warned), *_passed_over(readers)):
        warn_reader(path, what)
    metres, pickup = metre_marks(marks.measures)
    work, movement = _text(root, "work/work-title"), _text(root, "movement-title")
    return Score(
        title=movement or work,
        parts=tuple(parts),
        tempos=marks.tempos(),
        metres=metres or (MetreMark(0, Metre(4, 4)),),
        keys=marks.keys(),
        chords=tuple(ChordMark(tick, chord) for tick, chord in marks.all_of("chord").items()),
        sections=tuple(Section(tick, name) for tick, name in marks.all_of("section").items()),
        pickup_ticks=pickup,
        length_ticks=int(marks.starts[-1]),
        credits=_credits(root, work if movement and movement != work else ""),
    )


def _passed_over(readers: list[PartReader]) -> Iterator[str]:
    """Return what no score holds: small notes of all parts; repeats, which every part may write again, once."""
    for what in ("grace notes", "cue notes"):
        count = sum(reader.passed_over[what] for reader in readers)
        if count:
            yield f"{_counted(count, what)} {'was' if count == 1 else 'were'} left out"
    most = {
        what: max((reader.passed_over[what] for reader in readers), default=0)
        for what in ("repeats", "endings", "jumps")
    }
    found = ", ".join(_counted(count, what) for what, count in most.items() if count)
    if found:
        yield f"repeats are not played out, every bar was read once: {found}"


def _counted(count: int, what: str) -> str:
    """Return a count with its noun, in the singular for one.

    >>> _counted(1, "repeats"), _counted(8, "grace notes")
    ('1 repeat', '8 grace notes')
    """
    return f"{count} {what if count != 1 else what.removesuffix('s')}"


def _text(element: Element | None, name: str) -> str:
    return ((element.findtext(name) if element is not None else "") or "").strip()


def _credits(root: Element, work: str) -> tuple[tuple[str, str], ...]:
    found = [("work", work)] if work else []
    for creator in root.iterfind("identification/creator"):
        kind = creator.get("type", "composer")
        found.append((kind if kind in _CREATORS else "creator", (creator.text or "").strip()))
    found += [("rights", (e.text or "").strip()) for e in root.iterfind("identification/rights")]
    return tuple(dict.fromkeys((kind, text) for kind, text in found if text))


def _part(name: str, reader: PartReader, starts: IntArray) -> Part:
    is_drums = reader.has_unpitched or (reader.instruments.is_drums and bool(reader.columns.pitch))
    program = reader.instruments.program
    if program is None and not is_drums:
        program = _program_of(name)
    role = "drums" if is_drums else "unknown"
    return Part(name, reader.notes(starts), role=role, program=program or 0, is_drums=is_drums)


def _program_of(name: str) -> int:
    try:
        return find_instrument(name).program
    except NotFound:
        return 0


class _Marks:
    """The marks of all parts on one line of ticks."""

    def __init__(self, readers: list[PartReader], path: str) -> None:
        self.path, self.readers = path, readers
        self.warned: set[str] = set()
        count = max(len(reader.lengths) for reader in readers)
        metres = self._metres(count)
        lengths = [self._length(i, metres[i].bar_ticks) for i in range(count)]
        self.starts: IntArray = np.concatenate(([0], np.cumsum(np.array(lengths, np.int64)))).astype(np.int64)
        joins = [any(i < len(r.joins) and r.joins[i] for r in readers) for i in range(count)]
        self.measures = [
            Measure(int(self.starts[i]), lengths[i], metres[i], may_complete=joins[i]) for i in range(count)
        ]

    def _length(self, index: int, whole: Ticks) -> Ticks:
        """Return a measure's length: its longest part, or the whole bar when it is empty or misses it by a hair."""
        length = max((r.lengths[index] for r in self.readers if index < len(r.lengths)), default=0)
        if length == 0 or length == whole:
            return whole
        if abs(length - whole) <= _HAIR:
            self.warned.add("measures that miss their metre by the rounding of tuplets were read as whole")
            return whole
        return length

    def _metres(self, count: int) -> list[Metre]:
        """Return the metre in force at the start of each measure, from the first part that has metres."""
        by_measure: dict[int, Metre] = {}
        for reader in self.readers:
            for mark in reader.marks:
                if mark.kind == "metre":
                    by_measure.setdefault(mark.measure if mark.offset == 0 else mark.measure + 1, mark.value)
        metres, now = [], Metre(4, 4)
        for index in range(count):
            now = by_measure.get(index, now)
            metres.append(now)
        return metres

    def all_of(self, kind: str) -> dict[Ticks, Any]:
        """Return tick -> value of all parts' marks of a kind; at one tick the first part's stands."""
        found: dict[Ticks, Any] = {}
        for reader in self.readers:
            for mark in reader.marks:
                if mark.kind == kind:
                    found.setdefault(int(self.starts[mark.measure]) + mark.offset, mark.value)
        return dict(sorted(found.items()))

    def keys(self) -> tuple[KeyMark, ...]:
        """Return the sounding keys of the first part that is written as it sounds (or else of the first)."""
        keyed = [r for r in self.readers if any(mark.kind == "key" for mark in r.marks)]
        chosen = next(
            (r for r in keyed if not (r.is_transposed or r.has_unpitched)), keyed[0] if keyed else None
        )
        marks: list[KeyMark] = []
        for mark in chosen.marks if chosen else ():
            key: Key = mark.value
            if mark.kind == "key" and (not marks or marks[-1].key != key):
                marks.append(KeyMark(int(self.starts[mark.measure]) + mark.offset, key))
        return tuple(marks)

    def tempos(self) -> tuple[Tempo, ...]:
        """Return the tempos, those out of range dropped with a warning."""
        found = self.all_of("tempo")
        for bpm in found.values():
            if not MIN_BPM <= bpm <= MAX_BPM:
                self.warned.add(f"a tempo must be {MIN_BPM:g}..{MAX_BPM:g}, got {bpm:g}: dropped")
        return tuple(Tempo(tick, bpm) for tick, bpm in found.items() if MIN_BPM <= bpm <= MAX_BPM)
