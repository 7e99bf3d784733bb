"""Measures how much of the machine a training run uses: model flops of the real loop over a plain matrix product.

Conventions: model flops are two a multiply-add of every matrix product that the model's answer needs, attention over
real events below the diagonal, times three for the way back; padding, optimiser and lookups count nothing. One
thread; processor time on both sides, taken in turn. Needs a corpus. Does not know: how well the model learns.
"""

from __future__ import annotations

import itertools
import math
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.data.fetch import data_home
from zhiyin.models.config import FillConfig
from zhiyin.train.pieces import load_pieces
from zhiyin.train.recipe import load_recipe
from zhiyin.train.sampler import TrainPiece

STEPS, SIDE = 6, 1024
SETS = ("openscore_lieder", "mutopia")
GOAL = ">= 0.5"


def run(ctx: Context) -> list[Result]:
    """Return flops a second of the loop and of products in both number formats, their ratios, and the feed's rate."""
    pieces = load_pieces(_corpus(), split="valid", sets=SETS)
    rows: dict[str, list[float]] = {}
    for seed in ctx.seeds:
        for name, value in _measured(pieces, ctx.root, seed).items():
            rows.setdefault(name, []).append(value)
    loop = np.array(rows["loop"])
    results = [
        ctx.result_of(f"training, {name}", values, unit_of(name), seeds=ctx.seeds)
        for name, values in rows.items()
    ]
    for kind in ("float32", "bfloat16"):
        ratio = (loop / np.array(rows[f"product {kind}"])).tolist()
        # The loop computes in bfloat16: only that product is a bound to be held against.
        is_own = kind == "bfloat16"
        told = {"goal": GOAL} if is_own else {"anchor": "the loop computes in bfloat16: told, not counted"}
        name = f"model flops over a plain {kind} product"
        results.append(ctx.result_of(name, ratio, "share", seeds=ctx.seeds, **told))
    return results


def unit_of(name: str) -> str:
    """Return the unit of a measured rate."""
    return "events/s" if name in ("events", "feed, one core") else "GFLOP/s"


def _measured(pieces: list[TrainPiece], root: Path, seed: int) -> dict[str, float]:
    import torch

    from zhiyin.train.fill_task import FillTask
    from zhiyin.train.loop import Trainer, move
    from zhiyin.train.memory import keep_freed_memory

    keep_freed_memory()
    recipe = load_recipe(root / "recipes" / "small.toml")
    recipe = replace(recipe, seed=seed, schedule=replace(recipe.schedule, threads=1))
    rates: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as place:
        task = FillTask(recipe, pieces, pieces[:1])
        trainer = Trainer(
            recipe, task, Path(place), report=lambda line: None,
            now_s=time.monotonic,
        )  # fmt: skip
        feed_s, batches = _fed(trainer, pieces, seed)
        _moved(trainer, batches[0])
        for batch in batches[1:]:
            for kind in (torch.float32, torch.bfloat16):
                rates.setdefault(f"product {str(kind).split('.')[1]}", []).append(_product_rate(kind))
            spent_s = _processor_s(lambda b=batch: _moved(trainer, b))
            spent_s += feed_s * float(batch["length"].sum())
            rates.setdefault("loop", []).append(
                3 * forward_flops(task.config, move(batch, "cpu")) / spent_s / 1e9
            )
            rates.setdefault("events", []).append(float(batch["length"].sum()) / spent_s)
    return {**{name: median(values) for name, values in rates.items()}, "feed, one core": 1 / feed_s}


def _moved(trainer: Any, batch: dict[str, Any]) -> None:
    """Move the weights once by a batch, as the loop does."""
    trainer.move(*trainer.movers[0], batch)


def _fed(trainer: Any, pieces: list[TrainPiece], seed: int) -> tuple[float, list[dict[str, Any]]]:
    """Return the processor seconds that drawing an event costs, and batches to train on."""
    from zhiyin.train.feed import Draw, feed
    from zhiyin.train.fill_task import limits_of

    draw = Draw(limits_of(trainer.recipe), trainer.recipe.optimiser.events_a_batch)
    stream = feed(pieces, draw, seed=(seed,))
    begun = time.process_time()
    batches = list(itertools.islice(stream, 8))  # all that one draw of a pool gives
    feed_s = (time.process_time() - begun) / sum(int(b["length"].sum()) for b in batches)
    return feed_s, batches[: STEPS + 1]


def _product_rate(kind: Any) -> float:
    """Return the best GFLOP a second of a square product over five tries."""
    import torch

    a = torch.randn(SIDE, SIDE).to(kind)
    a @ a
    return max(2 * SIDE**3 / _processor_s(lambda: a @ a) / 1e9 for _ in range(5))


def _processor_s(work: Any) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def forward_flops(config: FillConfig, batch: dict[str, Any]) -> float:
    """Return the flops that the answers of a batch need, forward, two a multiply-add.

    Every event goes through the layers and is asked its next onset; where a note follows, its value, duration and
    extra are asked as well.
    """
    lengths = batch["length"].tolist()
    asked = int((batch["target"][..., 0] >= 0).sum())
    notes = int((batch["target"][..., 1] >= 0).sum())
    w, inner = config.width, config.inner
    layer = 2 * (4 * w * w + 3 * w * config.hidden)
    attention = math.fsum(2 * w * n * (n + 1) for n in lengths)  # keys and values of itself and those before
    value = inner * (w + config.values + 12 + 12)
    duration, extra = inner * (w + config.durations), inner * (w + config.extras)
    heads = 2 * (asked * w * config.onsets + notes * (value + duration + extra))
    return float(config.layers * (layer * sum(lengths) + attention) + heads)


def _corpus() -> Path:
    folder = Path(os.environ.get("ZHIYIN_CORPUS") or data_home() / "corpus")
    if not folder.is_dir():
        raise BenchmarkError(f"a corpus must be at {folder}: run  zhiyin corpus build  or set ZHIYIN_CORPUS")
    return folder
