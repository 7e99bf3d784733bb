"""Pieces to learn from: the corpus as grid tokens with their context.

Conventions: one TrainPiece a corpus piece; weights follow the square root of length, styles evened out.
This module does not cut windows: see `zhiyin.train.sampler`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from zhiyin.data.corpus import CorpusView, load_corpus, piece_to_score
from zhiyin.encode import context_of, encode_grid
from zhiyin.encode.beats import beat_grid
from zhiyin.encode.context import NOT_TOLD
from zhiyin.encode.grid_tokens import GridTokens
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.train.sampler import TrainPiece
from zhiyin.units import IntArray

STYLE_EVENNESS = 0.65  # a style's share grows with its size to this power
NEVER_SHIP = ("nottingham", "kuiscima", "jsb_chorales")  # sets that only measure


def load_pieces(
    corpus: Path,
    *,
    split: str,
    sets: Iterable[str] = (),
    weights: dict[str, float] | None = None,
    likeness: bool = True,
    columns: str = "bar",
    style_evenness: float = STYLE_EVENNESS,
    report: Callable[[str], None] = lambda line: None,
) -> list[TrainPiece]:
    """Return the pieces of a split, ready to sample; pieces that leak into chorale tests are left out.

    sets: all when empty. Raises NotFound when the corpus is missing or holds nothing of the split.
    """
    view = load_corpus(corpus, sets=list(sets) or None, split=split)
    leaks = view.column("is_jsb_leak")
    pieces: list[TrainPiece] = []
    broken = 0
    for index in range(len(view)):
        if leaks[index] or view.column("set")[index] in NEVER_SHIP:
            continue
        try:
            piece = _piece(view, index, weights or {})
            piece = piece if likeness else _without_likeness(piece)
            pieces.append(replace(piece, beats=beat_grid(piece.tokens)) if columns == "beat" else piece)
        except InvalidInput as error:
            broken += 1
            report(f"left out {view.column('id')[index]}: {error}")
    if not pieces:
        raise NotFound(
            f"corpus {str(corpus)!r} holds no piece of split {split!r}: build it with  zhiyin corpus build"
        )
    report(
        f"{split}: {len(pieces)} pieces, {sum(len(p.tokens.segments) for p in pieces):,} segments, {broken} left out"
    )
    return even_styles(pieces, style_evenness)


def _without_likeness(piece: TrainPiece) -> TrainPiece:
    return replace(piece, context=replace(piece.context, like=np.full_like(piece.context.like, NOT_TOLD)))


def _piece(view: CorpusView, index: int, weights: dict[str, float]) -> TrainPiece:
    rows = view.piece(index)
    info = rows.info
    tokens = encode_grid(piece_to_score(view, index))
    like = _like(tokens, np.asarray(rows.bars["repeat_of"], np.int64))
    context = context_of(tokens, style=info["style"] or None, like=like)
    factor = weights.get(info["set"], 1.0) * float(info["weight"])
    size = max(len(tokens.segments), 1)
    return TrainPiece(
        f"{info['set']}/{info['id']}",
        info["style"] or "",
        tokens,
        context,
        weight=factor * size**0.5,
        attribution=str(info["attribution"] or ""),
    )


def _like(tokens: GridTokens, repeat_of: IntArray) -> IntArray:
    """Return (columns,) the first column of the bar that each column's bar resembles, or -1."""
    bars = tokens.bars
    source = (
        np.where(bars < repeat_of.size, repeat_of[np.minimum(bars, max(repeat_of.size - 1, 0))], -1)
        if repeat_of.size
        else np.full(bars.size, -1)
    )
    first = np.searchsorted(bars, np.maximum(source, 0))
    like: IntArray = np.where(source >= 0, first, -1)
    return like


def even_styles(pieces: list[TrainPiece], evenness: float = STYLE_EVENNESS) -> list[TrainPiece]:
    """Return the pieces with weights scaled so that large styles do not drown small ones."""
    totals: dict[str, float] = {}
    for piece in pieces:
        totals[piece.style] = totals.get(piece.style, 0.0) + piece.weight
    factor = {style: total ** (evenness - 1.0) for style, total in totals.items()}
    return [replace(piece, weight=piece.weight * factor[piece.style]) for piece in pieces]
