"""ABC tunes to scores: header, voices, music lines, words.

Conventions: repeats and endings stay as written; grace notes are dropped with a warning; first verse only.
This module does not lay out time (abc_voice.py) nor split tokens (abc_tokens.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from zhiyin.errors import InvalidInput, UnreadableFile
from zhiyin.io.abc_lyrics import sing
from zhiyin.io.abc_tokens import (
    MAX_UNITS,
    WHOLE,
    BadAbc,
    Token,
    chord_symbol,
    parse_fraction,
    parse_key,
    parse_length,
    parse_metre,
    parse_note,
    parse_tempo,
    tokens,
    tuplet_ratio,
    units_to_ticks,
)
from zhiyin.io.abc_voice import (
    COMMON_TIME,
    Change,
    ChordText,
    Event,
    Layout,
    SectionText,
    Tone,
    Voice,
    lay_out,
    spelled,
)
from zhiyin.io.base import MAX_NOTES
from zhiyin.io.limits import check_extent, check_size, decode_text, warn_reader
from zhiyin.io.measures import metre_marks
from zhiyin.score import DEFAULT_VELOCITY, ROLES, ChordMark, KeyMark, Notes, Part, Score, Section, Tempo
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import MAX_BPM, MIN_BPM

MAX_ABC_BYTES = 16 * 2**20
MAX_VOICES = 256
CREDITS = {
    "C": "composer", "O": "origin", "S": "source", "Z": "transcription", "N": "notes", "B": "book", "R": "rhythm",
    "H": "history", "A": "author", "D": "discography", "F": "url", "G": "group",
}  # fmt: skip
NO_CHORD = ("N.C.", "NC", "N.C", "nc")
_FIELD = re.compile(r"^([A-Za-z+]):(?![|:])")
_HEADER_FIELD = re.compile(r"^([A-Za-z+]):")
_PROPERTY = re.compile(r"([A-Za-z]+)=(\"[^\"]*\"|\S+)")


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
        elif not blocks and _FIELD.match(line):
            header.append((number, line))
    if not blocks:
        raise UnreadableFile(path, "line 1", "an ABC tune must begin with X: and a number, found none")
    return [AbcTune(tuple(block)) for block in blocks]


def _lines(data: bytes) -> list[str]:
    """Return the lines without comments; words inside %%begintext blocks are comments too."""
    result, in_text = [], False
    for line in decode_text(data.removeprefix(b"\xef\xbb\xbf")).replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        word = line[:13].lower()
        in_text = in_text or word.startswith(("%%begintext", "%%beginps"))
        kept = "%" if in_text else line
        in_text = in_text and not word.startswith(("%%endtext", "%%endps"))
        if not kept.startswith("%%") or in_text:
            kept = re.sub(r"(?<!\\)%.*", "", kept).rstrip() or ("%" if kept else "")
        result.append(kept)
    return result


def read_tune(tune: AbcTune, *, path: str) -> Score:
    """Return the score of one tune. Raises UnreadableFile with the line and the reason."""
    reader = _TuneReader(path)
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
        raise UnreadableFile(path, f"line {last}", f"the tune of line {first} must have a key (K:), found none")
    try:
        return check_extent(_score(reader), path=path)
    except InvalidInput as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(path, f"lines {first} to {last}", str(error)) from error


def read_tunes(data: bytes, path: str) -> list[Score]:
    """Return every tune of a file. Raises UnreadableFile with the line and the reason."""
    return [read_tune(tune, path=path) for tune in split_tunes(data, path=path)]


@dataclass(slots=True)
class _TuneReader:
    """Takes a tune line by line; header fields set what each voice begins with."""

    path: str
    in_body: bool = False
    titles: list[str] = field(default_factory=list)
    credits: list[tuple[str, str]] = field(default_factory=list)
    unit: Fraction | None = None
    metre: Metre | None = COMMON_TIME
    tempo: str = ""
    key: Key | None = None
    accidentals: dict[str, int] = field(default_factory=dict)
    semitones: int = 0
    propagation: str = "octave"
    voices: dict[str, Voice] = field(default_factory=dict)
    current: Voice | None = None
    continues: bool = False
    dropped: dict[str, int] = field(default_factory=dict)
    note_count: int = 0
    chord: list[Tone] | None = None
    chord_units: int = 0

    def line(self, line: str) -> None:
        """Take one line: a directive, a field or music."""
        if line.startswith("%%"):
            self._directive(line[2:].split())
        elif line == "%":
            return
        elif match := (_FIELD if self.in_body else _HEADER_FIELD).match(line):
            self._field(match.group(1), line[match.end() :].strip())
        elif self.in_body:
            self._music(line)
        elif line.strip():
            raise BadAbc(f"a header line must be a field such as T: or K:, got {line[:30]!r}")

    def _directive(self, words: list[str]) -> None:
        if [w.lower() for w in words[:1]] == ["propagate-accidentals"] and len(words) > 1:
            self.propagation = words[1]
        if len(words) < 3 or words[0].upper() != "MIDI":
            return
        numbers = [int(word) for word in words[2:] if re.fullmatch(r"\d{1,3}", word)]
        if words[1] == "program" and numbers and numbers[-1] < 128:
            self._by_channel(numbers).program = numbers[-1]
        elif words[1] == "channel" and numbers:
            self._voice().is_drums = numbers[0] == 10

    def _by_channel(self, numbers: list[int]) -> Voice:
        """Return the voice that `%%MIDI program [channel] program` means: channels count voices from 1."""
        voices = list(self.voices.values())
        return voices[numbers[0] - 1] if len(numbers) > 1 and 0 < numbers[0] <= len(voices) else self._voice()

    def _field(self, letter: str, value: str) -> None:
        if letter == "V":
            self._select(value)
        elif letter == "T" and not self.in_body:
            self.titles.append(value)
        elif letter in CREDITS and not self.in_body:
            self.credits.append((CREDITS[letter], value)) if value else None
        elif letter == "w":
            self._words(value)
        elif letter in "KLMQP":
            (self._body_mark if self.in_body else self._header_mark)(letter, value)

    def _header_mark(self, letter: str, value: str) -> None:
        if letter == "K":
            self.key, self.accidentals, understood = parse_key(value)
            self.semitones = _transposition(value)
            if not understood:
                warn_reader(self.path, f"the key {value!r} was not understood in full: taken as {self.key}")
            self._open_body()
        elif letter == "L":
            self.unit = _unit(value)
        elif letter == "M":
            self.metre = parse_metre(value)
        elif letter == "Q":
            self.tempo = value

    def _open_body(self) -> None:
        self.in_body = True
        if self.metre is None:
            warn_reader(self.path, "free metre (M:none) is read as 4/4")
        for voice in self.voices.values():
            self._prepare(voice)

    def _prepare(self, voice: Voice) -> None:
        """Give a voice what the header says."""
        metre = self.metre or COMMON_TIME
        unit = self.unit or (Fraction(1, 16) if Fraction(metre.numerator, metre.denominator) < Fraction(3, 4) else Fraction(1, 8))
        voice.unit, voice.metre = int(WHOLE * unit), metre
        voice.accidentals, voice.propagation = self.accidentals, self.propagation
        voice.semitones += self.semitones

    def _voice(self) -> Voice:
        if self.current is None:
            self._select("1")
        assert self.current is not None
        return self.current

    def _select(self, value: str) -> None:
        """Make a voice current, and make it first if it is new."""
        name = value.split()[0] if value.split() else "1"
        if name not in self.voices:
            if len(self.voices) >= MAX_VOICES:
                raise BadAbc(f"a tune must have at most {MAX_VOICES} voices, got one more: {name[:20]!r}")
            self.voices[name] = Voice("")
            if self.in_body:
                self._prepare(self.voices[name])
        voice = self.current = self.voices[name]
        properties = {key.lower(): text.strip('"') for key, text in _PROPERTY.findall(value)}
        voice.name = properties.get("name", properties.get("nm", voice.name))
        voice.role = properties.get("role", voice.role) if properties.get("role") in ROLES else voice.role
        voice.semitones += _transposition(value)

    def _body_mark(self, letter: str, value: str) -> None:
        voice = self._voice()
        made: Change | None = None
        if letter == "K":
            key, voice.accidentals, _ = parse_key(value)
            voice.in_bar = {}
            made = Change(key) if key else None
        elif letter == "L":
            voice.unit = int(WHOLE * _unit(value))
        elif letter == "M" and (metre := parse_metre(value)):
            voice.metre, made = metre, Change(metre)
        elif letter == "Q":
            bpm = parse_tempo(value, Fraction(voice.unit, WHOLE))
            made = Change(self._held(bpm)) if bpm else None
        elif letter == "P":
            made = Change(SectionText(value))
        if made:
            voice.items.append(made)

    def _held(self, bpm: float) -> float:
        held = min(max(bpm, MIN_BPM), MAX_BPM)
        if held != bpm:
            warn_reader(self.path, f"a tempo of {bpm:g} BPM was moved to {held:g}, the nearest that a score can hold")
        return held

    def _words(self, value: str) -> None:
        voice = self._voice()
        if not voice.has_verse:
            over = sing(voice.sung_events(), value)
            self.dropped["syllables without a note"] = self.dropped.get("syllables without a note", 0) + over
        voice.has_verse = True

    def _music(self, line: str) -> None:
        stripped = line.rstrip()
        fresh, self.continues = not self.continues, stripped.endswith("\\")
        found = tokens(stripped.removesuffix("\\"))
        if fresh and not re.match(r"\s*\[V:", line):
            self._begin_line()
        for token in found:
            try:
                _TAKE[token.kind](self, token)
            except BadAbc as error:
                raise BadAbc(str(error), error.column or token.column) from error
        if self.chord is not None:
            raise BadAbc("a chord [ must be closed by ] on its line", len(stripped))

    def _begin_line(self) -> None:
        voice = self._voice()
        voice.line_start, voice.has_verse = len(voice.items), False

    def take_field(self, token: Token) -> None:
        """Take an inline field such as [K:G] or [V:2]."""
        letter, value = token.text[1], token.text[3:-1].strip()
        self._field(letter, value)
        if letter == "V":
            self._begin_line()

    def take_text(self, token: Token) -> None:
        """Take a chord symbol; annotations (^_<>@) are passed over."""
        text = token.text[1:-1].strip()
        if text and text[0] not in "^_<>@":
            self._voice().items.append(Change(ChordText(text)))

    def take_bar(self, token: Token) -> None:
        """Take a bar line."""
        self._voice().bar(token.text.strip("."))

    def take_tuplet(self, token: Token) -> None:
        """Take the opening of a tuplet."""
        voice = self._voice()
        if len(voice.tuplets) >= 4:
            raise BadAbc("tuplets must nest at most four deep")
        voice.tuplets.append(list(tuplet_ratio(token.text, is_compound=voice.metre.is_compound)))

    def take_note(self, token: Token) -> None:
        """Take a note, alone or in a chord."""
        voice = self._voice()
        note = parse_note(token, voice.unit)
        tone = voice.tone(note)
        self.note_count += 1
        if self.note_count > MAX_NOTES:
            raise BadAbc(f"a score must hold at most {MAX_NOTES} notes")
        if self.chord is None:
            voice.add(Event(note.units, [tone]))
        else:
            self.chord_units = self.chord_units or note.units  # the first note gives the chord its length
            self.chord.append(tone)

    def take_open(self, token: Token) -> None:
        """Open a chord."""
        if self.chord is not None:
            raise BadAbc("a chord must not open inside a chord", token.column)
        self.chord, self.chord_units = [], 0

    def take_close(self, token: Token) -> None:
        """Close a chord, with its length."""
        if self.chord is None:
            raise BadAbc("a chord's ] must follow its [", token.column)
        if self.chord:
            units = parse_length(token.text[1:], self.chord_units, column=token.column)
            self._voice().add(Event(units, self.chord))
        self.chord = None

    def take_rest(self, token: Token) -> None:
        """Take a rest."""
        if self.chord is None:
            voice = self._voice()
            voice.add(Event(parse_length(token.text[1:], voice.unit, column=token.column)))

    def take_bars(self, token: Token) -> None:
        """Take whole bars of rest."""
        voice, count = self._voice(), int(token.text[1:] or 1)
        bar = WHOLE * voice.metre.numerator // voice.metre.denominator
        if count < 1 or count * bar > MAX_UNITS:
            raise BadAbc(f"a rest must last at least a bar and not too long, got {token.text!r}", token.column)
        for index in range(count):
            if index:
                voice.bar("|")
            voice.add(Event(bar))

    def take_broken(self, token: Token) -> None:
        """Take a broken rhythm."""
        self._voice().break_rhythm(token.text)

    def take_tie(self, token: Token) -> None:
        """Tie the last note, or the last chord."""
        last = self._voice().last
        tones = self.chord[-1:] if self.chord else last.tones if last else []
        for tone in tones:
            tone.is_tied = True

    def take_overlay(self, token: Token) -> None:
        """Go back to the bar line."""
        self._voice().overlay()

    def take_grace(self, token: Token) -> None:
        """Count grace notes, which take no time and are dropped."""
        count = len(re.findall(r"[A-Ga-g]", token.text))
        self.dropped["grace notes"] = self.dropped.get("grace notes", 0) + count

    def pass_over(self, token: Token) -> None:
        """Pass over what says how to play or print, not what sounds when."""


_TAKE: dict[str, Callable[[_TuneReader, Token], None]] = {
    "field": _TuneReader.take_field, "text": _TuneReader.take_text, "bar": _TuneReader.take_bar,
    "tuplet": _TuneReader.take_tuplet, "note": _TuneReader.take_note, "open": _TuneReader.take_open,
    "close": _TuneReader.take_close, "rest": _TuneReader.take_rest, "bars": _TuneReader.take_bars,
    "broken": _TuneReader.take_broken, "tie": _TuneReader.take_tie, "overlay": _TuneReader.take_overlay,
    "grace": _TuneReader.take_grace,
    **dict.fromkeys(("mark", "ending", "slur", "spacer", "sign", "reserved"), _TuneReader.pass_over),
}  # fmt: skip


def _unit(value: str) -> Fraction:
    unit = parse_fraction(value)
    if unit is None or unit > 4:
        raise BadAbc(f"a unit length must be a fraction such as 1/8, got {value[:20]!r}")
    return unit


def _transposition(value: str) -> int:
    """Return semitones of octave=, transpose= and an octave clef in a K: or V: field."""
    found = {key.lower(): text for key, text in _PROPERTY.findall(value)}
    clef = re.search(r"(?:clef=|\s)(?:treble|bass|alto|tenor)([+-])8", value)
    semitones = 12 * (1 if clef.group(1) == "+" else -1) if clef else 0
    for name, size in (("octave", 12), ("transpose", 1), ("t", 1)):
        if re.fullmatch(r"-?\d{1,2}", found.get(name, "")):
            semitones += size * int(found[name])
    return semitones


def _score(reader: _TuneReader) -> Score:
    """Return the score of a tune whose lines are all read."""
    metre = reader.metre or COMMON_TIME
    voices = [voice for voice in reader.voices.values() if voice.items]
    layouts = [lay_out(voice, metre=metre) for voice in voices]
    end = max((layout.end for layout in layouts), default=0)
    longest = next((layout for layout in layouts if layout.end == end), Layout())
    metres, pickup = metre_marks(longest.measures)
    parts = tuple(_part(voice, layout) for voice, layout in zip(voices, layouts, strict=True))
    changes = sorted((c for layout in layouts for c in layout.changes), key=lambda change: change[0])
    note_end = max((part.notes.end for part in parts), default=0)
    for what, count in reader.dropped.items():
        if count:
            warn_reader(reader.path, f"{count} {what} were dropped")
    return Score(
        title=reader.titles[0] if reader.titles else "",
        parts=parts,
        tempos=_tempos(reader, changes),
        metres=metres,
        keys=_keys(reader.key, changes),
        chords=_chords(changes, reader.path),
        sections=tuple(Section(t, c.value.text) for t, c in changes if isinstance(c.value, SectionText)),
        pickup_ticks=pickup,
        length_ticks=end if end > note_end else 0,
        credits=(*(("subtitle", text) for text in reader.titles[1:]), *reader.credits),
    )


def _part(voice: Voice, layout: Layout) -> Part:
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
        syllable=np.array([r.syllable for r in rows], np.str_) if any(r.syllable for r in rows) else None,
    )
    return Part(voice.name, notes, voice.role, voice.program, voice.is_drums)


_Changes = list[tuple[int, Change]]


def _tempos(reader: _TuneReader, changes: _Changes) -> tuple[Tempo, ...]:
    first = next(iter(reader.voices.values()), Voice(""))
    bpm = parse_tempo(reader.tempo, Fraction(first.unit, WHOLE)) if reader.tempo else None
    found = {0: reader._held(bpm)} if bpm else {}
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
        warn_reader(path, f"{len(strange)} chord symbols were not understood and were dropped, such as {strange[0]!r}")
    return tuple(found.values())


def _chord_texts(changes: _Changes) -> Iterator[tuple[int, str]]:
    for tick, change in changes:
        if isinstance(change.value, ChordText):
            yield tick, change.value.text.strip("()")
