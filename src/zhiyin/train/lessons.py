"""Lessons: for every family, what its runs read from the corpus and how they are exported.

Conventions: a lesson holds a task for the loop and writes the checkpoint with its card; the table is LESSONS.
This module does not loop: see `zhiyin.train.loop`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Protocol

from zhiyin.train.loop import Trainer
from zhiyin.train.recipe import Recipe
from zhiyin.train.task import Task

Say = Callable[[str], None]


class Lesson(Protocol):
    """What a family's run needs besides the loop. Made by `Lesson(recipe, corpus, device=..., say=...)`."""

    task: Task

    def export(self, trainer: Trainer, folder: Path) -> Path:
        """Measure the averaged nets (loaded with the best weights) on the test split, write checkpoint and card."""
        ...


# Family -> (module, class) of its lesson; imported when it is trained.
LESSONS: dict[str, tuple[str, str]] = {
    "transformer": ("zhiyin.train.fill_lesson", "FillLesson"),
    "lstm": ("zhiyin.train.fill_lesson", "FillLesson"),
    "gan": ("zhiyin.train.gan_lesson", "GanLesson"),
    "vae": ("zhiyin.train.vae_lesson", "VaeLesson"),
    "cyclegan": ("zhiyin.train.transfer_lesson", "TransferLesson"),
    "vae-transfer": ("zhiyin.train.transfer_lesson", "TransferLesson"),
    "verse": ("zhiyin.train.verse_lesson", "VerseLesson"),
}


def open_lesson(recipe: Recipe, corpus: Path, *, device: str, say: Say) -> Lesson:
    """Return the lesson of a recipe's family, its corpus read. Raises NotFound when the corpus is missing."""
    module, cls = LESSONS[recipe.family]
    lesson: Lesson = getattr(import_module(module), cls)(recipe, corpus, device=device, say=say)
    return lesson
