"""`zhiyin edit`: change a score by a sentence, seeing the steps first.

Conventions: the steps are shown before anything is written; on a terminal a person is asked, elsewhere --yes is needed.
This module only formats: see `zhiyin.apps.edit_`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang, ScoreFile, Seed
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import say

if TYPE_CHECKING:
    from zhiyin.apps.edit_ import Edited

Words = Annotated[str, typer.Argument(metavar="WORDS", help=say("opt.edit"), show_default=False)]
Target = Annotated[Path | None, typer.Option("-o", "--out", help=say("opt.edited"))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=say("opt.dry_run"))]
Locks = Annotated[list[str] | None, typer.Option("--lock", help=say("opt.lock"))]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=say("opt.yes"))]


@command(
    "edit",
    examples=(
        'zhiyin edit song.mid "20 % faster and drop the piano" --dry-run',
        'zhiyin edit song.musicxml "把旋律交给长笛，桥段升三度" -o new.musicxml --yes',
    ),
)
def edit(  # noqa: PLR0913 - parameters are the options a person types
    source: ScoreFile,
    text: Words,
    *,
    target: Target = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    lock: Locks = None,
    seed: Seed = 0,
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Change a score by a sentence."""
    from zhiyin.apps.edit_ import EditRequest, run

    screen = Screen(lang=lang, is_json=is_json, text=text)
    locks = tuple(lock or ())
    shown = run(EditRequest(source, text, target, is_dry=True, seed=seed, locks=locks))
    if not is_json:
        show_plan(screen, shown)
    if dry_run or not (yes or _agreed(screen)):
        screen.answer(shown.to_json(), lambda: None)
        return
    done = run(EditRequest(source, text, target, seed=seed, locks=locks))
    screen.answer(done.to_json(), lambda: show_written(screen, done))


def _agreed(screen: Screen) -> bool:
    """Return whether the person agrees; without a terminal nobody does."""
    if screen.is_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        screen.note(screen.say("edit.needs_yes"))
        return False
    return typer.confirm(screen.say("edit.agree"))


def show_plan(screen: Screen, shown: Edited) -> None:
    """Print the steps, then the words that were not understood and the questions that are open."""
    is_zh = screen.lang == "zh"
    for number, step in enumerate(shown.plan.steps, start=1):
        act = f"  [{step.order.act}]" if step.order else ""
        screen.line(f"{number}. {step.text_zh if is_zh else step.text_en}{act}")
    asked = [q.question_zh if is_zh else q.question_en for q in shown.plan.ambiguities]
    screen.facts([
        (screen.say("edit.question"), "\n".join(asked)),
        (screen.say("not_understood"), ", ".join(shown.plan.leftover)),
    ])  # fmt: skip


def show_written(screen: Screen, done: Edited) -> None:
    """Print where the edited score went and what its format could not carry."""
    screen.facts([
        (screen.say("written"), done.target or ""),
        (screen.say("notes"), done.notes),
        (screen.say("warnings"), "\n".join(done.warnings)),
        (screen.say("lost"), "\n".join(done.lost)),
    ])  # fmt: skip
