"""Running a recipe from corpus to checkpoint: load, train, measure on the test split, export.

Conventions: a run folder holds the log, the resumable state, the loss picture and the exported checkpoint.
This module does not know the command line.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from zhiyin.errors import InvalidInput
from zhiyin.train.lessons import open_lesson
from zhiyin.train.loop import Trainer
from zhiyin.train.memory import keep_freed_memory
from zhiyin.train.recipe import load_recipe


def run_recipe(
    path: Path,
    corpus: Path,
    folder: Path,
    *,
    resume: bool,
    report: Callable[[dict[str, Any]], None],
    now_s: Callable[[], float],
    device: str = "cpu",
) -> Path:
    """Train by a recipe and return the exported checkpoint's path.

    report: called with every log line, a dict. Raises NotFound when recipe or corpus are missing, InvalidInput for a
    device that this machine lacks, before the corpus is read.
    """
    recipe = load_recipe(path)
    check_device(device)
    keep_freed_memory()

    def say(line: str) -> None:
        report({"note": line})

    lesson = open_lesson(recipe, corpus, device=device, say=say)
    trainer = Trainer(recipe, lesson.task, folder, report=report, now_s=now_s, device=device)
    if resume and trainer.resume():
        say(f"resumed at step {trainer.state.step}")
    trainer.run()
    best = torch.load(folder / "best.pt", map_location=device, weights_only=True)
    trainer.average.load_state_dict(best)
    path = lesson.export(trainer, folder)
    plot_losses(folder)
    return path


def check_device(device: str) -> None:
    """Raise InvalidInput unless torch can compute on a device of this machine: cpu, cuda, cuda:N or mps."""
    here = devices_here()
    if device not in here:
        raise InvalidInput(
            f"device must be one that torch finds on this machine ({', '.join(here)}), got {device!r}: "
            "choose one of these with --device, cpu is always there"
        )


def devices_here() -> tuple[str, ...]:
    """Return the names of the devices that torch can compute on here, `cpu` first."""
    cards = tuple(f"cuda:{card}" for card in range(torch.cuda.device_count()))
    cuda = ("cuda", *cards) if cards and torch.cuda.is_available() else ()
    mps = ("mps",) if torch.backends.mps.is_available() else ()
    return ("cpu", *cuda, *mps)


def plot_losses(folder: Path) -> Path:
    """Draw training and validation figures of a run's log as `losses.png`."""
    from matplotlib.figure import Figure

    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    figure = Figure(figsize=(8, 4.5))
    axes = figure.add_subplot()
    unit = "bits_a_note" if any("bits_a_note" in line for line in lines) else "loss"
    train = [(line["step"], line[unit]) for line in lines if unit in line]
    valid = [(line["step"], line["valid"]["all"]) for line in lines if "valid" in line]
    for label, points in (("train", train), ("valid", valid)):
        if points:
            axes.plot(*zip(*points, strict=True), label=label)
    axes.set_xlabel("step")
    axes.set_ylabel(unit.replace("_", " "))
    axes.legend()
    axes.grid(alpha=0.3)
    path = folder / "losses.png"
    figure.savefig(path, dpi=110)
    return path
