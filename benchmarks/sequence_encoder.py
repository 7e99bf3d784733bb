"""What the graph encoder is compared with: two encoders of notes in time order, and a perceptron on hand features.

Conventions: sequence encoders take the same windows and fields of notes as the graph network, with the same pooling,
embedding and head. The convolution is the same network over neighbours in order instead of neighbours in the music;
the transformer is told time by rotation (RoPE, Su et al., 2021).
Does not know: how they are trained (zhiyin.listen.graph_build.fit).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from zhiyin.listen.graph_windows import FIELDS, GraphWindow, interval_labels
from zhiyin.models.graph_net import pool, unit
from zhiyin.models.graph_runtime import POOLS, GraphConfig, Graphs

HEAD = 16
STRIDES = (-8, -4, -2, -1, 1, 2, 4, 8)  # notes before and after that a convolution sees in one layer


def in_sequence(window: GraphWindow) -> GraphWindow:
    """Return a window whose edges join notes by their places in time order alone, a relation for each stride."""
    blocks = []
    for relation, stride in enumerate(STRIDES):
        target = np.arange(max(-stride, 0), len(window) - max(stride, 0))
        source = target + stride
        is_drums = window.is_drums[source] | window.is_drums[target]
        label = interval_labels(window.pitch[source], window.pitch[target], is_drums)
        blocks.append(np.stack([source, target, np.full(source.size, relation), label]))
    return replace(window, edges=np.concatenate(blocks, axis=1))


def onset_steps(graphs: Graphs) -> Tensor:
    """Return (notes,) where each note begins in its window, in steps."""
    bar, beat, place = (graphs.fields[:, list(FIELDS).index(name)] for name in ("bar", "beat", "place"))
    first = np.minimum.reduceat(graphs.bar, np.searchsorted(graphs.window, np.arange(graphs.count)))
    return torch.from_numpy((graphs.bar - first[graphs.window]) * bar * 12 + beat * 24 + place).float()


@dataclass(frozen=True, eq=False)
class Rows:
    """Windows of like sizes side by side: take (windows, longest) notes, is_pad the same shape, turn (cos, sin)."""

    take: Tensor
    is_pad: Tensor
    turn: tuple[Tensor, Tensor]


def padded_rows(graphs: Graphs, *, together: int = 16) -> list[Rows]:
    """Return the batch's windows in groups, sorted by size so that little is padded."""
    sizes = np.bincount(graphs.window, minlength=graphs.count)
    starts = np.cumsum(sizes) - sizes
    angle = (onset_steps(graphs) / 24)[:, None] * torch.logspace(0.5, -2, HEAD // 2)  # 3 to 1/100 a quarter
    found = []
    for group in np.array_split(np.argsort(sizes), -(-graphs.count // together)):
        places = np.arange(sizes[group].max())[None, :]
        is_pad = torch.from_numpy(places >= sizes[group, None])
        take = torch.from_numpy(starts[group, None] + np.minimum(places, sizes[group, None] - 1))
        found.append(Rows(take, is_pad, (angle[take].cos()[:, None], angle[take].sin()[:, None])))
    return found


def turned(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """Return (windows, heads, notes, HEAD) with both halves of each head turned by time."""
    a, b = x.chunk(2, dim=3)
    return torch.cat([a * turn[0] - b * turn[1], a * turn[1] + b * turn[0]], dim=3)


class AttentionLayer(nn.Module):
    """A round of attention within each window, then a perceptron."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.ask = nn.Linear(width, 3 * width, bias=False)
        self.answer = nn.Linear(width, width, bias=False)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, h: Tensor, rows: list[Rows], *, drop: nn.Module) -> Tensor:
        """Return (notes, width) after one round."""
        asked, read = self.ask(unit(h)), torch.zeros_like(h)
        for group in rows:
            some = asked[group.take]  # (windows, notes, 3 * width)
            q, k, v = some.reshape(*some.shape[:2], 3, -1, HEAD).permute(2, 0, 3, 1, 4)
            near = turned(q, group.turn) @ turned(k, group.turn).transpose(2, 3) / HEAD**0.5
            near = near.masked_fill(group.is_pad[:, None, None, :], -torch.inf)
            told = (near.softmax(dim=3) @ v).transpose(1, 2).flatten(2)
            read = read.index_put((group.take[~group.is_pad],), told[~group.is_pad])
        h = h + drop(self.answer(read))
        return h + drop(self.down(functional.silu(self.up(unit(h)))))


class SequenceNet(nn.Module):
    """A transformer over note tuples with the head of a graph network."""

    def __init__(self, config: GraphConfig, *, layers: int = 3, dropout: float = 0.1) -> None:
        super().__init__()
        self.fields = nn.Embedding(sum(config.field_sizes), config.width)
        nn.init.normal_(self.fields.weight, std=len(config.field_sizes) ** -0.5)
        self.layers = nn.ModuleList(AttentionLayer(config.width) for _ in range(layers))
        self.embedding = nn.Linear(POOLS * config.width, config.embedding)
        self.style = nn.Linear(config.embedding, config.classes)
        self.drop = nn.Dropout(dropout)
        self.offsets = np.cumsum([0, *config.field_sizes[:-1]])

    def forward(self, graphs: Graphs) -> tuple[Tensor, Tensor]:
        """Return (windows, embedding) and (windows, classes) log-odds."""
        h = self.fields(torch.from_numpy(graphs.fields + self.offsets)).sum(dim=1)
        rows = padded_rows(graphs)
        for layer in self.layers:
            h = layer(h, rows, drop=self.drop)
        embedding = self.embedding(self.drop(pool(unit(h), graphs)))
        return embedding, self.style(self.drop(functional.silu(embedding)))


class HandNet(nn.Module):
    """A perceptron on standardised hand features, made like the style classifier's, with a wider embedding."""

    def __init__(self, features: int, classes: int, *, hidden: int = 160, width: int = 64) -> None:
        super().__init__()
        self.hidden, self.embedding = nn.Linear(features, hidden), nn.Linear(hidden, width)
        self.style, self.drop = nn.Linear(width, classes), nn.Dropout(0.4)

    def forward(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Return (windows, width) and (windows, classes) log-odds of (windows, features)."""
        noisy = rows + 0.15 * torch.randn_like(rows) if self.training else rows
        embedding = self.embedding(self.drop(functional.silu(self.hidden(noisy))))
        return embedding, self.style(functional.silu(embedding))
