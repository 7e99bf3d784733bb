"""Standard MIDI files taken apart: bytes to columns of events, checked byte by byte.

Conventions: ticks here are the file's own; tracks count from 0; channels are 0..15 (9 is drums).
This module does not know scores: `midi_read.py` turns its columns into notes and marks.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhiyin.errors import UnreadableFile
from zhiyin.io.base import MAX_QUARTERS
from zhiyin.io.limits import check_size
from zhiyin.units import IntArray

MAX_MIDI_BYTES = 8 * 2**20  # half a million notes without running status need 5 MiB
MAX_EVENTS = 1_500_000  # half a million notes on and off, and as many controls
MAX_SPECIALS = 50_000  # meta and system exclusive events: each costs far more than a note
MAX_TRACKS = 512
_WINDOW = 2**17  # bytes whose table is held at once, so that memory does not grow with the file
_SPECIAL = -1  # marks a place where no plain channel event starts
META, SYSEX_STARTS = 0xFF, (0xF0, 0xF7)
END_OF_TRACK = 0x2F


class Meta(NamedTuple):
    """One meta event: its track, tick (of the file), type number and payload."""

    track: int
    tick: int
    kind: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class MidiEvents:
    """Every channel event of a file as columns, in file order, and its meta events.

    division: the file's ticks a quarter; kind: 0x8..0xE, the upper half of the status byte.
    """

    midi_type: int
    division: int
    track_count: int
    track: IntArray
    tick: IntArray
    kind: IntArray
    channel: IntArray
    first: IntArray
    second: IntArray
    metas: tuple[Meta, ...]
    track_ends: tuple[int, ...]


class _Chunks(NamedTuple):
    midi_type: int
    division: int
    spans: tuple[tuple[int, int], ...]


def parse_events(data: bytes, *, path: str) -> MidiEvents:
    """Return the events of a type 0 or 1 file. Raises UnreadableFile with the byte and the reason."""
    check_size(data, path=path, limit_bytes=MAX_MIDI_BYTES)
    chunks = _chunks(data, path)
    raw = np.frombuffer(data + bytes(16), np.uint8)
    walks = _walks(raw, data, chunks.spans, path)
    counts = np.array([len(found) for found, _ in walks], np.int64)
    places = np.concatenate([np.empty(0, np.int32), *(found for found, _ in walks)])
    track = np.repeat(np.arange(len(walks)), counts)
    tick, after_delta = _ticks(raw, places, counts)
    if tick.size and int(tick.max()) > MAX_QUARTERS * chunks.division:
        byte = int(places[np.argmax(tick > MAX_QUARTERS * chunks.division)])
        reason = f"a score must last at most {MAX_QUARTERS} quarters, got tick {int(tick.max())}"
        raise UnreadableFile(path, f"byte {byte}", f"{reason} at {chunks.division} a quarter")
    metas = _metas(walks, track, tick, counts)
    last = np.cumsum(counts)
    ends = tuple(int(tick[at - 1]) if count else 0 for at, count in zip(last, counts, strict=True))
    return MidiEvents(
        midi_type=chunks.midi_type,
        division=chunks.division,
        track_count=len(walks),
        metas=metas,
        track_ends=ends,
        **_columns(raw, places, after_delta, track, tick, path),
    )


def _chunks(data: bytes, path: str) -> _Chunks:
    """Return the header and the (start, end) of each track, after checking that they are all there."""
    if data[:4] != b"MThd":
        raise UnreadableFile(path, "byte 0", f"a MIDI file must begin with MThd, got {data[:4]!r}")
    if len(data) < 14:
        raise UnreadableFile(path, f"byte {len(data)}", "the header is cut off: it must be 14 bytes")
    size, midi_type, promised, division = _number(data, 4, 4), *(_number(data, at, 2) for at in (8, 10, 12))
    if not 6 <= size <= len(data) - 8:
        raise UnreadableFile(path, "byte 4", f"the header must be 6 bytes long, got {size}")
    if midi_type not in (0, 1):
        raise UnreadableFile(
            path, "byte 8", f"the MIDI type must be 0 or 1, got {midi_type}: save it as type 1"
        )
    if division & 0x8000 or division == 0:
        reason = f"time must be counted in ticks a quarter, got division {division:#06x} (SMPTE or none)"
        raise UnreadableFile(path, "byte 12", f"{reason}: save it with a metrical division")
    spans = _track_spans(data, 8 + size, promised, path)
    if len(spans) > MAX_TRACKS:
        raise UnreadableFile(path, "byte 10", f"a file must have at most {MAX_TRACKS} tracks, got more")
    if len(spans) != promised:
        place = f"byte {len(data)}"
        raise UnreadableFile(
            path, place, f"the header promises {promised} tracks, the file holds {len(spans)}"
        )
    return _Chunks(midi_type, division, spans)


def _track_spans(data: bytes, start: int, promised: int, path: str) -> tuple[tuple[int, int], ...]:
    spans: list[tuple[int, int]] = []
    while start + 8 <= len(data) and len(spans) <= MAX_TRACKS:
        if len(spans) >= promised and data[start : start + 4] != b"MTrk":
            break  # what follows the last track is no music
        end = start + 8 + _number(data, start + 4, 4)
        if end > len(data):
            reason = f"a chunk promises {end - start - 8} bytes, {len(data) - start - 8} are left: the file is cut off"
            raise UnreadableFile(path, f"byte {start + 4}", reason)
        if data[start : start + 4] == b"MTrk":
            spans.append((start + 8, end))
        start = end
    return tuple(spans)


def _number(data: bytes, start: int, count: int) -> int:
    return int.from_bytes(data[start : start + count], "big")


def _next_table(raw: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return, for each state 2 * byte + k, the state after the channel event that would start there.

    k is 0 when running status means two data bytes and 1 when it means one. The table is array work; what
    remains for Python is one look-up an event. A state without a plain channel event leads to -1.
    """
    size = raw.size - 12
    high = raw >= 0x80
    length = np.ones(size, np.int32)  # of the delta time that would start here
    more = high[:size].copy()
    for i in range(1, 4):
        length += more
        more &= high[i : size + i]
    at = np.arange(size, dtype=np.int32) + length  # the status or first data byte
    status = raw[at]
    short = (status & 0xE0) == 0xC0  # program change and channel pressure: one data byte
    has_status = status >= 0x80
    plain = ~more & (status < 0xF0)
    first_high, second_high = high[at + 1], high[at + 2]
    table = np.full((size, 2), _SPECIAL, np.int32)
    end = at + 3 - short
    good = plain & has_status & ~first_high & (short | ~second_high)
    table[good] = (2 * end + short)[good, None]
    running = plain & ~has_status
    good = running & ~first_high
    table[good, 0] = 2 * (at + 2)[good]
    table[running, 1] = 2 * (at + 1)[running] + 1
    return table.reshape(-1)


