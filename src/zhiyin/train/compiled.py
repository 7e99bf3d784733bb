"""The loss in a form that compiles: every event is asked everything, and what is undefined counts nothing.

Conventions: equals `FillTransformer.loss`; no shape depends on the data, so nothing waits for the device and nothing
is compiled twice for a bucket. Layers are compiled one by one: the first one's code serves them all.
This module does not know the optimiser.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from zhiyin.errors import InvalidInput
from zhiyin.models.transformer import UNDER, FillTransformer

Loss = Callable[..., tuple[Tensor, dict[str, Tensor]]]


def head_losses(model: FillTransformer, hidden: Tensor, batch: dict[str, Tensor]) -> Tensor:
    """Return (events, 4) nats of onset, value, duration and extra, 0 where undefined."""
    target = batch["target"].flatten(0, 1)
    onset, value, duration, extra = target.clamp(min=0).unbind(1)
    tonic, root, quality, last = (batch[n].flatten() for n in UNDER)
    # Where no note follows, the onset may be END, for which the value is asked in vain: its loss counts nothing.
    logits = (
        model.onset_head(hidden).float(),
        model.value_logits(hidden, onset, tonic=tonic, root=root, quality=quality, last=last),
        model.duration_logits(hidden, onset, value),
        model.extra_logits(hidden, value, duration),
    )
    asked = (onset, value, duration, extra)
    losses = [F.cross_entropy(x, y, reduction="none") for x, y in zip(logits, asked, strict=True)]
    return torch.stack(losses, 1) * (target >= 0)


def compiled_loss(model: FillTransformer, *, backend: Any = "inductor") -> Loss:
    """Return the model's loss, compiled; raises InvalidInput for a family or layout without layers of fixed shape."""
    config = model.config
    if config.layout == "flat" or config.family != "transformer":
        raise InvalidInput(
            "schedule.compile must be false but for a transformer of layout 'compound' or 'parallel', got true for "
            f"{config.family!r} of layout {config.layout!r}"
        )
    # Several lengths of batch, each compiled once; the default of 8 would silently fall back to slow code after.
    torch._dynamo.config.recompile_limit = 64
    for block in model.blocks:
        block.compile(dynamic=False, backend=backend)
    heads = torch.compile(head_losses, dynamic=False, backend=backend)

    def loss(batch: dict[str, Tensor], *, given_weight: float) -> tuple[Tensor, dict[str, Tensor]]:
        return static_loss(model, batch, given_weight=given_weight, heads=heads)

    return loss


def static_loss(
    model: FillTransformer,
    batch: dict[str, Tensor],
    *,
    given_weight: float,
    heads: Callable[..., Any] = head_losses,
) -> tuple[Tensor, dict[str, Tensor]]:
    """Return (mean loss an event to write, sums for the log) as `FillTransformer.loss` does."""
    hidden = model.hidden(batch["fields"], batch["time"]).flatten(0, 1)
    losses = heads(model, hidden, {n: batch[n] for n in ("target", *UNDER)})
    target = batch["target"].flatten(0, 1)
    is_asked, is_target = target[:, 0] >= 0, batch["is_target"].flatten().bool()
    weight = torch.where(is_target, 1.0, given_weight) * is_asked
    total = (losses.sum(1) * weight).sum() / weight.sum().clamp(min=1.0)
    sums = {
        "nats": (losses.sum(1) * is_target).sum().detach(),
        "notes": ((target[:, 1] >= 0) & is_target).sum(),
    }
    for index, name in enumerate(("onset", "value", "duration", "extra")):
        sums[name] = (losses[:, index] * is_target).sum().detach()
    return total, sums
