"""VAE for styles: what a bar does, apart from its style and its ground, as a few numbers; in torch.

Conventions: both halves are told style, chords and tune, so that the latent need not hold them; a bar's latent is
shared by its beats. This module does not train: see `zhiyin.train.vae_transfer_task`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from zhiyin.models.beat_sizes import VaeTransferSettings
from zhiyin.models.beat_stack import BeatStack
from zhiyin.models.restyle import BACKING, GROUND

RARE = -4.0  # log odds: few places hold a note


class StyleVae(nn.Module):
    """Encoder and decoder of backings, both steered by a style."""

    def __init__(self, settings: VaeTransferSettings, styles: int) -> None:
        super().__init__()
        self.latent = settings.latent
        sizes: dict[str, int] = {"width": settings.width, "layers": settings.layers, "code": settings.code}
        self.style = nn.Embedding(styles, settings.code)
        self.encoder = BeatStack((BACKING + GROUND, 2 * settings.latent), **sizes)
        self.decoder = BeatStack((settings.latent + GROUND, BACKING), **sizes, start=RARE)

    def encode(
        self, backing: Tensor, ground: Tensor, *, mask: Tensor, style: Tensor, bars: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return (mean, log variance), (batch, beats, latent), the same for all beats of a bar.

        bars: (batch, beats, beats) 1 where two beats share a bar.
        """
        both = self.encoder(torch.cat((backing, ground), dim=-1), self._code(style, backing), mask)
        shared = (bars @ both) / bars.sum(-1, keepdim=True).clamp(min=1)
        mean, log_variance = shared.chunk(2, dim=-1)
        return mean, log_variance.clamp(-8, 4)

    def decode(self, latent: Tensor, ground: Tensor, *, mask: Tensor, style: Tensor) -> Tensor:
        """Return (batch, beats, BACKING) logits."""
        logits: Tensor = self.decoder(torch.cat((latent, ground), dim=-1), self._code(style, ground), mask)
        return logits

    def _code(self, style: Tensor, like: Tensor) -> Tensor:
        code: Tensor = self.style(style)[:, None].expand(-1, like.shape[1], -1)
        return code
