"""Scores of a classifier: confusion, accuracy, macro F1, top-k.

Conventions: tables are (true, guessed) counts. This module knows no music.
"""

from __future__ import annotations

import numpy as np

from zhiyin.units import BoolArray, FloatArray, IntArray


def confusion(label: IntArray, guess: IntArray, classes: int) -> IntArray:
    """Return (classes, classes) counts, a row a true class.

    >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist()
    [[1, 1], [0, 1]]
    """
    table: IntArray = np.bincount(label * classes + guess, minlength=classes * classes).reshape(
        classes, classes
    )
    return table


def recalls(table: IntArray) -> FloatArray:
    """Return the share of each true class that was guessed right, nan for a class without examples."""
    total = table.sum(axis=1)
    found: FloatArray = np.where(total > 0, np.diag(table) / np.maximum(total, 1), np.nan)
    return found


def macro_f1(table: IntArray) -> float:
    """Return the mean over classes with examples of the harmonic mean of precision and recall.

    >>> round(macro_f1(np.array([[1, 1], [0, 1]])), 4)
    0.6667
    """
    right = np.diag(table)
    both = table.sum(axis=0) + table.sum(axis=1)
    f1 = 2 * right / np.maximum(both, 1)
    return float(f1[table.sum(axis=1) > 0].mean())


def top_k(probabilities: FloatArray, label: IntArray, *, k: int) -> float:
    """Return how often the true class is among the k likeliest.

    >>> top_k(np.array([[0.5, 0.3, 0.2]]), np.array([1]), k=2)
    1.0
    """
    best = np.argsort(-probabilities, axis=1)[:, :k]
    return float(np.mean((best == label[:, None]).any(axis=1)))


def calibration_error(confidence: FloatArray, right: BoolArray, *, bins: int = 10) -> float:
    """Return the mean gap between confidence and accuracy over bins of confidence (Naeini et al., 2015).

    >>> calibration_error(np.array([0.9, 0.9]), np.array([True, False]))
    0.4
    """
    index = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    gaps = [abs(confidence[index == b].mean() - right[index == b].mean()) * np.mean(index == b)
            for b in np.unique(index)]  # fmt: skip
    return float(np.sum(gaps))
