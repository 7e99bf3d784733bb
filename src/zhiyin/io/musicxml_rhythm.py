"""Written rhythm: sounding lengths cut into note values, dots, triplets and beams that a player can read.

Conventions: places and lengths are steps (24 a quarter) from the start of a bar whose beat grid is aligned.
This module does not know pitches or XML: see `zhiyin.io.musicxml_measure`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_STEP

_NAMES = {192: "breve", 96: "whole", 48: "half", 24: "quarter", 12: "eighth", 6: "16th", 3: "32nd"}
# Steps -> (type, dots), longest first.
PLAIN: dict[int, tuple[str, int]] = {
    288: ("breve", 1), 192: ("breve", 0), 144: ("whole", 1), 96: ("whole", 0), 72: ("half", 1), 48: ("half", 0),
    36: ("quarter", 1), 24: ("quarter", 0), 18: ("eighth", 1), 12: ("eighth", 0), 9: ("16th", 1), 6: ("16th", 0),
    3: ("32nd", 0),
}  # fmt: skip
TRIPLET: dict[int, tuple[str, int]] = {
    64: ("whole", 0), 48: ("half", 1), 32: ("half", 0), 24: ("quarter", 1), 16: ("quarter", 0), 12: ("eighth", 1),
    8: ("eighth", 0), 6: ("16th", 1), 4: ("16th", 0), 3: ("32nd", 1), 2: ("32nd", 0), 1: ("64th", 0),
}  # fmt: skip
FLAGS = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4}
_TRIPLET_UNIT = {96: "half", 48: "quarter", 24: "eighth", 12: "16th"}


class Piece(NamedTuple):
    """One written value: steps from the bar's start, type, dots; triplet: the unit of its bracket, "" if none.

    event: index of the event it came from; first, last: whether it begins and ends that event in this bar;
    opens, closes: whether it begins or ends a triplet bracket.
    """

    start: int
    steps: int
    kind: str
    dots: int
    triplet: str
    event: int
    first: bool
    last: bool
    opens: bool = False
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a bar is felt, in steps: beat, the strong places that off-beat values may not cross, beam groups."""

    beat: int
    strong: int
    beam: int
    is_compound: bool

    @classmethod
    def of(cls, metre: Metre) -> Pulse:
        """Return the pulse of a metre.

        >>> Pulse.of(Metre(4, 4)), Pulse.of(Metre(6, 8)).beam
        (Pulse(beat=24, strong=48, beam=24, is_compound=False), 36)
        """
        bar = metre.bar_ticks // TICKS_PER_STEP
        if metre.is_compound and metre.denominator >= 8:
            beat = metre.beat_ticks // TICKS_PER_STEP
            return cls(beat, beat, beat, True)
        if metre.denominator >= 8:
            unit = 96 // metre.denominator
            return cls(unit, bar, bar if metre.numerator == 3 else 2 * unit, False)
        strong = 48 if bar % 48 == 0 else bar
        return cls(24, strong, 24, False)


def _crosses(start: int, steps: int, grid: int) -> bool:
    return (start + steps - 1) // grid > start // grid


