"""Measuring human norms: judges people's pieces of the corpus and writes `human_norms.csv` beside this module.

Conventions: run as `python -m zhiyin.judge.norms_build CORPUS`; the training split only; for every style a draw of
pieces, each judged over its first 16 and first 64 bars (the longest row that a piece fills to two thirds).
Nothing else imports this module.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from zhiyin.data.corpus import CorpusView, load_human_corpus, piece_to_score
from zhiyin.errors import InvalidInput
from zhiyin.judge import judge
from zhiyin.judge.norms import ALL_STYLES, COLUMNS, LENGTHS
from zhiyin.score import Grid, Score, slice_bars

PIECES_A_STYLE = 40
FEWEST = 12  # a measure with fewer values in a style is left to the row of all styles
NEVER = ("nottingham", "kuiscima", "jsb_chorales")  # sets that only measure
Key = tuple[str, int, str]


def human_excerpts(score: Score) -> Iterator[tuple[int, Score]]:
    """Yield (length in bars, opening of that length) for each length that a piece fills to two thirds.

    Sections are left out: the corpus found most of them by likeness, so their likeness would prove nothing.
    """
    bars = Grid.of(score).bars
    for length in LENGTHS:
        if 3 * bars >= 2 * length:
            yield length, replace(slice_bars(score, 0, min(length, bars)), sections=())


def draw(view: CorpusView, pieces: int) -> dict[str, list[int]]:
    """Return which pieces speak for each style: at most so many, drawn evenly over the sets' order."""
    styles, sets = view.column("style"), view.column("set")
    drawn: dict[str, list[int]] = {}
    for style in sorted(set(styles.tolist()) - {""}):
        rows = np.flatnonzero((styles == style) & ~np.isin(sets, NEVER))
        if rows.size:
            drawn[style] = rows[np.linspace(0, rows.size - 1, min(rows.size, pieces)).astype(int)].tolist()
    return drawn


def measure(folder: Path, *, split: str = "train", pieces: int = PIECES_A_STYLE) -> list[list[str]]:
    """Return the rows of the table, sorted; style "all" holds every style."""
    view = load_human_corpus(folder, split=split)
    values: dict[Key, list[float]] = defaultdict(list)
    for style, rows in draw(view, pieces).items():
        for row in rows:
            for length, excerpt in human_excerpts(piece_to_score(view, row)):
                for name, found in judge(excerpt).items():
                    if found.value is not None:
                        values[style, length, name].append(found.value)
                        values[ALL_STYLES, length, name].append(found.value)
    if not values:
        raise InvalidInput(f"the corpus must hold pieces, got none in {str(folder)!r}: build it first")
    return [_row(key, values[key]) for key in sorted(values) if len(values[key]) >= FEWEST]


def _row(key: Key, found: list[float]) -> list[str]:
    style, length, name = key
    points = np.percentile(np.array(found), [5, 10, 25, 50, 75, 90, 95])
    return [style, str(length), name, str(len(found)), *(f"{point:.4g}" for point in points)]


def main() -> None:
    """Measure the corpus and write the table beside this module, or to --to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of the built corpus")
    parser.add_argument("--to", type=Path, default=Path(__file__).with_name("human_norms.csv"))
    parser.add_argument("--pieces", type=int, default=PIECES_A_STYLE, help="most pieces a style")
    options = parser.parse_args()
    rows = measure(options.folder, pieces=options.pieces)
    with options.to.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
