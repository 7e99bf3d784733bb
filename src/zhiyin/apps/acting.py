"""Acting: what all acts on a person's own score share — reading it, wishes, locks, takes, ranking, files, report.

Conventions: a request of an act adds its own fields to `ActRequest`; the person's notes come back byte for byte.
This module knows no single act: each has a file of its own beside this one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from zhiyin.apps.acting_files import is_file_target, refuse_place, write_answers
from zhiyin.apps.base import Progress
from zhiyin.apps.families import DEFAULT, check_family, open_family
from zhiyin.apps.files import named, owned, read_score
from zhiyin.apps.plan_ import check_seed
from zhiyin.apps.report import ReportSource
from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order, perform_act
from zhiyin.fill.desk import Desk, lay_out
from zhiyin.fill.lock_words import with_locks
from zhiyin.fill.request import MAX_TAKES, Take
from zhiyin.fill.rules import FAMILY, RulesModel
from zhiyin.fill.sampling import Sampling
from zhiyin.fill.stream import Heard, nobody
from zhiyin.fill.team import team_of
from zhiyin.fill.wish_text import read_wishes
from zhiyin.models import StepModel
from zhiyin.models.chorale_runtime import ChoraleRuntime, load_chorale_runtime
from zhiyin.theory.style_words import base_style


@dataclass(frozen=True, kw_only=True)
class ActRequest:
    """What every act takes: a score, where to write, and how.

    source: a score of any format; out: a folder, or a file with a score's ending; wishes, locks: as people type them;
    takes: 1..8, each ranked by the judges; family: who writes, see `zhiyin.apps.families`; listener: told every bar of
    every take as soon as it stands, in the person's own time, and may stop the act by raising
    `zhiyin.errors.Cancelled`.
    """

    source: Path
    out: Path = Path("out")
    seed: int = 0
    takes: int = 1
    style: str | None = None
    wishes: tuple[str, ...] = ()
    locks: tuple[str, ...] = ()
    family: str = DEFAULT
    sampling: Sampling = field(default_factory=Sampling)
    soundfont: Path | None = None
    is_silent: bool = False
    lang: str = "en"
    checkpoint: Path | None = None
    listener: Callable[[int, Heard], None] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        check_seed(self.seed)
        if not 1 <= self.takes <= MAX_TAKES:
            raise InvalidInput(f"takes must be 1..{MAX_TAKES}, got {self.takes}: ask for fewer or run again")


@dataclass(frozen=True, slots=True)
class Acted:
    """Where the answer was written, the takes, and the report."""

    out: Path
    takes: tuple[Take, ...]
    report: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the report and the place as plain values."""
        folder = self.out.parent if is_file_target(self.out) else self.out
        return {"folder": str(folder), **self.report}


MakeOrder = Callable[[Desk, np.random.Generator], Order | Take]


def act(
    verb: str,
    request: ActRequest,
    make: MakeOrder,
    *,
    progress: Progress,
    writer: Callable[[], Any] | None = None,
    tell: Callable[[Desk, tuple[Take, ...]], dict[str, Any]] | None = None,
) -> Acted:
    """Carry an act out and write its files; nothing is written unless all takes stand.

    make: the order of a desk, or a take that needs no model, with chance from the generator given. writer: who is
    named in the report where takes tell it not (name, version, card). tell: what the report says besides, `notices`
    (sentences) among it. Raises InvalidInput, NotFound, UnreadableFile,
    ConflictingWishes, ConstraintsUnmet.
    """
    check_family(request.family, verb)
    read = owned(named(read_score(request.source), request.source), request.source)
    refuse_place(request)
    desk = with_locks(lay_out(read.score), request.locks)
    model = open_family(DEFAULT if request.family == FAMILY else request.family, request.checkpoint)
    takes, team = [], model
    for number in range(request.takes):
        made = make(desk, np.random.default_rng([request.seed, number]))
        if isinstance(made, Take):  # by rule, without a model
            if request.wishes:
                raise InvalidInput(
                    f"wishes are kept while a model writes, got {request.wishes[0]!r} for an act that does not: "
                    "leave them out"
                )
            takes.append(made)
            continue
        order = _told(made, request)
        team = model if order.leader is None else team_of(order.leader, model)

        def step(done: int, total: int, number: int = number) -> None:
            progress("write", number * total + done, request.takes * total)

        listener = nobody if request.listener is None else partial(request.listener, number)
        takes.append(perform_act(order, model, take=number, progress=step, listener=listener))
    named_writer = _writer(takes, team) if writer is None else writer()
    source = ReportSource(
        verb=verb, seed=request.seed, lang=request.lang, takes=tuple(takes), model=named_writer,
        source=str(request.source), warnings=read.warnings, before=desk.own, desk=desk,
        more={} if tell is None else tell(desk, tuple(takes)),
    )  # fmt: skip
    report = write_answers(source, request, progress)
    return Acted(request.out, tuple(takes), report)


def _writer(takes: list[Take], model: StepModel) -> StepModel | RulesModel | ChoraleRuntime:
    """Return who is named in the report: the one that wrote."""
    families = {take.request.family for take in takes}
    if families == {FAMILY}:
        return RulesModel()
    return load_chorale_runtime() if families == {"chorale"} else model


def _told(order: Order, request: ActRequest) -> Order:
    """Return the order with what the person asked besides: wishes, style, seed and sampling."""
    asked = read_wishes(request.wishes, score=order.desk.frame, bars=order.bars)
    style = None if request.style is None else base_style(request.style)
    return replace(order, asked=asked, seed=request.seed, sampling=request.sampling, style=style)
