"""vary: bars played again otherwise, by a distance from 0 (as they are) to 1 (new), or in one aspect only.

Conventions: what stays is held note for note; what goes gives its time to new notes. Runs of weak notes go first,
beginnings of bars and long notes last. This module writes nothing itself: see `zhiyin.fill.act`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order
from zhiyin.fill.acts.usual import textures_as_they_are, usual
from zhiyin.fill.constraints import (
    ChordsOnStrongBeats,
    Constraint,
    FitsTune,
    Ornaments,
    OtherChords,
    OtherRhythm,
)
from zhiyin.fill.constraints.pinned import Hold
from zhiyin.fill.desk import Desk
from zhiyin.fill.hold import unlocked
from zhiyin.fill.scope import Scope, whole_bars
from zhiyin.score import CHORD_ROW, Cell, Notes, Timeline
from zhiyin.units import TICKS_PER_STEP, BoolArray, FloatArray

ASPECTS = ("all", "rhythm", "pitch", "ornament", "harmony")
EIGHTH, SIXTEENTH = 12, 6  # steps
WHIM = 0.6  # how far chance mixes into which notes go first, beside their weight


def vary(
    desk: Desk, scope: Scope, rng: np.random.Generator, *, distance: float = 0.5, aspect: str = "all"
) -> Order:
    """Return the order that varies a scope.

    aspect: rhythm (pitches stay in order), pitch (rhythm stays), ornament (notes are added between those there are),
    harmony (other chords, and all but the tune written to them) or all; distance counts for all alone. Raises
    InvalidInput for an unknown aspect or a distance outside 0..1.
    """
    if aspect not in ASPECTS:
        raise InvalidInput(f"aspect must be one of {', '.join(ASPECTS)}, got {aspect!r}: choose one")
    if not 0.0 < distance <= 1.0:
        raise InvalidInput(f"distance must be above 0 and up to 1, got {distance:g}: 1 is all new")
    if aspect == "harmony":
        return _reharmonised(desk, scope)
    cells = frozenset(c for c in scope.cells(desk.frame) if c.part != CHORD_ROW)
    holds = {c: h for c in sorted(cells) if (h := _hold(desk, c, rng, distance, aspect)) is not None}
    asked = usual(desk, cells)
    wishes = (*asked.wishes, *_aspect_wishes(desk, holds, aspect))
    return Order(
        desk,
        scope,
        wishes,
        asked.limits,
        holds=holds,
        differs=True,
        textures=textures_as_they_are(desk, cells),
    )


def _aspect_wishes(desk: Desk, holds: Mapping[Cell, Hold], aspect: str) -> tuple[Constraint, ...]:
    if aspect == "ornament":
        return (Ornaments(holds),)
    if aspect != "rhythm":
        return ()
    struck = {
        cell: frozenset(onset for onset, _, _ in hold.notes) for cell, hold in holds.items() if hold.notes
    }
    return (OtherRhythm(struck),) if struck else ()


def _reharmonised(desk: Desk, scope: Scope) -> Order:
    """Return the order for other chords in the scope's bars, with every pitched part of it but the tune written anew.

    Raises InvalidInput when the harmony of all of them is locked.
    """
    asked_bars = {c.bar for c in scope.cells(desk.frame)}
    free = unlocked(desk, whole_bars(desk.frame, (CHORD_ROW,), asked_bars))
    bars = sorted({c.bar for c in free.cells(desk.frame)})
    parts = desk.frame.parts
    following = [
        p for p in scope.parts if parts[p].role != "melody" and not parts[p].is_drums and len(parts[p].notes)
    ]
    wider = whole_bars(desk.frame, (CHORD_ROW, *following), bars)
    cells = wider.cells(desk.frame)
    asked = usual(desk, cells)
    tune = next((i for i, p in enumerate(parts) if p.role == "melody" and len(p.notes)), None)
    fits = () if tune is None else (FitsTune(tune, bars[0]),)
    wishes = (*asked.wishes, OtherChords(desk.frame.chords, frozenset(bars)), *fits)
    limits = (*asked.limits, *((ChordsOnStrongBeats(frozenset(following)),) if following else ()))
    return Order(desk, wider, wishes, limits, textures=textures_as_they_are(desk, cells), shows_chords=True)


def _hold(desk: Desk, cell: Cell, rng: np.random.Generator, distance: float, aspect: str) -> Hold | None:
    line = Timeline.of(desk.frame)
    start, end = line.bar_start(cell.bar), line.bar_start(cell.bar + 1)
    notes = desk.frame.parts[cell.part].notes.between(start, end)
    if aspect in ("rhythm", "pitch"):
        return Hold(_rows(notes), "pitch" if aspect == "rhythm" else "rhythm")
    if aspect == "ornament":
        return _adorned(notes, rng, distance)
    if not len(notes):  # a rest stays a rest
        return Hold((), "notes")
    if distance >= 1.0:
        return None
    goes = _going(notes, _weights(notes, line, start, end), rng, distance)
    return Hold(
        _rows(notes.take(~goes)),
        "notes",
        _freed(notes, goes, end, is_drums=desk.frame.parts[cell.part].is_drums),
    )


def _adorned(notes: Notes, rng: np.random.Generator, distance: float) -> Hold:
    """Return the notes held with a share of them cut to their first half, so that an ornament fills the second.

    Only single notes of an eighth or more are cut, the longest likeliest.
    """
    rows = _rows(notes)
    alone = [i for i, (onset, length, _) in enumerate(rows) if length >= EIGHTH and _is_alone(rows, onset)]
    if not alone:
        return Hold(rows, "skeleton")
    weights = np.array([rows[i][1] for i in alone], float)
    count = max(round(distance * len(alone)), 1)
    chosen = set(
        rng.choice(alone, size=min(count, len(alone)), replace=False, p=weights / weights.sum()).tolist()
    )
    held, free = [], []
    for index, (onset, length, pitch) in enumerate(rows):
        half = max(length // 2 // SIXTEENTH * SIXTEENTH, SIXTEENTH)
        held.append((onset, half if index in chosen else length, pitch))
        if index in chosen:
            free.append((onset + half, onset + length))
    return Hold(tuple(held), "skeleton", tuple(free), tuple(free))


def _is_alone(rows: tuple[tuple[int, int, int], ...], step: int) -> bool:
    return sum(onset <= step < onset + length for onset, length, _ in rows) == 1


def _rows(notes: Notes) -> tuple[tuple[int, int, int], ...]:
    return tuple((n.onset // TICKS_PER_STEP, n.duration // TICKS_PER_STEP, n.pitch) for n in notes)


def _weights(notes: Notes, line: Timeline, start: int, end: int) -> FloatArray:
    """Return how much each note bears: strong beats and long notes most."""
    strong = {start + t for t in line.metre_at(start).strong_ticks()}
    on_strong = np.array([n.onset in strong for n in notes], float)
    first = (notes.onset == start).astype(float)
    weights: FloatArray = on_strong + first + notes.duration / max(end - start, 1)
    return weights


def _going(notes: Notes, weights: FloatArray, rng: np.random.Generator, distance: float) -> BoolArray:
    """Return which notes go: the lightest share, at least one, chords together."""
    onsets, group = np.unique(notes.onset, return_inverse=True)
    weight = np.array([weights[group == g].max() for g in range(onsets.size)])
    order = np.argsort(weight + WHIM * rng.normal(size=onsets.size), kind="stable")
    count = max(round(distance * onsets.size), 1)
    return np.isin(group, order[:count])


def _beat_part_after(tick: int, end: int) -> int:
    """Return the sixteenth at or behind a tick, so that rests behind a note stay rests."""
    size = SIXTEENTH * TICKS_PER_STEP
    return min(-(-tick // size) * size, end)


def _freed(notes: Notes, goes: BoolArray, end: int, *, is_drums: bool) -> tuple[tuple[int, int], ...]:
    """Return the stretches of steps that going notes filled, up to the next note that stays."""
    stays = np.unique(notes.onset[~goes])
    stretches = []
    for onset in np.unique(notes.onset[goes]):
        later = stays[stays > onset]
        until = end if is_drums else _beat_part_after(int(notes.offset[notes.onset == onset].max()), end)
        stretches.append((int(onset), min(until, int(later[0])) if later.size else until))
    merged: list[tuple[int, int]] = []
    for a, b in stretches:
        if merged and a <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(b, merged[-1][1]))
        else:
            merged.append((a, b))
    return tuple((a // TICKS_PER_STEP, b // TICKS_PER_STEP) for a, b in merged)
