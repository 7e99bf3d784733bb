"""Laws of the small perceptrons: the gradient is the slope, what can be told apart is, seeds decide everything."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.listen import sound_fit
from zhiyin.listen.sound_fit import Recipe, fit, main_axes, pooled_logits, standardised, standards, whitening
from zhiyin.listen.sound_net import member_logits, softmax

SMALL = Recipe(hidden=16, members=2, epochs=60, batch=16, dropout=0.0, noise=0.05)


def ring(count: int = 160) -> tuple[np.ndarray, np.ndarray]:
    """A disc inside a ring: no straight line parts them."""
    rng = np.random.default_rng(0)
    label = np.arange(count) % 2
    radius = np.where(label == 0, 0.4, 1.6) + 0.1 * rng.standard_normal(count)
    angle = rng.uniform(0, 2 * np.pi, count)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), label.astype(np.int64)


def loss_of(weights: dict[str, np.ndarray], x: np.ndarray, target: np.ndarray, share: np.ndarray) -> float:
    hidden = np.maximum(x @ weights["hidden.w"] + weights["hidden.b"], 0.0)
    logits = hidden @ weights["style.w"] + weights["style.b"]
    logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return float(-(share * (target * logs).sum(axis=1)).sum() / share.sum())


def test_the_gradient_is_the_slope_of_the_loss() -> None:
    rng = np.random.default_rng(1)
    weights = sound_fit._first_weights(3, 4, Recipe(hidden=5), rng)
    x, target = rng.standard_normal((7, 3)), np.eye(4)[rng.integers(4, size=7)] * 0.9 + 0.025
    share = rng.uniform(0.5, 2.0, 7)
    gradient = sound_fit._gradient(weights, x, target, share, keep=np.ones((7, 5)))
    for name, place in (("hidden.w", (1, 2)), ("hidden.b", (3,)), ("style.w", (4, 0)), ("style.b", (2,))):
        up, down = ({n: w.copy() for n, w in weights.items()} for _ in range(2))
        up[name][place] += 1e-5
        down[name][place] -= 1e-5
        slope = (loss_of(up, x, target, share) - loss_of(down, x, target, share)) / 2e-5
        assert gradient[name][place] == pytest.approx(slope, abs=1e-7)


def test_a_disc_is_told_from_the_ring_around_it() -> None:
    x, label = ring()
    weights = fit(x, label, 2, recipe=SMALL, seed=0)
    guess = member_logits(weights, x).mean(axis=0).argmax(axis=1)
    assert float(np.mean(guess == label)) > 0.95


def test_the_same_seed_gives_the_same_weights_and_another_does_not() -> None:
    x, label = ring(40)
    brief = Recipe(hidden=4, members=2, epochs=2)
    first, again, other = (fit(x, label, 2, recipe=brief, seed=seed) for seed in (0, 0, 1))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["hidden.w"], other["hidden.w"])
    assert first["hidden.w"].shape == (2, 2, 4) and first["style.w"].shape == (2, 4, 2)


def test_windows_of_one_sound_are_answered_by_their_mean() -> None:
    weights = {
        "hidden.w": np.array([[[1.0, 0.0], [0.0, 1.0]]], np.float32), "hidden.b": np.zeros((1, 2), np.float32),
        "style.w": np.array([[[1.0, 0.0], [0.0, 2.0]]], np.float32), "style.b": np.zeros((1, 2), np.float32),
    }  # fmt: skip
    x = np.array([[1.0, 0.0], [3.0, 1.0], [0.0, 5.0]])
    # Logits by hand: (1, 0), (3, 2) and (0, 10); the first two belong together.
    np.testing.assert_allclose(pooled_logits(weights, x, np.array([0, 0, 1])), [[2.0, 1.0], [0.0, 10.0]])


def test_features_are_centred_scaled_and_cut_at_four_spreads() -> None:
    rows = np.array([[0.0, 7.0], [2.0, 7.0]], np.float32)
    centre, scale = standards(rows)
    assert centre.tolist() == [1.0, 7.0] and scale.tolist() == pytest.approx([1.0, 1e-3])
    far = np.array([[1.0, 7.0], [99.0, 6.0]], np.float32)
    assert standardised(far, centre, scale).tolist() == [[0.0, 0.0], [4.0, -4.0]]


def test_after_whitening_classes_spread_alike_in_every_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_fit, "MOST_SHRINKAGE", 0.0)
    rng = np.random.default_rng(2)
    label = np.arange(4000) % 2
    x = rng.standard_normal((4000, 2)) @ np.array([[3.0, 1.0], [0.0, 0.5]]) + label[:, None] * np.array(
        [4.0, 0.0]
    )
    whiten, means = whitening(x, label.astype(np.int64))
    inside = x @ whiten - means[label]
    np.testing.assert_allclose(np.cov(inside.T), np.eye(2), atol=0.02)


def test_the_main_axis_of_two_classes_joins_their_means() -> None:
    axes = main_axes(np.array([[1.0, 2.0, 0.0], [1.0, 5.0, 4.0]]))
    assert axes.shape == (3, 1)
    np.testing.assert_allclose(np.abs(axes[:, 0]), [0.0, 0.6, 0.8], atol=1e-12)


def test_probabilities_do_not_overflow() -> None:
    np.testing.assert_allclose(softmax(np.array([1000.0, 1000.0, -1000.0])), [0.5, 0.5, 0.0])