_Special = tuple[int, int, bytes]  # (index among the track's events, meta type or -1 for sysex, payload)


_Walked = tuple[NDArray[np.int32], list[_Special]]


def _walks(
    raw: NDArray[np.uint8], data: bytes, spans: tuple[tuple[int, int], ...], path: str
) -> list[_Walked]:
    """Return the places of each track's events, and which of them are not channel events, within the limits."""
    walks, events, specials = list[_Walked](), 0, 0
    for span in spans:
        walks.append(_walk(raw, data, span, path, room=(MAX_EVENTS - events, MAX_SPECIALS - specials)))
        events, specials = events + len(walks[-1][0]), specials + len(walks[-1][1])
    return walks


def _walk(
    raw: NDArray[np.uint8], data: bytes, span: tuple[int, int], path: str, *, room: tuple[int, int]
) -> _Walked:
    """Return (byte of each event, specials) of a track; room: how many of each the file may still hold."""
    end, state, count = span[1], 2 * span[0], 0
    pieces, specials = [np.empty(0, np.int32)], list[_Special]()
    while state < 2 * end:
        base = state >> 1
        states, state = _walk_window(raw, data, (base, end), path, (state & 1, count, room[1], specials))
        pieces.append((np.frombuffer(states, np.int32) >> 1) + np.int32(base))
        count += len(states)
        if count > room[0]:
            reason = f"a file must hold at most {MAX_EVENTS} events, got more: split it"
            raise UnreadableFile(path, f"byte {state >> 1}", reason)
    if state >> 1 > end:
        raise UnreadableFile(
            path, f"byte {pieces[-1][-1]}", "an event runs past the end of its track: cut off"
        )
    return np.concatenate(pieces), specials


