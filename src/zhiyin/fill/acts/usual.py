"""What every act asks without being told: playable, sounding where it sounded, no more voices than before.

Conventions: wishes are judged on the whole score on the grid, limits on the new notes alone.
This module knows no single act.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.encode import encode_grid
from zhiyin.encode.context import cell_levels
from zhiyin.fill.constraints import (
    AsAround,
    Constraint,
    DrumMap,
    InRange,
    MaxPolyphony,
    NoteValues,
    Sounds,
    WithinReach,
)
from zhiyin.fill.constraints.as_around import habit_of
from zhiyin.fill.constraints.reach import ONE_HAND
from zhiyin.fill.decode import judged
from zhiyin.fill.desk import Desk
from zhiyin.fill.proof import Untouched
from zhiyin.fill.request import Request, Take, Textures
from zhiyin.score import CHORD_ROW, Cell, Part, Timeline
from zhiyin.theory.instruments import instrument_for_program
from zhiyin.units import TICKS_PER_QUARTER, FloatArray, IntArray

NEAR_BARS = 4  # texture is told as it is in so many sounding bars nearest to a bar
ODD_SHARE = (
    0.01  # of a score's notes may stand off the sixteenths before it is taken to have triplets, or runs
)
# Notes at once of a part that has played nothing yet.
NEW_PART_VOICES = {
    "melody": 1,
    "bass": 1,
    "inner": 1,
    "chords": 5,
    "accompaniment": 5,
    "drums": 6,
    "unknown": 4,
}


@dataclass(frozen=True)
class Usual:
    """Wishes and limits, see the module."""

    wishes: tuple[Constraint, ...]
    limits: tuple[Constraint, ...]


def usual(desk: Desk, cells: frozenset[Cell], *, sounding: frozenset[Cell] | None = None) -> Usual:
    """Return what an act asks of cells; sounding: those that may not be empty, as they were when omitted."""
    if sounding is None:
        sounding = frozenset(c for c in cells if c in sounding_cells(desk))
    limits = tuple(voices_at_once(part) for part in desk.frame.parts)
    wishes: list[Constraint] = [MaxPolyphony(limits)]
    if sounding:
        wishes.insert(0, Sounds(frozenset(c for c in sounding if c.part != CHORD_ROW)))
    names = tuple(fitting_name(part) for part in desk.frame.parts)
    return Usual(tuple(wishes), (InRange(names), DrumMap(), *note_values(desk)))


def like_around(desk: Desk, cells: frozenset[Cell]) -> tuple[Constraint, ...]:
    """Return what every family keeps of what stands around cells: range and leaps of each part, and its hands.

    Chords are struck no wider than the part strikes them, a tenth where it plays no wider.
    """
    parts = desk.frame.parts
    reaches = tuple(0 if p.is_drums or not len(p.notes) else max(ONE_HAND, widest_strike(p)) for p in parts)
    written = frozenset(c for c in cells if c.part != CHORD_ROW)
    return AsAround(tuple(map(habit_of, parts)), written), WithinReach(reaches)


def widest_strike(part: Part) -> int:
    """Return the widest span in semitones that a part strikes at once."""
    notes = part.notes
    first = np.flatnonzero(np.diff(notes.onset, prepend=-1))
    spans = np.maximum.reduceat(notes.pitch, first) - np.minimum.reduceat(notes.pitch, first)
    return int(spans.max(initial=0))


def as_it_was(desk: Desk) -> Take:
    """Return the score itself as a take, nothing written: what an act gives that is asked to change nothing."""
    kept = tuple(np.ones(len(p.notes), bool) for p in desk.own.parts)
    proof = Untouched(desk.own, kept, frozenset(), writes_chords=False)
    cells = frozenset(Cell(i, b) for i in range(len(desk.own.parts)) for b in range(desk.bars))
    request = Request(desk.frame, cells, (), family="rules", bars=desk.bars)
    return Take(desk.own, request, 0, judged(desk.own, (proof,)))


def note_values(desk: Desk) -> tuple[NoteValues, ...]:
    """Return the wish for plain note values where the score itself has plain ones: sixteenths, or triplets besides."""
    onsets = (
        np.concatenate([np.empty(0, np.int64), *(p.notes.onset for p in desk.frame.parts)])
        % TICKS_PER_QUARTER
    )
    if not onsets.size:
        return (NoteValues(),)
    is_plain = onsets % (TICKS_PER_QUARTER // 4) == 0
    is_triplet = onsets % (TICKS_PER_QUARTER // 3) == 0
    if np.mean(~is_plain) <= ODD_SHARE:
        return (NoteValues(),)
    return (NoteValues(with_triplets=True),) if np.mean(~(is_plain | is_triplet)) <= ODD_SHARE else ()


def voices_at_once(part: Part) -> int:
    """Return the most notes at once that a part plays, or may play where it has played none."""
    if not len(part.notes):
        return NEW_PART_VOICES[part.role]
    ends = np.sort(part.notes.offset)
    before = np.searchsorted(ends, part.notes.onset, side="right")
    return int((np.arange(1, len(part.notes) + 1) - before).max(initial=1))


def fitting_name(part: Part) -> str:
    """Return the instrument of a part, "" where its own notes leave the instrument's range already."""
    instrument = instrument_for_program(part.program, is_drums=part.is_drums)
    if part.is_drums or not len(part.notes):
        return instrument.name
    fits = instrument.low <= part.notes.pitch.min() and part.notes.pitch.max() <= instrument.high
    return instrument.name if fits else ""


