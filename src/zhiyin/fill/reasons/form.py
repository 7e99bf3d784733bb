"""Reasons about form: bars and sections that come back, note for note or varied.

Conventions: a bar comes back when written parts play the same at the same places; a length may differ by a sixteenth.
This module does not know motifs of single parts: see `motif.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhiyin.fill.reasons.base import Reason
from zhiyin.fill.reasons.rhythm import SIXTEENTH
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


def content(view: View, part: int, bar: int) -> tuple[tuple[int, int, int], ...]:
    """Return what a part plays in a bar, in order: (ticks from its start, pitch, length)."""
    start = view.start(bar)
    return tuple(sorted((n.onset - start, n.pitch, n.duration) for n in view.cells.get(Cell(part, bar), ())))


def is_alike(view: View, part: int, bars: tuple[int, int]) -> bool:
    """Return whether a part plays the same in two bars; lengths may differ by a SIXTEENTH."""
    one, other = (content(view, part, bar) for bar in bars)
    return len(one) == len(other) and all(
        a[:2] == b[:2] and abs(a[2] - b[2]) <= SIXTEENTH for a, b in zip(one, other, strict=True)
    )


def _lags(view: View, *, is_written: bool) -> dict[int, list[int]]:
    """Return for each distance the written bars that share at least one part's notes with the bar so far back.

    is_written: that part must be a written one.
    """
    found: dict[int, set[int]] = {}
    for part in range(len(view.after.parts)):
        seen: dict[tuple[tuple[int, int], ...], list[int]] = {}
        for bar in range(view.bars):
            now = tuple(row[:2] for row in content(view, part, bar))
            if now and (view.is_written(part, bar) if is_written else bar in view.written_bars):
                for earlier in seen.get(now, [])[-8:]:
                    found.setdefault(bar - earlier, set()).add(bar)
            if now:
                seen.setdefault(now, []).append(bar)
    return {lag: sorted(bars) for lag, bars in found.items()}


def _is_same(view: View, bar: int, earlier: int) -> bool:
    is_long_enough = view.start(bar + 1) - view.start(bar) == view.start(earlier + 1) - view.start(earlier)
    written = [part for part in range(len(view.after.parts)) if view.is_written(part, bar)]
    return is_long_enough and all(is_alike(view, part, (bar, earlier)) for part in written)


def find_return(view: View) -> Iterator[Reason]:
    """Yield stretches whose written parts bring earlier bars back note for note; none overlaps its model."""
    for lag, bars in sorted(_lags(view, is_written=True).items()):
        same = [bar for bar in bars if _is_same(view, bar, bar - lag)]
        for first, end in runs(same):
            last = min(end, first + lag - 1)
            here = range(first, last + 1)
            who = [part for part in _sounding(view, here) if all(view.is_written(part, bar) for bar in here)]
            if len(here) < MIN_VERBATIM or not set(who) & set(view.pitched):
                continue
            others = _sounding(view, here) | _sounding(view, range(first - lag, last - lag + 1))
            yield (
                _whole_return(view, here, lag)
                if others <= set(who)
                else _partial_return(view, here, lag, who)
            )


def _sounding(view: View, bars: range) -> set[int]:
    return {part for part in range(len(view.after.parts)) for bar in bars if view.notes(part, bar)}


def _whole_return(view: View, bars: range, lag: int) -> Reason:
    first, last = bars[0], bars[-1]
    here, there = bars_words(first, last), bars_words(first - lag, last - lag)
    name = view.section_name(first - lag) if last - first >= 3 else ""
    english = f"{upper(here[0])} bring {there[0]} back note for note"
    chinese = f"{here[1]}原样再现{there[1]}"
    if name and name == view.section_name(first):
        english, chinese = f"{english} (section {name})", f"{chinese}（{name} 段）"
    worth = min(0.55 + 0.04 * (last - first), 0.9)
    return Reason("return", tuple(bars), view.pitched, f"{english}.", f"{chinese}。", worth)


def _partial_return(view: View, bars: range, lag: int, who: list[int]) -> Reason:
    """Return the same where other parts sound beside those that were written: only these are named."""
    here, there = bars_words(bars[0], bars[-1]), bars_words(bars[0] - lag, bars[-1] - lag)
    names = joined(view.names[part] for part in who)
    say = "bring" if len(who) > 1 else "brings"
    return Reason(
        "return", tuple(bars), tuple(who),
        f"In {here[0]} {names[0]} {say} {there[0]} back note for note.",
        f"{names[1]}在{here[1]}原样再现{there[1]}。", min(0.5 + 0.03 * (len(bars) - 1), 0.8),
    )  # fmt: skip


def find_varied_return(view: View) -> Iterator[Reason]:
    """Yield stretches of four bars or more in which some parts come back note for note and others are varied."""
    for lag, bars in sorted(_lags(view, is_written=False).items()):
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
    bars = range(first, last + 1)
    for part in range(len(view.after.parts)):
        if all(is_alike(view, part, (bar, bar - lag)) for bar in bars):
            verbatim += any(view.notes(part, bar) for bar in bars)
            continue
        if not all(view.is_written(part, bar) for bar in bars):  # what was given varies by itself
            return None
        now = {(bar, *row[:2]) for bar in bars for row in content(view, part, bar)}
        then = {(bar, *row[:2]) for bar in bars for row in content(view, part, bar - lag)}
        shared = len(now & then)
        if shared < KEPT * max(len(now), len(then), 1):
            return None
        varied.append(Kept(part, shared, len(now), shared == len(now) == len(then)))
    return varied if varied and verbatim and len(varied) <= 3 else None
