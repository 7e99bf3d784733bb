"""Training of the frame model: one recipe, one run, one checkpoint; `python -m zhiyin.train.frames RECIPE`.

Conventions: losses in nats a frame; weights are averaged while training, and the average is what is kept; minutes are
of processor time on a CPU and of the clock on an accelerator. Does not know: the test split; nothing here looks at it.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from zhiyin.data.fetch import data_home
from zhiyin.errors import InvalidInput
from zhiyin.models.frame_past import KEYS
from zhiyin.models.frames import PAD, Asked, FramesConfig, FramesNet, Library, parameter_count
from zhiyin.models.frames_file import load_frames_net, save_frames_net
from zhiyin.train.frames_data import FOLDER, SETS, clean_sets, library_of, load_poly_set
from zhiyin.train.recipe import load_flat_recipe

_log = logging.getLogger(__name__)
Weights = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class FramesRecipe:
    """One run.

    shares: of each set in what is learned; minutes: of the run; decay_share: the last share of them, in which the rate
    falls to nothing. segments, frames: a batch. most_keys: how densely keys without a note are asked, as a multiple of
    how likely they seem; least_keys: the lowest chance that one is asked. ema: how slowly the average follows.
    """

    seed: int = 0
    minutes: float = 60.0
    decay_share: float = 0.4
    optimiser: str = "muon"
    learning_rate: float = 3e-3
    warmup_steps: int = 100
    weight_decay: float = 0.05
    clip_norm: float = 1.0
    ema: float = 0.995
    segments: int = 16
    frames: int = 128
    most_keys: float = 1.5
    least_keys: float = 0.03
    validate_minutes: float = 4.0
    validation_frames: int = 3000
    shares: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(SETS, 0.25))
    model: FramesConfig = FramesConfig()

    def __post_init__(self) -> None:
        if not self.minutes > 0:
            raise InvalidInput(f"minutes must be above 0, got {self.minutes}: give how long to train")
        if self.optimiser not in ("muon", "adamw"):
            raise InvalidInput(f"optimiser must be muon or adamw, got {self.optimiser!r}: choose one")
        if not 0 < self.least_keys <= 1:
            raise InvalidInput(
                f"least_keys must be above 0 and at most 1, got {self.least_keys}: give a chance"
            )
        unknown = sorted(set(self.shares) - set(SETS))
        if unknown or not self.shares:
            raise InvalidInput(
                f"shares must name sets among {', '.join(SETS)}, got {unknown or 'none'}: name one"
            )


def load_frames_recipe(path: Path) -> FramesRecipe:
    """Return the recipe in a TOML file. Raises NotFound, or InvalidInput when a setting is unknown."""
    found: FramesRecipe = load_flat_recipe(
        path, FramesRecipe, model=FramesConfig, example="recipes/frames.toml"
    )
    return found


@dataclass(frozen=True, slots=True)
class Batch:
    """Segments of pieces: row, padded_row, is_real (segments, frames); corpus (segments,)."""

    row: Tensor
    padded_row: Tensor
    is_real: Tensor
    corpus: Tensor


class Draw:
    """Draws segments: first the set by its share, then a place in it."""

    def __init__(self, library: Library, shares: Mapping[str, float], *, seed: int) -> None:
        self.library = library
        device = library.rolls.device
        self.random = torch.Generator(device=device).manual_seed(seed)
        lengths = torch.tensor(library.lengths, device=device, dtype=torch.float)
        chance = torch.zeros_like(lengths)
        for name, share in shares.items():
            own = library.corpus == SETS.index(name)
            chance += own * lengths * share / (own * lengths).sum().clamp(min=1)
        self.chance = chance

    def batch(self, segments: int, frames: int) -> Batch:
        """Return random segments; a piece shorter than a segment stands whole."""
        library, random = self.library, self.random
        pieces = torch.multinomial(self.chance, segments, replacement=True, generator=random)
        lengths = torch.tensor(library.lengths, device=pieces.device)[pieces]
        room = (lengths - frames).clamp(min=0) + 1
        start = (torch.rand(segments, device=pieces.device, generator=random) * room).long()
        frame = start[:, None] + torch.arange(frames, device=pieces.device)
        row, padded = library.rows(pieces[:, None].expand_as(frame), frame)
        return Batch(row, padded, frame < lengths[:, None], library.corpus[pieces])


def whole_piece(library: Library, piece: int) -> Batch:
    """Return a piece as a batch of one segment."""
    frame = torch.arange(library.lengths[piece], device=library.rolls.device)[None]
    row, padded = library.rows(torch.full_like(frame, piece), frame)
    return Batch(row, padded, torch.ones_like(frame, dtype=torch.bool), library.corpus[piece : piece + 1])


def key_chances(library: Library, row: Tensor, now: Tensor, *, most: float, least: float) -> Tensor:
    """Return (frames, 88) the chance that each key is asked: 1 where a note sounds, else by how likely it seems."""
    lately = library.key[row][:, :, 3:5].amax(2).float() / 255
    near = torch.nn.functional.max_pool1d(lately[:, None], 5, 1, 2)[:, 0] * 0.5
    voted = library.votes[row].amax(2).float() / 255
    seems = torch.maximum(torch.maximum(lately, near), voted)
    return torch.where(now.bool(), torch.ones_like(seems), (most * seems + least).clamp(max=1.0))


def sampled_nats(
    net: FramesNet, library: Library, batch: Batch, *, recipe: FramesRecipe, random: torch.Generator
) -> Tensor:
    """Return (segments, frames) unbiased estimates of each frame's nats; keys unlikely to sound are asked at random."""
    told = net.read(library, batch.row, batch.corpus)
    real = batch.is_real
    row, padded = batch.row[real], batch.padded_row[real]
    corpus = batch.corpus[:, None].expand_as(real)[real]
    now = library.rolls[padded][:, PAD : PAD + KEYS]
    chance = key_chances(library, row, now, most=recipe.most_keys, least=recipe.least_keys)
    chosen = torch.rand(chance.shape, device=chance.device, generator=random) < chance
    frame, key = chosen.nonzero(as_tuple=True)
    direction = int(torch.randint(2, (1,), device=row.device, generator=random))
    asked = Asked(row, padded, frame, key, direction)
    logits = net.logits(library, asked, told[real], frames=now, corpus=corpus)
    signed = torch.where(now[frame, key].bool(), logits, -logits)
    nats = -torch.nn.functional.logsigmoid(signed) / chance[frame, key]
    each = torch.zeros(len(row), device=row.device).index_add(0, frame, nats)
    return torch.zeros(real.shape, device=row.device).masked_scatter(real, each)


