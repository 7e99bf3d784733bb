"""The context of a grid: what is told about rows, columns and cells besides the notes.

Conventions: one value a column or a row or a cell, coded as in `zhiyin.encode.fields`; -1 levels are open.
Row 0 is the chord row. This module does not order events: see `zhiyin.encode.sequence`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.fields import (
    DEGREE_NONE,
    METRE_SLOTS,
    METRES,
    MODE_MAJOR,
    MODE_MINOR,
    MODE_OTHER,
    MODE_UNKNOWN,
    PROGRAM_CHORDS,
    PROGRAM_DRUMS,
    TIED,
    UNKNOWN,
)
from zhiyin.encode.grid_tokens import GridTokens
from zhiyin.encode.levels import density_level, polyphony_level, tempo_level
from zhiyin.score import ROLES, Score
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.styles import STYLES
from zhiyin.units import STEPS_PER_QUARTER, TICKS_PER_STEP, IntArray

CHORD_ROW_ROLE = len(ROLES)
RESEMBLES_NONE, NOT_TOLD = -1, -2  # what a column that is not said to resemble an earlier one holds


@dataclass(frozen=True, eq=False)
class Context:
    """Everything an event row is told besides notes.

    style, mood, tempo: global codes. tonic, mode, metre, length, section_pos, section_left, piece_pos,
    piece_left: (columns,). like: (columns,) the earlier column this one resembles, RESEMBLES_NONE or NOT_TOLD.
    role, program: (rows,). density, polyphony: (columns, rows) levels, -1 open; register_pitch: (columns, rows)
    mean pitch, nan open, 0 empty. offset: (columns,) steps from the bar's start where columns are parts of bars.
    """

    style: int
    mood: int
    tempo: int
    tonic: IntArray
    mode: IntArray
    metre: IntArray
    length: IntArray
    section_pos: IntArray
    section_left: IntArray
    piece_pos: IntArray
    piece_left: IntArray
    like: IntArray
    role: IntArray
    program: IntArray
    density: IntArray
    polyphony: IntArray
    register_pitch: NDArray[np.float64]
    offset: IntArray | None = None


def style_code(style: str | None) -> int:
    """Return the code of a style name, or the 'not told' code."""
    return STYLES.index(style) if style in STYLES else UNKNOWN["style"]


def mode_code(key: Key | None) -> int:
    """Return whether a key is major, minor, another mode or unknown."""
    if key is None:
        return MODE_UNKNOWN
    if key.mode in ("major", "minor"):
        return MODE_MAJOR if key.mode == "major" else MODE_MINOR
    return MODE_OTHER


def metre_code(metre: Metre) -> int:
    """Return the slot of a metre, or the 'not told' slot for a rare one."""
    pair = (metre.numerator, metre.denominator)
    return METRES.index(pair) if pair in METRES else METRE_SLOTS - 1


def mood_code(*, is_minor: bool, bpm: float, density: float) -> int:
    """Return a mood quadrant 0..3 from mode and activity: 0 bright calm, 1 bright lively, 2 dark calm, 3 dark lively.

    density: attacks a quarter of the busiest part. Rule of thumb after Eerola & Vuoskoski (2011): mode carries
    valence, tempo and density carry arousal.
    """
    lively = bpm * max(density, 0.25) > 180.0
    return 2 * int(is_minor) + int(lively)


def _carried(ticks: list[int], values: list[int], starts: IntArray, default: int) -> IntArray:
    """Return the value in force at each start."""
    if not ticks:
        return np.full(starts.size, default, np.int64)
    index = np.searchsorted(np.array(ticks), starts, side="right") - 1
    filled: IntArray = np.where(index >= 0, np.array(values, np.int64)[index], values[0])
    return filled


def positions(boundaries: IntArray, columns: int, cap: int) -> tuple[IntArray, IntArray]:
    """Return (columns since the last boundary, columns left before the next), both capped.

    boundaries: sorted first columns of the stretches.
    """
    at = np.arange(columns)
    edges = np.unique(np.concatenate(([0], boundaries, [columns])))
    index = np.searchsorted(edges, at, side="right") - 1
    return np.minimum(at - edges[index], cap), np.minimum(edges[index + 1] - 1 - at, cap)


def context_of(tokens: GridTokens, *, style: str | None = None, like: IntArray | None = None) -> Context:
    """Return the context that a score itself shows: keys, metres, sections, textures.

    like: (columns,) earlier column that each resembles, RESEMBLES_NONE or NOT_TOLD; not told when omitted.
    """
    score: Score = tokens.frame
    starts = tokens.starts[:-1] * TICKS_PER_STEP
    columns = tokens.columns
    tonic = _carried([m.tick for m in score.keys], [m.key.tonic for m in score.keys], starts, DEGREE_NONE)
    mode = _carried(
        [m.tick for m in score.keys], [mode_code(m.key) for m in score.keys], starts, MODE_UNKNOWN
    )
    metre = _carried([m.tick for m in score.metres], [metre_code(m.metre) for m in score.metres], starts, 0)
    bounds = np.searchsorted(starts, np.array([s.tick for s in score.sections], np.int64), side="left")
    section_pos, section_left = positions(bounds[bounds < columns], columns, 16)
    piece_pos, piece_left = positions(np.empty(0, np.int64), columns, 8)
    if not score.sections:
        section_pos, section_left = np.full(columns, 17), np.full(columns, 17)
    density, polyphony, register_pitch, busiest = cell_levels(tokens)
    bpm = score.tempos[0].bpm
    is_minor = bool(np.mean(mode == MODE_MINOR) > 0.5)
    return Context(
        style=style_code(style),
        mood=mood_code(is_minor=is_minor, bpm=bpm, density=busiest),
        tempo=int(tempo_level(bpm)),
        tonic=tonic,
        mode=mode,
        metre=metre,
        length=np.diff(tokens.starts),
        section_pos=section_pos,
        section_left=section_left,
        piece_pos=piece_pos,
        piece_left=piece_left,
        like=np.full(columns, NOT_TOLD, np.int64) if like is None else like,
        role=np.array([CHORD_ROW_ROLE, *(ROLES.index(p.role) for p in score.parts)], np.int64),
        program=row_programs(score),
        density=density,
        polyphony=polyphony,
        register_pitch=register_pitch,
    )


def row_programs(score: Score) -> IntArray:
    """Return the program code of each row: GM number, drums or the chord row."""
    codes = [PROGRAM_DRUMS if part.is_drums else part.program for part in score.parts]
    return np.array([PROGRAM_CHORDS, *codes], np.int64)


def cell_levels(tokens: GridTokens) -> tuple[IntArray, IntArray, NDArray[np.float64], float]:
    """Return density and polyphony levels and mean pitch of every cell, (columns, rows), and the busiest part.

    The last value is attacks a quarter of the part with most attacks.
    """
    seg, rows = tokens.segments, tokens.rows
    shape = (tokens.columns, rows)
    cell = seg.column * rows + seg.row
    size = shape[0] * shape[1]
    fresh = seg.extra % 2 < TIED
    notes = np.bincount(cell[fresh], minlength=size)
    moment = cell[fresh] * 256 + seg.onset[fresh]
    is_new = np.diff(moment, prepend=-1) != 0
    attacks = np.bincount(cell[fresh][is_new], minlength=size)
    pitch_sum = np.bincount(cell, weights=seg.value, minlength=size)
    sounding = np.bincount(cell, minlength=size)
    quarters = np.repeat(np.maximum(np.diff(tokens.starts), 1) / STEPS_PER_QUARTER, rows)
    rate = attacks / quarters
    mean_pitch = np.where(sounding > 0, pitch_sum / np.maximum(sounding, 1), 0.0)
    per_part = rate.reshape(shape)[:, 1:].mean(axis=0) if rows > 1 else np.zeros(1)
    return (
        density_level(np.where((sounding > 0) & (attacks == 0), 0.1, rate)).reshape(shape),
        polyphony_level(np.where(sounding > 0, np.maximum(notes / np.maximum(attacks, 1), 1.0), 0.0)).reshape(
            shape
        ),
        mean_pitch.reshape(shape),
        float(per_part.max(initial=0.0)),
    )


def open_levels(context: Context) -> Context:
    """Return the context with every texture level left open."""
    shape = context.density.shape
    return replace(
        context,
        density=np.full(shape, -1, np.int64),
        polyphony=np.full(shape, -1, np.int64),
        register_pitch=np.full(shape, np.nan),
    )
