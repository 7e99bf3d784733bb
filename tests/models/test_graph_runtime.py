"""Laws of the graph network: means over neighbours, windows on their own, numpy like torch, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.models.graph_runtime import (
    GraphConfig,
    GraphRuntime,
    Graphs,
    load_graph_net,
    make_graphs,
    pool_matrices,
    save_graph_net,
)

CONFIG = GraphConfig((3, 5), relations=2, labels=3, classes=4, width=8, layers=2, embedding=6)


def random_edges(rng: np.random.Generator, nodes: int) -> Any:
    """Return 3 edges a node with random ends, relations and labels."""
    n = 3 * nodes
    return np.stack(
        [
            rng.integers(nodes, size=n),
            rng.integers(nodes, size=n),
            rng.integers(2, size=n),
            rng.integers(3, size=n),
        ]
    )


def random_graphs(seed: int, sizes: tuple[int, ...]) -> tuple[Graphs, list[Graphs]]:
    """Return some windows as one batch, and each alone."""
    rng = np.random.default_rng(seed)
    alone, edges, start = [], [], 0
    for size in sizes:
        fields = np.stack([rng.integers(3, size=size), rng.integers(5, size=size)], axis=1)
        mine, bar = random_edges(rng, size), np.sort(rng.integers(4, size=size))
        alone.append(make_graphs(fields, mine, window=np.zeros(size, np.int64), bar=bar, config=CONFIG))
        edges.append(mine + np.array([[start], [start], [0], [0]]))
        start += size
    window = np.repeat(np.arange(len(sizes)), sizes)
    joined = make_graphs(
        np.concatenate([g.fields for g in alone]), np.concatenate(edges, axis=1), window=window,
        bar=window * 4 + np.concatenate([g.bar for g in alone]), config=CONFIG,
    )  # fmt: skip
    return joined, alone


def random_runtime(seed: int = 0) -> GraphRuntime:
    """Return a network with random weights of the sizes that CONFIG asks for."""
    rng, c = np.random.default_rng(seed), CONFIG
    shapes: dict[str, tuple[int, ...]] = {
        "fields.weight": (8, 8), "embedding.weight": (6, 48), "embedding.bias": (6,), "style.weight": (4, 6),
        "style.bias": (4,),
    }  # fmt: skip
    for layer in range(c.layers):
        p = f"layers.{layer}."
        shapes |= {
            p + "labels": (6, 8), p + "told.weight": (8, 16), p + "own.weight": (8, 8), p + "own.bias": (8,),
            p + "out.weight": (8, 8),
        }  # fmt: skip
    weights = {n: rng.normal(0, 0.3, s).astype(np.float32) for n, s in shapes.items()}
    return GraphRuntime(c, weights, {"classes": list("abcd"), "card": {}})


def test_a_row_of_the_mix_is_the_mean_over_neighbours_and_labels() -> None:
    edges = np.array([[1, 2], [0, 0], [1, 1], [2, 0]])  # notes 1 and 2 tell note 0, by relation 1
    graphs = make_graphs(
        np.zeros((3, 2), np.int64), edges, window=np.zeros(3, np.int64), bar=np.zeros(3, np.int64), config=CONFIG
    )  # fmt: skip
    mix = graphs.mix.toarray()
    assert mix.shape == (6, 9)
    assert mix[1].tolist() == [0, 0.5, 0.5, 0, 0, 0, 0.5, 0, 0.5]  # 3 notes, then labels of relation 0, of 1
    assert not np.delete(mix, 1, axis=0).any()


def test_bars_of_a_window_weigh_the_same_whatever_they_hold() -> None:
    none = np.empty((4, 0), np.int64)
    graphs = make_graphs(
        np.zeros((4, 2), np.int64), none, window=np.array([0, 0, 0, 1]), bar=np.array([0, 0, 1, 4]), config=CONFIG
    )  # fmt: skip
    over_nodes, over_bar, over_bars = pool_matrices(graphs)
    third = np.float32(1 / 3)
    assert np.allclose(over_nodes.toarray(), [[third, third, third, 0], [0, 0, 0, 1]])
    assert (over_bars @ over_bar).toarray().tolist() == [[0.25, 0.25, 0.5, 0], [0, 0, 0, 1]]


def test_a_window_is_embedded_alike_alone_and_among_others() -> None:
    joined, alone = random_graphs(1, (5, 1, 12))
    net = random_runtime()
    assert np.allclose(net.embed(joined), np.concatenate([net.embed(g) for g in alone]), atol=1e-5)


def test_numpy_and_torch_agree() -> None:
    torch = pytest.importorskip("torch")
    from zhiyin.models.graph_net import GraphNet, plain_weights

    torch.manual_seed(3)
    net = GraphNet(CONFIG).eval()
    graphs, _ = random_graphs(2, (7, 30, 3))
    with torch.no_grad():
        embedding, logits = net(graphs)
    runtime = GraphRuntime(CONFIG, plain_weights(net), {})
    mine = runtime.embed(graphs)
    assert np.abs(mine - embedding.numpy()).max() < 1e-4
    assert np.abs(runtime.logits(mine) - logits.numpy()).max() < 1e-4


def test_a_sparse_product_hands_its_gradient_back() -> None:
    torch = pytest.importorskip("torch")
    from scipy import sparse

    from zhiyin.models.graph_net import sparse_product

    matrix = np.array([[0, 2, 0], [1, 0, 3]], np.float32)
    dense = torch.ones(3, 2, requires_grad=True)
    weights = torch.tensor([[1.0, 0.0], [0.0, 10.0]])
    (sparse_product(sparse.csr_matrix(matrix), dense) * weights).sum().backward()
    assert dense.grad.tolist() == [[0, 10], [2, 0], [0, 30]]  # matrix.T @ weights, by hand


def test_a_saved_network_embeds_as_before_to_half_precision(tmp_path: Path) -> None:
    net, (graphs, _) = random_runtime(), random_graphs(4, (9, 9))
    save_graph_net(net, tmp_path / "net.safetensors")
    back = load_graph_net(tmp_path / "net.safetensors")
    assert (back.config, back.notes["classes"]) == (CONFIG, ["a", "b", "c", "d"])
    assert np.abs(back.embed(graphs) - net.embed(graphs)).max() < 5e-3


def test_what_does_not_fit_is_refused_with_the_remedy(tmp_path: Path) -> None:
    net, (graphs, _) = random_runtime(), random_graphs(5, (2,))
    wrong = Graphs(graphs.fields + 5, graphs.mix, graphs.window, graphs.bar, graphs.count)
    with pytest.raises(InvalidInput, match=r"fields must lie below \[3, 5\], got"):
        net.embed(wrong)
    with pytest.raises(InvalidInput, match=r"fields must be \(nodes, 2\), got \(2, 1\): use graph_window"):
        net.embed(Graphs(graphs.fields[:, :1], graphs.mix, graphs.window, graphs.bar, graphs.count))
    with pytest.raises(NotFound, match=r"no graph network at .* run  python -m"):
        load_graph_net(tmp_path / "none.safetensors")
    (tmp_path / "bad.safetensors").write_bytes(b"no")
    with pytest.raises(UnreadableFile, match="a graph network is a file of ours"):
        load_graph_net(tmp_path / "bad.safetensors")
