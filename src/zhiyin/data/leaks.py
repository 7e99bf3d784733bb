"""Leaks: pieces whose top line is the soprano of a chorale that the JSB test set measures with.

Conventions: a line is its intervals without repeated notes; a leak shares a third of a chorale's runs of 8 intervals.
Runs of fewer than 4 different intervals are scales and trills, and prove nothing.
This module holds only hashes of the test sopranos, no notes.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np

from zhiyin.analysis.columns import top_line
from zhiyin.score import Score
from zhiyin.units import IntArray

RUN = 8
DISTINCT = 4
SHARE = 1 / 3
MIN_HITS = 5


def line_hashes(pitch: IntArray) -> IntArray:
    """Return one number for each run of 8 intervals of a line, repeated notes left out.

    >>> line_hashes(np.array([60, 60, 62])).tolist()
    []
    """
    intervals = np.diff(pitch)
    intervals = np.clip(intervals[intervals != 0], -15, 15) + 16
    if intervals.size < RUN:
        return np.empty(0, np.int64)
    runs = np.lib.stride_tricks.sliding_window_view(intervals, RUN)
    ordered = np.sort(runs, axis=1)
    telling = 1 + np.count_nonzero(np.diff(ordered, axis=1), axis=1) >= DISTINCT
    codes: IntArray = runs[telling] @ (32 ** np.arange(RUN, dtype=np.int64))
    return codes


@cache
def _test_sopranos() -> tuple[IntArray, IntArray, IntArray]:
    """Return (hashes sorted, their chorale, number of hashes of each chorale)."""
    text = (resources.files("zhiyin.data") / "jsb_test_hashes.txt").read_text(encoding="ascii")
    rows = [np.array(line.split(), np.int64) for line in text.splitlines()]
    chorale = np.repeat(np.arange(len(rows)), [row.size for row in rows])
    code = np.concatenate(rows)
    order = np.argsort(code, kind="stable")
    return code[order], chorale[order], np.array([row.size for row in rows])


def is_leaked(score: Score) -> bool:
    """Return whether any part's top line shares a third of its runs with one test soprano."""
    codes, chorale, sizes = _test_sopranos()
    for part in score.parts:
        notes = part.notes
        own = np.unique(line_hashes(notes.pitch[top_line(notes.onset, notes.pitch)]))
        hits = np.bincount(chorale[np.isin(codes, own)], minlength=sizes.size)
        if not part.is_drums and np.any(hits >= np.maximum(SHARE * sizes, MIN_HITS)):
            return True
    return False
