"""One ABC tune taken line by line: header fields, voices, music, words.

Conventions: repeats and endings stay as written; grace notes are dropped and counted; first verse only.
This module does not lay out time (abc_voice.py) nor build the score (abc_read.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from zhiyin.io.abc_lyrics import sing
from zhiyin.io.abc_tokens import (
    MAX_UNITS,
    WHOLE,
    BadAbc,
    Token,
    parse_fraction,
    parse_key,
    parse_length,
    parse_metre,
    parse_note,
    parse_tempo,
    tokens,
    tuplet_ratio,
)  # fmt: skip
from zhiyin.io.abc_voice import COMMON_TIME, Change, ChordText, Event, SectionText, Tone, Voice
from zhiyin.io.limits import warn_reader
from zhiyin.score import ROLES
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import MAX_BPM, MIN_BPM

MAX_VOICES = 256
DRUM_CHANNEL = 10
MAX_TUNE_NOTES = 100_000
CREDITS = {
    "C": "composer", "O": "origin", "S": "source", "Z": "transcription", "N": "notes", "B": "book", "R": "rhythm",
    "H": "history", "A": "author", "D": "discography", "F": "url", "G": "group",
}  # fmt: skip
FIELD = re.compile(r"^([A-Za-z+]):(?![|:])")
_HEADER_FIELD = re.compile(r"^([A-Za-z+]):")
_PROPERTY = re.compile(r"([A-Za-z]+)=(\"[^\"]*\"|\S+)")


@dataclass(slots=True)
class TuneReader:
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
    programs: dict[int, int] = field(default_factory=dict)  # by channel from 1; 0: all channels
    note_count: int = 0
    chord: list[Tone] | None = None
    chord_units: int = 0

    def line(self, line: str) -> None:
        """Take one line: a directive, a field or music."""
        if line.startswith("%%"):
            self._directive(line[2:].partition("%")[0].split())
        elif line == "%":
            return
        elif match := (FIELD if self.in_body else _HEADER_FIELD).match(line):
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
            self._program(numbers)
        elif words[1] == "channel" and numbers:
            self._voice().is_drums = numbers[0] == DRUM_CHANNEL

    def _program(self, numbers: list[int]) -> None:
        """Take `%%MIDI program [channel] program`: without a channel it is the current voice's, or every voice's."""
        if len(numbers) > 1:
            self.programs[numbers[0]] = numbers[1]
        elif self.current is not None:
            self.current.program = numbers[0]
        else:
            self.programs[0] = numbers[0]

    def program_of(self, voice: Voice) -> int:
        """Return the program of a voice: its own, else its channel's, else the tune's.

        The voices play on channels 1, 2, 3 ... in the order they are named, channel 10 left to the drums.
        """
        number = next(i for i, other in enumerate(self.voices.values(), start=1) if other is voice)
        channel = number + (number >= DRUM_CHANNEL)
        own = voice.program if voice.program is not None else self.programs.get(channel)
        return own if own is not None else self.programs.get(0, 0)

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
        is_short = 4 * metre.numerator < 3 * metre.denominator
        unit = self.unit or Fraction(1, 16 if is_short else 8)
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
            made = Change(self.held(bpm)) if bpm else None
        elif letter == "P":
            made = Change(SectionText(value))
        if made:
            voice.items.append(made)

    def held(self, bpm: float) -> float:
        """Return a tempo, moved into the range of a score with a warning."""
        held = min(max(bpm, MIN_BPM), MAX_BPM)
        if held != bpm:
            warn_reader(
                self.path, f"a tempo of {bpm:g} BPM was moved to {held:g}, the nearest that a score can hold"
            )
        return held

    def _words(self, value: str) -> None:
        voice = self._voice()
        if not voice.has_verse:
            self._count("syllables without a note", sing(voice.sung_events(), value))
        voice.has_verse = True

    def _music(self, line: str) -> None:
        if "=3D" in line:
            warn_reader(self.path, "'=3D', which mail makes of '=', was read as the natural sign")
            line = line.replace("=3D", "=")
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
        text = token.text.strip(".")
        if text == ":]":
            warn_reader(self.path, "a ':]' was read as the repeat bar ':|'")
            text = ":|"
        self._voice().bar(text)

    def take_stray(self, token: Token) -> None:
        """Count a sign that stands where it can mean nothing, such as an accidental without its note."""
        self._count("stray signs")

    def _count(self, what: str, many: int = 1) -> None:
        self.dropped[what] = self.dropped.get(what, 0) + many

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
        if self.note_count > MAX_TUNE_NOTES:
            raise BadAbc(f"a tune must hold at most {MAX_TUNE_NOTES} notes", token.column)
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
            raise BadAbc(
                f"a rest must last at least a bar and not too long, got {token.text!r}", token.column
            )
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
        self._count("grace notes", len(re.findall(r"[A-Ga-g]", token.text)))

    def pass_over(self, token: Token) -> None:
        """Pass over what says how to play or print, not what sounds when."""


_TAKE: dict[str, Callable[[TuneReader, Token], None]] = {
    "field": TuneReader.take_field, "text": TuneReader.take_text, "bar": TuneReader.take_bar,
    "tuplet": TuneReader.take_tuplet, "note": TuneReader.take_note, "open": TuneReader.take_open,
    "close": TuneReader.take_close, "rest": TuneReader.take_rest, "bars": TuneReader.take_bars,
    "broken": TuneReader.take_broken, "tie": TuneReader.take_tie, "overlay": TuneReader.take_overlay,
    "grace": TuneReader.take_grace, "stray": TuneReader.take_stray,
    **dict.fromkeys(("mark", "ending", "slur", "spacer", "sign", "reserved"), TuneReader.pass_over),
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
