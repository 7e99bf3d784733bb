"""Optimisers: which rule moves which weights, and at what rate.

Conventions: rates are set from outside before every step; matrices decay, vectors do not.
This module does not know what is learned.
"""

from __future__ import annotations

import math

import torch
from torch import nn

from zhiyin.train.recipe import OptimiserSettings


def make_optimisers(model: nn.Module, settings: OptimiserSettings) -> list[torch.optim.Optimizer]:
    """Return AdamW for all weights, or Muon for the layers' matrices and AdamW for the rest.

    Source of Muon: Jordan et al., "Muon: an optimizer for hidden layers", 2024; its updates are scaled to the
    size of AdamW's (Liu et al., "Muon is scalable", 2025), so that one rate serves both.
    """
    named = list(model.named_parameters())
    use_muon = settings.name == "muon"
    layers = [p for n, p in named if use_muon and n.startswith("blocks.") and p.ndim == 2]
    taken = {id(p) for p in layers}
    matrices = [p for _, p in named if p.ndim >= 2 and id(p) not in taken]
    vectors = [p for _, p in named if p.ndim < 2]
    groups = [
        {"params": matrices, "weight_decay": settings.weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
    betas = (settings.momentum, 0.98)
    found: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, lr=1.0, betas=betas, fused=True)]
    if layers:
        found.append(
            torch.optim.Muon(
                layers, lr=1.0, weight_decay=settings.weight_decay, adjust_lr_fn="match_rms_adamw"
            )
        )
    return found


def rate_at(step: int, settings: OptimiserSettings, *, spent: float = 0.0) -> float:
    """Return the learning rate of a step: warm-up, then cosine, or level and linear at the end.

    spent: share of the run's time that is over, 0 to 1; the decay follows it where it is ahead of the steps.

    >>> rate_at(0, OptimiserSettings(learning_rate=1.0, warmup_steps=10))
    0.1
    """
    if step < settings.warmup_steps:
        return settings.learning_rate * (step + 1) / settings.warmup_steps
    done = min((step - settings.warmup_steps) / max(settings.steps - settings.warmup_steps, 1), 1.0)
    done = max(done, min(spent, 1.0))
    if settings.decay == "cosine":
        left = 0.5 * (1 + math.cos(math.pi * done))
    else:
        left = min((1.0 - done) / settings.decay_share, 1.0)
    return settings.learning_rate * (settings.final_fraction + (1 - settings.final_fraction) * left)
