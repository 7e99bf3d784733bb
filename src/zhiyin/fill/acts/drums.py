"""drums: a groove for a piece, or around a rhythm that a person tapped.

Conventions: two bars of groove repeat, every eighth bar plays something else; taps are held, strong ones on the bass
drum and the others on the snare. This module writes nothing itself: see `zhiyin.fill.act`.
"""

from __future__ import annotations

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order
from zhiyin.fill.acts.new_parts import Joined, cells_of, joined, limits_of, textures_of_style
from zhiyin.fill.acts.usual import usual
from zhiyin.fill.compose_plan import BACKBEAT_STYLES
from zhiyin.fill.constraints import Backbeat, Constraint, KitHands, Sounds, WithinBars
from zhiyin.fill.constraints.pinned import Hold
from zhiyin.fill.desk import Desk
from zhiyin.score import Cell, Score, Timeline
from zhiyin.score.quantise import snap
from zhiyin.units import TICKS_PER_STEP

GROOVE_BARS, FILL_EVERY = 2, 8
KICK, SNARE = 36, 38
HIT_STEPS = 6  # a held hit lasts a sixteenth
TAP_STEPS = 3  # taps are drawn to the nearest thirty-second: fingers are not machines


def drums(desk: Desk, *, style: str | None = None, tapped: Score | None = None, kit: str = "drums") -> Order:
    """Return the order for a groove under a score.

    tapped: a score whose attacks are a rhythm, repeated bar by bar over the piece. Raises InvalidInput for taps without
    a note.
    """
    new = joined(desk, [(kit, "drums")])
    cells = cells_of(new)
    asked = usual(new.desk, cells, sounding=frozenset())
    fills = frozenset(b for b in range(new.desk.bars) if (b + 1) % FILL_EVERY == 0 or b == new.desk.bars - 1)
    wishes: list[Constraint] = [*limits_of(new)[:1], Sounds(cells), KitHands(frozenset(new.parts), fills)]
    if (style or "pop") in BACKBEAT_STYLES and tapped is None:
        whole = _whole_bars(new)
        wishes.append(Backbeat(frozenset(c for c in cells if c.bar < new.desk.bars - 1 and c.bar in whole)))
    limits = (*asked.limits, WithinBars(new.desk.bars))
    return Order(
        new.desk, new.scope, tuple(wishes), limits, holds={} if tapped is None else _taps(new, tapped),
        copies=_groove(new), textures=textures_of_style(new, style or "pop"), style=style,
    )  # fmt: skip


def _whole_bars(new: Joined) -> frozenset[int]:
    """Return the bars as long as their metre says: a pick-up has no backbeat."""
    line = Timeline.of(new.desk.frame)
    edges = line.bar_starts(new.desk.bars).tolist()
    return frozenset(
        bar
        for bar in range(new.desk.bars)
        if edges[bar + 1] - edges[bar] == line.metre_at(edges[bar]).bar_ticks
    )


def _groove(new: Joined) -> dict[Cell, Cell]:
    """Return which bar of the groove each bar repeats; fills, the last bar and bars of another length repeat none."""
    line, begin = Timeline.of(new.desk.frame), 1 if new.desk.frame.pickup_ticks else 0
    sizes = np.diff(line.bar_starts(new.desk.bars))
    copies = {}
    for bar in range(begin + GROOVE_BARS, new.desk.bars - 1):
        source = begin + (bar - begin) % GROOVE_BARS
        if (bar - begin + 1) % FILL_EVERY and sizes[bar] == sizes[source]:
            copies[Cell(new.first, bar)] = Cell(new.first, source)
    return copies


def _taps(new: Joined, tapped: Score) -> dict[Cell, Hold]:
    """Return the taps of each bar as held hits, free around them."""
    onsets = np.unique(np.concatenate([[], *(p.notes.onset for p in tapped.parts)]).astype(np.int64))
    if not onsets.size:
        raise InvalidInput(f"a tapped rhythm must hold notes, got none in {tapped.title!r}: tap at least one")
    line, theirs = Timeline.of(new.desk.frame), Timeline.of(tapped)
    last = int(theirs.bar_of(int(onsets[-1])))
    first = int(theirs.bar_of(int(onsets[0])))
    holds = {}
    for bar in range(new.desk.bars):
        start, end = line.bar_start(bar), line.bar_start(bar + 1)
        source = first + bar % (last - first + 1)
        inside = onsets[theirs.bar_of(onsets) == source] - theirs.bar_start(source)
        steps = np.unique(snap(inside, step_ticks=TAP_STEPS * TICKS_PER_STEP)) // TICKS_PER_STEP
        strong = {t // TICKS_PER_STEP for t in line.metre_at(start).strong_ticks()}
        hits = tuple(
            (start // TICKS_PER_STEP + s, HIT_STEPS, KICK if s in strong else SNARE)
            for s in steps.tolist() if s < (end - start) // TICKS_PER_STEP
        )  # fmt: skip
        holds[Cell(new.first, bar)] = Hold(
            hits, "beside", ((start // TICKS_PER_STEP, end // TICKS_PER_STEP),)
        )
    return holds
