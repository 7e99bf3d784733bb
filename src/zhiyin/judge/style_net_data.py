"""What the style classifier learns from: human windows by class, with works kept on one side.

Conventions: classes follow from the corpus: every style with enough pieces, merged as MERGED says, none listed by
hand. This module does not train: see `zhiyin.judge.style_net_build`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zhiyin.data.corpus import CorpusView, load_human_corpus
from zhiyin.errors import InvalidInput
from zhiyin.judge.excerpts import Excerpt, Place, draw_places
from zhiyin.judge.features import features_of
from zhiyin.units import IntArray

# Style -> the class it counts as. Too few pieces of their own, and kin by ear.
MERGED = {"chorale": "hymn", "nocturne": "romantic-piano"}
# A kind of part, not a style of music: one glance at the clef tells it.
LEFT_OUT = frozenset({"drum-groove", ""})
MIN_PIECES = 15
MIN_TEST_PIECES = 8  # below that a fifth of a style's training works is held out for each of valid and test
WINDOWS_A_CLASS = {"train": 900, "valid": 150, "test": 150}
MOST_WINDOWS_A_PIECE = 6
NEVER_LEARN = frozenset({"nottingham", "kuiscima", "jsb_chorales"})  # sets that only measure


@dataclass(frozen=True, eq=False)
class StyleWindows:
    """Windows of one side: features (n, features), label (n,) index of the class, piece (n,) names, excerpts."""

    features: NDArray[np.float32]
    label: IntArray
    piece: tuple[str, ...]
    excerpts: tuple[Excerpt, ...]


def class_of(style: str) -> str | None:
    """Return the class that a style counts as, None for what is no class."""
    return None if style in LEFT_OUT else MERGED.get(style, style)


def work_fold(work: str) -> int:
    """Return 0..4, the same for every piece of a work, spread evenly over works."""
    return int(hashlib.sha256(work.encode()).hexdigest(), 16) % 5


def split_pieces(view: CorpusView) -> dict[str, dict[str, list[int]]]:
    """Return {class: {side: piece indices}} of every class with enough pieces; no work stands on two sides."""
    styles, splits, works = view.column("style"), view.column("split"), view.column("work")
    sets, counts = view.column("set"), view.note_counts
    held: Counter[str] = Counter()
    rows: dict[str, list[int]] = {}
    for index in range(len(view)):
        name = class_of(str(styles[index]))
        if name is None or not counts[index] or sets[index] in NEVER_LEARN:
            continue
        rows.setdefault(name, []).append(index)
        held[name] += splits[index] == "test"
    side_of_work: dict[str, str] = {}
    found: dict[str, dict[str, list[int]]] = {}
    for name in sorted(n for n, r in rows.items() if len(r) >= MIN_PIECES):
        found[name] = {"train": [], "valid": [], "test": []}
        for index in rows[name]:
            split = str(splits[index])
            moves = held[name] < MIN_TEST_PIECES and split == "train"
            side = {0: "test", 1: "valid"}.get(work_fold(str(works[index])), "train") if moves else split
            found[name][side_of_work.setdefault(str(works[index]), side)].append(index)
    return found


def draw_windows(
    corpus: Path, *, seed: int = 0, report: Callable[[str], None] = lambda line: None
) -> tuple[tuple[str, ...], dict[str, StyleWindows]]:
    """Return (classes, {side: windows}), at most WINDOWS_A_CLASS of each class. Raises InvalidInput below 2 classes."""
    view = load_human_corpus(corpus)
    pieces = split_pieces(view)
    if len(pieces) < 2:
        raise InvalidInput(
            f"a corpus must hold 2 styles of {MIN_PIECES} pieces, got {list(pieces)}: add pieces"
        )
    classes = tuple(pieces)
    sides: dict[str, list[tuple[int, Place, Excerpt]]] = {side: [] for side in WINDOWS_A_CLASS}
    for label, name in enumerate(classes):
        for number, side in enumerate(WINDOWS_A_CLASS):
            rng = np.random.default_rng([seed, label, number])
            drawn = class_windows(view, pieces[name][side], most=WINDOWS_A_CLASS[side], rng=rng)
            sides[side] += [(label, *one) for one in drawn]
        shown = ", ".join(f"{len(pieces[name][side])} {side}" for side in sides)
        report(f"{name}: pieces {shown}")
    return classes, {side: _windows(rows) for side, rows in sides.items()}


def class_windows(
    view: CorpusView, pieces: list[int], *, most: int, rng: np.random.Generator
) -> list[tuple[Place, Excerpt]]:
    """Return at most `most` windows of some pieces, as few from each piece as fill the number."""
    order = rng.permutation(np.array(pieces, np.int64))[:most].tolist()
    per_piece = min(max(-(-most // max(len(order), 1)), 1), MOST_WINDOWS_A_PIECE)
    return draw_places(view, order, per_piece=per_piece, rng=rng)[:most]


def _windows(rows: list[tuple[int, Place, Excerpt]]) -> StyleWindows:
    return StyleWindows(
        np.stack([features_of(excerpt) for _, _, excerpt in rows]),
        np.array([label for label, _, _ in rows], np.int64),
        tuple(place.piece for _, place, _ in rows),
        tuple(excerpt for _, _, excerpt in rows),
    )
