"""`zhiyin continue`: a piece written on after its end.

Conventions: the person's own notes are never touched.
This module only formats: see `zhiyin.apps.continue_`.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import (
    CheckpointFile,
    Debug,
    Json,
    Lang,
    NoAudio,
    Out,
    ScoreFile,
    Seed,
    SoundFont,
    Style,
    Takes,
    style_of,
)
from zhiyin.cli.screen import Screen
from zhiyin.cli.summary import show_summary
from zhiyin.cli.words import say

NewBars = Annotated[int, typer.Option("--bars", help=say("opt.continue_bars"))]


@command(
    "continue",
    examples=(
        "zhiyin continue song.mid --bars 8",
        "zhiyin continue song.abc --bars 16 --takes 3 -o out/longer",
    ),
)
def continue_(  # noqa: PLR0913 - parameters are the options a person types
    source: ScoreFile,
    *,
    bars: NewBars = 8,
    out: Out = None,
    style: Style = None,
    seed: Seed = 0,
    takes: Takes = 1,
    soundfont: SoundFont = None,
    no_audio: NoAudio = False,
    checkpoint: CheckpointFile = None,
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Write on where a piece ends."""
    from zhiyin.apps.continue_ import ContinueRequest, run
    from zhiyin.apps.output import free_folder

    begun_s = time.monotonic()
    screen = Screen(lang=lang, is_json=is_json)
    folder = out if out is not None else free_folder(Path("out"))
    request = ContinueRequest(
        source, bars, folder, seed=seed, takes=takes, style=style_of(style), soundfont=soundfont, is_silent=no_audio,
        lang=screen.lang, checkpoint=checkpoint,
    )  # fmt: skip
    with screen.progress() as progress:
        done = run(request, progress)
    tree = done.to_json()
    screen.answer(tree, lambda: show_summary(screen, tree, took_s=time.monotonic() - begun_s))
