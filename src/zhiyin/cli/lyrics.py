"""`zhiyin lyrics`: words for a tune, or a person's own words held against it.

Conventions: every line is shown with what it scores; details stand in lyrics.md and report.json.
This module only formats: see `zhiyin.apps.lyrics_`.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhiyin.apps import APPS
from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, NoAudio, Out, ScoreFile, Seed, SoundFont
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import language, say, written_language

if TYPE_CHECKING:
    from zhiyin.apps.lyrics_ import LyricsRequest


def _option(name: str, key: str) -> Any:
    return typer.Option(name, help=say(key))


LyricsLang = Annotated[str | None, _option("--lang", "opt.lyrics_lang")]
Theme = Annotated[str, _option("--theme", "opt.theme")]
VerseStyle = Annotated[str | None, _option("--style", "opt.lyrics_style")]
Rhyme = Annotated[str, _option("--rhyme", "opt.rhyme")]
RhymeTable = Annotated[str, _option("--rhyme-table", "opt.rhyme_table")]
Scheme = Annotated[str, _option("--scheme", "opt.scheme")]
Profile = Annotated[str | None, _option("--profile", "opt.profile")]
Melisma = Annotated[str | None, _option("--melisma", "opt.melisma")]
SungPart = Annotated[str | None, _option("--part", "opt.lyrics_part")]
Phrases = Annotated[str, _option("--phrases", "opt.phrases")]
Chorus = Annotated[str, _option("--chorus", "opt.chorus")]
Fix = Annotated[list[str] | None, _option("--fix", "opt.fix")]
Line = Annotated[list[str] | None, _option("--line", "opt.line")]
Ban = Annotated[list[str] | None, _option("--ban", "opt.ban")]
Readings = Annotated[list[str] | None, _option("--readings", "opt.readings")]
Check = Annotated[Path | None, _option("--check", "opt.check_words")]
WordsFile = Annotated[Path | None, _option("--words", "opt.words_file")]
Rewrite = Annotated[list[int] | None, _option("--rewrite", "opt.rewrite")]
Alternatives = Annotated[int | None, _option("--alternatives", "opt.alternatives")]
LineModelName = Annotated[str, _option("--line-model", "opt.line_model")]
ModelUrl = Annotated[str, _option("--model-url", "opt.model_url")]
ModelName = Annotated[str, _option("--model-name", "opt.model_name")]


@command(
    "lyrics",
    examples=(
        'zhiyin lyrics song.mid --lang zh --theme "雨夜 车站 离别" --style 国风 --rhyme 江阳',
        'zhiyin lyrics tune.abc --lang en --theme "river, home" --style ballad -o out/river',
        "zhiyin lyrics song.musicxml --lang zh --check words.txt",
        "zhiyin lyrics out/score.musicxml --lang zh --rewrite 3 -o out/second",
    ),
)
def lyrics(  # noqa: PLR0913 - parameters are the options a person types
    source: ScoreFile,
    *,
    lang: LyricsLang = None,
    theme: Theme = "",
    style: VerseStyle = None,
    rhyme: Rhyme = "",
    rhyme_table: RhymeTable = "",
    scheme: Scheme = "",
    profile: Profile = None,
    melisma: Melisma = None,
    part: SungPart = None,
    phrases: Phrases = "",
    chorus: Chorus = "",
    fix: Fix = None,
    line: Line = None,
    ban: Ban = None,
    readings: Readings = None,
    check: Check = None,
    words: WordsFile = None,
    rewrite: Rewrite = None,
    alternatives: Alternatives = None,
    line_model: LineModelName = "auto",
    model_url: ModelUrl = "",
    model_name: ModelName = "",
    seed: Seed = 0,
    out: Out = None,
    soundfont: SoundFont = None,
    no_audio: NoAudio = False,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Write words for a tune, or check your own against it."""
    from zhiyin.apps.lyrics_ import LyricsRequest
    from zhiyin.apps.output import free_folder

    sung = lang or written_language(f"{theme}{style}{rhyme}") or language()
    screen = Screen(lang=sung if sung in ("zh", "en") else None, is_json=is_json)
    request = LyricsRequest(
        source=source, out=out if out is not None else free_folder(Path("out")), words=sung, theme=theme, style=style,
        rhyme=rhyme, table=rhyme_table, scheme=scheme, profile=profile, melisma=melisma, part=part, phrases=phrases,
        chorus=chorus, fixed=tuple(fix or ()), lines=tuple(line or ()), banned=tuple(ban or ()),
        readings=tuple(readings or ()), check=check, text=words, rewrite=tuple(rewrite or ()),
        alternatives=alternatives, seed=seed, line_model=line_model, model_url=model_url, model_name=model_name,
        soundfont=soundfont, is_silent=no_audio, lang=screen.lang,
    )  # fmt: skip
    _run(request, screen)


def _run(request: LyricsRequest, screen: Screen) -> None:
    begun_s = time.monotonic()
    with screen.progress() as progress:
        done = APPS["lyrics"].run(request, progress)
    tree = done.to_json()
    screen.answer(tree, lambda: _show(screen, tree, time.monotonic() - begun_s))


def _show(screen: Screen, tree: dict[str, Any], took_s: float) -> None:
    from zhiyin.cli.summary import said_rows, sound_words, tell_small_bank

    screen.line(tree["title"] or screen.say("untitled"), style="bold")
    rows: list[tuple[str, object]] = said_rows(screen, tree)
    if tree["checked"]:
        rows += _checked_rows(screen, tree)
    elif tree["alternatives"]:
        rows += [
            (f"{tree['line']}.{number}", f"{one['text']}  {_scores(screen, tree, one['fit'])}")
            for number, one in enumerate(tree["alternatives"], start=1)
        ]
    else:
        rows += _line_rows(screen, tree)
    if tree.get("sound"):
        rows.append((screen.say("sound"), sound_words(screen, tree["sound"])))
    if tree.get("files"):
        files = ", ".join(str(Path(tree["folder"]) / name) for name in tree["files"])
        rows.append((screen.say("written"), files))
    rows.append((screen.say("took"), screen.say("took.value", seconds=took_s)))
    screen.facts(rows)
    if tree.get("sound"):
        tell_small_bank(screen, [tree["sound"]["bank"]])


def _line_rows(screen: Screen, tree: dict[str, Any]) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = []
    for one, letter in zip(tree["lines"], tree["scheme"], strict=True):
        text = one["text"]
        if one["again"]:
            text = screen.say("lyrics.again", text=text, line=one["again"])
        rows.append((f"{one['number']} {letter}", text))
    told = screen.say("lyrics.scheme.value", scheme=tree["scheme"], table=tree["rhyme_table"])
    kind = "tone" if tree["words"] == "zh" else "stress"
    return [
        *rows,
        (screen.say("lyrics.scheme"), told),
        (screen.say(f"lyrics.{kind}"), _scores(screen, tree, tree["fit"])),
    ]


def _scores(screen: Screen, tree: dict[str, Any], fit: dict[str, Any]) -> str:
    kind = "tone" if tree["words"] == "zh" else "stress"
    return screen.say(f"lyrics.{kind}.value", **fit, decided=fit["agree"] + fit["clash"])


def _checked_rows(screen: Screen, tree: dict[str, Any]) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = []
    for one in tree["checked"]:
        faults = [fault[screen.lang] for fault in one["faults"]] or [screen.say("lyrics.fine")]
        rows.append(
            (screen.say("lyrics.line", number=one["number"]), "\n".join([one["text"] or "-", *faults]))
        )
    return rows
