"""CycleGAN for styles: one writer that turns a backing into any of its styles, and a critic that knows them, in torch.

Conventions: one writer for all pairs, steered by the style asked (StarGAN; Choi et al., CVPR 2018): n styles need one
net instead of n(n-1), and styles with few pieces learn from the others. Notes are zeros and ones; the gradient passes
as if they were chances (straight through). This module does not train: see `zhiyin.train.cyclegan_task`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from zhiyin.models.beat_sizes import CycleganSettings
from zhiyin.models.beat_stack import BeatStack
from zhiyin.models.restyle import BACKING, CHORDS, GROUND

NOISE = 8
RARE = -4.0  # log odds: few places hold a note


class Writer(nn.Module):
    """A backing in another style: from the backing there is, the ground, noise a bar, and the style asked."""

    def __init__(self, settings: CycleganSettings, styles: int) -> None:
        super().__init__()
        self.style = nn.Embedding(styles, settings.code)
        self.stack = BeatStack(
            (BACKING + GROUND + NOISE, BACKING), width=settings.width, layers=settings.layers, code=settings.code,
            start=RARE,
        )  # fmt: skip

    def forward(
        self, backing: Tensor, ground: Tensor, *, mask: Tensor, style: Tensor, noise: Tensor
    ) -> Tensor:
        """Return (batch, beats, BACKING) logits; style: (batch,), noise: (batch, beats, NOISE)."""
        code = self.style(style)[:, None].expand(-1, backing.shape[1], -1)
        logits: Tensor = self.stack(torch.cat((backing, ground, noise), dim=-1), code, mask)
        return logits


class Critic(nn.Module):
    """How human a backing is as music of a style, beat by beat; it does not hear the tune."""

    def __init__(self, settings: CycleganSettings, styles: int) -> None:
        super().__init__()
        width = settings.critic_width
        self.stack = BeatStack((BACKING + CHORDS, width), width=width, layers=settings.critic_layers, code=1)
        self.human = nn.Linear(width, 1)
        self.style = nn.Embedding(styles, width)

    def forward(self, backing: Tensor, ground: Tensor, *, mask: Tensor, style: Tensor) -> Tensor:
        """Return (batch,) scores: a mean over beats of what is human and what is in the style."""
        none = backing.new_zeros((*backing.shape[:2], 1))
        heard = torch.nn.functional.silu(
            self.stack(torch.cat((backing, ground[..., :CHORDS]), dim=-1), none, mask)
        )
        scores = self.human(heard) + (heard * self.style(style)[:, None]).sum(-1, keepdim=True)
        mean: Tensor = (scores * mask).sum((1, 2)) / mask.sum((1, 2))
        return mean


def struck(logits: Tensor) -> Tensor:
    """Return zeros and ones, those of chance above one half; the gradient is that of the chances."""
    chance = torch.sigmoid(logits)
    return (chance > 0.5).to(chance.dtype) + chance - chance.detach()
