"""Humdrum **kern, read only: spines, voices, ties, lyrics and marks become a score.

Conventions: one part a **kern spine as opened, top staff first; sub-spines are voices; grace notes are dropped.
This module does not know tokens (kern_tokens.py) or spine operators (kern_spines.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from zhiyin.errors import InvalidInput, UnreadableFile
from zhiyin.io.base import Written
from zhiyin.io.kern_spines import BadSpines, Column, apply_operators, has_operator, open_spines
from zhiyin.io.kern_tokens import (
    INSTRUMENT_CODES,
    TIE_END,
    TIE_NONE,
    TIE_START,
    UNITS_PER_TICK,
    BadToken,
    Sound,
    parse_key,
    parse_metre,
    parse_signature,
    parse_token,
)
from zhiyin.io.limits import check_extent, check_size, syllable_column, warn_reader
from zhiyin.io.measures import Measure, metre_marks
from zhiyin.score import DEFAULT_VELOCITY, KeyMark, MetreMark, Notes, Part, Score, Section, Tempo
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import MAX_BPM, MIN_BPM, Ticks

MAX_KERN_BYTES = 4 * 2**20  # the largest score seen has under 1.5
_HALF_TICK = UNITS_PER_TICK // 2
_CREDITS = {
    "COM": "composer", "LYR": "lyricist", "LAR": "arranger", "ENC": "encoder", "YEC": "rights", "YEM": "rights",
}  # fmt: skip
_REFERENCE = re.compile(r"^!!!([A-Za-z]+)\d*(?:@@?[A-Za-z]+)?:\s*(.*?)\s*$")


def _ticks(units: int) -> Ticks:
    return (units + _HALF_TICK) // UNITS_PER_TICK


@dataclass(slots=True)
class _Staff:
    """The columns of one part while it is read; onset and end in units."""

    onset: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    pitch: list[int] = field(default_factory=list)
    spelling: list[int] = field(default_factory=list)
    voice: list[int] = field(default_factory=list)
    syllables: dict[int, str] = field(default_factory=dict)
    tied: dict[int, list[int]] = field(default_factory=dict)
    name: str = ""
    code: str = ""
    group: str = ""
    transposed: int = 0

    def add(self, sounds: tuple[Sound, ...], start: int, end: int, *, voice: int) -> None:
        """Append the notes of a token, or lengthen the notes they are tied to."""
        for pitch, spelling, tie in sounds:
            if tie != TIE_NONE and tie != TIE_START and self._lengthen(pitch, start, end, tie):
                continue
            if tie != TIE_NONE and tie != TIE_END:
                self.tied.setdefault(pitch, []).append(len(self.pitch))
            self.onset.append(start)
            self.end.append(end)
            self.pitch.append(pitch)
            self.spelling.append(spelling)
            self.voice.append(voice)

    def _lengthen(self, pitch: int, start: int, end: int, tie: int) -> bool:
        for row in self.tied.get(pitch, ()):
            if abs(self.end[row] - start) <= _HALF_TICK:
                self.end[row] = end
                if tie == TIE_END:
                    self.tied[pitch].remove(row)
                return True
        return False

    def notes(self) -> Notes:
        """Return the columns in ticks at sounding pitch."""
        size = len(self.pitch)
        if not size:
            return Notes()
        onset = np.array([_ticks(u) for u in self.onset], np.int64)
        end = np.array([_ticks(u) for u in self.end], np.int64)
        syllable = [self.syllables.get(row, "") for row in range(size)] if self.syllables else None
        return Notes(
            onset,
            np.maximum(end - onset, 1),
            np.array(self.pitch, np.int64) - self.transposed,
            np.full(size, DEFAULT_VELOCITY),
            spelling=None if self.transposed else np.array(self.spelling, np.int64),
            voice=np.array(self.voice, np.int64) if any(self.voice) else None,
            syllable=None if syllable is None else syllable_column(syllable),
        )


class _Reader:
    """The state of one reading: columns, time, staves and marks."""

    def __init__(self, path: str) -> None:
        self.path, self.line_number, self.now = path, 0, 0
        self.columns: list[Column] = []
        self.staves: list[_Staff] = []
        self.sounding: list[tuple[int, Column, _Staff, int]] = []
        self.texts: list[tuple[int, _Staff]] = []
        self.bar_lines: dict[int, bool] = {}
        self.metres: dict[int, Metre] = {}
        self.keys: dict[int, tuple[int, Key]] = {}
        self.tempos: dict[int, float] = {}
        self.sections: dict[int, str] = {}
        self.title = ""
        self.credits: list[tuple[str, str]] = []
        self.warned: set[str] = set()

    def fail(self, reason: str) -> UnreadableFile:
        """Return the error for the present line."""
        return UnreadableFile(self.path, f"line {self.line_number}", reason)

    def line(self, text: str) -> None:
        """Take in one line."""
        first = text[:1]
        if first == "!":
            self._comment(text)
            return
        tokens = text.split("\t")
        if text.startswith("**") and not self.columns:
            self._open(tokens)
            return
        if len(tokens) != len(self.columns):
            what = f"a line must have one token a spine ({len(self.columns)}), got {len(tokens)}"
            raise self.fail(what if self.columns else "a **kern header must come before any data")
        if first == "*":
            self._interpret(tokens)
        elif first == "=":
            self._bar_line(tokens[0])
        else:
            self._data(tokens)

    def _comment(self, text: str) -> None:
        match = _REFERENCE.match(text) if text.startswith("!!!") else None
        if not match or not match.group(2):
            return
        key, value = match.groups()
        if key == "OTL" and not self.title:
            self.title = value
        elif key in _CREDITS:
            self.credits.append((_CREDITS[key], value))

    def _open(self, tokens: list[str]) -> None:
        if self.staves:
            raise self.fail("a file must hold one piece, got a second header: split the file")
        self.columns, count = open_spines(tokens)
        if not count:
            raise self.fail(f"one spine must be **kern, got {' '.join(tokens)[:80]}")
        self.staves = [_Staff() for _ in range(count)]
        self._plan()

    def _plan(self) -> None:
        """Work out which columns sound, in which voice, and which carry words."""
        voices = [0] * len(self.staves)
        self.sounding, self.texts = [], []
        worded: set[int] = set()
        for index, column in enumerate(self.columns):
            if column.part < 0:
                continue
            staff = self.staves[column.part]
            if column.kind == "kern":
                self.sounding.append((index, column, staff, min(voices[column.part], 255)))
                voices[column.part] += 1
            elif column.kind in ("text", "sylb", "silbe") and column.part not in worded:
                worded.add(column.part)
                self.texts.append((index, staff))

    def _data(self, tokens: list[str]) -> None:
        now = self.now
        marks = [(len(staff.pitch), index, staff) for index, staff in self.texts]
        advance = 0
        for index, column, staff, voice in self.sounding:
            text = tokens[index]
            if text != ".":
                units, sounds, has_stray = parse_token(text)
                if has_stray:
                    self.warned.add(
                        "a length or mark without a pitch: it was left out of its chord, or read as a rest"
                    )
                if units:
                    if column.end - now > _HALF_TICK:
                        late = _ticks(column.end - now)
                        raise self.fail(
                            f"a note must start where the last one ends, got {text[:40]!r} in column "
                            f"{index + 1} {late} ticks too early"
                        )
                    if now - column.end > _HALF_TICK:
                        self.warned.add("a voice has gaps without rests: they were read as rests")
                    column.end = now + units
                    if sounds:
                        staff.add(sounds, now, now + units, voice=voice)
                    advance = 1
        for before, index, staff in marks:
            if tokens[index] != "." and len(staff.pitch) > before:
                staff.syllables[before] = _syllable(tokens[index])
        if advance:
            self._advance()

    def _advance(self) -> None:
        floor = self.now + _HALF_TICK
        coming = [column.end for _, column, _, _ in self.sounding if column.end > floor]
        self.now = min(coming, default=self.now)

    def _bar_line(self, token: str) -> None:
        self.bar_lines[self.now] = self.bar_lines.get(self.now, False) or ":" in token

    def _interpret(self, tokens: list[str]) -> None:
        if has_operator(tokens):
            self.columns = apply_operators(self.columns, tokens, self.now, tell=self.warned.add)
            self._plan()
            return
        tick = _ticks(self.now)
        for column, token in zip(self.columns, tokens, strict=True):
            if token == "*" or column.kind != "kern":
                continue
            if token.startswith(("*I", "*part", "*Trd")):
                self._describe(self.staves[column.part], token)
            else:
                self._mark(tick, token)

    def _describe(self, staff: _Staff, token: str) -> None:
        if token.startswith('*I"'):
            staff.name = staff.name or token[3:].strip()
        elif token.startswith("*part"):
            staff.group = token
        elif token.startswith("*Trd"):
            match = re.fullmatch(r"\*Trd[+-]?\d{1,2}c([+-]?\d{1,2})", token)
            staff.transposed = int(match.group(1)) if match else 0
        elif token[2:3].islower():
            staff.code = staff.code or re.split(r"[^a-z]", token[2:])[0]

    def _mark(self, tick: Ticks, token: str) -> None:
        if (metre := parse_metre(token)) is not None:
            self._set_metre(tick, *metre)
        elif (fifths := parse_signature(token)) is not None:
            if abs(fifths) <= 7 and self.keys.get(tick, (-1,))[0] < 0:
                self.keys[tick] = (0, Key(fifths))
        elif (key := parse_key(token)) is not None:
            if self.keys.get(tick, (0,))[0] < 1:
                self.keys[tick] = (1, key)
        elif token.startswith("*MM") and (number := re.fullmatch(r"\*MM=?(\d{1,4}(?:\.\d+)?)", token)):
            self.tempos.setdefault(tick, float(number.group(1)))
        elif token.startswith("*>") and not token.startswith(("*>[", "*>norep[")):
            self.sections.setdefault(tick, token[2:].strip())

    def _set_metre(self, tick: Ticks, numerator: int, denominator: int) -> None:
        try:
            self.metres.setdefault(tick, Metre(numerator, denominator))
        except InvalidInput as error:
            self.warned.add(f"line {self.line_number}: {error}: the metre was dropped")

    def score(self) -> Score:
        """Return the score of everything taken in."""
        if not self.staves:
            raise UnreadableFile(self.path, f"line {self.line_number}", "a **kern header must open the file")
        if self.columns:
            raise self.fail("every spine must end with *-, so the file is cut off: get the whole file")
        for what in sorted(self.warned):
            warn_reader(self.path, what)
        marks, pickup = metre_marks(self._measures())
        parts = [self._part(staff) for staff in reversed(self.staves)]
        return Score(
            title=self.title,
            parts=tuple(parts),
            tempos=self._tempos(),
            metres=marks or tuple(MetreMark(tick, metre) for tick, metre in self.metres.items()),
            keys=self._keys(),
            sections=tuple(Section(tick, name) for tick, name in self.sections.items() if name),
            pickup_ticks=pickup,
            length_ticks=_ticks(self.now),
            credits=tuple(dict.fromkeys(self.credits)),
        )

    def _measures(self) -> list[Measure]:
        edges = {_ticks(units): repeat for units, repeat in sorted(self.bar_lines.items())}
        edges.setdefault(0, False)
        end = _ticks(self.now)
        starts = sorted(tick for tick in edges if tick < max(end, 1))
        changes = sorted(self.metres)
        measures, metre, change = [], Metre(4, 4), 0
        for start, stop in zip(starts, [*starts[1:], end], strict=True):
            while change < len(changes) and changes[change] <= start:
                metre = self.metres[changes[change]]
                change += 1
            measures.append(Measure(start, stop - start, metre, may_complete=edges[start]))
        return measures

    def _tempos(self) -> tuple[Tempo, ...]:
        wrong = [bpm for bpm in self.tempos.values() if not MIN_BPM <= bpm <= MAX_BPM]
        if wrong:
            warn_reader(self.path, f"a tempo must be {MIN_BPM:g}..{MAX_BPM:g}, got {wrong[0]:g}: dropped")
        return tuple(Tempo(tick, bpm) for tick, bpm in self.tempos.items() if bpm not in wrong)

    def _keys(self) -> tuple[KeyMark, ...]:
        marks: list[KeyMark] = []
        for tick in sorted(self.keys):
            key = self.keys[tick][1]
            if not marks or marks[-1].key != key:
                marks.append(KeyMark(tick, key))
        return tuple(marks)

    def _part(self, staff: _Staff) -> Part:
        mates = [s for s in self.staves if s.group and s.group == staff.group]
        code = next((s.code for s in (staff, *mates) if s.code in INSTRUMENT_CODES), "")
        program, coded_name = INSTRUMENT_CODES.get(code, (0, ""))
        name = next((s.name for s in (staff, *mates) if s.name), "") or coded_name
        return Part(name, staff.notes(), program=program)


def _syllable(text: str) -> str:
    """Return a syllable of a text spine: "-ku" is "ku", "Sło-" stays open."""
    return text.strip().lstrip("-").rstrip("_").strip()


def _decode(data: bytes, path: str) -> str:
    if b"\0" in data:
        raise UnreadableFile(
            path, f"byte {data.index(0)}", "a text file must hold no NUL byte: this is not **kern"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # Older Humdrum files are Latin-1.


class Kern:
    """Humdrum **kern files (`.krn`).

    Source: Huron, "The Humdrum Toolkit: Reference Manual", 1994, https://www.humdrum.org.
    """

    name = "Humdrum kern"
    is_read_only = True
    endings: tuple[str, ...] = (".krn",)

    def read(self, data: bytes, *, path: str) -> Score:
        """Return the score in `data`; `path` is for messages only. Raises UnreadableFile with the line.

        >>> Kern().read(b"**kern\\n4c\\n*-\\n", path="c.krn").note_count
        1
        """
        check_size(data, path=path, limit_bytes=MAX_KERN_BYTES)
        reader = _Reader(path)
        for number, text in enumerate(_decode(data, path).split("\n"), 1):
            text = text.rstrip("\r")
            if text:
                reader.line_number = number
                try:
                    reader.line(text)
                except UnreadableFile:
                    raise
                except (BadToken, BadSpines, InvalidInput) as error:
                    raise reader.fail(str(error)) from error
        try:
            score = reader.score()
        except UnreadableFile:
            raise
        except InvalidInput as error:
            raise UnreadableFile(path, f"line {reader.line_number}", str(error)) from error
        return check_extent(score, path=path)

    def write(self, score: Score) -> Written:
        """Raise InvalidInput: **kern is read only."""
        raise InvalidInput(
            f"**kern can be read but not written, got {score.title!r} to write: "
            "choose MusicXML (.musicxml), MIDI (.mid), ABC (.abc) or the native format"
        )
