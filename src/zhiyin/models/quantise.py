"""Weights as whole numbers for the way to the disk: int8 with one scale a row.

Conventions: a row of a matrix is one output channel or one embedding; vectors stay as they are. A stored matrix
`name` has its scales beside it as `name.scale`. Weights are float32 in use: nothing here makes a model faster.
This module does not read or write files: see `zhiyin.models.checkpoint`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.errors import InvalidInput
from zhiyin.units import Float32Array

STORAGES = ("float16", "int8")
SCALE = ".scale"
_MOST = 127
_HALF_MEGABYTES = 20.0  # what two bytes a weight may cost before one is taken


def storage_for(weights: dict[str, Float32Array]) -> str:
    """Return the storage that keeps a checkpoint small: float16 up to 20 MB (10 million weights), int8 above."""
    half_mb = 2 * sum(array.size for array in weights.values()) / 1e6
    return "float16" if half_mb <= _HALF_MEGABYTES else "int8"


def quantise_rows(array: Float32Array) -> tuple[NDArray[np.int8], Float32Array]:
    """Return (whole numbers -127..127, scale a row) whose product is nearest to a matrix.

    >>> numbers, scale = quantise_rows(np.array([[25.0, -63.5], [0.0, 0.0]], np.float32))
    >>> numbers.tolist(), scale.tolist()
    ([[50, -127], [0, 0]], [[0.5], [1.0]])
    """
    if array.ndim != 2:
        raise InvalidInput(f"what is quantised must be a matrix (rows, columns), got {array.ndim} dimensions")
    if not np.isfinite(array).all():
        raise InvalidInput("weights must be finite, got inf or nan: the run that made them went wrong")
    largest = np.abs(array).max(axis=1, keepdims=True)
    scale = np.where(largest > 0, largest / _MOST, 1.0).astype(np.float32)
    return np.rint(array / scale).astype(np.int8), scale


def to_storage(weights: dict[str, Float32Array], storage: str) -> dict[str, NDArray[Any]]:
    """Return the arrays that stand in a file. Raises InvalidInput for an unknown storage."""
    if storage not in STORAGES:
        raise InvalidInput(f"storage must be one of {', '.join(STORAGES)}, got {storage!r}")
    stored: dict[str, NDArray[Any]] = {}
    for name, array in weights.items():
        if storage == "int8" and array.ndim == 2:
            stored[name], stored[name + SCALE] = quantise_rows(np.asarray(array, np.float32))
        else:
            stored[name] = np.ascontiguousarray(array, dtype=np.float16)
    return stored


def from_storage(stored: dict[str, NDArray[Any]]) -> dict[str, Float32Array]:
    """Return the weights in float32 of the arrays in a file."""
    weights: dict[str, Float32Array] = {}
    for name, array in stored.items():
        if name.endswith(SCALE):
            continue
        weights[name] = array.astype(np.float32)
        if name + SCALE in stored:
            weights[name] *= stored[name + SCALE]
    return weights
