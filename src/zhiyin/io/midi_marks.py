"""Marks out of MIDI meta events: tempo, metre, key, chords, sections, pickup, credits.

Conventions: what MIDI has no event for travels as text such as "chord: Am7" or "pickup: 10080 4/4".
This module does not know notes or lyrics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np

from zhiyin.errors import InvalidInput, UnreadableFile
from zhiyin.io.limits import decode_text, warn_reader
from zhiyin.io.midi_events import Meta
from zhiyin.io.midi_notes import file_ticks_to_ticks
from zhiyin.score import ChordMark, KeyMark, MetreMark, Score, Section, Tempo
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import MODE_FIFTHS, Key
from zhiyin.theory.metre import Metre
from zhiyin.units import MAX_BPM, MIN_BPM, Bpm, Ticks

TEXT, COPYRIGHT, NAME, INSTRUMENT, LYRIC, MARKER = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
TEMPO, METRE, KEY = 0x51, 0x58, 0x59
NO_CHORD = "N"
# Text that this package writes; the rest of a file's text is free prose.
PREFIXES = ("chord: ", "pickup: ", "key: ", "role: ", "credit: ", "length: ", "provenance ")
Made = TypeVar("Made", Tempo, MetreMark, KeyMark)


@dataclass(frozen=True, slots=True)
class TimedText:
    """A text at a tick of a track; ticks at 10,080 a quarter."""

    track: int
    tick: Ticks
    kind: int
    text: str


def microseconds_to_bpm(microseconds: int) -> Bpm:
    """Return quarters a minute; the shortest decimal (up to 3 places) that is stored the same way.

    Some programs cut the fraction of a microsecond off instead of rounding: their 110 BPM is 545,454.
    >>> microseconds_to_bpm(500_000), microseconds_to_bpm(615_385), microseconds_to_bpm(545_454)
    (120.0, 97.5, 110.0)
    """
    exact = 60e6 / microseconds
    for places in range(4):
        rounded = round(exact, places)
        if rounded > 0 and bpm_to_microseconds(rounded) == microseconds:
            return rounded
        if rounded > 0 and places < 2 and int(60e6 / rounded) == microseconds:
            return rounded
    return exact


def bpm_to_microseconds(bpm: Bpm) -> int:
    """Return whole microseconds a quarter, as MIDI stores a tempo.

    >>> bpm_to_microseconds(97.5)
    615385
    """
    return round(60e6 / bpm)


def add_marks(
    score: Score, metas: Iterable[Meta], texts: list[TimedText], *, division: int, path: str
) -> Score:
    """Return the score with tempos, metres, keys, chords, sections, pickup and credits of a file."""
    timed = sorted(metas, key=lambda meta: meta.tick)
    tempos = _collect(timed, TEMPO, division, path, _tempo)
    metres = _collect(timed, METRE, division, path, _metre)
    keys = _collect(timed, KEY, division, path, _key)
    score = replace(score, tempos=tempos, keys=_named_keys(keys, texts, path))
    score = _with_metres(score, metres, texts, path)
    chords = {t.tick: t.text for t in _prefixed(texts, "chord: ")}
    marks = [_try(partial(_chord, tick, text), path) for tick, text in chords.items()]
    sections = {t.tick: t.text.removeprefix("section: ") for t in texts if t.kind == MARKER and t.text}
    lengths = [int(t.text) for t in _prefixed(texts, "length: ") if t.text.isdecimal()]
    return replace(
        score,
        chords=tuple(m for m in marks if m is not None),
        sections=tuple(Section(tick, name) for tick, name in sections.items()),
        length_ticks=max(lengths, default=0),
        credits=_credits(texts),
    )


def _collect(
    metas: list[Meta], kind: int, division: int, path: str, make: Callable[[Ticks, bytes, str], Made]
) -> tuple[Made, ...]:
    """Return one mark a tick; the last event on a tick wins, as it does in a player."""
    found = [meta for meta in metas if meta.kind == kind]
    ticks = file_ticks_to_ticks(np.array([meta.tick for meta in found], np.int64), division).tolist()
    last = dict(zip(ticks, found, strict=True))
    try:
        return tuple(make(tick, meta.payload, path) for tick, meta in last.items())
    except (IndexError, InvalidInput, ZeroDivisionError) as error:
        raise UnreadableFile(
            path, f"meta event {kind:#04x}", f"its value must be whole and in range: {error}"
        ) from error


def _tempo(tick: Ticks, payload: bytes, path: str) -> Tempo:
    if len(payload) < 3:
        raise IndexError(f"a tempo takes 3 bytes, got {len(payload)}")
    bpm = microseconds_to_bpm(int.from_bytes(payload[:3], "big"))
    held = min(max(bpm, MIN_BPM), MAX_BPM)
    if held != bpm:
        warn_reader(path, f"a tempo of {bpm:g} BPM was moved to {held:g}, the nearest that a score can hold")
    return Tempo(tick, held)


def _metre(tick: Ticks, payload: bytes, path: str) -> MetreMark:
    return MetreMark(tick, Metre(payload[0], 2 ** min(payload[1], 16)))


def _key(tick: Ticks, payload: bytes, path: str) -> KeyMark:
    fifths = payload[0] - 256 if payload[0] > 127 else payload[0]
    if not -7 <= fifths <= 7 or payload[1] > 1:
        raise InvalidInput(f"a key takes -7..7 accidentals and mode 0 or 1, got {fifths} and {payload[1]}")
    mode = "minor" if payload[1] else "major"
    return KeyMark(tick, Key(fifths - MODE_FIFTHS[mode], mode))


def _named_keys(keys: tuple[KeyMark, ...], texts: list[TimedText], path: str) -> tuple[KeyMark, ...]:
    by_tick = {mark.tick: mark for mark in keys}
    for text in _prefixed(texts, "key: "):
        key = _try(partial(Key.parse, text.text), path)
        if key is not None:
            by_tick[text.tick] = KeyMark(text.tick, key)
    return tuple(by_tick.values())


def _with_metres(score: Score, metres: tuple[MetreMark, ...], texts: list[TimedText], path: str) -> Score:
    """Return the score with its metres; a short first metre of one bar is a pickup unless the file says not."""
    said = [_try(partial(_pickup, t.text), path) for t in _prefixed(texts, "pickup: ")]
    known = [item for item in said if item is not None]
    first, rest = metres[:1], metres[1:]
    if known:
        pickup, metre = known[0]
        marks = tuple(m for m in rest if not (pickup and m.tick == pickup and m.metre == metre))
        return replace(score, metres=(MetreMark(0, metre), *marks), pickup_ticks=pickup)
    if (
        first
        and rest
        and first[0].tick == 0
        and rest[0].tick == first[0].metre.bar_ticks < rest[0].metre.bar_ticks
    ):
        marks = (MetreMark(0, rest[0].metre), *rest[1:])
        return replace(score, metres=marks, pickup_ticks=rest[0].tick)
    return replace(score, metres=metres)


def _pickup(text: str) -> tuple[Ticks, Metre]:
    ticks, metre = text.split(" ", 1)
    found = int(ticks), Metre.parse(metre)
    if not 0 <= found[0] < found[1].bar_ticks:
        raise InvalidInput(
            f"a pickup must be shorter than its bar of {found[1].bar_ticks} ticks, got {ticks}"
        )
    return found


def _chord(tick: Ticks, text: str) -> ChordMark:
    return ChordMark(tick, None if text == NO_CHORD else Chord.parse(text))


def _credits(texts: list[TimedText]) -> tuple[tuple[str, str], ...]:
    found = [tuple(t.text.split(": ", 1)) for t in _prefixed(texts, "credit: ")]
    rights = [("copyright", t.text) for t in texts if t.kind == COPYRIGHT and t.text]
    return tuple((item[0], item[1]) for item in [*found, *rights] if len(item) == 2)


def _prefixed(texts: list[TimedText], prefix: str) -> list[TimedText]:
    found = [t for t in texts if t.kind == TEXT and t.text.startswith(prefix)]
    return [replace(t, text=t.text.removeprefix(prefix)) for t in found]


Found = TypeVar("Found")


def _try(make: Callable[[], Found], path: str) -> Found | None:
    """Return what a text says, or None with a warning: text is free, so nonsense in it spoils no file."""
    try:
        return make()
    except (InvalidInput, ValueError) as error:
        warn_reader(path, f"a text event was passed over: {error}")
        return None


def timed_texts(metas: Iterable[Meta], *, division: int) -> list[TimedText]:
    """Return the texts of a file (text, names, lyrics, markers) in time order, decoded."""
    found = [meta for meta in metas if TEXT <= meta.kind <= MARKER]
    ticks = file_ticks_to_ticks(np.array([meta.tick for meta in found], np.int64), division).tolist()
    texts = [TimedText(m.track, t, m.kind, decode_text(m.payload)) for m, t in zip(found, ticks, strict=True)]
    return sorted(texts, key=lambda text: text.tick)
