"""Mood of game music: valence and arousal of phrases that people rated, by our cues and by classifiers trained here.

Conventions: folds keep a series of games together; hyper-parameters and the kind of classifier are chosen inside each
training part, by grouped folds again; probabilities are means over seeds. The set has no licence: it measures only,
and what is trained here is thrown away. Needs ZHIYIN_DATA with the sets `vgmidi` and `splits`, and scikit-learn.
Does not know: who plays, titles, file names.
"""

from __future__ import annotations

import csv
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.emotion_features import phrase_features, window_features
from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.data.fetch import data_home
from zhiyin.io import load
from zhiyin.judge.style_scores import calibration_error
from zhiyin.listen.mood import MOOD

AXES = ("valence", "arousal")
GOALS = {"valence": ">= 0.82", "arousal": ">= 0.88"}
ANCHORS = {"valence": "forest 0.705", "arousal": "forest 0.805"}
INNER = 4  # folds inside a training part

Rows = NDArray[np.float64]
Truth = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Phrases:
    """Rated phrases. hand, all_features: (n, features); mood: (n, 2) ours; truth: {axis: above the middle}; group and
    fold: (n,) series of games, and the split's fold."""

    hand: Rows
    all_features: Rows
    mood: Rows
    truth: dict[str, Truth]
    group: NDArray[Any]
    fold: NDArray[Any]


def run(ctx: Context) -> list[Result]:
    """Return accuracy and calibration on both axes, of the shipped cues and of what is trained within the folds."""
    phrases = read_phrases(data_home())
    found = ours(ctx, phrases)
    signs = {}
    for axis in AXES:
        shares = {seed: trained(phrases, axis, seed=seed) for seed in ctx.seeds}
        signs[axis] = {seed: share > 0.5 for seed, share in shares.items()}
        found += trained_rows(ctx, axis, phrases.truth[axis], shares=shares)
    both = [
        float(np.mean(np.all([signs[a][seed] == phrases.truth[a] for a in AXES], axis=0)))
        for seed in ctx.seeds
    ]
    found.append(
        ctx.result_of("trained: quadrant accuracy", both, "share", anchor="forest 0.565", seeds=ctx.seeds)
    )
    return found


def ours(ctx: Context, phrases: Phrases) -> list[Result]:
    """Return the rows of the shipped cue model, which has seen none of this."""
    rows = []
    for column, axis in enumerate(AXES):
        values, truth = phrases.mood[:, column], phrases.truth[axis]
        n = truth.size
        rows.append(
            ctx.result(f"shipped cues, {axis}: accuracy", np.mean((values > 0) == truth), "share", n=n)
        )
        rows.append(
            ctx.result(f"shipped cues, {axis}: AUC", area(values, truth), "share", n=n, anchor="chance 0.5")
        )
        likely = np.array(
            [0.5 * (1 + np.tanh(v * 1.8)) for v in values]
        )  # as quadrant_shares: normal, SPREAD
        rows.append(
            ctx.result(f"shipped cues, {axis}: calibration error", calibration(likely, truth), "share", n=n)
        )
    right = np.all([(phrases.mood[:, c] > 0) == phrases.truth[a] for c, a in enumerate(AXES)], axis=0)
    rows.append(ctx.result("shipped cues: quadrant accuracy", float(right.mean()), "share", n=right.size))
    return rows


def trained_rows(ctx: Context, axis: str, truth: Truth, *, shares: dict[int, Rows]) -> list[Result]:
    """Return the rows of what was trained within the folds, for an axis."""
    by_seed = [float(np.mean((share > 0.5) == truth)) for share in shares.values()]
    mean = np.mean(list(shares.values()), axis=0)
    return [
        ctx.result_of(
            f"trained, {axis}: accuracy",
            by_seed,
            "share",
            anchor=ANCHORS[axis],
            goal=GOALS[axis],
            seeds=ctx.seeds,
        ),
        ctx.result(f"trained, {axis}: AUC", area(mean, truth), "share", n=truth.size, seeds=ctx.seeds),
        ctx.result(
            f"trained, {axis}: calibration error",
            calibration(mean, truth),
            "share",
            n=truth.size,
            seeds=ctx.seeds,
        ),
    ]


