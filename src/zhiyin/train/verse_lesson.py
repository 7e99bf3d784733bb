"""The lesson of verse: free texts of the data sets, the net file with its units, and its card.

Conventions: where other lessons read a corpus of music, this one reads the folder of the sets themselves; ZHIYIN_DATA
names it where the folder given holds none. This module does not loop: see `zhiyin.train.loop`.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from zhiyin.data import DATASETS, TEXT_DATASETS
from zhiyin.data.base import Card
from zhiyin.data.fetch import data_home
from zhiyin.data.verse import in_side, read_verse, unseen
from zhiyin.encode.verse import KINDS
from zhiyin.models.net_file import save_net
from zhiyin.train.lessons import Say
from zhiyin.train.loop import Trainer
from zhiyin.train.recipe import Recipe
from zhiyin.train.verse_card import card_page
from zhiyin.train.verse_counts import units_of
from zhiyin.train.verse_data import Reader, syllables_of
from zhiyin.train.verse_task import VerseTask

READS_SETS = "rhymedata", "chinese_poetry"


class VerseLesson:
    """Works of one language, and the task of writing them from right to left."""

    def __init__(self, recipe: Recipe, corpus: Path, *, device: str, say: Say) -> None:
        self.recipe = recipe
        folder = corpus if any((corpus / name).is_dir() for name in READS_SETS) else data_home()
        say(f"reading verse under {str(folder)!r}")
        language = recipe.model.language
        stanzas = read_verse(folder, language)
        train = in_side(stanzas, "train")
        units = units_of(language, train, folder)
        self.reader = Reader.of(units, recipe.data, syllables_of(units, folder))
        self.sides = {"train": self.reader.works(train)}
        for side in ("valid", "test"):
            self.sides[side] = self.reader.works(unseen(in_side(stanzas, side), train))
        say(f"{len(units.units)} units; works: {', '.join(f'{k} {len(v)}' for k, v in self.sides.items())}")
        self.task = VerseTask(
            recipe, self.reader, train=self.sides["train"], valid=self.sides["valid"], device=device
        )

    def export(self, trainer: Trainer, folder: Path) -> Path:
        """Measure on the test split and write the net with its units and card."""
        model: Any = trainer.average["model"]
        weights = {name: tensor.float().cpu().numpy() for name, tensor in model.state_dict().items()}
        card = self._card(trainer, self.figures(trainer))
        settings = self.task.config.to_dict()
        told = {"units": list(self.reader.units.units), "syllables": self.reader.syllables.tolist()}
        path = folder / f"{self.recipe.name}.safetensors"
        save_net(path, "verse", settings | {"told": told}, weights=weights, card=card, storage="int8")
        (folder / "card.json").write_text(json.dumps(card, ensure_ascii=False, indent=1), encoding="utf-8")
        (folder / f"{self.recipe.name}.md").write_text(card_page(card), encoding="utf-8")
        return path

    @torch.no_grad()
    def figures(self, trainer: Trainer) -> dict[str, float]:
        """Return bits a unit on the test split, as in validation, in full precision."""
        test = VerseTask(self.recipe, self.reader, train=[], valid=self.sides["test"], device=trainer.device)
        return {"bits_a_unit": test.validate(trainer.average)["all"], "valid_bits_a_unit": trainer.state.best}

    def _card(self, trainer: Trainer, figures: dict[str, float]) -> dict[str, Any]:
        works = self.sides["train"]
        lines = Counter(work.set_name for work in works for _ in work.lines)
        kinds = Counter(KINDS[work.kind] for work in works for _ in work.lines)
        pieces = Counter(work.set_name for work in works)
        return {
            "name": self.recipe.name, "date": datetime.now(UTC).date().isoformat(), "recipe": self.recipe.to_dict(),
            "steps": trainer.state.step, "minutes": round(trainer.state.seconds / 60, 1),
            "weights": int(sum(np.prod(p.shape) for p in trainer.average["model"].parameters())),
            "train_lines": dict(sorted(kinds.items())),
            "train_pieces": dict(sorted(pieces.items())),
            "data": [_data_row(name) | {"lines": n, "pieces": pieces[name]} for name, n in sorted(lines.items())],
            "test": {name: round(value, 4) for name, value in figures.items()},
        }  # fmt: skip


def _data_row(name: str) -> dict[str, Any]:
    card: Card = TEXT_DATASETS[name].card if name in TEXT_DATASETS else DATASETS[name].card
    told = {key: getattr(card, key) for key in ("title", "licence", "repository", "commit", "attribution")}
    return {"name": name, **told}
