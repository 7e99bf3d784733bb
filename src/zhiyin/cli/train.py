"""`zhiyin train`: one run of a recipe.

Conventions: log lines go to stderr as they come; the answer is where the checkpoint lies.
This module only formats: see `zhiyin.apps.train_`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import say

Recipe = Annotated[Path, typer.Argument(metavar="RECIPE", help=say("opt.recipe"), show_default=False)]
Corpus = Annotated[Path, typer.Option("--corpus", help=say("opt.corpus"))]
Resume = Annotated[bool, typer.Option("--resume", help=say("opt.resume"))]
Folder = Annotated[Path | None, typer.Option("-o", "--out", help=say("opt.run_out"))]
Device = Annotated[str, typer.Option("--device", help=say("opt.device"))]


@command(
    "train",
    examples=(
        "zhiyin train recipes/small.toml",
        "zhiyin train recipes/small.toml --resume --out runs/mine",
    ),
)
def train(
    recipe: Recipe,
    *,
    corpus: Corpus = Path("corpus"),
    resume: Resume = False,
    out: Folder = None,
    device: Device = "cpu",
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Train a model from a recipe."""
    from zhiyin.apps.train_ import TrainRequest, run

    screen = Screen(lang=lang, is_json=is_json)
    with screen.log() as tell:
        done = run(TrainRequest(recipe, corpus, out, resume, device), tell)
    bits = done.card.get("test_bits_a_note", {})
    facts = [(screen.say("trained"), str(done.checkpoint))]
    if bits:
        told = ", ".join(f"{task} {value:.3f}" for task, value in bits.items())
        facts.append((screen.say("bits"), told))
    screen.answer(done.to_json(), lambda: screen.facts(facts))
