"""Families: who writes the notes, under one name each, what each can do, and how it is opened.

Conventions: a name is one of FAMILIES, or step families mixed as `transformer+lstm` or `transformer:0.7+lstm:0.3`;
`auto` is the style book's band with the model's tune in styles that have a book, else the model alone.
This module writes no notes itself: see `zhiyin.fill`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from zhiyin.apps.model import open_model
from zhiyin.errors import InvalidInput
from zhiyin.fill import compose_plan, rules, rules_auto
from zhiyin.fill.ensemble import Ensemble
from zhiyin.fill.plan import Plan
from zhiyin.fill.plan_tone import touch_of
from zhiyin.fill.request import Take
from zhiyin.fill.rules_plan import book_of, has_book, with_book
from zhiyin.fill.sampling import Sampling
from zhiyin.fill.team import Team
from zhiyin.models import StepModel
from zhiyin.models.mixed import MixedModel
from zhiyin.perform import humanise
from zhiyin.score import Score, Wishes
from zhiyin.stylebook import with_groove

DEFAULT = "transformer"
# Acts in which cells are written by a model; the chord row is written by step models alone.
NOTE_ACTS = (
    "compose", "continue", "extend-to", "infill", "vary", "melodise", "accompany", "counterpoint", "drums", "develop",
    "reply",
)  # fmt: skip
STEP_ACTS = (*NOTE_ACTS, "harmonise")
BOOK_ACTS = ("compose", "accompany", "drums", "transfer")
BETWEEN_ACTS = ("blend", "interpolate")  # acts that need a space of latents
UNDER_A_TUNE = ("what sounds under a tune, in twelve styles", "旋律之下的声部，十二种风格")
# Without what the vae has no space for: a second voice, a motif's devices.
LINE_ACTS = (*(act for act in NOTE_ACTS if act not in ("counterpoint", "develop")), *BETWEEN_ACTS)
ANY_PART = ("any part, and chords", "任意声部与和弦")


@dataclass(frozen=True, slots=True)
class Family:
    """What a family can do.

    acts: the verbs it serves; writes: which parts it writes itself (en, zh), a helper writing the others; checkpoint:
    a step model's shipped weights; proposer: (module, function) that opens a family that proposes rolls.
    """

    acts: tuple[str, ...]
    writes: tuple[str, str]
    checkpoint: str = ""
    proposer: tuple[str, str] | None = None


FAMILIES: dict[str, Family] = {
    "transformer": Family((*STEP_ACTS, "transfer"), ANY_PART, checkpoint="small"),
    "lstm": Family(STEP_ACTS, ANY_PART, checkpoint="lstm"),
    "gan": Family(
        NOTE_ACTS,
        ("tune, harmony, bass and drums in phrases of four bars", "四小节乐句：旋律、和声、低音、鼓"),
        proposer=("zhiyin.models.gan_proposer", "open_gan"),
    ),
    "vae": Family(
        LINE_ACTS,
        ("melody, bass and drums", "旋律、贝斯和鼓"),
        proposer=("zhiyin.models.vae_proposer", "open_vae"),
    ),
    "ensemble": Family(NOTE_ACTS, ("what its members write; the judges choose", "由成员各写一版，评审选出")),
    "cyclegan": Family(
        ("transfer",), UNDER_A_TUNE, proposer=("zhiyin.models.cyclegan_runtime", "load_cyclegan")
    ),
    "vae-transfer": Family(
        ("transfer",), UNDER_A_TUNE, proposer=("zhiyin.models.vae_transfer_runtime", "load_vae_transfer")
    ),
    "rules": Family(BOOK_ACTS, ("bands of the style book", "风格手册里的乐队")),
    "auto": Family(
        ("compose", "drums", "transfer"), ("the book's band, the model's tune", "手册伴奏、模型旋律")
    ),
}
GROOVE_EXPRESSION = 0.5  # how much expression is laid over a groove that is measured already
Progress = Callable[[int, int], None]


def check_family(family: str, act: str) -> None:
    """Raise InvalidInput unless a family, or every member of a mix, is known and serves an act; name one that does."""
    names = [name for name, _ in _members(family)]
    for name in names:
        if name not in FAMILIES:
            raise InvalidInput(
                f"family must be one of {', '.join(FAMILIES)}, or a mix such as transformer+lstm, got {family!r}: "
                "choose one of those"
            )
        if act not in FAMILIES[name].acts:
            able = ", ".join(other for other, one in FAMILIES.items() if act in one.acts)
            raise InvalidInput(
                f"family {name!r} serves {', '.join(FAMILIES[name].acts)}, got {act!r}: use --family {able}"
            )
        if len(names) > 1 and not FAMILIES[name].checkpoint:
            steps = ", ".join(other for other, one in FAMILIES.items() if one.checkpoint)
            raise InvalidInput(f"families that mix must be step models ({steps}), got {name!r}: mix those")


def _members(family: str) -> list[tuple[str, float]]:
    """Return the (family, weight) of a name, one but for a mix."""
    found = []
    for word in family.split("+"):
        name, _, weight = word.strip().partition(":")
        found.append((name, _weight(weight, family)))
    names = [name for name, _ in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidInput(
            f"families that mix must be different ones, got {twice!r} twice in {family!r}: name it once"
        )
    return found


def _weight(text: str, family: str) -> float:
    """Return the weight of a family as typed, 1 where none is. Raises InvalidInput for what is no positive number."""
    try:
        weight = float(text or 1)
    except ValueError:
        weight = math.nan
    if not (math.isfinite(weight) and weight > 0):
        raise InvalidInput(
            f"the weight of a family must be a number above 0, got {text!r} in {family!r}: write e.g. transformer:0.7"
        )
    return weight


def open_family(family: str, checkpoint: Path | None = None) -> StepModel:
    """Return the model of a family, the shipped one but for the transformer's checkpoint where that is given.

    Raises InvalidInput for a family without one, NotFound and UnreadableFile as `open_model` does.
    """
    members = _members(family)
    if len(members) > 1:
        models = [open_family(name, checkpoint) for name, _ in members]
        return MixedModel(models, [weight for _, weight in members])
    if family in ("transformer", "auto"):
        return open_model(checkpoint)
    if family == "ensemble":
        return Ensemble(tuple((name, open_family(name, checkpoint)) for name in ensemble_members()))
    row = FAMILIES[family]
    if row.proposer is not None:
        module, function = row.proposer
        return Team(getattr(import_module(module), function)(), open_model(checkpoint))
    if not row.checkpoint:
        raise InvalidInput(f"family {family!r} writes by rule, got a request for its model: use transformer")
    return _shipped(row.checkpoint)


@cache
def _shipped(checkpoint: str) -> StepModel:
    return open_model(Path(checkpoint))


def ensemble_members() -> tuple[str, ...]:
    """Return who answers as an ensemble: every family with weights of its own, and the step families mixed."""
    steps = [name for name, one in FAMILIES.items() if one.checkpoint]
    proposers = [name for name, one in FAMILIES.items() if one.proposer is not None and "compose" in one.acts]
    return (*steps, "+".join(steps), *proposers)


def family_of(family: str, plan: Plan) -> str:
    """Return the family that writes a plan: `auto` is the model's where the style has no book."""
    return DEFAULT if family == "auto" and not has_book(plan.variant or plan.style) else family


