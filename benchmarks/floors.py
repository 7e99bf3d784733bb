"""Floors for bits per note: unigram by role, a 4-gram, and a copier of the last bar, on the same notes as the model.

Conventions: a floor gives probabilities for the same four fields as the model (onset or END, value, duration,
extra); streams run along one row in time order. Does not know: the model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode import Sequence
from zhiyin.encode.fields import END, FIELD_INDEX, KIND_CELL, TARGET_SIZES

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
FIELDS = tuple(TARGET_SIZES)  # onset, value, duration, extra
SIZES = tuple(TARGET_SIZES.values())
_START = 1023  # context before the first event of a row


@dataclass(frozen=True, eq=False)
class Streams:
    """Events of many windows as columns, each row of a window one stream in time order.

    symbols: (events, 4) what is predicted, -1 where a field has no meaning; role: (events,); stream: (events,)
    id; column: (events,) start of the cell in steps; is_target: (events,).
    """

    symbols: Ints
    role: Ints
    stream: Ints
    column: Ints
    is_target: NDArray[np.bool_]


def streams_of(sequences: list[Sequence]) -> Streams:
    """Return the streams of windows: one event for every prediction a model makes."""
    columns: list[Ints] = []
    for number, s in enumerate(sequences):
        cell = np.maximum.accumulate(
            np.where(s.fields[:, FIELD_INDEX["kind"]] == KIND_CELL, np.arange(len(s)), 0)
        )
        row, start = s.fields[:, FIELD_INDEX["row"]], s.time[cell]
        order = np.lexsort((np.arange(len(s)), start, row))
        block = np.column_stack(
            (s.target, s.fields[:, FIELD_INDEX["role"]], number * 64 + row, start, s.is_target)
        )
        columns.append(block[order].astype(np.int64))
    table = np.concatenate(columns)
    return Streams(table[:, :4], table[:, 4], table[:, 5], table[:, 6], table[:, 7].astype(bool))


def _contexts(streams: Streams, field: int, order: int) -> tuple[Ints, Ints]:
    """Return (context codes, symbols) of a field's defined events, with `order` symbols of memory in the row."""
    rows = np.flatnonzero(streams.symbols[:, field] >= 0)
    symbol, stream = streams.symbols[rows, field], streams.stream[rows]
    code = streams.role[rows].astype(np.int64)
    for back in range(1, order + 1):
        before = np.full(rows.size, _START, np.int64)
        before[back:] = np.where(stream[back:] == stream[:-back], symbol[:-back], _START)
        code = code * 1024 + before
    return code, symbol


@dataclass(frozen=True, eq=False)
class _Counts:
    """Sorted keys and counts of (context, symbol) pairs and of contexts with their number of different symbols."""

    pairs: Ints
    pair_counts: Ints
    contexts: Ints
    totals: Ints
    kinds: Ints


def _count(code: Ints, symbol: Ints) -> _Counts:
    pairs, pair_counts = np.unique(code * 512 + symbol, return_counts=True)
    contexts, first, kinds = np.unique(pairs // 512, return_index=True, return_counts=True)
    totals = np.add.reduceat(pair_counts, first)
    return _Counts(pairs, pair_counts, contexts, totals, kinds)


def _look(keys: Ints, values: Ints, wanted: Ints) -> Ints:
    at = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
    return np.where(keys[at] == wanted, values[at], 0)


class NGram:
    """Witten-Bell n-grams of each field within a row, conditioned on the row's role.

    n = 1 is the unigram by role. Source of the smoothing: Witten & Bell, 1991.
    """

    def __init__(self, train: Streams, *, n: int) -> None:
        self.counts = [[_count(*_contexts(train, f, k)) for k in range(n)] for f in range(len(FIELDS))]

    def bits(self, test: Streams) -> Floats:
        """Return (events, 4) bits of every field, 0 where it has no meaning."""
        bits = np.zeros(test.symbols.shape)
        for field, orders in enumerate(self.counts):
            rows = np.flatnonzero(test.symbols[:, field] >= 0)
            bits[rows, field] = -np.log2(self._probability(orders, test, field))
        return bits

    @staticmethod
    def _probability(orders: list[_Counts], test: Streams, field: int) -> Floats:
        code, symbol = _contexts(test, field, 0)
        p = np.full(symbol.size, 1.0 / SIZES[field])
        for order, c in enumerate(orders):
            code, symbol = _contexts(test, field, order)
            seen = _look(c.pairs, c.pair_counts, code * 512 + symbol)
            total, kinds = _look(c.contexts, c.totals, code), _look(c.contexts, c.kinds, code)
            mixed = (seen + kinds * p) / np.maximum(total + kinds, 1)
            p = np.where(total > 0, mixed, p)
        return p


def copier_bits(test: Streams, unigram: Floats, *, trust: float) -> Floats:
    """Return (events, 4) bits of a floor that repeats the row's last bar, else falls back on the unigram.

    trust: probability given to the copied symbol; chosen on the validation split.
    """
    copied = _copied(test)
    hit = (copied == test.symbols) & (copied >= 0)
    p = np.exp2(-unigram)
    mixed = np.where(copied >= 0, trust * hit + (1 - trust) * p, p)
    return np.where(test.symbols >= 0, -np.log2(mixed), 0.0)


def _copied(test: Streams) -> Ints:
    """Return (events, 4) what stood at the same place of the row's bar before, -1 where there is none.

    The place is that of the event before: its onset and value, looked up in the bar before.
    """
    symbols, stream, column = test.symbols, test.stream, test.column
    copied = np.full(symbols.shape, -1, np.int64)
    cell = stream * (1 << 20) + column
    edges = np.append(np.flatnonzero(np.diff(cell, prepend=-1)), cell.size)
    for k in range(1, edges.size - 1):
        previous, first, last = edges[k - 1], edges[k], edges[k + 1]
        if stream[previous] != stream[first]:
            continue
        source = symbols[previous:first]
        place = source[:, 0] * 512 + np.maximum(source[:, 1], 0)
        now = symbols[first : last - 1, 0] * 512 + np.maximum(symbols[first : last - 1, 1], 0)
        at = np.concatenate(([0], np.searchsorted(place, now, side="right")))
        copied[first:last] = source[np.minimum(at, len(source) - 1)]
    # A field is copied only where the fields before it in the same event were right.
    right = copied[:, 0] == symbols[:, 0]
    for field in range(1, 4):
        copied[:, field] = np.where(right & (symbols[:, 0] != END), copied[:, field], -1)
        right = right & (copied[:, field] == symbols[:, field])
    return copied
