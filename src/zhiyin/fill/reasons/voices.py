"""Reasons about parts together: who stays under the tune, contrary motion, thirds and sixths, octaves.

Conventions: what sounds is compared at every moment at which either part begins a note; drums are left out.
This module does not know chords.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from zhiyin.fill.reasons.base import Reason
from zhiyin.fill.reasons.view import Span, Tone, View, runs
from zhiyin.fill.reasons.words import bars_words
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
            if part != other and any(cell.part == part for cell in view.write):
                yield part, other


def find_parallels(view: View) -> Iterator[Reason]:
    """Yield bars in which a written part runs in thirds or in sixths with another, note against note."""
    for part, other in _pairs(view):
        if not (view.is_single[part] and view.is_single[other]):
            continue
        for sizes, words in ((THIRDS, ("thirds", "三度")), (SIXTHS, ("sixths", "六度"))):
            for side, place in ((-1, ("below", "下方")), (1, ("above", "上方"))):
                table = _bars_at(view, part, other, sizes={side * size for size in sizes})
                for first, last in _moving_runs(view, part, table):
                    here = bars_words(first, last)
                    yield Reason(
                        "parallels", tuple(range(first, last + 1)), (part, other),
                        f"{view.names[part]} runs in {words[0]} {place[0]} {view.names[other]} in {here[0]}.",
                        f"{view.names[part]}在{here[1]}以平行{words[1]}行于{view.names[other]}{place[1]}。", 0.6,
                    )  # fmt: skip


def find_doubling(view: View) -> Iterator[Reason]:
    """Yield bars in which a written part plays another's notes one octave or more away."""
    for part, other in _pairs(view):
        for octaves in (-2, -1, 1, 2):
            table = _bars_at(view, part, other, sizes={12 * octaves})
            is_both_written = any(cell.part == other for cell in view.write)
            if is_both_written and octaves > 0:
                continue  # said once, of the lower part
            for first, last in _moving_runs(view, part, table):
                here, side = bars_words(first, last), ("below", "低") if octaves < 0 else ("above", "高")
                size = ("an octave", "八度") if abs(octaves) == 1 else ("two octaves", "两个八度")
                yield Reason(
                    "doubling", tuple(range(first, last + 1)), (part, other),
                    f"{view.names[part]} doubles {view.names[other]} {size[0]} {side[0]} in {here[0]}.",
                    f"{view.names[part]}在{here[1]}{side[1]}{size[1]}重复{view.names[other]}。", 0.56,
                )  # fmt: skip


def _bars_at(view: View, part: int, other: int, *, sizes: set[int]) -> list[int]:
    """Return the written bars in which every note of a part's line lies at one of the sizes from another's."""
    found = []
    for bar in range(view.bars):
        intervals = (
            _together(view.top(part, bar), view.top(other, bar)) if view.is_written(part, bar) else None
        )
        if intervals is not None and set(intervals) <= sizes:
            found.append(bar)
    return found


def _moving_runs(view: View, part: int, bars: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs that hold PARALLEL_NOTES notes or more on two pitches or more."""
    for first, last in runs(bars):
        pitches = [tone.pitch for bar in range(first, last + 1) for tone in view.top(part, bar)]
        if len(pitches) >= PARALLEL_NOTES and len(set(pitches)) > 1:
            yield first, last