def levels(desk: Desk) -> tuple[IntArray, IntArray, FloatArray]:
    """Return density and polyphony levels and mean pitch of each bar and part as they stand, (bars, parts) each."""
    tokens = encode_grid(desk.frame)
    density, polyphony, register, _ = cell_levels(tokens)
    first = np.searchsorted(tokens.bars, np.arange(int(tokens.bars[-1]) + 1))
    return density[first, 1:], polyphony[first, 1:], register[first, 1:]


def sounding_cells(desk: Desk) -> frozenset[Cell]:
    """Return the cells in which a note begins."""
    line = Timeline.of(desk.frame)
    return frozenset(
        Cell(index, int(bar))
        for index, part in enumerate(desk.frame.parts)
        for bar in np.unique(line.bar_of(part.notes.onset))
    )


def textures_like_around(desk: Desk, cells: frozenset[Cell], *, bars: int = 0) -> Textures:
    """Return texture wishes for cells as the same part plays in the nearest bars that are not to be written.

    bars: length of the score when it is to grow.
    """
    density, polyphony, register = levels(desk)
    total = max(bars, len(density), max((c.bar for c in cells), default=0) + 1)
    wanted = Textures.open(total, len(desk.frame.parts))
    written = {(c.bar, c.part) for c in cells}
    for cell in cells:
        if cell.part == CHORD_ROW:
            continue
        heard = [
            b for b in np.flatnonzero(density[:, cell.part] > 0).tolist() if (b, cell.part) not in written
        ]
        near = sorted(heard, key=lambda b: (abs(b - cell.bar), b))[:NEAR_BARS]
        if near:
            wanted.density[cell.bar, cell.part] = round(float(np.median(density[near, cell.part])))
            wanted.polyphony[cell.bar, cell.part] = round(float(np.median(polyphony[near, cell.part])))
            wanted.register_pitch[cell.bar, cell.part] = float(np.mean(register[near, cell.part]))
    return wanted


def textures_as_they_are(desk: Desk, cells: frozenset[Cell]) -> Textures:
    """Return texture wishes for cells as they stand."""
    density, polyphony, register = levels(desk)
    wanted = Textures.open(len(density), len(desk.frame.parts))
    for cell in cells:
        if cell.part != CHORD_ROW and cell.bar < len(density) and density[cell.bar, cell.part] > 0:
            wanted.density[cell.bar, cell.part] = density[cell.bar, cell.part]
            wanted.polyphony[cell.bar, cell.part] = polyphony[cell.bar, cell.part]
            wanted.register_pitch[cell.bar, cell.part] = register[cell.bar, cell.part]
    return wanted
