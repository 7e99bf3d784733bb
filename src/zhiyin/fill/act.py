"""Acts: cells of a person's score written by a model, everything else given back byte for byte.

Conventions: writing happens on the grid of the desk; the answer is in the person's own time and keeps every note of
theirs outside the scope, and inside it every note or aspect that is held. One order and seed give one answer.
This module knows no single act: see `zhiyin.fill.acts`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from zhiyin.errors import ConflictingWishes
from zhiyin.fill.best_of import best_of
from zhiyin.fill.conflicts import conflict_words, find_conflicts
from zhiyin.fill.constraints import Backbeat, Closes, Constraint, Locked, NoteValues, Original
from zhiyin.fill.constraints.original import Given
from zhiyin.fill.constraints.pinned import WHOLE, Around, Hold, Pinned
from zhiyin.fill.constraints.span import Span
from zhiyin.fill.decode import judged, origin_of, seeds_of, write_cells
from zhiyin.fill.desk import Desk
from zhiyin.fill.ensemble import Ensemble, best_member
from zhiyin.fill.give_back import answered
from zhiyin.fill.hold import holds_of, unlocked
from zhiyin.fill.proof import Untouched
from zhiyin.fill.request import Report, Request, Take, Textures
from zhiyin.fill.sampling import Sampling
from zhiyin.fill.scope import Scope
from zhiyin.fill.stream import Listener, in_own_time, nobody
from zhiyin.fill.style_heard import style_heard
from zhiyin.fill.team import Team, refuse_unserved, team_of
from zhiyin.models import StepModel
from zhiyin.models.proposal import Proposer
from zhiyin.score import CHORD_ROW, Cell, Grid, Notes, Origin, Score, Timeline
from zhiyin.theory.styles import STYLES
from zhiyin.units import TICKS_PER_STEP, IntArray, Ticks

DRUMS_ALONE = "drum-groove"  # a style of no player but one
TRIES = 6  # an answer that must differ is sought so many times
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Order:
    """What an act asks for.

    wishes: judged on the whole score on the grid; limits: judged on the new notes alone, since a person's own may
    break them; asked: the person's own wishes, on the parts of the scope where they name none, whose conflicts are
    found before anything is written. holds: what of the cells stays, besides what locks hold; first: cells written
    before the others; copies: cells that repeat another one once it is written (cell to source, bars of one length);
    shows_chords: chord marks are given back even to a score that has none; differs: the answer may not be what stood
    there before. textures, like, bars: as in a `Request`; end_ticks: where the last bar ends early, on the grid;
    promises: wishes judged on what is given back. leader: who proposes some of the rows, the model helping.
    """

    desk: Desk
    scope: Scope
    wishes: tuple[Constraint, ...] = ()
    limits: tuple[Constraint, ...] = ()
    asked: tuple[Constraint, ...] = ()
    holds: Mapping[Cell, Hold] = field(default_factory=dict)
    first: frozenset[Cell] = frozenset()
    copies: Mapping[Cell, Cell] = field(default_factory=dict)
    shows_chords: bool = False
    differs: bool = False
    textures: Textures | None = None
    like: IntArray | None = None
    style: str | None = None
    mood: int | None = None
    sampling: Sampling = field(default_factory=Sampling)
    bars: int = 0
    end_ticks: Ticks = 0
    promises: tuple[Constraint, ...] = ()
    leader: Proposer | None = None
    seed: int = 0


def perform_act(
    order: Order,
    model: StepModel,
    *,
    take: int = 0,
    progress: Progress = lambda done, total: None,
    listener: Listener = nobody,
) -> Take:
    """Return a take of an order, told bar by bar to a listener, who may stop it by raising `Cancelled`.

    An answer that must differ, and one of several, may be told bars again from its first one. Raises InvalidInput when
    all is locked, ConstraintsUnmet for a broken hard wish.
    """
    if order.leader is not None:
        model, order = team_of(order.leader, model), replace(order, leader=None)
    if isinstance(model, Ensemble):
        told: Any = {"take": take, "progress": progress, "listener": listener}
        each = [(name, partial(perform_act, order, one, **told)) for name, one in model.members]
        return best_member(each, style=order.style)
    order = _in_style(order, model)
    desk, scope = order.desk, unlocked(order.desk, order.scope)
    holds = _both(order.holds, holds_of(desk, scope))
    pinned = Pinned(holds)
    order = replace(order, asked=_on_scope(order.asked, scope), wishes=_giving_way(order))
    _refuse_conflicts(order, pinned, scope)
    order = replace(
        order, wishes=(*order.asked, *order.wishes, _original(order, scope.cells(desk.frame), holds))
    )
    request = _request(order, scope, pinned)
    refuse_unserved(model, request)

    heard = listener if listener is nobody else in_own_time(listener, desk.warp)

    def write(candidate: int) -> Take:
        rng = np.random.default_rng(seeds_of(order.seed, take, candidate))
        origin = origin_of(request, model, take)
        steps = 0
        for _ in range(TRIES if order.differs else 1):
            written, used = _written(
                order, request, model, rng, origin=origin, progress=progress, listener=heard
            )
            steps += used
            if not order.differs or _is_other(desk.frame, written, request.write):
                break
        return _take(order, request, written, scope=scope, pinned=pinned, steps=steps)

    return best_of(order.sampling.best_of, write, style=order.style)


def _in_style(order: Order, model: StepModel) -> Order:
    """Return the order with the style that the score is heard in, where a leader needs one to write well."""
    if order.style is not None or not (
        isinstance(model, Team) and getattr(model.leader, "needs_style", False)
    ):
        return order
    return replace(
        order, style=style_heard(order.desk.frame, [name for name in STYLES if name != DRUMS_ALONE])
    )


def _both(asked: Mapping[Cell, Hold], locked: Mapping[Cell, Hold]) -> dict[Cell, Hold]:
    """Return what an act and what locks hold; rhythm by the one and pitch by the other is all of the notes."""
    holds = {**asked, **locked}
    for cell in asked.keys() & locked.keys():
        if {asked[cell].aspect, locked[cell].aspect} == {"rhythm", "pitch"}:
            holds[cell] = Hold(locked[cell].notes, "notes")
    return holds


def _written(
    order: Order,
    request: Request,
    model: StepModel,
    rng: np.random.Generator,
    *,
    origin: Origin,
    progress: Progress,
    listener: Listener,
) -> tuple[Score, int]:
    """Return the score with all cells written, sources of copies first, and the steps it took."""
    copied = frozenset(order.copies) & request.write
    first = order.first | frozenset(order.copies[c] for c in copied) or request.write
    total, score, steps, done = len(request.write), request.score, 0, 0
    for stage in (first, request.write - first - copied):
        if stage:
            part = replace(request, score=score, write=stage)
            score, used = write_cells(
                part,
                model,
                rng,
                origin=origin,
                listener=listener,
                progress=lambda n, d=done: progress(d + n, total),  # type: ignore[misc]
            )
            steps, done = steps + used, done + len(stage)
        if stage is first and copied:
            score = _copied(score, {c: order.copies[c] for c in copied})
            done += len(copied)
    return score, steps


def _copied(score: Score, copies: Mapping[Cell, Cell]) -> Score:
    """Return the score with cells repeated at other bars, in place of what stands there."""
    line = Timeline.of(score)
    notes: dict[int, list[Notes]] = {}
    for target, source in copies.items():
        start = line.bar_start(source.bar)
        found = score.parts[source.part].notes.between(start, line.bar_start(source.bar + 1))
        moved = found.with_columns(onset=found.onset + line.bar_start(target.bar) - start)
        notes.setdefault(target.part, []).append(moved)
    bars = max(c.bar for c in copies) + 1
    grid = Grid.of(score, bars=max(bars, line.bar_count(score.end)))
    return grid.replace_cells(frozenset(copies), {p: Notes.concat(n) for p, n in notes.items()})


def _is_other(before: Score, after: Score, write: frozenset[Cell]) -> bool:
    """Return whether any cell holds other notes, or chords, than it did."""
    line = Timeline.of(before)
    if any(c.part == CHORD_ROW for c in write) and before.chords != after.chords:
        return True
    for part in {c.part for c in write} - {CHORD_ROW}:
        bars = [c.bar for c in write if c.part == part]
        then, now = (
            [(n.onset, n.pitch, n.duration) for n in notes.take(np.isin(line.bar_of(notes.onset), bars))]
            for notes in (before.parts[part].notes, after.parts[part].notes)
        )
        if then != now:
            return True
    return False


def _giving_way(order: Order) -> tuple[Constraint, ...]:
    """Return an act's own wishes; where a person asks for something, endings and backbeats of taste give way to it."""
    if not order.asked:
        return order.wishes
    return tuple(replace(w, is_hard=False) if isinstance(w, (Closes, Backbeat)) else w for w in order.wishes)


