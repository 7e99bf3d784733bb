"""What style transfer learns from: windows of human pieces by style, as backings over their grounds.

Conventions: sides by work as `zhiyin.judge.style_net_data` splits them, so that who measures has not heard the same
works; arrays as `zhiyin.models.restyle` tells, (windows, beats, ...), padded behind. This module does not train.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from zhiyin.data.corpus import CorpusView, load_human_corpus, piece_to_score
from zhiyin.encode.backing import rolls
from zhiyin.encode.passages import Passage, passages
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.judge.style_net_data import NEVER_LEARN, split_pieces
from zhiyin.models.beat_sizes import TransferData
from zhiyin.models.restyle import BACKING, GROUND, backing_rows, bars_of, ground_rows
from zhiyin.train.task import Batch
from zhiyin.units import IntArray

FULL = 0.75  # of a window's bars must begin something under the tune


@dataclass(frozen=True, eq=False)
class StyleBars:
    """Windows of one side.

    backing (n, beats, BACKING), ground (n, beats, GROUND): zeros and ones; bar: (n, beats), -1 behind the end; style:
    (n,) index into the styles asked; piece: (n,) names.
    """

    backing: NDArray[np.uint8]
    ground: NDArray[np.uint8]
    bar: IntArray
    style: IntArray
    piece: tuple[str, ...]

    def __len__(self) -> int:
        return int(self.style.size)


def load_sides(
    corpus: Path, data: TransferData, *, seed: int, report: Callable[[str], None]
) -> dict[str, StyleBars]:
    """Return the windows of the sides train and, of a quarter as many pieces, valid.

    Raises NotFound for a style that the corpus lacks.
    """
    view = load_human_corpus(corpus)
    pieces = split_pieces(view)
    missing = [name for name in data.styles if name not in pieces]
    if missing:
        raise NotFound(
            f"corpus {str(corpus)!r} must hold pieces in the styles to transfer, got none in {', '.join(missing)}: "
            "leave them out of [data] styles"
        )
    sides = {}
    for side in ("train", "valid"):
        rows: list[tuple[int, str, Window]] = []
        for code, name in enumerate(data.styles):
            rng = np.random.default_rng([seed, code])
            chosen = rng.permutation(np.array(pieces[name][side], np.int64))
            most = data.most_pieces if side == "train" else data.most_pieces // 4
            found = _style_windows(view, chosen, most, data, rng)
            rows += [(code, piece, window) for piece, window in found]
            report(f"{side} {name}: {len(found)} windows of {len({p for p, _ in found})} pieces")
        sides[side] = _stacked(rows, data.beats)
    return sides


Window = tuple[NDArray[np.uint8], NDArray[np.uint8], IntArray]


def _style_windows(
    view: CorpusView, chosen: IntArray, most: int, data: TransferData, rng: np.random.Generator
) -> list[tuple[str, Window]]:
    found: list[tuple[str, Window]] = []
    used = 0
    for index in chosen.tolist():
        if used == most:
            break
        if view.column("is_jsb_leak")[index] or view.column("set")[index] in NEVER_LEARN:
            continue
        try:
            score = piece_to_score(view, index)
        except InvalidInput:
            continue
        windows = [w for p in passages(score) for w in windows_of(p, data.beats)]
        kept = [windows[i] for i in rng.permutation(len(windows))[: data.most_windows].tolist()]
        name = f"{view.column('set')[index]}/{view.column('id')[index]}"
        found += [(name, window) for window in kept]
        used += bool(kept)
    return found


def windows_of(passage: Passage, beats: int) -> list[Window]:
    """Return the windows of a passage: whole bars, one after another, in which something sounds under the tune."""
    ground = passage.ground
    strike, sound = rolls(passage.notes, ~passage.is_top, ground)
    backing, told, bar = backing_rows(strike, sound), ground_rows(ground), bars_of(ground)
    per_bar = int(np.count_nonzero(bar == 0))
    size = beats // per_bar * per_bar
    struck = np.asarray(strike.reshape(len(bar), -1).any(axis=1), bool)
    found = []
    for first in range(0, len(bar) - size + 1, size) if size else ():
        window = slice(first, first + size)
        full = np.unique(bar[window][struck[window]]).size
        if full >= FULL * size / per_bar:
            rows = backing[window].astype(np.uint8), told[window].astype(np.uint8), bar[window] - bar[first]
            found.append(rows)
    return found


def _stacked(rows: list[tuple[int, str, Window]], beats: int) -> StyleBars:
    count = len(rows)
    backing = np.zeros((count, beats, BACKING), np.uint8)
    ground = np.zeros((count, beats, GROUND), np.uint8)
    bar = np.full((count, beats), -1, np.int64)
    for i, (_, _, (under, told, bars)) in enumerate(rows):
        backing[i, : len(bars)], ground[i, : len(bars)], bar[i, : len(bars)] = under, told, bars
    return StyleBars(
        backing, ground, bar, np.array([c for c, _, _ in rows], np.int64), tuple(p for _, p, _ in rows)
    )


def batch_of(bars: StyleBars, rows: IntArray) -> Batch:
    """Return windows as tensors: backing, ground, mask (n, beats, 1), bars (n, beats, beats), style."""
    bar = torch.from_numpy(bars.bar[rows])
    mask = (bar >= 0).float()[..., None]
    same = (bar[:, :, None] == bar[:, None]).float() * mask * mask.transpose(1, 2)
    return {
        "backing": torch.from_numpy(bars.backing[rows]).float(),
        "ground": torch.from_numpy(bars.ground[rows]).float(),
        "mask": mask,
        "bars": same,
        "style": torch.from_numpy(bars.style[rows]),
    }


def even_batches(bars: StyleBars, size: int, *, styles: int, seed: tuple[int, int]) -> Iterator[Batch]:
    """Yield batches for ever, every style as often as any other, with another style asked in `target`."""
    rng = np.random.default_rng(list(seed))
    by_style = [np.flatnonzero(bars.style == s) for s in range(styles)]
    by_style = [rows for rows in by_style if rows.size]
    while True:
        drawn = rng.integers(0, len(by_style), size)
        rows = np.array([rng.choice(by_style[s]) for s in drawn.tolist()], np.int64)
        batch = batch_of(bars, rows)
        batch["target"] = (batch["style"] + torch.from_numpy(rng.integers(1, styles, size))) % styles
        yield batch
