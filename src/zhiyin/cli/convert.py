"""`zhiyin convert`: from one score format to another.

Conventions: what was lost is always said.
This module only formats: see `zhiyin.apps.convert`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang, ScoreFile
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import say

Target = Annotated[Path, typer.Argument(metavar="OUT", help=say("opt.target"), show_default=False)]


@command("convert", examples=("zhiyin convert song.mid song.musicxml", "zhiyin convert song.abc song.mid"))
def convert(
    source: ScoreFile, target: Target, *, lang: Lang = None, is_json: Json = False, debug: Debug = False
) -> None:
    """Turn one score format into another."""
    from zhiyin.apps.convert import Converted, ConvertRequest, run

    screen = Screen(lang=lang, is_json=is_json)
    done = run(ConvertRequest(source, target))

    def show(done: Converted) -> None:
        screen.facts([
            (screen.say("written"), f"{done.target} ({done.target_format})"),
            (screen.say("notes"), done.notes),
            (screen.say("warnings"), "\n".join(done.warnings)),
            (screen.say("lost"), "\n".join(done.lost) or screen.say("lost.nothing")),
        ])  # fmt: skip

    screen.answer(done.to_json(), lambda: show(done))
