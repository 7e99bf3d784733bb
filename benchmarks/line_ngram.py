"""A model of melodies that shares nothing with the VAE: counts of steps after steps, backed off from long to short.

Conventions: lines in a signature without sharps and flats, 130 symbols a sixteenth; contexts are the place in the bar,
how long the last note sounds, and the last three pitches; Witten-Bell shares. Does not know: harmony, form, words.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from zhiyin.encode.bar_steps import HOLD, REST, SYMBOLS, Bars

LONGEST = 16  # steps since the last beginning that are told apart
Context = tuple[int, ...]


def _places(bars: Bars) -> Iterable[tuple[int, list[Context]]]:
    """Yield (symbol, contexts from long to short) of every step of bars side by side."""
    past = [REST, REST, REST]
    since = LONGEST
    for steps, size in zip(bars.steps.tolist(), bars.lengths.tolist(), strict=True):
        for place, symbol in enumerate(steps[:size]):
            at = (size, place)
            yield symbol, [
                (0, *at, since, *past), (1, *at, since, past[-1], past[-2]), (2, *at, since, past[-1]),
                (3, place % 4, since, past[-1]), (4, place % 4, min(since, 4)), (5,),
            ]  # fmt: skip
            if symbol == HOLD:
                since = min(since + 1, LONGEST)
                continue
            if not (symbol == REST and past[-1] == REST):
                past = [*past[1:], symbol]
                since = 0
            since = min(since + 1, LONGEST)


@dataclass
class LineNGram:
    """Counts of symbols after contexts."""

    counts: dict[Context, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def learn(self, bars: Bars) -> None:
        """Count one melody."""
        for symbol, contexts in _places(bars):
            for context in contexts:
                self.counts[context][symbol] += 1

    def bits(self, bars: Bars) -> tuple[float, int]:
        """Return (bits, steps) of a melody."""
        total, steps = 0.0, 0
        for symbol, contexts in _places(bars):
            chance = 1 / SYMBOLS
            for context in reversed(contexts):
                seen = self.counts.get(context)
                if seen:
                    kinds, number = len(seen), seen.total()
                    chance = (seen[symbol] + kinds * chance) / (number + kinds)
            total -= math.log2(chance)
            steps += 1
        return total, steps
