"""The model that writes: the shipped checkpoint, or another one by its path.

Conventions: runs without torch; ZHIYIN_CHECKPOINT names another checkpoint for every verb.
This module does not decode: see `zhiyin.fill`.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin.data import DATASETS
from zhiyin.models import StepModel, load_checkpoint
from zhiyin.models.checkpoint import DEFAULT_CHECKPOINT
from zhiyin.models.runtimes import make_runtime

CHECKPOINT_ENVIRONMENT_NAME = "ZHIYIN_CHECKPOINT"


def open_model(path: Path | None = None) -> StepModel:
    """Return the model of a checkpoint: at a path, else as ZHIYIN_CHECKPOINT says, else the shipped one.

    Raises NotFound, UnreadableFile.
    """
    return make_runtime(
        load_checkpoint(path or os.environ.get(CHECKPOINT_ENVIRONMENT_NAME) or DEFAULT_CHECKPOINT)
    )


@dataclass(frozen=True, slots=True)
class Credit:
    """One data set that a model learned from, its licence, the line that must go with it, and its pieces."""

    name: str
    title: str
    licence: str
    attribution: str
    pieces: int


def cards_used(model: Any, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the cards of those members of a team, a mix or an ensemble that wrote notes, or of the model itself.

    names: what origins of the notes call their writers.
    """
    parts = getattr(model, "members", None) or [one for one in (getattr(model, "leader", None),) if one]
    parts = [part[1] if isinstance(part, tuple) else part for part in parts]
    parts += [model.helper] if hasattr(model, "helper") else []
    if not parts:
        return [getattr(model, "card", {})]
    written = {word for name in names for word in name.split("+")}
    return [card for part in parts if getattr(part, "members", None) or part.name in written
            for card in cards_used(part, names)]  # fmt: skip


def writers_named(model: Any, names: Collection[str]) -> tuple[str, str]:
    """Return names and versions of a team's leader and helper that wrote notes, joined by ` + `, or the model's own.

    names: what origins of the notes call their writers.
    """
    both = (getattr(model, "leader", None), getattr(model, "helper", None))
    wrote = [one for one in both if one is not None and one.name in names] or [model]
    return " + ".join(one.name for one in wrote), " + ".join(one.version for one in wrote)


def joined_card(cards: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return one card for several: the first one's figures, and of each set the most pieces that one of them saw."""
    pieces: dict[str, int] = {}
    for card in cards:
        for name, count in card.get("train_pieces", {}).items():
            pieces[name] = max(pieces.get(name, 0), int(count))
    return {**(cards[0] if len(cards) == 1 else {}), "train_pieces": pieces}


def credits_of(card: dict[str, Any]) -> tuple[Credit, ...]:
    """Return the credits of a model card's training data, in the order of the tables."""
    pieces: dict[str, int] = card.get("train_pieces", {})
    known = [name for name in DATASETS if name in pieces]
    rows = [(name, DATASETS[name].card) for name in known]
    return tuple(Credit(name, c.title, c.licence, c.attribution, int(pieces[name])) for name, c in rows)
