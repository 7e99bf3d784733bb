"""Pattern strings: a bar of four beats as text, and the same bar in other metres.

Conventions: a pattern is bars of 4, 8, 12, 16, 24 or 32 steps joined by `|`; `.` rests, `-` holds, `~` in a drum roll
is no symbol; places are quarters. This module does not know what a symbol plays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from zhiyin.errors import InvalidInput
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER, Ticks

STEPS = (4, 8, 12, 16, 24, 32)
REST, HOLD = ".", "-"
QUARTERS = 4  # patterns are written in bars of four quarters
MAX_PATTERN_BARS = 8
# Which beats of a bar of four stand for the beats of other metres: a bar of three drops the third.
_SIMPLE = {1: (0,), 2: (0, 1), 3: (0, 1, 3), 4: (0, 1, 2, 3), 5: (0, 1, 2, 0, 3), 6: (0, 1, 3, 0, 1, 3),
           7: (0, 1, 2, 3, 0, 1, 3)}  # fmt: skip
_COMPOUND = {2: (0, 1), 3: (0, 1, 3), 4: (0, 1, 2, 3)}


@dataclass(frozen=True, slots=True)
class Stroke:
    """One symbol of a pattern: where it starts and how long it lasts, in quarters from the bar's start."""

    start: float
    length: float
    symbol: str


@dataclass(frozen=True, slots=True)
class Beat:
    """One beat of a real bar: its first tick, the pattern beat it plays, its length, whether it splits in three."""

    tick: Ticks
    source: int
    length: Ticks
    is_dotted: bool = False


Bars = tuple[tuple[Stroke, ...], ...]


@lru_cache(maxsize=4096)
def parse_pattern(text: str) -> Bars:
    """Return the strokes of every bar of a pattern. Raises InvalidInput naming the bar.

    >>> [(s.start, s.length, s.symbol) for s in parse_pattern("R---..5.")[0]]
    [(0.0, 2.0, 'R'), (3.0, 0.5, '5')]
    """
    bars: list[list[Stroke]] = []
    for number, bar in enumerate(text.replace(" ", "").split("|"), 1):
        if len(bar) not in STEPS:
            raise InvalidInput(
                f"bar {number} of a pattern must have {', '.join(map(str, STEPS))} steps, got {len(bar)} in {text!r}: "
                "add or take away steps"
            )
        bars.append([])
        _read_bar(bar, bars, text)
    if len(bars) > MAX_PATTERN_BARS:
        raise InvalidInput(f"a pattern must have at most {MAX_PATTERN_BARS} bars, got {len(bars)}: cut it")
    return tuple(tuple(bar) for bar in bars)


def _read_bar(bar: str, bars: list[list[Stroke]], text: str) -> None:
    step = QUARTERS / len(bar)
    for index, symbol in enumerate(bar):
        if symbol == HOLD:
            held = next((b for b in reversed(bars) if b), None)
            if held is None:
                raise InvalidInput(f"'-' must hold a note before it, got none in {text!r}: begin with a note")
            last = held[-1]
            held[-1] = Stroke(last.start, last.length + step, last.symbol)
        elif symbol != REST:
            bars[-1].append(Stroke(index * step, step, symbol))


def beats_of(metre: Metre) -> tuple[Beat, ...]:
    """Return the beats of a real bar with the pattern beats that they play.

    Raises InvalidInput for metres that patterns of four beats cannot be bent to, naming the family that can.
    >>> [beat.source for beat in beats_of(Metre(3, 4))], beats_of(Metre(6, 8))[1].tick
    ([0, 1, 3], 15120)
    """
    quarter = TICKS_PER_QUARTER
    if metre.is_compound and metre.denominator == 8 and metre.beats in _COMPOUND:
        size = metre.beat_ticks
        return tuple(Beat(i * size, s, size, True) for i, s in enumerate(_COMPOUND[metre.beats]))
    whole, rest = divmod(metre.bar_ticks, quarter)
    if whole in _SIMPLE and rest in (0, quarter // 2):
        beats = [Beat(i * quarter, s, quarter) for i, s in enumerate(_SIMPLE[whole])]
        half = [Beat(whole * quarter, 3, rest)] if rest else []
        return (*beats, *half)
    raise InvalidInput(
        f"the rules family plays bars of 1 to 7 quarters and 6/8, 9/8, 12/8, got {metre}: "
        "choose one of those, or --family transformer"
    )


def place(strokes: Sequence[Stroke], metre: Metre) -> list[tuple[Ticks, Ticks, str]]:
    """Return (onset, duration, symbol) in ticks of a bar of four played in a metre, in order of onset.

    Dotted beats are shuffled: the second eighth of a quarter falls on the third of the dotted one.
    >>> place(parse_pattern("x.x.x.x.")[0], Metre(6, 8))
    [(0, 5040, 'x'), (15120, 5040, 'x')]
    """
    if metre.bar_ticks == QUARTERS * TICKS_PER_QUARTER and not metre.is_compound:
        return [(round(s.start * 10_080), round(s.length * 10_080), s.symbol) for s in strokes]
    found: dict[Ticks, tuple[Ticks, Ticks, str]] = {}
    played: set[Stroke] = set()
    for beat in beats_of(metre):
        for stroke in strokes:
            if stroke in played and stroke.length > 1:
                continue  # a long note rings through the beat that comes a second time
            offset = stroke.start - beat.source
            if not 0 <= offset < 1:
                continue
            inside = _dotted(offset, beat.length) if beat.is_dotted else round(offset * TICKS_PER_QUARTER)
            if inside >= beat.length or beat.tick + inside in found:
                continue
            onset = beat.tick + inside
            found[onset] = (onset, _length(stroke, onset, beat, metre), stroke.symbol)
            played.add(stroke)
    return sorted(found.values())


def _length(stroke: Stroke, onset: Ticks, beat: Beat, metre: Metre) -> Ticks:
    """Return a stroke's length in a bent bar: what reaches the bar line still does, what rings over it still rings."""
    end = stroke.start + stroke.length
    if end >= QUARTERS:
        step = TICKS_PER_QUARTER // 4
        return max(step, round(metre.bar_ticks * end / QUARTERS / step) * step - onset)
    scale = 1.5 if beat.is_dotted and stroke.length >= 1 else 1.0
    return max(1, min(round(stroke.length * scale * TICKS_PER_QUARTER), metre.bar_ticks - onset))


def _dotted(offset: float, length: Ticks) -> Ticks:
    """Return the place within a dotted beat: thirds of the beat, quarters of a quarter drawn to them."""
    return int((offset + 0.17) * 3) * length // 3