def _walk_window(
    raw: NDArray[np.uint8],
    data: bytes,
    span: tuple[int, int],
    path: str,
    before: tuple[int, int, int, list[_Special]],
) -> tuple[array[int], int]:
    """Return the states of a window's events, counted from its first byte, and the state that follows it.

    before: running status, events and the room for specials so far, and the list that takes them.
    """
    (base, end), (state, count, room, specials) = span, before
    table = memoryview(_next_table(raw[base : min(base + _WINDOW, end) + 12]).data)
    stop, states = 2 * min(_WINDOW, end - base), array("i")
    keep = states.append
    while True:
        while 0 <= state < stop:
            keep(state)
            state = table[state]
        if state >= 0:
            return states, 2 * base + state
        kind, payload, after = _special(data, base + (states[-1] >> 1), end, path)
        specials.append((count + len(states) - 1, kind, payload))
        if len(specials) > room:
            reason = f"a file must hold at most {MAX_SPECIALS} meta and system events, got more"
            raise UnreadableFile(path, f"byte {after}", reason)
        if kind == END_OF_TRACK:
            return states, 2 * end
        state = 2 * (after - base) + (states[-1] & 1)


def _special(data: bytes, place: int, end: int, path: str) -> tuple[int, bytes, int]:
    """Return (meta type or -1, payload, byte after) of the meta or system exclusive event at a byte."""
    _, at = _variable(data, place, end, path)
    status = data[at] if at < end else -1
    if status == META and at + 1 < end:
        kind, at = data[at + 1], at + 2
    elif status in SYSEX_STARTS:
        kind, at = -1, at + 1
    else:
        found = f"{status:#04x}" if status >= 0 else "the end of the track"
        raise UnreadableFile(
            path, f"byte {at}", f"a status byte with its data bytes must stand here, got {found}"
        )
    size, at = _variable(data, at, end, path)
    if at + size > end:
        raise UnreadableFile(
            path, f"byte {at}", f"an event promises {size} bytes, its track has {end - at} left"
        )
    return kind, data[at : at + size], at + size


def _variable(data: bytes, place: int, end: int, path: str) -> tuple[int, int]:
    """Return (value, byte after) of a variable-length number of at most four bytes."""
    value = 0
    for at in range(place, min(place + 4, end)):
        value = value << 7 | data[at] & 0x7F
        if data[at] < 0x80:
            return value, at + 1
    raise UnreadableFile(
        path, f"byte {place}", "a length or delta time must end within four bytes and its track"
    )


def _ticks(raw: NDArray[np.uint8], places: IntArray, counts: IntArray) -> tuple[IntArray, IntArray]:
    """Return (tick of each event from its track's start, byte after its delta time)."""
    value = np.zeros(places.size, np.int64)
    at = places.copy()
    open_ = np.ones(places.size, bool)
    for _ in range(4):
        byte = raw[at]
        value = np.where(open_, value << 7 | (byte & 0x7F), value)
        at += open_
        open_ &= byte >= 0x80
    total = np.concatenate(([0], np.cumsum(value)))
    bases = total[np.concatenate(([0], np.cumsum(counts)))[:-1]]
    return total[1:] - np.repeat(bases, counts), at


def _metas(walks: list[_Walked], track: IntArray, tick: IntArray, counts: IntArray) -> tuple[Meta, ...]:
    bases = np.concatenate(([0], np.cumsum(counts)))
    return tuple(
        Meta(number, int(tick[bases[number] + index]), kind, payload)
        for number, (_, specials) in enumerate(walks)
        for index, kind, payload in specials
        if kind >= 0
    )


def _columns(
    raw: NDArray[np.uint8], places: IntArray, at: IntArray, track: IntArray, tick: IntArray, path: str
) -> dict[str, IntArray]:
    """Return the columns of the channel events, running status resolved."""
    lead = raw[at].astype(np.int64)
    plain = lead < 0xF0
    places, at, track, tick, lead = places[plain], at[plain], track[plain], tick[plain], lead[plain]
    explicit = lead >= 0x80
    opens = np.diff(track, prepend=-1) > 0
    if np.any(opens & ~explicit):
        byte = int(places[opens & ~explicit][0])
        raise UnreadableFile(
            path, f"byte {byte}", "a track must begin with a status byte, got running status"
        )
    source = np.maximum.accumulate(np.where(explicit, np.arange(lead.size), 0))
    status = lead[source] if lead.size else lead
    first = raw[at + explicit].astype(np.int64)
    second = raw[at + explicit + 1].astype(np.int64)
    names = ("track", "tick", "kind", "channel", "first", "second")
    return dict(zip(names, (track, tick, status >> 4, status & 0x0F, first, second), strict=True))
