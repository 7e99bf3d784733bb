"""The originality index: all lines of a corpus as strings, and where their rarest small runs stand.

Conventions: lines lie one after another, each closed by END; a gram is GRAM intervals; a run is shared when its
intervals (and, where asked, its length ratios) are equal. This module does not read a corpus or judge a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zhiyin.errors import InvalidInput
from zhiyin.rights.lines import Intervals, Ratios, is_plain, lines_of
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_STEP, BoolArray, IntArray

Hashes = NDArray[np.uint32]

GRAM = 6  # intervals
WINDOW = 7  # grams, of which the rarest is kept
# Every shared run of so many notes is found, unless all its grams are plain (Schleimer, Wilkerson and Aiken,
# "Winnowing", SIGMOD 2003: any order of grams that looks at the gram alone gives the guarantee).
FOUND_NOTES = GRAM + WINDOW
END = 127
BUCKET_BITS = 14  # upper bits of a hash that name the bucket a gram's place is kept in
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_BASE = np.uint64(1_000_003)
_WORD = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Piece:
    """What a match is called: set and id name the piece, work groups its editions; composer may be ""."""

    set: str
    id: str
    work: str
    title: str
    composer: str
    split: str = "train"


@dataclass(frozen=True, eq=False)
class Index:
    """Lines of many pieces as strings.

    intervals, ratios, bar_steps: (symbols,) one a pair of neighbours, END (0) after each line; bar_steps says how
    many bar lines lie between two notes; line_start: (lines + 1,) first symbol; line_piece, line_part, line_bar:
    (lines,) whose it is and the bar of its first note; positions: places of kept grams, by bucket of their hash and
    then rising; bucket_size: (2 ** BUCKET_BITS,) places in each bucket.
    """

    pieces: tuple[Piece, ...]
    line_start: IntArray
    line_piece: NDArray[np.int32]
    line_part: NDArray[np.uint8]
    line_bar: NDArray[np.int32]
    intervals: Intervals
    ratios: Ratios
    bar_steps: NDArray[np.uint8]
    positions: NDArray[np.uint32]
    bucket_size: NDArray[np.uint16]

    @cached_property
    def bucket_start(self) -> IntArray:
        """Return (buckets + 1,) the first place of each bucket."""
        return np.concatenate(([0], np.cumsum(self.bucket_size, dtype=np.int64)))

    @cached_property
    def bars(self) -> NDArray[np.int32]:
        """Return the bar of the first note of every symbol, counted from 0 in its piece."""
        steps = self.bar_steps.astype(np.int32)
        before = np.cumsum(steps, dtype=np.int64) - steps
        first = self.line_start[:-1]
        owner = np.repeat(np.arange(first.size), np.diff(self.line_start))
        bars: NDArray[np.int32] = (before - before[first][owner] + self.line_bar[owner]).astype(np.int32)
        return bars

    @cached_property
    def works(self) -> IntArray:
        """Return the number of each piece's work, equal for editions of one work."""
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(p.work, len(numbers)) for p in self.pieces], np.int64)

    def line_of(self, position: IntArray) -> IntArray:
        """Return the line that each symbol belongs to."""
        lines: IntArray = np.searchsorted(self.line_start, position, side="right") - 1
        return lines

    def find(self, grams: NDArray[np.int8], hashes: Hashes) -> tuple[IntArray, IntArray]:
        """Return (number of the gram, position) for every kept place of (grams, GRAM) intervals with their hashes."""
        bucket = (hashes >> np.uint32(32 - BUCKET_BITS)).astype(np.int64)
        low = self.bucket_start[bucket]
        count = self.bucket_start[bucket + 1] - low
        row = np.repeat(np.arange(hashes.size), count)
        inside = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count)
        place = self.positions[low[row] + inside].astype(np.int64)
        for column in range(GRAM):
            agree = self.intervals[place + column] == grams[row, column]
            row, place = row[agree], place[agree]
        return row, place


def gram_hashes(intervals: Intervals) -> Hashes:
    """Return the 32-bit hash of every run of GRAM intervals."""
    if intervals.size < GRAM:
        return np.empty(0, np.uint32)
    count = intervals.size - GRAM + 1
    value = np.zeros(count, np.uint64)
    for place in range(GRAM):
        value = value * _BASE + _letters(intervals[place : place + count])
    return _mixed(value)


def row_hashes(grams: NDArray[np.int8]) -> Hashes:
    """Return the hash of each row of (grams, GRAM) intervals, as `gram_hashes` gives it."""
    value = np.zeros(len(grams), np.uint64)
    for place in range(GRAM):
        value = value * _BASE + _letters(np.ascontiguousarray(grams[:, place]))
    return _mixed(value)


