"""Classifier-free guidance: the model is asked twice, told and not told style and mood; the difference is stretched.

Conventions: log-probabilities mix as u + s * (c - u), c told and u not told; s = 1 is the model itself.
This module does not choose s: see `zhiyin.fill.sampling`.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from zhiyin.encode.fields import FIELD_INDEX, UNKNOWN
from zhiyin.models import StepModel, StepState, Under
from zhiyin.models.lanes import FillLanes
from zhiyin.models.runtime import FillRuntime
from zhiyin.units import FloatArray, IntArray

GUIDED_FIELDS = ("style", "mood")
_COLUMNS = [FIELD_INDEX[name] for name in GUIDED_FIELDS]
_NOT_TOLD = np.array([UNKNOWN[name] for name in GUIDED_FIELDS])


class _Lanes(Protocol):
    """Two sequences read side by side: answers are (2, choices)."""

    def feed(self, fields: IntArray, time: IntArray) -> None: ...

    def onset(self) -> FloatArray: ...

    def value(self, onset: int, under: Under) -> FloatArray: ...

    def duration(self, value: int) -> FloatArray: ...

    def extra(self, duration: int) -> FloatArray: ...

    def mark(self) -> int: ...

    def rewind(self, mark: int) -> None: ...


class _TwoStates:
    """Two states of any model; a model whose lanes share their products reads both at less than twice the cost."""

    def __init__(self, model: StepModel) -> None:
        self._states = (model.start(), model.start())

    def feed(self, fields: IntArray, time: IntArray) -> None:
        for state, lane in zip(self._states, fields, strict=True):
            state.feed(lane, time)

    def onset(self) -> FloatArray:
        return np.stack([state.onset() for state in self._states])

    def value(self, onset: int, under: Under) -> FloatArray:
        return np.stack([state.value(onset, under) for state in self._states])

    def duration(self, value: int) -> FloatArray:
        return np.stack([state.duration(value) for state in self._states])

    def extra(self, duration: int) -> FloatArray:
        return np.stack([state.extra(duration) for state in self._states])

    def mark(self) -> int:
        return self._states[0].mark()

    def rewind(self, mark: int) -> None:
        for state in self._states:
            state.rewind(mark)


class GuidedState:
    """A sequence asked with and without style and mood; a `StepState` like any other."""

    def __init__(self, lanes: _Lanes, scale: float) -> None:
        self._lanes, self._scale = lanes, scale

    def feed(self, fields: IntArray, time: IntArray) -> None:
        """Read events: fields (events, F), time (events,) in steps."""
        untold = fields.copy()
        untold[:, _COLUMNS] = _NOT_TOLD
        self._lanes.feed(np.stack((fields, untold)), time)

    def onset(self) -> FloatArray:
        """Return log-probabilities of the next onset or END."""
        return mixed(self._lanes.onset(), self._scale)

    def value(self, onset: int, under: Under) -> FloatArray:
        """Return log-probabilities of the next value."""
        return mixed(self._lanes.value(onset, under), self._scale)

    def duration(self, value: int) -> FloatArray:
        """Return log-probabilities of the duration."""
        return mixed(self._lanes.duration(value), self._scale)

    def extra(self, duration: int) -> FloatArray:
        """Return log-probabilities of the level or bass."""
        return mixed(self._lanes.extra(duration), self._scale)

    def mark(self) -> int:
        """Return the number of events read, for `rewind`."""
        return self._lanes.mark()

    def rewind(self, mark: int) -> None:
        """Forget every event after a mark."""
        self._lanes.rewind(mark)


def mixed(log_probs: FloatArray, scale: float) -> FloatArray:
    """Return the log-probabilities of (told, not told) stretched by a scale, (choices,), summing to one.

    >>> np.exp(mixed(np.log([[0.8, 0.2], [0.5, 0.5]]), 2.0)).round(3).tolist()
    [0.941, 0.059]
    """
    told, untold = log_probs
    stretched = untold + scale * (told - untold)
    stretched = stretched - stretched.max()
    result: FloatArray = stretched - np.log(np.exp(stretched).sum())
    return result


def start_state(model: StepModel, scale: float) -> StepState:
    """Return an empty sequence of a model, guided unless the scale is 1."""
    if scale == 1.0:
        return model.start()
    # Other layouts read their events in ways of their own.
    lanes = FillLanes(model, 2) if type(model) is FillRuntime else _TwoStates(model)
    return GuidedState(lanes, scale)
