"""How a plan turns on the way: what each bar aims at, how fast it goes and how loud it is.

Conventions: bars count from 0; what a person locked is never moved by a mood: an asked tempo stays, an asked change of
tempo is kept; gradual turns set out at their place and arrive two thirds of the way to the next one.
This module does not know chords or players: see `zhiyin.fill.plan_make`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp

import numpy as np

from zhiyin.fill.norms import TEMPO_ROOM, TEMPO_SHARE, Norms
from zhiyin.fill.plan import PlannedSection
from zhiyin.score.wishes import MAX_TEMPO, MIN_TEMPO, Change, Wishes
from zhiyin.theory.metre import Metre
from zhiyin.theory.mood_cues import MoodAim, aim_of, cues_at
from zhiyin.units import Bpm, FloatArray, Ticks, bpm_to_seconds_per_quarter, ticks_to_quarters

# Steps of velocity that asked dynamics add at the first and the last bar they hold for.
DYNAMIC_STEPS = {
    "soft": (-20.0, -20.0),
    "loud": (20.0, 20.0),
    "crescendo": (-22.0, 24.0),
    "diminuendo": (16.0, -26.0),
}
_ARRIVES = 2 / 3
_SNAP = 2  # bars by which a share gives way to the start of a section
# A fade takes the last quarter of the piece, at least so many bars, and ends so many steps softer.
_FADE_BARS, _FADE_STEPS = 4, -56.0
# What is left of the tempo on the beats of the last two bars of a ritardando.
_RITARDANDO_BARS, _SLOWEST = 2, 0.62


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that changes from a bar on: what is aimed at, quarters a minute or a factor on them, dynamics.

    moods: names asked for there; arrives: the bar from which a gradual turn is through.
    """

    bar: int
    aim: MoodAim
    bpm: Bpm | None = None
    scale: float | None = None
    dynamics: str | None = None
    is_gradual: bool = False
    arrives: int = 0
    moods: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Course:
    """A piece bar by bar: aims, tempos (quarters a minute) and steps of velocity that dynamics add."""

    aims: tuple[MoodAim, ...]
    tempos: FloatArray
    steps: FloatArray
    turns: tuple[Turn, ...] = ()


def first_moods(wishes: Wishes) -> tuple[str, ...]:
    """Return the moods that a piece begins with: those asked for the whole, else those of a change at its start."""
    starts = (change.moods for change in wishes.changes if _is_start(change))
    return wishes.moods or next(starts, ())


def first_aim(wishes: Wishes) -> MoodAim:
    """Return what the piece aims at where it begins."""
    moods, arousal = first_moods(wishes), wishes.arousal
    if not wishes.moods:
        told = (c.arousal for c in wishes.changes if _is_start(c) and c.arousal is not None)
        arousal = next(told, arousal)
    return aim_of(
        moods, avoid=wishes.avoid_moods, valence=wishes.valence, arousal=arousal, intensity=wishes.intensity
    )


def _is_start(change: Change) -> bool:
    return change.at_seconds == 0 or change.at_bar in (0, 1) or change.at_share == 0


def course_of(
    wishes: Wishes,
    norms: Norms,
    *,
    metre: Metre,
    tempo: Bpm,
    sections: Sequence[PlannedSection],
) -> Course:
    """Return the course of a piece that begins at a tempo; places in seconds are found on the tempos they cause."""
    bars, aim = sections[-1].end_bar, first_aim(wishes)
    tempos = np.full(bars, float(tempo))
    course = Course((aim,) * bars, tempos, _whole_steps(wishes, bars))
    for _ in range(3 if any(change.at_seconds for change in wishes.changes) else 1):
        edges = bar_seconds(course.tempos, metre)
        turns = _turns(wishes, aim, edges, sections)
        aims = _aims(turns, aim, bars)
        course = Course(
            aims,
            _tempos(wishes, norms, turns, aims, tempo),
            _whole_steps(wishes, bars) + _turn_steps(turns, bars),
            turns,
        )
    return course


