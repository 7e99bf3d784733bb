"""Training of the chorale model: one recipe, one run, one checkpoint; `python -m zhiyin.train.chorale RECIPE`.

Conventions: losses in nats a voice-frame; weights are averaged while training, and the average is what is kept.
Does not know: what a chorale should sound like, nor the test split: nothing here looks at it.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from zhiyin.data.fetch import data_home
from zhiyin.errors import InvalidInput
from zhiyin.models.chorale import (
    ChoraleConfig,
    ChoraleNet,
    Frames,
    discourage_parallels,
    fixed_order,
    parameter_count,
)
from zhiyin.models.chorale_file import save_chorale_net
from zhiyin.models.chorale_recall import VOICES
from zhiyin.train.chorale_data import (
    Chorale,
    groups_of,
    load_chorales,
    to_frames,
    transposition_room,
    voice_ranges,
)
from zhiyin.train.chorale_more import load_more
from zhiyin.train.recipe import load_flat_recipe
from zhiyin.units import IntArray

_log = logging.getLogger(__name__)
Weights = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class ChoraleRecipe:
    """One run.

    minutes: of processor time; decay_share: the last share of them, in which the rate falls to nothing.
    frames_a_batch: padded; odd_share: share of odd sixteenths scored in a step, weighted up in return.
    more: other four-part pieces, as a share of the number of chorales, until the decay; more_late: after it began.
    most_semitones: of transposition, inside each voice's range. ema: how slowly the average follows.
    parallel_nats: taken from parallel fifths and octaves after learning, as a part of the model that is measured.
    """

    seed: int = 0
    minutes: float = 30.0
    decay_share: float = 0.3
    learning_rate: float = 2.5e-3
    warmup_steps: int = 60
    weight_decay: float = 0.1
    clip_norm: float = 0.5
    ema: float = 0.997
    frames_a_batch: int = 3300
    odd_share: float = 0.34
    most_semitones: int = 6
    more: float = 0.6
    more_late: float = 0.15
    parallel_nats: float = 0.0
    validate_minutes: float = 2.0
    model: ChoraleConfig = ChoraleConfig()

    def __post_init__(self) -> None:
        if not 0 < self.odd_share <= 1:
            raise InvalidInput(f"odd_share must be above 0 and at most 1, got {self.odd_share}")
        if not self.minutes > 0:
            raise InvalidInput(f"minutes must be above 0, got {self.minutes}")


def load_chorale_recipe(path: Path) -> ChoraleRecipe:
    """Return the recipe in a TOML file. Raises NotFound, or InvalidInput when a setting is unknown."""
    found: ChoraleRecipe = load_flat_recipe(
        path, ChoraleRecipe, model=ChoraleConfig, example="recipes/chorale.toml"
    )
    return found


@dataclass(slots=True)
class Lesson:
    """What is learned from: chorales, other pieces, and how far each may be moved."""

    pieces: list[Chorale]
    own: int  # the first ones are the chorales themselves
    rooms: list[tuple[int, int]]

    @staticmethod
    def of(chorales: list[Chorale], more: list[Chorale], most_semitones: int) -> Lesson:
        """Return both together; ranges are those of the chorales."""
        low, high = voice_ranges([one.ids for one in chorales])
        pieces = chorales + more
        rooms = [transposition_room(one.ids, low=low, high=high, most=most_semitones) for one in pieces]
        return Lesson(pieces, len(chorales), rooms)

    def epoch(self, more: float, budget: int, random: np.random.Generator) -> Iterator[tuple[Frames, Tensor]]:
        """Yield batches and the origin of each piece; more: other pieces as a share of the chorales."""
        others = self.own + random.permutation(len(self.pieces) - self.own)[: int(more * self.own)]
        used: IntArray = np.concatenate([np.arange(self.own), others])
        for group in groups_of([len(self.pieces[i].ids) for i in used], budget, random):
            chosen = [int(used[i]) for i in group]
            shifts = [int(random.integers(self.rooms[i][0], self.rooms[i][1] + 1)) for i in chosen]
            yield (
                to_frames([self.pieces[i] for i in chosen], shifts),
                torch.tensor([int(i >= self.own) for i in chosen]),
            )


def training_loss(net: ChoraleNet, frames: Frames, origin: Tensor, *, odd_share: float) -> Tensor:
    """Return the mean loss of a voice-frame over random voice orders; some odd sixteenths stand for all of them."""
    is_odd = (torch.arange(frames.is_real.shape[1]) % 2 == 1).expand_as(frames.is_real)
    chosen = frames.is_real & (~is_odd | (torch.rand(frames.is_real.shape) < odd_share))
    weight = torch.where(is_odd[chosen], 1 / odd_share, 1.0)
    picked = frames.pick(chosen)
    order = torch.rand(*picked.targets.shape).argsort(-1)
    with torch.autocast("cpu", torch.bfloat16):
        found = net.log_probs(net.read(frames.inputs, origin)[chosen], picked, order)
    loss: Tensor = -(found * weight[:, None]).sum() / frames.is_real.sum() / VOICES
    return loss


@torch.no_grad()
def evaluate(net: ChoraleNet, batches: Sequence[Frames], order: str = "BSAT") -> float:
    """Return nats a voice-frame over all real frames, the first included, in one fixed voice order."""
    net.eval()
    total, count = 0.0, 0
    for frames in batches:
        found = net.log_probs(net.read(frames.inputs), frames, fixed_order(order))
        total -= float(found[frames.is_real].double().sum())
        count += int(frames.is_real.sum()) * VOICES
    net.train()
    return total / count


def rate_at(share_done: float, step: int, recipe: ChoraleRecipe) -> float:
    """Return the learning rate: warm-up by steps, then level, then a line to nothing."""
    left = min(1.0, (1.0 - share_done) / max(recipe.decay_share, 1e-9))
    return recipe.learning_rate * min(1.0, (step + 1) / recipe.warmup_steps) * max(left, 0.0)


class Trainer:
    """A run in progress: the net, its average and its optimiser."""

    def __init__(self, recipe: ChoraleRecipe, lesson: Lesson, validation: Sequence[Frames]) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.lesson, self.validation = recipe, lesson, validation
        self.random = np.random.default_rng(recipe.seed)
        self.net = ChoraleNet(recipe.model)
        self.average: Weights = {name: value.clone() for name, value in self.net.state_dict().items()}
        decayed = [p for p in self.net.parameters() if p.ndim > 1]
        plain = [p for p in self.net.parameters() if p.ndim <= 1]
        groups = [
            {"params": decayed, "weight_decay": recipe.weight_decay}, {"params": plain, "weight_decay": 0.0}
        ]  # fmt: skip
        self.optimiser = torch.optim.AdamW(groups, lr=recipe.learning_rate, betas=(0.9, 0.98))
        self.step = 0

    def learn(self, frames: Frames, origin: Tensor, rate: float) -> float:
        """Take one step and return its loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        loss = training_loss(self.net, frames, origin, odd_share=self.recipe.odd_share)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.recipe.clip_norm)
        self.optimiser.step()
        self.step += 1
        follow = 1 - min(self.recipe.ema, self.step / (self.step + 19))
        with torch.no_grad():
            for name, value in self.net.state_dict().items():
                self.average[name].lerp_(value, follow)
        return float(loss.detach())

    def averaged(self) -> ChoraleNet:
        """Return a net with the averaged weights."""
        net = ChoraleNet(self.recipe.model)
        net.load_state_dict(self.average)
        discourage_parallels(net.motion.data, self.recipe.parallel_nats)
        return net

    def run(self, out: Path) -> float:
        """Train to the end of the recipe's minutes; the best average on validation lies at `out`. Return its loss."""
        started, best, losses = time.process_time(), math.inf, list[float]()
        last = started
        while True:
            share = (time.process_time() - started) / 60 / self.recipe.minutes
            decaying = share > 1 - self.recipe.decay_share
            more = self.recipe.more_late if decaying else self.recipe.more
            for frames, origin in self.lesson.epoch(more, self.recipe.frames_a_batch, self.random):
                now = time.process_time()
                share = (now - started) / 60 / self.recipe.minutes
                losses.append(self.learn(frames, origin, rate_at(share, self.step, self.recipe)))
                if now - last > 60 * self.recipe.validate_minutes or share >= 1:
                    last = now
                    best = self._validate(out, best, losses)
                    losses.clear()
                if share >= 1:
                    return best

    def _validate(self, out: Path, best: float, losses: Sequence[float]) -> float:
        net = self.averaged()
        value = evaluate(net, self.validation)
        _log.info("step %d: train %.4f, validation %.4f", self.step, float(np.mean(losses)), value)
        if value < best:
            card = {"recipe": asdict(self.recipe), "step": self.step, "validation": value}
            save_chorale_net(out, net, card=card)
        return min(value, best)


