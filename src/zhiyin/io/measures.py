"""Written measures turned into metre marks: pick-ups, split bars at repeats, irregular bars.

Conventions: measures follow each other without gaps; lengths are ticks; a score has one pick-up, its first bar.
This module does not know formats: readers hand it what they saw between bar lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from zhiyin.score import MetreMark
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER, Ticks


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure as written: where it starts, how long it sounds, the metre in force.

    may_complete: the bar line before it is a repeat or it is marked implicit, so that it may be the second
    half of a bar that the line cuts in two.
    """

    start: Ticks
    length: Ticks
    metre: Metre
    may_complete: bool = False


def irregular_metre(length: Ticks, denominator: int) -> Metre | None:
    """Return the metre of a bar of this length with the coarsest beat from 1/denominator down, or None.

    >>> str(irregular_metre(25200, 4)), irregular_metre(10081, 4)
    ('5/8', None)
    """
    while denominator <= 128:
        beats, rest = divmod(length * denominator, 4 * TICKS_PER_QUARTER)
        if rest == 0 and 1 <= beats <= 256:
            return Metre(beats, denominator)
        denominator *= 2
    return None


def join_split_bars(measures: Sequence[Measure]) -> list[Measure]:
    """Return the measures with the two halves of each bar that a repeat cuts in two made one."""
    joined: list[Measure] = []
    for measure in measures:
        last = joined[-1] if len(joined) > 1 else None
        if (
            last is not None
            and measure.may_complete
            and last.metre == measure.metre
            and last.length + measure.length == measure.metre.bar_ticks
        ):
            joined[-1] = replace(last, length=measure.metre.bar_ticks)
        else:
            joined.append(measure)
    return joined


def metre_marks(measures: Sequence[Measure]) -> tuple[tuple[MetreMark, ...], Ticks]:
    """Return the metre marks that put a bar line at every measure, and the length of the pick-up.

    A short first measure is the pick-up; a short last one needs no mark; any other measure whose length
    differs from its metre gets a metre of its own length, and the next one the written metre again.
    >>> quarter = Metre(4, 4)
    >>> metre_marks([Measure(0, 10080, quarter), Measure(10080, 40320, quarter)])[1]
    10080
    """
    bars = join_split_bars([m for m in measures if m.length > 0])
    if not bars:
        return (), 0
    pickup = bars[0].length if len(bars) > 1 and bars[0].length < bars[0].metre.bar_ticks else 0
    marks: list[MetreMark] = []
    now: Metre | None = None
    for index, bar in enumerate(bars):
        wanted: Metre | None = bar.metre
        is_edge = (index == 0 and pickup > 0) or index == len(bars) - 1
        if bar.length > bar.metre.bar_ticks or (bar.length < bar.metre.bar_ticks and not is_edge):
            wanted = irregular_metre(bar.length, bar.metre.denominator) if len(bars) > 1 else bar.metre
        if wanted is None or wanted != now:
            marks.append(MetreMark(bar.start, wanted or bar.metre))
        now = wanted
    return tuple(marks), pickup
