"""The graph encoder at work: a score or a window as a vector in which windows of one piece lie near each other.

Conventions: vectors have length 1, nearness is the cosine; a score's vector is the mean over its windows of eight bars,
four bars apart, made length 1 again. This module does not train: see `zhiyin.listen.graph_build`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.judge.excerpts import BARS, STRIDE_BARS, Excerpt, score_excerpt
from zhiyin.judge.features import features_of
from zhiyin.judge.style_net import CLIP, load_style_net
from zhiyin.listen.graph_windows import graph_window, join_windows
from zhiyin.models.graph_runtime import GraphRuntime, load_graph_net
from zhiyin.score import Score, Timeline, quantise
from zhiyin.units import Float32Array

DEFAULT_GRAPH_NET = Path(__file__).parent / "weights" / "graph-net.safetensors"
BATCH = 64


@cache
def load_graph_encoder(path: Path = DEFAULT_GRAPH_NET) -> GraphRuntime:
    """Return the graph encoder, the shipped one by default. Raises NotFound or UnreadableFile."""
    return load_graph_net(path)


def embed_excerpts(excerpts: Sequence[Excerpt], *, net: GraphRuntime | None = None) -> Float32Array:
    """Return (windows, embedding) vectors of length 1. Raises InvalidInput for a window without notes."""
    net = net or load_graph_encoder()
    empty = [i for i, e in enumerate(excerpts) if not len(e)]
    if empty:
        raise InvalidInput(f"a window must have notes, got none in window {empty[0]}: leave silent bars out")
    found = [np.empty((0, net.config.embedding), np.float32)]
    for start in range(0, len(excerpts), BATCH):
        windows = [graph_window(e) for e in excerpts[start : start + BATCH]]
        found.append(net.embed(join_windows(windows, net.config)))
    return unit_rows(np.concatenate(found))


def embed(score: Score, *, net: GraphRuntime | None = None) -> Float32Array:
    """Return (embedding,) the vector of a score, quantised first.

    Raises InvalidInput where no eight bars of one metre have enough notes (16, in six of the bars).
    """
    excerpts = score_excerpts(score)
    if not excerpts:
        raise InvalidInput(
            f"a score must have eight bars of one metre with 16 notes, got {score.note_count} notes in "
            f"{score.title!r}: give a longer passage"
        )
    mean = embed_excerpts(excerpts, net=net).mean(axis=0, keepdims=True)
    found: Float32Array = unit_rows(mean)[0]
    return found


def find_vectors(
    excerpts: Sequence[Excerpt], *, net: GraphRuntime | None = None, features: Float32Array | None = None
) -> Float32Array:
    """Return (windows, embedding + features) vectors of length 1 that find a window's piece best.

    The graph encoder's vector stands beside the hand features in standard deviations, each of the same weight.
    features: (windows, features) of `zhiyin.judge.features`, where they are known already.
    """
    style = load_style_net()
    graph = embed_excerpts(excerpts, net=net)
    if features is None:
        rows = [features_of(e) for e in excerpts] or [np.empty((0, style.centre.size), np.float32)]
        features = np.vstack(rows)
    standard = np.clip((features - style.centre) / style.scale, -CLIP, CLIP).astype(np.float32)
    return unit_rows(np.concatenate([graph, unit_rows(standard)], axis=1))


def score_excerpts(score: Score) -> list[Excerpt]:
    """Return the windows of a score that are worth looking at, four bars apart."""
    plain = quantise(score)[0]
    bars = Timeline.of(plain).bar_count(plain.end)
    found = []
    for first in range(1 if plain.pickup_ticks else 0, bars - BARS + 1, STRIDE_BARS):
        try:
            excerpt = score_excerpt(plain, first_bar=first)
        except InvalidInput:
            continue  # the metre changes in these bars; others may do
        if excerpt.is_worth_judging:
            found.append(excerpt)
    return found


def unit_rows(vectors: Float32Array) -> Float32Array:
    """Return rows made length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12), np.float32)