def _on_scope(asked: tuple[Constraint, ...], scope: Scope) -> tuple[Constraint, ...]:
    """Return wishes that name no parts as wishes on the parts of the scope."""
    told = []
    for wish in asked:
        span = getattr(wish, "span", None)
        if isinstance(span, Span) and span.parts is None:  # none but the chord row: nobody's notes are asked
            wish = replace(wish, span=replace(span, parts=frozenset(scope.parts)))  # type: ignore[type-var]
        told.append(wish)
    return tuple(told)


def _refuse_conflicts(order: Order, pinned: Pinned, scope: Scope) -> None:
    """Raise ConflictingWishes naming every pair of hard wishes, a person's among them, that exclude each other."""
    if not order.asked:
        return
    frame = order.desk.frame
    given = (Locked(frame, scope.cells(frame)), *((pinned,) if pinned.holds else ()))
    found = find_conflicts((*order.asked, *order.wishes, *order.limits, *given), frame)
    hard = [conflict for conflict in found if conflict.is_hard and conflict.first < len(order.asked)]
    if hard:
        english, chinese = conflict_words(hard)
        raise ConflictingWishes(english, zh=chinese)


def _original(order: Order, write: frozenset[Cell], holds: Mapping[Cell, Hold]) -> Original:
    """Return the wish that what is written is new: beside a person's own notes, or joined to them in a longer score."""
    if order.bars > order.desk.bars:
        return Original(write)
    line, since = Timeline.of(order.desk.frame), dict[Cell, int]()
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
    if order.end_ticks:
        written = _ended(written, order.end_ticks)
    answer = answered(order.desk, written, scope, holds=pinned.holds, shows_chords=order.shows_chords)
    on_grid = judged(written, (*order.wishes, pinned, Locked(order.desk.frame, request.write)))
    limits = [
        v for limit in order.limits
        for v in judged(_new_only(order.desk.frame, written, request.write, _spared(pinned, limit)), (limit,)).verdicts
    ]  # fmt: skip
    kept = judged(
        answer.score,
        (*order.promises, Untouched(
            order.desk.own, answer.kept, answer.origins,
            writes_chords=any(c.part == CHORD_ROW for c in request.write),
        )),
    )  # fmt: skip
    verdicts = (
        *on_grid.verdicts[: len(order.wishes)],
        *limits,
        *on_grid.verdicts[len(order.wishes) :],
    )
    if not pinned.holds:
        verdicts = tuple(v for v in verdicts if v.name != pinned.name)
    return Take(answer.score, request, order.seed, Report((*verdicts, *kept.verdicts)), steps)


