"""The CycleGAN task: a writer and a critic of backings in turn, there and back again.

Conventions: hinge losses; the critic is shown human pieces under another style's name besides (Reed et al., 2016), so
that it judges the style and not music alone; the writer pays for what the way back does not restore (Zhu et al., 2017).
This module does not loop: see `zhiyin.train.loop`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from zhiyin.models.beat_sizes import CycleganSettings
from zhiyin.models.cyclegan import NOISE, Critic, Writer, struck
from zhiyin.train.recipe import Recipe
from zhiyin.train.task import Batch, Update
from zhiyin.train.transfer_data import StyleBars, batch_of, even_batches
from zhiyin.train.transfer_probe import Probe, figures

CHECKS = 256  # validation windows
PART = 4  # slopes and identities are asked of every so manieth window, for speed


def nats(logits: Tensor, backing: Tensor, mask: Tensor) -> Tensor:
    """Return nats a beat of a backing under logits."""
    loss = F.binary_cross_entropy_with_logits(logits, backing, reduction="none").sum(-1, keepdim=True)
    return (loss * mask).sum() / mask.sum()


class CycleganTask:
    """Writer and critic; the nets are named `writer` and `critic`."""

    updates: tuple[Update, ...] = (Update("critic", ("critic",)), Update("writer", ("writer",)))

    def __init__(self, recipe: Recipe, train: StyleBars, valid: StyleBars, *, device: str = "cpu") -> None:
        self.recipe, self.train, self.device = recipe, train, device
        self.settings: CycleganSettings = recipe.model
        self.styles = len(recipe.data.styles)
        torch.manual_seed(recipe.seed)
        self.writer = Writer(self.settings, self.styles).to(device)
        self.critic = Critic(self.settings, self.styles).to(device)
        self.nets = nn.ModuleDict({"writer": self.writer, "critic": self.critic})
        self.probe = Probe(train, self.styles, seed=recipe.seed)
        self.check = checks(valid, self.styles, recipe.seed)

    def batches(self, seed: tuple[int, int]) -> Iterator[Batch]:
        """Yield windows of all styles with another style asked."""
        return even_batches(self.train, self.recipe.optimiser.events_a_batch, styles=self.styles, seed=seed)

    def loss(self, update: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """Return the critic's or the writer's loss."""
        return self._critic(batch) if update == "critic" else self._writer(batch)

    def _critic(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        b, g, m = batch["backing"], batch["ground"], batch["mask"]
        with torch.no_grad():
            made = struck(self.writer(b, g, mask=m, style=batch["target"], noise=noise_like(batch)))
        human = self.critic(b, g, mask=m, style=batch["style"])
        few = slice(0, max(len(b) // PART, 1))
        real = b[few].clone().requires_grad_(True)
        judged = self.critic(real, g[few], mask=m[few], style=batch["style"][few])
        wrong = self.critic(b, g, mask=m, style=batch["target"])
        fake = self.critic(made, g, mask=m, style=batch["target"])
        slope = torch.autograd.grad(judged.sum(), real, create_graph=True)[0]
        penalty = slope.pow(2).sum((1, 2)).mean()  # R1 (Mescheder et al., 2018)
        weight = self.settings.wrong
        hinge = F.relu(1 - human).mean() + (1 - weight) * F.relu(1 + fake).mean()
        loss = hinge + weight * F.relu(1 + wrong).mean() + 0.5 * self.settings.penalty * penalty
        told = {"human": human.mean(), "wrong": wrong.mean(), "fake": fake.mean(), "slope": penalty}
        return loss, {name: value.detach() for name, value in told.items()}

    def _writer(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        b, g, m, s = batch["backing"], batch["ground"], batch["mask"], self.settings
        logits = self.writer(b, g, mask=m, style=batch["target"], noise=noise_like(batch))
        made = struck(logits)
        score = self.critic(made, g, mask=m, style=batch["target"])
        # Hinge on the writer's side too: what the critic is sure of is not pushed further.
        back = nats(self.writer(made, g, mask=m, style=batch["style"], noise=noise_like(batch)), b, m)
        few = slice(0, max(len(b) // PART, 1))
        alike = self.writer(
            b[few], g[few], mask=m[few], style=batch["style"][few], noise=noise_like(batch)[few]
        )
        same = nats(alike, b[few], m[few])
        loss = F.relu(2 - score).mean() + s.cycle * back + s.same * same
        told = {"score": score.mean(), "back": back, "same": same}
        return loss, {name: value.detach() for name, value in told.items()}

    def size(self, batch: Batch) -> int:
        """Return the windows of a batch."""
        return len(batch["style"])

    def told(self, sums: dict[str, Tensor]) -> dict[str, Any]:
        """Return the scores of both sides and the nats a beat of the ways back."""
        names = ("human", "wrong", "fake", "slope", "score", "back", "same")
        return {name: round(float(sums[name]), 3) for name in names if name in sums}

    @torch.no_grad()
    def validate(self, nets: nn.ModuleDict) -> dict[str, float]:
        """Return how the probe reads answers to validation windows; `all` rises with what misses the target."""
        batch, writer = self.check, nets["writer"]
        zero = torch.zeros((*batch["backing"].shape[:2], NOISE))
        logits = writer(
            batch["backing"], batch["ground"], mask=batch["mask"], style=batch["target"], noise=zero
        )
        made = struck(logits) * batch["mask"]
        found = figures(self.probe, made, batch)
        back = nats(
            writer(made, batch["ground"], mask=batch["mask"], style=batch["style"], noise=zero),
            batch["backing"],
            batch["mask"],
        )
        crowd = abs(float(np.log(max(found["notes"], 1e-3) / found["human"])))
        return {**found, "back": float(back), "all": 1 - found["target"] + 0.5 * crowd}


def noise_like(batch: Batch) -> Tensor:
    """Return (batch, beats, NOISE) noise, the same for all beats of a bar."""
    noise = torch.randn((*batch["backing"].shape[:2], NOISE), device=batch["backing"].device)
    first = (batch["bars"].argmax(-1))[..., None].expand(-1, -1, NOISE)
    return torch.gather(noise, 1, first)


def checks(valid: StyleBars, styles: int, seed: int) -> Batch:
    """Return fixed validation windows, styles evened out, each with another style asked."""
    return next(even_batches(valid, CHECKS, styles=styles, seed=(seed, 77)))


__all__ = ["CHECKS", "CycleganTask", "batch_of", "checks", "nats", "noise_like"]
