"""The nets of the `gan` family in torch: a writer of phrases, the critic it learns from, and an encoder beside it.

Conventions: a phrase is TOKENS beats; blocks mix beats, then numbers, as in MLP-Mixer (Tolstikhin et al. 2021): small
products that differentiate twice. Hard symbols go on, soft ones learn (straight-through, Dong & Yang 2018).
This module does not train: see `zhiyin.train.gan_task`. The writer runs without torch in `zhiyin.models.gan_runtime`.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import silu

from zhiyin.models.gan_config import MODES, TOLD, GanConfig
from zhiyin.models.gan_rolls import (
    BARS,
    BASS,
    BEAT,
    BLOCK,
    DRUMS,
    FIRST,
    HARMONY,
    LOW,
    MELODY,
    SLICES,
    SLOTS,
    SPAN,
    STEPS,
    TOKENS,
    TRACKS,
    WIDTH,
)

Batch = dict[str, Tensor]
TINY = 1e-5
SLOPE = 0.5  # of the soft symbols of rolls: a flatter one still learns where a symbol is surely off
RARE = -3.0  # log-odds of a roll's symbol before anything is learned
CHORD = 25  # numbers of a beat that tell chord and root


class Block(nn.Module):
    """One block: beats hear each other, then every beat thinks; both added to what was."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gains = nn.Parameter(torch.ones(2, width))
        self.over = nn.Linear(TOKENS, 2 * TOKENS)
        self.over_out = nn.Linear(2 * TOKENS, TOKENS)
        self.up = nn.Linear(width, 2 * width)
        self.down = nn.Linear(2 * width, width)
        nn.init.normal_(self.down.weight, std=0.3 * (2 * width) ** -0.5)
        nn.init.normal_(self.over_out.weight, std=0.3 * (2 * TOKENS) ** -0.5)

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, TOKENS, width)."""
        mixed = self.over_out(silu(self.over((unit(x) * self.gains[0]).transpose(1, 2))))
        x = x + mixed.transpose(1, 2)
        return x + cast(Tensor, self.down(silu(self.up(unit(x) * self.gains[1]))))


def unit(x: Tensor) -> Tensor:
    """Return rows scaled to a mean square of 1."""
    return x * torch.rsqrt((x * x).mean(dim=-1, keepdim=True) + TINY)


class Frame(nn.Module):
    """What every net knows of the place: beat of the phrase, style, metre, mode."""

    def __init__(self, config: GanConfig, width: int) -> None:
        super().__init__()
        self.beat = nn.Parameter(0.3 * torch.randn(TOKENS, width))
        self.style = nn.Embedding(config.styles, width)
        self.metre = nn.Embedding(config.metres, width)
        self.mode = nn.Embedding(MODES, width)
        for table in (self.style, self.metre, self.mode):
            nn.init.normal_(table.weight, std=0.3)

    def forward(self, batch: Batch) -> Tensor:
        """Return (n, TOKENS, width)."""
        whole = self.style(batch["style"]) + self.metre(batch["metre"]) + self.mode(batch["mode"])
        return cast(Tensor, self.beat + whole[:, None, :])


class PartNet(nn.Module):
    """One part's own net: hears the trunk, its own noise and the chords, gives log-odds of its block."""

    def __init__(self, config: GanConfig, block: int) -> None:
        super().__init__()
        width = config.part_width
        self.hear = nn.Linear(config.width, width)
        self.noise = nn.Linear(config.own, width, bias=False)
        self.blocks = nn.ModuleList(Block(width) for _ in range(config.part_layers))
        self.out = nn.Linear(width, BEAT * block)
        self.chord = nn.Linear(CHORD, BEAT * block, bias=False)
        if block in (BLOCK[HARMONY], BLOCK[DRUMS]):
            nn.init.constant_(self.out.bias, RARE)

    def forward(self, trunk: Tensor, noise: Tensor, chord: Tensor) -> Tensor:
        """Return (n, STEPS, block) log-odds."""
        x = self.hear(trunk) + self.noise(noise)
        for block in self.blocks:
            x = block(x)
        out: Tensor = self.out(unit(x)) + self.chord(chord)
        return out.reshape(len(out), STEPS, -1)


