"""Overlapped area: how much two sets of values, generated and human, share of one distribution.

Conventions: Gaussian kernels with Scott's bandwidth; 0 nothing shared, 1 the same; both sets need three values.
This module does not measure pieces: see `zhiyin.judge`.
Source: Yang & Lerch, On the evaluation of generative models in music, Neural Computing and Applications 2020, there
on pairwise distances, here on the values themselves as in FIGARO (von Rütte et al., ICLR 2023).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.judge.base import Measure
from zhiyin.units import FloatArray

FEWEST = 3
POINTS = 2048
NARROWEST = 0.05  # of the pooled standard deviation: values that never vary still get some width


def overlapped_area(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the area under both densities of two sets of values, 0..1; 1 when all values are one and the same.

    Raises InvalidInput for fewer than three values in a set or one that is not finite.
    >>> overlapped_area([1, 1, 1], [1, 1, 1]), round(overlapped_area([0, 1, 2], [100, 101, 102]), 3)
    (1.0, 0.0)
    """
    one, two = (np.asarray(values, np.float64) for values in (a, b))
    pooled = np.concatenate([one, two])
    if min(one.size, two.size) < FEWEST or not np.isfinite(pooled).all():
        raise InvalidInput(
            f"both sets must hold {FEWEST} finite values or more, got {one.size} and {two.size}: measure more pieces"
        )
    floor = NARROWEST * float(pooled.std())
    if floor == 0.0:
        return 1.0
    widths = [max(_scott(values), floor) for values in (one, two)]
    edge = 5 * max(widths)
    grid = np.linspace(pooled.min() - edge, pooled.max() + edge, POINTS)
    shared = np.minimum(_density(one, widths[0], grid), _density(two, widths[1], grid))
    return min(float(np.trapezoid(shared, grid)), 1.0)


def _scott(values: FloatArray) -> float:
    return float(values.std(ddof=1) * values.size**-0.2)


def _density(values: FloatArray, width: float, grid: FloatArray) -> FloatArray:
    """Return the kernel density of values at the grid's points: (points,)."""
    waves: FloatArray = np.exp(-0.5 * ((grid[:, None] - values[None]) / width) ** 2)
    density: FloatArray = waves.mean(axis=1) / (width * np.sqrt(2 * np.pi))
    return density


def overlaps(
    made: Sequence[Mapping[str, Measure]], human: Sequence[Mapping[str, Measure]]
) -> dict[str, float]:
    """Return the overlapped area of each judge that has three values or more in both sets."""
    names = [name for name in made[0] if name in human[0]] if made and human else []
    found = {}
    for name in names:
        one, two = (values_of(name, pieces) for pieces in (made, human))
        if min(len(one), len(two)) >= FEWEST:
            found[name] = overlapped_area(one, two)
    return found


def values_of(name: str, pieces: Sequence[Mapping[str, Measure]]) -> list[float]:
    """Return a judge's values over pieces, those without one left out."""
    return [piece[name].value for piece in pieces if piece[name].value is not None]  # type: ignore[misc]
