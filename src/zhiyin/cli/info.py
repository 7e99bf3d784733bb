"""`zhiyin info`: what a score holds.

Conventions: facts first, then chords by bar, then a table of parts.
This module only formats: see `zhiyin.apps.info`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang, ScoreFile
from zhiyin.cli.screen import Screen
from zhiyin.cli.summary import beats_fact

if TYPE_CHECKING:
    from zhiyin.apps.info import Info

_BARS_A_LINE = 8
MAX_CHORD_BARS, MAX_SECTIONS = 128, 40  # more than that is for --json


@command("info", examples=("zhiyin info song.mid", "zhiyin info song.musicxml --json"))
def info(source: ScoreFile, *, lang: Lang = None, is_json: Json = False, debug: Debug = False) -> None:
    """Tell what a score holds."""
    from zhiyin.apps.info import InfoRequest, run

    screen = Screen(lang=lang, is_json=is_json)
    found = run(InfoRequest(source))
    screen.answer(found.to_json(), lambda: show(screen, found))


def show(screen: Screen, found: Info) -> None:
    """Print what a score holds for a person."""
    screen.facts(_facts(screen, found))
    if found.chords:
        screen.line(f"\n{screen.say('chords')}", style="bold")
        bars = found.chord_bars()
        shown = bars[:MAX_CHORD_BARS]
        for start in range(0, len(shown), _BARS_A_LINE):
            screen.line(f"{start + 1:>4}  | {' | '.join(shown[start : start + _BARS_A_LINE])} |")
        if len(bars) > len(shown):
            screen.line(screen.say("more_bars", count=len(bars) - len(shown)))
    screen.line()
    _show_parts(screen, found)


def _facts(screen: Screen, found: Info) -> list[tuple[str, object]]:
    from zhiyin.score import Timeline

    summary, line = found.summary, Timeline.of(found.score)
    slow, fast = summary.tempo_range
    keys = [
        f"{screen.say('bar', bar=int(line.bar_of(m.tick)) + 1)}: {_key(screen, m.key)}" for m in found.keys
    ]
    return [
        (screen.say("title"), found.score.title or screen.say("untitled")),
        (screen.say("format"), found.format_name),
        (screen.say("key"), _key(screen, found.key) if found.key else ""),
        (screen.say("keys"), _capped(screen, keys, ", ") if len(keys) > 1 else ""),
        (screen.say("metre"), ", ".join(map(str, summary.metres))),
        (screen.say("tempo"), f"{slow:g} BPM" if slow == fast else f"{slow:.4g}..{fast:.4g} BPM"),
        (screen.say("length"), screen.say("length.value", bars=summary.bars, seconds=summary.seconds)),
        *beats_fact(screen, found.beats),
        (screen.say("notes"), summary.notes),
        (screen.say("form"), _capped(screen, [section.name for section in found.sections], " ")),
        (screen.say("found"), ", ".join(screen.say(name) for name in found.found)),
        (screen.say("warnings"), "\n".join(found.warnings)),
    ]


def _capped(screen: Screen, items: list[str], joint: str) -> str:
    """Return items joined; beyond MAX_SECTIONS only how many more there are."""
    more = len(items) - MAX_SECTIONS
    return joint.join(items[:MAX_SECTIONS]) + (screen.say("more", count=more) if more > 0 else "")


def _key(screen: Screen, key: object) -> str:
    return str(getattr(key, "name_zh" if screen.lang == "zh" else "name"))


def _show_parts(screen: Screen, found: Info) -> None:
    from zhiyin.apps.report_text import ROLE_NAMES_ZH

    rows = found.to_json()["parts"]
    suffix = "_zh" if screen.lang == "zh" else ""
    heads = [screen.say(name) for name in ("part", "instrument", "role", "notes", "range", "texture")]
    screen.table(heads, [
        (row["name"], row[f"instrument{suffix}"], ROLE_NAMES_ZH[row["role"]] if suffix else row["role"],
         row["notes"], row["range"], row[f"texture{suffix}"]) for row in rows
    ])  # fmt: skip
