"""The LSTM family without torch: two matrix products an event and layer, states kept so that a line can be taken back.

Conventions: as `zhiyin.models.runtime`; gates stand in torch's order (input, forget, cell, output).
This module does not sample.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from zhiyin.models.runtime import FillRuntime, FillState, _unit
from zhiyin.units import Float32Array, IntArray


class _RecurrentLayer:
    """One layer's matrices, the norm's gain folded into the input product."""

    def __init__(self, w: dict[str, Float32Array], index: int) -> None:
        p = f"recurrent.{index}."
        gain = w[p + "norm.weight"][:, None]
        self.from_input = np.ascontiguousarray(w[p + "lstm.weight_ih_l0"].T) * gain
        self.from_state = np.ascontiguousarray(w[p + "lstm.weight_hh_l0"].T)
        self.bias = w[p + "lstm.bias_ih_l0"] + w[p + "lstm.bias_hh_l0"]


class LstmRuntime(FillRuntime):
    """LSTM weights ready to run; share one between states."""

    def _layers(self) -> list[Any]:
        return [_RecurrentLayer(self.weights, i) for i in range(self.config.layers)]

    def start(self) -> LstmState:
        """Return an empty sequence."""
        return LstmState(self)


class LstmState(FillState):
    """A sequence read so far: the state after every event, so that `rewind` costs nothing."""

    def __init__(self, runtime: LstmRuntime) -> None:
        super().__init__(runtime)
        # (layers, output and cell, events + 1, width): zeros stand before the first event.
        shape = (runtime.config.layers, 2, len(self._hidden) + 1, runtime.config.width)
        self._states = np.zeros(shape, np.float32)

    def feed(self, fields: IntArray, time: IntArray) -> None:
        """Read events: fields (events, F); time is not looked at."""
        run, count, start = self._run, len(fields), self._length
        self._grow(start + count)
        self._answered = 0
        x = run.embedding.take(fields[:, : run.offsets.size] + run.offsets, axis=0).sum(axis=1)
        for number, layer in enumerate(run.layers):
            told = _unit(x) @ layer.from_input + layer.bias
            states = self._states[number]
            for i in range(count):
                gates = told[i] + states[0, start + i] @ layer.from_state
                states[:, start + i + 1] = _cell(gates, states[1, start + i])
            x = x + states[0, start + 1 : start + count + 1]
        self._hidden[start : start + count] = _unit(x) * run.weights["norm.weight"]
        self._length += count

    def _grow(self, needed: int) -> None:
        capacity = len(self._hidden)
        if needed <= capacity:
            return
        extra = max(needed, 2 * capacity) - capacity
        self._states = np.pad(self._states, ((0, 0), (0, 0), (0, extra), (0, 0)))
        self._hidden = np.pad(self._hidden, ((0, extra), (0, 0)))


def _cell(gates: Float32Array, before: Float32Array) -> tuple[Float32Array, Float32Array]:
    """Return (output, cell) of one step."""
    width = before.size
    squashed = 1.0 / (1.0 + np.exp(-gates))
    entered, kept, shown = squashed[:width], squashed[width : 2 * width], squashed[3 * width :]
    cell = kept * before + entered * np.tanh(gates[2 * width : 3 * width])
    return np.asarray(shown * np.tanh(cell), np.float32), np.asarray(cell, np.float32)