def is_by_book(family: str, plan: Plan) -> bool:
    """Return whether the style book writes a plan, or its band."""
    return family_of(family, plan) in ("rules", "auto")


def planned(family: str, plan: Plan, wishes: Wishes, *, seed: int) -> Plan:
    """Return a plan made from wishes as its family would have it."""
    return with_book(plan, wishes, seed=seed) if is_by_book(family, plan) else plan


def model_of(family: str, checkpoint: Path | None) -> StepModel | rules.RulesModel:
    """Return who is named in the report: the style book alone needs no weights."""
    return rules.RulesModel() if family == "rules" else open_family(family, checkpoint)


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
    if not is_by_book(family, plan):
        return humanise(score, seed=seed, swing=swing, touch=touch_of(plan))
    grooved = with_groove(score, book_of(plan.variant or plan.style), np.random.default_rng(seed))
    return humanise(grooved, seed=seed, amount=GROOVE_EXPRESSION, touch=touch_of(plan))


def capabilities() -> list[dict[str, Any]]:
    """Return every family with what it does, as plain values: acts, parts, weights and their size in bytes."""
    from zhiyin.models.checkpoint import WEIGHTS_FOLDER

    rows = []
    for name, one in FAMILIES.items():
        files = [one.checkpoint] if one.checkpoint else _files(one)
        paths = [WEIGHTS_FOLDER / f"{file}.safetensors" for file in files]
        rows.append({
            "family": name, "acts": list(one.acts), "writes": {"en": one.writes[0], "zh": one.writes[1]},
            "weights": files, "bytes": sum(path.stat().st_size for path in paths if path.is_file()),
        })  # fmt: skip
    return rows


def _files(family: Family) -> list[str]:
    """Return the weights of a proposer, as its module names them."""
    if family.proposer is None:
        return []
    return list(getattr(import_module(family.proposer[0]), "WEIGHTS", ()))
