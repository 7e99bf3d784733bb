"""Choosing one of many by probability, with temperature, nucleus and mask.

Conventions: log-probabilities are natural; rounding to 1e-4 before choosing keeps tiny differences of
arithmetic between processors from changing a choice. This module knows no music.
"""

from __future__ import annotations

import numpy as np

from zhiyin.units import BoolArray, FloatArray


def choose(
    log_probs: FloatArray, mask: BoolArray, rng: np.random.Generator, *, temperature: float, top_p: float
) -> int:
    """Return an index drawn among the allowed; the mask must allow at least one.

    >>> choose(np.log([0.9, 0.1]), np.array([False, True]), np.random.default_rng(0), temperature=1.0, top_p=0.9)
    1
    """
    allowed = mask.nonzero()[0]
    assert allowed.size, "choose() needs an allowed index"
    if allowed.size == 1:
        return int(allowed[0])
    scores = np.rint(log_probs[allowed] * 1e4)
    scores -= scores.max()
    weights = np.exp(scores * (1e-4 / temperature))
    order = (-weights).argsort(kind="stable")
    reached = weights[order].cumsum()
    last = int(reached.searchsorted((top_p - 1e-9) * reached[-1]))
    at = int(reached.searchsorted(rng.random() * reached[last], side="right"))
    return int(allowed[order[min(at, last)]])
