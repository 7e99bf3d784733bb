"""The lessons of style transfer: windows by style, the task of a family, its weights and card.

Conventions: float16 on disk, int8 where that is too big; the card names the sets that were learned from.
This module does not loop: see `zhiyin.train.loop`.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from zhiyin.data import DATASETS
from zhiyin.models.net_file import save_net
from zhiyin.models.vae_transfer import StyleVae
from zhiyin.train.cyclegan_task import CycleganTask
from zhiyin.train.lessons import Say
from zhiyin.train.loop import Trainer
from zhiyin.train.recipe import Recipe
from zhiyin.train.transfer_data import StyleBars, batch_of, load_sides
from zhiyin.train.vae_transfer_task import VaeTransferTask
from zhiyin.units import Float32Array

MOST_BYTES = 2_500_000  # in half precision; above, whole numbers are kept
WHAT = {
    "cyclegan": "what sounds under a tune in another style: one writer for all styles, against a critic",
    "vae-transfer": "what sounds under a tune in another style: a bar's latent, apart from style and chords",
}  # fmt: skip


class TransferLesson:
    """Windows of both sides, and the task of the recipe's family."""

    def __init__(self, recipe: Recipe, corpus: Path, *, device: str, say: Say) -> None:
        self.recipe, self.say = recipe, say
        say(f"reading the corpus {str(corpus)!r}")
        sides = load_sides(corpus, recipe.data, seed=recipe.seed, report=say)
        self.train: StyleBars = sides["train"]
        kind = CycleganTask if recipe.family == "cyclegan" else VaeTransferTask
        self.task: CycleganTask | VaeTransferTask = kind(recipe, self.train, sides["valid"], device=device)

    def export(self, trainer: Trainer, folder: Path) -> Path:
        """Write the averaged weights with their settings and card."""
        recipe, name = trainer.recipe, "writer" if self.recipe.family == "cyclegan" else "vae"
        net = trainer.average[name]
        weights = {key: value.float().cpu().numpy() for key, value in net.state_dict().items()}
        settings: dict[str, Any] = {**asdict(recipe.model), "styles": list(recipe.data.styles)}
        if isinstance(net, StyleVae):
            weights |= self._places(net)
        figures = {key: round(value, 4) for key, value in self.task.validate(trainer.average).items()}
        card = self._card(trainer, figures)
        path = folder / f"{recipe.name}.safetensors"
        is_big = 2 * sum(array.size for array in weights.values()) > MOST_BYTES
        save_net(
            path, recipe.family, settings, weights=weights, card=card, storage="int8" if is_big else "float16"
        )
        (folder / "card.json").write_text(json.dumps(card, ensure_ascii=False, indent=1), encoding="utf-8")
        (folder / f"{recipe.name}.md").write_text(card_text(card), encoding="utf-8")
        return path

    @torch.no_grad()
    def _places(self, vae: StyleVae) -> dict[str, Float32Array]:
        """Return mean and spread of every style's latents, (styles, latent) each, of the training side."""
        means, spreads = [], []
        for style in range(self.task.styles):
            rows = np.flatnonzero(self.train.style == style)[:600]
            batch = batch_of(self.train, rows)
            latent, _ = vae.encode(
                batch["backing"],
                batch["ground"],
                mask=batch["mask"],
                style=batch["style"],
                bars=batch["bars"],
            )
            flat = latent[batch["mask"][..., 0] > 0].numpy()
            means.append(flat.mean(axis=0))
            spreads.append(flat.std(axis=0) + 1e-3)
        return {"place": np.stack(means), "spread": np.stack(spreads)}

    def _card(self, trainer: Trainer, figures: dict[str, float]) -> dict[str, Any]:
        pieces = Counter(name.split("/")[0] for name in set(self.train.piece))
        windows = Counter(self.recipe.data.styles[s] for s in self.train.style.tolist())
        return {
            "name": self.recipe.name,
            "what": WHAT[self.recipe.family],
            "date": datetime.now(UTC).date().isoformat(),
            "recipe": self.recipe.to_dict(),
            "steps": trainer.state.step,
            "minutes": round(trainer.state.seconds / 60, 1),
            "train_pieces": dict(sorted(pieces.items())),
            "train_windows": dict(windows),
            "data": [_data_row(name, count) for name, count in sorted(pieces.items())],
            "valid": figures,
        }


def _data_row(name: str, pieces: int) -> dict[str, Any]:
    card = DATASETS[name].card
    told = {key: getattr(card, key) for key in ("title", "licence", "repository", "commit", "attribution")}
    return {"name": name, "pieces": pieces, **told}


def card_text(card: dict[str, Any]) -> str:
    """Return a card as Markdown: what the net does, what it learned from, how it was measured while it learned."""
    styles = ", ".join(f"{name} {count:,}" for name, count in card["train_windows"].items())
    rows = [
        f"| {row['title']} | {row['pieces']} | {row['licence']} | [{row['repository'].rsplit('/', 1)[-1]}]"
        f"({row['repository']}) at `{row['commit'][:10]}` |"
        for row in card["data"]
    ]
    lines = [
        f"# Model card: {card['name']}",
        "",
        f"Made {card['date']} by `zhiyin train recipes/{card['name']}.toml`, seed {card['recipe']['seed']}, "
        f"{card['steps']} steps, {card['minutes']} processor minutes on one core. Runs in numpy.",
        "",
        f"**What it does.** Writes {card['what']}. The tune, the chords and the key are told to it and stay.",
        "",
        "**What it does not.** It writes no tunes, no drums and no dynamics, and knows no more of a style than a few "
        "hundred pieces of it show: ragtime is eight pieces. It is not asked for styles that it has not heard.",
        "",
        "## Learned from",
        "",
        f"Windows of four bars by style: {styles}.",
        "",
        "| set | pieces | licence | origin |",
        "|---|---|---|---|",
        *rows,
        "",
        "## Attribution",
        "",
        *(f"- {row['attribution']}" for row in card["data"]),
        "",
        "Pieces under CC BY, with those who typeset them: the list in [small.md](small.md) holds all of them.",
        "",
        "## While it learned",
        "",
        *(f"- {name}: {value}" for name, value in card["valid"].items()),
        "",
        "Figures of the validation side; what it does beside people's music stands in `docs/transfer.md`.",
        "",
        "## Recipe",
        "",
        "```",
        *(f"{table}: {values}" for table, values in card["recipe"].items()),
        "```",
        "",
    ]
    return "\n".join(lines)