class Writer(nn.Module):
    """The generator: what is told and noise to log-odds of every symbol."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self.config = config
        self.frame = Frame(config, config.width)
        self.told = nn.Linear(config.told, config.width, bias=False)
        self.noise = nn.Linear(config.shared, config.width, bias=False)
        self.blocks = nn.ModuleList(Block(config.width) for _ in range(config.layers))
        self.parts = nn.ModuleList(PartNet(config, BLOCK[track]) for track in range(len(TRACKS)))

    def forward(self, batch: Batch, noise: Batch) -> Tensor:
        """Return (n, STEPS, WIDTH) log-odds; noise as `zhiyin.models.gan_inputs.Noise`."""
        n, told = len(batch["beats"]), batch["beats"]
        shared = torch.cat(
            (_beats(noise["shared"][:, None].expand(n, BARS, -1)), _beats(noise["shared_bar"])), 2
        )
        x = self.frame(batch) + self.told(told) + self.noise(shared)
        for block in self.blocks:
            x = block(x)
        x = unit(x)
        found = []
        for track, part in enumerate(self.parts):
            whole = noise["part"][:, track, None].expand(n, BARS, -1)
            own = torch.cat((_beats(whole), _beats(noise["part_bar"][:, track])), 2)
            found.append(part(x, own, told[:, :, :CHORD]))
        return torch.cat(found, dim=2)


def _beats(per_bar: Tensor) -> Tensor:
    """Return (n, TOKENS, d) of (n, BARS, d)."""
    return per_bar.repeat_interleave(SLOTS // BEAT, dim=1)


def hard_symbols(logits: Tensor) -> Tensor:
    """Return (n, STEPS, WIDTH) of 0 and 1, the likeliest symbols, with the gradient of the soft ones."""
    found = []
    for track in range(len(TRACKS)):
        part = logits[:, :, SLICES[track]].float()
        if track in (MELODY, BASS):
            soft = part.softmax(dim=2)
            hard = torch.zeros_like(soft).scatter_(2, part.argmax(dim=2, keepdim=True), 1.0)
        else:
            soft = (SLOPE * part).sigmoid()
            hard = (part > 0).float()
        found.append(hard + soft - soft.detach())
    return torch.cat(found, dim=2)


def phrase_of(logits: Tensor, batch: Batch) -> Tensor:
    """Return (n, STEPS, WIDTH) written cells beside what is given."""
    return hard_symbols(logits) * batch["write"] + batch["kept"]


def chroma_table() -> Tensor:
    """Return (WIDTH, 36) which pitch class of which pitched track a symbol begins."""
    table = torch.zeros(WIDTH, 36)
    for index, track in enumerate((MELODY, HARMONY, BASS)):
        first = SLICES[track].start + (0 if track == HARMONY else FIRST)
        for k in range(SPAN[track]):
            table[first + k, 12 * index + (LOW[track] + k) % 12] = 1.0
    return table


class Critic(nn.Module):
    """The Wasserstein critic: how much a phrase is like people's, under its chords, style and metre."""

    chroma: Tensor

    def __init__(self, config: GanConfig, width: int, layers: int) -> None:
        super().__init__()
        self.frame = Frame(config, width)
        self.register_buffer("chroma", chroma_table(), persistent=False)
        self.read = nn.Linear(BEAT * WIDTH + TOLD + 72, width, bias=False)
        self.blocks = nn.ModuleList(Block(width) for _ in range(layers))
        self.judge = nn.Linear(2 * width, width)
        self.out = nn.Linear(width, 1)

    def forward(self, codes: Tensor, batch: Batch) -> Tensor:
        """Return (n,) scores of phrases (n, STEPS, WIDTH)."""
        n = len(codes)
        told = batch["beats"][:, :, :TOLD]
        classes = (codes @ self.chroma).reshape(n, TOKENS, BEAT, 36).sum(dim=2)
        chord = told[:, :, :12].repeat(1, 1, 3)
        fits = torch.cat((classes * chord, classes * (1 - chord)), dim=2)
        x = self.frame(batch) + self.read(torch.cat((codes.reshape(n, TOKENS, -1), told, fits), dim=2))
        for block in self.blocks:
            x = block(x)
        x = unit(x)
        pooled = torch.cat((x.mean(dim=1), x.square().mean(dim=1)), dim=1)
        return cast(Tensor, self.out(silu(self.judge(pooled))))[:, 0].float()


