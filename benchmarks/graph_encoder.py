"""The graph encoder beside a sequence encoder and hand features: pieces found again, styles named.

Conventions: all learn from the same human windows, for the same loss, as many batches of as many weights (hand features
more batches, they cost nothing); every measure is on test pieces, no work of which was learned from. A query is a
window moved to another key; literal repeats are neither right nor wrong answers. One draw of windows, three seeds.
Does not know: how encoders work (zhiyin.models.graph_net, benchmarks.sequence_encoder).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.human_windows import corpus_folder
from benchmarks.runner import Context, Result
from benchmarks.sequence_encoder import HandNet, in_sequence
from zhiyin.judge.features import feature_groups, features_of
from zhiyin.judge.style_net import CLIP
from zhiyin.listen.graph_build import GraphRecipe, MakeBatch, fit, graph_batches, run_net
from zhiyin.listen.graph_data import GraphWindows, draw_graph_windows
from zhiyin.listen.graph_embed import unit_rows
from zhiyin.listen.graph_measure import Encode, EncoderScores, measure_encoder
from zhiyin.listen.graph_windows import graph_config
from zhiyin.models.graph_net import GraphNet
from zhiyin.models.graph_runtime import GraphConfig

STEPS, HAND_STEPS = 350, 2000
MEASURES = {
    "first": ("finds its piece first", "share"), "mean_reciprocal": ("mean reciprocal rank", "1/rank"),
    "self_first": ("finds its transposed self first", "share"), "f1_windows": ("style, macro F1 of windows", "F1"),
    "f1_pieces": ("style, macro F1 of pieces", "F1"),
}  # fmt: skip
Sides = dict[str, GraphWindows]


def run(ctx: Context) -> list[Result]:
    """Return every measure of every encoder, and what training cost."""
    classes, sides = draw_graph_windows(corpus_folder(), report=_say)
    config = graph_config(len(classes))
    in_order = {side: replace(w, windows=tuple(map(in_sequence, w.windows))) for side, w in sides.items()}
    hand = HandSides(sides)
    rows = scores_rows(ctx, "hand features, cosine", [measure_encoder(hand.plain, sides["test"])], seeds=())
    _say(f"hand features, cosine: {rows[0].value:.3f}")
    ways: dict[str, tuple[Callable[[], Any], Callable[[str], MakeBatch], int]] = {
        "graph": (lambda: GraphNet(config), graph_maker(sides, config), STEPS),
        "sequence": (lambda: GraphNet(config), graph_maker(in_order, config), STEPS),
        "hand features, perceptron": (lambda: HandNet(hand.count, len(classes)), hand.maker, HAND_STEPS),
    }  # fmt: skip
    outputs: dict[str, dict[int, Encode]] = {name: {} for name in ways}
    costs: dict[str, list[tuple[float, int]]] = {name: [] for name in ways}
    for seed in ctx.seeds:
        for name, (make_net, maker, steps) in ways.items():
            outputs[name][seed], *cost = train(make_net, maker, sides, steps=steps, seed=seed)
            costs[name].append((cost[0], cost[1]))  # type: ignore[arg-type]
            _say(f"{name}, seed {seed}: {measure_encoder(outputs[name][seed], sides['test'])}")
    for name, by_seed in outputs.items():
        rows += encoder_rows(ctx, name, by_seed, test=sides["test"])
        rows.append(ctx.result_of(f"{name}: training", [t for t, _ in costs[name]], "s CPU", seeds=ctx.seeds))
        rows.append(ctx.result(f"{name}: weights", costs[name][0][1], "numbers"))
    beside: dict[str, dict[int, Encode]] = {
        "perceptron": outputs["hand features, perceptron"],
        "cosine": dict.fromkeys(ctx.seeds, hand.plain),
    }
    for name, other in beside.items():
        pairs = {s: together(outputs["graph"][s], other[s]) for s in ctx.seeds}
        rows += encoder_rows(ctx, f"graph and hand features, {name}", pairs, test=sides["test"])
    return rows


def _say(line: str) -> None:
    print("    " + line, flush=True)


def graph_maker(sides: Sides, config: GraphConfig) -> Callable[[str], MakeBatch]:
    """Return a function of the side that makes batches of graphs."""
    return lambda side: graph_batches(sides[side], config)


def train(
    make_net: Callable[[], Any], maker: Callable[[str], MakeBatch], sides: Sides, *, steps: int, seed: int
) -> tuple[Encode, float, int]:
    """Return (encoder of the test side, seconds of CPU, number of weights)."""
    torch.manual_seed(seed)
    net = make_net()
    recipe = GraphRecipe(steps=steps, seed=seed)
    seconds = fit(net, sides["train"], recipe, make=maker("train"), report=_say)
    make, count = maker("test"), len(sides["test"])
    kept: dict[bytes, Any] = {}

    def encode(shifts: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        if shifts.tobytes() not in kept:
            kept[shifts.tobytes()] = run_net(net, make, count, shifts=shifts)
        found: tuple[NDArray[np.float32], NDArray[np.float32]] = kept[shifts.tobytes()]
        return found

    return encode, seconds, sum(p.numel() for p in net.parameters())


def together(one: Encode, other: Encode) -> Encode:
    """Return both encoders as one: vectors of length 1 side by side, log-odds added where both have them."""

    def encode(shifts: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        (a, x), (b, y) = one(shifts), other(shifts)
        both = None if x is None or y is None else x + y
        return np.concatenate([unit_rows(a), unit_rows(b)], axis=1), both

    return encode


class HandSides:
    """Hand features of all sides, standardised by the training side; transposing moves the register alone."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        self.rows = {s: np.stack([features_of(e) for e in sides[s].excerpts]) for s in ("train", "test")}
        self.count = self.rows["train"].shape[1]
        self.centre = self.rows["train"].mean(axis=0)
        self.scale = np.maximum(self.rows["train"].std(axis=0), 1e-3)
        self.register = feature_groups()["register"]

    def moved(self, side: str, rows: NDArray[np.int64], shifts: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return standardised features of some windows, each moved by its semitones."""
        found = self.rows[side][rows].copy()
        found[:, self.register] += shifts[:, None] / 12
        moved: NDArray[np.float32] = np.clip((found - self.centre) / self.scale, -CLIP, CLIP).astype(
            np.float32
        )
        return moved

    def maker(self, side: str) -> MakeBatch:
        """Return a function of (rows, shifts) that gives a tensor."""
        return lambda rows, shifts: torch.from_numpy(self.moved(side, rows, shifts))

    def plain(self, shifts: NDArray[np.int64]) -> tuple[NDArray[np.float32], None]:
        """Return the features of the test side as they are, nothing learned."""
        return self.moved("test", np.arange(shifts.size), shifts), None


def encoder_rows(ctx: Context, name: str, encoders: dict[int, Encode], *, test: GraphWindows) -> list[Result]:
    """Return the measures of an encoder trained from several seeds."""
    scores = [measure_encoder(encode, test) for encode in encoders.values()]
    return scores_rows(ctx, name, scores, seeds=tuple(encoders))


def scores_rows(
    ctx: Context, name: str, scores: list[EncoderScores], *, seeds: tuple[int, ...]
) -> list[Result]:
    """Return a row a measure, mean and spread over seeds."""
    rows = []
    for field, (what, unit) in MEASURES.items():
        values = [float(getattr(score, field)) for score in scores]
        if not np.isnan(values).any():
            n = scores[0].asked if field in ("first", "mean_reciprocal") else scores[0].windows
            anchor = f"{n:,} windows" if field != "f1_pieces" else None
            rows.append(ctx.result_of(f"{name}: {what}", values, unit, anchor=anchor, seeds=seeds))
    return rows
