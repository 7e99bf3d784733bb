"""Edits that return a new score: transpose, slice, shift, stretch the tempo.

Conventions: nothing is changed in place; drums never transpose.
This module does not quantise (quantise.py) and does not know acts (`zhiyin.apps`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.score.note import NO_ORIGIN, Notes
from zhiyin.score.provenance import Origin, merge_provenance, origins_of, renumbered
from zhiyin.score.score import ChordMark, KeyMark, Part, Score, Tempo
from zhiyin.score.timeline import Timeline
from zhiyin.units import Ticks


def transpose(score: Score, semitones: int) -> Score:
    """Return the score moved by semitones: notes, keys and chords; drum parts stay.

    Raises InvalidInput when a note would leave MIDI 0..127.
    """
    if semitones == 0:
        return score
    keys = tuple(KeyMark(m.tick, m.key.transpose(semitones)) for m in score.keys)
    chords = tuple(ChordMark(m.tick, m.chord and m.chord.transpose(semitones)) for m in score.chords)
    return replace(
        score, parts=tuple(_transpose_part(p, semitones) for p in score.parts), keys=keys, chords=chords
    )


def _transpose_part(part: Part, semitones: int) -> Part:
    if part.is_drums or not len(part.notes):
        return part  # Drum keys name instruments, not pitches.
    low, high = int(part.notes.pitch.min()) + semitones, int(part.notes.pitch.max()) + semitones
    if low < 0 or high > 127:
        raise InvalidInput(
            f"transposing {part.name!r} by {semitones} must stay in MIDI 0..127, got {low}..{high}: use a smaller step"
        )
    moved = part.notes.with_columns(pitch=part.notes.pitch + semitones, spelling=None)
    return part.with_notes(moved)


def slice_ticks(score: Score, start: Ticks, end: Ticks) -> Score:
    """Return the stretch [start, end) moved to tick 0; notes are cut at both edges.

    A note that began before `start` is dropped; marks in force at `start` are carried to tick 0.
    """
    if not 0 <= start < end:
        raise InvalidInput(f"slice must have 0 <= start < end, got {start}..{end}")
    line = Timeline.of(score)

    def carried(marks: tuple[Any, ...]) -> tuple[Any, ...]:
        before = [replace(m, tick=0) for m in marks if m.tick <= start][-1:]
        return (*before, *(replace(m, tick=m.tick - start) for m in marks if start < m.tick < end))

    bar = int(line.bar_of(start))
    next_bar = line.bar_start(bar + 1)
    pickup = 0 if start == line.bar_start(bar) else min(next_bar - start, end - start)
    if start == 0:
        pickup = score.pickup_ticks
    parts = tuple(_slice_part(p, start, end) for p in score.parts)
    fields: dict[str, Any] = {
        name: carried(getattr(score, name)) for name in ("tempos", "metres", "keys", "chords", "sections")
    }
    return replace(score, parts=parts, pickup_ticks=pickup, length_ticks=end - start, locks=(), **fields)


def _slice_part(part: Part, start: Ticks, end: Ticks) -> Part:
    inside = part.notes.between(start, end)
    cut = inside.with_columns(
        onset=inside.onset - start, duration=np.minimum(inside.duration, end - inside.onset)
    )
    controls = tuple(replace(c, tick=c.tick - start) for c in part.controls if start <= c.tick < end)
    return replace(part, notes=cut, controls=controls)


def slice_bars(score: Score, first: int, count: int) -> Score:
    """Return `count` bars from the 0-based bar `first`, moved to tick 0."""
    starts = Timeline.of(score).bar_starts(first + count)
    return slice_ticks(score, int(starts[first]), int(starts[first + count]))


def map_notes(score: Score, change: Callable[[Part], Notes]) -> Score:
    """Return the score with every part's notes passed through a function."""
    return score.with_parts(part.with_notes(change(part)) for part in score.parts)


def scale_tempo(score: Score, factor: float) -> Score:
    """Return the score with every tempo multiplied by a factor (1.2: a fifth faster)."""
    return replace(score, tempos=tuple(Tempo(t.tick, t.bpm * factor) for t in score.tempos))


def with_shared_provenance(scores: Sequence[Score]) -> tuple[Score, ...]:
    """Return scores under one table of origins, so that the notes of one may be joined with another's.

    The notes of the first keep their numbers unless its table names an origin twice.
    """
    table, places = merge_provenance(score.provenance for score in scores)
    return tuple(
        replace(map_notes(score, lambda part, own=own: renumbered(part.notes, own)), provenance=table)  # type: ignore[misc]
        for score, own in zip(scores, places, strict=True)
    )


def with_origin(score: Score, origin: Origin) -> Score:
    """Return the score with an origin named for every note of unknown origin; all others keep theirs.

    A score without such notes comes back as it is.
    """
    unknown = [origins_of(part.notes, len(score.provenance)) == NO_ORIGIN for part in score.parts]
    if not any(mask.any() for mask in unknown):
        return score
    table = score.provenance if origin in score.provenance else (*score.provenance, origin)
    parts = []
    for part, mask in zip(score.parts, unknown, strict=True):
        found = np.where(mask, table.index(origin), origins_of(part.notes, len(score.provenance)))
        parts.append(part.with_notes(part.notes.with_columns(origin=found)) if len(mask) else part)
    return replace(score, parts=tuple(parts), provenance=table)
