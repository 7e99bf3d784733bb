"""Controls of style transfer: what the figures of a transfer mean beside answers that are none.

Conventions: each is a writer as `zhiyin.fill.acts.transfer` asks for, put in the place of a family; none is in the
product. `players` keeps every note and changes only who plays; `shuffled` keeps rhythm and players of the style and
shuffles the pitches of a bar; `swapped` plays another human piece's backing of that style, moved to the key.
Does not know: how answers are measured (benchmarks/transfer.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.passages import Passage
from zhiyin.fill.cast import Played, cast_of, dealt
from zhiyin.fill.restyled import Row
from zhiyin.score import Score


def backing_of(passage: Passage) -> list[Row]:
    """Return what sounds under the tune of a passage, as it stands."""
    n = passage.notes
    return [
        (int(n.onset[i]), int(n.duration[i]), int(n.pitch[i]))
        for i in np.flatnonzero(~passage.is_top).tolist()
    ]


@dataclass(frozen=True)
class Players:
    """The same notes, dealt to the players of the style."""

    name: str = "same notes, other players"
    version: str = "control"

    def write(
        self, frame: Score, found: Sequence[Passage], style: str, *, rng: np.random.Generator
    ) -> list[Played]:
        """Return the style's players with the notes there are."""
        return dealt([row for p in found for row in backing_of(p)], cast_of(style))


@dataclass(frozen=True)
class Shuffled:
    """The notes there are with their pitches shuffled, dealt to the players of the style."""

    name: str = "notes shuffled"
    version: str = "control"

    def write(
        self, frame: Score, found: Sequence[Passage], style: str, *, rng: np.random.Generator
    ) -> list[Played]:
        """Return the style's players with shuffled pitches."""
        rows = [row for p in found for row in backing_of(p)]
        pitches = rng.permutation(np.array([p for _, _, p in rows], np.int64)).tolist()
        moved = sorted({(o, d, p) for (o, d, _), p in zip(rows, pitches, strict=True)})
        return dealt(moved, cast_of(style))


@dataclass(frozen=True, eq=False)
class Swapped:
    """The backing of another human piece in the style, moved to the key; bars of the same length only."""

    donor: Passage
    name: str = "another piece's backing"
    version: str = "control"

    def write(
        self, frame: Score, found: Sequence[Passage], style: str, *, rng: np.random.Generator
    ) -> list[Played]:
        """Return the style's players with the donor's backing, from its first bar on."""
        target, source = found[0].ground, self.donor.ground
        step = (int(target.tonic[0]) - int(source.tonic[0]) + 6) % 12 - 6
        shift = int(target.start[0]) - int(source.start[0])
        end = int(target.start[-1]) + target.cell_steps
        rows = [(o + shift, min(d, end - o - shift), p + step) for o, d, p in backing_of(self.donor)]
        return dealt([row for row in rows if row[0] < end], cast_of(style))
