"""The training loop: one for all families that offer `loss(batch)`.

Conventions: batches are packed by event budget; bf16 autocast; weights are averaged (EMA) for validation and
export. A run folder holds `log.jsonl`, `last.pt` (resume), `best.pt` and `losses.png`.
This module does not know music: it is given pieces and a model.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from zhiyin.encode import Sequence
from zhiyin.encode.fields import INPUT_FIELDS, PLAIN_FIELDS
from zhiyin.models.config import FillConfig
from zhiyin.models.layouts import build_model
from zhiyin.models.transformer import FillTransformer
from zhiyin.train.compiled import Loss, compiled_loss
from zhiyin.train.feed import Batch, Draw, feed, pack, to_tensors, unpack
from zhiyin.train.optimisers import make_optimisers, rate_at
from zhiyin.train.recipe import Recipe
from zhiyin.train.sampler import TASKS, TrainPiece, WindowLimits, sample_sequence

Report = Callable[[dict[str, Any]], None]
_LOG_EVERY = 20  # steps; a log line waits for the device


def config_of(recipe: Recipe) -> FillConfig:
    """Return the model's shape as a recipe asks for it; the settings bear the same names."""
    settings = asdict(recipe.model)
    told = len(INPUT_FIELDS) if settings.pop("echo") else PLAIN_FIELDS
    return FillConfig(**settings, fields=dict(list(INPUT_FIELDS.items())[:told]))


def limits_of(recipe: Recipe) -> WindowLimits:
    """Return the bounds of the windows of a recipe."""
    d = recipe.data
    return WindowLimits(d.max_events, d.max_columns, d.max_rows, recipe.model.order)


@dataclass
class RunState:
    """What a run must remember to go on: counters, best value, rate factor, seconds of training so far."""

    step: int = 0
    best: float = math.inf
    stalled: int = 0
    since_best: int = 0
    rate_factor: float = 1.0
    seconds: float = 0.0


def validation_batches(
    pieces: list[TrainPiece], *, seed: int, windows: int, limits: WindowLimits, events_a_batch: int
) -> dict[str, list[Batch]]:
    """Return fixed validation batches for every task, without augmentation."""
    result: dict[str, list[Batch]] = {}
    weight = np.array([p.weight for p in pieces])
    for index, task in enumerate(TASKS):
        rng = np.random.default_rng([seed, index])
        found: list[Sequence] = []
        for _ in range(windows * 20):
            if len(found) >= max(int(windows * TASKS[task]), 8):
                break
            piece = pieces[int(rng.choice(len(pieces), p=weight / weight.sum()))]
            sequence = sample_sequence(piece, task, rng, limits=limits, augment=False)
            found += [sequence] if sequence is not None else []
        if found:
            result[task] = [to_tensors(group) for group in pack(sorted(found, key=len), events_a_batch)]
    return result


@torch.no_grad()
def evaluate(
    model: FillTransformer, by_task: dict[str, list[Batch]], device: str = "cpu"
) -> dict[str, float]:
    """Return bits per note to write for each task, and 'all' over them."""
    model.eval()
    bits, notes = {}, {}
    for task, group in by_task.items():
        sums = [model.loss(move(batch, device), given_weight=0.0)[1] for batch in group]
        bits[task] = sum(float(s["nats"]) for s in sums) / math.log(2)
        notes[task] = sum(int(s["notes"]) for s in sums)
    model.train()
    result = {task: bits[task] / max(notes[task], 1) for task in bits}
    return {**result, "all": sum(bits.values()) / max(sum(notes.values()), 1)}


def move(batch: Batch, device: str) -> Batch:
    """Return the batch on a device, as the model reads it."""
    if device != "cpu":
        batch = {name: tensor.to(device, non_blocking=True) for name, tensor in batch.items()}
    return unpack(batch)


