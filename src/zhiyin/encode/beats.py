"""Beat columns: a grid cut at every beat, so that the parts take turns beat by beat instead of bar by bar.

Conventions: a beat column tells what its bar column tells, and where in the bar it stands.
This module is for comparing layouts (docs/lab.md); what ships has one column a bar.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zhiyin.encode.context import Context
from zhiyin.encode.grid_tokens import GridTokens, decode_grid, encode_grid
from zhiyin.encode.sequence import Window
from zhiyin.score import Timeline
from zhiyin.units import TICKS_PER_STEP, IntArray


@dataclass(frozen=True, eq=False)
class BeatGrid:
    """A grid with a column a beat.

    parent: (beats,) the bar column of each beat; first: (bar columns + 1,) the first beat of each bar column.
    """

    tokens: GridTokens
    parent: IntArray
    first: IntArray

    def context(self, context: Context) -> Context:
        """Return the context of the beats, from that of the bar columns."""
        parent, length = self.parent, np.diff(self.tokens.starts)
        begin = self.tokens.starts[:-1]
        names = ("tonic", "mode", "metre", "section_pos", "section_left", "piece_pos", "piece_left",
                 "density", "polyphony", "register_pitch")  # fmt: skip
        within = np.arange(parent.size) - self.first[parent]
        source = context.like[parent]
        like = np.where(source >= 0, self.first[np.maximum(source, 0)] + within, -1)
        like = np.where(like < self.first[np.maximum(source, 0) + 1], like, -1)
        like[source < 0] = source[source < 0]
        return replace(
            context,
            **{name: getattr(context, name)[parent] for name in names},
            length=length,
            like=like,
            offset=begin - begin[self.first[parent]],
        )

    def window(self, window: Window) -> Window:
        """Return the window over the beats of the same bars, the same cells to write."""
        count = np.diff(self.first)[window.columns]
        columns = np.concatenate([np.arange(self.first[c], self.first[c + 1]) for c in window.columns])
        return replace(window, columns=columns, write=np.repeat(window.write, count, axis=0))


def beat_grid(tokens: GridTokens) -> BeatGrid:
    """Return the grid cut at every beat."""
    line = Timeline.of(tokens.frame)
    starts, parents = [], []
    for column in range(tokens.columns):
        begin, end = int(tokens.starts[column]), int(tokens.starts[column + 1])
        beat = max(line.metre_at(begin * TICKS_PER_STEP).beat_ticks // TICKS_PER_STEP, 12)
        found = np.arange(begin, end, beat)
        starts.append(found)
        parents.append(np.full(found.size, column))
    parent = np.concatenate(parents)
    edges = np.append(np.concatenate(starts), tokens.starts[-1])
    fine = encode_grid(decode_grid(tokens), layout=(edges, tokens.bars[parent]))
    return BeatGrid(fine, parent, np.searchsorted(parent, np.arange(tokens.columns + 1)))
