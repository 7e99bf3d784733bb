"""Bowed strings: moves that skip a string, and stops that no left hand can take.

Conventions: violin, viola, cello and double bass played solo (GM 40-43), in their usual tuning; a single note is
taken on the highest string that has it. This module does not know positions or bowings beyond that.
"""

from __future__ import annotations

from functools import cache
from itertools import permutations

import numpy as np

from zhiyin.judge.base import Gauge, Measure
from zhiyin.judge.hands import held_keys
from zhiyin.judge.subject import Subject
from zhiyin.score import Part

# Open strings from low to high, by GM program. Source: Adler, The Study of Orchestration.
OPEN_STRINGS: dict[int, tuple[int, ...]] = {
    40: (55, 62, 69, 76),
    41: (48, 55, 62, 69),
    42: (36, 43, 50, 57),
    43: (28, 33, 38, 43),
}
HIGHEST_STOP = 29  # semitones above an open string: two octaves and a fourth
HAND_FRAME = 7  # semitones between the stopped places of one grip; an octave across strings in fifths needs 5


@cache
def is_playable_stop(pitches: tuple[int, ...], program: int) -> bool:
    """Return whether the pitches lie on neighbouring strings within one hand frame.

    >>> is_playable_stop((55, 62), 40), is_playable_stop((56, 58), 40)
    (True, False)
    """
    strings = OPEN_STRINGS[program]
    if len(pitches) > len(strings):
        return False
    for chosen in permutations(range(len(strings)), len(pitches)):
        if max(chosen) - min(chosen) >= len(chosen) and len(chosen) > 1:
            continue  # a bow that skips a string sounds it
        places = [pitch - strings[string] for pitch, string in zip(pitches, chosen, strict=True)]
        stopped = [place for place in places if place > 0]
        if min(places) >= 0 and max(places) <= HIGHEST_STOP and (
            not stopped or max(stopped) - min(stopped) <= HAND_FRAME
        ):  # fmt: skip
            return True
    return False


def _players(subject: Subject) -> list[Part]:
    parts = subject.score.parts
    return [p for p in parts if not p.is_drums and p.program in OPEN_STRINGS and len(p.notes)]


def skipped_strings(subject: Subject) -> Measure:
    """Return the share of moves from note to note that skip a string or more."""
    skips = moves = 0
    for part in _players(subject):
        held = held_keys(part.notes)[1]
        single = held.sum(axis=1) == 1
        pitch = held.argmax(axis=1)
        string = np.maximum(np.searchsorted(OPEN_STRINGS[part.program], pitch, side="right") - 1, 0)
        both = single[1:] & single[:-1]
        moves += int(both.sum())
        skips += int((np.abs(np.diff(string))[both] >= 2).sum())
    return Measure(skips / moves, moves) if moves else Measure.absent("strings")


def unplayable_stops(subject: Subject) -> Measure:
    """Return the share of onsets whose sounding notes no left hand can stop."""
    wrong = list[int]()
    onsets = 0
    for part in _players(subject):
        ticks, held = held_keys(part.notes)
        onsets += len(ticks)
        for row in np.flatnonzero(held.sum(axis=1) > 1).tolist():
            if not is_playable_stop(tuple(np.flatnonzero(held[row]).tolist()), part.program):
                wrong.append(int(ticks[row]))
    if not onsets:
        return Measure.absent("strings")
    bars = np.unique(np.searchsorted(subject.edges, wrong, side="right") - 1)[:8]
    return Measure(len(wrong) / onsets, onsets, tuple(bars.tolist()))


_NEEDS = frozenset({"strings"})
GAUGES = (
    Gauge(
        "string-skips", "playing", "moves that skip a string", "跨弦跳进",
        "Share of moves between single notes of a solo bowed string that leave a string out (own measure).",
        "share", skipped_strings, needs=_NEEDS,
    ),
    Gauge(
        "stops-unplayable", "playing", "stops no hand can take", "拉不了的和音",
        "Share of a solo bowed string's onsets whose notes lie on no neighbouring strings within one hand frame "
        "(own measure; divided sections count as one player).",
        "share", unplayable_stops, better="lower", needs=_NEEDS,
    ),
)  # fmt: skip
