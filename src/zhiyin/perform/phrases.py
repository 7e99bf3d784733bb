"""Phrases: the arcs that a performance breathes in.

Conventions: a phrase is a section cut into stretches of four bars; positions run from 0 to 1.
This module does not change notes.
"""

from __future__ import annotations

import numpy as np

from zhiyin.score import Score, Timeline
from zhiyin.units import FloatArray, IntArray

BARS_PER_PHRASE = 4


def phrase_starts(score: Score, line: Timeline) -> IntArray:
    """Return the first tick of each phrase and the end of the last."""
    end = max(score.end, 1)
    bars = line.bar_starts(line.bar_count(end))
    edges = sorted({0, *(s.tick for s in score.sections if s.tick < end)})
    starts: set[int] = set()
    for begin, finish in zip(edges, [*edges[1:], end], strict=True):
        inside = bars[(bars >= begin) & (bars < finish)]
        starts.update([begin, *inside[::BARS_PER_PHRASE].tolist()])
    return np.array([*sorted(starts), end], np.int64)


def phrase_position(ticks: IntArray, starts: IntArray) -> FloatArray:
    """Return where in its phrase each tick lies, 0 (first) .. 1 (end).

    >>> phrase_position(np.array([0, 5, 10, 30]), np.array([0, 10, 40])).tolist()
    [0.0, 0.5, 0.0, 0.6666666666666666]
    """
    index = np.clip(np.searchsorted(starts, ticks, side="right") - 1, 0, len(starts) - 2)
    low, high = starts[index], starts[index + 1]
    result: FloatArray = np.clip((ticks - low) / np.maximum(high - low, 1), 0.0, 1.0)
    return result


def arc(position: FloatArray) -> FloatArray:
    """Return the arc of a phrase, -0.5 at its edges to 0.5 at its top, which lies past the middle.

    >>> arc(np.array([0.0, 0.62])).round(2).tolist()
    [-0.5, 0.5]
    """
    bent = position ** (np.log(0.5) / np.log(0.62))
    result: FloatArray = np.sin(np.pi * bent) - 0.5
    return result
