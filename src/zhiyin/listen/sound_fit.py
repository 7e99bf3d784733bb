"""Fitting small perceptrons in numpy: the recipe of the sound classifier, usable on any table of features.

Conventions: rows are in standard deviations; classes weigh the same; several members differ only in their seeds.
This module does not know sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zhiyin.listen.sound_net import CLIP, member_logits, softmax
from zhiyin.units import Float32Array, FloatArray, IntArray

ADAM = (0.9, 0.999, 1e-8)
MOST_SHRINKAGE = 0.2  # of the covariance inside classes towards its diagonal: few pieces, many features


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to fit. noise: added to features, in standard deviations; smoothing: share of the label given to others."""

    hidden: int = 48
    members: int = 5
    epochs: int = 40
    batch: int = 64
    rate: float = 2e-3
    decay: float = 1e-2
    dropout: float = 0.3
    noise: float = 0.3
    smoothing: float = 0.05


def standards(rows: Float32Array) -> tuple[Float32Array, Float32Array]:
    """Return (mean, spread) of every feature; what never varies keeps a spread of 0.001."""
    return rows.mean(axis=0).astype(np.float32), np.maximum(rows.std(axis=0), 1e-3).astype(np.float32)


def standardised(rows: Float32Array, centre: Float32Array, scale: Float32Array) -> FloatArray:
    """Return features in standard deviations, clipped."""
    found: FloatArray = np.clip((rows.astype(np.float64) - centre) / scale, -CLIP, CLIP)
    return found


def fit(
    x: FloatArray, label: IntArray, classes: int, *, recipe: Recipe, seed: int
) -> dict[str, Float32Array]:
    """Return the weights of all members, `hidden.w` (members, features, hidden) and so on."""
    members = [_fit_one(x, label, classes, recipe=recipe, seed=[seed, one]) for one in range(recipe.members)]
    return {name: np.stack([one[name] for one in members]).astype(np.float32) for name in members[0]}


def _fit_one(
    x: FloatArray, label: IntArray, classes: int, *, recipe: Recipe, seed: list[int]
) -> dict[str, FloatArray]:
    rng = np.random.default_rng(seed)
    weights = _first_weights(x.shape[1], classes, recipe, rng)
    moments = {name: (np.zeros_like(w), np.zeros_like(w)) for name, w in weights.items()}
    share = len(label) / (classes * np.maximum(np.bincount(label, minlength=classes), 1))
    target = np.eye(classes) * (1.0 - recipe.smoothing) + recipe.smoothing / classes
    steps = recipe.epochs * -(-len(label) // recipe.batch)
    for step, rows in enumerate(_batches(len(label), recipe, rng), start=1):
        gradient = _gradient(
            weights, x[rows] + recipe.noise * rng.standard_normal((rows.size, x.shape[1])), target[label[rows]],
            share[label[rows]], keep=_kept(rows.size, recipe, rng),
        )  # fmt: skip
        rate = recipe.rate * 0.5 * (1.0 + np.cos(np.pi * step / steps))
        _adam(weights, gradient, moments, rate=rate, decay=recipe.decay, step=step)
    return weights


def _first_weights(
    features: int, classes: int, recipe: Recipe, rng: np.random.Generator
) -> dict[str, FloatArray]:
    hidden = recipe.hidden
    return {
        "hidden.w": rng.standard_normal((features, hidden)) * np.sqrt(2.0 / features), "hidden.b": np.zeros(hidden),
        "style.w": rng.standard_normal((hidden, classes)) * np.sqrt(1.0 / hidden), "style.b": np.zeros(classes),
    }  # fmt: skip


def _batches(count: int, recipe: Recipe, rng: np.random.Generator) -> Iterator[IntArray]:
    for _ in range(recipe.epochs):
        order = rng.permutation(count)
        yield from (order[at : at + recipe.batch] for at in range(0, count, recipe.batch))


def _kept(rows: int, recipe: Recipe, rng: np.random.Generator) -> FloatArray:
    """Return the dropout mask, scaled so that the sum stays the same on average."""
    found: FloatArray = (rng.random((rows, recipe.hidden)) >= recipe.dropout) / (1.0 - recipe.dropout)
    return found


def _gradient(
    weights: dict[str, FloatArray], x: FloatArray, target: FloatArray, share: FloatArray, *, keep: FloatArray
) -> dict[str, FloatArray]:
    before = x @ weights["hidden.w"] + weights["hidden.b"]
    hidden = np.maximum(before, 0.0) * keep
    gap = softmax(hidden @ weights["style.w"] + weights["style.b"]) - target
    gap *= (share / share.sum())[:, None]
    back = (gap @ weights["style.w"].T) * keep * (before > 0.0)
    return {
        "hidden.w": x.T @ back, "hidden.b": back.sum(axis=0), "style.w": hidden.T @ gap, "style.b": gap.sum(axis=0),
    }  # fmt: skip


def _adam(
    weights: dict[str, FloatArray],
    gradient: dict[str, FloatArray],
    moments: dict[str, tuple[FloatArray, FloatArray]],
    *,
    rate: float,
    decay: float,
    step: int,
) -> None:
    """Move the weights one step (Kingma & Ba, 2015; decay apart from the gradient, Loshchilov & Hutter, 2019)."""
    slow, slower, small = ADAM
    for name, g in gradient.items():
        first, second = moments[name]
        first += (1.0 - slow) * (g - first)
        second += (1.0 - slower) * (g * g - second)
        move = (first / (1.0 - slow**step)) / (np.sqrt(second / (1.0 - slower**step)) + small)
        weights[name] -= rate * (move + (decay * weights[name] if name.endswith(".w") else 0.0))


def pooled_logits(weights: dict[str, Float32Array], x: FloatArray, group: IntArray) -> FloatArray:
    """Return (groups, classes) mean logits of the windows of each group 0.., such as one sound."""
    rows = member_logits(weights, x).mean(axis=0)
    sums = np.zeros((int(group.max()) + 1, rows.shape[1]))
    np.add.at(sums, group, rows)
    found: FloatArray = sums / np.bincount(group)[:, None]
    return found


def whitening(x: FloatArray, label: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return (whiten, means): a map after which spreads inside the classes are 1, and the class means after it."""
    means = np.stack([x[label == one].mean(axis=0) for one in range(int(label.max()) + 1)])
    inside = np.cov((x - means[label]).T)
    shrunk = (
        (1.0 - MOST_SHRINKAGE) * inside
        + MOST_SHRINKAGE * np.diag(np.diag(inside))
        + 1e-4 * np.eye(x.shape[1])
    )
    values, vectors = np.linalg.eigh(shrunk)
    whiten: FloatArray = (vectors / np.sqrt(values)) @ vectors.T
    return whiten, means @ whiten


def main_axes(means: FloatArray) -> FloatArray:
    """Return (features, classes - 1) the directions in which whitened class means differ most."""
    _, _, rows = np.linalg.svd(means - means.mean(axis=0), full_matrices=False)
    found: FloatArray = rows[: len(means) - 1].T
    return found
