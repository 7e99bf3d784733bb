"""Pieces alike: which of the pieces that people wrote lie nearest to what was heard, in any key.

Conventions: a window is told by the graph encoder, by hand features and by its place in the style network; who plays,
tempo, dynamics and names are not heard. This module does not build the index: see `find_build`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from zhiyin.listen.base import Near
from zhiyin.listen.graph_embed import find_vectors
from zhiyin.listen.piece_index import PieceIndex, load_piece_index
from zhiyin.listen.piece_net import PieceNet
from zhiyin.listen.style_hearing import Hearing
from zhiyin.units import Float32Array

FIND_INDEX = Path(__file__).parent / "weights" / "find-index.safetensors"


@cache
def load_find_index(path: Path = FIND_INDEX) -> PieceIndex:
    """Return the index of nearest pieces, the shipped one by default. Raises NotFound, UnreadableFile."""
    return load_piece_index(path, remedy="python -m zhiyin.listen.find_build CORPUS")


def alike(
    hearing: Hearing, net: PieceNet, *, count: int = 3, index: PieceIndex | None = None
) -> tuple[Near, ...]:
    """Return the pieces nearest to what was heard of a score, nearest first; none where there are no windows.

    net: the style listener's; index: the shipped one when None. The distance is one minus the cosine, 0 for the same.
    """
    if not hearing.excerpts:
        return ()
    return (index or load_find_index()).nearest(place_vectors(hearing, net), count=count)


def place_vectors(hearing: Hearing, net: PieceNet) -> Float32Array:
    """Return (windows, vector) of length 1: `find_vectors` and the place in a style network, of the same weight."""
    found = find_vectors(hearing.excerpts, features=hearing.windows)
    places = [net.embed(Hearing(row[None], hearing.players)) for row in hearing.windows]
    return np.asarray(np.concatenate([found, np.stack(places)], axis=1) / np.sqrt(2), np.float32)
