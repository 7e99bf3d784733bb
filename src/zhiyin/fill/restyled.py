"""Restyled notes: what a family proposes for a passage, made playable notes.

Conventions: notes are (onset, duration, pitch) in steps of the score on the grid. As many notes are struck a bar as the
chances add up to, the likeliest first; nothing crosses the tune from below. This module knows no parts and no files.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from zhiyin.encode.backing import NONE, ROWS, Ground, roll_notes, rolls
from zhiyin.encode.passages import Passage
from zhiyin.models.restyle import Restyler, backing_rolls, backing_rows, bars_of, ground_rows
from zhiyin.units import BoolArray, FloatArray

Row: TypeAlias = tuple[int, int, int]
LIKELY = 0.12  # what is less likely is never struck
GOES_ON = 0.5  # of those that sounded
MOST_AT_ONCE = 6


def restyled(
    passage: Passage,
    family: Restyler,
    *,
    source: str | None,
    target: str,
    rng: np.random.Generator | None = None,
) -> list[Row]:
    """Return the backing of a passage in a style that the family was taught; another for every state of rng."""
    ground = passage.ground
    strike, sound = rolls(passage.notes, ~passage.is_top, ground)
    chances = family.restyle(
        backing_rows(strike, sound),
        ground_rows(ground),
        bars_of(ground),
        source=family.styles.index(source) if source in family.styles else -1,
        target=family.styles.index(target),
        rng=rng,
    )
    return notes_of(*backing_rolls(chances), ground)


def notes_of(strike: FloatArray, hold: FloatArray, ground: Ground) -> list[Row]:
    """Return the notes of chances to be struck and to go on, (cells, ROWS) each."""
    open_rows = _below_tune(ground)
    chance = np.where(open_rows, strike, 0.0)
    struck = _struck(chance, ground)
    _without_clashes(struck, ground)
    _without_crowds(struck, chance)
    # What goes on is asked of what sounded, not of all there is.
    goes_on = hold >= GOES_ON * np.maximum(_before(strike, hold, ground), 1e-9)
    return roll_notes(struck, goes_on & open_rows, ground)


def _before(strike: FloatArray, hold: FloatArray, ground: Ground) -> FloatArray:
    """Return the chance that what a row stands for sounded in the cell before."""
    sounding = np.clip(strike + hold, 0, 1)
    moved = np.zeros_like(sounding)
    shift = np.diff(ground.lift)
    for cell in range(1, len(sounding)):
        step = int(shift[cell - 1])
        low, high = max(-step, 0), ROWS - max(step, 0)
        moved[cell, low:high] = sounding[cell - 1, low + step : high + step]
    return moved


def _below_tune(ground: Ground) -> BoolArray:
    """Return (cells, ROWS) which rows stand below the tune, all where it rests."""
    pitch = ground.lift[:, None] + np.arange(ROWS)
    below: BoolArray = (ground.tune[:, None] == NONE) | (pitch < ground.tune[:, None])
    return below


def _struck(chance: FloatArray, ground: Ground) -> BoolArray:
    """Return which rows are struck: bar by bar as many as the chances add up to."""
    struck = np.zeros(chance.shape, bool)
    for bar in np.unique(ground.bar).tolist():
        cells = np.flatnonzero(ground.bar == bar)
        odds = chance[cells].reshape(-1)
        count = round(float(odds.sum()))
        chosen = np.argsort(-odds, kind="stable")[:count]
        chosen = chosen[odds[chosen] >= LIKELY]
        struck[cells[chosen // ROWS], chosen % ROWS] = True
    return struck


def _without_clashes(struck: BoolArray, ground: Ground) -> None:
    """Take out what is no chord tone a semitone beside one that is struck with it."""
    classes = np.arange(ROWS) % 12
    held = np.take_along_axis(ground.chord, (classes + ground.root[:, None]) % 12, 1)
    tones = struck & held
    beside = np.zeros_like(struck)
    beside[:, 1:] |= tones[:, :-1]
    beside[:, :-1] |= tones[:, 1:]
    struck &= held | ~beside


def _without_crowds(struck: BoolArray, chance: FloatArray) -> None:
    """Leave as many rows a cell as may sound at once, the lowest and the likeliest."""
    for cell in np.flatnonzero(struck.sum(axis=1) > MOST_AT_ONCE).tolist():
        rows = np.flatnonzero(struck[cell])
        inner = rows[1:][np.argsort(-chance[cell, rows[1:]], kind="stable")]
        struck[cell, inner[MOST_AT_ONCE - 1 :]] = False
