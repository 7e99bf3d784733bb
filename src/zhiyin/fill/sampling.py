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
    allowed = np.flatnonzero(mask)
    assert allowed.size, "choose() needs an allowed index"
    scores = np.round(log_probs[allowed], 4) / temperature
    weights = np.exp(scores - scores.max())
    weights /= weights.sum()
    order = np.argsort(-weights, kind="stable")
    reached = np.cumsum(weights[order])
    keep = order[: int(np.searchsorted(reached, top_p - 1e-9)) + 1]
    share = np.cumsum(weights[keep])
    return int(
        allowed[
            keep[int(np.searchsorted(share, rng.random() * share[-1], side="right").clip(max=keep.size - 1))]
        ]
    )
