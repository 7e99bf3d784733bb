"""`zhiyin judge`: numbers of one score or several beside what people write.

Conventions: one row a judge, grouped by concern; `!` marks what lies outside people's 5th to 95th percentile.
This module only formats: see `zhiyin.apps.judge_`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang, Style, style_of
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import say

if TYPE_CHECKING:
    from zhiyin.apps.judge_ import Judged, JudgedFile

ScoreFiles = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help=say("opt.file"), show_default=False)
]


@command(
    "judge", examples=("zhiyin judge song.mid", "zhiyin judge take-1.mid take-2.mid --style waltz --json")
)
def judge(
    sources: ScoreFiles,
    *,
    style: Style = None,
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Measure scores beside what people write."""
    from zhiyin.apps.judge_ import JudgeRequest, run

    screen = Screen(lang=lang, is_json=is_json)
    found = run(JudgeRequest(tuple(sources), style_of(style)))
    screen.answer(found.to_json(), lambda: show(screen, found))


def show(screen: Screen, found: Judged) -> None:
    """Print the measures for a person: one file with people's range, several side by side."""
    for file in found.files:
        title = f"{file.title}  ({file.name})" if len(found.files) > 1 else file.title
        screen.line(title, style="bold")
        held = "judge.held" if file.bars != 1 else "judge.held.one"
        screen.line(screen.say(held, bars=file.bars, style=file.style or screen.say("judge.all")))
        for words in file.faults:
            screen.line("! " + words[screen.lang == "zh"], style="red")
        for warning in file.warnings:
            screen.line(warning)
    screen.line()
    heads = [screen.say("judge.concern"), screen.say("judge.measure")]
    if len(found.files) == 1:
        heads += [screen.say("judge.value"), screen.say("judge.people"), screen.say("judge.where")]
    else:
        heads += [file.name for file in found.files]
    screen.table(heads, _rows(screen, found))
    screen.line(f"\n{screen.say('judge.mark')}")
    if found.ranking:
        _show_ranking(screen, found)


def _show_ranking(screen: Screen, found: Judged) -> None:
    """Print the files from best to worst, each with its faults and its largest distances."""
    is_zh = screen.lang == "zh"
    head = screen.say("judge.ranking", style=found.ranked_style or screen.say("judge.all"))
    screen.line(f"\n{head}", style="bold")
    for place, one in enumerate(found.ranking, start=1):
        name = found.files[one.index].name
        screen.line(screen.say("judge.place", place=place, name=name, distance=f"{one.distance:.2f}"))
        for words in one.faults:
            screen.line("   ! " + words[is_zh], style="red")
        for words in one.reasons:
            screen.line("   " + words[is_zh])


def _rows(screen: Screen, found: Judged) -> list[list[str]]:
    from zhiyin.judge import GROUPS, JUDGES

    rows, last, is_zh = [], "", screen.lang == "zh"
    for one in JUDGES.values():
        if not any(file.measures[one.name].applies for file in found.files) and len(found.files) > 1:
            continue
        group = GROUPS[one.group] if is_zh else screen.say(f"judge.group.{one.group}")
        row = [group if group != last else "", one.zh if is_zh else one.en]
        row += [_value(file, one.name) for file in found.files]
        rows.append(row if len(found.files) > 1 else row + _beside(found.files[0], one.name, is_zh))
        last = group
    return rows


def _value(file: JudgedFile, name: str) -> str:
    from zhiyin.judge.base import number_text

    value = file.measures[name].value
    return "-" if value is None else number_text(value) + (" !" if file.is_unusual(name) else "")


def _beside(file: JudgedFile, name: str, is_zh: bool) -> list[str]:
    """Return people's p10 - p50 - p90, or why there is no value, and the first bars worth hearing."""
    from zhiyin.judge.base import number_text

    measure, norm = file.measures[name], file.norm(name)
    if not measure.applies:
        return [measure.why[is_zh], ""]
    points = (norm.p10, norm.p50, norm.p90) if norm is not None else ()
    people = " - ".join(number_text(point) for point in points)
    return [people, ", ".join(str(bar + 1) for bar in measure.bars)]
