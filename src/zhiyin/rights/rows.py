"""Rows: the notes of a part packed into a short text, so that a manifest can say which note it means.

Conventions: per note the step from the onset before, the length and the pitch, as unsigned LEB128 numbers; the bytes
go through zlib and base64. This module knows no origins.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator

from zhiyin.errors import InvalidInput
from zhiyin.score import Notes

_MOST_BYTES = 3 * 10  # of a note: three numbers below 2^63
_TOP = 1 << 62
_MOST_BITS = 70


def packed_rows(notes: Notes) -> str:
    """Return (onset, length, pitch) of notes in their order, in ASCII.

    >>> unpacked_rows(packed_rows(Notes.of([(5, 10080, 60), (5, 20, 64)])), 2)
    [(5, 10080, 60), (5, 20, 64)]
    """
    packed, before = bytearray(), 0
    for onset, length, pitch, _ in notes:
        for value in (onset - before, length, pitch):
            while value > 127:
                packed.append(value & 127 | 128)
                value >>= 7
            packed.append(value)
        before = onset
    return base64.b64encode(zlib.compress(bytes(packed), 9)).decode("ascii")


def unpacked_rows(text: str, count: int) -> list[tuple[int, int, int]]:
    """Return (onset, length, pitch) of `count` notes. Raises InvalidInput for a broken or oversized text."""
    unzip = zlib.decompressobj()
    try:
        data = unzip.decompress(base64.b64decode(text, validate=True), max_length=_MOST_BYTES * count + 1)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise InvalidInput(f"a manifest's rows must be zlib in base64, got {text[:20]!r}: {error}") from error
    numbers = list(_numbers(data))
    if len(numbers) != 3 * count or (data and data[-1] > 127):
        raise InvalidInput(f"a manifest's rows must hold {count} notes, got {len(numbers)} numbers")
    rows, now = [], 0
    for step, length, pitch in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
        now += step
        rows.append((now, length, pitch))
    return rows


def _numbers(data: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if shift > _MOST_BITS:
            raise InvalidInput(
                f"a manifest's numbers must lie below 2^62, got one of more than {_MOST_BITS} bits"
            )
        if byte < 128:
            yield min(value, _TOP)
            value = shift = 0
