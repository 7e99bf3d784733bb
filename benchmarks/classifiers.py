"""Classifiers that try to tell generated windows from human ones; all from scikit-learn (extra `bench`).

Conventions: each is a Scorer of `zhiyin.judge.two_sample`: fitted on rows with labels, it scores other rows.
Does not know: music, or which rows belong together.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.judge.two_sample import Scorer

Rows = NDArray[np.float32]
Labels = NDArray[np.bool_]
Scores = NDArray[np.float64]


def logistic(x: Rows, label: Labels, test: Rows, *, seed: int) -> Scores:
    """Score by a ridge-penalised logistic regression on standardised features."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # stopping at 300 steps is meant
        return _scored(
            make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=300)), x, label, test
        )


def forest(x: Rows, label: Labels, test: Rows, *, seed: int) -> Scores:
    """Score by 200 extremely random trees."""
    from sklearn.ensemble import ExtraTreesClassifier

    model = ExtraTreesClassifier(200, min_samples_leaf=2, max_features=0.08, random_state=seed)
    return _scored(model, x, label, test)


def small_forest(x: Rows, label: Labels, test: Rows, *, seed: int) -> Scores:
    """Score by 60 extremely random trees: a quick look at what a few features tell."""
    from sklearn.ensemble import ExtraTreesClassifier

    return _scored(ExtraTreesClassifier(60, min_samples_leaf=3, random_state=seed), x, label, test)


def boosting(x: Rows, label: Labels, test: Rows, *, seed: int) -> Scores:
    """Score by 150 boosted trees of 12 leaves, each split seeing a quarter of the features."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.08, max_leaf_nodes=12, min_samples_leaf=8, l2_regularization=1.0,
        max_features=0.25, max_bins=63, early_stopping=False, random_state=seed,
    )  # fmt: skip
    return _scored(model, x, label, test)


def perceptron(x: Rows, label: Labels, test: Rows, *, seed: int) -> Scores:
    """Score by three small perceptrons on standardised, clipped features: the neural one of the set."""
    from sklearn.neural_network import MLPClassifier

    centre, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-3)
    a, b = (np.clip((rows - centre) / scale, -4, 4) for rows in (x, test))
    total = np.zeros(len(test))
    for number in range(3):
        model = MLPClassifier(
            (64,), alpha=3.0, max_iter=25, learning_rate_init=2e-3, random_state=seed * 3 + number
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # stopping at 25 rounds is meant
            total += _scored(model, a, label, b)
    return total / 3


def _scored(model: Any, x: Rows, label: Labels, test: Rows) -> Scores:
    return np.asarray(model.fit(x, label).predict_proba(test)[:, 1], float)


CLASSIFIERS: dict[str, Scorer] = {
    "logistic": logistic, "forest": forest, "boosting": boosting, "perceptron": perceptron,
}  # fmt: skip
