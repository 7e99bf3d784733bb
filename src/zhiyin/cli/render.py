"""`zhiyin render`: a score as sound, pages and a picture.

Conventions: the ending of -o chooses what is made; without -o the file lies beside the working folder's others.
This module only formats: see `zhiyin.apps.render_`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang, ScoreFile, Seed, SoundFont
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import say

if TYPE_CHECKING:
    from zhiyin.apps.bundle import Sound

Target = Annotated[Path | None, typer.Option("-o", "--out", help=say("opt.render_out"))]
Format = Annotated[str, typer.Option("--format", help=say("opt.format"))]
Expression = Annotated[float, typer.Option("--expression", help=say("opt.expression"))]
Tail = Annotated[float, typer.Option("--tail", help=say("opt.tail"))]
Lufs = Annotated[float, typer.Option("--lufs", help=say("opt.lufs"))]


@command(
    "render",
    examples=(
        "zhiyin render song.mid -o song.wav",
        "zhiyin render song.mid -o song.flac --tail 2",
        "zhiyin render song.musicxml -o song.pdf",
        "zhiyin render song.mid -o out/song   # everything",
    ),
)
def render(  # noqa: PLR0913 - parameters are the options a person types
    source: ScoreFile,
    *,
    out: Target = None,
    file_format: Format = "wav",
    soundfont: SoundFont = None,
    expression: Expression = 1.0,
    lufs: Lufs = -14.0,
    tail: Tail = 0.0,
    seed: Seed = 0,
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Turn a score into sound and pages."""
    from zhiyin.apps.render_ import RenderRequest, run
    from zhiyin.cli.summary import tell_small_bank

    screen = Screen(lang=lang, is_json=is_json)
    target = out if out is not None else Path(f"{source.stem}.{file_format.removeprefix('.')}")
    request = RenderRequest(
        source, target, soundfont, seed=seed, expression=expression, lufs=lufs, tail_s=tail, lang=screen.lang
    )
    with screen.progress() as progress:
        done = run(request, progress)

    def show() -> None:
        screen.facts([
            *((screen.say("written"), path) for path in done.files),
            (screen.say("sound"), sound_line(screen, done.sound) if done.sound else ""),
            (screen.say("warnings"), "\n".join(done.warnings)),
            (screen.say("left_out"), "\n".join(done.left_out)),
        ])  # fmt: skip
        tell_small_bank(screen, [done.sound.bank] if done.sound else [])

    screen.answer(done.to_json(), show)


def sound_line(screen: Screen, sound: Sound) -> str:
    """Return what a sound measures in one line."""
    from zhiyin.cli.summary import sound_words

    return sound_words(screen, sound.to_json())
