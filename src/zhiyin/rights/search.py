"""Search: which runs a line shares with the indexed pieces, how long and how exactly, and which piece is nearest.

Conventions: positions are symbols of a line or of the index (symbol i stands between notes i and i + 1);
a run of n intervals has n + 1 notes. This module does not say what is too long.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.rights.index import END, GRAM, Index, gram_hashes, plain_grams
from zhiyin.rights.lines import Intervals, Line, Ratios
from zhiyin.units import BoolArray, FloatArray, IntArray

BAND = 64  # symbols a paraphrase may drift from its source by added and dropped notes, while votes still join


@dataclass(frozen=True, eq=False)
class Runs:
    """Shared runs as columns: first symbol of ours, first symbol of the index, length in intervals."""

    ours: IntArray
    theirs: IntArray
    length: IntArray

    def __len__(self) -> int:
        return int(self.ours.size)

    @property
    def longest(self) -> int:
        """Return the most notes of a run, 0 without runs."""
        return int(self.length.max()) + 1 if len(self) else 0


@dataclass(frozen=True, eq=False)
class Votes:
    """Pieces that a line resembles, best first: number in the index, score in nats, first and last symbol of ours."""

    piece: IntArray
    score: FloatArray


def hits_of(index: Index, intervals: Intervals) -> tuple[IntArray, IntArray]:
    """Return (our symbol, index symbol) of every kept gram that the line holds, checked for equality."""
    hashes = gram_hashes(intervals)
    if not hashes.size:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    telling = np.flatnonzero(~plain_grams(intervals))
    grams = np.lib.stride_tricks.sliding_window_view(intervals, GRAM)[telling]
    row, theirs = index.find(grams, hashes[telling])
    return telling[row], theirs


def shared_runs(index: Index, line: Line, *, with_rhythm: bool) -> Runs:
    """Return the longest shared run around every hit, each once.

    Every shared run of FOUND_NOTES notes is among them unless all its grams are plain. with_rhythm: length ratios
    inside the run must be equal too; else intervals alone decide.
    """
    intervals, ratios = line.intervals, line.ratios
    ours, theirs = hits_of(index, intervals)
    ahead = _extent(index, (intervals, ratios), ours, theirs, step=1, with_rhythm=with_rhythm)
    back = _extent(index, (intervals, ratios), ours, theirs, step=-1, with_rhythm=with_rhythm)
    rows = np.stack([ours - back, theirs - back, ahead + back])
    return Runs(*np.unique(rows, axis=1)) if ours.size else Runs(ours, theirs, ahead)


def _extent(
    index: Index,
    line: tuple[Intervals, Ratios],
    ours: IntArray,
    theirs: IntArray,
    *,
    step: int,
    with_rhythm: bool,
) -> IntArray:
    """Return how many symbols agree from each pair of places on (step 1: itself included) or before it (-1)."""
    intervals, ratios = line
    reach = np.zeros(ours.size, np.int64)
    alive = np.arange(ours.size)
    # The ratio at symbol i compares it with symbol i - 1: it joins the two and does not bind the first.
    offset = 0 if step == 1 else -1
    while alive.size:
        mine, other = ours[alive] + offset, theirs[alive] + offset
        inside = (mine >= 0) & (mine < intervals.size) & (other >= 0)
        alive, mine, other = alive[inside], mine[inside], other[inside]
        other_interval = index.intervals[other]
        agree = (intervals[mine] == other_interval) & (other_interval != END)
        if with_rhythm and offset != 0:
            link = 0 if step == 1 else 1
            agree &= ratios[mine + link] == index.ratios[other + link]
        alive = alive[agree]
        reach[alive] += 1
        offset += step
    return reach


def covered(runs: Runs, size: int, *, gram: int) -> BoolArray:
    """Return which of a line's `gram`-grams (by first symbol) lie whole inside a shared run; size: its intervals."""
    marks = np.zeros(max(size - gram + 1, 0) + 1, np.int64)
    long = runs.length >= gram
    np.add.at(marks, runs.ours[long], 1)
    np.add.at(marks, runs.ours[long] + runs.length[long] - gram + 1, -1)
    found: BoolArray = np.cumsum(marks)[:-1] > 0
    return found


def nearest(index: Index, intervals: Intervals, *, most: int = 10) -> Votes:
    """Return the pieces that a line resembles most, by rare grams in the same order, rhythm and ornaments aside.

    Each gram votes with the logarithm of how rare it is; votes of one piece count together within BAND symbols.
    """
    ours, theirs = hits_of(index, intervals)
    if not ours.size:
        return Votes(np.empty(0, np.int64), np.empty(0))
    rarity = _rarity(index, ours, theirs)
    piece = index.line_piece[index.line_of(theirs)].astype(np.int64)
    drift = theirs - ours
    best: dict[int, float] = {}
    for shift in (0, BAND // 2):
        band = (drift + shift) // BAND
        key = np.stack([piece, band, ours])
        order = np.lexsort(key[::-1])
        once = np.append(True, np.any(np.diff(key[:, order], axis=1) != 0, axis=0))  # one vote a gram of ours
        rows = order[once]
        starts = np.flatnonzero(np.append(True, np.any(np.diff(key[:2, rows], axis=1) != 0, axis=0)))
        totals = np.add.reduceat(rarity[rows], starts)
        for number, total in zip(piece[rows[starts]].tolist(), totals.tolist(), strict=True):
            best[number] = max(best.get(number, 0.0), total)
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:most]
    return Votes(np.array([p for p, _ in ranked], np.int64), np.array([s for _, s in ranked]))


def _rarity(index: Index, ours: IntArray, theirs: IntArray) -> FloatArray:
    """Return for every hit the nats that its gram is worth: pieces in the index over pieces that hold it."""
    piece = index.line_piece[index.line_of(theirs)].astype(np.int64)
    pair = np.unique(ours * len(index.pieces) + piece)
    holders = np.bincount(pair // len(index.pieces), minlength=int(ours.max()) + 1)
    nats: FloatArray = np.log(len(index.pieces) / holders[ours])
    return nats
