"""Build the index of nearest pieces: ``python -m zhiyin.listen.find_build CORPUS [FILE]``; no extra is needed.

Conventions: the pieces are those that the style listener learns from, at most six windows each; the centre and the axes
are those of their windows' vectors (principal components). This module is not needed to listen.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from zhiyin.data.corpus import CorpusView, load_human_corpus
from zhiyin.errors import InvalidInput
from zhiyin.judge.style_net import DEFAULT_STYLE_NET
from zhiyin.listen.find import FIND_INDEX, place_vectors
from zhiyin.listen.graph_embed import DEFAULT_GRAPH_NET
from zhiyin.listen.piece_index import PieceIndex, place_of, save_piece_index
from zhiyin.listen.style import STYLE_FILE, load_style
from zhiyin.listen.style_data import PieceSplit, piece_windows, style_split
from zhiyin.listen.style_hearing import hearing_of_windows
from zhiyin.units import Float32Array

WIDTH = 160  # axes


def build_index(
    view: CorpusView,
    split: PieceSplit,
    *,
    width: int = WIDTH,
    report: Callable[[str], None] = lambda line: None,
) -> PieceIndex:
    """Return the index of a split's training pieces that have a window of eight even bars."""
    pieces, labels, vectors = [], [], []
    for piece, label in zip(split.index["train"].tolist(), split.label["train"].tolist(), strict=True):
        windows = piece_windows(view, piece)
        if windows:
            pieces.append(piece)
            labels.append(split.classes[label])
            vectors.append(place_vectors(hearing_of_windows(windows), load_style()))
    centre, axes = main_axes(np.concatenate(vectors), width=width)
    report(f"{len(pieces)} of {split.index['train'].size} pieces have eight even bars")
    titles, composers, collections = (
        tuple(str(view.column(name)[piece]) for piece in pieces) for name in ("title", "composer", "set")
    )
    places = np.stack([place_of(windows, centre, axes) for windows in vectors])
    return PieceIndex(
        centre, axes, places, tuple(labels), titles, composers, collections, {"networks": networks()}
    )


def networks() -> dict[str, str]:
    """Return {file: SHA-256 of its numbers} of the networks that make vectors; with others an index finds nothing."""
    return {file.name: _digest(file) for file in (DEFAULT_GRAPH_NET, DEFAULT_STYLE_NET, STYLE_FILE)}


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    for name, array in sorted(load_file(path).items()):
        found.update(name.encode() + array.tobytes())
    return found.hexdigest()


def main_axes(vectors: Float32Array, *, width: int) -> tuple[Float32Array, Float32Array]:
    """Return (vector,) the mean and (vector, width) the directions in which (n, vector) vectors spread most.

    Raises InvalidInput for more directions than a vector has numbers.
    """
    if not 1 <= width <= vectors.shape[1]:
        raise InvalidInput(f"axes must be 1..{vectors.shape[1]}, got {width}: give fewer")
    centre = vectors.mean(axis=0, dtype=np.float64)
    spread = np.cov(vectors.T.astype(np.float64))
    axes = np.linalg.eigh(np.atleast_2d(spread))[1][:, ::-1][:, :width]
    return centre.astype(np.float32), axes.astype(np.float32)


def main(words: Sequence[str]) -> int:
    """Build from the corpus folder in the first word into the file in the second, or the shipped place."""
    if not 1 <= len(words) <= 2:
        sys.stderr.write("usage: python -m zhiyin.listen.find_build CORPUS [FILE]\n")
        return 2
    view = load_human_corpus(Path(words[0]))
    index = build_index(view, style_split(view), report=_tell)
    save_piece_index(index, Path(words[1]) if len(words) == 2 else FIND_INDEX)
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