def main(words: Sequence[str]) -> int:
    """Train by a recipe and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m zhiyin.train.chorale", description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, default=None, help="folder of the sets; ZHIYIN_DATA otherwise")
    parser.add_argument(
        "--corpus", type=Path, default=None, help="built corpus with hymns; none: chorales alone"
    )
    parser.add_argument("--out", type=Path, default=Path("chorale.safetensors"))
    asked = parser.parse_args(list(words))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    recipe = load_chorale_recipe(asked.recipe)
    chorales = load_chorales((asked.data or data_home()) / "jsb_chorales")
    more = (
        load_more(asked.corpus, chorales.store, _held_out(chorales.valid, chorales.test))
        if asked.corpus
        else []
    )
    lesson = Lesson.of(chorales.train, more, recipe.most_semitones)
    longest_last = sorted(chorales.valid, key=lambda one: len(one.ids))
    validation = [to_frames(longest_last[i : i + 12]) for i in range(0, len(longest_last), 12)]
    trainer = Trainer(recipe, lesson, validation)
    _log.info("%d parameters, %d chorales, %d others", parameter_count(trainer.net), lesson.own, len(more))
    best = trainer.run(asked.out)
    _log.info("%s", json.dumps({"validation": best, "checkpoint": str(asked.out)}))
    return 0


def _held_out(*splits: Sequence[Chorale]) -> list[IntArray]:
    return [one.ids for split in splits for one in split]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
