"""Train the listener of dances: ``python -m zhiyin.listen.tune_type_build CORPUS MUSIC21_FOLK [FILE]``.

Conventions: needs the train extra; MUSIC21_FOLK is the folder of the two tune books, for the rhythms they name; with
ZHIYIN_DATA the Nottingham set measures, too. This module is not needed to listen.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from zhiyin.data.corpus import load_human_corpus
from zhiyin.data.fetch import data_home
from zhiyin.listen.piece_net import PieceNet, save_piece_net
from zhiyin.listen.piece_net_fit import Labelled, fit_piece_net, shares_of
from zhiyin.listen.style_build import scores
from zhiyin.listen.tune_type import TUNE_TYPE_FILE
from zhiyin.listen.tune_type_data import dances_of_corpus, hear_dances, hear_nottingham


def build(corpus: Path, books: Path, *, seed: int = 0) -> PieceNet:
    """Return a classifier of dances with its scores in the card."""
    view = load_human_corpus(corpus)
    dances = dances_of_corpus(view, books, seed=seed)
    sides, classes = hear_dances(view, dances), tuple(dances)
    net = fit_piece_net(classes, sides["train"], sides["valid"], seed=seed)
    card: dict[str, Any] = {"seed": seed, "pieces": {name: len(rows) for name, rows in dances.items()}}
    card |= scores(net, sides["test"]) | {"recall": recalls_of(net, sides["test"])}
    card["test"] = int(sides["test"].label.size)
    if (data_home() / "nottingham").is_dir():
        tunes = hear_nottingham(data_home() / "nottingham", classes)
        card["nottingham"] = scores(net, tunes) | {
            "recall": recalls_of(net, tunes),
            "tunes": int(tunes.label.size),
        }
    return replace(net, card=card)


def recalls_of(net: PieceNet, rows: Labelled) -> dict[str, float]:
    """Return the share named right of each class that is there."""
    guess = shares_of(net, rows.hearings).argmax(axis=1)
    return {
        net.classes[k]: float(np.mean(guess[rows.label == k] == k)) for k in np.unique(rows.label).tolist()
    }


def main(words: Sequence[str]) -> int:
    """Build from the folders in the first two words into the file in the third, or the shipped place."""
    if not 2 <= len(words) <= 3:
        sys.stderr.write("usage: python -m zhiyin.listen.tune_type_build CORPUS MUSIC21_FOLK [FILE]\n")
        return 2
    net = build(Path(words[0]), Path(words[1]))
    sys.stderr.write(f"{net.card}\n")
    save_piece_net(net, Path(words[2]) if len(words) == 3 else TUNE_TYPE_FILE)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
