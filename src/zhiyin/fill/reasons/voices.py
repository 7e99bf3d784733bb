"""Reasons about parts together: who stays under the tune, contrary motion, thirds and sixths, octaves.

Conventions: what sounds is compared at every moment at which either part begins a note; drums are left out.
This module does not know chords.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from zhiyin.fill.reasons.base import Reason
from zhiyin.fill.reasons.view import Span, Tone, View, runs
from zhiyin.fill.reasons.words import bars_words, line_name
from zhiyin.score import Note

UNDER_BARS, UNDER_SHARE = 2, 0.5  # the part sounds with the tune for this share of its notes at least
NEAR = 5  # semitones: staying under says something only for parts that come as near as this to the tune
CONTRARY_MOVES, CONTRARY_SHARE = 6, 0.6
PARALLEL_NOTES = 4
THIRDS, SIXTHS = frozenset({3, 4}), frozenset({8, 9})


def _notes(view: View, part: int, bars: range) -> list[Note]:
    return [note for bar in bars for note in view.notes(part, bar)]


def _sounding(notes: list[Note], tick: int) -> list[int]:
    return [note.pitch for note in notes if note.onset <= tick < note.onset + note.duration]


def find_under(view: View) -> Iterator[Reason]:
    """Yield written parts that sound beside the melody and never reach it."""
    tune = view.melody
    for span in view.spans:
        if tune is None or span.part == tune or span.part not in view.pitched or len(span.bars) < UNDER_BARS:
            continue
        if view.roles[span.part] == "bass" or not _is_under(view, span, tune):
            continue
        here, name, above = bars_words(span.first, span.last), view.names[span.part], view.names[tune]
        yield Reason(
            "under-melody", tuple(span.bars), (span.part, tune),
            f"{name} stays under {above} throughout {here[0]}.",
            f"{name}在{here[1]}始终处于{above}之下，没有声部交叉。", 0.46,
        )  # fmt: skip


def _is_under(view: View, span: Span, tune: int) -> bool:
    low, high = _notes(view, span.part, span.bars), _notes(view, tune, span.bars)
    if not low or not high or max(n.pitch for n in low) < min(n.pitch for n in high) - NEAR:
        return False
    moments = sorted({note.onset for note in (*low, *high)})
    met = 0
    for tick in moments:
        below, above = _sounding(low, tick), _sounding(high, tick)
        if below and above:
            if max(below) >= min(above):
                return False
            met += 1
    return met >= max(UNDER_SHARE * len({note.onset for note in low}), 4)


def find_contrary(view: View) -> Iterator[Reason]:
    """Yield stretches in which the outer parts move against each other more often than together."""
    tune, bass = view.melody, view.bass
    if tune is None or bass is None or tune == bass:
        return
    for span in view.spans:
        other = bass if span.part == tune else tune
        if span.part not in (tune, bass) or (span.part == bass and _has_span(view, tune, span)):
            continue
        against, moves = count_contrary(_notes(view, tune, span.bars), _notes(view, bass, span.bars))
        if moves < CONTRARY_MOVES or against < CONTRARY_SHARE * moves:
            continue
        here = bars_words(span.first, span.last)
        yield Reason(
            "contrary-motion", tuple(span.bars), (span.part, other),
            f"{view.names[tune]} and {view.names[bass]} move in contrary motion in {here[0]} "
            f"({against} of {moves} moves).",
            f"{view.names[tune]}与{view.names[bass]}在{here[1]}多作反向进行（{moves} 次中 {against} 次）。", 0.55,
        )  # fmt: skip


def _has_span(view: View, part: int, span: Span) -> bool:
    return any(s.part == part and (s.first, s.last) == (span.first, span.last) for s in view.spans)


def count_contrary(upper: list[Note], lower: list[Note]) -> tuple[int, int]:
    """Return (moves against each other, moves of both) from each moment at which both begin a note to the next."""
    tops = {n.onset: n.pitch for n in upper}
    lows: dict[int, int] = {}
    for note in lower:
        lows.setdefault(note.onset, note.pitch)
    shared = sorted(tops.keys() & lows.keys())
    products = [(tops[b] - tops[a]) * (lows[b] - lows[a]) for a, b in pairwise(shared)]
    moves = [product for product in products if product]
    return sum(product < 0 for product in moves), len(moves)


def _together(upper: tuple[Tone, ...], lower: tuple[Tone, ...]) -> list[int] | None:
    """Return the intervals of two lines that have one rhythm, None when they do not or one is silent."""
    if not upper or [t.offset for t in upper] != [t.offset for t in lower]:
        return None
    return [a.pitch - b.pitch for a, b in zip(upper, lower, strict=True)]


def _pairs(view: View) -> Iterator[tuple[int, int]]:
    for part in view.pitched:
        for other in view.pitched:
            if part != other and part in view.written_in:
                yield part, other


def find_parallels(view: View) -> Iterator[Reason]:
    """Yield bars in which a written part runs in thirds or in sixths with another, note against note."""
    for part, other in _pairs(view):
        if not (view.is_single[part] and view.is_single[other]):
            continue
        table = _intervals(view, part, other)
        for sizes, words in ((THIRDS, ("thirds", "三度")), (SIXTHS, ("sixths", "六度"))):
            for side, place in ((-1, ("below", "下方")), (1, ("above", "上方"))):
                for first, last in _moving_runs(view, part, _bars_at(table, {side * size for size in sizes})):
                    here = bars_words(first, last)
                    yield Reason(
                        "parallels", tuple(range(first, last + 1)), (part, other),
                        f"{view.names[part]} runs in {words[0]} {place[0]} {view.names[other]} in {here[0]}.",
                        f"{view.names[part]}在{here[1]}以平行{words[1]}行于{view.names[other]}{place[1]}。", 0.6,
                    )  # fmt: skip


def find_doubling(view: View) -> Iterator[Reason]:
    """Yield bars in which a written part plays another's notes one octave or two away."""
    for part, other in _pairs(view):
        table = _intervals(view, part, other)
        for octaves in (
            (-2, -1) if other in view.written_in else (-2, -1, 1, 2)
        ):  # of two written parts said once
            for first, last in _moving_runs(view, part, _bars_at(table, {12 * octaves})):
                here, side = bars_words(first, last), ("below", "低") if octaves < 0 else ("above", "高")
                size = ("an octave", "八度") if abs(octaves) == 1 else ("two octaves", "两个八度")
                who = (
                    line_name(view.names[part], is_single=view.is_single[part]),
                    line_name(view.names[other], is_single=view.is_single[other]),
                )
                yield Reason(
                    "doubling", tuple(range(first, last + 1)), (part, other),
                    f"{who[0][0]} doubles {who[1][0]} {size[0]} {side[0]} in {here[0]}.",
                    f"{who[0][1]}在{here[1]}{side[1]}{size[1]}重复{who[1][1]}。", 0.56,
                )  # fmt: skip


def _intervals(view: View, part: int, other: int) -> dict[int, set[int]]:
    """Return the intervals from one line up to another in every written bar in which they have one rhythm."""
    found = {bar: _together(view.top(part, bar), view.top(other, bar)) for bar in view.written_in[part]}
    return {bar: set(intervals) for bar, intervals in found.items() if intervals is not None}


def _bars_at(table: dict[int, set[int]], sizes: set[int]) -> list[int]:
    return [bar for bar, intervals in table.items() if intervals <= sizes]


def _moving_runs(view: View, part: int, bars: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs that hold PARALLEL_NOTES notes or more on two pitches or more."""
    for first, last in runs(bars):
        pitches = [tone.pitch for bar in range(first, last + 1) for tone in view.top(part, bar)]
        if len(pitches) >= PARALLEL_NOTES and len(set(pitches)) > 1:
            yield first, last
