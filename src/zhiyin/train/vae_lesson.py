"""The VAE's lesson: runs of bars of the corpus, and the net file with its card.

Conventions: one recipe trains one net, named as its recipe; figures of the card are of the test split, people's bars
and the style book's apart. This module does not loop: see `zhiyin.train.loop`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from zhiyin.data import DATASETS
from zhiyin.data.corpus import SYNTHETIC
from zhiyin.models.net_file import save_net
from zhiyin.models.vae_runtime import VaeRuntime
from zhiyin.train.lessons import Say
from zhiyin.train.loop import Trainer
from zhiyin.train.recipe import Recipe
from zhiyin.train.vae_data import Run, read_runs
from zhiyin.train.vae_extras import extras_of
from zhiyin.train.vae_task import BITS, VaeTask

TEST_SEED = 20_260_101
TEST_WINDOWS = 256


class VaeLesson:
    """Runs of the train and valid splits, and the task of reading and writing their bars."""

    def __init__(self, recipe: Recipe, corpus: Path, *, device: str, say: Say) -> None:
        self.recipe, self.corpus, self.say = recipe, corpus, say
        self.task = VaeTask(recipe, self._runs("train"), self._runs("valid"), device=device)

    def _runs(self, split: str) -> list[Run]:
        data = self.recipe.data
        return read_runs(
            self.corpus, roles=data.roles, split=split, together=len(self.recipe.model.parts) > 1, sets=data.sets,
            synthetic=data.synthetic, most_bars=data.most_bars_of_a_set, say=self.say,
        )  # fmt: skip

    def export(self, trainer: Trainer, folder: Path) -> Path:
        """Measure on the test split and write the net with its card."""
        test = self._runs("test")
        nets: Any = trainer.average
        sides = {
            **{
                role: [r for r in test if r.role == role and r.set_name not in SYNTHETIC]
                for role in roles_of(test)
            },
            "style book": [r for r in test if r.set_name in SYNTHETIC],
        }
        figures = {name: self.figures(nets, runs) for name, runs in sides.items() if runs}
        card = self._card(trainer, figures)
        weights = {
            f"{net}.{name}": tensor.float().cpu().numpy()
            for net in ("vae", "prior") for name, tensor in nets[net].state_dict().items()
        }  # fmt: skip
        config, name = self.task.config, self.recipe.name
        found, rows = extras_of(
            VaeRuntime(config, weights, name=name, version=""), self.task.train, seed=self.recipe.seed
        )
        weights, card = weights | found, card | {"map": rows}
        path = folder / f"{name}.safetensors"
        save_net(path, "vae", config.to_dict(), weights=weights, card=card, storage="int8")
        (folder / "card.json").write_text(json.dumps(card, ensure_ascii=False, indent=1), encoding="utf-8")
        (folder / f"{name}.md").write_text(card_page(card), encoding="utf-8")
        return path

    @torch.no_grad()
    def figures(self, nets: Any, runs: list[Run]) -> dict[str, float]:
        """Return accuracy a step from the mean, of steps that begin or rest, KL and the prior of some test windows."""
        rng = np.random.default_rng(TEST_SEED)
        sums = np.zeros(5)
        prior, bars = 0.0, 0
        for _ in range(TEST_WINDOWS // 64):
            batch = self.task.draw(runs, rng, 64, is_plain=True)
            nats, kl, right, said, inside = self.task.measure(nets["vae"], batch, is_sampled=False)
            sums += [float(t.sum()) for t in (nats, kl, right, said, inside)]
            size = self.task.size(batch)
            prior, bars = prior + float(self.task.prior_nats(nets, batch)) * size, bars + size
        return {
            "bars": bars, "accuracy": sums[2] / sums[4], "kl_bits_a_bar": sums[1] / bars * BITS,
            "kl_bits_a_step": sums[1] / sums[4] * BITS, "nats_a_bar": sums[0] / bars, "prior_nats_a_bar": prior / bars,
        }  # fmt: skip

    def _card(self, trainer: Trainer, figures: dict[str, dict[str, float]]) -> dict[str, Any]:
        bars: dict[str, int] = {}
        pieces: dict[str, set[str]] = {}
        for run in self.task.train:
            bars[run.set_name] = bars.get(run.set_name, 0) + len(run)
            pieces.setdefault(run.set_name, set()).add(run.name)
        return {
            "name": self.recipe.name, "date": datetime.now(UTC).date().isoformat(), "recipe": self.recipe.to_dict(),
            "steps": trainer.state.step, "minutes": round(trainer.state.seconds / 60, 1), "train_bars": bars,
            "train_pieces": {name: len(found) for name, found in sorted(pieces.items())},
            "data": [_data_row(name, count) for name, count in sorted(bars.items())],
            "test": {name: {k: round(v, 4) for k, v in row.items()} for name, row in figures.items()},
        }  # fmt: skip


def roles_of(runs: list[Run]) -> list[str]:
    """Return the roles of runs, in order of their names."""
    return sorted({r.role for r in runs})


def _data_row(name: str, bars: int) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "bars": bars}
    if name in DATASETS:
        card = DATASETS[name].card
        row |= {n: getattr(card, n) for n in ("title", "licence", "repository", "commit", "attribution")}
    return row


def card_page(card: dict[str, Any]) -> str:
    """Return the card as a page for people."""
    settings = card["recipe"]["model"]
    lines = [
        f"# Model card: {card['name']}", "",
        f"Made {card['date']} by `zhiyin train recipes/{card['name']}.toml`, seed {card['recipe']['seed']}, "
        f"{card['steps']} steps, {card['minutes']} minutes on the machine it was made on; int8, runs in numpy.", "",
        f"**What it does.** Reads one bar ({', '.join(settings['parts'])}) into {settings['latent']} numbers and "
        "writes a bar from them; a recurrent prior proposes the numbers of bars in turn from chords, style, wishes and "
        "the bars around. Bars are read on sixteenths, at most sixteen a bar, moved to a signature without sharps.", "",
        "**What it does not.** It hears no sound, no dynamics, no triplets, and one note at a time in a line. Bars "
        "are read one by one: what binds bars together is the prior's.", "",
        "## Measured on the test split", "",
        "| bars of | n | accuracy a step | KL bits a bar | a step | prior nats a bar |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    lines += [
        f"| {name} | {row['bars']:.0f} | {row['accuracy']:.4f} | {row['kl_bits_a_bar']:.1f} | "
        f"{row['kl_bits_a_step']:.2f} | {row['prior_nats_a_bar']:.1f} |"
        for name, row in card["test"].items()
    ]
    lines += ["", "The style book's bars were written by rules of ours: they prove nothing about people.", ""]
    lines += ["## Learned from", "", "| set | bars | licence | origin |", "|---|---|---|---|"]
    for row in card["data"]:
        origin = (
            f"[{row['repository'].split('/')[-1]}]({row['repository']}) at `{row['commit'][:10]}`"
            if "commit" in row
            else ""
        )
        lines.append(
            f"| {row.get('title', row['name'])} | {row['bars']:,} | {row.get('licence', '')} | {origin} |"
        )
    lines += ["", "## Attribution", ""]
    lines += [f"- {row['attribution']}" for row in card["data"] if row.get("attribution")]
    if any(row["name"] == "mutopia" for row in card["data"]):
        lines += [
            "",
            "Pieces of Mutopia under CC BY are named with those who typeset them in [small.md](small.md).",
        ]
    lines += [
        "",
        "## Recipe",
        "",
        "```",
        *(f"{table}: {values}" for table, values in card["recipe"].items()),
        "```",
        "",
    ]
    return "\n".join(lines)
