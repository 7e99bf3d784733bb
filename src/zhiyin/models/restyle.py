"""Restyling: what families that change a piece's style read and answer, as arrays beat by beat.

Conventions: a beat is four cells; a backing is (beats, BACKING) zeros and ones, cell by cell: what is struck, then what
goes on; a ground is (beats, GROUND): tune, chord and tonic from the chord's root, then place and metre. Styles are
numbered as the net's own list says. This module knows no weights: see `zhiyin.models.cyclegan_runtime`.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from zhiyin.encode.backing import CELLS, KINDS, MOST_BEATS, NONE, ROWS, Ground
from zhiyin.units import BoolArray, Float32Array, FloatArray, IntArray

CELL = 2 * ROWS
BACKING = CELLS * CELL
CHORD_CELL = 24  # the chord's pitch classes and the tonic, both from the root
CHORDS = CELLS * CHORD_CELL + MOST_BEATS + len(KINDS)
TUNE_CELL = ROWS + 1
GROUND = CHORDS + CELLS * TUNE_CELL


class Restyler(Protocol):
    """A family that writes a backing anew in another style.

    styles: those it was taught, in the order of its codes.
    """

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def styles(self) -> tuple[str, ...]: ...

    def restyle(
        self,
        backing: Float32Array,
        ground: Float32Array,
        bars: IntArray,
        *,
        source: int,
        target: int,
        rng: np.random.Generator | None = None,
    ) -> FloatArray:
        """Return (beats, BACKING) chances of a backing in the style `target`.

        backing, ground: see the module; bars: (beats,) bar of each; source: code of the style it is in, -1 where that
        is not known; rng: chance, for another answer each time.
        """
        ...


def backing_rows(strike: BoolArray, sound: BoolArray) -> Float32Array:
    """Return (beats, BACKING) of rolls of (cells, ROWS)."""
    both = np.concatenate((strike, sound & ~strike), axis=1)
    rows: Float32Array = both.reshape(-1, BACKING).astype(np.float32)
    return rows


def backing_rolls(rows: FloatArray | Float32Array) -> tuple[FloatArray, FloatArray]:
    """Return (strike, hold), (cells, ROWS) each, of (beats, BACKING) chances."""
    cells = np.asarray(rows, np.float64).reshape(-1, CELL)
    return cells[:, :ROWS], cells[:, ROWS:]


def ground_rows(ground: Ground) -> Float32Array:
    """Return (beats, GROUND): the chords' part first, the tune's behind it."""
    cells = np.arange(ground.cells)
    turned = (np.arange(12) + ground.root[:, None]) % 12
    harmony = np.zeros((ground.cells, CHORD_CELL), np.float32)
    harmony[:, :12] = np.take_along_axis(ground.chord, turned, 1)
    harmony[cells, 12 + (ground.tonic - ground.root) % 12] = 1
    tune = np.zeros((ground.cells, TUNE_CELL), np.float32)
    row = np.clip(ground.tune - ground.lift, 0, ROWS - 1)
    sounding = ground.tune != NONE
    tune[cells[sounding], row[sounding]] = 1
    tune[:, ROWS] = ground.is_new
    beats = ground.cells // CELLS
    place = np.zeros((beats, MOST_BEATS + len(KINDS)), np.float32)
    at = np.minimum(ground.place[::CELLS] // CELLS, MOST_BEATS - 1)
    place[np.arange(beats), at] = 1
    place[:, MOST_BEATS + ground.kind] = 1
    return np.concatenate((harmony.reshape(beats, -1), place, tune.reshape(beats, -1)), axis=1)


def bars_of(ground: Ground) -> IntArray:
    """Return (beats,) the bar of each beat."""
    bars: IntArray = ground.bar[::CELLS]
    return bars
