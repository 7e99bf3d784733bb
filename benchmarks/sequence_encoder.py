"""What the graph encoder is compared with: an encoder of notes in time order, and a perceptron on hand features.

Conventions: the sequence encoder is the same network over the same fields of the same notes, but a note's neighbours
are those 1, 2, 4 and 8 places before and after it in time order: a dilated convolution (van den Oord et al., 2016).
Does not know: how they are trained (zhiyin.listen.graph_build.fit).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from zhiyin.listen.graph_windows import GraphWindow, interval_labels

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


class HandNet(nn.Module):
    """A perceptron on standardised hand features, made like the style classifier's, with a wider embedding."""

    def __init__(self, features: int, classes: int, *, hidden: int = 160, width: int = 128) -> None:
        super().__init__()
        self.hidden, self.embedding = nn.Linear(features, hidden), nn.Linear(hidden, width)
        self.style, self.drop = nn.Linear(width, classes), nn.Dropout(0.4)

    def forward(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Return (windows, width) and (windows, classes) log-odds of (windows, features)."""
        noisy = rows + 0.15 * torch.randn_like(rows) if self.training else rows
        embedding = self.embedding(self.drop(functional.silu(self.hidden(noisy))))
        return embedding, self.style(functional.silu(embedding))
