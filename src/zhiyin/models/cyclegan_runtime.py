"""CycleGAN for styles in numpy: the writer alone, without torch.

Conventions: as `zhiyin.models.restyle` tells; noise is left out unless a generator is given.
This module trains nothing and knows no music.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from zhiyin.models.beat_stack_runtime import run_stack
from zhiyin.models.net_file import NetFile, load_net
from zhiyin.units import Float32Array, FloatArray, IntArray

NOISE = 8
KIND = "cyclegan"
GUIDANCE = 2.0  # how far the target's log odds are stretched away from the source's


class CycleganRuntime:
    """A `zhiyin.models.restyle.Restyler` that reads the shipped writer."""

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
        noise = np.zeros((len(bars), NOISE), np.float32)
        if rng is not None:
            drawn = rng.standard_normal((int(bars.max(initial=0)) + 1, NOISE)).astype(np.float32)
            noise = drawn[bars]
        logits = self.logits(backing, ground, noise=noise, target=target).astype(np.float64)
        if source >= 0:
            logits += GUIDANCE * (logits - self.logits(backing, ground, noise=noise, target=source))
        chances: FloatArray = 1 / (1 + np.exp(-logits))
        return chances

    def logits(
        self, backing: Float32Array, ground: Float32Array, *, noise: Float32Array, target: int
    ) -> Float32Array:
        """Return (beats, BACKING) log odds; noise: (beats, NOISE)."""
        code = np.broadcast_to(
            self._weights["style.weight"][target],
            (len(backing), self._weights["style.weight"].shape[1]),
        )
        return run_stack(self._weights, "stack.", np.concatenate((backing, ground, noise), axis=1), code=code)


@cache
def load_cyclegan(name_or_path: str | Path = "cyclegan") -> CycleganRuntime:
    """Return the shipped writer, or one from a path. Raises NotFound, UnreadableFile."""
    return CycleganRuntime(load_net(name_or_path, kind=KIND))


WEIGHTS = ("cyclegan",)
__all__ = ["KIND", "WEIGHTS", "CycleganRuntime", "load_cyclegan"]
