"""The training loop: one for all families that offer `loss(batch)`.

Conventions: batches are packed by event budget; bf16 autocast; weights are averaged (EMA) for validation and
export. A run folder holds `log.jsonl`, `last.pt` (resume), `best.pt` and `losses.png`.
This module does not know music: it is given pieces and a model.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from zhiyin.encode import Sequence, stack
from zhiyin.models.config import FillConfig
from zhiyin.models.layouts import build_model
from zhiyin.models.transformer import FillTransformer
from zhiyin.train.optimisers import make_optimisers, rate_at
from zhiyin.train.recipe import Recipe
from zhiyin.train.sampler import TASKS, TrainPiece, WindowLimits, sample_sequence, sample_task

Batch = dict[str, Tensor]
Report = Callable[[dict[str, Any]], None]
_POOL = 8  # batches drawn together, so that windows of like length share a batch


def config_of(recipe: Recipe) -> FillConfig:
    """Return the model's shape as a recipe asks for it; the settings bear the same names."""
    return FillConfig(**asdict(recipe.model))


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


def batches(
    pieces: list[TrainPiece], rng: np.random.Generator, *, limits: WindowLimits, events_a_batch: int
) -> Iterator[Batch]:
    """Yield training batches for ever, pieces drawn by weight."""
    weight = np.array([p.weight for p in pieces])
    share = np.cumsum(weight / weight.sum())
    while True:
        pool: list[Sequence] = []
        while sum(len(s) for s in pool) < _POOL * events_a_batch:
            piece = pieces[int(np.searchsorted(share, rng.random() * share[-1]))]
            sequence = sample_sequence(piece, sample_task(rng), rng, limits=limits)
            if sequence is not None:
                pool.append(sequence)
        packed = pack(sorted(pool, key=len), events_a_batch)
        for index in rng.permutation(len(packed)):
            yield to_tensors(packed[index])


def pack(pool: list[Sequence], events_a_batch: int) -> list[list[Sequence]]:
    """Return groups of neighbouring sequences whose padded size stays within the budget."""
    groups: list[list[Sequence]] = [[]]
    for sequence in pool:
        if groups[-1] and (len(groups[-1]) + 1) * len(sequence) > events_a_batch:
            groups.append([])
        groups[-1].append(sequence)
    return groups


def to_tensors(group: list[Sequence]) -> Batch:
    """Return a padded batch as tensors."""
    return {name: torch.from_numpy(array) for name, array in stack(group).items()}


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
    """Return the batch on a device."""
    return batch if device == "cpu" else {k: v.to(device, non_blocking=True) for k, v in batch.items()}


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
        self.state = RunState()
        folder.mkdir(parents=True, exist_ok=True)

    def rate(self) -> float:
        """Return the learning rate of the current step, times the plateau factor."""
        return rate_at(self.state.step, self.recipe.optimiser) * self.state.rate_factor

    def run(self, train: list[TrainPiece], valid: list[TrainPiece]) -> float:
        """Train until the recipe's steps are done or validation stops gaining; return the best bits per note."""
        r = self.recipe
        limits = limits_of(r)
        budget = r.optimiser.events_a_batch
        checks = validation_batches(
            valid, seed=r.seed, windows=r.schedule.validation_windows, limits=limits, events_a_batch=budget
        )
        rng = np.random.default_rng([r.seed, self.state.step])
        stream = batches(train, rng, limits=limits, events_a_batch=budget)
        begun, events, before_s = self.now_s(), 0, self.state.seconds
        while self.state.step < r.optimiser.steps and self.state.since_best < r.schedule.stop_after:
            batch = next(stream)
            line = self._step(batch)
            events += int(batch["length"].sum())
            self.state.seconds = before_s + self.now_s() - begun
            if self.state.step % 20 == 0:
                line["events_a_second"] = round(events / max(self.now_s() - begun, 1e-9))
                self._log(line)
            if self.state.step % r.schedule.validate_every == 0 or self.state.step == r.optimiser.steps:
                self._validate(checks)
        return self.state.best

    def _step(self, batch: Batch) -> dict[str, Any]:
        o = self.recipe.optimiser
        rate = self.rate()
        for group in (g for optimiser in self.optimisers for g in optimiser.param_groups):
            group["lr"] = rate
        batch = move(batch, self.device)
        use_bf16 = self.recipe.schedule.precision == "bf16"
        with torch.autocast(self.device.split(":")[0], dtype=torch.bfloat16, enabled=use_bf16):
            loss, sums = self.model.loss(batch, given_weight=o.given_weight)
        for optimiser in self.optimisers:
            optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), o.clip_norm)
        for optimiser in self.optimisers:
            optimiser.step()
        self.state.step += 1
        self._follow()
        notes = max(int(sums["notes"]), 1)
        return {
            "step": self.state.step,
            "loss": round(float(loss.detach()), 4),
            "rate": rate,
            "norm": round(float(norm), 3),
            "bits_a_note": round(float(sums["nats"]) / math.log(2) / notes, 4),
        }

    @torch.no_grad()
    def _follow(self) -> None:
        decay = min(self.recipe.optimiser.ema, (1 + self.state.step) / (10 + self.state.step))
        for mine, new in zip(self.average.parameters(), self.model.parameters(), strict=True):
            mine.lerp_(new, 1 - decay)

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
