"""Families: who writes the notes of a piece — a model, the style book, or both — under one name each.

Conventions: `auto` is the book's band with a model's tune in styles that have a book, else the model alone.
This module writes no notes itself: see `zhiyin.fill.compose_plan`, `zhiyin.fill.rules`, `zhiyin.fill.rules_auto`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from zhiyin.apps.model import open_model
from zhiyin.errors import InvalidInput
from zhiyin.fill import compose_plan, rules, rules_auto
from zhiyin.fill.plan import Plan
from zhiyin.fill.request import Take
from zhiyin.fill.rules_plan import book_of, has_book, with_book
from zhiyin.fill.sampling import Sampling
from zhiyin.models import StepModel
from zhiyin.perform import humanise
from zhiyin.score import Score, Wishes
from zhiyin.stylebook import with_groove

FAMILIES = ("transformer", "rules", "auto")
# How much expression is laid over a groove that is measured already.
GROOVE_EXPRESSION = 0.5
Progress = Callable[[int, int], None]


def check_family(family: str) -> None:
    """Raise InvalidInput unless a family is one of FAMILIES."""
    if family not in FAMILIES:
        raise InvalidInput(
            f"family must be one of {', '.join(FAMILIES)}, got {family!r}: choose one of those"
        )


def family_of(family: str, plan: Plan) -> str:
    """Return the family that writes a plan: `auto` is the model's where the style has no book."""
    return "transformer" if family == "auto" and not has_book(plan.variant or plan.style) else family


def planned(family: str, plan: Plan, wishes: Wishes, *, seed: int) -> Plan:
    """Return a plan made from wishes as its family would have it."""
    return plan if family_of(family, plan) == "transformer" else with_book(plan, wishes, seed=seed)


def model_of(family: str, checkpoint: Path | None) -> StepModel | rules.RulesModel:
    """Return who is named in the report: the style book alone needs no weights."""
    return rules.RulesModel() if family == "rules" else open_model(checkpoint)


def take_of(
    family: str,
    plan: Plan,
    wishes: Wishes,
    *,
    model: StepModel | rules.RulesModel,
    seed: int,
    take: int,
    sampling: Sampling,
    progress: Progress,
) -> Take:
    """Return one take of a plan by its family. Raises ConstraintsUnmet."""
    if isinstance(model, rules.RulesModel):
        return rules.compose(plan, wishes, seed=seed, take=take)
    writer = rules_auto.compose if family_of(family, plan) == "auto" else compose_plan.compose
    return writer(plan, wishes, model=model, seed=seed, take=take, sampling=sampling, progress=progress)


def performed(family: str, score: Score, plan: Plan, *, seed: int, swing: float) -> Score:
    """Return the score as played: with the book's groove, or with the swing of the style."""
    if family_of(family, plan) == "transformer":
        return humanise(score, seed=seed, swing=swing)
    grooved = with_groove(score, book_of(plan.variant or plan.style), np.random.default_rng(seed))
    return humanise(grooved, seed=seed, amount=GROOVE_EXPRESSION)
