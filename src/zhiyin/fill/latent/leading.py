"""How parts that are written anew stay with lines that were found beforehand: under the tune, over the bass, sounding.

Conventions: parts by index; the lines themselves are never held back. The wish is soft, as voice leading is.
This module writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from zhiyin.fill.constraints import Constraint, NearRegister, NoGaps, VoiceLeading
from zhiyin.fill.constraints.base import CellState
from zhiyin.fill.latent.reading import is_line
from zhiyin.score import Part
from zhiyin.units import BoolArray, FloatArray

LINE_WIDTH, BACKING_WIDTH = (
    9,
    14,
)  # semitones to each side of what a part played in the bar before it was written anew
SUNG = 0.95  # of the time that a part sounds which is taken to sing on without rests


@dataclass(frozen=True)
class LedVoices(VoiceLeading):
    """Voice leading that only the parts `anew` are held to; the others lead."""

    anew: frozenset[int] = frozenset()

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow for the parts written anew what voice leading allows."""
        return super().value_mask(cell, onset) if cell.part in self.anew else None

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Lean for the parts written anew as voice leading does."""
        return super().value_bias(cell, onset) if cell.part in self.anew else None


def led_by(
    parts: Sequence[Part], lines: Collection[int], anew: Collection[int], *, register: FloatArray
) -> tuple[Constraint, ...]:
    """Return the wishes for parts written anew to lines: in their register, voices in order, sung on as before.

    register: (bars, parts) mean pitch of each bar as it was.
    """
    if not anew:
        return ()
    single = [i for i in anew if is_line(parts[i].notes)]
    widths = tuple(LINE_WIDTH if i in single else BACKING_WIDTH for i in range(len(parts)))
    middle = np.where(np.isin(np.arange(len(parts)), list(anew)), register, np.nan)
    wishes: list[Constraint] = [NearRegister(middle, widths)]
    leads = [i for i in lines if not parts[i].is_drums and len(parts[i].notes)]
    if single and leads:
        order = sorted({*single, *leads}, key=lambda i: -float(parts[i].notes.pitch.mean()))
        wishes.append(LedVoices(tuple(order), anew=frozenset(single)))
    sung = tuple(i for i in single if _sings_on(parts[i]))
    return (*wishes, *((NoGaps(sung),) if sung else ()))


def _sings_on(part: Part) -> bool:
    notes = part.notes
    return float(notes.duration.sum()) >= SUNG * float(notes.offset.max() - notes.onset.min())
