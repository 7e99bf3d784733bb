"""`zhiyin compose`: a piece from a sentence, options or a plan.

Conventions: without --lang the language of the sentence is spoken.
This module only formats: see `zhiyin.apps.compose`.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import (
    Arousal,
    Bars,
    BestOf,
    CheckpointFile,
    Chords,
    Debug,
    Dynamics,
    Ending,
    Family,
    Guidance,
    Intensity,
    Json,
    KeyName,
    Lang,
    LengthS,
    Likeness,
    Loop,
    MetreName,
    MinP,
    Mode,
    Mood,
    NoAudio,
    Novelty,
    Out,
    Players,
    Register,
    Seed,
    SoundFont,
    Style,
    Takes,
    Temperature,
    TempoBpm,
    Text,
    Title,
    TopP,
    Valence,
    Without,
    sampling_of,
    wishes_of,
)
from zhiyin.cli.screen import Screen
from zhiyin.cli.summary import show_summary
from zhiyin.cli.words import say

PlanFile = Annotated[Path | None, typer.Option("--plan", help=say("opt.plan"))]


@command(
    "compose",
    examples=(
        'zhiyin compose "雨夜的车站，一个人等末班车，忧伤的钢琴和弦乐，80 BPM，一分钟" -o out/rain',
        "zhiyin compose --style waltz --key Dm --bars 32 --seed 7 --takes 3",
        'zhiyin compose "a bright folk tune" --players "flute, guitar" --chords "G D Em C" -o out/folk',
        "zhiyin compose --style funk --family rules --bars 32 -o out/funk",
        "zhiyin compose --plan plan.json -o out/",
    ),
)
def compose(  # noqa: PLR0913 - parameters are the options a person types
    text: Text = None,
    *,
    out: Out = None,
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
    mood: Mood = None, intensity: Intensity = None, valence: Valence = None, arousal: Arousal = None,
    register: Register = None, dynamics: Dynamics = None, ending: Ending = None,
    title: Title = None,
    loop: Loop = None,
    plan: PlanFile = None,
    seed: Seed = 0,
    takes: Takes = 1,
    temperature: Temperature = None,
    top_p: TopP = None,
    min_p: MinP = None,
    guidance: Guidance = None,
    novelty: Novelty = None,
    likeness: Likeness = None,
    best_of: BestOf = None,
    soundfont: SoundFont = None,
    no_audio: NoAudio = False,
    checkpoint: CheckpointFile = None,
    family: Family = "transformer",
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:  # fmt: skip
    """Write a piece from a sentence."""
    from zhiyin.apps.compose import ComposeRequest, run
    from zhiyin.apps.output import free_folder

    begun_s = time.monotonic()
    screen = Screen(lang=lang, is_json=is_json, text=text)
    options = wishes_of(
        style=style, key=key, mode=mode, metre=metre, tempo_bpm=tempo, bars=bars, seconds=seconds, players=players,
        excluded=without, chords=chords, moods=mood, title=title,
        dynamics=dynamics, is_loop=loop, intensity=intensity, valence=valence, arousal=arousal, register=register,
        ending=ending,
    )  # fmt: skip
    folder = out if out is not None else free_folder(Path("out"))
    request = ComposeRequest(
        text, options, plan, folder, seed=seed, takes=takes, soundfont=soundfont, is_silent=no_audio, lang=screen.lang,
        checkpoint=checkpoint, family=family,
        sampling=sampling_of(
            temperature, top_p=top_p, min_p=min_p, guidance=guidance, novelty=novelty, likeness=likeness,
            best_of=best_of,
        ),
    )  # fmt: skip
    with screen.progress() as progress:
        done = run(request, progress)
    tree = done.to_json()
    screen.answer(tree, lambda: show_summary(screen, tree, took_s=time.monotonic() - begun_s))
