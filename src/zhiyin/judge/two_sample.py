"""The two-sample test: how well a classifier tells generated windows from human ones.

Conventions: label True is generated; a higher score means 'more likely generated'; AUC 0.5 cannot be told apart,
1.0 always told apart. Groups never stand on both sides of a fold. This module trains nothing: scorers are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from zhiyin.errors import InvalidInput
from zhiyin.judge.excerpts import Excerpt
from zhiyin.units import BoolArray, FloatArray, IntArray


class Scorer(Protocol):
    """A classifier: fitted on rows x with labels, it scores the rows of test."""

    def __call__(
        self, x: NDArray[np.float32], label: BoolArray, test: NDArray[np.float32], *, seed: int
    ) -> FloatArray: ...


@dataclass(frozen=True, eq=False)
class Samples:
    """Windows of both kinds as features.

    x: (n, features); is_generated: (n,); style: (n,) the style asked for, on both sides; group: (n,) the human
    piece, shared by every window made to answer it; seed: (n,) the draw.
    """

    x: NDArray[np.float32]
    is_generated: BoolArray
    style: NDArray[np.str_]
    group: NDArray[np.str_]
    seed: IntArray

    def __post_init__(self) -> None:
        sizes = {len(a) for a in (self.x, self.is_generated, self.style, self.group, self.seed)}
        if len(sizes) != 1:
            raise InvalidInput(f"columns of samples must be equally long, got {sorted(sizes)}")

    def take(self, rows: BoolArray | IntArray) -> Samples:
        """Return the chosen rows."""
        return Samples(
            self.x[rows], self.is_generated[rows], self.style[rows], self.group[rows], self.seed[rows]
        )


def auc(scores: ArrayLike, is_generated: ArrayLike) -> float:
    """Return the probability that a generated window scores above a human one, ties counting half.

    Raises InvalidInput when one kind is missing. Source: Mann & Whitney (1947).
    >>> auc([0.1, 0.4, 0.35, 0.8], [False, False, True, True])
    0.75
    """
    label = np.asarray(is_generated, bool)
    ones, zeros = int(label.sum()), int((~label).sum())
    if not ones or not zeros:
        raise InvalidInput(f"both kinds must be there, got {ones} generated and {zeros} human windows")
    ranks = rankdata(np.asarray(scores, float))
    return float((ranks[label].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def group_folds(group: NDArray[np.str_], *, folds: int, seed: int) -> IntArray:
    """Return the fold of each row; rows of a group share it; folds hold about as many rows.

    Raises InvalidInput when there are fewer groups than folds.
    """
    names, inverse, counts = np.unique(group, return_inverse=True, return_counts=True)
    if names.size < folds:
        raise InvalidInput(f"groups must be at least the {folds} folds, got {names.size}: use more pieces")
    order = np.random.default_rng(seed).permutation(names.size)
    order = order[np.argsort(-counts[order], kind="stable")]
    fold_of, filled = np.empty(names.size, np.int64), np.zeros(folds)
    for name in order.tolist():
        fold_of[name] = int(filled.argmin())
        filled[fold_of[name]] += counts[name]
    found: IntArray = fold_of[inverse]
    return found


def cross_scores(samples: Samples, scorer: Scorer, *, folds: int = 5, seed: int = 0) -> FloatArray:
    """Return a score of every window by a classifier that has seen neither its piece nor any answer to it."""
    fold = group_folds(samples.group, folds=folds, seed=seed)
    scores = np.empty(fold.size)
    for number in range(folds):
        test = fold == number
        part = scorer(samples.x[~test], samples.is_generated[~test], samples.x[test], seed=seed + number)
        # Ranks within a fold: classifiers of different folds need not share a scale.
        scores[test] = (rankdata(part) - 0.5) / part.size
    return scores


def style_aucs(samples: Samples, scores: FloatArray) -> dict[str, float]:
    """Return the AUC within each style that has both kinds."""
    found = {}
    for style in np.unique(samples.style).tolist():
        rows = samples.style == style
        if 0 < samples.is_generated[rows].sum() < rows.sum():
            found[style] = auc(scores[rows], samples.is_generated[rows])
    return found


def mean_auc(samples: Samples, scores: FloatArray) -> float:
    """Return the mean over styles of the AUC within a style. Raises InvalidInput when no style has both kinds."""
    found = style_aucs(samples, scores)
    if not found:
        raise InvalidInput("a style must have human and generated windows, got none that has both")
    return float(np.mean(list(found.values())))


def bootstrap_interval(
    samples: Samples, scores: FloatArray, *, draws: int = 500, share: float = 0.95, seed: int = 0
) -> tuple[float, float]:
    """Return the interval of the mean AUC over styles when human pieces are drawn anew, with all their answers."""
    rng = np.random.default_rng(seed)
    by_style = []
    for style in np.unique(samples.style).tolist():
        rows = np.flatnonzero(samples.style == style)
        groups = np.unique(samples.group[rows], return_inverse=True)[1]
        by_style.append([rows[groups == g] for g in range(groups.max() + 1)])
    means = []
    for _ in range(draws):
        chosen = [_redrawn(groups, rng) for groups in by_style]
        rows = np.concatenate(chosen)
        means.append(mean_auc(samples.take(rows), scores[rows]))
    low, high = np.quantile(means, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)


def _redrawn(groups: Sequence[IntArray], rng: np.random.Generator) -> IntArray:
    return np.concatenate([groups[i] for i in rng.integers(0, len(groups), len(groups)).tolist()])


def shuffled_bars(excerpt: Excerpt, rng: np.random.Generator) -> Excerpt:
    """Return a corrupted window: every note moved to another bar at random, its place in the bar and length kept.

    A sanity control: a test that cannot tell this from music cannot tell anything.
    """
    bar = rng.integers(0, excerpt.bars, len(excerpt))
    onset = excerpt.onset % excerpt.bar_steps + bar * excerpt.bar_steps
    duration = np.minimum(excerpt.duration, excerpt.length - onset)
    return Excerpt(
        onset, duration, excerpt.pitch, excerpt.part, excerpt.is_drums, excerpt.metre, excerpt.bar_steps, excerpt.bars
    )  # fmt: skip
