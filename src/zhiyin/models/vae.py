"""The VAE family in torch: one latent a bar from steps, steps from a latent, and a prior over latents in turn.

Conventions: shapes stand at the line's end, with one row a bar; `zhiyin.models.vae_runtime` computes the same without
torch. This module does not loop and reads no corpus.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from zhiyin.encode.bar_steps import HOLD, KIT, PAD, REST, STEPS
from zhiyin.models.vae_condition import PLAIN
from zhiyin.models.vae_config import ROLES, VaeConfig

PERIODS = (3.0, 4.0, 6.0, 12.0, 24.0, 7.0, 48.0, 128.0)  # semitones: what pitches are told apart by at first
LEAST_LOG_SD, MOST_LOG_SD = -6.0, 2.0
STEP_KINDS = 3  # begins, goes on, rests


class Block(nn.Module):
    """A residual two-layer network with a norm before it."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, width)

    def forward(self, x: Tensor) -> Tensor:
        """Return (bars, width)."""
        return x + self.down(F.silu(self.up(self.norm(x))))  # type: ignore[no-any-return]


def pitch_table(rows: int, width: int) -> Tensor:
    """Return (rows, width) first embeddings of pitches: waves of some periods, the rest small noise."""
    pitch = torch.arange(rows, dtype=torch.float32)[:, None]
    turns = 2 * math.pi * pitch / torch.tensor(PERIODS)
    waves = torch.cat((turns.sin(), turns.cos()), dim=1)[:, :width]
    table = 0.05 * torch.randn(rows, width)
    table[:, : waves.shape[1]] += 0.5 * waves
    return table


