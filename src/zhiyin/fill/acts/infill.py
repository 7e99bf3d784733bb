"""infill: any bars, or a gap inside a bar, of any parts, written anew between what stands around them.

Conventions: texture follows the same part in the nearest bars; the chord row stays as it is.
This module writes nothing itself: see `zhiyin.fill.act`.
"""

from __future__ import annotations

from zhiyin.fill.act import Order
from zhiyin.fill.acts.usual import like_around, sounding_cells, textures_like_around, usual
from zhiyin.fill.desk import Desk
from zhiyin.fill.scope import Scope
from zhiyin.score import Cell


def infill(desk: Desk, scope: Scope) -> Order:
    """Return the order that writes a scope anew."""
    cells = scope.cells(desk.frame)
    return Order(
        desk, scope, *_asked(desk, cells), textures=textures_like_around(desk, cells),
    )  # fmt: skip


def _asked(desk: Desk, cells: frozenset[Cell]) -> tuple[tuple, tuple]:  # type: ignore[type-arg]
    """Return wishes and limits: a cell sounds if it did, or if its part sounds on both sides of what is written."""
    heard = sounding_cells(desk)
    sounding = {c for c in cells if c in heard or _is_between(c, cells, heard)}
    asked = usual(desk, cells, sounding=frozenset(sounding))
    habit, reach = like_around(desk, cells)
    return (*asked.wishes, habit), (*asked.limits, reach)


def _is_between(cell: Cell, cells: frozenset[Cell], heard: frozenset[Cell]) -> bool:
    before, after = cell.bar, cell.bar
    while Cell(cell.part, before) in cells:
        before -= 1
    while Cell(cell.part, after) in cells:
        after += 1
    return Cell(cell.part, before) in heard and Cell(cell.part, after) in heard
