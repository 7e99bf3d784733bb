"""Laws of training the graph encoder: it learns what differs, alike from one seed; the command asks for a corpus."""

from __future__ import annotations

import numpy as np
import pytest

from tests.judge.windows import tune
from tests.listen.test_graph_windows import four_parts
from zhiyin.listen.graph_build import GraphRecipe, fit, graph_batches, main, run_net
from zhiyin.listen.graph_data import GraphWindows
from zhiyin.listen.graph_measure import measure_encoder, style_f1
from zhiyin.listen.graph_windows import graph_config, graph_window


def two_styles() -> GraphWindows:
    """Return 8 pieces of two windows: tunes over a drone, and three voices with drums."""
    excerpts = tuple([tune(s) for s in range(8)] + [four_parts(s) for s in range(8)])
    piece = np.repeat(np.arange(8), 2)
    names = tuple(f"set/{i}" for i in range(8))
    return GraphWindows(
        tuple(map(graph_window, excerpts)), excerpts, piece // 4, piece, names, np.zeros(16, np.int64)
    )


def trained(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (embedding, log-odds) of both styles after 40 steps."""
    torch = pytest.importorskip("torch")
    from zhiyin.models.graph_net import GraphNet

    torch.manual_seed(seed)
    side, config = two_styles(), graph_config(2, width=16, layers=1, embedding=8)
    net, make = GraphNet(config), graph_batches(side, config)
    fit(net, side, GraphRecipe(steps=40, rate=0.02, styles=2, pieces=2, seed=seed), make=make)
    return run_net(net, make, len(side))


def test_two_kinds_of_music_are_told_apart_and_the_same_seed_learns_the_same() -> None:
    embedding, logits = trained(0)
    assert np.array_equal(logits.argmax(axis=1), two_styles().label)
    assert np.array_equal(embedding, trained(0)[0])


def test_the_style_of_a_piece_is_that_of_its_windows_together() -> None:
    side = two_styles()
    logits = np.zeros((16, 2), np.float32)
    logits[np.arange(16), side.label] = 1.0
    logits[0] = [0.0, 0.5]  # one window of piece 0 is misheard, less surely than the other is heard right
    windows, pieces = style_f1(logits, side)
    assert pieces == 1.0
    assert windows == pytest.approx((14 / 15 + 16 / 17) / 2)  # 7 of 8 right, 1 too many; 8 right, 1 too many


def test_an_encoder_that_knows_the_piece_finds_it_in_every_key() -> None:
    side = two_styles()
    known = np.eye(8, dtype=np.float32)[side.piece]
    scores = measure_encoder(lambda shifts: (known, None), side)
    assert (scores.first, scores.mean_reciprocal, scores.windows, scores.asked) == (1.0, 1.0, 16, 16)
    assert scores.self_first == 0.0  # it cannot tell a window from the other one of its piece
    assert np.isnan(scores.f1_windows)


def test_the_command_asks_for_a_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage: python -m zhiyin.listen.graph_build CORPUS [FILE]" in capsys.readouterr().err
