"""Train the graph encoder: ``python -m zhiyin.listen.graph_build CORPUS [FILE]``; needs the train extra.

Conventions: a batch holds pairs of windows of one piece, a few pieces each of a few styles; two windows of a piece
shall lie near each other (InfoNCE, van den Oord et al., 2018) and each shall tell its style. Each window is moved by
its own interval. This module is not needed to run the encoder.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from zhiyin.listen.graph_data import GraphWindows, draw_graph_windows
from zhiyin.listen.graph_embed import DEFAULT_GRAPH_NET
from zhiyin.listen.graph_measure import measure_encoder
from zhiyin.listen.graph_windows import graph_config, join_windows
from zhiyin.models.graph_runtime import GraphConfig, GraphRuntime, Graphs, save_graph_net
from zhiyin.units import Float32Array, IntArray

TRANSPOSED = (-6, 5)  # semitones, both ends included
TEMPERATURE = 0.05  # of the cosines between windows
SMOOTHING = 0.05
MOST_NOTES = 600  # of a window to learn from: a few orchestral bars would cost as much as fifty others
MakeBatch = Callable[[IntArray, IntArray], Any]  # (rows, semitones to move each by) -> what a network takes


@dataclass(frozen=True, slots=True)
class GraphRecipe:
    """How a graph encoder is trained.

    steps: batches; rate: the highest learning rate; styles, pieces: of a batch and of each of its styles, two windows
    a piece; style_share: weight of the style loss beside the loss of pairs; seed: of the weights and the draws.
    """

    steps: int = 600
    rate: float = 3e-3
    decay: float = 0.02
    styles: int = 4
    pieces: int = 6
    style_share: float = 1.0
    dropout: float = 0.1
    seed: int = 0


class PairSampler:
    """Draws batches of pairs from windows of one side."""

    def __init__(self, side: GraphWindows, recipe: GraphRecipe, rng: np.random.Generator) -> None:
        self.recipe, self.rng = recipe, rng
        sizes = np.array([len(w) for w in side.windows])
        order = np.argsort(side.piece, kind="stable")
        order = order[sizes[order] <= MOST_NOTES]
        starts = np.flatnonzero(np.diff(side.piece[order], prepend=-1))
        self.rows_of_piece = np.split(order, starts[1:])
        of_piece = np.array([side.label[rows[0]] for rows in self.rows_of_piece])
        self.pieces_of_style = [np.flatnonzero(of_piece == c) for c in np.unique(of_piece)]
        weight = np.sqrt([len(p) for p in self.pieces_of_style])
        self.weight = weight / weight.sum()

    def draw(self) -> IntArray:
        """Return rows, two in a row of each piece (the same twice where a piece has but one)."""
        count = min(self.recipe.styles, len(self.pieces_of_style))
        styles = self.rng.choice(len(self.pieces_of_style), size=count, replace=False, p=self.weight)
        rows: list[int] = []
        for style in styles.tolist():
            mine = self.pieces_of_style[style]
            for piece in self.rng.permutation(mine)[: self.recipe.pieces].tolist():
                windows = self.rng.permutation(self.rows_of_piece[piece])
                rows += [int(windows[0]), int(windows[1 % windows.size])]
        return np.array(rows, np.int64)


def graph_batches(side: GraphWindows, config: GraphConfig) -> MakeBatch:
    """Return a function of (rows, shifts) that gives the batch of some windows, each moved by its semitones."""

    def make(rows: IntArray, shifts: IntArray) -> Graphs:
        return join_windows([side.windows[i] for i in rows.tolist()], config, shifts=shifts.tolist())

    return make


def fit(
    net: Any,
    side: GraphWindows,
    recipe: GraphRecipe,
    *,
    make: MakeBatch,
    report: Callable[[str], None] = lambda line: None,
) -> float:
    """Train a network that turns batches into (embedding, log-odds), in place; return the seconds of CPU it took."""
    import torch

    torch.set_num_threads(1)
    rng = np.random.default_rng([recipe.seed, 7])
    sampler = PairSampler(side, recipe, rng)
    optimiser = torch.optim.AdamW(net.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.rate, total_steps=recipe.steps, pct_start=0.15
    )
    start, sums = time.process_time(), np.zeros(2)
    net.train()
    for step in range(1, recipe.steps + 1):
        rows = sampler.draw()
        batch = make(rows, rng.integers(TRANSPOSED[0], TRANSPOSED[1] + 1, rows.size))
        pairs, style = losses(net, batch, torch.from_numpy(side.label[rows]))
        optimiser.zero_grad()
        (pairs + recipe.style_share * style).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        sums += pairs.item(), style.item()
        if step % 100 == 0:
            shown = ", ".join(f"{s / 100:.3f}" for s in sums)
            report(f"step {step}: pairs, style {shown}, {time.process_time() - start:.0f} s")
            sums[:] = 0
    net.eval()
    return time.process_time() - start


def losses(net: Any, batch: Any, label: Any) -> tuple[Any, Any]:
    """Return (loss of pairs, loss of style) of a batch whose rows 2i and 2i + 1 are of one piece."""
    import torch
    from torch.nn import functional

    embedding, logits = net(batch)
    near = functional.normalize(embedding, dim=1)
    cosines = near @ near.T / TEMPERATURE
    cosines = cosines.masked_fill(torch.eye(len(near), dtype=torch.bool), -torch.inf)
    partner = torch.arange(len(near)) ^ 1
    return (
        functional.cross_entropy(cosines, partner),
        functional.cross_entropy(logits, label, label_smoothing=SMOOTHING),
    )


def run_net(
    net: Any, make: MakeBatch, count: int, *, shifts: IntArray | None = None, batch: int = 128
) -> tuple[Float32Array, Float32Array]:
    """Return (windows, embedding) and (windows, classes) log-odds of a torch network over one side."""
    import torch

    moved = np.zeros(count, np.int64) if shifts is None else shifts
    found = []
    with torch.no_grad():
        for rows in np.array_split(np.arange(count), max(-(-count // batch), 1)):
            found.append(net(make(rows, moved[rows])))
    embedding, logits = (torch.cat(one).numpy() for one in zip(*found, strict=True))
    return embedding, logits


def build(
    corpus: Path, recipe: GraphRecipe, *, report: Callable[[str], None] = lambda line: None
) -> GraphRuntime:
    """Return an encoder trained on a corpus' human windows, with its measures on test windows in the notes."""
    import torch

    from zhiyin.models.graph_net import GraphNet, plain_weights

    classes, sides = draw_graph_windows(corpus, report=report)
    config = graph_config(len(classes))
    torch.manual_seed(recipe.seed)
    net = GraphNet(config, dropout=recipe.dropout)
    seconds = fit(net, sides["train"], recipe, make=graph_batches(sides["train"], config), report=report)
    test = measure_encoder(
        lambda shifts: run_net(net, graph_batches(sides["test"], config), len(sides["test"]), shifts=shifts),
        sides["test"], seed=recipe.seed,
    )  # fmt: skip
    report(f"test: {test}")
    sets = Counter(name.split("/")[0] for name in sides["train"].names)
    card = {
        "recipe": asdict(recipe), "cpu_seconds": round(seconds), "test": asdict(test),
        "windows": {side: len(w) for side, w in sides.items()}, "sets": dict(sets.most_common()),
    }  # fmt: skip
    return GraphRuntime(config, plain_weights(net), {"classes": list(classes), "card": card})


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


def main(words: Sequence[str]) -> int:
    """Build from the corpus folder in the first word into the file in the second, or the shipped place."""
    if not 1 <= len(words) <= 2:
        sys.stderr.write("usage: python -m zhiyin.listen.graph_build CORPUS [FILE]\n")
        return 2
    target = Path(words[1]) if len(words) == 2 else DEFAULT_GRAPH_NET
    net = build(Path(words[0]), GraphRecipe(), report=_tell)
    target.parent.mkdir(parents=True, exist_ok=True)
    save_graph_net(net, target)
    _tell(f"wrote {target}, {target.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
