"""Notes at random: what a listener must not take for music, and the direction in which music lies away from it.

Conventions: excerpts of eight bars in 4/4, drawn from a generator that is an argument. This module hears nothing.
"""

from __future__ import annotations

import numpy as np

from zhiyin.judge.excerpts import BARS, Excerpt
from zhiyin.units import Float32Array

BAR_STEPS = 96
RANGES = ((21, 109), (36, 96), (48, 84), (55, 80))  # keys to draw from
GRIDS = (3, 6, 8, 12)  # steps between places where a note may begin
LENGTHS = (3, 6, 12, 18, 24, 36, 48)
SHRINKAGE = 0.2  # of the covariance towards the unit matrix


def random_excerpt(rng: np.random.Generator) -> Excerpt:
    """Return eight bars of 1 to 4 players who each strike any keys at any places, chords or single notes."""
    low, high = RANGES[rng.integers(len(RANGES))]
    grid = int(GRIDS[rng.integers(len(GRIDS))])
    players, chord = int(rng.integers(1, 5)), int(rng.integers(1, 4))
    places = BARS * BAR_STEPS // grid
    count = int(rng.integers(16, max(min(places, 160) // players, 17)))
    rows = []
    for part in range(players):
        onset = np.repeat(rng.choice(places, min(count, places), replace=False) * grid, chord)
        pitch = rng.integers(low, high, onset.size)
        length = np.minimum(rng.choice(LENGTHS, onset.size), BARS * BAR_STEPS - onset)
        rows.append(np.stack([onset, pitch, length, np.full(onset.size, part)]))
    table = np.concatenate(rows, axis=1)
    table = table[:, np.lexsort((table[1], table[0]))]
    drums = np.zeros(table.shape[1], bool)
    return Excerpt(table[0], table[2], table[1], table[3], drums, (4, 4), BAR_STEPS)


def order_direction(music: Float32Array, noise: Float32Array) -> Float32Array:
    """Return (features,) the direction that tells music from noise best (Fisher, 1936), of length 1.

    music, noise: (n, features) standardised windows; a higher product with the direction is more like music.
    """
    centre = music.mean(axis=0)
    apart = np.concatenate([music - centre, noise - noise.mean(axis=0)]).astype(np.float64)
    spread = apart.T @ apart / len(apart)
    spread = (1 - SHRINKAGE) * spread + SHRINKAGE * np.eye(len(spread))
    direction = np.linalg.solve(spread, (centre - noise.mean(axis=0)).astype(np.float64))
    return np.asarray(direction / np.linalg.norm(direction), np.float32)
