"""Search: which runs a line shares with the indexed pieces, how long and how exactly, and which piece is nearest.

Conventions: positions are symbols of a line or of the index (symbol i stands between notes i and i + 1);
a run of n intervals has n + 1 notes. This module does not say what is too long.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.rights.align import SILENT, align
from zhiyin.rights.index import END, GRAM, Index, gram_hashes, plain_grams, row_hashes
from zhiyin.rights.lines import WIDEST, Intervals, Line, Ratios, is_plain
from zhiyin.units import BoolArray, FloatArray, IntArray

ALIGNED = 120  # passages aligned note for note
CHANGED_TRUST = 0.5  # what a vote counts that needed notes left out
SLACK = 12  # notes of a passage seen before and after the place of the tune
BAND = 32  # symbols a paraphrase may drift from its source by added and dropped notes, while votes still join


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
    """Pieces that a line resembles, best first.

    piece: numbers in the index; score: notes that agree less what differs; place: a symbol amid the passage.
    """

    piece: IntArray
    score: FloatArray
    place: IntArray


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


def nearest(index: Index, line: Line, *, most: int = 10, aligned: int = ALIGNED) -> Votes:
    """Return the pieces that a line resembles most, through transposition, rhythm, ornaments and dropped notes.

    Rare grams of the line, and of the line with one note or two left out, vote for passages of the index; the
    `aligned` passages with most votes are aligned note for note; score: notes that agree less what differs.
    """
    ours, theirs, trust = _votes(index, line.intervals)
    if not ours.size:
        return Votes(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64))
    passages, votes = _passages(index, ours, theirs, trust)
    chosen = passages[np.argsort(-votes, kind="stable")[:aligned]]
    tune = np.concatenate(([0], np.cumsum(line.intervals, dtype=np.int64)))
    score = align(tune, _pitches(index, tune, ours[chosen], theirs[chosen]))
    piece = index.line_piece[index.line_of(theirs[chosen])].astype(np.int64)
    order = np.lexsort((piece, -score))
    _, first = np.unique(piece[order], return_index=True)
    kept = order[np.sort(first)][:most]
    return Votes(piece[kept], score[kept], theirs[chosen][kept])


def _votes(index: Index, intervals: Intervals) -> tuple[IntArray, IntArray, FloatArray]:
    """Return (our symbol, index symbol, trust) of the line's grams, as they are and with one or two notes left out."""
    wide = GRAM + 2
    if intervals.size < GRAM:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    padded = np.concatenate((intervals.astype(np.int64), np.full(wide, 10 * END)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, wide)[: intervals.size - GRAM + 1]
    grams = [windows[:, :GRAM]]
    for skipped in (1, 2):
        for place in range(GRAM):
            joined = windows[:, place : place + skipped + 1].sum(axis=1, keepdims=True)
            rest = windows[:, place + skipped + 1 : GRAM + skipped]
            grams.append(np.concatenate((windows[:, :place], joined, rest), axis=1))
    table = np.concatenate(grams)
    start = np.tile(np.arange(len(windows)), len(grams))
    is_good = np.all(np.abs(table) <= WIDEST, axis=1) & ~is_plain(table)
    rows = np.flatnonzero(is_good)
    table = table[rows].astype(np.int8)
    row, theirs = index.find(table, row_hashes(table))
    trust = np.where(rows[row] < len(windows), 1.0, CHANGED_TRUST)
    return start[rows[row]], theirs, trust


def _passages(
    index: Index, ours: IntArray, theirs: IntArray, trust: FloatArray
) -> tuple[IntArray, FloatArray]:
    """Return (one hit a passage, its votes): hits of one line whose drift lies in one band, a vote a gram of ours.

    A gram's vote is worth the logarithm of how rare it is.
    """
    line = index.line_of(theirs)
    rarity = _rarity(index, ours, line) * trust
    hits: list[IntArray] = []
    votes: list[FloatArray] = []
    for shift in (0, BAND // 2):
        code = line << 32 | (theirs - ours + shift) // BAND + (1 << 20)
        order = np.lexsort((-trust, ours, code))
        is_new = np.append(True, (np.diff(code[order]) != 0) | (np.diff(ours[order]) != 0))
        rows = order[is_new]
        starts = np.flatnonzero(np.append(True, np.diff(code[rows]) != 0))
        sizes = np.diff(np.append(starts, rows.size))
        hits.append(rows[starts + sizes // 2])
        votes.append(np.add.reduceat(rarity[rows], starts))
    return np.concatenate(hits), np.concatenate(votes)


def _rarity(index: Index, ours: IntArray, line: IntArray) -> FloatArray:
    """Return for every hit the nats that its gram is worth: pieces in the index over pieces that hold it."""
    piece = index.line_piece[line].astype(np.int64)
    pair = np.unique(ours * len(index.pieces) + piece)
    holders = np.bincount(pair // len(index.pieces), minlength=int(ours.max()) + 1)
    nats: FloatArray = np.log(len(index.pieces) / holders[ours])
    return nats


def _pitches(index: Index, tune: IntArray, ours: IntArray, theirs: IntArray) -> IntArray:
    """Return (hits, notes) pitches of the passages around hits, in the tune's key, SILENT beyond their lines."""
    slack = SLACK + tune.size // 4
    # Note n of the passage stands where note n - slack of the tune would, were nothing added or dropped.
    place = theirs[:, None] + np.arange(-slack, tune.size + slack)[None, :] - ours[:, None]  # (hits, notes)
    line = index.line_of(theirs)
    low, high = index.line_start[line][:, None], index.line_start[line + 1][:, None] - 1
    inside = (place >= low) & (place <= high)
    steps = np.where(inside & (place < high), index.intervals[np.clip(place, 0, index.intervals.size - 1)], 0)
    rise = np.cumsum(steps, axis=1, dtype=np.int64) - steps
    at = (slack + ours)[:, None]
    pitch = rise - np.take_along_axis(rise, at, axis=1) + tune[ours][:, None]
    found: IntArray = np.where(inside, pitch, SILENT)
    return found
