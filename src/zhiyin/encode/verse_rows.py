"""Rows of verse as arrays: lines from right to left with what each place is told and what comes next.

Conventions: arrays as `zhiyin.models.verse` reads them; -1 marks no theme and no target. Randomness is an argument.
This module does not know nets or data sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.verse import END, LENGTHS, THEMES
from zhiyin.units import IntArray


@dataclass(frozen=True, slots=True)
class Told:
    """What a line is told beside its units: its theme units; whether it is told how much is to come."""

    theme: tuple[int, ...] = ()
    is_length: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row: unit, length (0 open, n + 1: n syllables to come), line and target of each place; theme of each line."""

    unit: IntArray
    length: IntArray
    line: IntArray
    target: IntArray
    theme: IntArray
    kind: int


def make_row(
    lines: Sequence[Sequence[int]], told: Sequence[Told], *, kind: int, syllables: NDArray[np.int64]
) -> Row:
    """Return the row of lines (each from its last unit to its first).

    syllables: of every unit and, last, of any other one; a target beyond the units is not asked.
    """
    places = sum(map(len, lines)) + len(lines)
    unit, length, line, target = (np.zeros(places, np.int64) for _ in range(4))
    theme = np.full((len(lines), THEMES), -1)
    at = 0
    for number, (units, one) in enumerate(zip(lines, told, strict=True)):
        here = slice(at, at + len(units) + 1)
        unit[here] = [END, *units]
        target[here] = [*units, END]
        line[here] = number
        if one.is_length:
            sizes = syllables[np.array(units, np.int64)]
            left = sizes.sum() - np.concatenate(([0], np.cumsum(sizes)))
            length[here] = np.minimum(left, LENGTHS) + 1
        theme[number, : len(one.theme)] = one.theme[:THEMES]
        at = here.stop
    target[target >= len(syllables) - 1] = -1
    return Row(unit, length, line, target, theme, kind)


def stack(rows: Sequence[Row]) -> dict[str, NDArray[np.int64]]:
    """Return the arrays of a batch, rows filled up on the right with places that are not asked."""
    places = max(len(row.unit) for row in rows)
    lines = max(len(row.theme) for row in rows)
    batch = {name: np.zeros((len(rows), places), np.int64) for name in ("unit", "length", "line")} | {
        "target": np.full((len(rows), places), -1),
        "theme": np.full((len(rows), lines, THEMES), -1),
        "kind": np.array([row.kind for row in rows], np.int64),
    }
    for number, row in enumerate(rows):
        size = len(row.unit)
        for name in ("unit", "length", "line", "target"):
            batch[name][number, :size] = getattr(row, name)
        batch["theme"][number, : len(row.theme)] = row.theme
    return batch


def draw_theme(
    lines: Sequence[Sequence[int]],
    at: int,
    *,
    near: float,
    is_content: NDArray[np.bool_],
    rng: np.random.Generator,
) -> tuple[int, ...]:
    """Return one to three content units of a line, or, for a share `near`, of a line within two of it.

    Neighbouring units are drawn together half of the time: a theme is often a word of two characters.
    """
    source = lines[at]
    if rng.random() < near:
        low, high = max(at - 2, 0), min(at + 3, len(lines))
        source = lines[int(rng.integers(low, high))]
    places = [i for i, unit in enumerate(source) if is_content[unit]]
    if not places:
        return ()
    first = places[int(rng.integers(len(places)))]
    drawn = [first]
    if rng.random() < 0.5 and first + 1 in places:
        drawn.append(first + 1)
    drawn += [places[int(rng.integers(len(places)))] for _ in range(int(rng.integers(0, 2)))]
    return tuple(dict.fromkeys(int(source[i]) for i in drawn))
