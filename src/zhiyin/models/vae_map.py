"""A map of phrases: two axes on which styles lie apart, found on phrases of the train split.

Conventions: a phrase is the mean of its bars' latents beside their spread; axes and points stand in the net file.
This module draws nothing: see `zhiyin.fill.latent.atlas`.
"""

from __future__ import annotations

import numpy as np

from zhiyin.units import Float32Array, IntArray

AXES, MEAN, POINTS = "map.axes", "map.mean", "map.points"  # names in a net file
SHRINK = 0.3  # how much of the spread within styles is taken as even


def phrase_vector(latent: Float32Array) -> Float32Array:
    """Return (2 * latent,) of a phrase (bars, latent): its mean, and the deviation of its bars."""
    return np.concatenate((latent.mean(axis=0), latent.std(axis=0))).astype(np.float32)


def fit_axes(vectors: Float32Array, styles: IntArray, *, least: int) -> tuple[Float32Array, Float32Array]:
    """Return ((2, size) axes, (size,) mean) on which styles with so many phrases lie furthest apart for their spread.

    Fisher's discriminant with the spread within shrunk to even; with fewer than three styles the principal axes.
    """
    mean = vectors.mean(axis=0)
    x = vectors - mean
    kinds = [s for s in np.unique(styles) if np.sum(styles == s) >= least]
    if len(kinds) < 3:
        _, _, axes = np.linalg.svd(x, full_matrices=False)
        return axes[:2].astype(np.float32), mean.astype(np.float32)
    centres = np.stack([x[styles == s].mean(axis=0) for s in kinds])
    inner = np.concatenate([x[styles == s] - c for s, c in zip(kinds, centres, strict=True)])
    within = inner.T @ inner / len(inner)
    even = np.trace(within) / len(within) * np.eye(len(within))
    whitening = np.linalg.inv(np.linalg.cholesky((1 - SHRINK) * within + SHRINK * even))
    _, _, found = np.linalg.svd((centres - centres.mean(axis=0)) @ whitening.T, full_matrices=False)
    return (found[:2] @ whitening).astype(np.float32), mean.astype(np.float32)
