"""`zhiyin tune`: a search over the settings of a recipe.

Conventions: log lines go to stderr as they come; the answer is the table of trials, best first.
This module only formats: see `zhiyin.apps.tune_`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import say

Recipe = Annotated[Path | None, typer.Argument(metavar="RECIPE", help=say("opt.recipe"), show_default=False)]
Space = Annotated[Path | None, typer.Option("--space", help=say("opt.space"))]
Trials = Annotated[int, typer.Option("--trials", help=say("opt.trials"))]
Corpus = Annotated[Path, typer.Option("--corpus", help=say("opt.corpus"))]
Folder = Annotated[Path | None, typer.Option("-o", "--out", help=say("opt.tune_out"))]
Report = Annotated[Path | None, typer.Option("--report", help=say("opt.tune_report"))]


@command(
    "tune",
    examples=(
        "zhiyin tune recipes/tune/recipe.toml --space recipes/tune/space.toml --trials 24",
        "zhiyin tune --report runs/tune-recipe",
    ),
)
def tune(  # noqa: PLR0913 - parameters are the options a person types
    recipe: Recipe = None,
    *,
    space: Space = None,
    trials: Trials = 20,
    corpus: Corpus = Path("corpus"),
    out: Folder = None,
    report: Report = None,
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Search for the settings of a recipe."""
    from zhiyin.apps.tune_ import TuneRequest, run

    screen = Screen(lang=lang, is_json=is_json)
    with screen.log() as tell:
        done = run(TuneRequest(recipe, space, corpus, out, trials, report), tell)
    screen.answer(done.to_json(), lambda: print(done.table, end=""))
