"""The phrase task: a writer that a Wasserstein critic cannot tell from people, the task of the `gan` family.

Conventions: per step the critic moves some times, then the writer, each on a batch of its own; part of a batch is given
(other parts, earlier bars) so that the writer learns to answer. Validated by the Frechet distance of phrase features.
This module does not loop: see `zhiyin.train.loop`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from zhiyin.models.gan import Critic, Encoder, Writer, gradient_penalty, phrase_of, split_noise, symbol_loss
from zhiyin.models.gan_config import GanConfig
from zhiyin.models.gan_inputs import Noise, Told, draw_noise, tell
from zhiyin.models.gan_measures import features, frechet
from zhiyin.models.gan_rolls import BARS, SLICES, TRACKS, Phrases
from zhiyin.train.gan_data import PhraseSet
from zhiyin.train.recipe import Recipe
from zhiyin.train.task import Batch, Update
from zhiyin.units import BoolArray, FloatArray, IntArray

DRIFT = 1e-3  # keeps the critic's words near zero
REBUILT = 2  # one phrase of so many is given back by way of the encoder
FREE = 0.5  # nats a sixteenth that noise may tell at no cost
ENCODER_WIDTH = 128
VALID_SEED = 20_260_103
VALID_PHRASES = 1000


def config_of(recipe: Recipe) -> GanConfig:
    """Return the writer's sizes as a recipe asks for them; the settings bear the same names."""
    names = {f.name for f in fields(GanConfig)}
    return GanConfig(
        **{f.name: getattr(recipe.model, f.name) for f in fields(recipe.model) if f.name in names}
    )


def draw_given(plays: BoolArray, rng: np.random.Generator) -> BoolArray:
    """Return (n, BARS, 4) which bars of which tracks are given.

    Two fifths of the phrases have nothing given, a fifth their first bars, the rest some of their tracks, a few of
    these one bar less, so that bars in the middle are written too.
    """
    n = len(plays)
    kind = rng.choice(3, n, p=(0.4, 0.2, 0.4))
    first = np.arange(BARS)[None, :] < rng.integers(1, BARS, (n, 1))
    tracks = (rng.random((n, len(TRACKS))) < 0.5) & plays
    tracks[np.arange(n), _one_of(plays, rng)] = False  # something is left to write
    given = np.zeros((n, BARS, len(TRACKS)), bool)
    given[kind == 1] = first[kind == 1][:, :, None]
    given[kind == 2] = tracks[kind == 2][:, None, :]
    holes = (kind == 2) & (rng.random(n) < 0.2)
    given[holes, rng.integers(0, BARS, int(holes.sum()))] = False
    return given & plays[:, None, :]


def _one_of(plays: BoolArray, rng: np.random.Generator) -> IntArray:
    chosen: IntArray = np.argmax(rng.random(plays.shape) * plays, axis=1)
    return chosen


def drop_tracks(phrases: Phrases, rng: np.random.Generator, share: float = 0.25) -> Phrases:
    """Return the phrases, some without one of their tracks: parts must sound alone too."""
    plays = phrases.plays.copy()
    rows = (rng.random(len(phrases)) < share) & (plays.sum(axis=1) > 1)
    plays[rows, _one_of(plays, rng)[rows]] = False
    codes = phrases.codes.copy()
    for track in range(len(TRACKS)):
        codes[~plays[:, track], :, SLICES[track]] = 0
    return Phrases(
        codes, phrases.valid, phrases.chord, phrases.root, phrases.style, phrases.metre, phrases.mode, plays
    )


def to_tensors(told: Told, codes: Any = None) -> Batch:
    """Return what is told as tensors, with the true phrases as `real` where they are known."""
    batch = {f.name: torch.from_numpy(np.ascontiguousarray(getattr(told, f.name))) for f in fields(told)}
    if codes is not None:
        batch["real"] = torch.from_numpy(codes.astype(np.float32))
    return batch


