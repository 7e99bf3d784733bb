"""Form: repetition at three scales of time, and whether sections of one name resemble each other.

Conventions: the structure indicator is the best fitness of any stretch of a scale, 0 none to 1;
section names are compared without case, numbers and primes. This module finds no sections.
"""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np

from zhiyin.analysis.structure import bar_similarity
from zhiyin.judge.base import Gauge, Measure
from zhiyin.judge.subject import Subject
from zhiyin.units import FloatArray, Seconds


def indicator(subject: Subject, low_s: Seconds, high_s: Seconds) -> Measure:
    """Return the structure indicator of stretches of low_s to high_s seconds."""
    if not len(subject.pitched):
        return Measure.absent("pitches")
    best = subject.scape.between(low_s, high_s)
    return Measure.absent("time") if best is None else Measure(min(max(best, 0.0), 1.0), subject.scape.frames)


def section_label(name: str) -> str:
    """Return a section's name without case, numbers, primes and spaces.

    >>> section_label("Verse 2"), section_label("A'")
    ('verse', 'a')
    """
    return re.sub(r"[\s\d'’′]+", "", name.casefold()) or name.casefold()


def plan_likeness(subject: Subject) -> Measure:
    """Return how much more alike sections of one name are than sections of different names, -1..1."""
    if len(subject.sections) < 2:
        return Measure.absent("sections")
    starts = [int(np.searchsorted(subject.edges, s.tick)) for s in subject.sections]
    spans = list(zip(starts, [*starts[1:], subject.bars], strict=True))
    labels = [section_label(s.name) for s in subject.sections]
    alike = bar_similarity(subject.score)
    same, other = list[float](), list[float]()
    for one, two in combinations(range(len(spans)), 2):
        if spans[one][1] > spans[one][0] and spans[two][1] > spans[two][0]:
            (same if labels[one] == labels[two] else other).append(_likeness(alike, spans[one], spans[two]))
    if not same:
        return Measure.absent("sections")
    difference = float(np.mean(same)) - (float(np.mean(other)) if other else 0.0)
    return Measure(difference, len(same) + len(other))


def _likeness(alike: FloatArray, one: tuple[int, int], two: tuple[int, int]) -> float:
    """Return the mean likeness of two stretches bar by bar, as far as the shorter goes."""
    bars = np.arange(min(one[1] - one[0], two[1] - two[0]))
    return float(alike[one[0] + bars, two[0] + bars].mean())


_SCALES = (("short", 3.0, 8.0, "短"), ("middle", 8.0, 15.0, "中"), ("long", 15.0, float("inf"), "长"))
GAUGES = (
    *(
        Gauge(
            f"structure-{word}", "form",
            f"structure indicator, {low:g}-{high:g} s" if high < 1e6 else f"structure indicator, {low:g} s and more",
            f"结构指标（{zh}：{low:g}-{high:g}秒）" if high < 1e6 else f"结构指标（{zh}：{low:g}秒以上）",
            "Best fitness in the scape plot of stretches of this length, paths along the diagonal "
            "(Wu & Yang, ISMIR 2020, SI; Müller et al. 2013).",
            "fitness", lambda s, low=low, high=high: indicator(s, low, high),  # type: ignore[misc]
            needs=frozenset({"pitches", "time"}),
        )
        for word, low, high, zh in _SCALES
    ),
    Gauge(
        "plan-likeness", "form", "sections of one name alike, over others", "同名段落比异名段落更相似的程度",
        "Mean bar-by-bar likeness of sections that share a name less that of sections that do not (own measure).",
        "difference", plan_likeness, low=-1.0, better="higher", needs=frozenset({"sections"}),
    ),
)  # fmt: skip