def _ended(written: Score, end: Ticks) -> Score:
    """Return the score cut at a tick inside its last bar; no note begins after it."""
    parts = []
    for part in written.parts:
        notes = part.notes.take(part.notes.onset < end)  # a bar of several columns may go on behind the end
        parts.append(
            part.with_notes(notes.with_columns(duration=np.minimum(notes.duration, end - notes.onset)))
        )
    return replace(written, parts=tuple(parts), length_ticks=end)


def _spared(pinned: Pinned, limit: Constraint) -> dict[Cell, Hold]:
    """Return what is held of that which a limit is about: note values look at rhythm, all others at pitch."""
    aspect = "rhythm" if isinstance(limit, NoteValues) else "pitch"
    return {cell: hold for cell, hold in pinned.holds.items() if hold.aspect in (*WHOLE, aspect)}


def _new_only(frame: Score, written: Score, write: frozenset[Cell], holds: Mapping[Cell, Hold]) -> Score:
    """Return the written score with the notes that an act wrote, and no others; nothing of cells with a held aspect."""
    line = Timeline.of(frame)
    parts = []
    for index, part in enumerate(written.parts):
        notes, bars = part.notes, line.bar_of(part.notes.onset)
        open_cells = [c for c in write if c.part == index and (c not in holds or holds[c].aspect in WHOLE)]
        inside = np.isin(bars, [c.bar for c in open_cells])
        held = {
            (onset, pitch)
            for cell, hold in holds.items() if cell.part == index and hold.aspect in WHOLE
            for onset, _, pitch in hold.notes
        }  # fmt: skip
        free = [
            (o, p) not in held
            for o, p in zip((notes.onset // TICKS_PER_STEP).tolist(), notes.pitch.tolist(), strict=True)
        ]
        parts.append(part.with_notes(notes.take(inside & np.array(free, bool))))
    return replace(written, parts=tuple(parts))
