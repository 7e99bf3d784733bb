"""Carrying out a plan of edits on a score: each step by rule, or by the act that it orders.

Conventions: a plan speaks of the score it was read for; bars and parts are followed through every step before.
This module writes no music itself: acts are given as functions, see `zhiyin.apps.edit_acts`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from zhiyin.brief.edit_plan import ActOrder, BarRange, EditPlan, EditStep
from zhiyin.brief.edit_targets import join_ranges
from zhiyin.errors import InvalidInput
from zhiyin.perform import humanise
from zhiyin.score import Score, Timeline, edit_bars, edit_parts, edit_pitch, edit_sound
from zhiyin.theory.key import Key

ActRunner: TypeAlias = Callable[[Score, ActOrder, int], Score]


@dataclass(frozen=True, slots=True)
class _State:
    """A score on its way, with the old bar and the old part that each of its bars and parts was (-1: new)."""

    score: Score
    bars: tuple[int, ...]
    parts: tuple[int, ...]
    key: Key
    seed: int


def apply_plan(
    score: Score, plan: EditPlan, *, key: Key, runners: Mapping[str, ActRunner], seed: int = 0
) -> Score:
    """Return the score after every step of a plan, in order.

    key: of the whole piece, where the score has no key mark; runners: act -> function(score, order, seed).
    Raises InvalidInput for an open question, an act without a runner (before anything is done), and locked material.
    """
    refuse_unready(plan, runners)
    bars = Timeline.of(score).bar_count(score.end)
    state = _State(score, tuple(range(bars)), tuple(range(len(score.parts))), key, seed)
    for step in plan.steps:
        state = _after(state, step, runners)
    return state.score


def refuse_unready(plan: EditPlan, runners: Mapping[str, ActRunner]) -> None:
    """Raise InvalidInput when a plan asks a question or needs an act that cannot be run here."""
    if plan.ambiguities:
        raise InvalidInput("; ".join(question.question_en for question in plan.ambiguities))
    for order in plan.orders:
        if order.act not in runners:
            can = ", ".join(sorted(runners)) or "none"
            raise InvalidInput(
                f"the act must be one that can be run here ({can}), got {order.act!r}: leave this step out"
            )


def _after(state: _State, step: EditStep, runners: Mapping[str, ActRunner]) -> _State:
    here = _translated(step, state)
    if step.order is not None:
        order = replace(step.order, bars=here.bars, parts=here.parts)
        return _grown(state, runners[order.act](state.score, order, state.seed))
    if step.kind in _FORMS:
        return _reformed(state, here)
    changed = _grown(state, _RULES[step.kind](state, here))
    if step.kind == "drop":
        left = tuple(old for index, old in enumerate(state.parts) if index not in here.parts)
        return replace(changed, parts=left)
    return changed


def _translated(step: EditStep, state: _State) -> EditStep:
    """Return the step with its bars and parts where they are now. Raises InvalidInput when none is left."""
    spans: list[BarRange] = []
    for first, last in step.bars:
        now = [index for index, old in enumerate(state.bars) if first <= old <= last]
        spans += join_ranges((bar, bar) for bar in now)
    parts = tuple(index for index, old in enumerate(state.parts) if old in step.parts)
    if not spans or (step.parts and not parts):
        raise InvalidInput(
            f"{step.words!r} must have bars and parts left to change, got none: an earlier step took them"
        )
    at = step.at
    if at is not None:
        at = state.bars.index(at) if at in state.bars else len(state.bars)
    return replace(step, bars=tuple(spans), parts=parts, at=at)


def _grown(state: _State, score: Score) -> _State:
    """Return the state with a changed score; bars and parts beyond the old ones are new."""
    bars, parts = Timeline.of(score).bar_count(score.end), len(score.parts)
    known_bars = (*state.bars, *[-1] * (bars - len(state.bars)))[: max(bars, 1)]
    known_parts = (*state.parts, *[-1] * (parts - len(state.parts)))
    return replace(state, score=score, bars=known_bars, parts=known_parts)


def _reformed(state: _State, step: EditStep) -> _State:
    score, bars = state.score, state.bars
    for kind, ranges, at, count in _FORMS[step.kind](step):
        if kind == "delete":
            score = edit_bars.delete_bars(score, ranges)
        elif kind == "insert":
            score = edit_bars.insert_bars(score, at, count)
        elif kind == "copy":
            score = edit_bars.copy_bars(score, ranges[0], at, times=count)
        elif kind == "move":
            score = edit_bars.move_bars(score, ranges[0], at)
        else:
            score = edit_bars.swap_bars(score, ranges[0], ranges[1])
        order = edit_bars.bars_after(kind, len(bars), ranges, at=at, count=count)
        # A copy is new music: what is said of the bars later means the ones that were there.
        is_copy = {at + i for i in range(len(order) - len(bars))} if kind == "copy" else set()
        bars = tuple(-1 if index in is_copy or old < 0 else bars[old] for index, old in enumerate(order))
    return replace(state, score=score, bars=bars)


Move: TypeAlias = tuple[str, tuple[BarRange, ...], int, int]


def _repeats(step: EditStep) -> list[Move]:
    times = int(str(step.value))
    return [("copy", (span,), span[1] + 1, times) for span in sorted(step.bars, reverse=True)]


_FORMS: dict[str, Callable[[EditStep], list[Move]]] = {
    "repeat": _repeats,
    "delete": lambda step: [("delete", step.bars, 0, 0)],
    "insert": lambda step: [("insert", (), step.at or 0, int(str(step.value)))],
    "copy": lambda step: [("copy", step.bars, step.at or 0, 1)],
    "move": lambda step: [("move", step.bars, step.at or 0, 1)],
    "swap": lambda step: [("swap", step.bars, 0, 0)],
}


def _transpose(state: _State, step: EditStep) -> Score:
    score, key = state.score, state.key
    if step.unit == "key":
        return edit_pitch.change_key(score, step.parts, Key.parse(str(step.value)), ranges=step.bars, key=key)
    if step.unit == "steps":
        return edit_pitch.shift_steps(score, step.parts, int(str(step.value)), ranges=step.bars, key=key)
    return edit_pitch.shift_pitches(score, step.parts, int(str(step.value)), ranges=step.bars)


def _mode(state: _State, step: EditStep) -> Score:
    return edit_pitch.change_mode(state.score, step.parts, str(step.value), ranges=step.bars, key=state.key)


def _tempo(state: _State, step: EditStep) -> Score:
    value = float(str(step.value))
    if step.kind == "tempo_curve":
        return edit_sound.bend_tempo(state.score, value, step.bars)
    if step.unit == "bpm":
        return edit_sound.set_tempo_in(state.score, value, step.bars)
    return edit_sound.scale_tempo_in(state.score, value, step.bars)


def _loudness(state: _State, step: EditStep) -> Score:
    score, parts, bars = state.score, step.parts, step.bars
    if step.unit == "level":
        return edit_sound.set_level(score, parts, str(step.value), ranges=bars)
    if step.unit == "factor":
        return edit_sound.scale_velocity(score, parts, float(str(step.value)), ranges=bars)
    change = edit_sound.swell if step.kind == "swell" else edit_sound.add_velocity
    return change(score, parts, int(str(step.value)), ranges=bars)


def _articulation(state: _State, step: EditStep) -> Score:
    change = edit_sound.legato if step.value == "legato" else edit_sound.staccato
    return change(state.score, step.parts, step.bars)


def _is_whole(state: _State, step: EditStep) -> bool:
    return step.bars == ((0, len(state.bars) - 1),)


def _instrument(state: _State, step: EditStep) -> Score:
    name = str(step.value)
    if _is_whole(state, step) and edit_parts.part_of(state.score, name, besides=step.parts) is None:
        return edit_parts.change_instrument(state.score, step.parts, name)
    return edit_parts.give_notes(state.score, step.parts, name, ranges=step.bars)


def _double(state: _State, step: EditStep) -> Score:
    if step.unit == "instrument":
        return edit_parts.double_with(state.score, step.parts, str(step.value), ranges=step.bars)
    return edit_parts.double_parts(state.score, step.parts, int(str(step.value)), ranges=step.bars)


def _thirds(state: _State, step: EditStep) -> Score:
    return edit_pitch.add_parallel(
        state.score, step.parts, int(str(step.value)), ranges=step.bars, key=state.key
    )


def _played(state: _State, step: EditStep) -> Score:
    """Return the score with the notes of the step's bars and parts as a person would play them; tempos stay."""
    amount, swing = (0.0, 1.0) if step.kind == "swing" else (step.amount, 0.0)

    def play(score: Score) -> Score:
        return humanise(score, seed=state.seed, amount=amount, swing=swing)

    return edit_sound.taken_from(state.score, play, step.parts, ranges=step.bars)


_RULES: dict[str, Callable[[_State, EditStep], Score]] = {
    "transpose": _transpose, "register": _transpose, "mode": _mode, "tempo": _tempo, "tempo_curve": _tempo,
    "loudness": _loudness, "swell": _loudness, "articulation": _articulation, "instrument": _instrument,
    "double": _double, "thirds": _thirds, "humanise": _played, "swing": _played,
    "drop": lambda state, step: edit_parts.drop_parts(state.score, step.parts),
    "mute": lambda state, step: edit_parts.silence_parts(state.score, step.parts, step.bars),
    "quantise": lambda state, step: edit_sound.to_grid(state.score, step.parts, int(str(step.value)), ranges=step.bars),
}  # fmt: skip
