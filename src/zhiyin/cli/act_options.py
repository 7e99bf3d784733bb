"""Options of the acts: each a type, a default and its words, under the name of the request's field.

Conventions: None means not given, so that the request's own default holds.
This module runs nothing: see `zhiyin.cli.acts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from zhiyin.cli.options import (
    BestOf,
    CheckpointFile,
    Debug,
    Guidance,
    Json,
    Lang,
    Likeness,
    MinP,
    NoAudio,
    Novelty,
    Seed,
    SoundFont,
    Style,
    Takes,
    Temperature,
    TopP,
)
from zhiyin.cli.words import say


@dataclass(frozen=True, slots=True)
class Option:
    """An option: its annotation for the parser, its default, and the request's field if its key is another."""

    annotation: Any
    default: Any = None
    field: str = ""


def _option(kind: Any, *names: str, words: str, field: str, default: Any = None) -> Option:
    wanted = kind if default is not None else kind | None
    return Option(Annotated[wanted, typer.Option(*names, help=say(words))], default, field)


OPTIONS: dict[str, Option] = {
    "new_bars": _option(int, "--bars", words="opt.continue_bars", field="bars", default=8),
    "to_bars": _option(int, "--bars", words="opt.to_bars", field="bars"),
    "to_seconds": _option(float, "--seconds", words="opt.to_seconds", field="seconds"),
    "bars_text": _option(str, "--bars", words="opt.act_bars", field="bars"),
    "parts": _option(str, "--parts", words="opt.act_parts", field="parts"),
    "start": _option(str, "--from", words="opt.gap_from", field="start"),
    "end": _option(str, "--to", words="opt.gap_to", field="end"),
    "others": Option(
        Annotated[
            list[str] | None, typer.Argument(metavar="FILE...", help=say("opt.others"), show_default=False)
        ],
        field="others",
    ),
    "weights": Option(
        Annotated[list[float] | None, typer.Option("--weights", help=say("opt.weights"))], field="weights"
    ),
    "blend_strength": _option(float, "--strength", words="opt.blend_strength", field="strength"),
    "blend_keep": _option(str, "--keep", words="opt.blend_keep", field="keep"),
    "blend_bars": _option(int, "--bars", words="opt.blend_bars", field="bars"),
    "step_bars": _option(int, "--bars", words="opt.step_bars", field="bars"),
    "way_steps": _option(int, "--steps", words="opt.way_steps", field="steps"),
    "own_keys": Option(
        Annotated[bool, typer.Option("--own-keys", help=say("opt.own_keys"))], False, "has_own_keys"
    ),
    "stretch": Option(
        Annotated[bool, typer.Option("--stretch", help=say("opt.stretch"))], False, "is_stretched"
    ),
    "distance": _option(float, "--distance", words="opt.distance", field="distance"),
    "to_style": _option(str, "--to", words="opt.to_style", field="to"),
    "strength": _option(float, "--strength", words="opt.strength", field="strength"),
    "keep": _option(str, "--keep", words="opt.keep", field="keep"),
    "transfer_players": _option(str, "--players", words="opt.transfer_players", field="seats"),
    "transfer_family": _option(str, "--family", words="opt.transfer_family", field="family"),
    "aspect": _option(str, "--aspect", words="opt.aspect", field="aspect"),
    "instrument": _option(str, "--instrument", words="opt.instrument", field="instrument"),
    "lyrics": _option(Path, "--lyrics", words="opt.melodise_lyrics", field="lyrics"),
    "instrument_violin": _option(str, "--instrument", words="opt.instrument_violin", field="instrument"),
    "players": _option(str, "--players", words="opt.act_players", field="players"),
    "donor": _option(Path, "--donor", words="opt.donor", field="donor"),
    "against": _option(str, "--against", words="opt.against", field="against"),
    "above": Option(Annotated[bool, typer.Option("--above", help=say("opt.above"))], False, "is_above"),
    "kit": _option(str, "--kit", words="opt.kit", field="kit"),
    "tap": _option(Path, "--tap", words="opt.tap", field="tap"),
    "drums_family": _option(str, "--family", words="opt.drums_family", field="family"),
    "harmony_kind": _option(str, "--kind", words="opt.harmony_kind", field="kind"),
    "free": Option(Annotated[bool, typer.Option("--free", help=say("opt.harmony_free"))], False, "is_free"),
    "motif": _option(str, "--motif", words="opt.motif", field="motif"),
    "by": _option(str, "--by", words="opt.by", field="by"),
    "part": _option(str, "--part", words="opt.reply_part", field="part"),
    "reply_bars": _option(int, "--bars", words="opt.reply_bars", field="bars"),
}
_Texts = list[str] | None
COMMON: dict[str, Option] = {
    "out": Option(Annotated[Path | None, typer.Option("-o", "--out", help=say("opt.act_out"))]),
    "wishes": Option(Annotated[_Texts, typer.Option("--wish", help=say("opt.wish"))]),
    "locks": Option(Annotated[_Texts, typer.Option("--lock", help=say("opt.lock"))]),
    "style": Option(Style),
    "family": _option(str, "--family", words="opt.family", field="family"),
    "seed": Option(Seed, 0),
    "takes": Option(Takes, 1),
    "temperature": Option(Temperature),
    "top_p": Option(TopP),
    "min_p": Option(MinP),
    "guidance": Option(Guidance),
    "novelty": Option(Novelty),
    "likeness": Option(Likeness),
    "best_of": Option(BestOf),
    "stream": Option(Annotated[bool, typer.Option("--stream", help=say("opt.stream"))], False),
    "soundfont": Option(SoundFont),
    "no_audio": Option(NoAudio, False),
    "checkpoint": Option(CheckpointFile),
    "lang": Option(Lang),
    "is_json": Option(Json, False),
    "debug": Option(Debug, False),
}
