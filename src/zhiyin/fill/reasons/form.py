"""Reasons about form: bars and sections that come back, note for note or varied.

Conventions: a bar comes back when every part that sounds in either bar plays the same, at the same places.
This module does not know motifs of single parts: see `motif.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhiyin.fill.reasons.base import Reason
from zhiyin.fill.reasons.view import View, runs
from zhiyin.fill.reasons.words import Words, bars_words, joined, upper, verb
from zhiyin.score import Cell

MIN_VERBATIM, MIN_VARIED = 2, 4  # bars in a row
KEPT = 0.6  # of a varied part's notes that stay


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of a part's notes of the model come back at their place, of how many it has now.

    is_all: nothing else came or went, so that only lengths differ.
    """

    part: int
    kept: int
    notes: int
    is_all: bool


def content(view: View, part: int, bar: int) -> frozenset[tuple[int, int, int]]:
    """Return what a part plays in a bar: (ticks from its start, length, pitch)."""
    start = view.start(bar)
    return frozenset((n.onset - start, n.duration, n.pitch) for n in view.cells.get(Cell(part, bar), ()))


def _lags(view: View) -> dict[int, list[int]]:
    """Return for each distance the written bars that share at least one part's content with the bar so far back."""
    found: dict[int, set[int]] = {}
    for part in range(len(view.after.parts)):
        seen: dict[frozenset[tuple[int, int, int]], list[int]] = {}
        for bar in range(view.bars):
            now = content(view, part, bar)
            if now and bar in view.written_bars:
                for earlier in seen.get(now, [])[-8:]:
                    found.setdefault(bar - earlier, set()).add(bar)
            if now:
                seen.setdefault(now, []).append(bar)
    return {lag: sorted(bars) for lag, bars in found.items()}


def _is_same(view: View, bar: int, earlier: int) -> bool:
    is_long_enough = view.start(bar + 1) - view.start(bar) == view.start(earlier + 1) - view.start(earlier)
    return is_long_enough and all(
        content(view, part, bar) == content(view, part, earlier) for part in range(len(view.after.parts))
    )


def find_return(view: View) -> Iterator[Reason]:
    """Yield stretches that bring earlier bars back note for note in all parts; a stretch does not overlap its model."""
    for lag, bars in sorted(_lags(view).items()):
        same = [bar for bar in bars if _is_same(view, bar, bar - lag)]
        for first, end in runs(same):
            last = min(end, first + lag - 1)
            if last - first + 1 < MIN_VERBATIM:
                continue
            here, there = bars_words(first, last), bars_words(first - lag, last - lag)
            name = view.section_name(first - lag) if last - first >= 3 else ""
            english = f"{upper(here[0])} bring {there[0]} back note for note"
            chinese = f"{here[1]}原样再现{there[1]}"
            if name and name == view.section_name(first):
                english, chinese = f"{english} (section {name})", f"{chinese}（{name} 段）"
            worth = min(0.55 + 0.04 * (last - first), 0.9)
            bars_told = tuple(range(first, last + 1))
            yield Reason("return", bars_told, view.pitched, f"{english}.", f"{chinese}。", worth)


def find_varied_return(view: View) -> Iterator[Reason]:
    """Yield stretches of four bars or more in which some parts come back note for note and others are varied."""
    for lag, bars in sorted(_lags(view).items()):
        for first, end in runs(bars):
            last = min(end, first + lag - 1)
            kept = _kept_of(view, first, last, lag=lag)
            if last - first + 1 < MIN_VARIED or kept is None:
                continue
            here, there = bars_words(first, last), bars_words(first - lag, last - lag)
            told = [_kept_words(view, one) for one in kept]
            english, chinese = joined(en for en, _ in told)[0], joined(zh for _, zh in told)[1]
            yield Reason(
                "varied-return", tuple(range(first, last + 1)), tuple(one.part for one in kept),
                f"{upper(here[0])} {verb(first, last, 'bring')} {there[0]} back, varied: {english}.",
                f"{here[1]}变化再现{there[1]}：{chinese}。", 0.7,
            )  # fmt: skip


def _kept_words(view: View, one: Kept) -> Words:
    name = view.names[one.part]
    if one.is_all:
        return f"{name} gives all {one.notes} notes other lengths", f"{name} {one.notes} 个音不变，时值有变"
    return f"{name} keeps {one.kept} of {one.notes} notes", f"{name} {one.notes} 个音中保留 {one.kept} 个"


def _kept_of(view: View, first: int, last: int, *, lag: int) -> list[Kept] | None:
    """Return the varied parts, None when nothing that was written is varied, no part is verbatim, or one has gone."""
    varied, verbatim = [], 0
    for part in range(len(view.after.parts)):
        now = {(bar, *row) for bar in range(first, last + 1) for row in content(view, part, bar)}
        then = {
            (bar + lag, *row)
            for bar in range(first - lag, last - lag + 1)
            for row in content(view, part, bar)
        }
        if now == then:
            verbatim += bool(now)
            continue
        shared = len(
            {(bar, place, pitch) for bar, place, _, pitch in now} & {(b, p, x) for b, p, _, x in then}
        )
        if shared < KEPT * max(len(now), len(then), 1):
            return None
        varied.append(Kept(part, shared, len(now), shared == len(now) == len(then)))
    written = {c.part for c in view.write if first <= c.bar <= last}
    if not written & {one.part for one in varied}:  # what was given varies by itself
        return None
    return varied if verbatim and len(varied) <= 3 else None
