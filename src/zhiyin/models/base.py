"""The seams for models: what a trained filler offers to the decoding loop.

Conventions: models know ids and arrays, not music; probabilities are natural-log, float64.
This module knows no family; the tables are `zhiyin.models.MODELS` and `zhiyin.models.runtime`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from zhiyin.encode.fields import NO_LAST
from zhiyin.units import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Under:
    """What lies under the next value: tonic pitch class, chord root and chord quality (12, 12, Q for none).

    last: the pitch before it in its row, NO_LAST for none.
    """

    tonic: int
    chord_root: int
    chord_quality: int
    last: int = NO_LAST


class StepState(Protocol):
    """A sequence read so far; feeding returns nothing, asking gives log-probabilities of the next event's fields.

    The fields are asked in order: onset, value (given onset), duration (given value), extra (given duration).
    """

    def feed(self, fields: IntArray, time: IntArray) -> None:
        """Read events: fields (events, F), time (events,) in steps."""
        ...

    def onset(self) -> FloatArray:
        """Return (onsets + 1,) log-probabilities of the next onset or END."""
        ...

    def value(self, onset: int, under: Under) -> FloatArray:
        """Return (values,) log-probabilities of the next value."""
        ...

    def duration(self, value: int) -> FloatArray:
        """Return (durations + 1,) log-probabilities of the duration."""
        ...

    def extra(self, duration: int) -> FloatArray:
        """Return (extras,) log-probabilities of the level or bass."""
        ...

    def mark(self) -> int:
        """Return the number of events read, for `rewind`."""
        ...

    def rewind(self, mark: int) -> None:
        """Forget every event after a mark; the last event kept is the one asked about next."""
        ...


class StepModel(Protocol):
    """A model that predicts the next event of a sequence, one event a step.

    order: how it lays out cells, as `zhiyin.encode.Window.order`.
    """

    @property
    def name(self) -> str:
        """Return the name that provenance gives."""
        ...

    @property
    def version(self) -> str:
        """Return the version that provenance gives."""
        ...

    @property
    def order(self) -> str:
        """Return how cells are laid out."""
        ...

    def start(self) -> StepState:
        """Return an empty sequence."""
        ...
