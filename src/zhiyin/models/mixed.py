"""Several step models asked as one: their probabilities of every field mixed, where their vocabularies agree.

Conventions: log-probabilities are added with weights that sum to 1 and made to sum to one again (a product of experts);
all members lay cells out in the same order. Source: Hinton, "Products of experts", 1999.
This module does not choose members or weights: see `zhiyin.apps.families`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.models.base import StepModel, StepState, Under
from zhiyin.units import FloatArray, IntArray


class MixedModel:
    """A step model made of others.

    weights: one a member, positive, any sum. Raises InvalidInput for members that lay cells out in other orders.
    """

    def __init__(self, members: Sequence[StepModel], weights: Sequence[float] = ()) -> None:
        shares = list(weights) or [1.0] * len(members)
        if len(members) < 2 or len(shares) != len(members) or not all(0 < s < math.inf for s in shares):
            raise InvalidInput(
                f"a mix must have two members or more with a positive weight each, got {len(members)} members and "
                f"weights {shares}: name a weight for every one"
            )
        orders = {member.order for member in members}
        if len(orders) > 1:
            raise InvalidInput(
                f"models that mix must lay cells out in one order, got {', '.join(sorted(orders))}: "
                "mix models trained with the same order"
            )
        self.members, self.weights = tuple(members), tuple(w / sum(shares) for w in shares)
        self.order = members[0].order
        self.name = "+".join(member.name for member in members)
        self.version = "+".join(member.version for member in members)

    @property
    def card(self) -> dict[str, Any]:
        """Return what the members learned from together: pieces of each set, the most that one of them saw."""
        cards = [getattr(member, "card", {}) for member in self.members]
        pieces: dict[str, int] = {}
        for card in cards:
            for name, count in card.get("train_pieces", {}).items():
                pieces[name] = max(pieces.get(name, 0), int(count))
        return {"train_pieces": pieces, "members": cards}

    def start(self) -> StepState:
        """Return an empty sequence."""
        return MixedState([member.start() for member in self.members], self.weights)


class MixedState:
    """A sequence read by every member."""

    def __init__(self, states: Sequence[StepState], weights: Sequence[float]) -> None:
        self._states, self._weights = tuple(states), tuple(weights)

    def feed(self, fields: IntArray, time: IntArray) -> None:
        """Read events: fields (events, F), time (events,) in steps."""
        for state in self._states:
            state.feed(fields, time)

    def onset(self) -> FloatArray:
        """Return log-probabilities of the next onset or END."""
        return mixed([state.onset() for state in self._states], self._weights)

    def value(self, onset: int, under: Under) -> FloatArray:
        """Return log-probabilities of the next value."""
        return mixed([state.value(onset, under) for state in self._states], self._weights)

    def duration(self, value: int) -> FloatArray:
        """Return log-probabilities of the duration."""
        return mixed([state.duration(value) for state in self._states], self._weights)

    def extra(self, duration: int) -> FloatArray:
        """Return log-probabilities of the level or bass."""
        return mixed([state.extra(duration) for state in self._states], self._weights)

    def mark(self) -> int:
        """Return the number of events read, for `rewind`."""
        return self._states[0].mark()

    def rewind(self, mark: int) -> None:
        """Forget every event after a mark."""
        for state in self._states:
            state.rewind(mark)


def mixed(log_probs: Sequence[FloatArray], weights: Sequence[float]) -> FloatArray:
    """Return the weighted sum of log-probabilities, made to sum to one.

    >>> np.exp(mixed([np.log([0.8, 0.2]), np.log([0.2, 0.8])], [0.5, 0.5])).round(3).tolist()
    [0.5, 0.5]
    """
    total = np.sum([w * np.maximum(p, -60.0) for w, p in zip(weights, log_probs, strict=True)], axis=0)
    total = total - total.max()
    result: FloatArray = total - np.log(np.exp(total).sum())
    return result
