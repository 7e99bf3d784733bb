"""A graph network without torch: notes hear their neighbours a few times, then a window becomes one vector.

Conventions: a batch of graphs is one graph of many pieces; relations are numbered; weights carry torch's names.
This module does not know notes: fields and relations are numbers (see `zhiyin.listen.graph_windows`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file
from scipy import sparse

from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.units import Float32Array, IntArray

TINY = 1e-6
POOLS = 6  # of the notes alone and of what they heard: mean, largest, spread between bars


@dataclass(frozen=True, slots=True)
class GraphConfig:
    """Sizes of a graph network.

    field_sizes: how many values each field of a node has; relations: kinds of neighbours; labels: values an edge can
    carry; classes: of the answer.
    """

    field_sizes: tuple[int, ...]
    relations: int
    labels: int
    classes: int
    width: int = 64
    layers: int = 3
    embedding: int = 128


@dataclass(frozen=True, eq=False)
class Graphs:
    """Some windows as one graph.

    fields: (nodes, fields) numbers; mix: (nodes * relations, nodes + relations * labels), row v * relations + r holds
    1 / n at each of v's n neighbours by r, and at r * labels + label of each edge to them after the nodes;
    window: (nodes,) 0.. in order; bar: (nodes,) numbered over all windows; count: windows.
    """

    fields: IntArray
    mix: Any
    window: IntArray
    bar: IntArray
    count: int


def make_graphs(
    fields: IntArray, edges: IntArray, *, window: IntArray, bar: IntArray, config: GraphConfig
) -> Graphs:
    """Return a batch; edges: (4, edges) of source, target, relation and label. window must not go back."""
    nodes, r, k = len(fields), config.relations, config.labels
    source, target, relation, label = edges
    row = target * r + relation
    share = (1.0 / np.maximum(np.bincount(row, minlength=nodes * r), 1)).astype(np.float32)[row]
    rows, columns = np.tile(row, 2), np.concatenate([source, nodes + relation * k + label])
    mix = sparse.csr_matrix((np.tile(share, 2), (rows, columns)), shape=(nodes * r, nodes + r * k))
    count = int(window[-1]) + 1 if nodes else 0
    return Graphs(fields, mix, window, bar, count)


def pool_matrices(graphs: Graphs) -> tuple[Any, Any, Any]:
    """Return (windows, nodes) means over nodes, (bars, nodes) means over bars, (windows, bars) means over those."""
    nodes = graphs.window.size
    bars, of_bar, size = np.unique(graphs.bar, return_inverse=True, return_counts=True)
    first = np.zeros(bars.size, np.int64)
    first[of_bar] = graphs.window
    in_window = np.bincount(graphs.window, minlength=graphs.count)
    in_bars = np.bincount(first, minlength=graphs.count)
    at = np.arange(nodes)
    over_nodes = _averages(graphs.window, at, in_window, (graphs.count, nodes))
    over_bar = _averages(of_bar, at, size, (bars.size, nodes))
    return over_nodes, over_bar, _averages(first, np.arange(bars.size), in_bars, (graphs.count, bars.size))


def _averages(row: IntArray, column: IntArray, size: IntArray, shape: tuple[int, int]) -> Any:
    return sparse.csr_matrix(((1.0 / size[row]).astype(np.float32), (row, column)), shape=shape)


@dataclass(frozen=True, eq=False)
class GraphRuntime:
    """A trained graph network.

    config: its sizes; weights: {torch's name: array}; notes: what else its file says (classes, card).
    """

    config: GraphConfig
    weights: Mapping[str, Float32Array]
    notes: Mapping[str, Any]

    def embed(self, graphs: Graphs) -> Float32Array:
        """Return (windows, embedding) vectors, not of length 1. Raises InvalidInput when fields are of other sizes."""
        self._check(graphs.fields)
        w, c = self.weights, self.config
        offsets = np.cumsum([0, *c.field_sizes[:-1]])
        alone = h = w["fields.weight"][graphs.fields + offsets].sum(axis=1)
        for layer in range(c.layers):
            p = f"layers.{layer}."
            x = _unit(h)
            told = (graphs.mix @ np.concatenate([x, w[p + "labels"]])).reshape(len(x), -1)
            u = told @ w[p + "told.weight"].T + x @ w[p + "own.weight"].T + w[p + "own.bias"]
            h = h + _silu(u) @ w[p + "out.weight"].T
        pooled = _pool(np.concatenate([_unit(alone), _unit(h)], axis=1), graphs)
        found: Float32Array = pooled @ w["embedding.weight"].T + w["embedding.bias"]
        return found

    def logits(self, embedding: Float32Array) -> Float32Array:
        """Return (windows, classes) log-odds of embeddings."""
        found: Float32Array = _silu(embedding) @ self.weights["style.weight"].T + self.weights["style.bias"]
        return found

    def _check(self, fields: IntArray) -> None:
        sizes = np.array(self.config.field_sizes)
        if fields.ndim != 2 or fields.shape[1] != sizes.size:
            raise InvalidInput(f"fields must be (nodes, {sizes.size}), got {fields.shape}: use graph_window")
        if fields.size and (fields.min() < 0 or np.any(fields >= sizes)):
            raise InvalidInput(
                f"fields must lie below {sizes.tolist()}, got {fields.max(axis=0).tolist()} at most"
            )


def _unit(x: Float32Array) -> Float32Array:
    return np.asarray(x / np.sqrt((x * x).mean(axis=1, keepdims=True) + TINY), np.float32)


def _silu(x: Float32Array) -> Float32Array:
    return np.asarray(x / (1.0 + np.exp(-x)), np.float32)


def _pool(h: Float32Array, graphs: Graphs) -> Float32Array:
    over_nodes, over_bar, over_bars = pool_matrices(graphs)
    starts = np.searchsorted(graphs.window, np.arange(graphs.count))
    bars = over_bar @ h
    middle = over_bars @ bars
    spread = np.sqrt(np.maximum(over_bars @ (bars * bars) - middle * middle, 0.0) + TINY)
    return np.concatenate([over_nodes @ h, np.maximum.reduceat(h, starts, axis=0), spread], axis=1)


def save_graph_net(net: GraphRuntime, path: Path) -> None:
    """Write a network in half precision, whole or not at all."""
    halves = {
        n: np.ascontiguousarray(a, np.float32 if a.ndim == 1 else np.float16) for n, a in net.weights.items()
    }
    text = json.dumps({"config": asdict(net.config), **net.notes}, ensure_ascii=False)
    part = path.with_suffix(".part")
    save_file(halves, part, metadata={"graph_net": text})
    part.chmod(0o644)  # safetensors writes for the owner only
    part.replace(path)


def load_graph_net(path: Path) -> GraphRuntime:
    """Return a network from its file. Raises NotFound when there is none, UnreadableFile when it is not one."""
    if not path.is_file():
        raise NotFound(
            f"no graph network at {str(path)!r}: run  python -m zhiyin.listen.graph_build CORPUS FILE"
        )
    try:
        with safe_open(path, framework="numpy") as file:
            notes = json.loads((file.metadata() or {})["graph_net"])
            weights = {name: file.get_tensor(name).astype(np.float32) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, KeyError, ValueError) as error:
        raise UnreadableFile(path, "its header", f"a graph network is a file of ours ({error})") from error
    sizes = notes.pop("config")
    return GraphRuntime(GraphConfig(**{**sizes, "field_sizes": tuple(sizes["field_sizes"])}), weights, notes)