def bar_seconds(tempos: FloatArray, metre: Metre) -> FloatArray:
    """Return (bars + 1,) where each bar begins, and the end, in seconds."""
    lengths = ticks_to_quarters(metre.bar_ticks) * 60.0 / tempos
    edges: FloatArray = np.concatenate([[0.0], np.cumsum(lengths)])
    return edges


def _turns(
    wishes: Wishes, aim: MoodAim, edges: FloatArray, sections: Sequence[PlannedSection]
) -> tuple[Turn, ...]:
    """Return the turns in order of their bars, each with the bar at which it has arrived."""
    bars = sections[-1].end_bar
    found: list[Turn] = []
    for change in wishes.changes:
        before = found[-1].aim if found else aim
        bar = _bar_of(change, edges, sections)
        if change.is_at_end and change.is_gradual:
            bar = found[-1].bar if found else 0
        found.append(
            Turn(bar, _aim_after(change, before, wishes), change.tempo_bpm, change.tempo_scale, change.dynamics,
                 change.is_gradual, arrives=bars - 1 if change.is_at_end else -1, moods=change.moods)
        )  # fmt: skip
    found.sort(key=lambda turn: turn.bar)
    after = [*(turn.bar for turn in found), bars][1:] if found else []
    return tuple(
        turn
        if turn.arrives >= 0
        else replace(turn, arrives=turn.bar + max(1, round(_ARRIVES * (end - turn.bar))))
        for turn, end in zip(found, after, strict=True)
    )


def _bar_of(change: Change, edges: FloatArray, sections: Sequence[PlannedSection]) -> int:
    bars = sections[-1].end_bar
    if change.at_bar is not None:
        return min(max(change.at_bar - 1, 0), bars - 1)
    if change.at_seconds is not None:
        return min(int(np.argmin(np.abs(edges - change.at_seconds))), bars - 1)
    if change.at_share is not None:
        bar = min(round(change.at_share * bars), bars - 1)
        near = min((section.first_bar for section in sections), key=lambda start: abs(start - bar))
        return near if 0 < abs(near - bar) <= _SNAP and bool(near) == bool(bar) else bar
    last = sections[-1]
    return last.first_bar if 0 < last.bars <= bars // 3 else bars - max(1, min(4, bars // 3))


def _aim_after(change: Change, before: MoodAim, wishes: Wishes) -> MoodAim:
    if change.moods:
        return aim_of(change.moods, arousal=change.arousal, intensity=wishes.intensity)
    if change.arousal is not None:
        moved = change.arousal - before.arousal
        return MoodAim(before.valence, change.arousal, before.cues.plus(cues_at(0.0, moved)))
    return before


def _aims(turns: Sequence[Turn], aim: MoodAim, bars: int) -> tuple[MoodAim, ...]:
    aims = [aim] * bars
    for turn in turns:
        start = aims[turn.bar]
        for bar in range(turn.bar, bars):
            aims[bar] = start.between(turn.aim, _way(turn, bar))
    return tuple(aims)


def _way(turn: Turn, bar: int) -> float:
    """Return how far a turn has got in a bar, 0..1."""
    return min(1.0, (bar - turn.bar) / max(1, turn.arrives - turn.bar)) if turn.is_gradual else 1.0


