"""The acts on a person's own score: one command each, made from its request.

Conventions: a command's options are the fields of its request, the shared ones included; words stand in
`zhiyin.cli.words`. This module only formats: see `zhiyin.apps.acting`.
"""

from __future__ import annotations

import inspect
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from zhiyin.apps import APPS
from zhiyin.cli.act_options import COMMON, OPTIONS
from zhiyin.cli.app import command
from zhiyin.cli.options import names, player_names, sampling_of
from zhiyin.cli.screen import Screen, print_line
from zhiyin.cli.summary import show_summary
from zhiyin.cli.words import say

_SAMPLING = ("temperature", "top_p", "min_p", "guidance", "novelty", "likeness", "best_of")
MAY_START_FROM_NOTHING = ("melodise",)
_LISTS: dict[str, Callable[[str], tuple[str, ...]]] = {"players": player_names, "by": names}
# command -> (its own options in order, examples)
ACTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "continue": (
        ("new_bars",),
        ("zhiyin continue song.mid --bars 8", "zhiyin continue song.abc --bars 16 --takes 3 -o out/longer"),
    ),
    "extend-to": (
        ("to_bars", "to_seconds"),
        ("zhiyin extend-to song.mid --bars 64", "zhiyin extend-to cue.mid --seconds 90"),
    ),
    "infill": (
        ("bars_text", "parts", "start", "end"),
        ("zhiyin infill song.mid --bars 5-8", "zhiyin infill song.musicxml --parts melody --from 5:3 --to 6:2"),
    ),
    "vary": (
        ("bars_text", "parts", "distance", "aspect"),
        ("zhiyin vary song.mid --bars 9-16 --distance 0.3", "zhiyin vary song.mid --parts melody --aspect ornament"),
    ),
    "transfer": (
        ("to_style", "strength", "keep", "bars_text", "transfer_players", "transfer_family"),
        ('zhiyin transfer song.mid --to "chinese pentatonic"', "zhiyin transfer song.mid --to waltz --strength 0.5"),
    ),
    "blend": (
        ("others", "weights", "blend_strength", "blend_keep", "blend_bars", "own_keys", "stretch"),
        ("zhiyin blend a.mid b.mid --weights .3 .7 --bars 16", "zhiyin blend a.mid b.mid c.mid --keep drums"),
    ),
    "interpolate": (
        ("others", "way_steps", "blend_keep", "step_bars", "own_keys", "stretch"),
        ("zhiyin interpolate a.mid b.mid --steps 7", "zhiyin interpolate a.abc b.abc --bars 8 -o way.mid"),
    ),
    "harmonise": (
        ("part", "bars_text", "harmony_kind", "free"),
        ("zhiyin harmonise tune.abc -o chords.abc", "zhiyin harmonise soprano.musicxml --kind satb"),
    ),
    "melodise": (
        ("instrument", "lyrics"),
        ("zhiyin melodise chords.mid --instrument flute", "zhiyin melodise --lyrics words.txt --style folk"),
    ),
    "accompany": (
        ("players", "donor"),
        ('zhiyin accompany tune.abc --players "piano, cello"', "zhiyin accompany lead.mid --donor nocturne.mid"),
    ),
    "counterpoint": (
        ("against", "instrument_violin", "above"),
        ("zhiyin counterpoint tune.mid --instrument viola",),
    ),
    "drums": (
        ("kit", "tap", "drums_family"),
        ("zhiyin drums song.mid --style rock", "zhiyin drums song.mid --tap taps.mid"),
    ),
    "develop": (
        ("motif", "part", "by"),
        ("zhiyin develop tune.mid --motif 1-2", 'zhiyin develop tune.mid --motif 1 --by "sequence, inversion"'),
    ),
    "reply": (("part", "reply_bars"), ("zhiyin reply phrase.mid --part melody",)),
}  # fmt: skip


def register(name: str) -> Callable[..., None]:
    """Make the command of an act and return it."""
    own, examples = ACTS[name]

    def run_act(**typed: Any) -> None:
        _run(name, typed)

    common = {n: o for n, o in COMMON.items() if n not in {OPTIONS[option].field for option in own}}
    fields = {option: OPTIONS[option] for option in own} | common
    run_act.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            _source_parameter(name),
            *(
                inspect.Parameter(
                    field, inspect.Parameter.KEYWORD_ONLY, default=o.default, annotation=o.annotation
                )
                for field, o in ((o.field or n, o) for n, o in fields.items())
            ),
        ]
    )
    run_act.__annotations__ = {p.name: p.annotation for p in run_act.__signature__.parameters.values()}  # type: ignore[attr-defined]
    run_act.__name__, run_act.__doc__ = name.replace("-", "_"), APPS[name].help_en
    return command(name, examples=examples)(run_act)


def _source_parameter(name: str) -> inspect.Parameter:
    """Return the file that an act takes; a tune for words may do without."""
    told = typer.Argument(metavar="FILE", help=say("opt.file"), show_default=False)
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    if name in MAY_START_FROM_NOTHING:
        return inspect.Parameter("source", kind, default=None, annotation=Annotated[Path | None, told])
    return inspect.Parameter("source", kind, annotation=Annotated[Path, told])


def _tell_bar(take: int, heard: Any) -> None:
    """Print a bar that stands as one line of JSON: take and bar from 1, and per part onset, length, pitch, velocity."""
    notes = [[list(note) for note in part] for part in heard.notes]
    print_line({"take": take + 1, "bar": heard.bar + 1, "notes": notes})


def _pieces_and_weights(words: Sequence[str], weights: Sequence[float]) -> dict[str, Any]:
    """Return the other files and the weights: words behind a weight that are numbers, as in `--weights .3 .7`."""
    behind = [word for word in words if weights and re.fullmatch(r"\d*\.?\d+", word)]
    files = tuple(Path(word) for word in words if word not in behind)
    return {"others": files, **({"weights": (*weights, *map(float, behind))} if weights else {})}


def _run(name: str, typed: dict[str, Any]) -> None:
    """Carry out an act as typed and show its report."""
    from zhiyin.apps.output import free_folder

    begun_s = time.monotonic()
    is_json, _ = typed.pop("is_json"), typed.pop("debug")
    screen = Screen(lang=typed.pop("lang"), is_json=is_json)
    sampling = sampling_of(typed.pop("temperature"), **{n: typed.pop(n) for n in _SAMPLING[1:]})
    out = typed.pop("out") or free_folder(Path("out"))
    lists = {field: tuple(typed.pop(field) or ()) for field in ("wishes", "locks")}
    is_silent = typed.pop("no_audio")
    if "others" in typed:
        typed |= _pieces_and_weights(typed.pop("others") or (), typed.pop("weights", None) or ())
    for field, read in _LISTS.items():
        if typed.get(field) is not None:
            typed[field] = read(typed[field])
    if typed.pop("stream"):
        typed["listener"] = _tell_bar
    given = {field: value for field, value in typed.items() if value is not None}
    request = APPS[name].request(
        **given, **lists, out=out, sampling=sampling, is_silent=is_silent, lang=screen.lang
    )
    with screen.progress() as progress:
        done = APPS[name].run(request, progress)
    tree = done.to_json()
    screen.answer(tree, lambda: show_summary(screen, tree, took_s=time.monotonic() - begun_s))


for _name in ACTS:
    register(_name)
