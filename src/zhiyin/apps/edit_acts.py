"""The acts that a sentence of edits may order, each with the function that carries it out.

Conventions: a runner takes (score, order, seed) and returns the whole score; bars and parts outside the order stay.
An act without a runner here is refused by name before anything is changed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from zhiyin.apps.model import open_model
from zhiyin.brief.edit_apply import ActRunner
from zhiyin.brief.edit_plan import ActOrder
from zhiyin.fill.act import Order, perform_act
from zhiyin.fill.acts.accompany import accompany
from zhiyin.fill.acts.adjust import Adjustment, adjust
from zhiyin.fill.acts.band_by_book import band_by_book, can_play
from zhiyin.fill.acts.counterpoint import counterpoint
from zhiyin.fill.acts.drums import drums
from zhiyin.fill.acts.grow import continue_, extend_to
from zhiyin.fill.acts.infill import infill
from zhiyin.fill.acts.vary import vary
from zhiyin.fill.constraints.cadence_wish import cadence
from zhiyin.fill.constraints.span import Span
from zhiyin.fill.desk import Desk, lay_out
from zhiyin.fill.scope import Scope, whole_bars
from zhiyin.models import StepModel
from zhiyin.score import Score
from zhiyin.theory.style_words import base_style
from zhiyin.units import TICKS_PER_QUARTER


@cache
def _model() -> StepModel:
    return open_model()


def _done(order: Order, act: ActOrder, seed: int) -> Score:
    style = act.options.get("style")
    told = replace(order, seed=seed, style=base_style(str(style)) if style else order.style)
    return perform_act(told, _model()).score


def _scope(desk: Desk, act: ActOrder) -> Scope:
    bars = {bar for first, last in act.bars for bar in range(first, last + 1) if bar < desk.bars}
    return whole_bars(desk.frame, act.parts or range(len(desk.frame.parts)), bars or range(desk.bars))


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, 5])


def _infill(score: Score, act: ActOrder, seed: int) -> Score:
    """Write bars anew: with an adjustment where one is asked, towards a cadence where one is named."""
    desk = lay_out(score)
    scope, options = _scope(desk, act), act.options
    if "cadence" in options:
        last = max(s.end for s in scope.stretches)
        bar = max(c.bar for c in scope.cells(desk.frame) if last)
        wish = cadence(Span(None, max(bar - 1, 0), bar), str(options["cadence"]), desk.frame)
        return _done(replace(infill(desk, scope), asked=(wish,)), act, seed)
    wanted = Adjustment(
        density=int(options.get("density", 0)), register=int(options.get("register", 0)),
        syncopation=int(options.get("syncopation", 0)), similarity=float(options.get("similarity", 0.5)),
    )  # fmt: skip
    return _done(adjust(desk, scope, _rng(seed), wanted=wanted), act, seed)


def _vary(score: Score, act: ActOrder, seed: int) -> Score:
    desk, options = lay_out(score), act.options
    scope, aspect = _scope(desk, act), str(options.get("aspect", "all"))
    distance = float(options.get("distance", 0.4))
    if {"mood", "mode", "register"} & set(options):
        wanted = Adjustment(
            register=int(options.get("register", 0)), similarity=1.0 - distance, aspect=aspect,
            mood=str(options.get("mood", "")), mode=str(options.get("mode", "")),
        )  # fmt: skip
        return _done(adjust(desk, scope, _rng(seed), wanted=wanted), act, seed)
    return _done(vary(desk, scope, _rng(seed), distance=distance, aspect=aspect), act, seed)


def _harmonise(score: Score, act: ActOrder, seed: int) -> Score:
    desk = lay_out(score)
    return _done(vary(desk, _scope(desk, act), _rng(seed), aspect="harmony"), act, seed)


def _continue(score: Score, act: ActOrder, seed: int) -> Score:
    desk = lay_out(score)
    bars = int(act.options.get("bars", 8))
    if "seconds" in act.options:
        line_s = desk.frame.tempos[-1].bpm / 60 / desk.frame.metres[-1].metre.bar_ticks * TICKS_PER_QUARTER
        bars = max(round(float(act.options["seconds"]) * line_s), 1)
    return _done(continue_(desk, bars), act, seed)


def _extend(score: Score, act: ActOrder, seed: int) -> Score:
    desk, options = lay_out(score), act.options
    if "seconds" in options:
        return _done(extend_to(desk, seconds=float(options["seconds"])), act, seed)
    return _done(extend_to(desk, bars=int(options["bars"])), act, seed)


def _accompany(score: Score, act: ActOrder, seed: int) -> Score:
    return _done(accompany(lay_out(score), players=(str(act.options["instrument"]),)), act, seed)


def _drums(score: Score, act: ActOrder, seed: int) -> Score:
    desk = lay_out(score)
    if act.options.get("instrument", "drums") == "drums" and can_play(desk):
        return band_by_book(desk, players=("drums",), seed=seed).score
    return _done(drums(lay_out(score), kit=str(act.options.get("instrument", "drums"))), act, seed)


def _counterpoint(score: Score, act: ActOrder, seed: int) -> Score:
    desk = lay_out(score)
    tune = next((i for i, p in enumerate(desk.frame.parts) if p.role == "melody"), 0)
    against = act.parts[0] if act.parts else tune
    return _done(
        counterpoint(desk, against=against, instrument=str(act.options.get("instrument", "violin"))),
        act,
        seed,
    )


ACT_RUNNERS: dict[str, ActRunner] = {
    "infill": _infill,
    "vary": _vary,
    "harmonise": _harmonise,
    "continue": _continue,
    "extend": _extend,
    "accompany": _accompany,
    "drums": _drums,
    "counterpoint": _counterpoint,
}
