"""`zhiyin listen`: what a piece is, from notes or sound.

Conventions: facts first, then each listener's answer with reasons and near pieces, then the files.
This module only formats: see `zhiyin.apps.listen_`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang, Out
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import say

if TYPE_CHECKING:
    from zhiyin.apps.listen_ import Listened
    from zhiyin.listen.base import Finding

AnyFile = Annotated[Path, typer.Argument(metavar="FILE", help=say("opt.listen.file"), show_default=False)]
MOST_LABELS, MOST_REASONS, MOST_NEAR = 3, 3, 3


@command("listen", examples=("zhiyin listen song.mid", "zhiyin listen song.wav --out heard --json"))
def listen(
    source: AnyFile, *, out: Out = None, lang: Lang = None, is_json: Json = False, debug: Debug = False
) -> None:
    """Tell what a piece is: style, mood, key, tempo, form."""
    from zhiyin.apps.listen_ import ListenRequest, run
    from zhiyin.apps.output import free_folder

    screen = Screen(lang=lang, is_json=is_json)
    with screen.progress() as tell:
        heard = run(ListenRequest(source, out or free_folder(Path("out"))), tell)
    screen.answer(heard.to_json(), lambda: show(screen, heard))


def show(screen: Screen, heard: Listened) -> None:
    """Print what was heard for a person."""
    screen.line(heard.title, style="bold")
    screen.facts(_facts(screen, heard))
    told: list[object] = []
    for name, finding in heard.findings.items():
        screen.line()
        _show_finding(screen, heard.titles[name][screen.lang == "zh"], finding)
        if finding.near not in told:  # two listeners may know the same pieces
            _show_near(screen, finding)
            told.append(finding.near)
    rows: list[tuple[str, object]] = [(screen.say("warnings"), "\n".join(heard.warnings))]
    if heard.files:
        screen.line()
        rows.append((screen.say("written"), "\n".join(map(str, heard.files))))
    screen.facts(rows)


def _facts(screen: Screen, heard: Listened) -> list[tuple[str, object]]:
    facts, is_zh = heard.facts, screen.lang == "zh"
    key = (heard.key.name_zh if is_zh else heard.key.name) if heard.key else screen.say("listen.no_key")
    rows: list[tuple[str, object]] = [(screen.say("key"), key), (screen.say("tempo"), _tempo(screen, heard))]
    if heard.source_kind == "sound":
        return [
            *rows,
            (screen.say("length"), screen.say("listen.seconds", seconds=facts["seconds"])),
            (screen.say("listen.loudness"), f"{facts['loudness_lufs']:.1f} LUFS"),
            (screen.say("listen.brightness"), f"{facts['brightness_hz']} Hz"),
            (screen.say("listen.onsets"), f"{facts['onsets_a_second']:.1f}"),
        ]
    bars = screen.say("length.value", bars=facts["bars"], seconds=facts["seconds"])
    return [
        *rows, (screen.say("metre"), ", ".join(facts["metre"])), (screen.say("length"), bars),
        (screen.say("notes"), facts["notes"]), (screen.say("form"), facts["form"]),
    ]  # fmt: skip


def _tempo(screen: Screen, heard: Listened) -> str:
    bpm = heard.facts["tempo_bpm"]
    if bpm is None:
        return screen.say("listen.no_tempo")
    others = [f"{other:.0f}" for other in heard.facts.get("other_tempi_bpm", ())[:2]]
    also = screen.say("listen.or", others=", ".join(others)) if others else ""
    return f"{bpm:.0f} BPM{also}"


def _show_finding(screen: Screen, title: str, finding: Finding) -> None:
    from zhiyin.apps.listen_words import answer_words, label_words

    is_zh = screen.lang == "zh"
    screen.line(title[0].upper() + title[1:], style="bold")
    screen.line("  " + answer_words(finding)[is_zh])
    others = [
        f"{label_words(name)[is_zh]} {100 * share:.0f} %" for name, share in finding.labels[:MOST_LABELS]
    ]
    values = [f"{screen.say('listen.' + name, default=name)} {value:+.2f}" for name, value in finding.values]
    for row in (others, values):
        if row:
            screen.line("  " + ", ".join(row))
    for reason in finding.reasons[:MOST_REASONS]:
        screen.line(f"  {'+' if reason.weight > 0 else '-'} {reason.zh if is_zh else reason.en}")


def _show_near(screen: Screen, finding: Finding) -> None:
    from zhiyin.apps.listen_words import label_words

    for piece in finding.near[:MOST_NEAR]:
        told = ", ".join(
            filter(None, (piece.title, piece.composer, label_words(piece.label)[screen.lang == "zh"]))
        )
        screen.line(f"  {screen.say('listen.near')} {told}")
