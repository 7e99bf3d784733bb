"""Beat stack: a small net over beats, each layer looking at neighbours further away, steered by a code; in torch.

Conventions: (batch, beats, width); beats outside the piece are silent (mask 0); a code scales and shifts every layer.
This module does not know what beats hold; the same sums in numpy are `zhiyin.models.beat_stack_runtime`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from zhiyin.models.beat_sizes import EPSILON, REACHES


class BeatLayer(nn.Module):
    """Beats beside their neighbours `reach` before and behind, through a hidden layer, added to what was there."""

    def __init__(self, width: int, code: int, reach: int) -> None:
        super().__init__()
        self.reach = reach
        self.mix = nn.Linear(3 * width, width)
        self.out = nn.Linear(width, width)
        self.steer = nn.Linear(code, 2 * width)
        nn.init.zeros_(self.steer.weight)
        nn.init.zeros_(self.steer.bias)
        nn.init.normal_(self.out.weight, std=0.02)

    def forward(self, x: Tensor, code: Tensor, mask: Tensor) -> Tensor:
        """Return (batch, beats, width); code: (batch, beats, code), mask: (batch, beats, 1)."""
        scale, shift = self.steer(code).chunk(2, dim=-1)
        y = F.layer_norm(x, (x.shape[-1],), eps=EPSILON) * (1 + scale) + shift
        y = y * mask
        padded = F.pad(y, (0, 0, self.reach, self.reach))
        size = x.shape[1]
        near = torch.cat((padded[:, :size], y, padded[:, 2 * self.reach :]), dim=-1)
        moved: Tensor = self.out(F.silu(self.mix(near)))
        return x + moved


class BeatStack(nn.Module):
    """Linear in, layers, linear out.

    sizes: of what goes in and comes out of a beat; code: width of what steers; start: what it answers at first.
    """

    def __init__(
        self, sizes: tuple[int, int], *, width: int, layers: int, code: int, start: float = 0.0
    ) -> None:
        super().__init__()
        self.enter = nn.Linear(sizes[0], width)
        self.blocks = nn.ModuleList(BeatLayer(width, code, REACHES[i % len(REACHES)]) for i in range(layers))
        self.leave = nn.Linear(width, sizes[1])
        nn.init.constant_(self.leave.bias, start)

    def forward(self, x: Tensor, code: Tensor, mask: Tensor) -> Tensor:
        """Return (batch, beats, out) of (batch, beats, in)."""
        x = self.enter(x)
        for block in self.blocks:
            x = block(x, code, mask)
        left: Tensor = self.leave(F.silu(F.layer_norm(x, (x.shape[-1],), eps=EPSILON)))
        return left
