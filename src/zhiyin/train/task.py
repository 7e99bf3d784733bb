"""The seam for training: what a run learns, for the one loop that all families share.

Conventions: nets that move are named; an update moves some of them by a loss of its own, so that critics and writers
may take turns; validation gives numbers of which `all` is made smaller. This module does not loop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from torch import Tensor, nn

Batch = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Update:
    """One move of a step: which nets it moves, how often a step, and at what share of the recipe's rate."""

    name: str
    nets: tuple[str, ...]
    times: int = 1
    rate: float = 1.0


class Task(Protocol):
    """What a run trains.

    nets: every net by name, on the device; a running average of all of them is validated and exported. updates: the
    moves of one step, in turn; every move draws a batch of its own.
    """

    nets: nn.ModuleDict
    updates: tuple[Update, ...]

    def batches(self, seed: tuple[int, int]) -> Iterator[Batch]:
        """Yield batches for ever, drawn by (recipe's seed, step)."""
        ...

    def loss(self, update: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """Return the loss of an update, and what may be told of it, all still on the device."""
        ...

    def size(self, batch: Batch) -> int:
        """Return how many examples, or events, a batch holds, for speed figures."""
        ...

    def told(self, sums: dict[str, Tensor]) -> dict[str, Any]:
        """Return a log line's figures of a step from what its losses told."""
        ...

    def validate(self, nets: nn.ModuleDict) -> dict[str, float]:
        """Return figures of averaged nets on the validation split; `all` is what the run makes smaller."""
        ...
