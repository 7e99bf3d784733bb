"""The training loop: one for all families, whatever their tasks.

Conventions: bf16 autocast where the recipe says so; weights are averaged (EMA) for validation and export. A run
folder holds `log.jsonl`, `last.pt` (resume), `best.pt` (averaged nets by name) and `losses.png`.
This module does not know what is learned: it is given a `zhiyin.train.task.Task`.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from zhiyin.train.feed import unpack
from zhiyin.train.optimisers import make_optimisers, rate_at
from zhiyin.train.recipe import Recipe
from zhiyin.train.task import Batch, Task, Update

Report = Callable[[dict[str, Any]], None]
_LOG_EVERY = 20  # steps; a log line waits for the device


@dataclass
class RunState:
    """What a run must remember to go on: counters, best value, rate factor, seconds of training so far."""

    step: int = 0
    best: float = math.inf
    stalled: int = 0
    since_best: int = 0
    rate_factor: float = 1.0
    seconds: float = 0.0


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
        self,
        recipe: Recipe,
        task: Task,
        folder: Path,
        *,
        report: Report,
        now_s: Callable[[], float],
        device: str = "cpu",
    ) -> None:
        self.recipe, self.task, self.folder = recipe, task, folder
        self.report, self.now_s, self.device = report, now_s, device
        torch.set_num_threads(recipe.schedule.threads)
        self.nets = task.nets
        self.average = copy.deepcopy(task.nets)
        self.movers = [(update, self._optimisers(update)) for update in task.updates]
        self.state = RunState()
        folder.mkdir(parents=True, exist_ok=True)

    def _optimisers(self, update: Update) -> list[torch.optim.Optimizer]:
        return [o for name in update.nets for o in make_optimisers(self.nets[name], self.recipe.optimiser)]

    @property
    def optimisers(self) -> list[torch.optim.Optimizer]:
        """Return the optimisers of all updates, in order."""
        return [optimiser for _, optimisers in self.movers for optimiser in optimisers]

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

    def run(self) -> float:
        """Train until the recipe's steps are done or validation stops gaining; return the best `all`."""
        stream = self.task.batches((self.recipe.seed, self.state.step))
        begun, seen, before_s = self.now_s(), 0, self.state.seconds
        while not self.is_over:
            sums, size = self._step(stream)
            seen += size
            self.state.seconds = before_s + self.now_s() - begun
            if self.state.step % _LOG_EVERY == 0:
                self._log(self._line(sums, seen / max(self.now_s() - begun, 1e-9)))
            schedule = self.recipe.schedule
            if self.state.step % schedule.validate_every == 0 or (self.is_over and self.state.step):
                self._validate()
        return self.state.best

    def _step(self, stream: Iterator[Batch]) -> tuple[dict[str, Tensor], int]:
        """Make every update's moves once; return what they told, still on the device, and the examples seen."""
        sums: dict[str, Tensor] = {}
        size = 0
        for update, optimisers in self.movers:
            for _ in range(update.times):
                batch = next(stream)
                size += self.task.size(batch)
                sums |= self.move(update, optimisers, batch)
        self.state.step += 1
        self._follow()
        return sums, size

    def move(
        self, update: Update, optimisers: list[torch.optim.Optimizer], batch: Batch
    ) -> dict[str, Tensor]:
        """Move an update's nets once by a batch; return its loss, norm and sums."""
        rate = self.rate() * update.rate
        for group in (g for optimiser in optimisers for g in optimiser.param_groups):
            group["lr"] = rate
        use_bf16 = self.recipe.schedule.precision == "bf16"
        with torch.autocast(self.device.split(":")[0], dtype=torch.bfloat16, enabled=use_bf16):
            loss, sums = self.task.loss(update.name, move(batch, self.device))
        self.nets.zero_grad(set_to_none=True)  # a critic's loss reaches the writer too, and does not move it
        loss.backward()  # type: ignore[no-untyped-call]
        moved = [p for name in update.nets for p in self.nets[name].parameters()]
        norm = torch.nn.utils.clip_grad_norm_(moved, self.recipe.optimiser.clip_norm)
        for optimiser in optimisers:
            optimiser.step()
        return {"loss": loss.detach(), "norm": norm.detach(), **sums}

    def _line(self, sums: dict[str, Tensor], examples_a_second: float) -> dict[str, Any]:
        return {
            "step": self.state.step,
            "loss": round(float(sums["loss"]), 4),
            "rate": self.rate(),
            "norm": round(float(sums["norm"]), 3),
            **self.task.told(sums),
            "events_a_second": round(examples_a_second),
        }

    @torch.no_grad()
    def _follow(self) -> None:
        decay = min(self.recipe.optimiser.ema, (1 + self.state.step) / (10 + self.state.step))
        torch._foreach_lerp_(list(self.average.parameters()), list(self.nets.parameters()), 1 - decay)

    def _validate(self) -> None:
        use_bf16 = self.recipe.schedule.precision == "bf16"
        for one, averaged in zip(self.nets.buffers(), self.average.buffers(), strict=True):
            averaged.copy_(one)
        with torch.autocast(self.device.split(":")[0], dtype=torch.bfloat16, enabled=use_bf16):
            bits = self.task.validate(self.average)
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
                "nets": self.nets.state_dict(),
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
        self.nets.load_state_dict(saved["nets"])
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
