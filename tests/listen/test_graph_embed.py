"""Laws of the graph encoder at work: order of parts, company and names change nothing; errors say what is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.judge.windows import tune
from tests.listen.test_graph_windows import four_parts
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.listen.graph_embed import (
    DEFAULT_GRAPH_NET,
    embed,
    embed_excerpts,
    find_vectors,
    load_graph_encoder,
    score_excerpts,
)
from zhiyin.score import Notes, Part, Score, transpose

QUARTER = 10_080


def duet(bars: int, *, seed: int = 1, length: int = QUARTER // 2) -> Score:
    """Return so many bars of 4/4: a tune of notes of one length, eighths if not told, over half notes and chords."""
    rng = np.random.default_rng(seed)
    scale = np.array([60, 62, 64, 65, 67, 69, 71, 72, 74, 76])
    count = bars * 4 * QUARTER // length
    high = [(i * length, length, int(scale[rng.integers(10)])) for i in range(count)]
    low = [(i * 2 * QUARTER, 2 * QUARTER, int(scale[rng.integers(5)]) - 24) for i in range(bars * 2)]
    inner = [
        (i * 2 * QUARTER, QUARTER, int(scale[rng.integers(5)]) - 12 + k)
        for i in range(bars * 2)
        for k in (0, 4)
    ]
    return Score(
        "Duet",
        (
            Part("flute", Notes.of(high), program=73),
            Part("harp", Notes.of(inner), program=46),
            Part("cello", Notes.of(low), program=42),
        ),
    )


def test_a_vector_has_length_one_and_the_width_of_the_network() -> None:
    found = embed_excerpts([tune(1), tune(2), four_parts()])
    assert found.shape == (3, load_graph_encoder().config.embedding)
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)


def test_the_order_of_parts_changes_nothing() -> None:
    score = duet(16)
    turned = score.with_parts(reversed(score.parts))
    assert np.abs(embed(score) - embed(turned)).max() < 1e-5
    here, there = embed_excerpts([four_parts(), four_parts(order=(3, 1, 0, 2))])
    assert np.abs(here - there).max() < 1e-5


def test_names_tempo_and_dynamics_change_nothing() -> None:
    score = duet(8)
    louder = score.with_parts(
        replace(p, name="x", notes=p.notes.with_columns(velocity=np.full(len(p.notes), 112)))
        for p in score.parts
    )
    assert np.array_equal(embed(score), embed(replace(louder, title="Other")))


def test_a_window_is_embedded_alike_in_any_company() -> None:
    windows = [tune(s) for s in range(5)]
    together = embed_excerpts(windows)
    assert np.allclose(together, np.concatenate([embed_excerpts([w]) for w in windows]), atol=1e-5)


@pytest.mark.parametrize("semitones", [-4, 3])
def test_a_piece_in_another_key_is_nearer_to_itself_than_to_others(semitones: int) -> None:
    lengths = (QUARTER // 2, QUARTER // 4, QUARTER // 3, QUARTER, 2 * QUARTER)
    pieces = [duet(16, length=n) for n in lengths]
    moved = embed(transpose(pieces[0], semitones))
    assert int(np.argmax([moved @ embed(p) for p in pieces])) == 0


def test_vectors_for_finding_hold_the_graph_and_the_features_equally() -> None:
    windows = [tune(1), tune(2)]
    found, graph = find_vectors(windows), embed_excerpts(windows)
    width = graph.shape[1]
    assert np.allclose(found[:, :width], graph / np.sqrt(2), atol=1e-6)
    assert np.allclose(np.linalg.norm(found[:, width:], axis=1), np.sqrt(0.5), atol=1e-5)


def test_windows_are_eight_bars_four_apart_after_a_pick_up() -> None:
    assert len(score_excerpts(duet(16))) == 3
    assert len(score_excerpts(duet(7))) == 0
    late = duet(9)
    assert len(score_excerpts(replace(late, pickup_ticks=2 * QUARTER))) == 1


def test_a_score_too_short_to_hear_is_refused_with_the_remedy() -> None:
    with pytest.raises(InvalidInput, match=r"must have eight bars .* got 84 notes in 'Duet': give a longer"):
        embed(duet(6))
    silent = replace(tune(1), **{n: np.empty(0, np.int64) for n in ("onset", "duration", "pitch", "part")},
                     is_drums=np.empty(0, bool))  # fmt: skip
    with pytest.raises(InvalidInput, match="got none in window 1: leave silent bars out"):
        embed_excerpts([tune(1), silent])
    with pytest.raises(NotFound, match="no graph network at"):
        load_graph_encoder(Path("none.safetensors"))


def test_the_shipped_encoder_is_small_and_its_card_tells_what_it_is_worth() -> None:
    assert DEFAULT_GRAPH_NET.stat().st_size < 1_000_000
    net = load_graph_encoder()
    card = net.notes["card"]["test"]
    assert len(net.notes["classes"]) == net.config.classes >= 12
    text = DEFAULT_GRAPH_NET.with_suffix(".md").read_text(encoding="utf-8")
    for name in ("first", "mean_reciprocal", "f1_windows"):
        assert f"{card[name]:.3f}" in text
