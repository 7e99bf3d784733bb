"""Beat stack in numpy: the sums of `zhiyin.models.beat_stack` for one piece, without torch.

Conventions: (beats, width), float32; weights bear the names of the torch net behind a prefix.
This module trains nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zhiyin.models.beat_sizes import EPSILON, REACHES
from zhiyin.units import Float32Array

Weights = Mapping[str, Float32Array]


def run_stack(weights: Weights, prefix: str, x: Float32Array, *, code: Float32Array) -> Float32Array:
    """Return (beats, out) of (beats, in), steered by a code of (beats, code)."""
    x = _linear(weights, prefix + "enter", x)
    index = 0
    while f"{prefix}blocks.{index}.mix.weight" in weights:
        x = x + _moved(weights, f"{prefix}blocks.{index}.", x, code, REACHES[index % len(REACHES)])
        index += 1
    return _linear(weights, prefix + "leave", silu(_norm(x)))


def _moved(weights: Weights, name: str, x: Float32Array, code: Float32Array, reach: int) -> Float32Array:
    width = x.shape[1]
    steer = _linear(weights, name + "steer", code)
    y = _norm(x) * (1 + steer[:, :width]) + steer[:, width:]
    none = np.zeros((reach, width), np.float32)
    padded = np.concatenate((none, y, none))
    near = np.concatenate((padded[: len(x)], y, padded[2 * reach :]), axis=1)
    return _linear(weights, name + "out", silu(_linear(weights, name + "mix", near)))


def _linear(weights: Weights, name: str, x: Float32Array) -> Float32Array:
    y: Float32Array = x @ weights[name + ".weight"].T + weights[name + ".bias"]
    return y


def _norm(x: Float32Array) -> Float32Array:
    centred = x - x.mean(axis=1, keepdims=True)
    normed: Float32Array = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + EPSILON)
    return normed


def silu(x: Float32Array) -> Float32Array:
    """Return x times its sigmoid."""
    return np.asarray(x / (1 + np.exp(-np.clip(x, -60, 60))), np.float32)
