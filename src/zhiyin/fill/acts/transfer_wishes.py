"""Wishes of a transfer: what was written by rule or at once is written again in the loop where a wish is not kept.

Conventions: cells are (part, bar); rolls stand on sixteenths, so only what breaks a wish is written again.
This module knows no family: see `zhiyin.fill.act` for the loop and `zhiyin.models.proposed` for the rolls.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from zhiyin.encode import encode_grid
from zhiyin.encode.scene import SIXTEENTH_STEPS
from zhiyin.fill.act import Order, perform_act
from zhiyin.fill.acts.usual import voices_at_once, widest_strike
from zhiyin.fill.constraints import Constraint, InRange, MaxPolyphony, Sounds, WithinBars, WithinReach
from zhiyin.fill.constraints.pinned import Hold
from zhiyin.fill.constraints.reach import ONE_HAND
from zhiyin.fill.constraints.span import Span
from zhiyin.fill.desk import Desk
from zhiyin.fill.request import Take
from zhiyin.fill.scope import Scope
from zhiyin.fill.wish_text import read_wishes
from zhiyin.models import StepModel
from zhiyin.models.proposed import CellRolls, Proposed
from zhiyin.score import VELOCITY_LEVELS, Cell, Part, Score
from zhiyin.units import TICKS_PER_STEP

SURE = 0.985  # how much of a proposal is the note that was found; the rest leaves room for wishes


@dataclass(frozen=True, eq=False)
class Wished:
    """Wishes as people type them, and how the loop's helper is opened."""

    texts: tuple[str, ...] = ()
    helper: Callable[[], StepModel] | None = None


@dataclass(frozen=True, eq=False)
class Written:
    """What a transfer wrote.

    desk: with everybody who plays, as they played before; parts: on the grid as they are now; cells: those that
    changed; holds: what of them stays; instruments: names of the new players, "" for the others; silent:
    parts whose players give up all that they played.
    """

    desk: Desk
    parts: tuple[Part, ...]
    cells: frozenset[Cell]
    holds: Mapping[Cell, Hold]
    instruments: tuple[str, ...]
    scope: Scope
    silent: frozenset[int] = frozenset()
    seed: int = 0
    take: int = 0
    name: str = ""
    version: str = ""
    wished: Wished = field(default_factory=Wished)


def asked_of(written: Written) -> tuple[Constraint, ...]:
    """Return the wishes, those that name no part about the parts that changed. Raises InvalidInput."""
    told: list[Constraint] = []
    parts = frozenset(c.part for c in written.cells) - written.silent
    for wish in read_wishes(written.wished.texts, score=written.desk.frame):
        span = getattr(wish, "span", None)
        if isinstance(span, Span) and span.parts is None:
            wish = replace(wish, span=replace(span, parts=parts))  # type: ignore[type-var]
        told.append(wish)
    return tuple(told)


def are_kept(asked: Collection[Constraint], score: Score) -> bool:
    """Return whether a score on the grid keeps every wish."""
    return all(wish.check(score).kept for wish in asked)


def rewritten(written: Written, asked: tuple[Constraint, ...]) -> Take:
    """Return the take in which the loop writes the cells again, as they were wherever the wishes allow.

    Raises ConflictingWishes naming wishes that cannot hold together, ConstraintsUnmet for one that is not kept.
    """
    assert written.wished.helper is not None, "wishes come with a helper"
    leader = Proposed(
        rolls_of(written.desk.frame, written.parts, written.cells), name=written.name, version=written.version
    )
    reaches = tuple(
        0 if p.is_drums or not len(p.notes) else max(ONE_HAND, widest_strike(p)) for p in written.parts
    )
    resting = frozenset(c for c in written.cells if c.part in written.silent and c not in written.holds)
    order = Order(
        written.desk, written.scope,
        wishes=(Sounds(frozenset(), resting), MaxPolyphony(tuple(map(voices_at_once, written.parts)))),
        limits=(InRange(written.instruments), WithinBars(written.desk.bars), WithinReach(reaches)), asked=asked,
        holds=written.holds, leader=leader, seed=written.seed, bars=written.desk.bars,
    )  # fmt: skip
    return perform_act(order, written.wished.helper(), take=written.take)


def rolls_of(
    frame: Score, parts: tuple[Part, ...], cells: Collection[Cell]
) -> dict[tuple[int, int], CellRolls]:
    """Return what is proposed for cells: notes of the parts, nearly sure, empty where nothing is played.

    frame: the score whose grid the cells stand on.
    """
    tokens, found = encode_grid(frame), dict[tuple[int, int], CellRolls]()
    bars = tokens.bars.tolist()
    edges = np.append(tokens.starts, tokens.starts[-1:] + SIXTEENTH_STEPS * 16)
    for cell in cells:
        for column in (i for i, bar in enumerate(bars) if bar == cell.bar):
            low, high = edges[column : column + 2].tolist()
            size = -(-(high - low) // SIXTEENTH_STEPS)
            found[column, cell.part + 1] = _rolls(parts[cell.part], low, size)
    return found


def _rolls(part: Part, low: int, size: int) -> CellRolls:
    """Return the rolls of a part from a step on, so many sixteenths; a note off them begins in the nearest."""
    strike, hold = np.zeros((size, 128), np.float32), np.zeros((size, 128), np.float32)
    loud = np.full(size, 4.0, np.float32)
    begin = np.rint((part.notes.onset / TICKS_PER_STEP - low) / SIXTEENTH_STEPS).astype(int)
    end = np.rint((part.notes.offset / TICKS_PER_STEP - low) / SIXTEENTH_STEPS).astype(int)
    levels = np.minimum(np.searchsorted(VELOCITY_LEVELS, part.notes.velocity), 7)
    for first, last, pitch, level in zip(
        begin.tolist(), end.tolist(), part.notes.pitch.tolist(), levels.tolist(), strict=True
    ):
        if 0 <= first < size:
            strike[first, pitch], loud[first] = SURE, level
        if last > 0 and first < size:
            hold[max(first + 1, 0) : last, pitch] = SURE
    return CellRolls(strike, hold, loud, is_mono=not part.is_drums and voices_at_once(part) == 1)
