"""Alignment: how much of a tune lies, note for note, in a passage, whatever was added, dropped or ornamented.

Conventions: local alignment of pitches (Smith and Waterman, 1981) at one transposition; a note that agrees counts 1,
one that differs -1, one added or dropped -1/2. This module does not choose passages: see `zhiyin.rights.search`.
"""

from __future__ import annotations

import numpy as np

from zhiyin.units import FloatArray, IntArray

SILENT = 10_000  # a pitch that agrees with none
# In halves of a note, so that small whole numbers do: what agrees, what differs, what is added or dropped.
_AGREES, _DIFFERS, _GAP = np.int16(2), np.int16(-2), np.int16(1)


def align(tune: IntArray, passages: IntArray) -> FloatArray:
    """Return the best local alignment of a tune with each passage, in notes.

    tune: (notes,) pitches; passages: (passages, notes) pitches already moved to the tune's key, padded with SILENT.
    >>> align(np.array([60, 62, 64]), np.array([[55, 60, 62, 63, 62, 64], [60, 61, 63, 65, 66, 68]])).tolist()
    [2.0, 1.0]
    """
    count, width = passages.shape
    above = np.zeros((count, width + 1), np.int16)
    best = np.zeros(count, np.int16)
    slope = (_GAP * np.arange(width + 1)).astype(np.int16)
    for pitch in tune.tolist():
        row = above - _GAP
        agreed = np.where(passages == pitch, _AGREES, _DIFFERS)
        np.maximum(row[:, 1:], above[:, :-1] + agreed, out=row[:, 1:])
        np.maximum(row, np.int16(0), out=row)
        # A gap along the row: the best cell to the left, less a gap's cost a step.
        row += slope
        np.maximum.accumulate(row, axis=1, out=row)
        row -= slope
        np.maximum(best, row.max(axis=1), out=best)
        above = row
    return best / 2.0
