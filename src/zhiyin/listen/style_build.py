"""Train the style listener: ``python -m zhiyin.listen.style_build CORPUS [FOLDER]``; needs the train extra.

Conventions: the validation side sets temperatures, threshold and limit, the test side only measures.
This module is not needed to listen.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from zhiyin.data.corpus import CorpusView, load_human_corpus
from zhiyin.judge.style_scores import calibration_error, confusion, macro_f1
from zhiyin.listen.piece_net import PieceNet, save_piece_net
from zhiyin.listen.piece_net_fit import Labelled, fit_piece_net, shares_of
from zhiyin.listen.style import STYLE_FILE
from zhiyin.listen.style_data import MOST_WINDOWS, SIDES, PieceSplit, style_split
from zhiyin.listen.style_hearing import Hearing, hearing_of_piece

FEW_PIECES = 200  # a class with fewer learns from more windows a piece
MORE_WINDOWS = 24


@dataclass(frozen=True, eq=False)
class HeardSplit:
    """A split with what is heard of each piece that has a window at least: {side: Labelled} and {side: pieces}."""

    classes: tuple[str, ...]
    sides: dict[str, Labelled]
    index: dict[str, list[int]]


def hear_split(
    view: CorpusView, split: PieceSplit, *, report: Callable[[str], None] = lambda line: None
) -> HeardSplit:
    """Return what is heard of every piece of a split; pieces without eight even bars are left out."""
    sides, index = dict[str, Labelled](), dict[str, list[int]]()
    pieces = np.bincount(split.label["train"], minlength=len(split.classes))
    for side in SIDES:
        kept: list[tuple[int, int, Hearing]] = []
        for piece, label in zip(split.index[side].tolist(), split.label[side].tolist(), strict=True):
            more = side == "train" and pieces[label] < FEW_PIECES
            hearing = hearing_of_piece(view, piece, most=MORE_WINDOWS if more else MOST_WINDOWS)
            if len(hearing.windows):
                kept.append((piece, label, hearing))
        index[side] = [piece for piece, _, _ in kept]
        sides[side] = Labelled(
            tuple(h for *_, h in kept), np.array([label for _, label, _ in kept], np.int64)
        )
        report(f"{side}: {len(kept)} of {split.index[side].size} pieces have eight even bars")
    return HeardSplit(split.classes, sides, index)


def build(heard: HeardSplit, *, seed: int = 0) -> PieceNet:
    """Return a classifier trained on a split, with its scores on the test side in the card."""
    net = fit_piece_net(heard.classes, heard.sides["train"], heard.sides["valid"], seed=seed)
    test = heard.sides["test"]
    card: dict[str, Any] = {"seed": seed, "pieces": {side: len(rows) for side, rows in heard.index.items()}}
    for name, hearings in {"": test.hearings, "_notes_alone": without_players(test).hearings}.items():
        card |= {f"{k}{name}": v for k, v in scores(net, Labelled(hearings, test.label)).items()}
    return replace(net, card=card)


def without_players(rows: Labelled) -> Labelled:
    """Return pieces with who plays kept from the listener."""
    return Labelled(tuple(h.without_players() for h in rows.hearings), rows.label)


def scores(net: PieceNet, rows: Labelled) -> dict[str, float]:
    """Return macro F1, accuracy, calibration error, the share answered when sure, and the share right of these."""
    shares = shares_of(net, rows.hearings)
    guess, confidence = shares.argmax(axis=1), shares.max(axis=1)
    right, sure = guess == rows.label, confidence >= net.threshold
    return {
        "macro_f1": macro_f1(confusion(rows.label, guess, len(net.classes))),
        "accuracy": float(right.mean()),
        "calibration_error": calibration_error(confidence, right),
        "sure": float(sure.mean()),
        "right_when_sure": float(right[sure].mean()) if sure.any() else 0.0,
    }


def first_windows(hearing: Hearing) -> Hearing:
    """Return a hearing as a listener takes it: MOST_WINDOWS windows at most, spread evenly."""
    rows = np.unique(np.round(np.linspace(0, len(hearing.windows) - 1, MOST_WINDOWS)).astype(np.int64))
    return Hearing(hearing.windows[rows], hearing.players)


def main(words: Sequence[str]) -> int:
    """Build from the corpus folder in the first word into the folder in the second, or the shipped place."""
    if not 1 <= len(words) <= 2:
        sys.stderr.write("usage: python -m zhiyin.listen.style_build CORPUS [FOLDER]\n")
        return 2
    folder = Path(words[1]) if len(words) == 2 else STYLE_FILE.parent
    view = load_human_corpus(Path(words[0]))
    heard = hear_split(view, style_split(view), report=_tell)
    net = build(heard)
    _tell(str(net.card))
    save_piece_net(net, folder / STYLE_FILE.name)
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
