"""Ranking: which of several takes is nearest to what people write, and why.

Conventions: hard faults go before distance; a distance is the mean over groups of judges of the mean robust
z-score, each at most FAR; only judges that speak of every take are asked. This module writes nothing and draws
nothing at random.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.judge import JUDGES, Measure, judge
from zhiyin.judge.base import number_text
from zhiyin.judge.norms import FAR, Norms, norms_of
from zhiyin.judge.words import PLAIN, Words
from zhiyin.score import Grid, Score, Section

REASONS = 3
# A value is a hard fault above this and above what 95 of a hundred people's pieces of the style have.
HARD: dict[str, float] = {
    "empty-bars": 0.1,
    "out-of-range": 0.05,
    "hands-unplayable": 0.05,
    "stops-unplayable": 0.05,
    "identical-run": 4.0,
    "bar-repeats": 0.75,
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """One take in its place: its index among those given, distance from people (0 at the median), and why.

    faults, reasons: (English, Chinese); faults are hard, reasons tell the REASONS largest distances, farthest first, as
    a musician would say them, numbers in brackets.
    """

    index: int
    score: Score
    distance: float
    faults: tuple[Words, ...]
    reasons: tuple[Words, ...]
    measures: Mapping[str, Measure]


def rank(
    scores: Sequence[Score], *, style: str | None = None, plan: tuple[Section, ...] = ()
) -> tuple[Ranked, ...]:
    """Return the takes from best to worst: fewest hard faults, then nearest to people's pieces of the style.

    style: a name of STYLES (one without norms is held against all), or None for all; plan: the sections that were
    planned, else those in each score.
    Equal takes keep their order. Raises InvalidInput without takes, NotFound for an unknown style.
    """
    if not scores:
        raise InvalidInput("there must be takes to rank, got none: write at least one")
    return rank_measured(scores, [judge(score, plan) for score in scores], style=style)


def rank_measured(
    scores: Sequence[Score], measured: Sequence[Mapping[str, Measure]], *, style: str | None = None
) -> tuple[Ranked, ...]:
    """Return the takes from best to worst as `rank` does, from what the judges found in each.

    Raises NotFound for an unknown style.
    """
    shared = [name for name in JUDGES if all(measures[name].applies for measures in measured)]
    ranked = []
    for index, (score, measures) in enumerate(zip(scores, measured, strict=True)):
        norms = norms_of(style, Grid.of(score).bars)
        far = {name: distance(name, measures[name], norms) for name in shared}
        farthest = sorted(far, key=lambda name: -far[name])[:REASONS]
        reasons = tuple(_plain_words(name, measures[name], norms) for name in farthest if far[name] > 1.0)
        ranked.append(
            Ranked(index, score, mean_distance(far), hard_faults(measures, norms), reasons, measures)
        )
    return tuple(sorted(ranked, key=lambda one: (len(one.faults), one.distance, one.index)))


def distance(name: str, measure: Measure, norms: Norms) -> float:
    """Return how far a measure lies from people's, 0..FAR, in robust standard deviations on the bad side.

    Without a norm only the direction counts: the share of the judge's range that is missing, 0 when it has none.
    """
    one, value = JUDGES[name], measure.value
    assert value is not None, "only measures with a value have a distance"
    norm = norms.get(name)
    if norm is None:
        missing = {"higher": one.high - value, "lower": value - one.low}.get(one.better, 0.0)
        return float(min(missing / (one.high - one.low), FAR)) if np.isfinite(one.high - one.low) else 0.0
    z = norm.z(value)
    return float(min({"higher": max(-z, 0.0), "lower": max(z, 0.0)}.get(one.better, abs(z)), FAR))


def hard_faults(measures: Mapping[str, Measure], norms: Norms) -> tuple[Words, ...]:
    """Return what makes a take unfit: silence, empty bars, what nobody can play, bars written again and again."""
    if not measures["empty-bars"].applies:
        return (("nothing sounds", "没有声音"),)
    found = []
    for name, most in HARD.items():
        value = measures[name].value
        limit = max(most, norms[name].p95) if name in norms else most
        if value is not None and value > limit + 1e-9:
            found.append(_words(name, measures[name], norms))
    return tuple(found)


def mean_distance(far: Mapping[str, float]) -> float:
    """Return the mean over groups of the mean distance in each, so that no group speaks twice; 0 without judges."""
    groups: dict[str, list[float]] = {}
    for name, value in far.items():
        groups.setdefault(JUDGES[name].group, []).append(value)
    return float(np.mean([np.mean(values) for values in groups.values()])) if groups else 0.0


def _plain_words(name: str, measure: Measure, norms: Norms) -> Words:
    """Return what a musician would say of a measure, with the numbers in brackets."""
    one, norm, value = JUDGES[name], norms.get(name), measure.value
    assert value is not None, "only measures with a value have words"
    is_more = one.better == "lower" if norm is None else value > norm.p50
    said, number, bars = (
        PLAIN[name][is_more],
        number_text(value),
        ", ".join(str(bar + 1) for bar in measure.bars),
    )
    en, zh = [number], [number]
    if norm is not None:
        low, high = number_text(norm.p10), number_text(norm.p90)
        en.append(f"people {low}" if low == high else f"people {low} to {high}")
        zh.append(f"人写的 {low}" if low == high else f"人写的 {low} 至 {high}")
    if bars:
        en.append(f"bar{'s' if len(measure.bars) > 1 else ''} {bars}")
        zh.append(f"第 {bars} 小节")
    return f"{said[0]} ({'; '.join(en)})", f"{said[1]}（{'；'.join(zh)}）"


def _words(name: str, measure: Measure, norms: Norms) -> Words:
    one, norm = JUDGES[name], norms.get(name)
    assert measure.value is not None, "only measures with a value have words"
    value = number_text(measure.value)
    bars = ", ".join(str(bar + 1) for bar in measure.bars)
    people = f"{number_text(norm.p10)}..{number_text(norm.p90)}" if norm is not None else ""
    where = f" (bar{'s' if len(measure.bars) > 1 else ''} {bars})" if bars else ""
    en = f"{one.en} {value}" + (f", people {people}" if people else "") + where
    zh = (
        f"{one.zh} {value}"
        + (f"，人写的 {people}" if people else "")
        + (f"（第 {bars} 小节）" if bars else "")
    )
    return en, zh
