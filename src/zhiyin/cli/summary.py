"""One screen about a finished piece: what was understood, planned, kept and written.

Conventions: shows the report's plain values; details stand in report.md.
This module knows no command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zhiyin.apps.beats_ import beats_words
from zhiyin.apps.report_text import digest_words, player_words, value_words, wish_name
from zhiyin.cli.screen import Screen

MOST_REASONS = 4  # on the screen; the report holds all


def show_summary(screen: Screen, tree: dict[str, Any], *, took_s: float) -> None:
    """Print the summary of a report."""
    screen.line(tree["title"] or screen.say("untitled"), style="bold")
    rows: list[tuple[str, object]] = []
    if tree["asked"]:
        rows += _asked(screen, tree["asked"])
    if tree["plan"]:
        rows += _plan(screen, tree["plan"])
    rows += said_rows(screen, tree)
    rows += beats_fact(screen, tree.get("beats"))
    for take in tree["takes"]:
        rows += _take(screen, take, several=len(tree["takes"]) > 1)
    rows += _ranking(screen, tree["ranking"])
    rows += _where(screen, tree)
    rows.append((screen.say("took"), screen.say("took.value", seconds=took_s)))
    screen.facts(rows)
    tell_small_bank(screen, [take["sound"]["bank"] for take in tree["takes"] if take["sound"]])


def beats_fact(screen: Screen, beats: dict[str, Any] | None) -> list[tuple[str, object]]:
    """Return the row that says which bars were found in a performance; none where the written ones hold."""
    return [(screen.say("beats"), beats_words(beats, screen.lang))] if beats else []


def said_rows(screen: Screen, tree: dict[str, Any]) -> list[tuple[str, object]]:
    """Return what was read otherwise, what the format written cannot hold, what was left out, and notices."""
    rows: list[tuple[str, object]] = [
        (screen.say(key), text) for key in ("warnings", "lost", "left_out") for text in tree.get(key, ())
    ]
    return rows + [(screen.say("notices"), notice[screen.lang]) for notice in tree.get("notices", ())]


def sound_words(screen: Screen, sound: dict[str, Any]) -> str:
    """Return what a sound measures in one line, and when the peak ceiling kept it below its target."""
    told = screen.say(
        "sound.value",
        seconds=sound["seconds"],
        lufs=sound["lufs"],
        peak=sound["peak_dbfs"],
        bank=sound["bank"],
    )
    below = sound.get("below_target_lu", 0.0)
    return told + (screen.say("sound.below", below=below) if below else "")


def tell_small_bank(screen: Screen, banks: list[str]) -> None:
    """Say how to get real instruments when the small built-in bank played."""
    if any("small bank" in bank for bank in banks):
        screen.line(screen.say("small_bank"))


def _asked(screen: Screen, asked: dict[str, Any]) -> list[tuple[str, object]]:
    from zhiyin.apps.brief_ import told_in

    lang = screen.lang
    told = [f"{wish_name(name, lang)} {value_words(value, lang)}" for name, value in asked["wishes"].items()]
    rows: list[tuple[str, object]] = [(screen.say("understood"), ("；" if lang == "zh" else "; ").join(told))]
    if asked["text"]:
        unknown = value_words(asked["not_understood"], lang)
        rows.append((screen.say("not_understood"), unknown or screen.say("nothing")))
    rows += [(screen.say("conflict"), told_in(text, lang)) for text in asked["conflicts"]]
    return rows


def _plan(screen: Screen, plan: dict[str, Any]) -> list[tuple[str, object]]:
    key = plan["key_zh" if screen.lang == "zh" else "key"]
    length = screen.say("length.value", bars=plan["bars"], seconds=plan["seconds"])
    comma = "，" if screen.lang == "zh" else ", "
    style = value_words(plan["variant"] or plan["style"], screen.lang)
    return [
        (screen.say("plan"), comma.join((style, key, plan["metre"], f"{plan['tempo_bpm']:g} BPM", length))),
        (screen.say("players"), player_words(plan["players"], screen.lang)),
        (screen.say("form"), " ".join(section["name"] for section in plan["sections"])),
    ]


def _take(screen: Screen, take: dict[str, Any], *, several: bool) -> list[tuple[str, object]]:
    verdicts = take["verdicts"]
    result = screen.say("result.value", **take | {"all": len(verdicts)})
    name = screen.say("take", number=take["number"]) if several else screen.say("result")
    text = "text_zh" if screen.lang == "zh" else "text_en"
    rows: list[tuple[str, object]] = [(name, result)]
    rows += [(screen.say("missed"), f"{v[text]} {v['where']}") for v in verdicts if not v["kept"]]
    rows += [(screen.say("done"), reason[screen.lang]) for reason in take["reasons"][:MOST_REASONS]]
    if take["choice"]:
        rows.append((screen.say("chosen"), take["choice"][text]))
    sound = take["sound"]
    if sound:
        rows.append((screen.say("sound"), sound_words(screen, sound)))
    return rows


def _ranking(screen: Screen, ranking: list[dict[str, Any]]) -> list[tuple[str, object]]:
    """Return the judges' order of several takes, with what speaks against each."""
    rows: list[tuple[str, object]] = []
    for place, one in enumerate(ranking, start=1):
        told = [reason[screen.lang] for reason in (*one["faults"], *one["reasons"][:1])]
        value = screen.say("ranked.value", take=one["take"], distance=one["distance"])
        rows.append(
            (
                screen.say("ranked", place=place),
                value + ("；" if screen.lang == "zh" else "; ").join(["", *told]),
            )
        )
    return rows


def _with_takes(screen: Screen, tree: dict[str, Any], folder: Path) -> list[str]:
    """Return the score files written, the best first, each with its take where there are several."""
    takes = {name: take["number"] for take in tree["takes"] for name in take["files"]}
    if len(tree["takes"]) < 2:
        return [str(folder / name) for name in tree["files"]]
    return [screen.say("written.take", file=folder / name, take=takes[name]) for name in tree["files"]]


def _model(screen: Screen, tree: dict[str, Any]) -> str:
    """Return who wrote in one line; nothing where nobody did."""
    model = tree["model"] | {"digest": digest_words(tree["model"]["digest"])}
    return screen.say("model.value", **model, seed=tree["seed"]) if model["name"] else ""


def _where(screen: Screen, tree: dict[str, Any]) -> list[tuple[str, object]]:
    """Return the files most wanted, of the first take, and what to type for another piece."""
    folder, files = Path(tree["folder"]), set(tree["takes"][0]["files"])
    first = tree["takes"][0]["folder"]
    if "report.md" not in tree["files"]:
        return [
            (screen.say("written"), ", ".join(_with_takes(screen, tree, folder))),
            (screen.say("model"), _model(screen, tree)),
        ]
    wanted = {"listen": ("audio.flac", "performance.mid"), "look": ("score.pdf", "roll.png")}
    rows: list[tuple[str, object]] = []
    for key, names in wanted.items():
        there = [str(folder / first / name) for name in names if f"{first}/{name}".lstrip("/") in files]
        rows.append((screen.say(key), ", ".join(there)))
    rows.append((screen.say("read"), str(folder / "report.md")))
    rows.append((screen.say("model"), _model(screen, tree)))
    rows.append((screen.say("next"), screen.say("again", seed=tree["seed"] + 1)))
    return rows
