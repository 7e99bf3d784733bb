"""How long acts take on four parts of 32 bars, the model loaded: one bar infilled, and the first bar of a take.

Conventions: medians over several seeds after one take that is not counted; seconds of the clock, and of the processor
beside them. Does not know: whether what is written is good.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from benchmarks.pieces import piece
from benchmarks.runner import Context, Result
from zhiyin.apps.model import open_model
from zhiyin.errors import Cancelled
from zhiyin.fill.act import Order, perform_act
from zhiyin.fill.acts.accompany import accompany
from zhiyin.fill.acts.grow import continue_
from zhiyin.fill.acts.infill import infill
from zhiyin.fill.acts.melodise import melodise
from zhiyin.fill.acts.vary import vary
from zhiyin.fill.desk import Desk, lay_out
from zhiyin.fill.scope import whole_bars
from zhiyin.fill.stream import Heard
from zhiyin.models import StepModel

TAKES, BAR, PARTS = 15, 16, 4
INFILL_GOAL, FIRST_BAR_GOAL = "< 0.25", "< 0.3"
Make = Callable[[Desk, int], Order]
FIRST_BARS: dict[str, Make] = {
    "continue by eight bars": lambda desk, seed: continue_(desk, 8),
    "infill of eight bars of a part": lambda desk, seed: infill(
        desk, whole_bars(desk.frame, [0], range(8, 16))
    ),
    "vary eight bars of a part": lambda desk, seed: vary(
        desk, whole_bars(desk.frame, [0], range(8, 16)), np.random.default_rng(seed)
    ),
    "accompany": lambda desk, seed: accompany(desk),
    "melodise": lambda desk, seed: melodise(desk, instrument="flute"),
}


def run(ctx: Context) -> list[Result]:
    """Return medians of one bar infilled, of the first bar of takes, and of laying a score out."""
    model, score = open_model(), replace(piece(1, bars=32, players=PARTS), chords=(), keys=())
    laid = [timed(lambda seed: lay_out(score), seed) for seed in range(TAKES)]
    desk = lay_out(score)
    rows = _rows(ctx, "read roles, keys and chords of 32 bars for four parts", laid, None)

    def one_bar(parts: range) -> Callable[[int], object]:
        return lambda seed: perform_act(
            replace(infill(desk, whole_bars(desk.frame, parts, [BAR])), seed=seed), model
        )

    for name, parts in (("a part", range(1)), ("all four parts", range(PARTS))):
        one_bar(parts)(99)
        took = [timed(one_bar(parts), seed) for seed in range(TAKES)]
        rows += _rows(ctx, f"infill one bar of {name}, four parts", took, INFILL_GOAL)
    for name, make in FIRST_BARS.items():
        first_bar(model, desk, make, seed=99)
        took = [first_bar(model, desk, make, seed=seed) for seed in range(TAKES)]
        rows += _rows(ctx, f"first bar, {name}", took, FIRST_BAR_GOAL)
    return rows


def _rows(ctx: Context, name: str, took: list[tuple[float, float]], goal: str | None) -> list[Result]:
    """Return the median of the clock with its goal, and that of the processor."""
    return list(_medians(ctx, name, np.array(took), goal))


def _medians(
    ctx: Context, name: str, took: np.ndarray[tuple[int, int], np.dtype[np.float64]], goal: str | None
) -> Iterator[Result]:
    seeds = tuple(range(len(took)))
    yield ctx.result(
        f"{name}: median", float(np.median(took[:, 0])), "s", n=len(took), goal=goal, seeds=seeds
    )
    yield ctx.result(f"{name}: processor", float(np.median(took[:, 1])), "CPU s", n=len(took), seeds=seeds)


def timed(act: Callable[[int], object], seed: int) -> tuple[float, float]:
    """Return seconds of the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    act(seed)
    return time.perf_counter() - clock, time.process_time() - processor


def first_bar(model: StepModel, desk: Desk, make: Make, *, seed: int) -> tuple[float, float]:
    """Return how long it takes from the order to the first bar that a listener is told."""

    def stop(heard: Heard) -> None:
        raise Cancelled("one bar is enough")

    def act(seed: int) -> None:
        try:
            perform_act(replace(make(desk, seed), seed=seed), model, listener=stop)
        except Cancelled:
            return

    return timed(act, seed)