class Trainer:
    """One training run in a folder.

    report: called with every log line (a dict) as it is written; now_s: the clock, for speed figures.
    """

    def __init__(
        self, recipe: Recipe, folder: Path, *, report: Report, now_s: Callable[[], float], device: str = "cpu"
    ) -> None:
        self.recipe, self.folder, self.report, self.now_s, self.device = recipe, folder, report, now_s, device
        torch.manual_seed(recipe.seed)
        torch.set_num_threads(recipe.schedule.threads)
        self.config = config_of(recipe)
        self.model = build_model(self.config).to(device)
        self.average = build_model(self.config).to(device)
        self.average.load_state_dict(self.model.state_dict())
        self.optimisers = make_optimisers(self.model, recipe.optimiser)
        self.loss: Loss = compiled_loss(self.model) if recipe.schedule.compile else self.model.loss
        self.state = RunState()
        folder.mkdir(parents=True, exist_ok=True)

    def rate(self) -> float:
        """Return the learning rate of the current step, times the plateau factor."""
        return rate_at(self.state.step, self.recipe.optimiser, spent=self.spent) * self.state.rate_factor

    @property
    def spent(self) -> float:
        """Return the share of the recipe's minutes that is over, 0 where it sets none."""
        minutes = self.recipe.schedule.max_minutes
        return self.state.seconds / 60 / minutes if minutes else 0.0

    @property
    def is_over(self) -> bool:
        """Return whether steps or minutes are used up, or validation has not gained for too long."""
        r, s = self.recipe, self.state
        return s.step >= r.optimiser.steps or self.spent >= 1.0 or s.since_best >= r.schedule.stop_after

    def run(self, train: list[TrainPiece], valid: list[TrainPiece]) -> float:
        """Train until the recipe's steps are done or validation stops gaining; return the best bits per note."""
        r = self.recipe
        limits = limits_of(r)
        budget = r.optimiser.events_a_batch
        checks = validation_batches(
            valid, seed=r.seed, windows=r.schedule.validation_windows, limits=limits, events_a_batch=budget
        )
        stream = feed(
            train, Draw(limits, budget, is_bucketed=r.schedule.compile), seed=(r.seed, self.state.step),
            workers=r.schedule.workers, pin=self.device != "cpu",
        )  # fmt: skip
        begun, events, before_s = self.now_s(), 0, self.state.seconds
        while not self.is_over:
            batch = next(stream)
            sums = self._step(batch)
            events += int(batch["length"].sum())
            self.state.seconds = before_s + self.now_s() - begun
            if self.state.step % _LOG_EVERY == 0:
                self._log(self._line(sums, events / max(self.now_s() - begun, 1e-9)))
            if self.state.step % r.schedule.validate_every == 0 or (self.is_over and self.state.step):
                self._validate(checks)
        return self.state.best

    def _step(self, batch: Batch) -> dict[str, Tensor]:
        """Move the weights once; return loss, norm and sums, still on the device."""
        o = self.recipe.optimiser
        rate = self.rate()
        for group in (g for optimiser in self.optimisers for g in optimiser.param_groups):
            group["lr"] = rate
        batch = move(batch, self.device)
        use_bf16 = self.recipe.schedule.precision == "bf16"
        with torch.autocast(self.device.split(":")[0], dtype=torch.bfloat16, enabled=use_bf16):
            loss, sums = self.loss(batch, given_weight=o.given_weight)
        for optimiser in self.optimisers:
            optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), o.clip_norm)
        for optimiser in self.optimisers:
            optimiser.step()
        self.state.step += 1
        self._follow()
        return {"loss": loss.detach(), "norm": norm.detach(), **sums}

    def _line(self, sums: dict[str, Tensor], events_a_second: float) -> dict[str, Any]:
        notes = max(int(sums["notes"]), 1)
        return {
            "step": self.state.step,
            "loss": round(float(sums["loss"]), 4),
            "rate": self.optimisers[0].param_groups[0]["lr"],
            "norm": round(float(sums["norm"]), 3),
            "bits_a_note": round(float(sums["nats"]) / math.log(2) / notes, 4),
            "events_a_second": round(events_a_second),
        }

    @torch.no_grad()
    def _follow(self) -> None:
        decay = min(self.recipe.optimiser.ema, (1 + self.state.step) / (10 + self.state.step))
        torch._foreach_lerp_(list(self.average.parameters()), list(self.model.parameters()), 1 - decay)

    def _validate(self, checks: dict[str, list[Batch]]) -> None:
        with torch.autocast(
            self.device.split(":")[0], dtype=torch.bfloat16, enabled=self.recipe.schedule.precision == "bf16"
        ):
            bits = evaluate(self.average, checks, self.device)
        s, schedule = self.state, self.recipe.schedule
        if bits["all"] < s.best:
            s.best, s.stalled, s.since_best = bits["all"], 0, 0
            torch.save(self.average.state_dict(), self.folder / "best.pt")
        else:
            s.stalled, s.since_best = s.stalled + 1, s.since_best + 1
            if s.stalled >= schedule.patience:
                s.rate_factor, s.stalled = s.rate_factor * 0.5, 0
        rounded = {name: round(value, 4) for name, value in bits.items()}
        self._log({"step": s.step, "valid": rounded, "best": round(s.best, 4), "rate_factor": s.rate_factor})
        self.save()

    def save(self) -> None:
        """Write everything needed to resume to `last.pt`; the file appears whole or not at all."""
        part = self.folder / "last.part"
        torch.save(
            {
                "model": self.model.state_dict(),
                "average": self.average.state_dict(),
                "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
                "state": vars(self.state),
                "torch_rng": torch.get_rng_state(),
                "recipe": self.recipe.to_dict(),
            },
            part,
        )
        part.replace(self.folder / "last.pt")

    def resume(self) -> bool:
        """Load `last.pt` if it is there; return whether it was."""
        path = self.folder / "last.pt"
        if not path.exists():
            return False
        saved = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(saved["model"])
        self.average.load_state_dict(saved["average"])
        for optimiser, state in zip(self.optimisers, saved["optimisers"], strict=True):
            optimiser.load_state_dict(state)
        self.state = RunState(**saved["state"])
        torch.set_rng_state(saved["torch_rng"].cpu())
        return True

    def _log(self, line: dict[str, Any]) -> None:
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self.report(line)
