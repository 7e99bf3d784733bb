"""The Frechet distance between two sets of embedded windows, and how it leans with their number.

Conventions: sets are (n, width) embeddings; the distance is squared, as in FID. Covariances are shrunk, so that
few windows give a matrix that can be relied on. This module does not embed: see `zhiyin.judge.style_net`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.errors import InvalidInput
from zhiyin.units import FloatArray


def gaussian_distance(
    mean_a: ArrayLike, covariance_a: ArrayLike, *, mean_b: ArrayLike, covariance_b: ArrayLike
) -> float:
    """Return |a - b|^2 + tr(A + B - 2 (A^1/2 B A^1/2)^1/2), the squared Frechet distance of two Gaussians.

    Source: Dowson & Landau (1982); Heusel et al. (2017).
    """
    a, b = np.asarray(covariance_a, float), np.asarray(covariance_b, float)
    gap = np.asarray(mean_a, float) - np.asarray(mean_b, float)
    root = _root(a)
    # The root of a product of two positive matrices by symmetric ones only: its trace is the same and stays real.
    cross = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ b @ root), 0.0)).sum()
    return float(max(gap @ gap + np.trace(a) + np.trace(b) - 2.0 * cross, 0.0))


def _root(matrix: FloatArray) -> FloatArray:
    values, vectors = np.linalg.eigh(matrix)
    root: FloatArray = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return root


def shrunk_covariance(rows: ArrayLike) -> FloatArray:
    """Return the covariance drawn towards a multiple of the identity as far as the sample asks.

    rows: (n, width). Source: Ledoit & Wolf (2004), the estimator of their lemma 3.2 and 3.3.
    """
    x = np.asarray(rows, float)
    n, width = x.shape
    x = x - x.mean(axis=0)
    sample = x.T @ x / n
    mean = np.trace(sample) / width
    spread = float(((sample - mean * np.eye(width)) ** 2).sum()) / width
    squares = (x**2).T @ (x**2) / n - sample**2
    noise = min(float(squares.sum()) / width / n, spread)
    weight = noise / spread if spread > 0 else 0.0
    shrunk: FloatArray = weight * mean * np.eye(width) + (1 - weight) * sample
    return shrunk


def frechet_distance(a: ArrayLike, b: ArrayLike) -> float:
    """Return the squared Frechet distance of two sets, (n, width) and (m, width), with shrunk covariances.

    Raises InvalidInput with fewer than 2 rows or unlike widths.
    """
    rows = [np.asarray(one, float) for one in (a, b)]
    if any(r.ndim != 2 or len(r) < 2 for r in rows) or rows[0].shape[1] != rows[1].shape[1]:
        raise InvalidInput(
            f"sets must be (2 or more, width) of one width, got {rows[0].shape} and {rows[1].shape}"
        )
    (mean_a, cov_a), (mean_b, cov_b) = ((r.mean(axis=0), shrunk_covariance(r)) for r in rows)
    return gaussian_distance(mean_a, cov_a, mean_b=mean_b, covariance_b=cov_b)


def extrapolated_distance(
    human: ArrayLike, generated: ArrayLike, *, sizes: Sequence[int], draws: int = 8, seed: int = 0
) -> float:
    """Return the distance that endless windows would show: a line through 1/n, read at 0.

    Each size draws so many windows of both sets without replacement. Source: Chong & Forsyth (2020).
    Raises InvalidInput unless two different sizes of 2 or more fit the smaller set.
    """
    a, b = np.asarray(human, float), np.asarray(generated, float)
    fitting = sorted({s for s in sizes if 2 <= s <= min(len(a), len(b))})
    if len(fitting) < 2:
        raise InvalidInput(
            f"two sizes of 2..{min(len(a), len(b))} must be given, got {list(sizes)}: give smaller ones"
        )
    rng = np.random.default_rng(seed)
    points = [
        (1.0 / size, frechet_distance(a[rng.permutation(len(a))[:size]], b[rng.permutation(len(b))[:size]]))
        for size in fitting
        for _ in range(draws)
    ]
    x, y = np.array(points).T
    return float(np.polyfit(x, y, 1)[1])
