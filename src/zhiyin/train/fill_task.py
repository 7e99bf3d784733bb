"""The fill task: masked cells of people's pieces, bits a note; the task of the transformer and the LSTM.

Conventions: batches are packed by event budget; validation windows are fixed and not augmented.
This module does not loop: see `zhiyin.train.loop`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from zhiyin.encode import Sequence
from zhiyin.encode.fields import INPUT_FIELDS, PLAIN_FIELDS
from zhiyin.models.config import FillConfig
from zhiyin.models.layouts import build_model
from zhiyin.models.transformer import FillTransformer
from zhiyin.train.compiled import Loss, compiled_loss
from zhiyin.train.feed import Draw, feed, pack, to_tensors
from zhiyin.train.loop import move
from zhiyin.train.recipe import Recipe
from zhiyin.train.sampler import TASKS, TrainPiece, WindowLimits, sample_sequence
from zhiyin.train.task import Batch, Update


def config_of(recipe: Recipe) -> FillConfig:
    """Return the model's shape as a recipe asks for it; the settings bear the same names."""
    settings = asdict(recipe.model)
    told = len(INPUT_FIELDS) if settings.pop("echo") else PLAIN_FIELDS
    return FillConfig(**settings, fields=dict(list(INPUT_FIELDS.items())[:told]))


def limits_of(recipe: Recipe) -> WindowLimits:
    """Return the bounds of the windows of a recipe."""
    d = recipe.data
    return WindowLimits(d.max_events, d.max_columns, d.max_rows, recipe.model.order)


def validation_batches(
    pieces: list[TrainPiece], *, seed: int, windows: int, limits: WindowLimits, events_a_batch: int
) -> dict[str, list[Batch]]:
    """Return fixed validation batches for every task, without augmentation."""
    result: dict[str, list[Batch]] = {}
    weight = np.array([p.weight for p in pieces])
    for index, task in enumerate(TASKS):
        rng = np.random.default_rng([seed, index])
        found: list[Sequence] = []
        for _ in range(windows * 20):
            if len(found) >= max(int(windows * TASKS[task]), 8):
                break
            piece = pieces[int(rng.choice(len(pieces), p=weight / weight.sum()))]
            sequence = sample_sequence(piece, task, rng, limits=limits, augment=False)
            found += [sequence] if sequence is not None else []
        if found:
            result[task] = [to_tensors(group) for group in pack(sorted(found, key=len), events_a_batch)]
    return result


@torch.no_grad()
def evaluate(
    model: FillTransformer, by_task: dict[str, list[Batch]], device: str = "cpu"
) -> dict[str, float]:
    """Return bits per note to write for each task, and 'all' over them."""
    model.eval()
    bits, notes = {}, {}
    for task, group in by_task.items():
        sums = [model.loss(move(batch, device), given_weight=0.0)[1] for batch in group]
        bits[task] = sum(float(s["nats"]) for s in sums) / math.log(2)
        notes[task] = sum(int(s["notes"]) for s in sums)
    model.train()
    result = {task: bits[task] / max(notes[task], 1) for task in bits}
    return {**result, "all": sum(bits.values()) / max(sum(notes.values()), 1)}


class FillTask:
    """Filling masked cells: one net, one update.

    train, valid: pieces of both splits; the net is named `model`.
    """

    updates: tuple[Update, ...] = (Update("fill", ("model",)),)

    def __init__(
        self, recipe: Recipe, train: list[TrainPiece], valid: list[TrainPiece], *, device: str = "cpu"
    ) -> None:
        self.recipe, self.train, self.device = recipe, train, device
        torch.manual_seed(recipe.seed)
        self.config = config_of(recipe)
        self.model = build_model(self.config).to(device)
        self.nets = nn.ModuleDict({"model": self.model})
        self._loss: Loss = compiled_loss(self.model) if recipe.schedule.compile else self.model.loss
        self.limits = limits_of(recipe)
        self.checks = validation_batches(
            valid, seed=recipe.seed, windows=recipe.schedule.validation_windows, limits=self.limits,
            events_a_batch=recipe.optimiser.events_a_batch,
        )  # fmt: skip

    def batches(self, seed: tuple[int, int]) -> Iterator[Batch]:
        """Yield fill tasks packed by event budget."""
        schedule = self.recipe.schedule
        draw = Draw(self.limits, self.recipe.optimiser.events_a_batch, is_bucketed=schedule.compile)
        return feed(self.train, draw, seed=seed, workers=schedule.workers, pin=self.device != "cpu")

    def loss(self, update: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """Return nats a note, given notes weighing less, and the sums."""
        return self._loss(batch, given_weight=self.recipe.optimiser.given_weight)

    def size(self, batch: Batch) -> int:
        """Return the events of a batch."""
        return int(batch["length"].sum())

    def told(self, sums: dict[str, Tensor]) -> dict[str, Any]:
        """Return bits a note to write."""
        return {"bits_a_note": round(float(sums["nats"]) / math.log(2) / max(int(sums["notes"]), 1), 4)}

    def validate(self, nets: nn.ModuleDict) -> dict[str, float]:
        """Return bits a note of every fill task and over all."""
        return evaluate(nets["model"], self.checks, self.device)  # type: ignore[arg-type]
