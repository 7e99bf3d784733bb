"""Causal attention in torch, by whichever way is fast on the device and number format at hand.

Conventions: queries, keys and values are (batch, heads, events, head); an event sees itself and those before it.
This module does not turn queries and keys: see `zhiyin.models.transformer`.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def causal_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return what each event gathers, (batch, heads, events, head).

    On a processor in bfloat16 the plain products are 1.7 to 3.3 times as fast, forward and back, as the fused
    kernel of torch 2.13 (docs/lab.md); elsewhere the fused one is taken.
    """
    if q.device.type != "cpu" or q.dtype != torch.bfloat16:
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    mixed: Tensor = (scores + _future(q.shape[2])).softmax(-1) @ v
    return mixed


def _future(events: int) -> Tensor:
    """Return (events, events) minus infinity where the key lies after the query, 0 elsewhere."""
    return torch.full((events, events), float("-inf"), dtype=torch.bfloat16).triu(1)
