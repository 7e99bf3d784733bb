"""ABC files to scores: tunes split, read and put together from their voices.

Conventions: a file may hold many tunes; a line number in a message counts from 1 in the file.
This module does not take lines (abc_tune.py) nor lay out time (abc_voice.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from zhiyin.errors import InvalidInput, UnreadableFile
from zhiyin.io.abc_tokens import WHOLE, BadAbc, chord_symbol, parse_tempo, units_to_ticks
from zhiyin.io.abc_tune import FIELD, TuneReader
from zhiyin.io.abc_voice import COMMON_TIME, Change, ChordText, Layout, SectionText, Voice, lay_out, spelled
from zhiyin.io.limits import check_extent, check_size, decode_text, syllable_column, warn_reader
from zhiyin.io.measures import metre_marks
from zhiyin.score import DEFAULT_VELOCITY, ChordMark, KeyMark, MetreMark, Notes, Part, Score, Section, Tempo
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key

MAX_ABC_BYTES = 4 * 2**20  # four thousand dance tunes
MAX_TUNE_CHARACTERS = 2**19  # the longest hymn or collection piece seen has under 2**16
NO_CHORD = ("N.C.", "NC", "N.C", "nc")


@dataclass(frozen=True, slots=True)
class AbcTune:
    """The lines of one tune with their line numbers from 1, file header included."""

    lines: tuple[tuple[int, str], ...]


def split_tunes(data: bytes, *, path: str) -> list[AbcTune]:
    """Return the tunes of a file, unread. Raises UnreadableFile if there is none."""
    check_size(data, path=path, limit_bytes=MAX_ABC_BYTES)
    if b"\0" in data[:65536]:
        raise UnreadableFile(path, f"byte {data.index(0)}", "an ABC file must be text, got a zero byte")
    header: list[tuple[int, str]] = []
    blocks: list[list[tuple[int, str]]] = []
    is_open = False
    for number, line in enumerate(_lines(data), start=1):
        if line.startswith("X:"):
            blocks.append([*header, (number, line)])
            is_open = True
        elif not line.strip():
            is_open = False
        elif is_open:
            blocks[-1].append((number, line))
        elif not blocks and FIELD.match(line):
            header.append((number, line))
    if not blocks:
        raise UnreadableFile(path, "line 1", "an ABC tune must begin with X: and a number, found none")
    return [AbcTune(tuple(block)) for block in blocks]


def _lines(data: bytes) -> list[str]:
    """Return the lines without comments; words inside %%begintext blocks are comments too."""
    result, in_text = [], False
    for line in (
        decode_text(data.removeprefix(b"\xef\xbb\xbf")).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ):
        word = line[:13].lower()
        in_text = in_text or word.startswith(("%%begintext", "%%beginps"))
        kept = "%" if in_text else line
        in_text = in_text and not word.startswith(("%%endtext", "%%endps"))
        if not kept.startswith("%%") or in_text:
            kept = re.sub(r"(?<!\\)%.*", "", kept).rstrip().replace("\\%", "%") or ("%" if kept else "")
        result.append(kept)
    return result


def read_tune(tune: AbcTune, *, path: str) -> Score:
    """Return the score of one tune. Raises UnreadableFile with the line and the reason."""
    reader = TuneReader(path)
    size = sum(len(line) for _, line in tune.lines)
    if size > MAX_TUNE_CHARACTERS:
        reason = f"a tune must have at most {MAX_TUNE_CHARACTERS} characters, got {size}"
        raise UnreadableFile(path, f"line {tune.lines[0][0]}", reason)
    for number, line in tune.lines:
        try:
            reader.line(line)
        except BadAbc as error:
            place = f"line {number} column {error.column + 1}"
            raise UnreadableFile(path, place, str(error)) from error
        except InvalidInput as error:
            raise UnreadableFile(path, f"line {number}", str(error)) from error
    first, last = tune.lines[0][0], tune.lines[-1][0]
    if not reader.in_body:
        raise UnreadableFile(
            path, f"line {last}", f"the tune of line {first} must have a key (K:), found none"
        )
    try:
        return check_extent(tune_score(reader), path=path)
    except InvalidInput as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(path, f"lines {first} to {last}", str(error)) from error


def read_tunes(data: bytes, path: str) -> list[Score]:
    """Return every tune of a file. Raises UnreadableFile with the line and the reason."""
    return [read_tune(tune, path=path) for tune in split_tunes(data, path=path)]


def tune_score(reader: TuneReader) -> Score:
    """Return the score of a tune whose lines are all read."""
    metre = reader.metre or COMMON_TIME
    declared = list(reader.voices.values())
    voices = [voice for voice in declared if voice.items] or declared
    layouts = [lay_out(voice, metre=metre) for voice in voices]
    end = max((layout.end for layout in layouts), default=0)
    longest = next((layout for layout in layouts if layout.end == end), Layout())
    metres, pickup = metre_marks(longest.measures)
    parts = tuple(
        _part(voice, layout, reader.program_of(voice)) for voice, layout in zip(voices, layouts, strict=True)
    )
    changes = sorted((c for layout in layouts for c in layout.changes), key=lambda change: change[0])
    note_end = max((part.notes.end for part in parts), default=0)
    for what, count in reader.dropped.items():
        if count:
            warn_reader(reader.path, f"{count} {what} were dropped")
    return Score(
        title=reader.titles[0] if reader.titles else "",
        parts=parts,
        tempos=_tempos(reader, changes),
        metres=metres or (MetreMark(0, metre),),
        keys=_keys(reader.key, changes),
        chords=_chords(changes, reader.path),
        sections=tuple(Section(t, c.value.text) for t, c in changes if isinstance(c.value, SectionText)),
        pickup_ticks=pickup,
        length_ticks=end if end > note_end else 0,
        credits=(*(("subtitle", text) for text in reader.titles[1:]), *reader.credits),
    )


def _part(voice: Voice, layout: Layout, program: int) -> Part:
    rows = layout.rows
    onset = [units_to_ticks(row.onset) for row in rows]
    end = [max(units_to_ticks(row.end), start + 1) for row, start in zip(rows, onset, strict=True)]
    spelling = [spelled(row.tone, voice.semitones) for row in rows]
    notes = Notes(
        onset=np.array(onset, np.int64),
        duration=np.array(end, np.int64) - np.array(onset, np.int64),
        pitch=np.array([row.tone.pitch for row in rows], np.int64),
        velocity=np.full(len(rows), DEFAULT_VELOCITY, np.int64),
        spelling=None if None in spelling or voice.is_drums else np.array(spelling, np.int64),
        voice=np.array([row.layer for row in rows], np.int64) if any(row.layer for row in rows) else None,
        syllable=syllable_column([r.syllable for r in rows]) if any(r.syllable for r in rows) else None,
    )
    return Part(voice.name, notes, voice.role, program, voice.is_drums)


_Changes = list[tuple[int, Change]]


def _tempos(reader: TuneReader, changes: _Changes) -> tuple[Tempo, ...]:
    first = next(iter(reader.voices.values()), Voice(""))
    bpm = parse_tempo(reader.tempo, Fraction(first.unit, WHOLE)) if reader.tempo else None
    found = {0: reader.held(bpm)} if bpm else {}
    found |= {tick: c.value for tick, c in changes if isinstance(c.value, float)}
    return tuple(Tempo(tick, bpm) for tick, bpm in found.items())


def _keys(first: Key | None, changes: _Changes) -> tuple[KeyMark, ...]:
    found = {0: first} if first else {}
    for tick, change in changes:
        if isinstance(change.value, Key):
            found[tick] = change.value
    return tuple(KeyMark(tick, key) for tick, key in found.items())


def _chords(changes: _Changes, path: str) -> tuple[ChordMark, ...]:
    found: dict[int, ChordMark] = {}
    strange = []
    for tick, text in _chord_texts(changes):
        try:
            found[tick] = ChordMark(tick, None if text in NO_CHORD else Chord.parse(chord_symbol(text)))
        except InvalidInput:
            if re.match(r"[A-G](?:[#b]|m|$|\d|maj|sus|dim|aug|/)", text):
                strange.append(text)  # the rest are words such as "Segno"
    if strange:
        warn_reader(
            path, f"{len(strange)} chord symbols were not understood and were dropped, such as {strange[0]!r}"
        )
    return tuple(found.values())


def _chord_texts(changes: _Changes) -> Iterator[tuple[int, str]]:
    for tick, change in changes:
        if isinstance(change.value, ChordText):
            yield tick, change.value.text.strip("()")
