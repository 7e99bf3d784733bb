"""One look at an excerpt that all features share: who sounds when, the outer lines, the tonic.

Conventions: rows index the excerpt's notes in onset order; rolls are boolean, one frame a sixteenth.
This module does not decide what to measure: see `zhiyin.judge.features`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.judge.excerpts import FRAME_STEPS, Excerpt
from zhiyin.units import BoolArray, FloatArray, IntArray

# Key profiles after Krumhansl & Kessler (1982).
MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
# (2, 12 tonics, 12 classes), each row centred and of length 1, so that a product is a correlation.
KEY_TABLE = np.stack(
    [[np.roll(p - p.mean(), t) / np.linalg.norm(p - p.mean()) for t in range(12)] for p in (MAJOR, MINOR)]
)


@dataclass(frozen=True, eq=False)
class View:
    """An excerpt's notes sorted by (onset, pitch), with what features ask for again and again.

    pitched: rows that are not drums; top, bottom: rows of the highest and lowest note of each attack; part_tops: the
    top line of each part; roll: (128, frames) what sounds; chroma: (12, frames) how often each class sounds;
    tonic: 0..11; key_fit: correlation with the best major and minor profile and their difference.
    """

    excerpt: Excerpt
    onset: IntArray
    duration: IntArray
    pitch: IntArray
    part: IntArray
    pitched: IntArray
    drums: IntArray
    top: IntArray
    bottom: IntArray
    part_tops: tuple[IntArray, ...]
    roll: BoolArray
    chroma: IntArray
    tonic: int
    key_fit: FloatArray

    @property
    def bar_steps(self) -> int:
        """Return the length of a bar in steps."""
        return self.excerpt.bar_steps

    @property
    def bars(self) -> int:
        """Return the number of bars."""
        return self.excerpt.bars

    @classmethod
    def of(cls, excerpt: Excerpt) -> View:
        """Return the view of an excerpt."""
        order = np.lexsort((excerpt.pitch, excerpt.onset))
        onset, duration, pitch, part, is_drums = (
            getattr(excerpt, name)[order] for name in ("onset", "duration", "pitch", "part", "is_drums")
        )
        pitched, drums = np.flatnonzero(~is_drums), np.flatnonzero(is_drums)
        roll = sounding_roll(onset[pitched], duration[pitched], pitch[pitched], length=excerpt.length)
        chroma = np.stack([roll[c::12].sum(axis=0) for c in range(12)])
        weights = np.bincount(pitch[pitched] % 12, weights=duration[pitched], minlength=12).astype(float)
        tonic, fit = find_tonic(weights)
        tops = tuple(_edge(onset, pitched[part[pitched] == p], last=True) for p in np.unique(part[pitched]))
        return cls(
            excerpt, onset, duration, pitch, part, pitched, drums, _edge(onset, pitched, last=True),
            _edge(onset, pitched, last=False), tops, roll, chroma, tonic, fit,
        )  # fmt: skip


def _edge(onset: IntArray, rows: IntArray, *, last: bool) -> IntArray:
    """Return the last (highest) or first (lowest) row of each attack."""
    if not rows.size:
        return rows
    new = np.diff(onset[rows]) != 0
    edge: IntArray = rows[np.append(new, True) if last else np.append(True, new)]
    return edge


def sounding_roll(onset: IntArray, duration: IntArray, pitch: IntArray, *, length: int) -> BoolArray:
    """Return (128, frames) which pitches sound in each sixteenth; a note sounds at least where it begins."""
    frames = length // FRAME_STEPS
    change = np.zeros((128, frames + 1), np.int64)
    first = np.minimum(onset // FRAME_STEPS, frames - 1)
    end = np.clip(-(-(onset + duration) // FRAME_STEPS), first + 1, frames)
    np.add.at(change, (pitch, first), 1)
    np.add.at(change, (pitch, end), -1)
    roll: BoolArray = np.cumsum(change, axis=1)[:, :frames] > 0
    return roll


def find_tonic(weights: FloatArray) -> tuple[int, FloatArray]:
    """Return the tonic that fits pitch-class weights best, and (best major, best minor, their difference).

    Ties go to the lowest class, so a transposed window may differ only where two keys fit alike.
    """
    if weights.sum() <= 0 or np.ptp(weights) == 0:
        return 0, np.zeros(3)
    centred = weights - weights.mean()
    fits = KEY_TABLE @ (centred / np.linalg.norm(centred))  # (2, 12)
    best = fits.max(axis=1)
    tonic = int(fits[int(best.argmax())].argmax())
    return tonic, np.array([best[0], best[1], best[0] - best[1]])


def shares(codes: ArrayLike, size: int, *, weights: ArrayLike | None = None) -> FloatArray:
    """Return (size,) the share of each code 0..size-1; zeros when there is none.

    >>> shares([0, 0, 2, 1], 3).tolist()
    [0.5, 0.25, 0.25]
    """
    index = np.asarray(codes, np.int64)
    counts = np.bincount(
        index, weights=None if weights is None else np.asarray(weights, float), minlength=size
    )
    total = counts.sum()
    return counts / total if total > 0 else np.zeros(size)
