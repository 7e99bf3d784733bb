"""Continuing a score: bars written after its end, by the players who are there.

Conventions: the person's notes come back untouched, off the grid or not; the model reads a quantised copy.
This module does not compose from plans (`zhiyin.fill.compose_plan`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from zhiyin.analysis.harmony import find_chords
from zhiyin.analysis.key import find_keys
from zhiyin.analysis.roles import find_roles
from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints import (
    Constraint,
    DrumMap,
    InRange,
    KeepBars,
    Locked,
    MaxPolyphony,
    Original,
    Sounds,
    WithinBars,
)
from zhiyin.fill.decode import judged, origin_of, write_cells
from zhiyin.fill.request import Report, Request, Take
from zhiyin.fill.sampling import Sampling
from zhiyin.models import StepModel
from zhiyin.score import CHORD_ROW, Cell, Notes, Part, Score, Timeline, quantise
from zhiyin.theory.instruments import instrument_for_program
from zhiyin.units import TICKS_PER_QUARTER, Ticks

Progress = Callable[[int, int], None]
MAX_NEW_BARS = 256
SPILL_TICKS = TICKS_PER_QUARTER // 2  # a note held less than this past a bar line was let go late
RECENT_BARS = 4  # who played in these plays on


def continue_score(
    score: Score,
    bars: int,
    *,
    model: StepModel,
    seed: int,
    take: int = 0,
    style: str | None = None,
    sampling: Sampling | None = None,
    progress: Progress = lambda done, total: None,
) -> Take:
    """Return the score with bars written after its last bar.

    Raises InvalidInput when there is nothing to continue, ConstraintsUnmet when a hard wish is not kept.
    """
    if not 1 <= bars <= MAX_NEW_BARS:
        raise InvalidInput(f"bars to add must be 1..{MAX_NEW_BARS}, got {bars}: give a number in that range")
    if not score.note_count:
        raise InvalidInput(
            f"a score must have notes to be continued, got none in {score.title!r}: use compose"
        )
    frame = _prepared(score)
    line = Timeline.of(frame)
    first = _bars_played(frame)
    end = line.bar_start(first + bars)
    frame = frame.with_parts(p.with_notes(_cut(p.notes, line.bar_start(first))) for p in frame.parts)
    frame = replace(
        frame, length_ticks=end, chords=tuple(m for m in frame.chords if m.tick < line.bar_start(first))
    )
    active = [
        i for i, p in enumerate(frame.parts) if p.notes.end > line.bar_start(max(first - RECENT_BARS, 0))
    ]
    new_bars = range(first, first + bars)
    write = frozenset(Cell(p, b) for p in (CHORD_ROW, *active) for b in new_bars)
    constraints = _constraints(score, frame, write, first + bars, active)
    request = Request(
        score=frame, write=write, constraints=constraints, seed=seed, style=style, bars=first + bars,
        instruments=tuple(_name(p) for p in frame.parts), sampling=sampling or Sampling(),
    )  # fmt: skip
    rng = np.random.default_rng([seed, take])
    written, steps = write_cells(
        request,
        model,
        rng,
        origin=origin_of(request, model, take),
        progress=lambda done: progress(done, len(write)),
    )
    result = _with_own_notes(score, written, line.bar_start(first))
    # Limits are about the new bars: the person's own playing, late releases included, is not judged by them.
    report = judged(written, constraints[:-1])
    kept = judged(result, constraints[-1:])
    return Take(result, request, seed, Report((*report.verdicts, *kept.verdicts)), steps)


def _bars_played(frame: Score) -> int:
    """Return how many bars the music fills; a release that spills over a bar line opens no new bar."""
    line = Timeline.of(frame)
    last = max(int(p.notes.onset.max()) for p in frame.parts if len(p.notes))
    held = max(p.notes.end for p in frame.parts) - SPILL_TICKS
    return max(line.bar_count(last + 1), line.bar_count(held))


def _cut(notes: Notes, end: Ticks) -> Notes:
    return notes.with_columns(duration=np.minimum(notes.duration, np.maximum(end - notes.onset, 1)))


def _prepared(score: Score) -> Score:
    """Return a quantised copy with keys, chords and roles, found where the score does not give them."""
    frame = quantise(score)[0]
    if any(p.role == "unknown" for p in frame.parts):
        roles = find_roles(frame)
        frame = frame.with_parts(
            replace(p, role=r) if p.role == "unknown" else p for p, r in zip(frame.parts, roles, strict=True)
        )
    if not frame.keys:
        frame = replace(frame, keys=find_keys(frame))
    if not frame.chords:
        frame = replace(frame, chords=find_chords(frame, frame.keys))
    return frame


def _name(part: Part) -> str:
    return instrument_for_program(part.program, is_drums=part.is_drums).name


def _constraints(
    score: Score, frame: Score, write: frozenset[Cell], bars: int, active: list[int]
) -> tuple[Constraint, ...]:
    """Return what a continuation must keep: the person's notes, ranges, polyphony, chords, length."""
    ranges, limits = [], []
    for part in frame.parts:
        instrument = instrument_for_program(part.program, is_drums=part.is_drums)
        fits = part.is_drums or not len(part.notes) or (
            instrument.low <= part.notes.pitch.min() and part.notes.pitch.max() <= instrument.high
        )  # fmt: skip
        ranges.append(instrument.name if fits else "")
        limits.append(max(_most_at_once(part), 1))
    sounding = frozenset(c for c in write if c.part in active)
    return (
        KeepBars(bars),
        InRange(tuple(ranges)),
        DrumMap(),
        Sounds(sounding),
        MaxPolyphony(tuple(limits)),
        WithinBars(bars),
        Original(write),
        Locked(score, write),
    )


def _most_at_once(part: Part) -> int:
    ends = np.sort(part.notes.offset)
    before = np.searchsorted(ends, part.notes.onset, side="right")
    return int((np.arange(1, len(part.notes) + 1) - before).max(initial=0))


def _with_own_notes(score: Score, written: Score, from_tick: Ticks) -> Score:
    """Return the written score with the person's own notes, exactly as given, before a tick."""
    parts = []
    for own, new in zip(score.parts, written.parts, strict=True):
        added = new.notes.between(from_tick, 1 << 61)
        parts.append(replace(new, notes=Notes.concat([own.notes, added])))
    return replace(written, parts=tuple(parts))
