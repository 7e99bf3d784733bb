"""`zhiyin originality FILE...` and `zhiyin originality build`: what a score shares with known pieces.

Conventions: the verdict first, then a row a part, then the nearest passages.
This module only formats: see `zhiyin.apps.originality_` and `zhiyin.apps.originality_build`.
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
    from zhiyin.rights.report import Passage, ScoreReport

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help=say("opt.file"), show_default=False)]
Top = Annotated[int, typer.Option("--top", help=say("opt.top"))]
IndexFile = Annotated[Path | None, typer.Option("--index", help=say("opt.index"))]
Corpus = Annotated[Path, typer.Option("--corpus", help=say("opt.corpus"))]
Home = Annotated[Path | None, typer.Option("--data", help=say("opt.from"))]
Out = Annotated[Path, typer.Option("--out", "-o", help=say("opt.out"))]


@command(
    "originality",
    examples=("zhiyin originality song.mid", "zhiyin originality out/piece.mid --top 10 --json"),
)
def originality(
    sources: Files,
    *,
    top: Top = 5,
    index: IndexFile = None,
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Tell what a score shares with the pieces that the model learned from."""
    from zhiyin.apps.originality_ import OriginalityRequest, run

    screen = Screen(lang=lang, is_json=is_json)
    with screen.progress() as progress:
        found = run(OriginalityRequest(tuple(sources), top, index), progress)

    def show() -> None:
        for source, report in zip(found.sources, found.reports, strict=True):
            _show(screen, source, report)

    screen.answer(found.to_json(), show)


@command(
    "originality build",
    examples=(
        "zhiyin originality build --corpus corpus",
        "zhiyin originality build --corpus corpus -o index.zip",
    ),
)
def build(
    *,
    corpus: Corpus = Path("corpus"),
    home: Home = None,
    out: Out = Path("originality.zip"),
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Build the index that originality compares with."""
    from zhiyin.apps.originality_build import OriginalityBuildRequest, run

    screen = Screen(lang=lang, is_json=is_json)
    with screen.progress() as progress:
        done = run(OriginalityBuildRequest(corpus, home, out), progress)
    rows: list[tuple[str, object]] = [(screen.say("pieces"), done.about["pieces"])]
    rows += [(screen.say("notes"), done.about["line_notes"]), (screen.say("written"), done.out)]
    screen.answer(done.to_json(), lambda: screen.facts(rows))


def _show(screen: Screen, source: Path, report: ScoreReport) -> None:
    from zhiyin.rights.report import HUMAN_SHARE

    screen.line(f"\n{source}", style="bold")
    screen.line(report.verdict[screen.lang == "zh"])
    if not report.is_compared and not report.textures:
        return
    screen.line(screen.say("gram_share", share=100 * report.gram_share, human=100 * HUMAN_SHARE))
    heads = [screen.say(name) for name in ("part", "notes", "run_exact", "run_pitch", "grams")]
    screen.table(heads, [
        (p.name, p.notes, p.longest_exact, p.longest_pitch, f"{100 * p.gram_share:.1f} %") for p in report.parts
    ])  # fmt: skip
    rows = [(part.name, *_row(screen, p)) for part in report.parts for p in part.passages]
    rows += [("", *_row(screen, p)) for p in report.textures]
    if rows:
        names = ("part", "work", "composer", "set", "their_bars", "our_bars", "notes", "agrees")
        screen.table([screen.say(name) for name in names], rows)


def _row(screen: Screen, passage: Passage) -> tuple[object, ...]:
    piece = passage.piece
    return (
        piece.title or piece.id, piece.composer, piece.set, "{}-{}".format(*passage.their_bars),
        "{}-{}".format(*passage.our_bars), f"{passage.notes:g}", screen.say(f"agrees.{passage.agrees}"),
    )  # fmt: skip
