"""transfer: a song played in another style, by a family that serves it, from a touch (strength near 0) to all (1).

Conventions: style names in English or Chinese; the tune stays as it is unless `keep` leaves it out; drums stay.
This module writes no notes itself: see `zhiyin.fill.acts.transfer`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.base import Progress, silent
from zhiyin.apps.families import DEFAULT, check_family, open_family
from zhiyin.apps.transfer_told import told_of
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.fill.acts.transfer import Asked, Writer, transfer
from zhiyin.fill.acts.transfer_tune import with_tune
from zhiyin.fill.acts.transfer_wishes import Wished
from zhiyin.fill.desk import Desk
from zhiyin.fill.figures import figure_styles
from zhiyin.fill.request import Take
from zhiyin.fill.scope import read_bars
from zhiyin.fill.style_heard import style_heard
from zhiyin.fill.transfer_writers import (
    FillWriter,
    RestylerWriter,
    RulesWriter,
    fill_styles,
    refuse_style,
    rule_styles,
)
from zhiyin.models.cyclegan_runtime import load_cyclegan
from zhiyin.models.restyle import Restyler
from zhiyin.models.vae_transfer_runtime import load_vae_transfer
from zhiyin.stylebook import style_names
from zhiyin.theory.style_words import base_style, find_style

AUTO = "auto"
LEARNT: dict[str, Callable[[], Restyler]] = {"cyclegan": load_cyclegan, "vae-transfer": load_vae_transfer}
# Who is asked first where nobody is named, by what `benchmarks/transfer.py` measured.
ORDER = ("vae-transfer", "cyclegan", "rules", "transformer")
NOTHING = ("none", "nothing", "无", "不保留")


@dataclass(frozen=True, kw_only=True)
class TransferRequest(ActRequest):
    """Which style a song goes to, how strongly, where, and what stays.

    to: a style; strength: 0..1; bars: as `5-8,12`, all where empty; keep: parts, `melody` for the tune's line, `none`;
    seats: `style` puts the style's players in (whole songs), `same` leaves them; style: the one that the song is in,
    heard where it is not told.
    """

    to: str = ""
    strength: float = 1.0
    bars: str = ""
    keep: str = "melody"
    seats: str = "style"
    family: str = AUTO


def run(request: TransferRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """
    if not request.to:
        raise InvalidInput(
            'a transfer must be told a style, got none: say e.g. --to waltz or --to "chinese pentatonic"'
        )
    check_family(request.family, "transfer")
    family, style = chosen(request.family, request.to)
    writers: list[Writer] = []

    def make(desk: Desk, rng: np.random.Generator) -> Take:
        take = len(writers)
        asked = _asked(desk, request, style=style, take=take)
        told_tune = with_tune(desk, asked.keep)
        writers.append(_writer(family, told_tune, request, take))
        return transfer(told_tune, asked, writers[-1], rng=rng, wished=wished)

    wished = Wished(request.wishes, partial(open_family, DEFAULT, request.checkpoint))
    told = replace(request, family="rules", wishes=())  # no model is opened but by the writer, or for a wish

    def tell(desk: Desk, takes: tuple[Take, ...]) -> dict[str, Any]:
        asked = _asked(desk, request, style=style, take=0)
        return told_of(desk, with_tune(desk, asked.keep), takes, asked=asked,
                       options=_others(family, style, takes=request.takes))  # fmt: skip

    credited = partial(_credited, family, request)
    return act("transfer", told, make, progress=progress, writer=credited, tell=tell)


def chosen(family: str, to: str) -> tuple[str, str]:
    """Return the family that writes and the style by the name that it knows.

    Raises NotFound for an unknown style, InvalidInput for one that a family does not serve, naming one that does.
    """
    try:
        name = find_style(to)
    except NotFound as error:
        known = ", ".join(dict.fromkeys(style for one in ORDER for style in served(one)))
        raise NotFound(f"style to go to must be a known one, got {to!r}: choose one of {known}") from error
    serves = {one: served(one) for one in ORDER}
    if family == AUTO:
        for style in (name, base_style(name)):
            for one in ("rules", *ORDER) if style in style_names() else ORDER:  # a book has a whole band
                if style in serves[one]:
                    return one, style
        raise InvalidInput(f"no family transfers to {name!r}: choose one of {', '.join(fill_styles())}")
    style = name if name in serves[family] else base_style(name)
    refuse_style(family, style, serves)
    return family, style


def _others(family: str, style: str, *, takes: int) -> list[str]:
    """Return what gives another answer: the other families that serve a style, and takes or seeds where they differ."""
    found = [f"--family {one}" for one in ORDER if one != family and style in served(one)]
    if family == "rules" and style in figure_styles():
        return found  # a table's figure is the same for every seed
    if family in LEARNT and takes == 1:
        return [*found, "--takes 3"]  # the first take is written without chance
    return [*found, "another --seed"]


def served(family: str) -> Sequence[str]:
    """Return the styles that a family transfers to."""
    if family in LEARNT:
        return LEARNT[family]().styles
    return rule_styles() if family == "rules" else fill_styles()


def _writer(family: str, desk: Desk, request: TransferRequest, take: int) -> Writer:
    if family in LEARNT:
        net: Restyler = LEARNT[family]()
        told = None if request.style is None else base_style(request.style)
        source = told if told is not None else style_heard(desk.frame, net.styles)
        return RestylerWriter(net, source, is_varied=take > 0)
    if family == "rules":
        return RulesWriter(seed=request.seed + take)
    return FillWriter(open_family(DEFAULT, request.checkpoint), seed=request.seed, take=take)


def _credited(family: str, request: TransferRequest) -> Any:
    """Return who is named in the report."""
    if family in LEARNT:
        return LEARNT[family]()
    return RulesWriter() if family == "rules" else open_family(DEFAULT, request.checkpoint)


def _asked(desk: Desk, request: TransferRequest, *, style: str, take: int) -> Asked:
    words = [w for w in re.split(r"\s*[,，、;；]\s*", request.keep.strip()) if w and w.lower() not in NOTHING]
    names = [w for w in words if w.lower() not in ("melody", "tune", "旋律", "主旋律")]
    bars = read_bars(request.bars, count=desk.bars) if request.bars else None
    return Asked(
        style=style, strength=request.strength, bars=bars, players=request.seats,
        keep=frozenset(desk.parts_named(",".join(names))) if names else frozenset(),
        is_tune_kept=len(names) < len(words), seed=request.seed, take=take,
    )  # fmt: skip
