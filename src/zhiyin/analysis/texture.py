"""Texture: how dense, thick, high, loud and syncopated each part is in each bar, and coarse levels of it.

Conventions: arrays are (parts, bars); density counts attacks a quarter, polyphony notes an attack, register
the mean sounding pitch; level 0 is an empty cell. This module does not name textures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from zhiyin.analysis.columns import Columns, bar_edges, beats_of, columns_of, spread
from zhiyin.score import Score
from zhiyin.units import TICKS_PER_QUARTER, BoolArray, FloatArray, IntArray

# Upper edges of the levels; the same numbers as in the encoder, where they are part of the checkpoint format.
DENSITY_EDGES = (0.0, 0.35, 0.7, 1.2, 1.8, 2.8, 4.2)  # attacks a quarter: levels 0..7
POLYPHONY_EDGES = (0.0, 1.05, 1.6, 2.5, 3.5)  # notes an attack: levels 0..5
REGISTER_EDGES = (0.0, 39.0, 48.0, 57.0, 66.0, 75.0, 84.0)  # MIDI pitch: levels 0..7
HELD_DENSITY = 0.1  # a cell that only holds a note from before


@dataclass(frozen=True, eq=False)
class Texture:
    """Numbers of every cell, each (parts, bars).

    notes, attacks: counts of notes and of distinct onsets that start in the cell; density: attacks a quarter;
    polyphony: notes an attack (1 where a note is only held); register: mean sounding pitch, 0 when empty;
    velocity: mean of the notes that start, 0 if none; low, high: sounding pitch range, -1 when empty;
    syncopation: share of attacks off the beat that last over the next beat; is_empty: nothing sounds.
    """

    notes: IntArray
    attacks: IntArray
    density: FloatArray
    polyphony: FloatArray
    register: FloatArray
    velocity: FloatArray
    low: IntArray
    high: IntArray
    syncopation: FloatArray
    is_empty: BoolArray

    @property
    def span(self) -> IntArray:
        """Return the range of each cell in semitones, 0 when empty."""
        return self.high - self.low


@dataclass(frozen=True, eq=False)
class TextureLevels:
    """Levels of every cell, each (parts, bars): density 0..7, polyphony 0..5, register 0..7; 0 is empty."""

    density: IntArray
    polyphony: IntArray
    register: IntArray


def cell_texture(score: Score, bar_ticks: IntArray | None = None) -> Texture:
    """Return the texture of every cell.

    bar_ticks: (bars + 1,) first tick of each bar and the end of the last (`Grid.bar_ticks`); the score's own bars
    when omitted.
    """
    edges = bar_edges(score) if bar_ticks is None else bar_ticks
    bars, parts = max(len(edges) - 1, 0), len(score.parts)
    notes, size = columns_of(score, with_drums=True), parts * bars
    inside = _inside(notes, edges)
    cell = notes.part * bars + np.searchsorted(edges, notes.onset, side="right") - 1
    count = np.bincount(cell[inside], minlength=size)
    rows, attacked = _attacks(notes, cell, inside)
    attacks = np.bincount(attacked, minlength=size)
    velocity = np.bincount(cell[inside], weights=notes.velocity[inside], minlength=size) / np.maximum(
        count, 1
    )
    sounding, mean, low, high = _pitches(notes, edges, size)
    is_empty = sounding == 0
    pushed = np.bincount(attacked, weights=_is_syncopated(score, notes, rows), minlength=size)
    late = pushed / np.maximum(attacks, 1)
    quarters = np.tile(np.diff(edges) / TICKS_PER_QUARTER, parts)
    density = np.where((attacks == 0) & ~is_empty, HELD_DENSITY, attacks / np.maximum(quarters, 1e-9))
    polyphony = np.where(is_empty, 0.0, np.maximum(count / np.maximum(attacks, 1), 1.0))
    columns: dict[str, Any] = {
        "notes": count, "attacks": attacks, "density": density, "polyphony": polyphony, "register": mean,
        "velocity": velocity, "low": low, "high": high, "syncopation": late, "is_empty": is_empty,
    }  # fmt: skip
    return Texture(**{name: column.reshape(parts, bars) for name, column in columns.items()})


def texture_levels(texture: Texture) -> TextureLevels:
    """Return the coarse levels of every cell, by the edges of this module.

    >>> levels(np.array([0.0, 1.0, 2.0, 8.0]), DENSITY_EDGES).tolist()
    [0, 3, 5, 7]
    """
    return TextureLevels(
        density=levels(texture.density, DENSITY_EDGES),
        polyphony=levels(texture.polyphony, POLYPHONY_EDGES),
        register=levels(texture.register, REGISTER_EDGES),
    )


def levels(values: FloatArray, edges: tuple[float, ...]) -> IntArray:
    """Return how many edges lie below each value."""
    found: IntArray = np.searchsorted(np.array(edges), values, side="left").astype(np.int64)
    return found


def _inside(notes: Columns, edges: IntArray) -> BoolArray:
    if len(edges) < 2:
        return np.zeros(len(notes), bool)
    inside: BoolArray = (notes.onset >= edges[0]) & (notes.onset < edges[-1])
    return inside


def _attacks(notes: Columns, cell: IntArray, inside: BoolArray) -> tuple[IntArray, IntArray]:
    """Return (note rows, cells) of the first note at each onset of each part."""
    is_new = np.ones(len(notes), bool)
    is_new[1:] = (notes.onset[1:] != notes.onset[:-1]) | (notes.part[1:] != notes.part[:-1])
    rows = np.flatnonzero(is_new & inside)
    return rows, cell[rows]


def _pitches(notes: Columns, edges: IntArray, size: int) -> tuple[IntArray, FloatArray, IntArray, IntArray]:
    """Return (notes sounding, their mean pitch, lowest, highest) of every cell."""
    row, bar, overlap = spread(notes.onset, notes.offset, edges)
    row, bar = row[overlap > 0], bar[overlap > 0]
    cell, pitch = notes.part[row] * (len(edges) - 1) + bar, notes.pitch[row]
    sounding = np.bincount(cell, minlength=size)
    mean = np.bincount(cell, weights=pitch, minlength=size) / np.maximum(sounding, 1)
    low, high = np.full(size, 128, np.int64), np.full(size, -1, np.int64)
    np.minimum.at(low, cell, pitch)
    np.maximum.at(high, cell, pitch)
    return sounding, mean, np.where(sounding > 0, low, -1), high


def _is_syncopated(score: Score, notes: Columns, rows: IntArray) -> FloatArray:
    """Return 1 for each attack off the beat whose note lasts past the next beat, else 0."""
    edges = beats_of(score).edges
    onset, offset = notes.onset[rows], notes.offset[rows]
    index = np.clip(np.searchsorted(edges, onset, side="right") - 1, 0, max(len(edges) - 2, 0))
    if len(edges) < 2:
        return np.zeros(rows.size)
    late: FloatArray = ((onset != edges[index]) & (offset > edges[index + 1])).astype(np.float64)
    return late
