"""VAE for styles in numpy: a bar told in a few numbers, moved to where the style's bars lie, and written again.

Conventions: as `zhiyin.models.restyle` tells; latents move by the mean and spread of both styles (the optimal map
between normal distributions along each number). This module trains nothing and knows no music.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from zhiyin.models.beat_stack_runtime import run_stack
from zhiyin.models.net_file import NetFile, load_net
from zhiyin.units import Float32Array, FloatArray, IntArray

KIND = "vae-transfer"
WEIGHTS = ("vae-transfer",)
CONTENT = 0.5  # how much of a bar's own figure goes along
EVENNESS = 0.5  # how much of that is the same in all bars
GUIDANCE = 1.0  # how far the target's log odds are stretched away from the source's


class VaeTransferRuntime:
    """A `zhiyin.models.restyle.Restyler` that reads the shipped net."""

    name = KIND

    def __init__(self, net: NetFile) -> None:
        self.version, self.card = net.digest[:12], net.card
        self.styles: tuple[str, ...] = tuple(net.settings["styles"])
        self._weights = net.weights

    def restyle(
        self,
        backing: Float32Array,
        ground: Float32Array,
        bars: IntArray,
        *,
        source: int,
        target: int,
        rng: np.random.Generator | None = None,
    ) -> FloatArray:
        """Return (beats, BACKING) chances of a backing in the style `target`; another for every state of rng."""
        place, width = self._weights["place"], self._weights["spread"]
        mean, spread = self.encode(backing, ground, bars=bars, style=source if source >= 0 else target)
        if source >= 0:
            mean = (mean - place[source]) / width[source] * width[target]
            evened = EVENNESS * mean.mean(axis=0, keepdims=True) + (1 - EVENNESS) * mean
            mean = (CONTENT * evened + place[target]).astype(np.float32)
        if rng is not None:
            drawn = rng.standard_normal((int(bars.max(initial=0)) + 1, mean.shape[1])).astype(np.float32)
            mean = mean + drawn[bars] * spread
        logits = self.decode(mean, ground, target).astype(np.float64)
        if source >= 0:
            logits += GUIDANCE * (logits - self.decode(mean, ground, source))
        chances: FloatArray = 1 / (1 + np.exp(-logits))
        return chances

    def encode(
        self, backing: Float32Array, ground: Float32Array, *, bars: IntArray, style: int
    ) -> tuple[Float32Array, Float32Array]:
        """Return (mean, standard deviation), (beats, latent) each, the same for all beats of a bar."""
        both = run_stack(
            self._weights,
            "encoder.",
            np.concatenate((backing, ground), axis=1),
            code=self._code(style, len(bars)),
        )
        count = np.bincount(bars)[:, None]
        total = np.zeros((count.size, both.shape[1]), np.float32)
        np.add.at(total, bars, both)
        shared = (total / np.maximum(count, 1)).astype(np.float32)[bars]
        half = shared.shape[1] // 2
        return shared[:, :half], np.exp(0.5 * np.clip(shared[:, half:], -8, 4))

    def decode(self, latent: Float32Array, ground: Float32Array, style: int) -> Float32Array:
        """Return (beats, BACKING) log odds."""
        x = np.concatenate((latent, ground), axis=1).astype(np.float32)
        return run_stack(self._weights, "decoder.", x, code=self._code(style, len(x)))

    def _code(self, style: int, beats: int) -> Float32Array:
        table = self._weights["style.weight"]
        code: Float32Array = np.broadcast_to(table[style], (beats, table.shape[1]))
        return code


@cache
def load_vae_transfer(name_or_path: str | Path = "vae-transfer") -> VaeTransferRuntime:
    """Return the shipped net, or one from a path. Raises NotFound, UnreadableFile."""
    return VaeTransferRuntime(load_net(name_or_path, kind=KIND))