def _note_fits(start: int, steps: int, pulse: Pulse) -> bool:
    """Return whether one written value may stand here without hiding a beat the player needs to see."""
    beat, end = pulse.beat, start + steps
    if pulse.is_compound:
        if not _crosses(start, steps, beat):
            return True
        return start % beat == 0 and end % beat == 0
    if start % beat == 0 and steps % beat == 0:
        return True
    if not _crosses(start, steps, beat):
        half = max(beat // 2, 3)
        return start % (half // 2 or 1) == 0 or not _crosses(start, steps, half)
    if _crosses(start, steps, pulse.strong):
        return False
    return (
        (start % beat == 0 or start % beat == beat // 2) and steps * 2 % beat == 0 and steps <= 3 * beat // 2
    )


def _rest_fits(start: int, steps: int, pulse: Pulse) -> bool:
    """Return whether one written rest may stand here: rests show the beats."""
    kind, dots = PLAIN[steps]
    if pulse.is_compound:
        if steps % pulse.beat == 0:
            return start % steps == 0
        unit = pulse.beat // 3
        return not _crosses(start, steps, pulse.beat) and (dots == 0 and start % min(steps, unit) == 0)
    return dots == 0 and start % steps == 0 and kind != "breve"


def plain_values(start: int, end: int, pulse: Pulse, *, is_rest: bool) -> list[tuple[int, int]]:
    """Return (start, steps) of the values that write a stretch whose edges are multiples of 3 steps.

    >>> plain_values(36, 60, Pulse.of(Metre(4, 4)), is_rest=False)
    [(36, 12), (48, 12)]
    """
    fits = _rest_fits if is_rest else _note_fits
    pieces = []
    while start < end:
        steps = next(s for s in PLAIN if s <= end - start and (s == 3 or fits(start, s, pulse)))
        pieces.append((start, steps))
        start += steps
    return pieces


def triplet_windows(edges: Sequence[int], bar: int, pulse: Pulse) -> list[tuple[int, int]]:
    """Return the stretches of a bar that are written in triplets, as (start, length), in order.

    edges: sorted places where events begin or end. A window is the smallest of an eighth, quarter, half or
    whole whose edges are events; where none is, the quarter (or the eighth, in compound metres) is cut.
    """
    known, windows, done = set(edges), [], 0
    sizes = (12,) if pulse.is_compound or pulse.beat < 24 else (12, 24, 48, 96)
    fallback = sizes[0] if len(sizes) == 1 else 24
    for edge in edges:
        if edge % 3 == 0 or edge < done:
            continue
        for size in sizes:
            start = edge // size * size
            inside = edges[bisect_left(edges, start) : bisect_left(edges, start + size)]
            is_whole = start in known and start + size in known and start >= done and start + size <= bar
            if is_whole and all((place - start) % (size // 12) == 0 for place in inside):
                break
        else:
            size, start = fallback, edge // fallback * fallback
        windows.append((start, size))
        done = start + size
    return windows


def _triplet_values(start: int, end: int) -> list[tuple[int, int]]:
    pieces = []
    while start < end:
        steps = next(s for s in TRIPLET if s <= end - start)
        pieces.append((start, steps))
        start += steps
    return pieces


def write_rhythm(events: Sequence[tuple[int, int, bool]], bar: int, metre: Metre) -> list[Piece]:
    """Return the written values of one voice in one bar.

    events: (start, end, is_rest) in order, filling the bar; bar: its length in steps.
    >>> [(p.kind, p.dots) for p in write_rhythm([(0, 36, False), (36, 96, True)], 96, Metre(4, 4))]
    [('quarter', 1), ('eighth', 0), ('half', 0)]
    """
    pulse = Pulse.of(metre)
    shift = max(metre.bar_ticks // TICKS_PER_STEP - bar, 0)  # A pick-up is felt from the bar's end.
    edges = sorted({shift + edge for start, end, _ in events for edge in (start, end)})
    windows = triplet_windows(edges, shift + bar, pulse)
    pieces: list[Piece] = []
    for index, (start, end, is_rest) in enumerate(events):
        pieces += _write_event(index, (start + shift, end + shift, is_rest), windows, pulse)
    pieces = _bracketed(pieces, windows)
    return [piece._replace(start=piece.start - shift) for piece in pieces] if shift else pieces


def _write_event(
    index: int, event: tuple[int, int, bool], windows: list[tuple[int, int]], pulse: Pulse
) -> list[Piece]:
    start, end, is_rest = event
    values: list[tuple[int, int, str]] = []
    at = start
    for window, size in windows:
        if window + size <= at or window >= end:
            continue
        values += [(s, n, "") for s, n in plain_values(at, max(window, at), pulse, is_rest=is_rest)]
        at = max(window, at)
        stop = min(window + size, end)
        if at == window and stop == window + size:
            values += [(s, n, "") for s, n in plain_values(at, stop, pulse, is_rest=is_rest)]
        else:
            values += [(s, n, _TRIPLET_UNIT[size]) for s, n in _triplet_values(at, stop)]
        at = stop
    values += [(s, n, "") for s, n in plain_values(at, end, pulse, is_rest=is_rest)]
    pieces = []
    for place, (begin, steps, triplet) in enumerate(values):
        kind, dots = (TRIPLET if triplet else PLAIN)[steps]
        pieces.append(Piece(begin, steps, kind, dots, triplet, index, place == 0, place == len(values) - 1))
    return pieces


def _bracketed(pieces: list[Piece], windows: list[tuple[int, int]]) -> list[Piece]:
    opens, closes = {start for start, _ in windows}, {start + size for start, size in windows}
    return [
        p._replace(opens=p.start in opens, closes=p.start + p.steps in closes) if p.triplet else p
        for p in pieces
    ]


def beam_groups(
    pieces: Sequence[Piece], is_rest: Sequence[bool], metre: Metre, *, shift: int
) -> list[list[int]]:
    """Return the indices of the pieces that hang on one beam together (two or more, no rests inside)."""
    pulse = Pulse.of(metre)
    groups: list[list[int]] = []
    home = -1
    for index, piece in enumerate(pieces):
        if piece.kind not in FLAGS or is_rest[index]:
            home = -1
            continue
        place = (piece.start + shift) // _beam_span(piece, pieces, pulse, shift)
        if place != home or not groups:
            groups.append([])
        groups[-1].append(index)
        home = place
    return [group for group in groups if len(group) > 1]


def _beam_span(piece: Piece, pieces: Sequence[Piece], pulse: Pulse, shift: int) -> int:
    """Return 48 where a half bar holds plain eighths only, else the beat."""
    if pulse.beam != 24 or pulse.strong != 48:
        return pulse.beam
    half = (piece.start + shift) // 48
    mates = [p for p in pieces if (p.start + shift) // 48 == half]
    is_even = all(p.kind == "eighth" and p.dots == 0 and not p.triplet for p in mates)
    return 48 if is_even and len(mates) == 4 else 24


def beam_marks(levels: Sequence[int]) -> list[list[str]]:
    """Return for each note of a beam group the mark of each beam level, from the numbers of flags.

    >>> beam_marks([1, 2, 2])
    [['begin'], ['continue', 'begin'], ['end', 'end']]
    """
    marks: list[list[str]] = [[] for _ in levels]
    for index, flags in enumerate(levels):
        for level in range(1, flags + 1):
            before = index > 0 and levels[index - 1] >= level
            after = index + 1 < len(levels) and levels[index + 1] >= level
            hook = "forward hook" if index == 0 else "backward hook"
            mark = "continue" if before and after else "begin" if after else "end" if before else hook
            marks[index].append(mark)
    return marks
