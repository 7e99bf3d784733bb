"""Measuring which bars return: reads the built corpus and writes `likeness.csv` beside this module.

Conventions: run as `python -m zhiyin.fill.likeness_build --from CORPUS`; people's music, training split only; a line
is a style and, for the bars of one piece in order, how many bars back the one that it resembles stands, "." for none.
No note is kept. Nothing else imports this module.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np

from zhiyin.data.corpus import load_human_corpus
from zhiyin.errors import InvalidInput
from zhiyin.fill.likeness import ANY_STYLE, TABLE
from zhiyin.units import IntArray

LONGEST, SHORTEST = 48, 16  # bars of a piece that are kept; shorter pieces are left out
PIECES, FEWEST = 60, 8  # pieces a style; a style with fewer is left to all styles
MEASURED_ONLY = ("nottingham", "kuiscima", "jsb_chorales")
DRUMS_ALONE = "drum-groove"


def measure(folder: Path, *, seed: int = 0) -> list[str]:
    """Return the lines of the table, by style."""
    view = load_human_corpus(folder, split="train")
    by_style: dict[str, list[int]] = defaultdict(list)
    for index in range(len(view)):
        style = str(view.column("style")[index])
        if view.note_counts[index] and style not in ("", DRUMS_ALONE):
            by_style[style].append(index)
    rng = np.random.default_rng(seed)
    found: dict[str, list[str]] = {}
    for style, indices in sorted(by_style.items()):
        lines: list[str] = []
        for index in rng.permutation(indices).tolist():
            piece = view.piece(index)
            if piece.info["set"] in MEASURED_ONLY:
                continue
            repeats = np.asarray(piece.bars["repeat_of"], np.int64)
            if repeats.size >= SHORTEST and len(lines) < PIECES:
                lines.append(line_of(repeats[:LONGEST]))
        if len(lines) >= FEWEST:
            found[style] = lines
    every = [line for lines in found.values() for line in lines[:FEWEST]]
    return [f"{style},{line}" for style, lines in {ANY_STYLE: every, **found}.items() for line in lines]


def line_of(repeats: IntArray) -> str:
    """Return how many bars back each bar's like stands, as text.

    >>> line_of(np.array([-1, -1, 0, 1]))
    '. . 2 2'
    """
    back = np.where(repeats >= 0, np.arange(repeats.size) - repeats, 0)
    return " ".join("." if b <= 0 else str(b) for b in back.tolist())


def main() -> None:
    """Measure a corpus and write the table."""
    parser = argparse.ArgumentParser(description="Measure which bars return.")
    parser.add_argument("--from", dest="folder", type=Path, required=True, help="a built corpus")
    lines = measure(parser.parse_args().folder)
    if not lines:
        raise InvalidInput("the corpus must hold pieces of at least 16 bars, found none: build it first")
    Path(__file__).with_name(TABLE).write_text("\n".join(["style,back", *lines]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
