"""Lanes: sequences of the same length and times read side by side, so that they share each matrix product.

Conventions: arrays gain a leading lane axis; what a lane answers equals what a `FillState` of its own would, to
float32 rounding. This module does not know what the lanes differ in: see `zhiyin.fill.guidance`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhiyin.errors import InvalidInput
from zhiyin.models.base import Under
from zhiyin.models.runtime import (
    FillRuntime,
    FillState,
    _add_spread,
    _add_steps,
    _gelu,
    _silu,
    _unit,
    log_softmax,
)
from zhiyin.units import Float32Array, FloatArray, IntArray

# A product of two to four rows packs its matrix anew each time; past so many weights, row by row is faster: the second
# row finds the matrix in the cache (measured: 512 x 2816 floats, two rows, 1,740 us as one product, 760 us row by row).
_PACKED_ROWS, _CACHED_WEIGHTS = 4, 300_000


def times(x: Float32Array, weight: Float32Array) -> Float32Array:
    """Return x @ weight, (rows, columns), by whichever way is faster."""
    if len(x) > _PACKED_ROWS or weight.size < _CACHED_WEIGHTS:
        return np.asarray(x @ weight, np.float32)
    return np.stack([row @ weight for row in x])


class FillLanes(FillState):
    """Sequences read side by side: fields are (lanes, events, F), answers (lanes, choices)."""

    def __init__(self, runtime: FillRuntime, lanes: int) -> None:
        super().__init__(runtime)
        self._lanes = lanes
        layers, heads, capacity, head = self._keys.shape
        self._keys = np.empty((layers, lanes * heads, capacity, head), np.float32)
        self._values = np.empty_like(self._keys)
        self._hidden = np.empty((capacity, lanes * runtime.config.width), np.float32)

    def feed(self, fields: IntArray, time: IntArray) -> None:
        """Read events: fields (lanes, events, F), time (events,) in steps, the same in every lane."""
        run, count = self._run, len(time)
        self._grow(self._length + count)
        x = run.embedding.take(
            fields.reshape(-1, fields.shape[-1])[:, : run.offsets.size] + run.offsets, axis=0
        ).sum(axis=1)
        turn = self._turn(time)
        for number, layer in enumerate(run.layers):
            x += times(self._attend(layer.steadied(times(_unit(x), layer.qkv)), number, turn), layer.out)
            gate_up = times(_unit(x), layer.gate_up)
            half = gate_up.shape[1] // 2
            x += times(_silu(gate_up[:, :half]) * gate_up[:, half:], layer.down)
        done = (_unit(x) * run.weights["norm.weight"]).reshape(self._lanes, count, -1)
        self._hidden[self._length : self._length + count] = done.transpose(1, 0, 2).reshape(count, -1)
        self._length += count

    def _attend(self, qkv: Float32Array, number: int, turn: NDArray[np.complex64]) -> Float32Array:
        """Return what each event gathers from its own lane, (lanes * events, width)."""
        config, start, lanes = self._run.config, self._length, self._lanes
        heads, head, count = config.heads, config.head_width, len(qkv) // lanes
        end, width = start + count, config.width
        both = qkv[:, : 2 * width].reshape(lanes, count, 2 * heads, head)
        turned = (both.view(np.complex64) * turn).view(np.float32).transpose(0, 2, 1, 3)
        asked = turned[:, :heads].reshape(lanes * heads, count, head)
        keys, values = self._keys[number], self._values[number]
        keys[:, start:end] = turned[:, heads:].reshape(lanes * heads, count, head)
        own = qkv[:, 2 * width :].reshape(lanes, count, heads, head).transpose(0, 2, 1, 3)
        values[:, start:end] = own.reshape(lanes * heads, count, head)
        scores = asked @ keys[:, :end].transpose(0, 2, 1)  # (lanes * heads, events, end)
        if count > 1:
            scores[:, np.arange(end)[None, :] > np.arange(start, end)[:, None]] = -np.inf
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        mixed = scores @ values[:, :end]
        mixed /= scores.sum(axis=-1, keepdims=True)
        rows = mixed.reshape(lanes, heads, count, head).transpose(0, 2, 1, 3)
        return np.asarray(rows.reshape(lanes * count, width), np.float32)

    @property
    def _last(self) -> Float32Array:
        if not self._length:
            raise InvalidInput(
                "lanes must hold 1 event or more before they are asked, got 0: feed a CELL event first"
            )
        return np.asarray(self._hidden[self._length - 1].reshape(self._lanes, -1), np.float32)

    def value(self, onset: int, under: Under) -> FloatArray:
        """Return (lanes, values) log-probabilities of the next value at an onset over a tonic and chord."""
        run, w = self._run, self._run.weights
        self._onset = onset
        told = w["onset_embed.weight"][onset] + w["quality_embed.weight"][under.chord_quality]
        inner = _gelu(self._ask("value_in") + told)
        logits = run.linear("value_head", inner, run.value_w)
        degree = run.linear("degree_head", inner, run.degree_w)
        chord = run.linear("chord_head", inner, run.chord_w) + w["chord_bias.weight"][under.chord_quality]
        for lane in range(self._lanes):
            _add_spread(logits[lane], degree[lane], run.degree_place, under.tonic)
            _add_spread(logits[lane], chord[lane], run.chord_place, under.chord_root)
            if run.config.steps:
                _add_steps(logits[lane], run.linear("step_head", inner[lane], run.step_w), under.last)
        return log_softmax(logits)
