"""A manifest in a MIDI file: text events at tick 0 of the first track, in pieces a sequencer can show.

Conventions: each text reads "provenance I/N: PIECE"; all other events stay byte for byte.
This module reads no notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from zhiyin.errors import InvalidInput
from zhiyin.io.midi_events import parse_events

PREFIX = "provenance "
PIECE_BYTES = 4000  # editors show long texts badly
_HEAD = re.compile(rb"provenance (\d{1,6})/(\d{1,6}): ", re.ASCII)
_TEXT, _END = 0x01, 0x2F


def put(data: bytes, text: str) -> bytes:
    """Return the file with the text as events before all others of its first track."""
    start, end = _first_track(data)
    pieces = [text[at : at + PIECE_BYTES] for at in range(0, len(text), PIECE_BYTES)]
    events = [
        b"\x00" + _meta(f"{PREFIX}{number}/{len(pieces)}: {piece}".encode("ascii"))
        for number, piece in enumerate(pieces, start=1)
    ]
    body = b"".join(events) + _without(data[start:end])
    return data[: start - 4] + len(body).to_bytes(4, "big") + body + data[end:]


def take(data: bytes) -> str | None:
    """Return the text in a file, None when there is none or a piece of it is missing.

    Looked for is where `put` writes, then among the texts of all tracks: a sequencer may have moved it.
    """
    start, end = _first_track(data)
    found = _joined(payload for _, _, payload in _leading_metas(data[start:end]))
    if found is None and PREFIX.encode() in data:
        metas = parse_events(data, path="<MIDI>").metas
        found = _joined(meta.payload for meta in metas if meta.kind == _TEXT)
    return found


def _joined(payloads: Iterable[bytes]) -> str | None:
    pieces: dict[int, bytes] = {}
    count = 0
    for payload in payloads:
        head = _HEAD.match(payload)
        if head:
            count = int(head[2])
            pieces[int(head[1])] = payload[head.end() :]
    if not count or sorted(pieces) != list(range(1, count + 1)):
        return None
    return b"".join(pieces[number] for number in sorted(pieces)).decode("ascii", "replace")


def _first_track(data: bytes) -> tuple[int, int]:
    """Return where the body of the first track starts and ends."""
    if data[:4] != b"MThd" or len(data) < 14:
        raise InvalidInput(f"a MIDI file must begin with MThd, got {data[:4]!r}")
    at = 8 + int.from_bytes(data[4:8], "big")
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "big")
        if data[at : at + 4] == b"MTrk":
            return at + 8, min(at + 8 + size, len(data))
        at += 8 + size
    raise InvalidInput("a MIDI file must have a track, got none: it is cut off")


def _leading_metas(track: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (start, end, payload) of the text events among the meta events that open a track, all at tick 0.

    A manifest stands there; what comes after the first other event need not be walked.
    """
    at = 0
    while track[at : at + 2] == b"\x00\xff" and at + 3 < len(track) and track[at + 2] != _END:
        size, begin = _variable(track, at + 3)
        if begin + size > len(track):
            return
        if track[at + 2] == _TEXT:
            yield at, begin + size, track[begin : begin + size]
        at = begin + size


def _without(track: bytes) -> bytes:
    """Return a track without the events of an earlier manifest."""
    kept, last = [], 0
    for start, end, payload in _leading_metas(track):
        if _HEAD.match(payload):
            kept.append(track[last:start])
            last = end
    return b"".join([*kept, track[last:]])


def _meta(payload: bytes) -> bytes:
    groups, size = [len(payload) & 0x7F], len(payload) >> 7
    while size:
        groups.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes((0xFF, _TEXT, *reversed(groups))) + payload


def _variable(data: bytes, at: int) -> tuple[int, int]:
    """Return (a number of up to four bytes, where it ends)."""
    value = 0
    for place in range(at, min(at + 4, len(data))):
        value = value << 7 | data[place] & 0x7F
        if data[place] < 0x80:
            return value, place + 1
    return value, len(data) + 1
