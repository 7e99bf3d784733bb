"""The writer of the `gan` family without torch: the same log-odds from the same noise, in numpy.

Conventions: weights carry torch's names; float32 throughout. Loads a net of kind "gan".
This module does not know scenes: see `zhiyin.models.gan_proposer`.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np

from zhiyin.models.gan_config import GanConfig
from zhiyin.models.gan_inputs import Noise, Told
from zhiyin.models.gan_rolls import BARS, BASS, BEAT, MELODY, SLICES, SLOTS, STEPS, TRACKS
from zhiyin.models.net_file import NetFile, load_net
from zhiyin.units import Float32Array

TINY = np.float32(1e-5)
CHORD = 25
DEFAULT = "gan"


class GanWriter:
    """A writer that is ready to answer."""

    def __init__(self, file: NetFile) -> None:
        self.config = GanConfig(**file.settings)
        self.name, self.version, self.card = file.name, file.digest[:12], file.card
        self._w = file.weights

    def __call__(self, told: Told, noise: Noise) -> Float32Array:
        """Return (n, STEPS, WIDTH) log-odds of every symbol."""
        w, n = self._w, len(told.beats)
        whole = w["frame.style.weight"][told.style] + w["frame.metre.weight"][told.metre]
        whole = whole + w["frame.mode.weight"][told.mode]
        shared = np.concatenate((_beats(_spread(noise.shared)), _beats(noise.shared_bar)), axis=2)
        x = w["frame.beat"] + whole[:, None] + told.beats @ w["told.weight"].T + shared @ w["noise.weight"].T
        for layer in range(self.config.layers):
            x = self._block(f"blocks.{layer}.", x)
        x = unit(x)
        found = []
        for track in range(len(TRACKS)):
            own = np.concatenate(
                (_beats(_spread(noise.part[:, track])), _beats(noise.part_bar[:, track])), axis=2
            )
            found.append(
                self._part(f"parts.{track}.", x, noise=own, chord=told.beats[:, :, :CHORD]).reshape(
                    n, STEPS, -1
                )
            )
        return np.concatenate(found, axis=2)

    def _part(
        self, at: str, trunk: Float32Array, *, noise: Float32Array, chord: Float32Array
    ) -> Float32Array:
        w = self._w
        x = self._linear(at + "hear", trunk) + noise @ w[at + "noise.weight"].T
        for layer in range(self.config.part_layers):
            x = self._block(f"{at}blocks.{layer}.", x)
        return self._linear(at + "out", unit(x)) + chord @ w[at + "chord.weight"].T

    def _block(self, at: str, x: Float32Array) -> Float32Array:
        gains = self._w[at + "gains"]
        across = np.swapaxes(unit(x) * gains[0], 1, 2)
        mixed = self._linear(at + "over_out", silu(self._linear(at + "over", across)))
        x = x + np.swapaxes(mixed, 1, 2)
        return x + self._linear(at + "down", silu(self._linear(at + "up", unit(x) * gains[1])))

    def _linear(self, at: str, x: Float32Array) -> Float32Array:
        out: Float32Array = x @ self._w[at + ".weight"].T + self._w[at + ".bias"]
        return out

    @cached_property
    def parameters(self) -> int:
        """Return the number of weights."""
        return sum(array.size for array in self._w.values())


def load_gan(name_or_path: str | Path = DEFAULT) -> GanWriter:
    """Return the shipped writer, or one from a path. Raises NotFound or UnreadableFile."""
    return GanWriter(load_net(name_or_path, kind="gan"))


def unit(x: Float32Array) -> Float32Array:
    """Return rows scaled to a mean square of 1."""
    out: Float32Array = x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + TINY)
    return out


def silu(x: Float32Array) -> Float32Array:
    """Return x times its logistic."""
    out: Float32Array = x / (1 + np.exp(-x))
    return out


def _spread(whole: Float32Array) -> Float32Array:
    return np.repeat(whole[:, None], BARS, axis=1)


def _beats(per_bar: Float32Array) -> Float32Array:
    return np.repeat(per_bar, SLOTS // BEAT, axis=1)


def chances(logits: Float32Array, *, sharpness: float = 1.0) -> Float32Array:
    """Return (n, STEPS, WIDTH) probabilities of the symbols: of one in all for melody and bass, each for itself else.

    sharpness: 1 as learned, more for surer symbols.
    """
    out = np.empty_like(logits)
    for track in range(len(TRACKS)):
        part = sharpness * logits[:, :, SLICES[track]]
        if track in (MELODY, BASS):
            odds = np.exp(part - part.max(axis=2, keepdims=True))
            out[:, :, SLICES[track]] = odds / odds.sum(axis=2, keepdims=True)
        else:
            out[:, :, SLICES[track]] = 1 / (1 + np.exp(-np.clip(part, -60, 60)))
    return out


def hard(logits: Float32Array) -> Float32Array:
    """Return (n, STEPS, WIDTH) 0 and 1, the likeliest symbols."""
    out = (logits > 0).astype(np.float32)
    for track in (MELODY, BASS):
        part = logits[:, :, SLICES[track]]
        out[:, :, SLICES[track]] = np.eye(part.shape[2], dtype=np.float32)[part.argmax(axis=2)]
    return out