class Encoder(nn.Module):
    """Phrase to noise, for training only: mean and log-variance of every number of noise."""

    def __init__(self, config: GanConfig, width: int, layers: int = 2) -> None:
        super().__init__()
        self.config = config
        self.frame = Frame(config, width)
        self.read = nn.Linear(config.told + BEAT * WIDTH, width, bias=False)
        self.blocks = nn.ModuleList(Block(width) for _ in range(layers))
        tracks = len(TRACKS)
        self.whole = nn.Linear(width, 2 * (config.shared_noise + tracks * config.part_noise))
        self.bar = nn.Linear(width, 2 * (config.shared_bar_noise + tracks * config.part_bar_noise))

    def forward(self, codes: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return (mean, log-variance), (n, noise) each, in the order of `split_noise`."""
        x = self.frame(batch) + self.read(
            torch.cat((batch["beats"], codes.reshape(len(codes), TOKENS, -1)), dim=2)
        )
        for block in self.blocks:
            x = block(x)
        x = unit(x)
        whole = self.whole(x.mean(dim=1)).chunk(2, dim=1)
        bar = self.bar(x.reshape(len(x), BARS, -1, x.shape[2]).mean(dim=2)).chunk(2, dim=2)
        mean, spread = (torch.cat((w, b.flatten(1)), dim=1).float() for w, b in zip(whole, bar, strict=True))
        return mean, spread.clamp(-6.0, 2.0)


def split_noise(flat: Tensor, config: GanConfig) -> Batch:
    """Return noise by name of (n, noise): the phrase's shared and part noise, then bar by bar the same."""
    n, tracks = len(flat), len(TRACKS)
    whole = config.shared_noise + tracks * config.part_noise
    first, bars = flat[:, :whole], flat[:, whole:].reshape(n, BARS, -1)
    own = bars[:, :, config.shared_bar_noise :].reshape(n, BARS, tracks, -1)
    return {
        "shared": first[:, : config.shared_noise],
        "part": first[:, config.shared_noise :].reshape(n, tracks, -1),
        "shared_bar": bars[:, :, : config.shared_bar_noise],
        "part_bar": own.transpose(1, 2),
    }


def gradient_penalty(critic: nn.Module, real: Tensor, fake: Tensor, *, batch: Batch, share: Tensor) -> Tensor:
    """Return the mean of (|gradient| - 1) squared between real and fake phrases (Gulrajani et al. 2017).

    share: (n,) how far between them each phrase lies, 0 fake, 1 real.
    """
    mixed = torch.lerp(fake, real, share[:, None, None]).requires_grad_(True)
    (slope,) = torch.autograd.grad(critic(mixed, batch).sum(), mixed, create_graph=True)
    steep: Tensor = slope.flatten(1).float().norm(dim=1)
    return ((steep - 1) ** 2).mean()


def symbol_loss(logits: Tensor, real: Tensor, write: Tensor) -> Tensor:
    """Return the mean nats a written sixteenth of a track, summed over its block."""
    nats, cells = logits.new_zeros(()), logits.new_zeros(())
    for track in range(len(TRACKS)):
        part, true = logits[:, :, SLICES[track]].float(), real[:, :, SLICES[track]]
        mask = write[:, :, SLICES[track].start]
        if track in (HARMONY, DRUMS):
            each = nn.functional.binary_cross_entropy_with_logits(part, true, reduction="none").sum(dim=2)
        else:
            each = -(part.log_softmax(dim=2) * true).sum(dim=2)
        nats, cells = nats + (each * mask).sum(), cells + mask.sum()
    return nats / cells.clamp(min=1.0)
