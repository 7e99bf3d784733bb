"""The VAE family without torch: bars to latents, latents to bars, and latents drawn from the prior.

Conventions: the same sums as `zhiyin.models.vae`, in float32; bars are `zhiyin.encode.bar_steps.Bars` already moved to
a signature without sharps. This module reads no score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.bar_steps import HOLD, PAD, REST, STEPS, Bars, sounding
from zhiyin.errors import InvalidInput
from zhiyin.models.net_file import load_net
from zhiyin.models.vae_config import ROLES, VaeConfig
from zhiyin.units import Float32Array, IntArray

NETS = ("vae-line", "vae-drums", "vae-trio")
LEAST_LOG_SD, MOST_LOG_SD = -4.0, 1.0  # of the prior, as in training
STEP_KINDS = 3


@dataclass(frozen=True, eq=False)
class StepOdds:
    """What a decoded bar may be, natural numbers of chance.

    kinds: (bars, 16, 3) begins, goes on, rests; pitches: (bars, 16, 128) of what begins. A kit: hits (bars, 16, 9).
    """

    kinds: Float32Array
    pitches: Float32Array
    hits: Float32Array
    lengths: IntArray

    @property
    def is_kit(self) -> bool:
        """Return whether these are drums."""
        return bool(self.hits.size)

    def likeliest(self) -> Bars:
        """Return the likeliest step of each place: the kind first, then the pitch of what begins."""
        inside = np.arange(STEPS) < self.lengths[:, None]
        if self.is_kit:
            return Bars(((self.hits > 0.5) & inside[:, :, None]).astype(np.uint8), self.lengths)
        kind = self.kinds.argmax(axis=2)
        steps = np.where(kind == 0, self.pitches.argmax(axis=2), np.where(kind == 1, HOLD, REST))
        return Bars(np.where(inside, steps, PAD).astype(np.uint8), self.lengths)


class VaeRuntime:
    """Weights of a bar VAE and its prior, ready to run."""

    def __init__(
        self,
        config: VaeConfig,
        weights: dict[str, Float32Array],
        *,
        name: str,
        version: str,
        card: dict[str, Any] | None = None,
    ) -> None:
        self.config, self.name, self.version, self.card = config, name, version, card or {}
        self.w = weights

    @property
    def latent(self) -> int:
        """Return the numbers of a bar."""
        return self.config.latent

    def encode(self, parts: Sequence[Bars], role: int) -> tuple[Float32Array, Float32Array]:
        """Return (means, deviations), (bars, latent) each, of the parts' bars; role: index of ROLES.

        Raises InvalidInput when the parts are not those of the net.
        """
        self._check(parts)
        w, x = self.w, self._side(parts[0].lengths, role)
        for number, (kind, bars) in enumerate(zip(self.config.parts, parts, strict=True)):
            told = bars.steps.astype(np.float32)
            if kind == "line":
                told = w["vae.symbol.weight"][bars.steps] + w["vae.sounds.weight"][sounding(bars.steps)]
            x = x + self._linear(told.reshape(len(bars), -1), f"vae.read.{number}")
        for number in range(self.config.blocks):
            x = self._block(x, f"vae.above.{number}")
        x = _normed(x, w, "vae.above_norm")
        spread = np.exp(np.clip(self._linear(x, "vae.log_sd"), -6.0, 2.0))
        return self._linear(x, "vae.mean"), spread

    def decode(self, latent: Float32Array, lengths: IntArray, role: int) -> tuple[StepOdds, ...]:
        """Return the odds of the steps of each part, from latents (bars, latent)."""
        w = self.w
        x = self._linear(latent.astype(np.float32), "vae.lift") + self._side(lengths, role)
        for number in range(self.config.blocks):
            x = self._block(x, f"vae.below.{number}")
        x = _normed(x, w, "vae.below_norm")
        none = np.empty((0,), np.float32)
        answers = []
        for number, kind in enumerate(self.config.parts):
            out = self._linear(x, f"vae.write.{number}").reshape(len(latent), STEPS, -1)
            if kind == "kit":
                answers.append(StepOdds(none, none, _sigmoid(out), lengths))
                continue
            pitches = self._linear(out[..., STEP_KINDS:], "vae.pitch")
            answers.append(StepOdds(_softmax(out[..., :STEP_KINDS]), _softmax(pitches), none, lengths))
        return tuple(answers)

    def told(
        self, facts: Float32Array, *, before: Float32Array | None = None, like: Float32Array | None = None,
        after: Float32Array | None = None, far: float = 0.0,
    ) -> Float32Array:  # fmt: skip
        """Return (inputs,) of one bar for the prior: its facts, and the latents around it that are known.

        far: one over how many bars off the next given one is.
        """
        near = [_flagged(before, self.latent), _flagged(like, self.latent), _flagged(after, self.latent)]
        return np.concatenate((near[0], facts, near[1], near[2], [far if after is not None else 0.0])).astype(
            np.float32
        )

    def prior(self, told: Float32Array, memory: Float32Array | None) -> tuple[Mixture, Float32Array]:
        """Return the mixture of the next bar's latent and the memory after it."""
        w, size = self.w, self.config.memory
        x = _silu(self._linear(told, "prior.told"))
        state = np.zeros(size, np.float32) if memory is None else memory
        gates = w["prior.turn.weight_ih_l0"] @ x + w["prior.turn.bias_ih_l0"]
        kept = w["prior.turn.weight_hh_l0"] @ state + w["prior.turn.bias_hh_l0"]
        reset = _sigmoid(gates[:size] + kept[:size])
        update = _sigmoid(gates[size : 2 * size] + kept[size : 2 * size])
        fresh = np.tanh(gates[2 * size :] + reset * kept[2 * size :])
        state = (1 - update) * fresh + update * state
        out = self._linear(np.concatenate((x, state)), "prior.out")
        k, d = self.config.mixtures, self.latent
        mean, log_sd = out[k : k + k * d].reshape(k, d), out[k + k * d :].reshape(k, d)
        return Mixture(_softmax(out[:k]), mean, np.exp(np.clip(log_sd, LEAST_LOG_SD, MOST_LOG_SD))), state

    def _side(self, lengths: IntArray, role: int) -> Float32Array:
        side: Float32Array = self.w["vae.length.weight"][lengths] + self.w["vae.role.weight"][role]
        return side

    def _linear(self, x: Float32Array, name: str) -> Float32Array:
        result: Float32Array = x @ self.w[f"{name}.weight"].T + self.w[f"{name}.bias"]
        return result

    def _block(self, x: Float32Array, name: str) -> Float32Array:
        inner = _silu(self._linear(_normed(x, self.w, f"{name}.norm"), f"{name}.up"))
        result: Float32Array = x + self._linear(inner, f"{name}.down")
        return result

    def _check(self, parts: Sequence[Bars]) -> None:
        kinds = tuple("kit" if bars.is_kit else "line" for bars in parts)
        if kinds != self.config.parts or len({len(bars) for bars in parts}) != 1:
            raise InvalidInput(
                f"the net {self.name!r} reads as many bars of each of {', '.join(self.config.parts)}, "
                f"got {[(k, len(b)) for k, b in zip(kinds, parts, strict=True)]}: give those"
            )


