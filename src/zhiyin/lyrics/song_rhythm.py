"""The rhythm of words: where each syllable of a line begins, by stress, word and breath.

Conventions: places are eighths from the start of a line's first bar, below 0 before it; a line takes 2, 4 or 8 bars
and ends on a long note with a breath behind it. This module writes no pitches: see `zhiyin.apps.melodise_words`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.fit import OFFSET, ONSET
from zhiyin.lyrics.language import Syllable
from zhiyin.lyrics.slots import accent_at
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER, FloatArray, Ticks

EIGHTH = TICKS_PER_QUARTER // 2
BREATH = 2  # eighths of rest, or of the next line's upbeat, behind a line
FULL = 0.66  # of a line's eighths that syllables may take
LEAD = 2  # eighths that an upbeat may take
MOST_SYLLABLES = 40
LIKE_BEFORE = (
    1.6  # a line of as many syllables as one before takes its rhythm unless another is better by so much
)
PAIR_COST, OVER_BEAT, SLOW_WORD = 0.12, 0.7, 0.5


@dataclass(frozen=True, slots=True)
class LineRhythm:
    """The notes of one line: onsets and durations in ticks from the start of the piece; bars: how many it takes."""

    onsets: tuple[Ticks, ...]
    durations: tuple[Ticks, ...]
    bars: int


def plan_rhythm(
    lines: Sequence[Sequence[Syllable]], metre: Metre, *, lang: str, rng: np.random.Generator
) -> tuple[LineRhythm, ...]:
    """Return the rhythm of all lines, one behind the other from tick 0.

    Raises InvalidInput for a line without syllables or with more than 40.
    """
    found: list[LineRhythm] = []
    known: dict[int, list[int]] = {}
    start = 0
    for number, line in enumerate(lines):
        if not 0 < len(line) <= MOST_SYLLABLES:
            raise InvalidInput(
                f"a line must have 1..{MOST_SYLLABLES} syllables to be sung, got {len(line)} in line {number + 1}: "
                "break it into lines",
                zh=f"一句应有 1 到 {MOST_SYLLABLES} 个音节，第 {number + 1} 句有 {len(line)} 个：请分成几行",
            )
        bars = _bars(len(line), metre)
        places = _places(line, metre, bars=bars, lang=lang, lead=LEAD if number else 0, rng=rng)
        before = known.get(len(line))
        if before is not None and (number or min(before) >= 0):
            own, other = (_cost(p, line, metre, bars=bars, lang=lang) for p in (places, before))
            places = before if other <= own + LIKE_BEFORE else places
        known.setdefault(len(line), places)
        found.append(_line(places, start, bars, metre))
        start += bars * metre.bar_ticks
    return tuple(found)


def tone_moves(line: Sequence[Syllable]) -> tuple[int, ...]:
    """Return which way the tune wants to go into each syllable: 1 up, -1 down, 0 free."""
    moves = [0]
    for left, right in itertools.pairwise(line):
        is_told = left.tone in OFFSET and right.tone in ONSET
        moves.append(int(np.sign(ONSET[right.tone] - OFFSET[left.tone])) if is_told else 0)
    return tuple(moves)


def _eighths(metre: Metre) -> int:
    return metre.bar_ticks // EIGHTH


def _bars(count: int, metre: Metre) -> int:
    for bars in (2, 4, 8):
        if count <= FULL * bars * _eighths(metre):
            return bars
    return 16


def _line(places: Sequence[int], start: Ticks, bars: int, metre: Metre) -> LineRhythm:
    ends = [*places[1:], bars * _eighths(metre) - BREATH]
    return LineRhythm(
        tuple(start + p * EIGHTH for p in places),
        tuple((end - p) * EIGHTH for p, end in zip(places, ends, strict=True)),
        bars,
    )


def _strength(syllable: Syllable, lang: str) -> float:
    """Return how much beat a syllable wants, 0..1."""
    if lang == "en":
        if syllable.place == "single":
            return 0.8 if syllable.is_content else 0.1
        return {2: 1.0, 1: 0.5, 0: 0.05}[syllable.stress]
    if syllable.tone == 5:
        return 0.05
    return {"single": 0.6 if syllable.is_content else 0.2, "begin": 0.8}.get(syllable.place, 0.3)


def _place_cost(place: int, syllable: Syllable, metre: Metre, lang: str) -> float:
    accent = accent_at(metre, place * EIGHTH % metre.bar_ticks)
    return 2.0 * (accent - _strength(syllable, lang)) ** 2


def _step_cost(a: int, b: int, pair: tuple[Syllable, Syllable], metre: Metre) -> float:
    gap = b - a
    beat = metre.beat_ticks // EIGHTH
    cost = PAIR_COST * (gap - 1.6) ** 2
    if a % beat and (a % beat) + gap > beat:  # a note that begins off the beat and lasts over the next
        cost += OVER_BEAT
    if pair[0].word == pair[1].word:
        cost += SLOW_WORD * max(gap - 2, 0)
    return cost


def _cost(places: Sequence[int], line: Sequence[Syllable], metre: Metre, *, bars: int, lang: str) -> float:
    """Return the whole cost of a rhythm for a line."""
    total = sum(_place_cost(p, s, metre, lang) for p, s in zip(places, line, strict=True))
    for i in range(len(places) - 1):
        total += _step_cost(places[i], places[i + 1], (line[i], line[i + 1]), metre)
    return total + _end_cost(places[-1], metre, bars=bars)


def _end_cost(place: int, metre: Metre, *, bars: int) -> float:
    length = bars * _eighths(metre) - BREATH - place
    accent = accent_at(metre, place * EIGHTH % metre.bar_ticks)
    return 1.5 * (1.0 - accent) + 0.15 * abs(length - 4)


def _places(
    line: Sequence[Syllable], metre: Metre, *, bars: int, lang: str, lead: int, rng: np.random.Generator
) -> list[int]:
    """Return the cheapest places of a line's syllables."""
    count, last = len(line), bars * _eighths(metre) - BREATH - 2
    places = np.arange(-lead, last + 1)
    whim = rng.gumbel(size=(count, places.size)) * 0.08
    best: FloatArray = np.full((count, places.size), np.inf)
    back = np.zeros((count, places.size), np.int64)
    for j, p in enumerate(places.tolist()):
        late = 0.1 * max(p - 1, 0) ** 2 + 0.25 * abs(p)
        best[0, j] = _place_cost(p, line[0], metre, lang) + late + whim[0, j]
    for i in range(1, count):
        for j, p in enumerate(places.tolist()):
            reach = range(max(0, j - 8), j)
            options = [
                best[i - 1, k] + _step_cost(int(places[k]), p, (line[i - 1], line[i]), metre) for k in reach
            ]
            if options:
                least = int(np.argmin(options))
                best[i, j] = options[least] + _place_cost(p, line[i], metre, lang) + whim[i, j]
                back[i, j] = reach[least]
    ends = best[-1] + np.array([_end_cost(int(p), metre, bars=bars) for p in places])
    at = int(np.argmin(ends))
    chosen = [at]
    for i in range(count - 1, 0, -1):
        at = int(back[i, at])
        chosen.append(at)
    return [int(places[k]) for k in reversed(chosen)]