def gram_hash(gram: list[int]) -> int:
    """Return the hash of one gram of GRAM intervals, as `gram_hashes` gives it, without arrays.

    >>> gram_hash([2, 2, 1, 2, 2, 2]) == int(gram_hashes(np.array([2, 2, 1, 2, 2, 2], np.int8))[0])
    True
    """
    value = 0
    for interval in gram:
        value = value * 1_000_003 + ((interval & 255) ^ 128) & _WORD
    return ((value ^ value >> 31) * 0x9E3779B97F4A7C15 & _WORD) >> 32


def _letters(intervals: Intervals) -> NDArray[np.uint64]:
    return (intervals.view(np.uint8) ^ np.uint8(128)).astype(np.uint64)


def _mixed(value: NDArray[np.uint64]) -> Hashes:
    value = (value ^ (value >> np.uint64(31))) * _MULTIPLIER
    return (value >> np.uint64(32)).astype(np.uint32)


def plain_grams(intervals: Intervals, *, size: int = GRAM) -> BoolArray:
    """Return which runs of `size` intervals are plain, one a gram."""
    if intervals.size < size:
        return np.empty(0, bool)
    return is_plain(np.lib.stride_tricks.sliding_window_view(intervals, size))


def build_index(
    pieces: Iterable[tuple[Piece, Score]], *, tell: Callable[[int], None] = lambda n: None
) -> Index:
    """Return the index of quantised scores, in their order; pieces without a line are left out.

    tell: hears how many pieces are read. Raises InvalidInput when nothing is left to index.
    """
    kept: list[Piece] = []
    rows: list[tuple[int, int, int]] = []
    strings: list[tuple[Intervals, Ratios, NDArray[np.uint8]]] = []
    for number, (piece, score) in enumerate(pieces):
        lines = lines_of(score)
        tell(number + 1)
        if not lines:
            continue
        timeline = Timeline.of(score)
        for line in lines:
            bars = np.asarray(timeline.bar_of(line.onset * TICKS_PER_STEP), np.int64)
            steps = np.clip(np.diff(bars), 0, 255)
            strings.append((
                np.append(line.intervals, np.int8(END)), np.append(line.ratios, np.uint8(0)),
                np.append(steps, 0).astype(np.uint8),
            ))  # fmt: skip
            rows.append((len(kept), line.part, int(bars[0])))
        kept.append(piece)
    if not kept:
        raise InvalidInput(
            "an index needs pieces with a line of 13 notes or more, got none: give other pieces"
        )
    return _assembled(tuple(kept), rows, strings)


def _assembled(
    pieces: tuple[Piece, ...],
    rows: list[tuple[int, int, int]],
    strings: list[tuple[Intervals, Ratios, NDArray[np.uint8]]],
) -> Index:
    table = np.array(rows, np.int64)
    start = np.concatenate(([0], np.cumsum([s[0].size for s in strings])))
    intervals = np.concatenate([s[0] for s in strings])
    positions, bucket_size = winnow(intervals)
    return Index(
        pieces=pieces,
        line_start=start,
        line_piece=table[:, 0].astype(np.int32),
        line_part=np.minimum(table[:, 1], 255).astype(np.uint8),
        line_bar=table[:, 2].astype(np.int32),
        intervals=intervals,
        ratios=np.concatenate([s[1] for s in strings]),
        bar_steps=np.concatenate([s[2] for s in strings]),
        positions=positions,
        bucket_size=bucket_size,
    )


def winnow(intervals: Intervals) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    """Return (places of the rarest gram of every WINDOW grams by bucket, places in each bucket); no plain grams.

    Rarest by halves of frequency, then lowest hash, then rightmost: common runs get short lists of places.
    """
    hashes = gram_hashes(intervals)
    is_end = np.lib.stride_tricks.sliding_window_view(intervals == END, GRAM).any(axis=1)
    is_out = is_end | plain_grams(intervals)
    _, inverse, count = np.unique(hashes, return_inverse=True, return_counts=True)
    order = np.log2(count[inverse]).astype(np.uint64) << np.uint64(32) | hashes.astype(np.uint64)
    order[is_out] = np.iinfo(np.uint64).max
    windows = np.lib.stride_tricks.sliding_window_view(order, min(WINDOW, order.size))
    chosen = np.arange(len(windows)) + windows.shape[1] - 1 - windows[:, ::-1].argmin(axis=1)
    kept = np.unique(chosen)
    kept = kept[~is_out[kept]]
    bucket = (hashes[kept] >> np.uint32(32 - BUCKET_BITS)).astype(np.int64)
    sizes = np.bincount(bucket, minlength=1 << BUCKET_BITS)
    return kept[np.argsort(bucket, kind="stable")].astype(np.uint32), sizes.astype(np.uint16)
