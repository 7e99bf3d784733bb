"""A score to a type 1 MIDI file at 10,080 ticks a quarter.

Conventions: track 0 conducts (title, tempo, metre, keys, chords, sections); then one track a part.
This module does not read; what MIDI has no event for travels as text that `midi_marks.py` understands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.io.base import Written
from zhiyin.io.midi_marks import (
    COPYRIGHT,
    KEY,
    LYRIC,
    MARKER,
    METRE,
    NAME,
    NO_CHORD,
    TEMPO,
    TEXT,
    bpm_to_microseconds,
    microseconds_to_bpm,
)
from zhiyin.io.midi_read import BEND_NUMBER, CONTROL_NUMBERS, DRUM_CHANNEL, default_role
from zhiyin.io.spelling import chord_name
from zhiyin.score import Control, Notes, Part, Score
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER, Ticks

MELODIC_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)
BPM_TOLERANCE = 1e-3
MAX_DELTA = 0x0FFFFFFF
# What comes first on one tick.
_META, _PROGRAM, _CONTROL, _OFF, _LYRIC, _ON = range(6)


class _Event(NamedTuple):
    tick: Ticks
    order: int
    data: bytes


def write_midi(score: Score) -> Written:
    """Return the file and one sentence for each thing that it could not carry."""
    channels, lost = allocate_channels(score.parts)
    if len(score.parts) > 0xFFFE:
        raise InvalidInput(f"a MIDI file must hold at most 65534 parts, got {len(score.parts)}")
    tracks = [_track(_conductor(score), end=score.end)]
    for part, channel in zip(score.parts, channels, strict=True):
        tracks.append(_track(_part_events(part, channel), end=0))
    header = b"MThd" + (6).to_bytes(4, "big") + b"".join(
        number.to_bytes(2, "big") for number in (1, len(tracks), TICKS_PER_QUARTER)
    )  # fmt: skip
    return Written(header + b"".join(tracks), (*lost, *_lost_marks(score), *_lost_notes(score)))


def allocate_channels(parts: tuple[Part, ...]) -> tuple[list[int], list[str]]:
    """Return each part's channel 0..15 and what sharing costs: drums on 9, one melodic part a channel if they fit.

    >>> allocate_channels((Part("a"), Part("kit", is_drums=True), Part("b")))[0]
    [0, 9, 1]
    """
    melodic = [index for index, part in enumerate(parts) if not part.is_drums]
    programs = sorted({parts[index].program for index in melodic})
    channels = [DRUM_CHANNEL] * len(parts)
    lost: list[str] = []
    if len(melodic) <= len(MELODIC_CHANNELS):
        keys = dict(zip(melodic, range(len(melodic)), strict=True))
    else:
        keys = {index: programs.index(parts[index].program) % len(MELODIC_CHANNELS) for index in melodic}
        lost.append(
            f"{len(melodic)} melodic parts share 15 channels: a player mixes their controls and same keys"
        )
    if len(melodic) > len(MELODIC_CHANNELS) and len(programs) > len(MELODIC_CHANNELS):
        lost.append(
            f"{len(programs)} programs share 15 channels: a player may sound some parts with another's"
        )
    for index, key in keys.items():
        channels[index] = MELODIC_CHANNELS[key]
    kits = {part.program for part in parts if part.is_drums}
    if len(kits) > 1:
        lost.append(f"{len(kits)} drum kits share channel 10: a player may sound some parts with another's")
    return channels, lost


def _conductor(score: Score) -> Iterator[_Event]:
    if score.title:
        yield _meta(0, NAME, score.title)
    for kind, text in score.credits:
        yield _meta(0, COPYRIGHT, text) if kind == "copyright" else _meta(0, TEXT, f"credit: {kind}: {text}")
    if score.length_ticks:
        yield _meta(0, TEXT, f"length: {score.length_ticks}")
    for tempo in score.tempos:
        yield _meta(tempo.tick, TEMPO, bpm_to_microseconds(tempo.bpm).to_bytes(3, "big"))
    yield from _metres(score)
    for mark in score.keys:
        yield from _key(mark.tick, mark.key)
    for chord in score.chords:
        name = chord_name(chord.chord, _key_fifths(score, chord.tick)) if chord.chord else NO_CHORD
        yield _meta(chord.tick, TEXT, f"chord: {name}")
    for section in score.sections:
        yield _meta(section.tick, MARKER, f"section: {section.name}")


def _metres(score: Score) -> Iterator[_Event]:
    """Yield the metres; a pickup is a short first bar, and a text says that it is one (or is not)."""
    first, *rest = score.metres
    pickup, short = score.pickup_ticks, metre_of(score.pickup_ticks)
    looks_like_pickup = bool(rest) and rest[0].tick == first.metre.bar_ticks < rest[0].metre.bar_ticks
    if pickup or looks_like_pickup:
        yield _meta(0, TEXT, f"pickup: {pickup} {first.metre}")
    if pickup and short:
        yield from _metre(0, short)
        if not (rest and rest[0].tick <= pickup):
            yield from _metre(pickup, first.metre)
    else:
        yield from _metre(0, first.metre)
    for mark in rest:
        yield from _metre(mark.tick, mark.metre)


def metre_of(bar_ticks: Ticks) -> Metre | None:
    """Return the metre with the longest beat whose bar has this length, or None.

    >>> str(metre_of(10080)), str(metre_of(15120)), metre_of(1)
    ('1/4', '3/8', None)
    """
    whole = 4 * TICKS_PER_QUARTER
    for denominator in (4, 8, 16, 32, 64, 128):
        beats, rest = divmod(bar_ticks * denominator, whole)
        if rest == 0 and 1 <= beats <= 255:
            return Metre(beats, denominator)
    return None


def _metre(tick: Ticks, metre: Metre) -> Iterator[_Event]:
    if metre.numerator > 255:
        return  # listed in _lost_marks
    clocks = min(24 * metre.beat_ticks // TICKS_PER_QUARTER, 255)
    values = (metre.numerator, metre.denominator.bit_length() - 1, clocks, 8)
    yield _meta(tick, METRE, bytes(values))


def _key(tick: Ticks, key: Key) -> Iterator[_Event]:
    if -7 <= key.fifths <= 7:
        yield _meta(tick, KEY, bytes((key.fifths % 256, int(key.is_minor))))
    if not _is_plain(key) and _is_sayable(key):
        yield _meta(tick, TEXT, f"key: {key.name}")


def _is_plain(key: Key) -> bool:
    return -7 <= key.fifths <= 7 and key.mode in ("major", "minor")


def _is_sayable(key: Key) -> bool:
    try:
        return Key.parse(key.name) == key
    except InvalidInput:
        return False


def _key_fifths(score: Score, tick: Ticks) -> int:
    before = [mark.key.fifths for mark in score.keys if mark.tick <= tick]
    return before[-1] if before else 0


def _part_events(part: Part, channel: int) -> Iterator[_Event]:
    if part.name:
        yield _meta(0, NAME, part.name)
    if part.role != default_role(is_drums=part.is_drums) or not len(part.notes):
        yield _meta(0, TEXT, f"role: {part.role}")
    yield _Event(0, _PROGRAM, bytes((0xC0 | channel, part.program)))
    for control in part.controls:
        yield _control(control, channel)
    notes, sung = part.notes, part.notes.syllable
    if sung is not None:
        for row in np.flatnonzero(sung != "").tolist():
            yield _Event(int(notes.onset[row]), _LYRIC, _meta(0, LYRIC, str(sung[row])).data)
    for onset, duration, pitch, velocity in notes:
        yield _Event(onset, _ON, bytes((0x90 | channel, pitch, velocity)))
        yield _Event(onset + duration, _OFF, bytes((0x80 | channel, pitch, 64)))


def _control(control: Control, channel: int) -> _Event:
    top = 16383 if control.number == BEND_NUMBER else 127
    if not (0 <= control.number <= BEND_NUMBER and 0 <= control.value <= top):
        raise InvalidInput(
            f"a control must have a number 0..128 and a value 0..{top}, got {control.number} and {control.value}"
        )
    if control.number == BEND_NUMBER:
        data = bytes((0xE0 | channel, control.value & 0x7F, control.value >> 7))
    else:
        data = bytes((0xB0 | channel, control.number, control.value))
    return _Event(control.tick, _CONTROL, data)


def _meta(tick: Ticks, kind: int, payload: bytes | str) -> _Event:
    data = payload.encode() if isinstance(payload, str) else payload
    return _Event(tick, _META, bytes((0xFF, kind)) + _variable(len(data)) + data)


def _variable(value: int) -> bytes:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))


def _track(events: Iterable[_Event], *, end: Ticks) -> bytes:
    """Return a track chunk; a rest too long for one delta time is bridged by empty text events."""
    pieces, now = [], 0
    ordered = sorted(events, key=lambda event: event[:2])
    last = max(end, ordered[-1].tick if ordered else 0)
    for tick, _, data in [*ordered, _Event(last, _ON, b"\xff\x2f\x00")]:
        while tick - now > MAX_DELTA:
            pieces.append(_variable(MAX_DELTA) + b"\xff\x01\x00")
            now += MAX_DELTA
        pieces.append(_variable(tick - now) + data)
        now = tick
    body = b"".join(pieces)
    return b"MTrk" + len(body).to_bytes(4, "big") + body


def _lost_marks(score: Score) -> Iterator[str]:
    for tempo in score.tempos:
        if abs(microseconds_to_bpm(bpm_to_microseconds(tempo.bpm)) - tempo.bpm) > BPM_TOLERANCE:
            yield f"tempo {tempo.bpm!r} BPM at tick {tempo.tick}: MIDI stores whole microseconds a quarter"
    for mark in score.metres:
        if mark.metre.numerator > 255:
            yield f"metre {mark.metre} at tick {mark.tick}: MIDI counts at most 255 beats"
    if score.pickup_ticks and metre_of(score.pickup_ticks) is None:
        yield f"pickup of {score.pickup_ticks} ticks: other programs will show its bar lines shifted"
    for key in score.keys:
        if not (_is_plain(key.key) or _is_sayable(key.key)):
            yield f"key {key.key.name} at tick {key.tick}: MIDI holds up to seven accidentals"
    if score.locks:
        yield f"{len(score.locks)} locks"
    if score.provenance:
        yield "the provenance of the notes"


def _lost_notes(score: Score) -> Iterator[str]:
    columns = [
        n
        for n in ("spelling", "voice", "origin")
        if any(getattr(p.notes, n) is not None for p in score.parts)
    ]
    yield from (f"each note's {name}" for name in columns)
    for part in score.parts:
        crossed = _nested(part.notes)
        if crossed:
            yield f"{part.name!r}: {crossed} notes lie inside another on the same key; their ends are swapped"
        moved = _unsung(part.notes)
        if moved:
            yield f"{part.name!r}: {moved} syllables not on the highest note of their onset"
        odd = {c.number for c in part.controls} - {*CONTROL_NUMBERS, BEND_NUMBER}
        if odd:
            yield f"{part.name!r}: controllers {sorted(odd)} are written but not read back"


def _nested(notes: Notes) -> int:
    """Return how many notes end before an earlier note on the same key does."""
    order = np.lexsort((notes.duration, notes.onset, notes.pitch))
    span = int(notes.end) + 1
    ends = notes.offset[order] + notes.pitch[order] * span  # later keys lie wholly above earlier ones
    return int(np.count_nonzero(ends < np.maximum.accumulate(ends)))


def _unsung(notes: Notes) -> int:
    if notes.syllable is None or not len(notes):
        return 0
    highest = np.append(notes.onset[1:] != notes.onset[:-1], True)
    return int(np.count_nonzero((notes.syllable != "") & ~highest))
