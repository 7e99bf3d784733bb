"""The floors of the frame benchmark, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("torch")

from benchmarks.frame_nll import checkpoint, marginal_nats, markov_nats
from benchmarks.runner import BenchmarkError


def one_key(*values: int) -> np.ndarray:
    return np.array(values, np.uint8)[:, None]


def test_the_marginal_floor_leaves_out_first_frames_and_means_over_frames():
    """A key on in 3 of 4 frames; test frames 2.. are 1, 0, 1: two at 3/4, one at 1/4."""
    found = marginal_nats([one_key(1, 1, 0, 1)], [one_key(0, 1, 0), one_key(0, 1)])
    assert found == pytest.approx(-(2 * math.log(3 / 4) + math.log(1 / 4)) / 3, abs=1e-5)


def test_the_markov_floor_counts_changes_inside_pieces():
    """Training: 1>1, 1>0, 0>1, 1>1 and 0>0: after 1 it stays in 2 of 3, after 0 it comes in 1 of 2."""
    train = [one_key(1, 1, 0, 1, 1), one_key(0, 0)]
    found = markov_nats(train, [one_key(1, 1, 0, 0)])
    assert found == pytest.approx(-(math.log(2 / 3) + math.log(1 / 3) + math.log(1 / 2)) / 3, abs=1e-5)


def test_checkpoints_that_are_not_named_are_asked_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("ZHIYIN_FRAMES_CHECKPOINTS", raising=False)
    with pytest.raises(BenchmarkError, match="must name a folder of checkpoints"):
        checkpoint("Nottingham")