def _tempos(
    wishes: Wishes, norms: Norms, turns: Sequence[Turn], aims: Sequence[MoodAim], tempo: Bpm
) -> FloatArray:
    """Return (bars,) quarters a minute: moods move an open tempo, asked tempi stand."""
    tempos = np.full(len(aims), float(tempo))
    low, high = wishes.tempo_range or (
        min(tempo, norms.slow / TEMPO_ROOM**2), max(tempo, norms.fast * TEMPO_ROOM**2)
    )  # fmt: skip
    if wishes.tempo_bpm is None:
        factors = [exp(TEMPO_SHARE * (aim.cues.tempo - aims[0].cues.tempo)) for aim in aims]
        tempos = np.clip(np.round(tempo * np.array(factors), 1), low, high)
        tempos[: _first_move(aims)] = tempo
    for turn in turns:
        if turn.bpm is None and turn.scale is None:
            continue
        begun = float(tempos[turn.bar])
        wanted = turn.bpm if turn.bpm is not None else begun * (turn.scale or 1.0)
        for bar in range(turn.bar, len(aims)):
            tempos[bar] = begun + (wanted - begun) * _way(turn, bar)
    bounded: FloatArray = np.clip(tempos, MIN_TEMPO, MAX_TEMPO)
    return bounded


def _first_move(aims: Sequence[MoodAim]) -> int:
    return next((bar for bar, aim in enumerate(aims) if aim != aims[0]), len(aims))


def _whole_steps(wishes: Wishes, bars: int) -> FloatArray:
    """Return (bars,) the velocity steps of dynamics asked for the whole and of how the piece ends."""
    first, last = DYNAMIC_STEPS[wishes.dynamics] if wishes.dynamics else (0.0, 0.0)
    steps = np.linspace(first, last, bars)
    if wishes.ending == "fade_out":
        count = min(bars, max(_FADE_BARS, bars // 4))
        steps[bars - count :] += np.linspace(0.0, _FADE_STEPS, count + 1)[1:]
    return steps


def _turn_steps(turns: Sequence[Turn], bars: int) -> FloatArray:
    """Return (bars,) the velocity steps that turns add, each from its place on."""
    steps = np.zeros(bars)
    told = [turn for turn in turns if turn.dynamics is not None]
    for turn, after in zip(told, [*(t.bar for t in told), bars][1:], strict=False):
        first, last = DYNAMIC_STEPS[turn.dynamics or "soft"]
        begun = float(steps[turn.bar])
        if turn.dynamics in ("crescendo", "diminuendo"):
            ramp = begun + np.linspace(0.0, last - first, max(after - turn.bar, 1) + 1)[1:]
            steps[turn.bar : after] = ramp[: after - turn.bar]
            steps[after:] = ramp[-1]
        else:
            ways = np.array([_way(turn, bar) for bar in range(turn.bar, bars)])
            steps[turn.bar :] = begun + (last - begun) * ways
    return steps


def tempo_marks(
    tempos: FloatArray, metre: Metre, *, ending: str | None = None
) -> tuple[tuple[Ticks, Bpm], ...]:
    """Return the (tick, quarters a minute) at which the tempo of bars changes; a ritardando slows beat by beat."""
    marks = [(bar * metre.bar_ticks, float(tempos[bar])) for bar in range(len(tempos))]
    if ending == "ritardando":
        count = min(_RITARDANDO_BARS, len(tempos))
        start = (len(tempos) - count) * metre.bar_ticks
        beats = range(start, len(tempos) * metre.bar_ticks, metre.beat_ticks)
        marks = [mark for mark in marks if mark[0] < start]
        for number, tick in enumerate(beats, start=1):
            written = float(tempos[tick // metre.bar_ticks])
            marks.append(
                (tick, max(MIN_TEMPO, written * (1 - (1 - _SLOWEST) * (number / len(beats)) ** 1.5)))
            )
    return tuple((t, b) for i, (t, b) in enumerate(marks) if i == 0 or abs(b - marks[i - 1][1]) > 1e-9)


def seconds_of(marks: Sequence[tuple[Ticks, Bpm]], end: Ticks) -> float:
    """Return how long music with these tempo marks lasts."""
    after = [*(tick for tick, _ in marks[1:]), end]
    return sum(
        ticks_to_quarters(stop - tick) * bpm_to_seconds_per_quarter(bpm)
        for (tick, bpm), stop in zip(marks, after, strict=True)
    )
