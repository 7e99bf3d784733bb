"""Train the listener of composers: ``python -m zhiyin.listen.composer_build CORPUS [FILE]``; needs the train extra.

Conventions: composers with enough pieces, whatever a collection calls them; works stand on one side by a hash of their
names, a fifth each to choose and to measure. This module is not needed to listen.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from zhiyin.data.corpus import CorpusView, load_human_corpus
from zhiyin.judge.style_net_data import NEVER_LEARN, work_fold
from zhiyin.listen.composer import COMPOSER_FILE
from zhiyin.listen.piece_net import PieceNet, save_piece_net
from zhiyin.listen.piece_net_fit import Labelled, fit_piece_net, shares_of
from zhiyin.listen.style_build import scores
from zhiyin.listen.style_data import SIDES
from zhiyin.listen.style_hearing import Hearing, hearing_of_piece

# Composer -> as the collections write the name.
COMPOSERS: dict[str, tuple[str, ...]] = {
    "bach": ("BachJS", "Bach, Johann Sebastian"),
    "beethoven": ("BeethovenLv", "Beethoven, Ludwig van"),
    "brahms": ("BrahmsJ", "Brahms, Johannes"),
    "chopin": ("ChopinFF", "Chopin, Fryderyk"),
    "gomolka": ("Gomółka, Mikołaj",),
    "haydn": ("HaydnFJ", "Haydn, Joseph", "Haydn, Franz"),
    "holmes": ("Holmès, Augusta Mary Anne",),
    "horetzky": ("HoretzkyF",),
    "marenzio": ("Marenzio, Luca",),
    "moniuszko": ("Moniuszko, Stanisław",),
    "mozart": ("MozartWA", "Mozart, Wolfgang Amadeus"),
    "noskowski": ("Noskowski, Zygmunt",),
    "paderewski": ("Paderewski, Ignacy Jan",),
    "schubert": ("SchubertF", "Schubert, Franz"),
    "schumann": ("SchumannR", "Schumann, Robert"),
    "smietanski": ("Śmietański, Emil Władysław",),
    "stefani": ("Stefani, Józef",),
    "zelenski": ("Żeleński, Władysław",),
}
SOMEONE_ELSE = "someone-else"
LEAST, MOST, OTHERS = 40, 120, 300  # pieces
LEAST_HELD = 5  # pieces to choose and to measure; who wrote one big work only cannot be measured


def pieces_by_composer(view: CorpusView, *, seed: int = 0) -> dict[str, list[int]]:
    """Return {composer: pieces}, at most MOST of each, and OTHERS by someone else whose name is known."""
    names, sets, styles = view.column("composer"), view.column("set"), view.column("style")
    known = {written: name for name, spellings in COMPOSERS.items() for written in spellings}
    rng, found = np.random.default_rng(seed), dict[str, list[int]]()
    for index in range(len(view)):
        written = str(names[index])
        if (
            view.note_counts[index]
            and sets[index] not in NEVER_LEARN
            and styles[index] != "drum-groove"
            and written
        ):
            found.setdefault(known.get(written, SOMEONE_ELSE), []).append(index)
    drawn = {
        name: sorted(rng.permutation(rows)[: OTHERS if name == SOMEONE_ELSE else MOST].tolist())
        for name, rows in sorted(found.items())
        if len(rows) >= LEAST
    }
    return {name: rows for name, rows in drawn.items() if _is_measurable(view, rows)}


def _is_measurable(view: CorpusView, rows: list[int]) -> bool:
    """Return whether enough pieces stand on the sides that choose and measure."""
    sides = [side_of_work(str(work)) for work in view.column("work")[rows]]
    return min(sides.count("valid"), sides.count("test")) >= LEAST_HELD


def side_of_work(work: str) -> str:
    """Return the side a work stands on: a fifth each to choose and to measure."""
    return {0: "test", 1: "valid"}.get(work_fold(work), "train")


def hear_composers(view: CorpusView, pieces: dict[str, list[int]]) -> dict[str, Labelled]:
    """Return {side: hearings with labels}."""
    works = view.column("work")
    rows: dict[str, list[tuple[Hearing, int]]] = {side: [] for side in SIDES}
    for label, name in enumerate(pieces):
        for index in pieces[name]:
            hearing = hearing_of_piece(view, index)
            if len(hearing.windows):
                side = side_of_work(str(works[index]))
                rows[side].append((hearing, label))
    return {
        side: Labelled(
            tuple(h for h, _ in rows[side]), np.array([label for _, label in rows[side]], np.int64)
        )
        for side in SIDES
    }


def build(corpus: Path, *, seed: int = 0) -> PieceNet:
    """Return a classifier of composers with its scores in the card."""
    view = load_human_corpus(corpus)
    pieces = pieces_by_composer(view, seed=seed)
    sides, classes = hear_composers(view, pieces), tuple(pieces)
    net = fit_piece_net(classes, sides["train"], sides["valid"], seed=seed)
    test = sides["test"]
    guess = shares_of(net, test.hearings).argmax(axis=1)
    recall = {classes[k]: float(np.mean(guess[test.label == k] == k)) for k in np.unique(test.label).tolist()}
    card: dict[str, Any] = {"seed": seed, "pieces": {name: len(rows) for name, rows in pieces.items()}}
    return replace(net, card=card | scores(net, test) | {"recall": recall, "test": int(test.label.size)})


def main(words: Sequence[str]) -> int:
    """Build from the corpus folder in the first word into the file in the second, or the shipped place."""
    if not 1 <= len(words) <= 2:
        sys.stderr.write("usage: python -m zhiyin.listen.composer_build CORPUS [FILE]\n")
        return 2
    net = build(Path(words[0]))
    sys.stderr.write(f"{net.card}\n")
    save_piece_net(net, Path(words[1]) if len(words) == 2 else COMPOSER_FILE)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
