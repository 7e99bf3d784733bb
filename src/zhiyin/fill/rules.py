"""The rules family: a plan played by the style book, checked and reported like any other take.

Conventions: the same plan, seed and take give the same score; hard wishes hold or ConstraintsUnmet is raised; wishes
that belong to a model's habits (backbeat in every bar, plain note values) are the book's to decide.
This module trains nothing and loads no weights.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from zhiyin.fill.compose_plan import constraints_of, ended, frame_of
from zhiyin.fill.constraints import (
    Backbeat,
    Constraint,
    MaxPolyphony,
    NoteValues,
    Sounds,
    WithinReach,
)
from zhiyin.fill.decode import judged
from zhiyin.fill.plan import Plan
from zhiyin.fill.plan_tone import toned
from zhiyin.fill.request import Report, Request, Take
from zhiyin.fill.rules_mend import mend
from zhiyin.fill.rules_plan import book_of, textures_of_book
from zhiyin.score import Cell, Origin, Score, Wishes
from zhiyin.stylebook import Style, arrange, assign_books
from zhiyin.stylebook.stage import build_stage

FAMILY = "rules"
EXACT_S = 0.02
TRIES = 8


@dataclass(frozen=True, slots=True)
class RulesModel:
    """What the report says of who wrote: the style book in place of a model, with what its tables were measured on."""

    name: str = "stylebook"
    version: str = "1"

    @property
    def card(self) -> dict[str, Any]:
        """Return a card as models carry it: human drumming and human progressions, in pieces."""
        return {"train_pieces": {"groove": 379, "billboard_chords": 890}}


def compose(plan: Plan, wishes: Wishes, *, seed: int, take: int = 0) -> Take:
    """Return a finished take of a plan by rule, drawn anew up to TRIES times until every hard wish is kept.

    The take's steps count the draws. Raises ConstraintsUnmet when no draw keeps every hard wish, InvalidInput for a
    style without a book or a metre that patterns cannot be bent to.
    """
    book = replace(book_of(plan.variant or plan.style), chromatic=False)  # the key is a hard wish
    constraints = constraints_of_rules(plan, wishes, book)
    request = request_of(plan, constraints, seed=seed)
    for number in range(TRIES):
        score = _drawn(plan, wishes, book, constraints, seeds=(seed, take, number))
        score = _signed(score, book, request, take)
        report = Report(tuple(c.check(score) for c in constraints))
        if report.is_kept:
            return Take(score, request, seed, report, steps=number + 1)
    return Take(score, request, seed, judged(score, constraints))


def request_of(plan: Plan, constraints: tuple[Constraint, ...], *, seed: int) -> Request:
    """Return the request of a whole piece: every cell of the plan's empty frame."""
    return Request(
        score=frame_of(plan), write=frozenset(Cell(p, b) for p in range(len(plan.players)) for b in range(plan.bars)),
        constraints=constraints, seed=seed, family=FAMILY, style=plan.style, bars=plan.bars,
        instruments=tuple(p.instrument for p in plan.players),
    )  # fmt: skip


def _drawn(
    plan: Plan, wishes: Wishes, book: Style, constraints: tuple[Constraint, ...], *, seeds: tuple[int, ...]
) -> Score:
    """Return one draw: arranged, rests kept, mended, ended where it was asked."""
    is_loop = bool(wishes.is_loop)
    rng = np.random.default_rng(seeds)
    score = arrange(plan, book, rng, is_loop=is_loop, most=wishes.polyphony, density=wishes.density)
    stage = build_stage(plan, book, np.random.default_rng(seeds), is_loop=is_loop)
    score = mend(stage, _rested(plan, score), limits=_limits(constraints), reaches=_reaches(constraints))
    return toned(plan, ended(plan, wishes, score))


def constraints_of_rules(plan: Plan, wishes: Wishes, book: Style) -> tuple[Constraint, ...]:
    """Return the wishes that a plan carries, with the book's own say on backbeats, note values and who sounds."""
    kept: list[Constraint] = []
    for constraint in constraints_of(plan, wishes):
        if isinstance(constraint, Backbeat) or (isinstance(constraint, NoteValues) and book.has_rolls):
            continue
        if (
            constraint.name == "original"
        ):  # a walking bass or a comping figure is nobody's own: tunes are compared
            constraint = replace(constraint, write=_tune_cells(plan, book))  # type: ignore[type-var]
        kept.append(_sounds(plan, book) if isinstance(constraint, Sounds) else constraint)
    return tuple(kept)


def _tune_cells(plan: Plan, book: Style) -> frozenset[Cell]:
    books = assign_books(book, plan.players)
    return frozenset(Cell(p, b) for p, own in enumerate(books) if own.job == "lead" for b in range(plan.bars))


def _sounds(plan: Plan, book: Style) -> Sounds:
    """Return the wish that rhythm sections sound wherever they play and that resting cells rest.

    Others may pause for a bar: stabs and tunes breathe.
    """
    jobs = [b.job for b in assign_books(book, plan.players)]
    planned = textures_of_book(plan, book)
    resting = {Cell(p, b) for p, row in enumerate(plan.textures) for b, t in enumerate(row) if t.is_empty}
    sounding = {
        Cell(p, b)
        for p, row in enumerate(planned)
        for b, t in enumerate(row)
        if jobs[p] in ("drums", "bass") and not t.is_empty
    }
    return Sounds(frozenset(sounding - resting), frozenset(resting))


def _limits(constraints: tuple[Constraint, ...]) -> tuple[int, ...]:
    return next(c.limits for c in constraints if isinstance(c, MaxPolyphony))


def _reaches(constraints: tuple[Constraint, ...]) -> tuple[int, ...]:
    return next(c.reaches for c in constraints if isinstance(c, WithinReach))


def _rested(plan: Plan, score: Score) -> Score:
    """Return the score with nothing struck where the plan rests."""
    size = plan.metre.bar_ticks
    parts = []
    for part, row in zip(score.parts, plan.textures, strict=True):
        bars = np.minimum(part.notes.onset // size, plan.bars - 1)
        plays = np.array([not row[int(bar)].is_empty for bar in bars], bool)
        parts.append(replace(part, notes=part.notes.take(plays)))
    return score.with_parts(parts)


def _signed(score: Score, book: Style, request: Request, take: int) -> Score:
    """Return the score with the rules named as the origin of every note."""
    detail = f"rules style={book.name} seed={request.seed} take={take} request={request.digest()}"
    parts = [
        replace(p, notes=p.notes.with_columns(origin=np.zeros(len(p.notes), np.int64))) for p in score.parts
    ]
    return replace(score, parts=tuple(parts), provenance=(Origin("model", "stylebook", detail),))
