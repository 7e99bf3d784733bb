"""harmonise: chords for a tune, or three voices under a soprano.

Conventions: chords are marks over the score, the notes stay; `satb` gives a score of four parts whose soprano is the
person's, note for note. This module writes no notes itself: see `zhiyin.fill.harmonise` and `zhiyin.fill.satb`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.acting_scope import one_part
from zhiyin.apps.base import Progress, silent
from zhiyin.apps.families import check_family, open_family
from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order
from zhiyin.fill.constraints.voice_leading import VoiceLeading
from zhiyin.fill.decode import judged
from zhiyin.fill.desk import Desk
from zhiyin.fill.give_back import chords_of
from zhiyin.fill.harmonise import harmonise
from zhiyin.fill.hold import unlocked
from zhiyin.fill.proof import SameNotes, Untouched
from zhiyin.fill.request import Report, Request, Take
from zhiyin.fill.satb import SatbHow, harmonise_satb
from zhiyin.fill.scope import Scope, read_bars, whole_bars
from zhiyin.models.chorale_runtime import ChoraleRuntime, load_chorale_runtime
from zhiyin.score import CHORD_ROW, Cell, Score
from zhiyin.theory.style_words import base_style

KINDS = ("chords", "satb")


@dataclass(frozen=True, kw_only=True)
class HarmoniseRequest(ActRequest):
    """Which part is the tune, what it gets: chords (symbols) or satb (alto, tenor and bass), and in which bars.

    Chords that a harmony lock holds stay; with wishes the fill model alone finds the chords.
    """

    part: str = "melody"
    bars: str = ""
    kind: str = "chords"
    is_free: bool = False  # satb: as learned, without rules of part-writing

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.kind not in KINDS:
            raise InvalidInput(f"kind must be one of {', '.join(KINDS)}, got {self.kind!r}: choose one")


def run(request: HarmoniseRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConstraintsUnmet.
    """
    if request.kind == "satb":
        choir = load_chorale_runtime()
        return act(
            "harmonise", request,
            lambda desk, rng: _four_parts(desk, request, choir=choir, seed=int(rng.integers(1 << 30))),
            progress=progress,
        )  # fmt: skip
    check_family(request.family, "harmonise")
    model = open_family(request.family, request.checkpoint)

    def make(desk: Desk, rng: np.random.Generator) -> Order | Take:
        scope = unlocked(desk, _chord_row(desk, request.bars))
        if request.wishes:
            return Order(desk, scope, shows_chords=True)
        take = harmonise(
            desk.frame, model=model, melody_part=one_part(desk, request.part),
            style=base_style(request.style) if request.style else None, seed=request.seed, take=int(rng.integers(1000)),
        )  # fmt: skip
        return _given_back(desk, take, scope)

    return act("harmonise", request, make, progress=progress)


def _chord_row(desk: Desk, bars: str) -> Scope:
    chosen = read_bars(bars, count=max(desk.bars, 1)) if bars else tuple(range(desk.bars))
    return whole_bars(desk.frame, (CHORD_ROW,), chosen)


def _given_back(desk: Desk, take: Take, scope: Scope) -> Take:
    """Return the take with its chords, where they were free, over the person's own score."""
    score = replace(desk.own, chords=chords_of(desk, take.score, scope), provenance=take.score.provenance)
    return Take(score, take.request, take.seed, _proven(desk, score, take.report), take.steps)


def _proven(desk: Desk, score: Score, report: Report) -> Report:
    kept = tuple(np.ones(len(p.notes), bool) for p in desk.own.parts)
    written = frozenset(range(len(desk.own.provenance), len(score.provenance)))
    proof = Untouched(desk.own, kept, written, writes_chords=True)
    return Report((*report.verdicts, *judged(score, (proof,)).verdicts))


def _four_parts(desk: Desk, request: HarmoniseRequest, *, choir: ChoraleRuntime, seed: int) -> Take:
    """Return three voices under a part, the part itself as it was."""
    tune = one_part(desk, request.part)
    score = harmonise_satb(
        desk.own, model=choir, melody_part=tune, seed=seed, how=SatbHow(rules=not request.is_free)
    ).score
    wishes = (VoiceLeading((0, 1, 2, 3)), SameNotes(desk.own.parts[tune].notes, 0))
    write = frozenset(Cell(part, bar) for part in (1, 2, 3) for bar in range(desk.bars))
    asked = Request(score, write, wishes, seed=request.seed, family="chorale", bars=desk.bars)
    return Take(score, asked, request.seed, judged(score, wishes))
