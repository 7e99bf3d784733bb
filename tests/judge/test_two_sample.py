"""Golden AUCs, folds that keep pieces together, and controls that a fair test must pass."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu

from tests.judge.windows import tune
from zhiyin.errors import InvalidInput
from zhiyin.judge.features import features_of
from zhiyin.judge.two_sample import (
    Samples,
    auc,
    bootstrap_interval,
    cross_scores,
    group_folds,
    mean_auc,
    shuffled_bars,
    style_aucs,
)

Rows = NDArray[np.float32]


def nearest_mean(x: Rows, label: NDArray[np.bool_], test: Rows, *, seed: int) -> NDArray[np.float64]:
    """Score by the difference of the class means, each feature scaled: a classifier without a library."""
    scale = x.std(axis=0) + 1e-3
    weight = (x[label].mean(axis=0) - x[~label].mean(axis=0)) / scale**2
    return np.asarray(test @ weight, float)


def samples_of(x: Rows, is_generated: list[bool], *, groups: int) -> Samples:
    count = len(is_generated)
    return Samples(
        x,
        np.array(is_generated),
        np.array([f"style{(i % groups) % 2}" for i in range(count)]),
        np.array([f"piece{i % groups}" for i in range(count)]),
        np.zeros(count, np.int64),
    )


def test_auc_counts_pairs_in_order_and_ties_as_half() -> None:
    # Generated 3, 2; human 2, 1. Pairs: 3>2, 3>1, 2=2, 2>1: 3.5 of 4.
    assert auc([3, 2, 2, 1], [True, True, False, False]) == 0.875
    assert auc([1, 2], [True, False]) == 0.0


def test_auc_is_the_u_statistic_of_scipy() -> None:
    rng = np.random.default_rng(3)
    scores, label = rng.integers(0, 9, 200).astype(float), rng.random(200) < 0.4
    wanted = mannwhitneyu(scores[label], scores[~label]).statistic / (label.sum() * (~label).sum())
    assert auc(scores, label) == pytest.approx(wanted)


def test_auc_of_one_kind_is_refused() -> None:
    with pytest.raises(InvalidInput, match="both kinds must be there, got 2 generated and 0 human"):
        auc([1, 2], [True, True])


def test_a_piece_and_its_answers_share_a_fold_and_folds_are_even() -> None:
    group = np.array([f"p{i // 3}" for i in range(60)])
    fold = group_folds(group, folds=5, seed=1)
    assert all(len(set(fold[group == g])) == 1 for g in set(group))
    assert np.bincount(fold).tolist() == [12] * 5


def test_fewer_pieces_than_folds_are_refused() -> None:
    with pytest.raises(InvalidInput, match="groups must be at least the 5 folds, got 2"):
        group_folds(np.array(["a", "b"] * 4), folds=5, seed=0)


def test_no_scorer_ever_sees_a_group_it_scores() -> None:
    group = np.array([i // 2 for i in range(40)], np.float32)
    seen: list[bool] = []

    def spy(x: Rows, label: NDArray[np.bool_], test: Rows, *, seed: int) -> NDArray[np.float64]:
        seen.append(bool(set(x[:, 0].tolist()) & set(test[:, 0].tolist())))
        return np.asarray(test[:, 0], float)

    samples = Samples(
        group[:, None],
        np.arange(40) % 2 == 0,
        np.array(["s"] * 40),
        group.astype(np.str_),
        np.zeros(40, np.int64),
    )
    cross_scores(samples, spy)
    assert seen == [False] * 5


def test_windows_of_one_kind_called_by_two_names_cannot_be_told_apart() -> None:
    x = np.stack([features_of(tune(seed)) for seed in range(160)])
    called = [i % 40 < 20 for i in range(160)]  # by piece: i % 40
    samples = samples_of(x, called, groups=40)
    assert abs(mean_auc(samples, cross_scores(samples, nearest_mean)) - 0.5) < 0.15


def test_windows_with_notes_moved_to_other_bars_are_always_told_apart() -> None:
    rng = np.random.default_rng(0)
    human = [tune(seed, spread=1) for seed in range(60)]
    x = np.stack([features_of(e) for e in (*human, *(shuffled_bars(e, rng) for e in human))])
    samples = samples_of(x, [False] * 60 + [True] * 60, groups=60)
    assert mean_auc(samples, cross_scores(samples, nearest_mean)) > 0.95


def test_shuffling_bars_keeps_every_pitch_and_every_place_in_the_bar() -> None:
    before = tune(1)
    after = shuffled_bars(before, np.random.default_rng(0))
    assert sorted(after.pitch.tolist()) == sorted(before.pitch.tolist())
    assert (after.onset % 96).tolist() == (before.onset % 96).tolist()
    assert after.onset.tolist() != before.onset.tolist()


def test_the_mean_is_over_styles_not_over_windows() -> None:
    # Style 0: both pairs in order (1.0); style 1: one pair, out of order (0.0).
    samples = Samples(
        np.zeros((6, 1), np.float32),
        np.array([True, False, True, False, True, False]),
        np.array(["a", "a", "a", "a", "b", "b"]),
        np.array(list("123456")),
        np.zeros(6, np.int64),
    )
    scores = np.array([9.0, 1.0, 8.0, 2.0, 3.0, 4.0])
    assert style_aucs(samples, scores) == {"a": 1.0, "b": 0.0}
    assert mean_auc(samples, scores) == 0.5


def test_the_interval_holds_the_value_and_narrows_with_more_pieces() -> None:
    def width(pieces: int) -> float:
        rng = np.random.default_rng(1)
        label = np.arange(2 * pieces) % 2 == 0
        scores = rng.normal(size=2 * pieces) + label
        group = np.array([str(i // 2) for i in range(2 * pieces)])
        samples = Samples(
            np.zeros((2 * pieces, 1), np.float32),
            label,
            np.array(["s"] * 2 * pieces),
            group,
            np.zeros(2 * pieces, np.int64),
        )
        low, high = bootstrap_interval(samples, scores, draws=200)
        assert low < auc(scores, label) < high
        return high - low

    assert width(200) < width(25)
