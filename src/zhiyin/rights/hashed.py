"""Hashed runs: places of long runs kept as one-way hashes, from which no music can be read back.

Conventions: a row is one run of `size` symbols; of every `window` runs one is kept; hashes have 32 bits.
This module does not know what the symbols stand for: pitch steps of tunes, or textures of chords.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.units import BoolArray, IntArray

_DRAWS = np.random.default_rng(20_261_121).integers(1, 2**63, 64, dtype=np.uint64)
_ODD = (_DRAWS << np.uint64(1)) | np.uint64(1)


@dataclass(frozen=True, eq=False)
class HashedRuns:
    """Kept runs, sorted by hash: (rows,) 32-bit hash, piece and bar (from 0) where the run begins.

    size: symbols in a run; window: runs of which one is kept, so that size + window - 1 symbols in common are found.
    """

    size: int
    window: int
    hashes: NDArray[np.uint32]
    piece: NDArray[np.int32]
    bar: NDArray[np.int32]

    def find(self, symbols: IntArray) -> tuple[IntArray, IntArray]:
        """Return (first symbol of ours, row) for every run of ours that is kept here."""
        own = run_hashes(symbols, self.size)
        low = np.searchsorted(self.hashes, own, side="left")
        count = np.searchsorted(self.hashes, own, side="right") - low
        ours = np.repeat(np.arange(own.size), count)
        inside = np.arange(ours.size) - np.repeat(np.cumsum(count) - count, count)
        rows: IntArray = low[ours] + inside
        return ours, rows

    def has(self, hashes: NDArray[np.uint32]) -> BoolArray:
        """Return which hashes are kept here."""
        at = np.minimum(np.searchsorted(self.hashes, hashes), max(self.hashes.size - 1, 0))
        found: BoolArray = self.hashes[at] == hashes if self.hashes.size else np.zeros(hashes.size, bool)
        return found


def run_hashes(symbols: IntArray, size: int) -> NDArray[np.uint32]:
    """Return the 32-bit hash of every run of `size` symbols."""
    if symbols.size < size:
        return np.empty(0, np.uint32)
    windows = np.lib.stride_tricks.sliding_window_view(symbols.astype(np.uint64), size)
    return mixed(windows @ _ODD[:size])


def mixed(value: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Return the upper 32 bits of sums of products after one more round of mixing."""
    value = (value ^ (value >> np.uint64(29))) * _ODD[-1]
    return (value >> np.uint64(32)).astype(np.uint32)


def weights(size: int) -> NDArray[np.uint64]:
    """Return the odd factors of a run's symbols: a hash is `mixed(symbols @ weights(size))`."""
    return _ODD[:size]


@dataclass(frozen=True, eq=False)
class RunSource:
    """Symbols of one line of a piece, the bar of each, and which runs are plain and must not be kept."""

    piece: int
    symbols: IntArray
    bar: IntArray
    plain: BoolArray


def keep_runs(sources: list[RunSource], *, size: int, window: int) -> HashedRuns:
    """Return the lowest hash of every `window` runs that are not plain, of each line."""
    found: list[NDArray[np.int64]] = [np.empty((0, 3), np.int64)]
    for source in sources:
        hashes = run_hashes(source.symbols, size)
        if not hashes.size:
            continue
        order = np.where(source.plain, 1 << 40, hashes.astype(np.int64))
        wide = min(window, order.size)
        windows = np.lib.stride_tricks.sliding_window_view(order, wide)
        kept = np.unique(np.arange(len(windows)) + windows.argmin(axis=1))
        kept = kept[~source.plain[kept]]
        rows = np.stack([hashes[kept], np.full(kept.size, source.piece), source.bar[kept]], axis=1)
        found.append(rows.astype(np.int64))
    rows = np.unique(np.concatenate(found), axis=0)  # sorted by hash, piece, bar
    # A hash that a piece repeats is kept where it comes first.
    first = np.append(True, np.any(rows[1:, :2] != rows[:-1, :2], axis=1)) if len(rows) else np.empty(0, bool)
    rows = rows[first]
    return HashedRuns(
        size, window, rows[:, 0].astype(np.uint32), rows[:, 1].astype(np.int32), rows[:, 2].astype(np.int32)
    )