class GanTask:
    """Writer, critic and encoder, moved in turn.

    train, valid: phrases of both splits; the nets are named `writer`, `critic`, `encoder`.
    """

    def __init__(self, recipe: Recipe, train: PhraseSet, valid: PhraseSet, *, device: str = "cpu") -> None:
        self.recipe, self.train, self.device = recipe, train, device
        torch.manual_seed(recipe.seed)
        m = recipe.model
        self.config = config_of(recipe)
        self.nets = nn.ModuleDict(
            {
                "writer": Writer(self.config),
                "critic": Critic(self.config, m.critic_width, m.critic_layers),
                "encoder": Encoder(self.config, ENCODER_WIDTH),
            }
        ).to(device)
        writers = ("writer", "encoder") if m.rebuild else ("writer",)
        self.updates: tuple[Update, ...] = (Update("writer", writers),)
        if m.adversarial:
            self.updates = (Update("critic", ("critic",), m.critic_moves, m.critic_rate), *self.updates)
        self.moved = 0
        self.valid = valid.phrases.take(np.arange(min(len(valid.phrases), VALID_PHRASES)))
        self.human = features(self.valid)

    def batches(self, seed: tuple[int, int]) -> Iterator[Batch]:
        """Yield batches of phrases, some cells given."""
        rng = np.random.default_rng(seed)
        weight = self.train.weights(self.recipe.data.style_evenness)
        chances, size = np.cumsum(weight), self.recipe.optimiser.events_a_batch
        while True:
            index = np.minimum(np.searchsorted(chances, rng.random(size)), len(weight) - 1)
            phrases = drop_tracks(self.train.phrases.take(index), rng)
            yield to_tensors(tell(phrases, draw_given(phrases.plays, rng)), phrases.codes)

    def loss(self, update: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """Return the loss of the critic's or of the writer's move."""
        return self._critic_loss(batch) if update == "critic" else self._writer_loss(batch)

    def _noise(self, n: int) -> Batch:
        return split_noise(torch.randn(n, self.config.noise, device=self.device), self.config)

    def _critic_loss(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        m, real, critic = self.recipe.model, batch["real"], self.nets["critic"]
        n = len(real)
        with torch.no_grad():
            fake = phrase_of(self.nets["writer"](batch, self._noise(n)), batch)
        both = critic(
            torch.cat((real, fake)), {k: torch.cat((v, v)) for k, v in batch.items() if k != "real"}
        )
        gap = both[:n].mean() - both[n:].mean()
        loss = DRIFT * both[:n].square().mean() - gap
        told = {"gap": gap.detach()}
        self.moved += 1
        if self.moved % m.penalty_every == 0:
            steep = gradient_penalty(critic, real, fake, batch=batch, share=torch.rand(n, device=self.device))
            loss = loss + m.penalty * m.penalty_every * steep
            told["penalty"] = steep.detach()
        return loss, told

    def _writer_loss(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        m, n = self.recipe.model, len(batch["real"])
        writer, told = self.nets["writer"], {}
        loss = torch.zeros((), device=self.device)
        if m.adversarial:
            fake = phrase_of(writer(batch, self._noise(n)), batch)
            loss = loss - m.adversarial * self.nets["critic"](fake, batch).mean()
        if m.rebuild:
            batch = {name: tensor[: max(n // REBUILT, 1)] for name, tensor in batch.items()}
            mean, spread = self.nets["encoder"](batch["real"], batch)
            flat = mean + torch.randn_like(mean) * (0.5 * spread).exp()
            symbols = symbol_loss(
                writer(batch, split_noise(flat, self.config)), batch["real"], batch["write"]
            )
            apart = 0.5 * (mean.square() + spread.exp() - spread - 1).sum(dim=1).mean() / 64
            loss = loss + m.rebuild * (symbols + m.prior * (apart - FREE).clamp(min=0.0))
            told = {"symbols": symbols.detach(), "apart": apart.detach()}
        return loss, told

    def size(self, batch: Batch) -> int:
        """Return the phrases of a batch."""
        return len(batch["real"])

    def told(self, sums: dict[str, Tensor]) -> dict[str, Any]:
        """Return the critic's gap and penalty, and what the encoder's task says."""
        return {
            name: round(float(sums[name]), 4)
            for name in ("gap", "penalty", "symbols", "apart")
            if name in sums
        }

    def validate(self, nets: nn.ModuleDict) -> dict[str, float]:
        """Return the Frechet distance of written and held-out phrases, under the chords and styles of the latter."""
        rng = np.random.default_rng(VALID_SEED)
        ours = write_phrases(cast(Writer, nets["writer"]), self.valid, rng, device=self.device)
        found: FloatArray = features(ours)
        return {"all": frechet(self.human, found)}


@torch.no_grad()
def write_phrases(
    writer: Writer, asked: Phrases, rng: np.random.Generator, *, device: str = "cpu"
) -> Phrases:
    """Return phrases written from noise alone where others were asked for: same chords, style, metre and players."""
    noise: Noise = draw_noise(writer.config, len(asked), rng)
    told = tell(asked, np.zeros((len(asked), BARS, len(TRACKS)), bool))
    codes = []
    for low in range(0, len(asked), 256):
        part = slice(low, low + 256)
        batch = {k: v[part].to(device) for k, v in to_tensors(told).items()}
        drawn = {f.name: torch.from_numpy(getattr(noise, f.name)[part]).to(device) for f in fields(noise)}
        codes.append(phrase_of(writer(batch, drawn), batch).cpu().numpy())
    written = np.concatenate(codes).round().astype(np.uint8)
    return Phrases(written, *(getattr(asked, f.name) for f in fields(Phrases)[1:]))