def read_phrases(home: Path) -> Phrases:
    """Return the rated phrases with their features. Raises BenchmarkError where the set is missing."""
    table = home / "splits" / "vgmidi.csv"
    if not table.is_file():
        raise BenchmarkError(
            f"no split at {str(table)!r}: let ZHIYIN_DATA name a folder with vgmidi and splits"
        )
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    scores = [load(home / "vgmidi" / "labelled" / "phrases" / row["midi"]) for row in rows]
    hand = np.stack([phrase_features(score) for score in scores])
    windows = np.stack([window_features(score) for score in scores])
    mood = np.array([[value for _, value in MOOD.hear(score).values] for score in scores])
    truth = {axis: np.array([int(row[axis]) > 0 for row in rows]) for axis in AXES}
    group = np.array([row["piece"] if row["series"] == "Other" else row["series"] for row in rows])
    fold = np.array([row["fold"] for row in rows])
    return Phrases(hand, np.concatenate([hand, windows], axis=1), mood, truth, group, fold)


def candidates(seed: int) -> Iterator[tuple[str, str, Callable[[], Any]]]:
    """Yield (name, features, maker) of what the inner folds choose from."""
    for c in (0.003, 0.01, 0.03, 0.1):
        yield f"logistic {c}", "hand", partial(logistic, c)
    for c in (0.5, 2.0):
        yield f"support vectors {c}", "hand", partial(support_vectors, c, seed)
    for features in ("hand", "all_features"):
        yield f"trees {features}", features, partial(trees, seed)


def logistic(c: float) -> Any:
    """Return a ridge-penalised logistic regression on standardised features."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=2000))


def support_vectors(c: float, seed: int) -> Any:
    """Return a support vector machine with a radial kernel on standardised features."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    return make_pipeline(StandardScaler(), SVC(C=c, gamma="scale", probability=True, random_state=seed))


def trees(seed: int) -> Any:
    """Return extremely random trees."""
    from sklearn.ensemble import ExtraTreesClassifier

    return ExtraTreesClassifier(200, min_samples_leaf=3, max_features=0.2, random_state=seed)


def trained(phrases: Phrases, axis: str, *, seed: int) -> Rows:
    """Return (n,) the probability of the upper half, each phrase told by what was trained on the other folds."""
    shares = np.zeros(phrases.truth[axis].size)
    for fold in np.unique(phrases.fold):
        test = phrases.fold == fold
        shares[test] = one_fold(phrases, phrases.truth[axis], test, seed=seed)
    return shares


def one_fold(phrases: Phrases, truth: Truth, test: Truth, *, seed: int) -> Rows:
    """Return the mean probability of the three candidates that do best within the training part."""
    ranking = []
    for name, features, maker in candidates(seed):
        rows = getattr(phrases, features)
        inner = inner_shares(rows[~test], truth[~test], phrases.group[~test], maker=maker, seed=seed)
        ranking.append((log_loss(inner, truth[~test]), name, features, maker))
    ranking.sort(key=lambda row: row[:2])
    found = []
    for _, _, features, maker in ranking[:3]:
        rows = getattr(phrases, features)
        found.append(fitted(maker, rows[~test], truth[~test]).predict_proba(rows[test])[:, 1])
    return np.asarray(np.mean(found, axis=0), np.float64)


def inner_shares(
    rows: Rows, truth: Truth, group: NDArray[Any], *, maker: Callable[[], Any], seed: int
) -> Rows:
    """Return probabilities within a training part, by folds that keep groups together."""
    from sklearn.model_selection import StratifiedGroupKFold

    shares = np.zeros(truth.size)
    for train, held in StratifiedGroupKFold(INNER, shuffle=True, random_state=seed).split(rows, truth, group):
        shares[held] = fitted(maker, rows[train], truth[train]).predict_proba(rows[held])[:, 1]
    return shares


def fitted(maker: Callable[[], Any], rows: Rows, truth: Truth) -> Any:
    """Return a classifier fitted without chatter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return maker().fit(rows, truth)


def log_loss(shares: Rows, truth: Truth) -> float:
    """Return the mean of minus the log probability of what is true."""
    return float(-np.mean(np.log(np.clip(np.where(truth, shares, 1 - shares), 1e-6, 1.0))))


def calibration(shares: Rows, truth: Truth) -> float:
    """Return the calibration error of the likelier half."""
    return calibration_error(np.maximum(shares, 1 - shares), (shares > 0.5) == truth)


def area(values: Rows, truth: Truth) -> float:
    """Return how often a true one is told higher than a false one."""
    gap = values[truth][:, None] - values[~truth][None]
    return float(np.mean((gap > 0) + 0.5 * (gap == 0)))
