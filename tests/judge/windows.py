"""Made-up windows for the tests of the judges; same seed, same windows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from zhiyin.judge.excerpts import Excerpt

Row = tuple[int, int, int] | tuple[int, int, int, int]


def window(
    rows: Iterable[Row],
    *,
    metre: tuple[int, int] = (4, 4),
    bar_steps: int = 96,
    drums: Iterable[int] = (),
) -> Excerpt:
    """Return a window of (onset, duration, pitch[, part]) rows in steps; drums: the parts that are drums."""
    table = np.array([(*row, 0)[:4] for row in rows], np.int64).reshape(-1, 4)
    is_drums = np.isin(table[:, 3], list(drums))
    return Excerpt(table[:, 0], table[:, 1], table[:, 2], table[:, 3], is_drums, metre, bar_steps)


def tune(seed: int, *, spread: int = 5) -> Excerpt:
    """Return eight bars of quarters that walk up and down C major over a drone."""
    rng = np.random.default_rng(seed)
    scale = np.array([60, 62, 64, 65, 67, 69, 71, 72, 74, 76])
    place, rows = 4, list[Row]()
    for beat in range(32):
        place = int(np.clip(place + rng.integers(-spread, spread + 1), 0, 9))
        rows.append((beat * 24, 24, int(scale[place]), 1))
        if beat % 4 == 0:
            rows.append((beat * 24, 96, 48, 0))
    return window(rows)
