"""What graph encoders learn from and are asked: windows of human pieces by style, works kept on one side.

Conventions: pieces, classes and sides are those of `zhiyin.judge.style_net_data`; windows of a piece do not overlap.
This module does not train: see `zhiyin.listen.graph_build`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhiyin.data.corpus import load_human_corpus
from zhiyin.judge.excerpts import Excerpt, draw_places
from zhiyin.judge.style_net_data import split_pieces
from zhiyin.listen.graph_windows import GraphWindow, graph_window
from zhiyin.units import IntArray

SIDES = ("train", "valid", "test")
# side -> (most pieces of a class, most windows of a piece)
MOST = {"train": (250, 3), "valid": (40, 3), "test": (80, 4)}


@dataclass(frozen=True, eq=False)
class GraphWindows:
    """Windows of one side.

    windows: as graphs; excerpts: the same as notes; label: (windows,) class; piece: (windows,) number, equal for
    windows of one piece; names: of the pieces by number; first_bar: (windows,).
    """

    windows: tuple[GraphWindow, ...]
    excerpts: tuple[Excerpt, ...]
    label: IntArray
    piece: IntArray
    names: tuple[str, ...]
    first_bar: IntArray

    def __len__(self) -> int:
        return len(self.windows)


def draw_graph_windows(
    corpus: Path, *, seed: int = 0, report: Callable[[str], None] = lambda line: None
) -> tuple[tuple[str, ...], dict[str, GraphWindows]]:
    """Return (classes, {side: windows}) of a corpus' human pieces."""
    view = load_human_corpus(corpus)
    pieces = split_pieces(view)
    found = {}
    for number, side in enumerate(SIDES):
        most_pieces, most_windows = MOST[side]
        drawn, labels = [], []
        for label, name in enumerate(pieces):
            rng = np.random.default_rng([seed, label, number])
            order = rng.permutation(np.array(pieces[name][side], np.int64))[:most_pieces].tolist()
            mine = draw_places(view, order, per_piece=most_windows, rng=rng)
            drawn += mine
            labels += [label] * len(mine)
        names, piece = np.unique([place.piece for place, _ in drawn], return_inverse=True)
        excerpts = tuple(excerpt for _, excerpt in drawn)
        first = np.array([place.first_bar for place, _ in drawn])
        windows = tuple(graph_window(e) for e in excerpts)
        found[side] = GraphWindows(windows, excerpts, np.array(labels), piece, tuple(names.tolist()), first)
        report(f"{side}: {len(excerpts):,} windows of {len(names):,} pieces")
    return tuple(pieces), found