@torch.no_grad()
def evaluate(net: FramesNet, library: Library, recipe: FramesRecipe) -> dict[str, float]:
    """Return estimated nats a frame of each set in a library, first frames left out; the same keys every time."""
    net.eval()
    random = torch.Generator(device=library.rolls.device).manual_seed(1)
    total, count = dict.fromkeys(SETS, 0.0), dict.fromkeys(SETS, 0)
    for piece in range(len(library.lengths)):
        with autocast(library):
            nats = sampled_nats(net, library, whole_piece(library, piece), recipe=recipe, random=random)
        name = SETS[int(library.corpus[piece])]
        total[name] += float(nats[0, 1:].double().sum())
        count[name] += nats.shape[1] - 1
    net.train()
    return {name: total[name] / count[name] for name in SETS if count[name]}


def autocast(library: Library) -> torch.autocast:
    """Return the context in which products are taken in half precision."""
    return torch.autocast(library.rolls.device.type, torch.bfloat16)


def rate_at(share_done: float, step: int, recipe: FramesRecipe) -> float:
    """Return the learning rate: warm-up by steps, then level, then a line to nothing."""
    left = min(1.0, (1.0 - share_done) / max(recipe.decay_share, 1e-9))
    return recipe.learning_rate * min(1.0, (step + 1) / recipe.warmup_steps) * max(left, 0.0)


def optimisers_of(net: FramesNet, recipe: FramesRecipe) -> list[torch.optim.Optimizer]:
    """Return Muon for the matrices that keys and frames go through, AdamW for the rest (or for all)."""
    named = dict(net.named_parameters())
    is_layer = {
        name: recipe.optimiser == "muon"
        and one.ndim == 2
        and name.startswith(("blocks.", "past.", "told.", "moving."))
        for name, one in named.items()
    }
    rest = [one for name, one in named.items() if not is_layer[name]]
    groups = [
        {"params": [p for p in rest if p.ndim > 1], "weight_decay": recipe.weight_decay},
        {"params": [p for p in rest if p.ndim <= 1], "weight_decay": 0.0},
    ]
    found: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(groups, lr=recipe.learning_rate, betas=(0.9, 0.98))
    ]
    layers = [one for name, one in named.items() if is_layer[name]]
    if layers:
        found.append(
            torch.optim.Muon(
                layers,
                lr=recipe.learning_rate,
                weight_decay=recipe.weight_decay,
                adjust_lr_fn="match_rms_adamw",
            )
        )
    return found


