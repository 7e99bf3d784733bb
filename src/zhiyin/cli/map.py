"""`zhiyin map`: where phrases lie among those of people's pieces.

Conventions: one line a phrase with the nearest pieces; the picture is in the folder.
This module only formats: see `zhiyin.apps.map_`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import say

if TYPE_CHECKING:
    from zhiyin.apps.map_ import Mapped

ScoreFiles = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help=say("opt.file"), show_default=False)
]
Out = Annotated[Path | None, typer.Option("-o", "--out", help=say("opt.map_out"))]
PartName = Annotated[str, typer.Option("--part", help=say("opt.map_part"))]


@command(
    "map",
    examples=("zhiyin map song.mid", "zhiyin map a.abc b.abc -o out/map", "zhiyin map band.mid --part drums"),
)
def map_(
    sources: ScoreFiles,
    *,
    out: Out = None,
    part: PartName = "melody",
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Show where phrases lie among those of people's pieces."""
    from zhiyin.apps.map_ import MapRequest, run
    from zhiyin.apps.output import free_folder

    screen = Screen(lang=lang, is_json=is_json)
    with screen.progress() as progress:
        found = run(MapRequest(tuple(sources), out or free_folder(Path("out")), part), progress)
    screen.answer(found.to_json(), lambda: show(screen, found))


def show(screen: Screen, found: Mapped) -> None:
    """Print every phrase with the nearest pieces."""
    rows = [
        [place.name, f"{place.first_bar}-{place.first_bar + place.bars - 1}", f"{place.x:.2f}, {place.y:.2f}",
         ", ".join(piece for piece, _ in place.nearest)]
        for place in found.atlas.own
    ]  # fmt: skip
    screen.table([screen.say(f"map.{name}") for name in ("file", "bars", "place", "near")], rows)
    for warning in found.warnings:
        screen.line(warning[screen.lang])
    screen.line(str(found.out / "map.png"))
