"""Bars out of nothing: latents drawn from the prior in turn, told harmony, lengths and wishes.

Conventions: facts as `zhiyin.models.vae_condition` has them, in a signature without sharps and flats.
This module reads no scores; in the decoding loop `zhiyin.models.vae_proposer` draws.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zhiyin.encode.bar_steps import Bars
from zhiyin.encode.fields import UNKNOWN
from zhiyin.models.vae_condition import BarFacts, condition
from zhiyin.models.vae_runtime import VaeRuntime
from zhiyin.units import Float32Array

WARMTH = 0.7


def draw_latents(
    net: VaeRuntime, facts: BarFacts, rng: np.random.Generator, *, role: int, style: int = UNKNOWN["style"],
    warmth: float = WARMTH,
) -> Float32Array:  # fmt: skip
    """Return (bars, latent) latents drawn bar after bar; role: index of the net's roles; warmth: 1 as learned."""
    told = condition(facts, role=role, style=style)
    latents = np.zeros((len(told), net.latent), np.float32)
    memory: Float32Array | None = None
    for bar, row in enumerate(told):
        near = net.told(row, before=latents[bar - 1] if bar else None)
        mixture, memory = net.prior(near, memory)
        latents[bar] = mixture.draw(rng, warmth=warmth)
    return latents


def draw_bars(
    net: VaeRuntime, facts: BarFacts, rng: np.random.Generator, *, role: int, style: int = UNKNOWN["style"],
    warmth: float = WARMTH,
) -> Sequence[Bars]:  # fmt: skip
    """Return the bars of each part of a net, drawn from its prior."""
    latents = draw_latents(net, facts, rng, role=role, style=style, warmth=warmth)
    return [odds.likeliest() for odds in net.decode(latents, facts.lengths, role)]