class Trainer:
    """A run in progress: the net, its average and its optimiser."""

    def __init__(
        self, recipe: FramesRecipe, library: Library, validation: Library, *, start: Weights | None = None
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.library, self.validation = recipe, library, validation
        self.draw = Draw(library, recipe.shares, seed=recipe.seed)
        self.net = FramesNet(recipe.model).to(library.rolls.device)
        if start is not None:
            self.net.load_state_dict(start)
        self.average: Weights = {name: value.clone() for name, value in self.net.state_dict().items()}
        self.optimisers = optimisers_of(self.net, recipe)
        self.step = 0

    def learn(self, rate: float) -> float:
        """Take one step and return its loss."""
        for group in (group for one in self.optimisers for group in one.param_groups):
            group["lr"] = rate
        batch = self.draw.batch(self.recipe.segments, self.recipe.frames)
        with autocast(self.library):
            nats = sampled_nats(self.net, self.library, batch, recipe=self.recipe, random=self.draw.random)
        loss = nats.sum() / batch.is_real.sum()
        self.net.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.recipe.clip_norm)
        for one in self.optimisers:
            one.step()
        self.step += 1
        follow = 1 - min(self.recipe.ema, self.step / (self.step + 19))
        with torch.no_grad():
            for name, value in self.net.state_dict().items():
                self.average[name].lerp_(value, follow)
        return float(loss.detach())

    def averaged(self) -> FramesNet:
        """Return a net with the averaged weights."""
        net = FramesNet(self.recipe.model).to(self.library.rolls.device)
        net.load_state_dict(self.average)
        return net

    def clock(self) -> float:
        """Return minutes: of this process on a CPU, of the wall elsewhere."""
        on_cpu = self.library.rolls.device.type == "cpu"
        return (time.process_time() if on_cpu else time.monotonic()) / 60

    def run(self, out: Path) -> float:
        """Train to the end of the recipe's minutes; the best average on validation lies at `out`. Return its loss."""
        started = last = self.clock()
        best, losses = math.inf, list[float]()
        while True:
            now = self.clock()
            share = (now - started) / self.recipe.minutes
            losses.append(self.learn(rate_at(share, self.step, self.recipe)))
            if now - last > self.recipe.validate_minutes or share >= 1:
                last = now
                best = self._validate(out, best, losses)
                losses.clear()
            if share >= 1:
                return best

    def _validate(self, out: Path, best: float, losses: Sequence[float]) -> float:
        net = self.averaged()
        found = evaluate(net, self.validation, self.recipe)
        value = sum(found.values()) / len(found)
        said = ", ".join(f"{name} {nats:.3f}" for name, nats in found.items())
        _log.info(
            "step %d: train %.3f, validation %.4f: %s", self.step, sum(losses) / len(losses), value, said
        )
        if value < best:
            card = {"recipe": asdict(self.recipe), "step": self.step, "validation": found}
            save_frames_net(out, net, card=card)
        return min(value, best)


def main(words: Sequence[str]) -> int:
    """Train by a recipe and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m zhiyin.train.frames", description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, default=None, help="folder of the sets; ZHIYIN_DATA otherwise")
    parser.add_argument("--start", type=Path, default=None, help="checkpoint to go on from")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare the pieces")
    parser.add_argument("--out", type=Path, default=Path("frames.safetensors"))
    asked = parser.parse_args(list(words))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if asked.device == "cpu":
        torch.set_num_threads(1)
    recipe = load_frames_recipe(asked.recipe)
    folder = (asked.data or data_home()) / FOLDER
    sets = clean_sets([load_poly_set(folder, name) for name in recipe.shares])
    library = library_of(sets, "train", asked.device, workers=asked.workers)
    most = recipe.validation_frames
    validation = library_of(sets, "valid", asked.device, most_frames=most, workers=asked.workers)
    start = load_frames_net(asked.start)[0].state_dict() if asked.start else None
    trainer = Trainer(recipe, library, validation, start=start)
    _log.info(
        "%d parameters, %d pieces, %d frames",
        parameter_count(trainer.net),
        len(library.lengths),
        sum(library.lengths),
    )
    best = trainer.run(asked.out)
    _log.info("%s", json.dumps({"validation": best, "checkpoint": str(asked.out)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
