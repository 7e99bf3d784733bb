"""Measuring texture norms: reads the built corpus and writes `texture_norms.csv` beside this module.

Conventions: run as `python -m zhiyin.fill.norms_build --from CORPUS`; the training split only; density is attacks a
quarter, polyphony notes an attack, register the mean pitch, all per sounding cell. Nothing else imports this module.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from zhiyin.data.corpus import PieceArrays, corpus_sets, load_corpus
from zhiyin.errors import InvalidInput
from zhiyin.score import ROLES
from zhiyin.units import STEPS_PER_QUARTER, FloatArray

FEWEST_PIECES = 12  # a style and role with fewer is left to the row of all styles
MOST_CELLS_A_PIECE = 64  # so that long scores do not speak for a style alone
COLUMNS = ("style", "role", "pieces", "cells", "density_low", "density", "density_high", "polyphony",
           "polyphony_high", "register_low", "register", "register_high")  # fmt: skip
Group = tuple[str, str]


def cell_values(piece: PieceArrays) -> Iterator[tuple[str, FloatArray]]:
    """Yield (role, values (cells, 3)) of every part: density, polyphony and register of its sounding cells."""
    starts, lengths = np.asarray(piece.bars["start"]), np.asarray(piece.bars["length"], np.float64)
    owner, onset = np.asarray(piece.notes["part"]), np.asarray(piece.notes["onset"])
    pitch = np.asarray(piece.notes["pitch"], np.float64)
    for part, role in enumerate(np.asarray(piece.parts["role"]).tolist()):
        mine = owner == part
        if not mine.any():
            continue
        bar = np.searchsorted(starts, onset[mine], side="right") - 1
        first = np.append(True, np.diff(onset[mine]) != 0)
        notes = np.bincount(bar, minlength=starts.size).astype(np.float64)
        attacks = np.bincount(bar[first], minlength=starts.size)
        total = np.bincount(bar, weights=pitch[mine], minlength=starts.size)
        at = np.flatnonzero(attacks)
        chosen = at[np.linspace(0, at.size - 1, min(at.size, MOST_CELLS_A_PIECE)).astype(np.int64)]
        density = attacks[chosen] * STEPS_PER_QUARTER / np.maximum(lengths[chosen], 1)
        yield (
            ROLES[role],
            np.stack([density, notes[chosen] / attacks[chosen], total[chosen] / notes[chosen]], axis=1),
        )


def measure(folder: Path) -> list[list[str]]:
    """Return the rows of the table, sorted; style "all" holds every style."""
    found: dict[Group, list[FloatArray]] = defaultdict(list)
    pieces: dict[Group, int] = defaultdict(int)
    for name in corpus_sets(folder):
        for piece in load_corpus(folder, sets=[name], split="train"):
            groups = set()
            for role, values in cell_values(piece):
                for group in ((str(piece.info["style"]), role), ("all", role)):
                    found[group].append(values)
                    groups.add(group)
            for group in groups:
                pieces[group] += 1
    if not found:
        raise InvalidInput(f"the corpus must hold notes, got none in {str(folder)!r}: build it first")
    return [_row(g, pieces[g], found[g]) for g in sorted(found) if pieces[g] >= FEWEST_PIECES]


def _row(group: Group, pieces: int, found: list[FloatArray]) -> list[str]:
    values = np.concatenate(found)  # (cells, 3)
    low, middle, high = np.percentile(values, [25, 50, 75], axis=0)
    numbers = (low[0], middle[0], high[0], middle[1], high[1], low[2], middle[2], high[2])
    return [*group, str(pieces), str(len(values)), *(f"{number:.2f}" for number in numbers)]


def main() -> None:
    """Measure the corpus and write the table beside this module, or to --to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, required=True, help="folder of the built corpus")
    parser.add_argument("--to", type=Path, default=Path(__file__).with_name("texture_norms.csv"))
    options = parser.parse_args()
    with options.to.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(measure(options.folder))


if __name__ == "__main__":
    main()
