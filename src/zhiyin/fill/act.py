"""Acts: cells of a person's score written by a model, everything else given back byte for byte.

Conventions: writing happens on the grid of the desk; the answer is in the person's own time and keeps every note of
theirs outside the scope, and inside it every note or aspect that is held. One order and seed give one answer.
This module knows no single act: see `zhiyin.fill.acts`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from zhiyin.fill.best_of import best_of
from zhiyin.fill.constraints import Constraint, Locked, Original
from zhiyin.fill.constraints.original import Given
from zhiyin.fill.constraints.pinned import Around, Hold, Pinned
from zhiyin.fill.decode import judged, origin_of, seeds_of, write_cells
from zhiyin.fill.desk import Desk
from zhiyin.fill.give_back import answered
from zhiyin.fill.hold import holds_of, unlocked
from zhiyin.fill.proof import Untouched
from zhiyin.fill.request import Report, Request, Take, Textures
from zhiyin.fill.sampling import Sampling
from zhiyin.fill.scope import Scope
from zhiyin.models import StepModel
from zhiyin.score import CHORD_ROW, Cell, Score, Timeline
from zhiyin.units import TICKS_PER_STEP, IntArray


@dataclass(frozen=True, eq=False)
class Order:
    """What an act asks for.

    wishes: judged on the whole score on the grid; limits: judged on the new notes alone, since a person's own may break
    them; holds: what of the cells stays, besides what locks hold; bars: length in bars where the score is to grow;
    textures, like: as in a `Request`.
    """

    desk: Desk
    scope: Scope
    wishes: tuple[Constraint, ...] = ()
    limits: tuple[Constraint, ...] = ()
    holds: Mapping[Cell, Hold] = field(default_factory=dict)
    textures: Textures | None = None
    like: IntArray | None = None
    style: str | None = None
    mood: int | None = None
    sampling: Sampling = field(default_factory=Sampling)
    bars: int = 0
    seed: int = 0


def perform_act(
    order: Order,
    model: StepModel,
    *,
    take: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Take:
    """Return a take of an order. Raises InvalidInput when all is locked, ConstraintsUnmet for a broken hard wish."""
    desk, scope = order.desk, unlocked(order.desk, order.scope)
    holds = {**order.holds, **holds_of(desk, scope)}
    pinned = Pinned(holds)
    order = replace(order, wishes=(*order.wishes, _original(order, scope.cells(desk.frame), holds)))
    request = _request(order, scope, pinned)

    def write(candidate: int) -> Take:
        rng = np.random.default_rng(seeds_of(order.seed, take, candidate))
        written, steps = write_cells(
            request, model, rng, origin=origin_of(request, model, take),
            progress=lambda done: progress(done, len(request.write)),
        )  # fmt: skip
        return _take(order, request, written, scope=scope, pinned=pinned, steps=steps)

    return best_of(order.sampling.best_of, write, style=order.style)


def _original(order: Order, write: frozenset[Cell], holds: Mapping[Cell, Hold]) -> Original:
    """Return the wish that what is written is new: beside a person's own notes, or joined to them in a longer score."""
    if order.bars > order.desk.bars:
        return Original(write)
    line, since = Timeline.of(order.desk.frame), {}
    for cell in sorted(write):
        before = Cell(cell.part, cell.bar - 1)
        since[cell] = since[before] if before in since else line.bar_start(cell.bar) // TICKS_PER_STEP
    return Original(write, given=Given(since, holds))


def _request(order: Order, scope: Scope, pinned: Pinned) -> Request:
    around = tuple(Around(c, pinned) for c in (*order.wishes, *order.limits))
    return Request(
        score=order.desk.frame, write=scope.cells(order.desk.frame), constraints=(pinned, *around), seed=order.seed,
        style=order.style, mood=order.mood, instruments=order.desk.instruments(), textures=order.textures,
        like=order.like, bars=order.bars, sampling=order.sampling,
    )  # fmt: skip


def _take(
    order: Order, request: Request, written: Score, *, scope: Scope, pinned: Pinned, steps: int
) -> Take:
    """Return the take of what was written; what a writer changed outside its cells is refused here."""
    answer = answered(order.desk, written, scope, pinned.holds)
    on_grid = judged(written, (*order.wishes, pinned, Locked(order.desk.frame, request.write)))
    limits = judged(_new_only(order.desk.frame, written, request.write, pinned), order.limits)
    kept = judged(
        answer.score,
        (Untouched(
            order.desk.own, answer.kept, answer.origins,
            writes_chords=any(c.part == CHORD_ROW for c in request.write),
        ),),
    )  # fmt: skip
    verdicts = (
        *on_grid.verdicts[: len(order.wishes)],
        *limits.verdicts,
        *on_grid.verdicts[len(order.wishes) :],
    )
    if not pinned.holds:
        verdicts = tuple(v for v in verdicts if v.name != pinned.name)
    return Take(answer.score, request, order.seed, Report((*verdicts, *kept.verdicts)), steps)


def _new_only(frame: Score, written: Score, write: frozenset[Cell], pinned: Pinned) -> Score:
    """Return the written score with the notes that an act wrote, and no others."""
    line = Timeline.of(frame)
    parts = []
    for index, part in enumerate(written.parts):
        notes, bars = part.notes, line.bar_of(part.notes.onset)
        inside = np.isin(bars, [c.bar for c in write if c.part == index])
        held = {
            (onset, pitch)
            for cell, hold in pinned.holds.items() if cell.part == index and hold.aspect in ("notes", "skeleton")
            for onset, _, pitch in hold.notes
        }  # fmt: skip
        free = [
            (o, p) not in held
            for o, p in zip((notes.onset // TICKS_PER_STEP).tolist(), notes.pitch.tolist(), strict=True)
        ]
        parts.append(part.with_notes(notes.take(inside & np.array(free, bool))))
    return replace(written, parts=tuple(parts))
