"""`zhiyin corpus list | fetch | build | stats`: the data that training reads.

Conventions: one row a set.
This module only formats: see `zhiyin.apps.corpus_list` and its neighbours.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import say

Names = Annotated[list[str] | None, typer.Argument(metavar="NAME", help=say("opt.names"), show_default=False)]
Name = Annotated[str, typer.Argument(metavar="NAME", help=say("opt.name"), show_default=False)]
Home = Annotated[Path | None, typer.Option("--from", help=say("opt.from"))]
Folder = Annotated[Path, typer.Option("--out", "-o", help=say("opt.corpus_out"))]
Corpus = Annotated[Path, typer.Option("--corpus", help=say("opt.corpus"))]
Workers = Annotated[int, typer.Option("--workers", help=say("opt.workers"))]


@command("corpus list", examples=("zhiyin corpus list", "zhiyin corpus list --json"))
def list_sets(*, lang: Lang = None, is_json: Json = False, debug: Debug = False) -> None:
    """List the data sets and what they allow."""
    from zhiyin.apps.corpus_list import CorpusListRequest, run

    screen = Screen(lang=lang, is_json=is_json)
    found = run(CorpusListRequest())
    heads = [screen.say(name) for name in ("set", "kind", "ruling", "licence", "title")]
    rows = [(card.name, kind, card.ruling, card.licence, card.title) for kind, card in found.cards]
    screen.answer(found.to_json(), lambda: screen.table(heads, rows))


@command(
    "corpus fetch",
    examples=(
        "zhiyin corpus fetch nottingham",
        "zhiyin corpus fetch nottingham --from ~/downloads/nottingham",
    ),
)
def fetch(
    name: Name, *, source: Home = None, lang: Lang = None, is_json: Json = False, debug: Debug = False
) -> None:
    """Bring a data set here and check it."""
    from zhiyin.apps.corpus_fetch import CorpusFetchRequest, run

    screen = Screen(lang=lang, is_json=is_json)
    with screen.progress() as progress:
        done = run(CorpusFetchRequest(name, source), progress)
    words = screen.say("fetched", name=done.name, files=done.files, folder=done.folder)
    screen.answer(done.to_json(), lambda: screen.line(words))


@command(
    "corpus build",
    examples=("zhiyin corpus build", "zhiyin corpus build nottingham pop909 --from ~/sets --out corpus"),
)
def build(
    names: Names = None,
    *,
    home: Home = None,
    out: Folder = Path("corpus"),
    workers: Workers = 2,
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Build the corpus that training reads."""
    from zhiyin.apps.corpus_build import CorpusBuildRequest, run

    screen = Screen(lang=lang, is_json=is_json)
    with screen.progress() as progress:
        done = run(CorpusBuildRequest(tuple(names or ()), home, out, workers), progress)
    heads = [screen.say(name) for name in ("set", "pieces", "notes", "seconds", "dropped")]

    def show() -> None:
        screen.table(heads, [
            (r.name, r.pieces, r.notes, screen.say("cached") if r.was_cached else f"{r.seconds:.0f}",
             _counts(r.dropped)) for r in done.sets
        ])  # fmt: skip
        screen.line(f"{screen.say('written')}: {done.out}")

    screen.answer(done.to_json(), show)


@command("corpus stats", examples=("zhiyin corpus stats", "zhiyin corpus stats --corpus corpus --json"))
def stats(
    *, corpus: Corpus = Path("corpus"), lang: Lang = None, is_json: Json = False, debug: Debug = False
) -> None:
    """Count what a built corpus holds."""
    from zhiyin.apps.corpus_stats import CorpusStatsRequest, run

    screen = Screen(lang=lang, is_json=is_json)
    with screen.progress() as progress:
        done = run(CorpusStatsRequest(corpus), progress)
    heads = [screen.say(name) for name in ("set", "pieces", "notes", "bars", "hours", "splits", "dropped")]
    rows = [
        (
            one.name,
            one.pieces,
            one.notes,
            one.bars,
            f"{one.hours:.1f}",
            _counts(one.splits),
            _counts(one.dropped),
        )
        for one in done.sets
    ]
    counts = (f"{done.total(name):.0f}" for name in ("pieces", "notes", "bars"))
    total = (screen.say("total"), *counts, f"{done.total('hours'):.1f}")
    screen.answer(done.to_json(), lambda: screen.table(heads, [*rows, total]))


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
