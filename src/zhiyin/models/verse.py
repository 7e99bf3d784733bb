"""The net of verse in torch: a small causal transformer over units from right to left.

Conventions: a row is lines one after another, each from its last unit to its first, an end (unit 0) before each; every
place is told the row's kind, what is still to come of its line and the line's theme. Needs the `train` extra.
This module does not run shipped weights: see `zhiyin.models.verse_runtime`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from zhiyin.models.config import rotation_frequencies
from zhiyin.models.transformer import Block, RMSNorm
from zhiyin.models.verse_config import VerseConfig

SKIPPED = -100  # a target that is not learned


class VerseNet(nn.Module):
    """Units and what a place is told in, log-likelihoods of the next unit out."""

    frequencies: Tensor

    def __init__(self, config: VerseConfig) -> None:
        super().__init__()
        self.config = config
        s = config.settings
        self.embed = nn.Embedding(config.units + 1, s.embed)  # the last row: any other unit
        self.enter = nn.Linear(s.embed, s.width, bias=False)
        self.kind = nn.Embedding(config.kinds, s.width)
        self.length = nn.Embedding(config.lengths + 2, s.width)  # 0 open, n + 1: n to come
        self.theme = nn.Linear(s.embed, s.width, bias=False)
        self.blocks = nn.ModuleList(Block(s.trunk) for _ in range(s.layers))
        self.norm = RMSNorm(s.width)
        self.leave = nn.Linear(s.width, s.embed, bias=False)
        self.bias = nn.Parameter(torch.zeros(config.units))
        index, _ = rotation_frequencies(s.trunk.head_width, "index")
        self.register_buffer("frequencies", torch.tensor(index, dtype=torch.float32), persistent=False)
        self.apply(self._initialise)

    def _initialise(self, module: nn.Module) -> None:
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, std=0.05 if isinstance(module, nn.Embedding) else 0.04)
        if isinstance(module, Block):
            for linear in (module.out, module.down):
                nn.init.normal_(linear.weight, std=0.04 / (2 * self.config.settings.layers) ** 0.5)

    def hidden(self, batch: dict[str, Tensor]) -> Tensor:
        """Return (rows, places, width) after the last norm.

        batch: unit, length, line (rows, places); kind (rows,); theme (rows, lines, themes), -1 for none.
        """
        unit, theme = batch["unit"], batch["theme"]
        x = self.enter(self.embed(unit)) + self.kind(batch["kind"])[:, None] + self.length(batch["length"])
        told = (theme >= 0).float()
        mean = (self.embed(theme.clamp(min=0)) * told[..., None]).sum(2) / told.sum(2, keepdim=True).clamp(
            min=1
        )
        lines = self.theme(mean)  # (rows, lines, width)
        x = x + lines.gather(1, batch["line"][..., None].expand(-1, -1, lines.shape[-1]))
        angle = torch.arange(unit.shape[1]).float()[:, None] * self.frequencies
        cos, sin = angle.cos()[None, None], angle.sin()[None, None]
        if torch.is_autocast_enabled(x.device.type):
            cos, sin = cos.to(torch.bfloat16), sin.to(torch.bfloat16)
        x = F.dropout(x, self.config.settings.dropout, self.training)
        for block in self.blocks:
            x = block(x, cos, sin)
        out: Tensor = self.norm(x)
        return out

    def logits(self, hidden: Tensor) -> Tensor:
        """Return (n, units) logits of the next unit; hidden (n, width)."""
        out: Tensor = F.linear(self.leave(hidden), self.embed.weight[:-1]).float() + self.bias
        return out

    def losses(self, batch: dict[str, Tensor]) -> Tensor:
        """Return (asked,) nats of the targets that are asked, row by row."""
        target = batch["target"].flatten()
        asked = torch.nonzero(target >= 0)[:, 0]
        return F.cross_entropy(
            self.logits(self.hidden(batch).flatten(0, 1)[asked]), target[asked], reduction="none"
        )
