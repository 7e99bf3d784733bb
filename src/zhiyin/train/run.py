"""Running a recipe from corpus to checkpoint: load, train, measure on the test split, export.

Conventions: a run folder holds the log, the resumable state, the loss picture and the exported checkpoint.
This module does not know the command line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch

from zhiyin.data.corpus import SYNTHETIC, corpus_sets
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.models.checkpoint import save_checkpoint
from zhiyin.train.card import card_to_markdown, make_card
from zhiyin.train.loop import Trainer, evaluate, limits_of, validation_batches
from zhiyin.train.memory import keep_freed_memory
from zhiyin.train.pieces import load_pieces
from zhiyin.train.recipe import Recipe, load_recipe
from zhiyin.train.sampler import TrainPiece

TEST_SEED = 20_260_101


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
    d = recipe.data
    chosen: dict[str, Any] = {
        "sets": d.sets, "weights": d.weights, "likeness": d.likeness, "style_evenness": d.style_evenness,
        "columns": recipe.model.columns,
    }  # fmt: skip

    def say(line: str) -> None:
        report({"note": line})

    say(f"reading the corpus {str(corpus)!r}: this may take minutes")
    people = people_sets(corpus, d.sets)
    train = load_pieces(corpus, split="train", report=say, **chosen)
    valid = load_pieces(corpus, split="valid", report=say, **chosen)
    trainer = Trainer(recipe, folder, report=report, now_s=now_s, device=device)
    if resume and trainer.resume():
        say(f"resumed at step {trainer.state.step}")
    trainer.run(train, valid)
    say("reading the test split: people's pieces only")
    test = load_pieces(corpus, split="test", report=say, **{**chosen, "sets": people})
    return export(trainer, recipe, folder, train=train, test=test)


def people_sets(corpus: Path, sets: Iterable[str]) -> list[str]:
    """Return which of the sets (all of the corpus when empty) people wrote: what a model is measured on.

    Raises NotFound where there is none, or no corpus: pieces that rules of ours wrote prove nothing.
    """
    named = list(sets) or corpus_sets(corpus)
    found = [name for name in named if name not in SYNTHETIC]
    if not found:
        raise NotFound(
            f"the test split must hold pieces that people wrote, got only the sets {', '.join(named)}: "
            "add a set of people's music to [data] sets"
        )
    return found


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


def export(
    trainer: Trainer, recipe: Recipe, folder: Path, *, train: list[TrainPiece], test: list[TrainPiece]
) -> Path:
    """Measure the best weights on the test split and write them with their card."""
    best = torch.load(folder / "best.pt", map_location=trainer.device, weights_only=True)
    trainer.average.load_state_dict(best)
    bits = test_bits(trainer, recipe, test)
    card = make_card(
        recipe,
        train,
        bits,
        valid=trainer.state.best,
        steps=trainer.state.step,
        minutes=trainer.state.seconds / 60,
    )
    (folder / "card.json").write_text(json.dumps(card, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / f"{recipe.name}.md").write_text(card_to_markdown(card), encoding="utf-8")
    weights = {name: tensor.float().cpu().numpy() for name, tensor in best.items()}
    path = folder / f"{recipe.name}.safetensors"
    save_checkpoint(path, trainer.config, weights, card=card)
    plot_losses(folder)
    return path


def test_bits(trainer: Trainer, recipe: Recipe, test: list[TrainPiece]) -> dict[str, float]:
    """Return held-out bits per note of each task on people's pieces of the test split, in full precision."""
    limits = limits_of(recipe)
    batches = validation_batches(
        test, seed=TEST_SEED, windows=recipe.schedule.validation_windows, limits=limits,
        events_a_batch=recipe.optimiser.events_a_batch,
    )  # fmt: skip
    return evaluate(trainer.average, batches, trainer.device)


def plot_losses(folder: Path) -> Path:
    """Draw training and validation bits per note of a run's log as `losses.png`."""
    from matplotlib.figure import Figure

    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    figure = Figure(figsize=(8, 4.5))
    axes = figure.add_subplot()
    train = [(line["step"], line["bits_a_note"]) for line in lines if "bits_a_note" in line]
    valid = [(line["step"], line["valid"]["all"]) for line in lines if "valid" in line]
    for label, points in (("train", train), ("valid", valid)):
        if points:
            axes.plot(*zip(*points, strict=True), label=label)
    axes.set_xlabel("step")
    axes.set_ylabel("bits per note")
    axes.legend()
    axes.grid(alpha=0.3)
    path = folder / "losses.png"
    figure.savefig(path, dpi=110)
    return path
