"""What Chinese folk songs do, as counts: degrees, pairs of degrees, steps between notes, finals, note lengths.

Conventions: pooled over the nine volumes of the set `cn_folk_stats` (7,258 songs); degrees are numbers, 1 is gong;
intervals in semitones, lengths in quarters. This module holds numbers only: `benchmarks/chinese.py` checks them.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from zhiyin.units import FloatArray

DEGREES = "1234567"
# Semitones of each degree above gong: 4 is 清角, 7 is 变宫.
STEPS = (0, 2, 4, 5, 7, 9, 11)
SONGS = 7_258
DEGREE: dict[str, int] = {
    "1": 141_773, "2": 133_468, "3": 116_993, "4": 6_737, "5": 131_707, "6": 137_903, "7": 14_877,
}  # fmt: skip
# Rows: the degree before; columns: the degree after.
PAIRS: tuple[tuple[int, ...], ...] = (
    (32_052, 36_337, 12_070, 685, 11_906, 44_749, 2_452),
    (43_250, 29_467, 32_948, 1_268, 10_790, 10_822, 4_095),
    (11_702, 43_459, 23_810, 475, 27_786, 8_309, 1_086),
    (1_370, 1_112, 1_133, 714, 1_951, 409, 29),
    (13_157, 10_040, 35_469, 2_856, 31_865, 33_624, 1_567),
    (37_785, 9_947, 9_316, 686, 44_862, 30_828, 3_202),
    (1_101, 1_795, 811, 35, 983, 7_689, 2_346),
)
INTERVAL: dict[int, int] = {
    -21: 73, -15: 141, -14: 555, -12: 1_353, -10: 2_410, -9: 1_380, -8: 3_346, -7: 8_472, -5: 32_975,
    -4: 10_861, -3: 82_283, -2: 138_319, -1: 3_387, 0: 146_124, 1: 1_438, 2: 104_793, 3: 66_651, 4: 10_508,
    5: 34_889, 7: 11_320, 8: 2_393, 9: 2_637, 10: 3_229, 11: 74, 12: 3_583, 14: 848, 15: 489,
    16: 31, 17: 74, 21: 144,
}  # fmt: skip
FINAL: dict[str, int] = {"1": 1_522, "2": 828, "3": 366, "4": 19, "5": 3_129, "6": 1_277, "7": 117}  # fmt: skip
DURATION: dict[float, int] = {
    0.25: 180_458, 0.5: 311_928, 0.75: 24_660, 1.0: 108_937, 1.25: 1_080, 1.5: 21_424, 1.75: 700, 2.0: 22_280, 2.25: 47,
    2.5: 1_128, 3.0: 2_793, 3.5: 272, 4.0: 1_424, 4.5: 77, 5.0: 34, 6.0: 58, 8.0: 8,
}  # fmt: skip


def shares(counts: dict[str, int]) -> FloatArray:
    """Return how much falls on each degree 1 to 7, summing to 1.

    >>> bool(shares(DEGREE)[[0, 1, 2, 4, 5]].sum() > 0.96)  # five notes carry the songs
    True
    """
    total = np.array([counts[degree] for degree in DEGREES], np.float64)
    share: FloatArray = total / total.sum()
    return share


@cache
def next_degree() -> FloatArray:
    """Return (7, 7) the chance of each degree after each degree; rows sum to 1."""
    counts = np.array(PAIRS, np.float64) + 0.5
    chances: FloatArray = counts / counts.sum(axis=1, keepdims=True)
    return chances


@cache
def step_sizes(widest: int = 24) -> FloatArray:
    """Return (2 * widest + 1,) the chance of each step from `widest` down to `widest` up, in semitones."""
    counts = np.array([INTERVAL.get(step, 0) + 0.5 for step in range(-widest, widest + 1)], np.float64)
    chances: FloatArray = counts / counts.sum()
    return chances
