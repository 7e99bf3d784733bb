"""drums by the style book: grooves that people played, for a score of one metre.

Conventions: styles without drums in the book take those of pop; a pick-up is left to the others. The given notes come
back as they were. This module trains nothing and loads no weights: see `zhiyin.fill.rules_accompany`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.acts.new_parts import Joined, joined
from zhiyin.fill.constraints import Constraint, DrumMap, Sounds, WithinBars
from zhiyin.fill.decode import judged
from zhiyin.fill.desk import Desk
from zhiyin.fill.give_back import in_own_time
from zhiyin.fill.proof import Untouched
from zhiyin.fill.request import Report, Request, Take
from zhiyin.fill.rules_accompany import accompany
from zhiyin.fill.rules_plan import has_book
from zhiyin.score import Notes, Origin, Score, Timeline, slice_ticks
from zhiyin.theory.style_words import find_style
from zhiyin.units import IntArray

USUAL, FAMILY = "pop", "rules"


def can_play(desk: Desk) -> bool:
    """Return whether the book can play under a score: one metre, and chords that are told or found."""
    return len(desk.frame.metres) == 1 and any(m.chord is not None for m in desk.frame.chords)


def drums_by_book(desk: Desk, *, style: str | None = None, seed: int = 0, take: int = 0) -> Take:
    """Return the score with the drums of a style of the book. Raises InvalidInput where the book cannot play."""
    name = find_style(style) if style else USUAL
    book = name if has_book(name) else USUAL
    if not can_play(desk):
        raise InvalidInput(
            f"the style book plays in one metre over chords, got {len(desk.frame.metres)} metres in "
            f"{desk.own.title!r}: use --family transformer"
        )
    new = joined(desk, [("drums", "drums")])
    notes, velocity = _played(desk, book, seed * 101 + take)
    origin = Origin("model", "stylebook", f"rules drums style={book} seed={seed} take={take}")
    written = in_own_time(desk, notes).with_columns(
        velocity=velocity, origin=np.full(len(notes), len(desk.own.provenance), np.int64)
    )
    parts = [*desk.own.parts, new.desk.own.parts[-1].with_notes(written)]
    score = replace(desk.own, parts=tuple(parts), provenance=(*desk.own.provenance, origin))
    return _take(
        new, score, new.desk.frame.with_parts([*desk.frame.parts, parts[-1].with_notes(notes)]), seed
    )


def _played(desk: Desk, book: str, seed: int) -> tuple[Notes, IntArray]:
    """Return the kit's notes on the grid up to the end of the last bar, and their velocities."""
    pickup, end = desk.frame.pickup_ticks, Timeline.of(desk.frame).bar_start(desk.bars)
    whole = (
        slice_ticks(desk.frame, pickup, max(end, pickup + 1))
        if pickup or desk.frame.end != end
        else desk.frame
    )
    kit = accompany(replace(whole, pickup_ticks=0), book, seed=seed, players=("drums",)).score.parts[-1].notes
    moved = kit.with_columns(onset=kit.onset + pickup, origin=None).between(0, end)
    moved = moved.with_columns(duration=np.minimum(moved.duration, end - moved.onset))
    return moved, moved.velocity


def _take(new: Joined, score: Score, on_grid: Score, seed: int) -> Take:
    cells = new.scope.cells(new.desk.frame)
    struck = frozenset(c for c in cells if c.bar >= (1 if new.desk.frame.pickup_ticks else 0))
    wishes: tuple[Constraint, ...] = (Sounds(struck), WithinBars(new.desk.bars), DrumMap())
    alone = on_grid.with_parts([*(p.with_notes(Notes()) for p in on_grid.parts[:-1]), on_grid.parts[-1]])
    kept = tuple(np.ones(len(p.notes), bool) for p in new.desk.own.parts)
    proof = Untouched(new.desk.own, kept, frozenset({len(new.desk.own.provenance)}), writes_chords=False)
    report = Report((*judged(alone, wishes).verdicts, *judged(score, (proof,)).verdicts))
    request = Request(new.desk.frame, cells, wishes, seed=seed, family=FAMILY, bars=new.desk.bars)
    return Take(score, request, seed, report)