class BarVae(nn.Module):
    """Reads bars of some parts into means and spreads of latents, and writes steps from latents."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        c = self.config = config
        self.length = nn.Embedding(STEPS + 1, c.width)
        self.role = nn.Embedding(len(ROLES), c.width)
        self.symbol = nn.Embedding(PAD + 1, c.step)
        self.sounds = nn.Embedding(REST + 1, c.step)
        self.pitch = nn.Linear(c.step, HOLD)
        with torch.no_grad():
            for table in (self.symbol.weight, self.sounds.weight, self.pitch.weight):
                table[:HOLD] = pitch_table(HOLD, c.step)
        inputs = [STEPS * (c.step if kind == "line" else KIT) for kind in c.parts]
        self.read = nn.ModuleList(nn.Linear(size, c.width) for size in inputs)
        self.above = nn.ModuleList(Block(c.width, c.hidden) for _ in range(c.blocks))
        self.above_norm = nn.LayerNorm(c.width)
        self.mean = nn.Linear(c.width, c.latent)
        self.log_sd = nn.Linear(c.width, c.latent)
        self.lift = nn.Linear(c.latent, c.width)
        self.below = nn.ModuleList(Block(c.width, c.hidden) for _ in range(c.blocks))
        self.below_norm = nn.LayerNorm(c.width)
        outputs = [STEPS * (c.step + STEP_KINDS if kind == "line" else KIT) for kind in c.parts]
        self.write = nn.ModuleList(nn.Linear(c.width, size) for size in outputs)
        nn.init.constant_(self.log_sd.bias, -2.0)

    def encode(
        self, parts: list[Tensor], sounds: list[Tensor], length: Tensor, *, role: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return mean and log deviation, (bars, latent) each; parts: (bars, 16) symbols or (bars, 16, 9) hits."""
        x = self.length(length) + self.role(role)
        for kind, read, steps, heard in zip(self.config.parts, self.read, parts, sounds, strict=True):
            told = self.symbol(steps) + self.sounds(heard) if kind == "line" else steps.to(x.dtype)
            x = x + read(told.flatten(1))
        for block in self.above:
            x = block(x)
        x = self.above_norm(x)
        return self.mean(x), self.log_sd(x).clamp(LEAST_LOG_SD, MOST_LOG_SD)

    def decode(self, latent: Tensor, length: Tensor, role: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Return per part (kinds (bars, 16, 3), pitches (bars, 16, 128)) logits, or (hits (bars, 16, 9), same)."""
        x = self.lift(latent) + self.length(length) + self.role(role)
        for block in self.below:
            x = block(x)
        x = self.below_norm(x)
        answers = []
        for kind, write in zip(self.config.parts, self.write, strict=True):
            out = write(x).unflatten(1, (STEPS, -1))
            if kind == "line":
                answers.append((out[..., :STEP_KINDS], self.pitch(out[..., STEP_KINDS:])))
            else:
                answers.append((out, out))
        return answers


def kinds_of(steps: Tensor) -> Tensor:
    """Return (bars, 16) 0 begins, 1 goes on, 2 rests; padding counts as a rest."""
    return (steps >= HOLD).long() + (steps >= REST).long()


def reconstruction(
    kind: str, logits: tuple[Tensor, Tensor], steps: Tensor, *, inside: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Return (nats (bars,), right (bars, 16), is said (bars, 16)) of a part; inside: (bars, 16) steps of the bar.

    right: whether the likeliest step is the true one; said: steps that begin or rest, or where a kit is hit.
    """
    first, second = logits[0].float(), logits[1].float()
    if kind == "kit":
        hits = steps.float()
        nats = F.binary_cross_entropy_with_logits(first, hits, reduction="none").sum(dim=2)
        right = ((first > 0) == steps.bool()).all(dim=2)
        return (nats * inside).sum(dim=1), right & inside, steps.bool().any(dim=2) & inside
    kinds, begins = kinds_of(steps), steps < HOLD
    nats = F.cross_entropy(first.flatten(0, 1), kinds.flatten(), reduction="none").view_as(kinds) * inside
    pitch = torch.where(begins, steps, 0)
    wrong = F.cross_entropy(second.flatten(0, 1), pitch.flatten(), reduction="none").view_as(kinds)
    right = (first.argmax(dim=2) == kinds) & (~begins | (second.argmax(dim=2) == steps))
    return (nats + wrong * begins).sum(dim=1), right & inside, (steps != HOLD) & inside


def kl_to_normal(mean: Tensor, log_sd: Tensor) -> Tensor:
    """Return (bars,) nats from N(mean, sd) to N(0, 1)."""
    return (0.5 * (mean.square() + (2 * log_sd).exp() - 1) - log_sd).sum(dim=1)


class LatentPrior(nn.Module):
    """A recurrent mixture of Gaussians over the latents of bars in turn, told of each bar what is known of it.

    Inputs a bar: the latent before (and whether there is one), what `zhiyin.models.vae_condition` tells, the latent of
    the bar it should resemble, and that of the next given bar with how far off it is.
    """

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        c = self.config = config
        self.told = nn.Linear(PLAIN + 3 * (c.latent + 1) + 1, c.memory)
        self.turn = nn.GRU(c.memory, c.memory, batch_first=True)
        self.out = nn.Linear(2 * c.memory, c.mixtures * (1 + 2 * c.latent))

    def forward(self, told: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return log weights (..., K), means and log deviations (..., K, latent) of what is told (..., inputs)."""
        x = F.silu(self.told(told))
        memory, _ = self.turn(x)
        return self.mixture(torch.cat((x, memory), dim=-1))

    def mixture(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the mixture that a state answers with."""
        k, d = self.config.mixtures, self.config.latent
        out = self.out(x).float()
        weights, mean, log_sd = out.split((k, k * d, k * d), dim=-1)
        return (
            weights.log_softmax(-1),
            mean.unflatten(-1, (k, d)),
            log_sd.unflatten(-1, (k, d)).clamp(-4.0, 1.0),
        )

    def nats(self, told: Tensor, latent: Tensor) -> Tensor:
        """Return (...,) nats of latents (..., latent) under the prior."""
        weights, mean, log_sd = self(told)
        z = (latent.unsqueeze(-2) - mean) * (-log_sd).exp()
        each = -0.5 * z.square().sum(-1) - log_sd.sum(-1) - 0.5 * self.config.latent * math.log(2 * math.pi)
        return -torch.logsumexp(weights + each, dim=-1)
