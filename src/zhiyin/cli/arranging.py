"""`zhiyin arrange`, `orchestrate`, `reduce`: a piece for other players.

Conventions: what each player got and every fault is shown; details stand in report.md.
This module only formats: see `zhiyin.apps.arranging`.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhiyin.apps import APPS
from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang, NoAudio, Out, ScoreFile, SoundFont
from zhiyin.cli.screen import Screen
from zhiyin.cli.summary import beats_fact, said_rows, sound_words
from zhiyin.cli.words import say

if TYPE_CHECKING:
    from zhiyin.apps.arranging import ArrangingRequest

For = Annotated[str, typer.Option("--for", help=say("opt.for"))]
Written = Annotated[bool, typer.Option("--written", help=say("opt.written"))]
Span = Annotated[int, typer.Option("--span", help=say("opt.span"))]


@command(
    "arrange",
    examples=(
        'zhiyin arrange song.mid --for "string quartet"',
        "zhiyin arrange song.musicxml --for 民乐小合奏 -o out/minyue",
        'zhiyin arrange tune.abc --for "2 flutes, cello, piano" -o tune.musicxml --written',
    ),
)
def arrange(  # noqa: PLR0913 - parameters are the options a person types
    source: ScoreFile,
    *,
    players: For = "string quartet",
    out: Out = None,
    written: Written = False,
    span: Span = 16,
    soundfont: SoundFont = None,
    no_audio: NoAudio = False,
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Give a piece to another ensemble."""
    from zhiyin.apps.arrange_ import ArrangeRequest

    screen = Screen(lang=lang, is_json=is_json, text=players)
    request = ArrangeRequest(
        source=source, out=_place(out), is_written=written, soundfont=soundfont, is_silent=no_audio, lang=screen.lang,
        players=players, span=span,
    )  # fmt: skip
    _run("arrange", request, screen)


@command(
    "orchestrate",
    examples=(
        "zhiyin orchestrate sonata.mid",
        'zhiyin orchestrate song.mid --for "string orchestra" --no-audio',
    ),
)
def orchestrate(  # noqa: PLR0913 - parameters are the options a person types
    source: ScoreFile,
    *,
    players: For = "small orchestra",
    out: Out = None,
    written: Written = False,
    soundfont: SoundFont = None,
    no_audio: NoAudio = False,
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Give a piece the colours of an orchestra."""
    from zhiyin.apps.orchestrate_ import OrchestrateRequest

    screen = Screen(lang=lang, is_json=is_json, text=players)
    request = OrchestrateRequest(
        source=source, out=_place(out), is_written=written, soundfont=soundfont, is_silent=no_audio, lang=screen.lang,
        players=players,
    )  # fmt: skip
    _run("orchestrate", request, screen)


@command(
    "reduce",
    examples=("zhiyin reduce symphony.musicxml", "zhiyin reduce band.mid --span 14 -o piano.musicxml"),
)
def reduce(
    source: ScoreFile,
    *,
    span: Span = 16,
    out: Out = None,
    soundfont: SoundFont = None,
    no_audio: NoAudio = False,
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Bring an ensemble under two hands."""
    from zhiyin.apps.reduce_ import ReduceRequest

    screen = Screen(lang=lang, is_json=is_json)
    request = ReduceRequest(
        source=source, out=_place(out), soundfont=soundfont, is_silent=no_audio, lang=screen.lang, span=span
    )
    _run("reduce", request, screen)


def _place(out: Path | None) -> Path:
    from zhiyin.apps.output import free_folder

    return out if out is not None else free_folder(Path("out"))


def _run(name: str, request: ArrangingRequest, screen: Screen) -> None:
    begun_s = time.monotonic()
    with screen.progress() as progress:
        done = APPS[name].run(request, progress)
    tree = done.to_json()
    screen.answer(tree, lambda: _show(screen, tree, time.monotonic() - begun_s))


def _show(screen: Screen, tree: dict[str, Any], took_s: float) -> None:
    from zhiyin.apps.arranging import fault_words

    key = "zh" if screen.lang == "zh" else "en"
    screen.line(tree["title"] or screen.say("untitled"), style="bold")
    rows: list[tuple[str, object]] = [(screen.say("players"), tree["ensemble"][key])]
    rows += said_rows(screen, tree)
    rows += beats_fact(screen, tree.get("beats"))
    rows += [(part["name"], part["text_" + key]) for part in tree["parts"]]
    rows += [(screen.say("result"), one[key]) for one in tree["remarks"]]
    faults = [fault_words(fault, screen.lang) for fault in tree["faults"]]
    rows.append((screen.say("arranging.faults"), "\n".join(faults) or screen.say("nothing")))
    if tree["sound"]:
        rows.append((screen.say("sound"), sound_words(screen, tree["sound"])))
    rows.append(
        (screen.say("written"), ", ".join(str(Path(tree["folder"]) / name) for name in tree["files"]))
    )
    rows.append((screen.say("took"), screen.say("took.value", seconds=took_s)))
    screen.facts(rows)
