"""What of a bar can be asked for by moving its latent: measures of bars, and directions fitted to them.

Conventions: values are one a bar, nan where a bar has none (a kit has no height, silence nothing at all); directions
are found on people's bars of the train split and stand in the net file. This module knows no scores.
"""

from __future__ import annotations

import numpy as np

from zhiyin.encode.bar_steps import HOLD, STEPS, Bars, sounding
from zhiyin.models.vae_condition import attacks_a_quarter, mean_pitch
from zhiyin.units import BoolArray, Float32Array, FloatArray

ATTRIBUTES = ("density", "height", "syncopation", "brightness")
DIRECTIONS, SPREADS = "attributes.directions", "attributes.spreads"  # names in a net file
# How far from C each pitch class lies on the line of fifths: Gb -6 .. B 5.
FIFTHS = np.array([0, -5, 2, -3, 4, -1, -6, 1, -4, 3, -2, 5], np.float64)
_BRIGHT_DRUMS = (3, 7, 8)  # open hat, crash, ride
_LEVEL = np.array([4, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0])  # how strong each sixteenth of a bar is
RIDGE = 1e-2


def attributes_of(bars: Bars) -> FloatArray:
    """Return (bars, 4) values in the order of ATTRIBUTES.

    density: attacks a quarter; height: mean pitch; syncopation: how much stronger the places are that notes are held
    over than those they begin on, summed over a bar (after Longuet-Higgins and Lee, 1984); brightness: mean place on
    the line of fifths of what sounds, or a kit's share of open and ringing strokes.

    >>> from zhiyin.encode.bar_steps import cut_bars
    >>> attributes_of(cut_bars(np.array([60, 128, 60, 128], np.uint8), np.array([0, 4]))).tolist()
    [[2.0, 60.0, 0.0, 0.0]]
    """
    silent = attacks_a_quarter(bars.steps, bars.lengths) == 0
    values = np.stack(
        (
            attacks_a_quarter(bars.steps, bars.lengths),
            mean_pitch(bars.steps),
            _syncopation(bars),
            _brightness(bars),
        ),
        axis=1,
    )
    values[silent] = np.nan
    return values


def _syncopation(bars: Bars) -> FloatArray:
    """Return (bars,) the sum over notes of how much stronger a place each is held over than it begins on."""
    struck: BoolArray = np.asarray(bars.steps.any(axis=2) if bars.is_kit else bars.steps < HOLD)
    goes_on = ~struck & (np.arange(STEPS) < bars.lengths[:, None])
    if not bars.is_kit:
        goes_on &= bars.steps == HOLD
    total = np.zeros(len(bars))
    level = np.full(len(bars), STEPS)  # strength of the last beginning, above all where there is none
    strongest = np.zeros(len(bars), np.int64)
    for step in range(STEPS):
        total += np.where(struck[:, step], np.maximum(strongest - level, 0), 0)
        held = np.where(goes_on[:, step], np.maximum(strongest, _LEVEL[step]), strongest)
        strongest = np.where(struck[:, step], 0, held)
        level = np.where(struck[:, step], _LEVEL[step], level)
    result: FloatArray = total + np.maximum(strongest - level, 0)
    return result


def _brightness(bars: Bars) -> FloatArray:
    if bars.is_kit:
        hits = bars.steps.sum(axis=(1, 2))
        share: FloatArray = bars.steps[:, :, list(_BRIGHT_DRUMS)].sum(axis=(1, 2)) / np.maximum(hits, 1)
        return share
    heard = sounding(bars.steps)
    known = heard < HOLD
    place = np.where(known, FIFTHS[heard % 12], 0.0)
    mean: FloatArray = place.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return mean


def fit_directions(latent: Float32Array, values: FloatArray) -> tuple[Float32Array, Float32Array]:
    """Return (4, latent) what to add so that one attribute rises by one deviation and the others stay, and deviations.

    The shortest such step as the latents themselves are spread: S W' (W S W')^-1 for a linear reading W. Attributes
    that no bar has get zeros.
    """
    directions = np.zeros((len(ATTRIBUTES), latent.shape[1]), np.float32)
    spreads = np.array([np.nanstd(column) if np.isfinite(column).any() else 0.0 for column in values.T])
    used = np.flatnonzero(spreads > 1e-6).tolist()
    rows = np.isfinite(values[:, used]).all(axis=1)
    x = latent[rows].astype(np.float64)
    x = x - x.mean(axis=0)
    y = values[rows][:, used]
    y = (y - y.mean(axis=0)) / y.std(axis=0)
    covariance = x.T @ x / len(x) + RIDGE * np.eye(x.shape[1])
    reading = np.linalg.solve(covariance, x.T @ y / len(x)).T  # (attributes, latent)
    steps = covariance @ reading.T @ np.linalg.inv(reading @ covariance @ reading.T)
    directions[used] = steps.T.astype(np.float32)
    return directions, spreads.astype(np.float32)
