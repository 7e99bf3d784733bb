"""Pieces alike: whether halves of held-out pieces find each other, and what the nearest piece of the index shares.

Conventions: test pieces of `zhiyin.listen.style_data`, at most six windows each, in their own keys; halves of those
with four windows or more, one asked among all the others. No test work stands in the index or was learned from.
Does not know: how vectors are made.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.human_windows import corpus_folder
from benchmarks.runner import Context, Result
from zhiyin.data.corpus import CorpusView, load_human_corpus
from zhiyin.listen.find import load_find_index, place_vectors
from zhiyin.listen.piece_index import PieceIndex, place_of
from zhiyin.listen.retrieval import cosines, rank_of
from zhiyin.listen.style import load_style
from zhiyin.listen.style_data import piece_windows, style_split
from zhiyin.listen.style_hearing import hearing_of_windows
from zhiyin.units import Float32Array

GRAPH = 128  # numbers of the graph encoder, first in a vector; those of the style network are the last
Vectors = list[Float32Array]


def run(ctx: Context) -> list[Result]:
    """Return how often halves find each other, space by space, and what the nearest piece shares."""
    view = load_human_corpus(corpus_folder())
    split, net, index = style_split(view), load_style(), load_find_index()
    pieces, labels, vectors = [], [], []
    for piece, label in zip(split.index["test"].tolist(), split.label["test"].tolist(), strict=True):
        windows = piece_windows(view, piece)
        if windows:
            pieces.append(piece)
            labels.append(split.classes[label])
            vectors.append(place_vectors(hearing_of_windows(windows), net))
    style = net.embed(hearing_of_windows(piece_windows(view, pieces[0]))).size
    rows = []
    for name, part in {
        "graph": slice(0, GRAPH),
        "hand features": slice(GRAPH, -style),
        "style network": slice(-style, None),
        "graph and hand features": slice(0, -style),
    }.items():
        rows += halves_rows(ctx, name, halves([v[:, part] for v in vectors]))
    first, second = (
        np.stack([place_of(half[None], index.centre, index.axes) for half in side])
        for side in halves(vectors)
    )
    rows += halves_rows(ctx, "all three, as shipped", (first, second))
    return rows + shared_rows(ctx, index, vectors, told=told_of(view, pieces, labels))


def halves(vectors: Vectors) -> tuple[Float32Array, Float32Array]:
    """Return the mean vectors of first and of second halves, of pieces with four windows or more."""
    long = [v for v in vectors if len(v) >= 4]
    return (
        np.stack([v[: len(v) // 2].mean(axis=0) for v in long]),
        np.stack([v[len(v) // 2 :].mean(axis=0) for v in long]),
    )


def halves_rows(ctx: Context, name: str, sides: tuple[Float32Array, Float32Array]) -> list[Result]:
    """Return how often a first half finds its second half first, and the mean reciprocal rank."""
    near = cosines(*sides)
    found = rank_of(near, is_right=np.eye(len(near), dtype=bool))
    return [
        ctx.result(f"{name}: a half finds the other first", found.first, "share", n=found.queries),
        ctx.result(f"{name}: mean reciprocal rank", found.mean_reciprocal, "1/rank", n=found.queries),
    ]


def told_of(view: CorpusView, pieces: list[int], labels: list[str]) -> dict[str, NDArray[np.str_]]:
    """Return {what: (pieces,) text} of what a piece may share with another."""
    columns = {name: np.array([str(view.column(name)[p]) for p in pieces]) for name in ("composer", "set")}
    return {"style": np.array(labels), **columns}


def shared_rows(
    ctx: Context, index: PieceIndex, vectors: Vectors, *, told: dict[str, NDArray[np.str_]]
) -> list[Result]:
    """Return how often the nearest piece shares style, composer (where the index has the composer) and set."""
    near = [index.nearest(v, count=1)[0] for v in vectors]
    answers = {
        "style": [one.label for one in near],
        "composer": [one.composer for one in near],
        "set": [one.collection for one in near],
    }
    rows = []
    for name, asked in told.items():
        is_asked = (
            np.isin(asked, index.composers) & (asked != "")
            if name == "composer"
            else np.full(asked.size, True)
        )
        share = float(np.mean((np.array(answers[name]) == asked)[is_asked]))
        rows.append(ctx.result(f"the nearest piece shares its {name}", share, "share", n=int(is_asked.sum())))
    return rows
