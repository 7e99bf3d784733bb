"""`zhiyin diff`: what changed between two scores.

Conventions: one line a change, in the order of bars; the distances stand last.
This module only prints: the sentences come from `zhiyin.apps.diff_text`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import say

Before = Annotated[Path, typer.Argument(metavar="BEFORE", help=say("opt.diff_before"), show_default=False)]
After = Annotated[Path, typer.Argument(metavar="AFTER", help=say("opt.diff_after"), show_default=False)]
DiffBars = Annotated[str | None, typer.Option("--bars", help=say("opt.diff_bars"))]


@command(
    "diff", examples=("zhiyin diff song.mid take-1.mid", "zhiyin diff a.abc b.musicxml --bars 5-8 --json")
)
def diff(
    before: Before,
    after: After,
    *,
    bars: DiffBars = None,
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Tell what changed between two scores."""
    from zhiyin.apps.diff_ import DiffRequest, parse_bars, run

    screen = Screen(lang=lang, is_json=is_json)
    found = run(DiffRequest(before, after, None if bars is None else parse_bars(bars)))

    def show() -> None:
        for warning in found.warnings:
            screen.note(warning)
        for english, chinese in found.lines:
            screen.line(chinese if screen.lang == "zh" else english)

    screen.answer(found.to_json(), show)
