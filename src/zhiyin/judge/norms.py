"""Human norms: how the judges' values spread over people's pieces of a style, and how far a value lies from them.

Conventions: percentiles 5..95 of openings of 16 or 64 bars from the training split; the length nearest to a piece's
own is asked. This module measures nothing: the table is written by `zhiyin.judge.norms_build`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from zhiyin.errors import NotFound
from zhiyin.judge.base import Measure
from zhiyin.theory.styles import STYLES

LENGTHS = (16, 64)  # bars
ALL_STYLES = "all"
COLUMNS = ("style", "bars", "judge", "pieces", "p5", "p10", "p25", "p50", "p75", "p90", "p95")
TABLE = Path(__file__).with_name("human_norms.csv")
# Standard deviations from p10 to p90 and from p5 to p95 of a normal distribution.
P10_TO_P90, P5_TO_P95 = 2.5631, 3.2897
STANDS_IN = {"chorale": "hymn"}  # too few chorales may be learned from
LEAST = 0.2  # of the spread over all styles
FEWEST_SHARED = 6  # measures that a piece must have to be compared with styles
UNHEARD = 0.1  # how often a judge without a row is taken to speak of a style's pieces
FAR = 4.0  # a value further off than this counts as this far


@dataclass(frozen=True, slots=True)
class Norm:
    """How one judge's values spread over people's pieces of one style and length.

    least: the smallest spread to reckon with, so that a style that never varies does not make every change enormous.
    """

    pieces: int
    p5: float
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float
    p95: float
    least: float = 1e-3

    @property
    def spread(self) -> float:
        """Return a robust standard deviation, never below `least`."""
        return max(self._width, self.least)

    @property
    def _width(self) -> float:
        return max((self.p90 - self.p10) / P10_TO_P90, (self.p95 - self.p5) / P5_TO_P95)

    def z(self, value: float) -> float:
        """Return how many robust standard deviations a value lies from the median.

        >>> round(Norm(9, 0, 1, 3, 5, 7, 9, 10).z(9.0), 2)
        1.28
        """
        return (value - self.p50) / self.spread

    def is_unusual(self, value: float) -> bool:
        """Return whether a value lies below what 5 or above what 95 of a hundred people's pieces have."""
        return value < self.p5 - 1e-12 or value > self.p95 + 1e-12

    def percentile(self, value: float) -> float:
        """Return about how many of a hundred people's pieces lie below a value, 0..100."""
        points = (self.p5, self.p10, self.p25, self.p50, self.p75, self.p90, self.p95)
        below = float(np.interp(value, points, (5, 10, 25, 50, 75, 90, 95)))
        return 2.5 if value < self.p5 else 97.5 if value > self.p95 else below


Norms = Mapping[str, Norm]


@cache
def read_norms(path: Path = TABLE) -> dict[tuple[str, int], dict[str, Norm]]:
    """Return {(style, bars): {judge: norm}} of a table."""
    found: dict[tuple[str, int], dict[str, Norm]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            points = [float(row[name]) for name in COLUMNS[4:]]
            found.setdefault((row["style"], int(row["bars"])), {})[row["judge"]] = Norm(
                int(row["pieces"]), *points
            )
    for (_, bars), norms in found.items():
        everywhere = found.get((ALL_STYLES, bars), {})
        for name, norm in norms.items():
            if name in everywhere:
                norms[name] = replace(norm, least=max(LEAST * everywhere[name].spread, norm.least))
    return found


def known_styles() -> tuple[str, ...]:
    """Return the styles that have norms, sorted."""
    return tuple(sorted({style for style, _ in read_norms()} - {ALL_STYLES}))


def style_with_norms(style: str | None) -> str | None:
    """Return the style whose people's pieces answer for a style; None where all styles must.

    Raises NotFound for a name that is no style at all.
    >>> style_with_norms("waltz"), style_with_norms("chorale"), style_with_norms("ambient")
    ('waltz', 'hymn', None)
    """
    if style is not None and style not in STYLES:
        raise NotFound(f"style must be a known one, got {style!r}: choose from {', '.join(known_styles())}")
    found = style if style in known_styles() else STANDS_IN.get(style or "")
    return found if found in known_styles() else None


def norms_of(style: str | None, bars: int) -> Norms:
    """Return the norms of a style (all styles for None) at the length nearest to so many bars.

    Judges for which a style has too few pieces are answered by all styles. Raises NotFound for an unknown style.
    """
    table, length = read_norms(), nearest_length(bars)
    own = style_with_norms(style) or ALL_STYLES
    return {**table.get((ALL_STYLES, length), {}), **table.get((own, length), {})}


def nearest_length(bars: int) -> int:
    """Return the length of LENGTHS nearest to so many bars, by ratio.

    >>> nearest_length(24), nearest_length(40)
    (16, 64)
    """
    return min(LENGTHS, key=lambda length: abs(np.log(max(bars, 1) / length)))


def nearest_style(measures: Mapping[str, Measure], bars: int) -> str | None:
    """Return the style whose people's pieces the measures fit best; None when too few measures can be compared.

    Naive Bayes: each judge adds how often it speaks of the style's pieces at all and, where it does, its value's
    log-likelihood under a normal distribution of the style's median and spread (of all styles' where the style has
    none), a value far out counting no more than FAR spreads.
    """
    table, length = read_norms(), nearest_length(bars)
    everywhere = table.get((ALL_STYLES, length), {})
    found = {name: m.value for name, m in measures.items() if name in everywhere}
    if sum(value is not None for value in found.values()) < FEWEST_SHARED:
        return None
    scores = {
        style: _misfit(found, table[style, length], everywhere)
        for style in known_styles()
        if (style, length) in table
    }
    return min(scores, key=lambda style: scores[style], default=None)


def _misfit(found: Mapping[str, float | None], own: Norms, everywhere: Norms) -> float:
    """Return the negative log-likelihood of values, None where a judge does not speak, in one style."""
    most = max(norm.pieces for norm in own.values())
    total = 0.0
    for name, value in found.items():
        speaks = (own[name].pieces + 1) / (most + 2) if name in own else UNHEARD
        if value is None:
            total -= float(np.log(1 - speaks))
        else:
            norm = own.get(name, everywhere[name])
            total += 0.5 * min(abs(norm.z(value)), FAR) ** 2 + float(np.log(norm.spread) - np.log(speaks))
    return total
