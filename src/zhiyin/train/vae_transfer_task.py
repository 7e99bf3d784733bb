"""The VAE task of style transfer: a bar in a few numbers beside its style and its ground, and written again.

Conventions: nats a beat; a latent number costs what it tells above `free` nats a bar (free bits; Kingma et al., 2016).
This module does not loop: see `zhiyin.train.loop`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from zhiyin.models.beat_sizes import VaeTransferSettings
from zhiyin.models.vae_transfer import StyleVae
from zhiyin.train.cyclegan_task import checks, nats
from zhiyin.train.recipe import Recipe
from zhiyin.train.task import Batch, Update
from zhiyin.train.transfer_data import StyleBars, even_batches
from zhiyin.train.transfer_probe import Probe, figures


class VaeTransferTask:
    """One net, `vae`, one update."""

    updates: tuple[Update, ...] = (Update("vae", ("vae",)),)

    def __init__(self, recipe: Recipe, train: StyleBars, valid: StyleBars, *, device: str = "cpu") -> None:
        self.recipe, self.train, self.device = recipe, train, device
        self.settings: VaeTransferSettings = recipe.model
        self.styles = len(recipe.data.styles)
        torch.manual_seed(recipe.seed)
        self.vae = StyleVae(self.settings, self.styles).to(device)
        self.nets = nn.ModuleDict({"vae": self.vae})
        self.probe = Probe(train, self.styles, seed=recipe.seed)
        self.check = checks(valid, self.styles, recipe.seed)

    def batches(self, seed: tuple[int, int]) -> Iterator[Batch]:
        """Yield windows of all styles."""
        return even_batches(self.train, self.recipe.optimiser.events_a_batch, styles=self.styles, seed=seed)

    def loss(self, update: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """Return nats a beat, and what the latents cost."""
        return self._loss(self.vae, batch, is_sampled=True)

    def _loss(self, vae: StyleVae, batch: Batch, *, is_sampled: bool) -> tuple[Tensor, dict[str, Tensor]]:
        b, g, m, s = batch["backing"], batch["ground"], batch["mask"], self.settings
        mean, log_variance = vae.encode(b, g, mask=m, style=batch["style"], bars=batch["bars"])
        told = 0.5 * (mean.pow(2) + log_variance.exp() - 1 - log_variance)
        # A bar's latent counts once, shared by its beats.
        share = m / batch["bars"].sum(-1, keepdim=True).clamp(min=1)
        bars = share.sum()
        each = (told * share).sum((0, 1)) / bars
        cost = each.clamp(min=s.free).sum()
        latent = mean
        if is_sampled:
            noise = torch.randn_like(mean)
            first = batch["bars"].argmax(-1)[..., None].expand_as(noise)
            latent = mean + torch.gather(noise, 1, first) * (0.5 * log_variance).exp()
        written = nats(vae.decode(latent, g, mask=m, style=batch["style"]), b, m)
        loss = written + s.beta * cost * bars / m.sum()
        return loss, {"nats": written.detach(), "latent": each.sum().detach()}

    def size(self, batch: Batch) -> int:
        """Return the windows of a batch."""
        return len(batch["style"])

    def told(self, sums: dict[str, Tensor]) -> dict[str, Any]:
        """Return nats a beat and nats a bar's latent."""
        return {name: round(float(sums[name]), 3) for name in ("nats", "latent")}

    @torch.no_grad()
    def validate(self, nets: nn.ModuleDict) -> dict[str, float]:
        """Return the bound in nats a beat (`all`), and how the probe reads what is decoded in another style."""
        vae, batch = nets["vae"], self.check
        assert isinstance(vae, StyleVae)
        loss, parts = self._loss(vae, batch, is_sampled=False)
        mean, _ = vae.encode(
            batch["backing"], batch["ground"], mask=batch["mask"], style=batch["style"], bars=batch["bars"]
        )
        made = torch.sigmoid(vae.decode(mean, batch["ground"], mask=batch["mask"], style=batch["target"]))
        found = figures(self.probe, made * batch["mask"], batch)
        return {**found, "nats": float(parts["nats"]), "latent": float(parts["latent"]), "all": float(loss)}
