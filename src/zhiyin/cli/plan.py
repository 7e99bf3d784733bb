"""`zhiyin plan`: what a piece is to be, before its notes.

Conventions: with -o the plan goes to a file that `compose --plan` reads; --json prints the same.
This module only formats: see `zhiyin.apps.plan_`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.brief import show_leftovers
from zhiyin.cli.options import (
    Arousal,
    Bars,
    Chords,
    Debug,
    Dynamics,
    Ending,
    Intensity,
    Json,
    KeyName,
    Lang,
    LengthS,
    Loop,
    MetreName,
    Mode,
    Mood,
    Players,
    Register,
    Seed,
    Style,
    TempoBpm,
    Text,
    Title,
    Valence,
    Without,
    wishes_of,
)
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import say

if TYPE_CHECKING:
    from zhiyin.fill.plan import Plan

Target = Annotated[Path | None, typer.Option("-o", "--out", help=say("opt.out"))]


@command(
    "plan",
    examples=(
        'zhiyin plan "a lively march in G major, 16 bars"',
        "zhiyin plan --style waltz --key Dm --bars 32 -o plan.json",
        "zhiyin compose --plan plan.json -o out/",
    ),
)
def plan(  # noqa: PLR0913 - parameters are the options a person types
    text: Text = None,
    *,
    out: Target = None,
    style: Style = None,
    key: KeyName = None,
    mode: Mode = None,
    metre: MetreName = None,
    tempo: TempoBpm = None,
    bars: Bars = None,
    seconds: LengthS = None,
    players: Players = None,
    without: Without = None,
    chords: Chords = None,
    mood: Mood = None,
    intensity: Intensity = None,
    valence: Valence = None,
    arousal: Arousal = None,
    register: Register = None,
    ending: Ending = None,
    title: Title = None,
    dynamics: Dynamics = None,
    loop: Loop = None,
    seed: Seed = 0,
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Make the plan of a piece, without notes."""
    from zhiyin.apps.plan_ import PlanRequest, run

    screen = Screen(lang=lang, is_json=is_json, text=text)
    options = wishes_of(
        style=style, key=key, mode=mode, metre=metre, tempo_bpm=tempo, bars=bars, seconds=seconds, players=players,
        excluded=without, chords=chords, moods=mood, title=title,
        dynamics=dynamics, is_loop=loop, intensity=intensity, valence=valence, arousal=arousal, register=register,
        ending=ending,
    )  # fmt: skip
    made = run(PlanRequest(text, options, seed, out))

    def show() -> None:
        show_plan(screen, made.plan)
        if text is not None:
            show_leftovers(screen, made.asked.brief)
        if made.target is not None:
            screen.line(screen.say("plan.next", path=made.target))

    screen.answer(made.to_json(), show)


def show_plan(screen: Screen, plan: Plan) -> None:
    """Print a plan for a person."""
    from zhiyin.fill.plan_text import plan_to_text

    screen.line(plan_to_text(plan, screen.lang).rstrip())
