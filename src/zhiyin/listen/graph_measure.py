"""What an encoder of windows is worth: styles named, pieces found again, transposed copies found.

Conventions: queries are the windows moved by a drawn interval other than a unison; answers stand in their own key.
This module does not know how an encoder works.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from zhiyin.judge.style_scores import confusion, macro_f1
from zhiyin.listen.graph_data import GraphWindows
from zhiyin.listen.retrieval import cosines, find_pieces, find_selves, shape_numbers
from zhiyin.units import Float32Array, FloatArray, IntArray

MOVES = (-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5)
# (semitones to move each window by) -> (windows, embedding) and (windows, classes) log-odds
Encode = Callable[[IntArray], tuple[Float32Array, Float32Array | None]]


@dataclass(frozen=True, slots=True)
class EncoderScores:
    """Measures on one side.

    f1_windows, f1_pieces: macro F1 of styles, of single windows and of pieces (mean log-odds of their windows), nan
    where the encoder names none; first, mean_reciprocal: a transposed window finds another window of its piece;
    self_first: it finds its own original; windows, asked: windows, and those with another of their piece to find.
    """

    f1_windows: float
    f1_pieces: float
    first: float
    mean_reciprocal: float
    self_first: float
    windows: int
    asked: int


def measure_encoder(encode: Encode, side: GraphWindows, *, seed: int = 0) -> EncoderScores:
    """Return what an encoder is worth on a side."""
    shape = shape_numbers(side.excerpts)
    shifts = np.random.default_rng([seed, 23]).choice(MOVES, len(side))
    answers, logits = encode(np.zeros(len(side), np.int64))
    near = cosines(encode(shifts)[0], answers)
    found, selves = find_pieces(near, piece=side.piece, shape=shape), find_selves(near, shape=shape)
    f1 = (float("nan"), float("nan")) if logits is None else style_f1(logits, side)
    return EncoderScores(
        *f1, found.first, found.mean_reciprocal, selves.first, len(side), found.queries
    )  # fmt: skip


def style_f1(logits: Float32Array, side: GraphWindows) -> tuple[float, float]:
    """Return macro F1 over the classes that the side holds: of windows, and of pieces by mean log-probability."""
    logs = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    pieces, first, row = np.unique(side.piece, return_index=True, return_inverse=True)
    summed: FloatArray = np.zeros((pieces.size, logs.shape[1]))
    np.add.at(summed, row, logs)
    classes = logs.shape[1]
    return (
        macro_f1(confusion(side.label, logs.argmax(axis=1), classes)),
        macro_f1(confusion(side.label[first], summed.argmax(axis=1), classes)),
    )
