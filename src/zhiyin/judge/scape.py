"""The fitness scape plot: how well each stretch of a piece explains the rest of it by being repeated.

Conventions: frames of half a second at the piece's mean tempo, laid in ticks so that a ritardando does not blur a
repeat; paths run along the diagonal only, since written time does not drift. This module does not know sections.
Source: Müller, Jiang & Grohganz, SM Toolbox, AES 2014; parameters of Wu & Yang, The Jazz Transformer, ISMIR 2020.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.analysis.columns import Columns, pitch_class_profiles
from zhiyin.units import FloatArray, IntArray

FRAME_S = 0.5
MOST_FRAMES = 320  # longer pieces get longer frames
CHROMA_FRAMES = 4  # each chroma is the mean over two seconds
PATH_FRAMES = 16  # likeness is averaged over eight seconds along the diagonal, forwards and backwards
KEPT, PENALTY = 0.25, -2.0  # the share of cells that count as alike, and what the others cost


@dataclass(frozen=True, eq=False)
class Scape:
    """The best fitness of all stretches of each length; best[n - 1] is that of n frames, 0..1."""

    frame_s: float
    best: FloatArray

    @property
    def frames(self) -> int:
        """Return the number of frames."""
        return len(self.best)

    def between(self, low_s: float, high_s: float) -> float | None:
        """Return the best fitness of lengths from low_s to high_s seconds; None when no such length fits twice."""
        first = max(round(low_s / self.frame_s), 1)
        last = min(round(min(high_s, 1e6) / self.frame_s), self.frames)
        return float(self.best[first - 1 : last].max()) if 2 * first <= self.frames else None


def scape_of(notes: Columns, end: int, seconds: float) -> Scape:
    """Return the scape of pitched notes that end at a tick and last so many seconds."""
    frames = min(max(int(seconds / FRAME_S), 1), MOST_FRAMES)
    edges = np.linspace(0, max(end, 1), frames + 1).astype(np.int64)
    return Scape(seconds / frames, best_fitness(self_similarity(smooth_chroma(notes, edges))))


def smooth_chroma(notes: Columns, edges: IntArray) -> FloatArray:
    """Return (frames, 12) unit vectors of pitch classes, each over CHROMA_FRAMES frames; silence is even."""
    sums = np.vstack([np.zeros((1, 12)), pitch_class_profiles(notes, edges).cumsum(axis=0)])
    middle = np.arange(len(edges) - 1)
    low = np.maximum(middle - CHROMA_FRAMES // 2, 0)
    high = np.minimum(middle + CHROMA_FRAMES - CHROMA_FRAMES // 2, len(edges) - 1)
    chroma = sums[high] - sums[low]
    norm = np.linalg.norm(chroma, axis=1, keepdims=True)
    unit: FloatArray = np.where(norm > 1e-6, chroma / np.maximum(norm, 1e-6), 12**-0.5)
    return unit


def self_similarity(chroma: FloatArray) -> FloatArray:
    """Return (frames, frames): likeness 0..1 where paths may run, PENALTY elsewhere, 1 on the diagonal.

    The best of twelve transpositions counts, averaged along the diagonal; the best quarter of the cells is kept.
    """
    turned = np.stack([np.roll(chroma, shift, axis=1) for shift in range(12)])
    alike = np.einsum("ac,sbc->sab", chroma, turned)
    smooth = np.maximum(_along(alike), _along(alike[:, ::-1, ::-1])[:, ::-1, ::-1]).max(axis=0)
    flat = np.sort(smooth, axis=None)
    threshold = flat[round(flat.size * (1 - KEPT))] if flat.size > 1 else 0.0
    kept, low, high = smooth >= threshold, threshold, flat[-1]
    scaled = (smooth - low) / (high - low) if high > low else np.ones_like(smooth)
    result: FloatArray = np.where(kept, np.minimum(scaled, 1.0), PENALTY)
    np.fill_diagonal(result, 1.0)
    return result


def _along(alike: FloatArray) -> FloatArray:
    """Return the mean of PATH_FRAMES cells down the diagonal from each; cells beyond the end are 0."""
    size = alike.shape[1]
    sums = diagonal_sums(np.pad(alike, ((0, 0), (0, PATH_FRAMES), (0, PATH_FRAMES))))
    return (sums[:, PATH_FRAMES:, PATH_FRAMES:] - sums[:, :-PATH_FRAMES, :-PATH_FRAMES])[
        :, :size, :size
    ] / PATH_FRAMES


def diagonal_sums(table: FloatArray) -> FloatArray:
    """Return sums down each diagonal of (..., n, n): (..., n + 1, n + 1), zeros first.

    >>> diagonal_sums(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [[0.0, 0.0, 0.0], [0.0, 1.0, 2.0], [0.0, 3.0, 5.0]]
    """
    size = table.shape[-1]
    sums: FloatArray = np.zeros((*table.shape[:-2], size + 1, size + 1))
    for row in range(size):
        sums[..., row + 1, 1:] = sums[..., row, :-1] + table[..., row, :]
    return sums


def best_fitness(alike: FloatArray) -> FloatArray:
    """Return the best fitness of the stretches of each length, (frames,): index 0 is one frame.

    Fitness is the harmonic mean of normalised score and normalised coverage of the best family of repeats.
    """
    frames = len(alike)
    sums = diagonal_sums(alike)
    best = np.zeros(frames)
    for length in range(1, frames // 2 + 1):
        score, count = _best_family(sums[length:, length:] - sums[:-length, :-length], length)
        own = (score - length) / (count * length)
        covered = (count - 1) * length / frames
        best[length - 1] = float((2 * own * covered / np.maximum(own + covered, 1e-12)).max())
    return best


def _best_family(paths: FloatArray, length: int) -> tuple[FloatArray, FloatArray]:
    """Return (score, number of repeats) of the best repeats of each stretch that do not overlap in time.

    paths: (first row, stretch) likeness summed along each diagonal path.
    """
    rows, stretches = paths.shape
    score = np.zeros((rows + length, stretches))
    count = np.zeros((rows + length, stretches))
    for end in range(length, rows + length):
        taken = score[end - length] + paths[end - length]
        is_better = taken > score[end - 1]
        score[end] = np.where(is_better, taken, score[end - 1])
        count[end] = np.where(is_better, count[end - length] + 1, count[end - 1])
    return score[-1], np.maximum(count[-1], 1)
