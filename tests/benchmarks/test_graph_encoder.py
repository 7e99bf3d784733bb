"""Laws of the comparison of encoders: neighbours in order alone, both vectors side by side, every class drawn."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from benchmarks.graph_encoder import together
from benchmarks.sequence_encoder import STRIDES, in_sequence
from tests.judge.windows import tune
from zhiyin.listen.graph_build import GraphRecipe, PairSampler, losses
from zhiyin.listen.graph_data import GraphWindows
from zhiyin.listen.graph_windows import graph_window


def some_windows() -> GraphWindows:
    """Return 12 windows: pieces 0..5 of two each; pieces 0..2 of class 0, the rest of class 1."""
    excerpts = tuple(tune(s) for s in range(12))
    piece = np.repeat(np.arange(6), 2)
    names = tuple(f"set/{i}" for i in range(6))
    return GraphWindows(
        tuple(map(graph_window, excerpts)), excerpts, piece // 3, piece, names, np.zeros(12, np.int64)
    )


def test_a_sequence_joins_notes_by_their_places_alone() -> None:
    window = in_sequence(graph_window(tune(1)))
    source, target, relation, label = window.edges
    assert np.array_equal(source - target, np.array(STRIDES)[relation])
    n = len(window)
    assert source.size == sum(n - abs(s) for s in STRIDES)
    assert np.array_equal(label - 13, np.clip(window.pitch[source] - window.pitch[target], -13, 13))


def test_two_encoders_weigh_the_same_side_by_side() -> None:
    one = np.array([[3.0, 0.0]], np.float32), np.array([[1.0, 2.0]], np.float32)
    other = np.array([[0.0, 0.1]], np.float32), np.array([[0.5, 0.0]], np.float32)
    vectors, logits = together(lambda s: one, lambda s: other)(np.zeros(1, np.int64))
    assert vectors.tolist() == [[1, 0, 0, 1]]
    assert logits is not None
    assert logits.tolist() == [[1.5, 2.0]]
    assert together(lambda s: one, lambda s: (other[0], None))(np.zeros(1, np.int64))[1] is None


def test_a_batch_holds_pairs_of_windows_of_one_piece() -> None:
    side = some_windows()
    sampler = PairSampler(side, GraphRecipe(styles=2, pieces=2), np.random.default_rng(0))
    for _ in range(5):
        rows = sampler.draw()
        assert rows.size == 8
        assert np.array_equal(side.piece[rows[::2]], side.piece[rows[1::2]])
        assert np.all(rows[::2] != rows[1::2])
        assert np.unique(side.piece[rows]).size == 4
        assert sorted(np.unique(side.label[rows]).tolist()) == [0, 1]


def test_the_loss_of_pairs_is_that_of_picking_the_partner() -> None:
    import torch

    # Two pieces at right angles, each pair the same: the partner has cosine 1, the others 0.
    embedding = torch.tensor([[1.0, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, 3.0]])
    pairs, style = losses(lambda b: (embedding, torch.zeros(4, 3)), None, torch.zeros(4, dtype=torch.long))
    assert float(pairs) == pytest.approx(np.log(1 + 2 * np.exp(-1 / 0.05)), abs=1e-6)
    assert float(style) == pytest.approx(np.log(3))
