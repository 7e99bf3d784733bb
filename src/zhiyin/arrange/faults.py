"""What players will complain of: notes out of range, grips no hand holds, breath, speed, string crossing.

Conventions: seconds and notes a second; a severe fault is one that a professional cannot play as written; the others
are hard or unidiomatic. Bars count from 1. This module changes nothing: see `zhiyin.arrange.fitting`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhiyin.arrange.ensembles import Player
from zhiyin.arrange.fitting import BREATHING, FASTEST, NEEDS_NO_BREATH, RUN, comfort
from zhiyin.arrange.hands import FINGERS, FRETTED, fits_frets
from zhiyin.judge.bowing import OPEN_STRINGS, is_playable_stop
from zhiyin.judge.hands import WIDEST, best_split, held_keys, one_hand
from zhiyin.judge.playing import longest_passage
from zhiyin.judge.subject import Subject
from zhiyin.score import Notes, Part, Score
from zhiyin.score.hands import LOWER, UPPER
from zhiyin.units import FloatArray, IntArray, Ticks

LONG_BREATH_S, LONGEST_BREATH_S = 12.0, 25.0
SKIPS = 0.35  # share of moves that leave a string out which string players notice

Kind = tuple[str, str]
KINDS: dict[str, Kind] = {
    "range": ("notes out of range", "超出音域"),
    "grip": ("grips that no hand holds", "手按不下的和音"),
    "stop": ("stops that no left hand takes", "按不了的双音"),
    "two": ("two notes at once on a one-note instrument", "单音乐器同时奏两个音"),
    "breath": ("a long passage without a breath", "一口气太长"),
    "speed": ("a fast run", "跑句太快"),
    "skips": ("many moves across strings", "跨弦较多"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing a player will complain of.

    kind: a name of KINDS; value: how many, how long (s) or how fast (notes a second); bars: from 1, at most 8.
    """

    part: str
    kind: str
    value: float
    is_severe: bool
    bars: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the fault as plain values, with its name in both languages."""
        en, zh = KINDS[self.kind]
        return {
            "part": self.part, "kind": self.kind, "text_en": en, "text_zh": zh, "value": round(self.value, 2),
            "severe": self.is_severe, "bars": list(self.bars),
        }  # fmt: skip


def find_faults(score: Score, players: Sequence[tuple[str, Player]]) -> tuple[Fault, ...]:
    """Return the faults of an arrangement; players: (part name, player) of every part, in order of the score."""
    subject = Subject(score)
    found: list[Fault] = []
    for part, (_, player) in zip(score.parts, players, strict=True):
        if part.is_drums or not len(part.notes):
            continue
        for check in CHECKS:
            found += check(subject, part, player)
    return tuple(found)


def _bars(subject: Subject, ticks: IntArray | Iterable[Ticks]) -> tuple[int, ...]:
    bars = np.unique(np.searchsorted(subject.edges, np.array(list(ticks), np.int64), side="right"))
    return tuple(bars[:8].tolist())


def _range(subject: Subject, part: Part, player: Player) -> list[Fault]:
    pitch = part.notes.pitch
    outside = (pitch < player.instrument.low) | (pitch > player.instrument.high)
    where = _bars(subject, part.notes.onset[outside])
    return [Fault(part.name, "range", float(outside.sum()), True, where)] if outside.any() else []


def _grip(subject: Subject, part: Part, player: Player) -> list[Fault]:
    """Grips: a tenth and five fingers a hand at a keyboard, a frame of frets on plucked strings."""
    if not player.has_hands:
        return []
    if part.name.endswith((UPPER, LOWER)):
        grip = one_hand(part.notes)
        wrong = grip.tick[(grip.span > WIDEST) | (grip.keys > FINGERS + 1)]
    else:
        ticks, held = held_keys(part.notes)
        bad = [not _holds(tuple(np.flatnonzero(row).tolist()), player) for row in held]
        wrong = ticks[np.array(bad, bool)]
    return [Fault(part.name, "grip", float(len(wrong)), True, _bars(subject, wrong))] if len(wrong) else []


def _holds(pitches: tuple[int, ...], player: Player) -> bool:
    strings = FRETTED.get(player.instrument.name)
    if strings:
        return fits_frets(pitches, strings)
    span, keys = best_split(np.array(pitches))
    return span <= WIDEST and keys <= FINGERS + 1


def _stops(subject: Subject, part: Part, player: Player) -> list[Fault]:
    """Two notes at once where one sounds: bowed strings by their stops, other line players never."""
    if player.has_hands:
        return []
    ticks, held = held_keys(part.notes)
    wrong = []
    for row in np.flatnonzero(held.sum(axis=1) > 1).tolist():
        pitches = tuple(np.flatnonzero(held[row]).tolist())
        is_bowed = part.program in OPEN_STRINGS
        if not (is_bowed and is_playable_stop(pitches, part.program)):
            wrong.append(int(ticks[row]))
    kind = "stop" if part.program in OPEN_STRINGS else "two"
    return [Fault(part.name, kind, float(len(wrong)), True, _bars(subject, wrong))] if wrong else []


def _breath(subject: Subject, part: Part, player: Player) -> list[Fault]:
    one = player.instrument
    if one.family not in BREATHING or one.name in NEEDS_NO_BREATH:
        return []
    seconds, tick = longest_passage(subject, part.notes)
    if seconds <= LONG_BREATH_S:
        return []
    return [Fault(part.name, "breath", seconds, seconds > LONGEST_BREATH_S, _bars(subject, [tick]))]


def _speed(subject: Subject, part: Part, player: Player) -> list[Fault]:
    if player.has_hands:
        return []
    rates, ticks = run_speeds(subject, part.notes)
    if not len(rates) or float(rates.max()) <= 1.3 * comfort(player.instrument):
        return []
    fastest, limit = float(rates.max()), FASTEST[player.instrument.family]
    where = ticks[rates > 1.3 * comfort(player.instrument)]
    return [Fault(part.name, "speed", fastest, fastest > limit, _bars(subject, where))]


def run_speeds(subject: Subject, notes: Notes) -> tuple[FloatArray, IntArray]:
    """Return (notes a second over each run of RUN + 1 onsets, its first tick)."""
    ticks = np.unique(notes.onset)
    seconds = subject.line.ticks_to_seconds(ticks)
    if len(ticks) <= RUN:
        return np.empty(0), np.empty(0, np.int64)
    rates: FloatArray = RUN / np.maximum(seconds[RUN:] - seconds[:-RUN], 1e-3)
    return rates, ticks[:-RUN]


def _skips(subject: Subject, part: Part, player: Player) -> list[Fault]:
    strings = OPEN_STRINGS.get(part.program)
    if strings is None or len(part.notes) < RUN or player.has_hands:
        return []
    string = np.maximum(np.searchsorted(strings, part.notes.pitch, side="right") - 1, 0)
    share = float((np.abs(np.diff(string)) >= 2).mean())
    return [Fault(part.name, "skips", share, False)] if share > SKIPS else []


CHECKS: tuple[Callable[[Subject, Part, Player], list[Fault]], ...] = (
    _range, _grip, _stops, _breath, _speed, _skips,
)  # fmt: skip
