"""The verse task: the next unit to the left, nats a unit, under what a line is told.

Conventions: an epoch shows every stretch of every work once; validation rows are fixed and tell kind and length, half
of them a theme. This module does not loop: see `zhiyin.train.loop`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from zhiyin.models.verse import VerseNet
from zhiyin.models.verse_config import VerseConfig
from zhiyin.train.recipe import Recipe
from zhiyin.train.task import Batch, Update
from zhiyin.train.verse_data import Reader, Work, batch_of


def tensors(batch: dict[str, Any]) -> Batch:
    """Return a batch of arrays as tensors."""
    return {name: torch.from_numpy(array) for name, array in batch.items()}


class VerseTask:
    """Lines of verse from right to left: one net, one update.

    train, valid: works of both sides; the net is named `model`.
    """

    updates: tuple[Update, ...] = (Update("verse", ("model",)),)

    def __init__(
        self, recipe: Recipe, reader: Reader, *, train: list[Work], valid: list[Work], device: str = "cpu"
    ) -> None:
        self.recipe, self.reader, self.train, self.device = recipe, reader, train, device
        torch.manual_seed(recipe.seed)
        self.config = VerseConfig(recipe.model, len(reader.units.units))
        self.nets = nn.ModuleDict({"model": VerseNet(self.config).to(device)})
        rng = np.random.default_rng([recipe.seed, 0])
        rows = [reader.row(work, rng) for work in reader.stretches(valid, None)]
        rows = rows[: recipe.schedule.validation_windows]
        self.checks = [tensors(batch_of(rows[i : i + 64])) for i in range(0, len(rows), 64)]

    def batches(self, seed: tuple[int, int]) -> Iterator[Batch]:
        """Yield the batches of epoch after epoch."""
        rng = np.random.default_rng(seed)
        while True:
            for rows in self.reader.epoch(self.train, rng, self.recipe.optimiser.events_a_batch):
                yield tensors(batch_of(rows))

    def loss(self, update: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """Return the mean nats of a unit."""
        losses = self.nets["model"].losses(batch)  # type: ignore[operator]
        mean = losses.mean()
        return mean, {"nats": mean.detach()}

    def size(self, batch: Batch) -> int:
        """Return how many units a batch asks for."""
        return int((batch["target"] >= 0).sum())

    def told(self, sums: dict[str, Tensor]) -> dict[str, Any]:
        """Return bits a unit."""
        return {"bits_a_unit": round(float(sums["nats"]) / math.log(2), 4)}

    @torch.no_grad()
    def validate(self, nets: nn.ModuleDict) -> dict[str, float]:
        """Return bits a unit of the fixed rows."""
        model: Any = nets["model"]
        model.eval()
        losses = [model.losses({k: t.to(self.device) for k, t in batch.items()}) for batch in self.checks]
        model.train()
        flat = torch.cat(losses).float()
        return {"all": float(flat.mean()) / math.log(2)}
