"""What the style listener learns from: whole human pieces by style, works kept on one side, windows of each piece.

Conventions: sides and works are those of `zhiyin.judge.style_net_data`, classes those of
`zhiyin.listen.style_labels`. This module does not train: see `zhiyin.listen.style_build`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.data.corpus import CorpusView
from zhiyin.errors import InvalidInput
from zhiyin.judge.excerpts import BARS, Excerpt, Place, corpus_excerpt, piece_places
from zhiyin.judge.style_net_data import split_pieces
from zhiyin.listen.style_labels import style_of_record
from zhiyin.units import IntArray

SIDES = ("train", "valid", "test")
MOST_TRAIN_PIECES = 300  # a class; drawn by seed
MOST_WINDOWS = 6  # a piece, spread evenly over it


@dataclass(frozen=True, eq=False)
class PieceSplit:
    """Pieces of a corpus by side.

    classes: style names; index: {side: (n,) pieces of the view}; label: {side: (n,) index into classes}.
    """

    classes: tuple[str, ...]
    index: dict[str, IntArray]
    label: dict[str, IntArray]


def style_split(view: CorpusView, *, seed: int = 0, most: int = MOST_TRAIN_PIECES) -> PieceSplit:
    """Return the pieces of every style with which side they stand on, at most `most` a class to learn from.

    No work stands on two sides; valid and test are whole. Every recogniser of styles is compared on this split.
    Raises InvalidInput when the corpus holds fewer than two styles.
    """
    by_class = pieces_by_style(view)
    if len(by_class) < 2:
        raise InvalidInput(f"a corpus must hold 2 styles, got {sorted(by_class)}: add pieces")
    classes = tuple(sorted(by_class))
    rng = np.random.default_rng(seed)
    for name in classes:
        pieces = np.array(sorted(by_class[name]["train"]), np.int64)
        by_class[name]["train"] = np.sort(rng.permutation(pieces)[:most]).tolist()
    index = {side: np.concatenate([np.array(by_class[n][side], np.int64) for n in classes]) for side in SIDES}
    sizes = {side: [len(by_class[name][side]) for name in classes] for side in SIDES}
    label = {side: np.repeat(np.arange(len(classes)), sizes[side]) for side in SIDES}
    return PieceSplit(classes, index, label)


def pieces_by_style(view: CorpusView) -> dict[str, dict[str, list[int]]]:
    """Return {class: {side: pieces}} after `style_of_record`."""
    composers, found = view.column("composer"), dict[str, dict[str, list[int]]]()
    for label, sides in split_pieces(view).items():
        for side in SIDES:
            for index in sides[side]:
                parts = view.piece(index).parts
                programs, drums = np.asarray(parts["program"], np.int64), np.asarray(parts["is_drums"], bool)
                name = style_of_record(label, str(composers[index]), programs, is_drums=drums)
                if name is not None:
                    found.setdefault(name, {side: [] for side in SIDES})[side].append(index)
    return found


def piece_windows(view: CorpusView, index: int, *, most: int = MOST_WINDOWS) -> list[Excerpt]:
    """Return at most `most` windows of a piece that do not overlap, spread evenly over it, each worth judging."""
    return [corpus_excerpt(view, place) for place in spread_places(view, index, most=most)]


def spread_places(view: CorpusView, index: int, *, most: int) -> list[Place]:
    """Return where the windows of a piece stand: the first whole ones, one after another, then evenly thinned."""
    taken: list[Place] = []
    for place in piece_places(view, index):
        clear = not taken or place.first_bar >= taken[-1].first_bar + BARS
        if clear and corpus_excerpt(view, place).is_worth_judging:
            taken.append(place)
    return [taken[i] for i in thinned(len(taken), most)]


def thinned(count: int, most: int) -> NDArray[np.int64]:
    """Return at most `most` of the numbers 0..count-1, spread evenly.

    >>> thinned(3, 6).tolist(), thinned(9, 3).tolist()
    ([0, 1, 2], [0, 4, 8])
    """
    chosen: NDArray[np.int64] = np.unique(
        np.round(np.linspace(0, count - 1, min(count, most))).astype(np.int64)
    )
    return chosen
