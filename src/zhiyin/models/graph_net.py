"""A graph network in torch: relational convolution over typed edges, for training.

Conventions: as `zhiyin.models.graph_runtime`, which runs the same weights in numpy. Messages are means over each kind
of neighbour (Schlichtkrull et al., "Modeling Relational Data with Graph Convolutional Networks", 2018), with a learned
vector for the label of the edge. This module does not know notes.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from zhiyin.models.graph_runtime import POOLS, TINY, GraphConfig, Graphs, pool_matrices


class _SparseProduct(torch.autograd.Function):
    """A constant sparse matrix times a dense one: torch's own backward would look for the matrix' gradient."""

    @staticmethod
    def forward(ctx: Any, dense: Tensor, both_ways: tuple[Tensor, Tensor]) -> Tensor:
        matrix, ctx.transposed = both_ways
        return matrix @ dense

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        return ctx.transposed @ grads[0].contiguous(), None


def sparse_product(matrix: Any, dense: Tensor) -> Tensor:
    """Return a scipy CSR matrix times a tensor, with the gradient of the tensor."""
    apply: Any = _SparseProduct.apply
    product: Tensor = apply(dense, (_tensor(matrix), _tensor(matrix.T.tocsr())))
    return product


def _tensor(matrix: Any) -> Tensor:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")
        return torch.sparse_csr_tensor(
            torch.from_numpy(matrix.indptr.astype(np.int64)),
            torch.from_numpy(matrix.indices.astype(np.int64)),
            torch.from_numpy(matrix.data),
            size=matrix.shape,
            check_invariants=False,
        )


def unit(x: Tensor) -> Tensor:
    """Return rows scaled to a mean square of 1."""
    return x / torch.sqrt((x * x).mean(dim=1, keepdim=True) + TINY)


def pool(h: Tensor, graphs: Graphs) -> Tensor:
    """Return (windows, 3 * width): mean and largest over nodes, spread between the means of bars; h: (nodes, width)."""
    over_nodes, over_bar, over_bars = pool_matrices(graphs)
    index = torch.from_numpy(graphs.window)[:, None].expand_as(h)
    largest = torch.full((graphs.count, h.shape[1]), -torch.inf).scatter_reduce(0, index, h, reduce="amax")
    bars = sparse_product(over_bar, h)
    middle = sparse_product(over_bars, bars)
    spread = torch.sqrt((sparse_product(over_bars, bars * bars) - middle * middle).clamp(min=0.0) + TINY)
    return torch.cat([sparse_product(over_nodes, h), largest, spread], dim=1)


class GraphLayer(nn.Module):
    """One round of hearing the neighbours."""

    def __init__(self, config: GraphConfig) -> None:
        super().__init__()
        width, relations = config.width, config.relations
        self.labels = nn.Parameter(0.5 * torch.randn(relations * config.labels, width))
        self.told = nn.Linear(relations * width, width, bias=False)
        self.own = nn.Linear(width, width)
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, h: Tensor, graphs: Graphs, *, drop: nn.Module) -> Tensor:
        """Return (nodes, width) after one round."""
        x = unit(h)
        told = sparse_product(graphs.mix, torch.cat([x, self.labels])).reshape(len(x), -1)
        heard: Tensor = drop(self.out(nn.functional.silu(self.told(told) + self.own(x))))
        return h + heard


class GraphNet(nn.Module):
    """A graph network with an embedding and a class head."""

    def __init__(self, config: GraphConfig, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.config = config
        self.fields = nn.Embedding(sum(config.field_sizes), config.width)
        nn.init.normal_(self.fields.weight, std=len(config.field_sizes) ** -0.5)
        self.layers = nn.ModuleList(GraphLayer(config) for _ in range(config.layers))
        self.embedding = nn.Linear(POOLS * config.width, config.embedding)
        self.style = nn.Linear(config.embedding, config.classes)
        self.drop = nn.Dropout(dropout)
        self.offsets = np.cumsum([0, *config.field_sizes[:-1]])

    def forward(self, graphs: Graphs) -> tuple[Tensor, Tensor]:
        """Return (windows, embedding) and (windows, classes) log-odds."""
        alone = h = self.fields(torch.from_numpy(graphs.fields + self.offsets)).sum(dim=1)
        for layer in self.layers:
            h = layer(h, graphs, drop=self.drop)
        embedding = self.embedding(self.drop(pool(torch.cat([unit(alone), unit(h)], dim=1), graphs)))
        return embedding, self.style(self.drop(nn.functional.silu(embedding)))


def plain_weights(net: nn.Module) -> dict[str, Any]:
    """Return {name: float32 array} of a network's parameters."""
    return {name: p.detach().numpy().astype(np.float32).copy() for name, p in net.named_parameters()}
