"""`zhiyin accept`: a take put into the score it was made from, whole or in part.

Conventions: without --bars and --parts all of the take is accepted.
This module only formats: see `zhiyin.apps.accept_`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang, ScoreFile
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import say

if TYPE_CHECKING:
    from zhiyin.apps.accept_ import Accepted

TakeFile = Annotated[Path, typer.Argument(metavar="TAKE", help=say("opt.take_file"), show_default=False)]
Target = Annotated[Path, typer.Option("-o", "--out", help=say("opt.out"))]
BarsText = Annotated[str, typer.Option("--bars", help=say("opt.act_bars"))]
PartsText = Annotated[str, typer.Option("--parts", help=say("opt.act_parts"))]
Aspect = Annotated[str, typer.Option("--aspect", help=say("opt.accept_aspect"))]


@command(
    "accept",
    examples=(
        "zhiyin accept song.mid out/take-2/score.mid -o song-2.mid",
        "zhiyin accept song.mid new.mid --bars 5-6 --parts melody -o song-2.mid",
    ),
)
def accept(  # noqa: PLR0913 - parameters are the options a person types
    source: ScoreFile,
    take: TakeFile,
    *,
    out: Target,
    bars: BarsText = "",
    parts: PartsText = "all",
    aspect: Aspect = "all",
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Put a take into the score it was made from, whole or in part."""
    from zhiyin.apps.accept_ import AcceptRequest, run
    from zhiyin.cli.summary import said_rows

    screen = Screen(lang=lang, is_json=is_json)
    done = run(AcceptRequest(source=source, take=take, out=out, bars=bars, parts=parts, aspect=aspect))

    def show() -> None:
        rows = said_rows(screen, done.to_json())
        rows.append((screen.say("accepted"), _what(screen, done)))
        rows.append((screen.say("written"), str(done.out)))
        screen.facts(rows)

    screen.answer(done.to_json(), show)


def _what(screen: Screen, done: Accepted) -> str:
    """Return the parts and bars accepted, and the aspect where it is not all."""
    from zhiyin.apps.diff_text import bars_text
    from zhiyin.fill.reasons.view import runs

    is_zh = screen.lang == "zh"
    bars = [bars_text(first, last)[is_zh] for first, last in runs([bar - 1 for bar in done.bars])]
    comma = "、" if is_zh else ", "
    told = screen.say("accepted.value", parts=comma.join(done.parts), bars=comma.join(bars))
    return told if done.aspect == "all" else f"{told} ({done.aspect})"
