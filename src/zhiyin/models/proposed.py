"""Notes worked out beforehand as a proposer: what blends, interpolations and transfers hand to the decoding loop.

Conventions: cells are (column, row) of the score's grid, row 0 the chord row; rolls are those of one cell. A cell that
is not given is proposed empty. This module does not work notes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhiyin.encode.fields import PITCHES, PROGRAM_CHORDS
from zhiyin.encode.scene import Scene
from zhiyin.models.proposal import Proposal
from zhiyin.units import Float32Array


@dataclass(frozen=True, eq=False)
class CellRolls:
    """Soft rolls of one cell: strike and hold (sixteenths, 128), level (sixteenths,) 0..7; is_mono: no chords."""

    strike: Float32Array
    hold: Float32Array
    level: Float32Array
    is_mono: bool = False


class Proposed:
    """A proposer that answers from rolls made beforehand.

    cells: {(column, row): rolls}; name, version: of the family that made them. Cells of rows that it holds none of are
    not served.
    """

    order = "bar"

    def __init__(
        self,
        cells: Mapping[tuple[int, int], CellRolls],
        *,
        name: str,
        version: str,
        card: Mapping[str, Any] | None = None,
    ) -> None:
        self.cells, self.name, self.version, self.card = dict(cells), name, version, dict(card or {})
        self.rows = frozenset(row for _, row in self.cells)

    def serves(self, role: int, program: int) -> bool:
        """Return whether it may write rows of a kind: all but the chord row; `serves_row` tells which."""
        return program != PROGRAM_CHORDS

    def serves_row(self, row: int) -> bool:
        """Return whether it holds cells of a row of the score's grid."""
        return row in self.rows

    def propose(self, scene: Scene, rng: np.random.Generator) -> Proposal:
        """Return the rolls of the scene's cells, empty ones where none are held."""
        shape = (scene.rows.size, scene.sixteenths, PITCHES)
        strike, hold = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        level = np.full(shape[:2], 4.0, np.float32)
        mono = np.zeros(scene.rows.size, bool)
        for r, row in enumerate(scene.rows.tolist()):
            for c, column in enumerate(scene.columns.tolist()):
                rolls = self.cells.get((column, row))
                if rolls is None:
                    continue
                low = int(scene.edges[c])
                size = min(len(rolls.strike), int(scene.edges[c + 1]) - low)
                strike[r, low : low + size] = rolls.strike[:size]
                hold[r, low : low + size] = rolls.hold[:size]
                level[r, low : low + size] = rolls.level[:size]
                mono[r] = rolls.is_mono
        return Proposal(strike, hold, level, mono)
