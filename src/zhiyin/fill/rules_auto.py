"""Two families at one piece: the style book plays the band, a model writes the tune over it.

Conventions: the model sees every other part and the plan's returns; the report is checked over the whole score.
This module holds no rules of its own: see `zhiyin.fill.rules` and `zhiyin.fill.decode`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from zhiyin.fill import rules
from zhiyin.fill.compose_plan import ended
from zhiyin.fill.decode import judged, origin_of, write_cells
from zhiyin.fill.plan import Plan
from zhiyin.fill.plan_tone import toned_part
from zhiyin.fill.recall import within
from zhiyin.fill.request import Take, Textures
from zhiyin.fill.rules_plan import book_of
from zhiyin.fill.sampling import Sampling
from zhiyin.models import StepModel
from zhiyin.score import Cell, Score, Wishes, quantise
from zhiyin.stylebook import assign_books
from zhiyin.units import IntArray

Progress = Callable[[int, int], None]


def compose(
    plan: Plan,
    wishes: Wishes,
    *,
    model: StepModel,
    seed: int,
    take: int = 0,
    sampling: Sampling | None = None,
    progress: Progress = lambda done, total: None,
) -> Take:
    """Return a take whose band is played by rule and whose tune a model wrote; by rule alone where nobody leads.

    Raises ConstraintsUnmet when a hard wish is not kept.
    """
    band = rules.compose(plan, wishes, seed=seed, take=take)
    lead = _lead(plan)
    cells = frozenset(
        Cell(lead, bar) for bar in range(plan.bars) if lead >= 0 and not plan.textures[lead][bar].is_empty
    )
    if not cells:
        return band
    request = replace(
        band.request,
        score=quantise(_without(band, lead))[0], write=cells, family="auto", textures=_textures(plan, lead),
        like=_like(plan, np.random.default_rng([seed, take, 8])), sampling=sampling or Sampling(),
    )  # fmt: skip
    total = len(cells)
    score, steps = write_cells(
        request,
        model,
        np.random.default_rng([seed, take, 7]),
        origin=origin_of(request, model, take),
        progress=lambda done: progress(done, total),
    )
    tune = toned_part(plan, score.parts[lead])
    parts = [tune if i == lead else part for i, part in enumerate(band.score.parts)]
    score = ended(plan, wishes, replace(score, parts=tuple(parts)))
    return Take(score, request, seed, judged(score, request.constraints), steps)


def _lead(plan: Plan) -> int:
    """Return the index of the player with the tune, -1 where the book gives none."""
    books = assign_books(book_of(plan.variant or plan.style), plan.players)
    leads = [i for i, (p, b) in enumerate(zip(plan.players, books, strict=True)) if b.job == "lead"]
    return next((i for i in leads if plan.players[i].role == "melody"), -1)


def _without(band: Take, lead: int) -> Score:
    parts = [
        replace(p, notes=p.notes.between(0, 0)) if i == lead else p for i, p in enumerate(band.score.parts)
    ]
    return band.score.with_parts(parts)


def _textures(plan: Plan, lead: int) -> Textures:
    """Return open wishes but for the tune's register."""
    textures = Textures.open(plan.bars, len(plan.players))
    book = assign_books(book_of(plan.variant or plan.style), plan.players)[lead]
    textures.register_pitch[:, lead] = book.low + 0.5 * (book.high - book.low)
    return textures


def _like(plan: Plan, rng: np.random.Generator) -> IntArray:
    """Return the earlier bar that each bar resembles, -1 where none."""
    like = np.full(plan.bars, -1, np.int64)
    for section in plan.sections:
        if section.like < 0:
            like[section.first_bar : section.end_bar] = within(plan, section, rng)
            continue
        source = plan.sections[section.like]
        for place in range(min(section.bars, source.bars)):
            like[section.first_bar + place] = source.first_bar + place
    return like
