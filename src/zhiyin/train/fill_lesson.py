"""The fill lesson: pieces as masked cells for the transformer and the LSTM, their checkpoint and card.

Conventions: all that the corpus holds trains unless the recipe names sets; the test split is people's music alone.
This module does not loop: see `zhiyin.train.loop`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from zhiyin.data.corpus import SYNTHETIC, corpus_sets
from zhiyin.errors import NotFound
from zhiyin.models.checkpoint import save_checkpoint
from zhiyin.train.card import card_to_markdown, make_card
from zhiyin.train.fill_task import FillTask, evaluate, limits_of, validation_batches
from zhiyin.train.lessons import Say
from zhiyin.train.loop import Trainer
from zhiyin.train.pieces import load_pieces
from zhiyin.train.recipe import Recipe
from zhiyin.train.sampler import TrainPiece

TEST_SEED = 20_260_101


class FillLesson:
    """Pieces of the train and valid splits, and the task of filling their cells."""

    def __init__(self, recipe: Recipe, corpus: Path, *, device: str, say: Say) -> None:
        self.recipe, self.corpus, self.say = recipe, corpus, say
        say(f"reading the corpus {str(corpus)!r}: this may take minutes")
        self.people = people_sets(corpus, recipe.data.sets)
        self.train = self._pieces("train")
        self.task = FillTask(recipe, self.train, self._pieces("valid"), device=device)

    def _pieces(self, split: str, sets: Iterable[str] | None = None) -> list[TrainPiece]:
        d = self.recipe.data
        return load_pieces(
            self.corpus, split=split, report=self.say, sets=d.sets if sets is None else sets, weights=d.weights,
            likeness=d.likeness, style_evenness=d.style_evenness, columns=self.recipe.model.columns,
        )  # fmt: skip

    def export(self, trainer: Trainer, folder: Path) -> Path:
        """Measure on people's pieces of the test split and write the checkpoint with its card."""
        self.say("reading the test split: people's pieces only")
        return export(trainer, self.task, folder, train=self.train, test=self._pieces("test", self.people))


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


def export(
    trainer: Trainer, task: FillTask, folder: Path, *, train: list[TrainPiece], test: list[TrainPiece]
) -> Path:
    """Measure the averaged weights on the test split and write them with their card."""
    recipe = trainer.recipe
    bits = test_bits(trainer, recipe, test)
    card: dict[str, Any] = make_card(
        recipe,
        train,
        bits,
        valid=trainer.state.best,
        steps=trainer.state.step,
        minutes=trainer.state.seconds / 60,
    )
    (folder / "card.json").write_text(json.dumps(card, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / f"{recipe.name}.md").write_text(card_to_markdown(card), encoding="utf-8")
    averaged = trainer.average["model"].state_dict()
    weights = {name: tensor.float().cpu().numpy() for name, tensor in averaged.items()}
    path = folder / f"{recipe.name}.safetensors"
    save_checkpoint(path, task.config, weights, card=card)
    return path


def test_bits(trainer: Trainer, recipe: Recipe, test: list[TrainPiece]) -> dict[str, float]:
    """Return held-out bits per note of each task on people's pieces of the test split, in full precision."""
    limits = limits_of(recipe)
    batches = validation_batches(
        test, seed=TEST_SEED, windows=recipe.schedule.validation_windows, limits=limits,
        events_a_batch=recipe.optimiser.events_a_batch,
    )  # fmt: skip
    model: Any = trainer.average["model"]
    return evaluate(model, batches, trainer.device)