@dataclass(frozen=True, eq=False)
class Mixture:
    """Gaussians over a latent: weights (K,), means and deviations (K, latent)."""

    weights: Float32Array
    means: Float32Array
    spreads: Float32Array

    def draw(self, rng: np.random.Generator, *, warmth: float = 1.0) -> Float32Array:
        """Return a latent; warmth: 1 as learned, 0 the likeliest."""
        latent: Float32Array = self.means[int(self.weights.argmax())].copy()
        if warmth <= 0:
            return latent
        odds = self.weights.astype(np.float64) ** (1 / max(warmth, 0.05))
        chosen = int(rng.choice(odds.size, p=odds / odds.sum()))
        noise = rng.standard_normal(self.means[chosen].shape).astype(np.float32)
        latent = self.means[chosen] + warmth * self.spreads[chosen] * noise
        return latent

    def nats(self, latent: Float32Array) -> float:
        """Return the nats of a latent."""
        z = (latent - self.means) / self.spreads
        each = -0.5 * (z**2).sum(1) - np.log(self.spreads).sum(1) - 0.5 * latent.size * np.log(2 * np.pi)
        each = each + np.log(self.weights + 1e-30)
        top = each.max()
        return float(-(top + np.log(np.exp(each - top).sum())))


@lru_cache(maxsize=8)
def load_vae(name_or_path: str | Path = "vae-line") -> VaeRuntime:
    """Return a shipped net by name, one of NETS, or one from a path. Raises NotFound, UnreadableFile."""
    file = load_net(name_or_path, kind="vae")
    settings: dict[str, Any] = dict(file.settings)
    return VaeRuntime(
        VaeConfig.of(settings), file.weights, name=file.name, version=file.digest[:12], card=file.card
    )


def role_index(role: str) -> int:
    """Return the index of a role of ROLES. Raises InvalidInput for another."""
    if role not in ROLES:
        raise InvalidInput(f"role must be one of {', '.join(ROLES)}, got {role!r}: the family knows those")
    return ROLES.index(role)


def _flagged(latent: Float32Array | None, size: int) -> Float32Array:
    if latent is None:
        return np.zeros(size + 1, np.float32)
    return np.append(latent, np.float32(1.0)).astype(np.float32)


def _normed(x: Float32Array, w: dict[str, Float32Array], name: str) -> Float32Array:
    centred = x - x.mean(axis=-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(1e-5))
    result: Float32Array = (scaled * w[f"{name}.weight"] + w[f"{name}.bias"]).astype(np.float32)
    return result


def _sigmoid(x: NDArray[np.float32]) -> Float32Array:
    result: Float32Array = (1 / (1 + np.exp(-np.clip(x, -60, 60)))).astype(np.float32)
    return result


def _silu(x: Float32Array) -> Float32Array:
    return x * _sigmoid(x)


def _softmax(x: Float32Array) -> Float32Array:
    top = np.exp(x - x.max(axis=-1, keepdims=True))
    result: Float32Array = top / top.sum(axis=-1, keepdims=True)
    return result
