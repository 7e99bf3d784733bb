"""Options that several commands share, and wishes made of them.

Conventions: an option not given is None; values are parsed by `zhiyin.theory`, whose errors name the remedy.
This module does not join options with sentences: see `zhiyin.apps.wishes`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from zhiyin.cli.words import say
from zhiyin.errors import InvalidInput

if TYPE_CHECKING:
    from zhiyin.fill.sampling import Sampling
    from zhiyin.score import Wishes

Text: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="TEXT", help=say("opt.text"), show_default=False)
]
Style: TypeAlias = Annotated[str | None, typer.Option("--style", help=say("opt.style"))]
KeyName: TypeAlias = Annotated[str | None, typer.Option("--key", help=say("opt.key"))]
Mode: TypeAlias = Annotated[str | None, typer.Option("--mode", help=say("opt.mode"))]
MetreName: TypeAlias = Annotated[str | None, typer.Option("--metre", "--meter", help=say("opt.metre"))]
TempoBpm: TypeAlias = Annotated[float | None, typer.Option("--tempo", help=say("opt.tempo"))]
Bars: TypeAlias = Annotated[int | None, typer.Option("--bars", help=say("opt.bars"))]
LengthS: TypeAlias = Annotated[float | None, typer.Option("--seconds", help=say("opt.seconds"))]
Players: TypeAlias = Annotated[str | None, typer.Option("--players", help=say("opt.players"))]
Without: TypeAlias = Annotated[str | None, typer.Option("--without", help=say("opt.without"))]
Chords: TypeAlias = Annotated[str | None, typer.Option("--chords", help=say("opt.chords"))]
Mood: TypeAlias = Annotated[str | None, typer.Option("--mood", help=say("opt.mood"))]
Intensity: TypeAlias = Annotated[int | None, typer.Option("--intensity", help=say("opt.intensity"))]
Valence: TypeAlias = Annotated[float | None, typer.Option("--valence", help=say("opt.valence"))]
Arousal: TypeAlias = Annotated[float | None, typer.Option("--arousal", help=say("opt.arousal"))]
Register: TypeAlias = Annotated[str | None, typer.Option("--register", help=say("opt.register"))]
Ending: TypeAlias = Annotated[str | None, typer.Option("--ending", help=say("opt.ending"))]
Dynamics: TypeAlias = Annotated[str | None, typer.Option("--dynamics", help=say("opt.dynamics"))]
Loop: TypeAlias = Annotated[bool | None, typer.Option("--loop", help=say("opt.loop"))]
Title: TypeAlias = Annotated[str | None, typer.Option("--title", help=say("opt.title"))]
Seed: TypeAlias = Annotated[int, typer.Option("--seed", help=say("opt.seed"))]
SoundFont: TypeAlias = Annotated[Path | None, typer.Option("--soundfont", help=say("opt.soundfont"))]
NoAudio: TypeAlias = Annotated[bool, typer.Option("--no-audio", help=say("opt.no_audio"))]
Out: TypeAlias = Annotated[Path | None, typer.Option("-o", "--out", help=say("opt.folder"))]
ScoreFile: TypeAlias = Annotated[
    Path, typer.Argument(metavar="FILE", help=say("opt.file"), show_default=False)
]
Takes: TypeAlias = Annotated[int, typer.Option("--takes", help=say("opt.takes"))]
Temperature: TypeAlias = Annotated[str | None, typer.Option("--temperature", help=say("opt.temperature"))]
TopP: TypeAlias = Annotated[float | None, typer.Option("--top-p", help=say("opt.top_p"))]
MinP: TypeAlias = Annotated[float | None, typer.Option("--min-p", help=say("opt.min_p"))]
Guidance: TypeAlias = Annotated[float | None, typer.Option("--guidance", help=say("opt.guidance"))]
Novelty: TypeAlias = Annotated[float | None, typer.Option("--novelty", help=say("opt.novelty"))]
Likeness: TypeAlias = Annotated[float | None, typer.Option("--likeness", help=say("opt.likeness"))]
BestOf: TypeAlias = Annotated[int | None, typer.Option("--best-of", help=say("opt.best_of"))]
CheckpointFile: TypeAlias = Annotated[Path | None, typer.Option("--checkpoint", help=say("opt.checkpoint"))]
Family: TypeAlias = Annotated[str, typer.Option("--family", help=say("opt.family"))]
Lang: TypeAlias = Annotated[str | None, typer.Option("--lang", help=say("opt.lang"))]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help=say("opt.json"))]
Debug: TypeAlias = Annotated[bool, typer.Option("--debug", help=say("opt.debug"), hidden=True)]

_LIST_SEPARATOR = re.compile(r"\s*[,，、;；+]\s*")


def wishes_of(**given: Any) -> Wishes:
    """Return the wishes of options as they were typed (names of Wishes; chords and lists as text).

    Raises NotFound for an unknown style, mood or instrument, InvalidInput for what cannot be parsed.
    """
    from zhiyin.score import Wishes

    typed = {name: value for name, value in given.items() if value is not None}
    return Wishes(**{name: _PARSERS.get(name, _as_it_is)(value) for name, value in typed.items()})


def sampling_of(temperature: str | None, **given: float | None) -> Sampling:
    """Return the sampling of options as they were typed; what is not given keeps its default. Raises InvalidInput."""
    from zhiyin.fill.sampling import Sampling, with_temperatures

    sampling = Sampling(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    return sampling if temperature is None else with_temperatures(sampling, temperature)


def _as_it_is(value: Any) -> Any:
    return value


def style_of(text: str | None) -> str | None:
    """Return the base style that a name stands for, None for None. Raises NotFound."""
    from zhiyin.theory.style_words import base_style

    return None if text is None else base_style(text)


def _style(text: str) -> str:
    from zhiyin.theory.style_words import find_style

    return find_style(text)


def _key(text: str) -> Any:
    from zhiyin.theory.key import Key

    return Key.parse(text)


def _mode(text: str) -> str:
    from zhiyin.theory.key import MODE_FIFTHS, MODE_WORDS

    name = MODE_WORDS.get(text.strip().lower().removesuffix("式"), text.strip().lower())
    if name not in MODE_FIFTHS:
        raise InvalidInput(f"mode must be one of {', '.join(MODE_FIFTHS)}, got {text!r}")
    return name


def _metre(text: str) -> Any:
    from zhiyin.theory.metre import Metre

    try:
        return Metre.parse(text)
    except InvalidInput as error:
        raise error if "write" in str(error) else InvalidInput(f"{error}: write e.g. 3/4 or 6/8") from error


def _seconds(seconds: float) -> float:
    from zhiyin.score.wishes import MAX_SECONDS

    if not 1.0 <= seconds <= MAX_SECONDS:
        raise InvalidInput(
            f"length must be 1..{MAX_SECONDS:g} seconds, got {seconds:g}: give a length in that range, such as 60"
        )
    return seconds


def names(text: str) -> tuple[str, ...]:
    """Return the names in a list with commas between."""
    return tuple(_items(text, "names"))


def player_names(text: str) -> tuple[str, ...]:
    """Return the instruments in a list, by the names of the table. Raises NotFound for an unknown one."""
    from zhiyin.theory.instruments import find_instrument

    return tuple(find_instrument(name).name for name in _items(text, "players"))


def _moods(text: str) -> tuple[str, ...]:
    from zhiyin.theory.moods import find_mood

    return tuple(find_mood(name).name for name in _items(text, "moods"))


def _chords(text: str) -> tuple[str, ...]:
    from zhiyin.theory.chord import Chord

    symbols = tuple(symbol for symbol in re.split(r"[\s,，|]+", text) if symbol)
    if not symbols:
        raise InvalidInput(f"chords must be symbols, got {text!r}: write e.g. 'Am F C G'")
    for symbol in symbols:
        Chord.parse(symbol)
    return symbols


def _title(text: str) -> str:
    if not text.strip() or len(text) > 200:
        raise InvalidInput(f"a title must have 1..200 characters, got {len(text.strip())}: write another one")
    return text.strip()


def _items(text: str, what: str) -> list[str]:
    items = [item for item in _LIST_SEPARATOR.split(text.strip()) if item]
    if not items:
        raise InvalidInput(f"{what} must be names with commas between, got {text!r}")
    return items


_PARSERS: dict[str, Callable[[Any], Any]] = {
    "style": _style, "key": _key, "mode": _mode, "metre": _metre, "players": player_names, "excluded": player_names,
    "moods": _moods, "chords": _chords, "title": _title, "seconds": _seconds,
}  # fmt: skip
