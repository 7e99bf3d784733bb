"""The lesson of the `gan` family: phrases of people's pieces, and the writer's net file with its card.

Conventions: critic and encoder stay in the run folder; the card's figures are of the test split, measured once.
This module does not loop: see `zhiyin.train.loop`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch

from zhiyin.data import DATASETS
from zhiyin.models.gan import PartNet, Writer
from zhiyin.models.gan_measures import features, frechet
from zhiyin.models.gan_rolls import BEAT, HARMONY, SPAN
from zhiyin.models.net_file import save_net
from zhiyin.train.gan_data import PhraseSet, draw_phrases
from zhiyin.train.gan_task import VALID_SEED, GanTask, write_phrases
from zhiyin.train.lessons import Say
from zhiyin.train.loop import Trainer
from zhiyin.train.recipe import Recipe

TEST_SEED = 20_260_102
STRIKES, HOLDS = (0.0, 0.1, 0.2), (0.0, 0.5, 1.0)  # log-odds tried


class GanLesson:
    """Phrases of the train and valid splits, and the task of writing such as the critic takes for people's."""

    def __init__(self, recipe: Recipe, corpus: Path, *, device: str, say: Say) -> None:
        self.recipe, self.corpus, self.say = recipe, corpus, say
        self.train = self._phrases("train")
        self.task = GanTask(recipe, self.train, self._phrases("valid"), device=device)

    def _phrases(self, split: str) -> PhraseSet:
        return draw_phrases(
            self.corpus, split=split, data=self.recipe.data, seed=self.recipe.seed, say=self.say
        )

    def export(self, trainer: Trainer, folder: Path) -> Path:
        """Measure on the test split and write the writer with its card."""
        writer = cast(Writer, trainer.average["writer"])
        chosen = calibrate(writer, self.task, device=trainer.device)
        self.say(f"harmony: strikes {chosen[0]:+} and holds {chosen[1]:+} by validation")
        test = self._phrases("test").phrases
        rng = np.random.default_rng(TEST_SEED)
        ours = write_phrases(writer, test, rng, device=trainer.device)
        card = self._card(trainer, frechet(features(test), features(ours)), len(test))
        weights = {name: tensor.float().cpu().numpy() for name, tensor in writer.state_dict().items()}
        path = folder / f"{self.recipe.name}.safetensors"
        save_net(path, "gan", self.task.config.to_dict(), weights=weights, card=card)
        (folder / "card.json").write_text(json.dumps(card, ensure_ascii=False, indent=1), encoding="utf-8")
        (folder / f"{self.recipe.name}.md").write_text(card_page(card), encoding="utf-8")
        return path

    def _card(self, trainer: Trainer, test: float, phrases: int) -> dict[str, Any]:
        pieces: dict[str, int] = {}
        for name in self.train.names:
            pieces[name.split("/")[0]] = pieces.get(name.split("/")[0], 0) + 1
        return {
            "name": self.recipe.name, "date": datetime.now(UTC).date().isoformat(), "recipe": self.recipe.to_dict(),
            "steps": trainer.state.step, "minutes": round(trainer.state.seconds / 60, 1), "train_pieces": pieces,
            "train_phrases": len(self.train.phrases), "data": [_data_row(n, c) for n, c in sorted(pieces.items())],
            "piece_credits": list(self.train.credits), "valid_frechet": round(trainer.state.best, 2),
            "test_frechet": round(test, 2), "test_phrases": phrases,
        }  # fmt: skip


@torch.no_grad()
def calibrate(writer: Writer, task: GanTask, *, device: str) -> tuple[float, float]:
    """Move the log-odds of harmony's strikes and holds to where phrases are nearest to the validation split's.

    Symbols that learn straight through their threshold hover about it: a little more decides how many there are.
    Returns what was added.
    """
    part = cast(PartNet, writer.parts[HARMONY])
    learned = part.out.bias.detach().clone()

    def lay(strike: float, hold: float) -> None:
        moved = learned.clone().reshape(BEAT, -1)
        moved[:, : SPAN[HARMONY]] += strike
        moved[:, SPAN[HARMONY] :] += hold
        part.out.bias.copy_(moved.reshape(-1))

    def apart(pair: tuple[float, float]) -> float:
        lay(*pair)
        ours = write_phrases(writer, task.valid, np.random.default_rng(VALID_SEED), device=device)
        return frechet(task.human, features(ours))

    best = min(product(STRIKES, HOLDS), key=apart)
    lay(*best)
    return best


def _data_row(name: str, pieces: int) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "pieces": pieces}
    if name in DATASETS:
        card = DATASETS[name].card
        row |= {n: getattr(card, n) for n in ("title", "licence", "repository", "commit", "attribution")}
    return row


def card_page(card: dict[str, Any]) -> str:
    """Return the card as a page for people."""
    lines = [
        f"# Model card: {card['name']}", "",
        f"Made {card['date']} by `zhiyin train recipes/{card['name']}.toml`, seed {card['recipe']['seed']}, "
        f"the best of {card['steps']} steps, {card['minutes']} minutes on the machine it was made on; float16, "
        "runs in numpy.", "",
        "**What it does.** Writes four bars at once, melody, harmony, bass and drums, from noise, under chords, style, "
        "metre and mode, beside the parts and bars that are given. A critic (Wasserstein, gradient penalty) taught it.",
        "", "**What it does not.** It knows sixteenths only: no triplets, no dynamics; one melody and one bass line; "
        "notes outside its spans are folded by octaves. It writes no chords. Drums were learned from grooves and few "
        "bands, so they hear no other part.", "",
        "## Learned from", "", f"{card['train_phrases']:,} phrases of four bars.", "",
        "| set | pieces | licence | origin |", "|---|---|---|---|",
        *(_line(row) for row in card["data"]), "", "## Attribution", "",
        *(f"- {row['attribution']}" for row in card["data"] if row.get("attribution")),
    ]  # fmt: skip
    if card["piece_credits"]:
        lines += [
            "",
            "Pieces under CC BY, with those who typeset them:",
            "",
            *(f"- {c}" for c in card["piece_credits"]),
        ]
    lines += [
        "", "## Measured", "", f"Frechet distance of {card['test_phrases']:,} written phrases to people's of the test "
        f"split (101 features, in human standard deviations): {card['test_frechet']}; validation, before "
        f"harmony was calibrated, {card['valid_frechet']}. More: benchmarks/gan.py.", "", "## Recipe", "", "```",
        *(f"{table}: {values}" for table, values in card["recipe"].items()), "```", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _line(row: dict[str, Any]) -> str:
    at = (
        f"[{row['repository'].split('/')[-1]}]({row['repository']}) at `{row['commit'][:10]}`"
        if "commit" in row
        else ""
    )
    return f"| {row.get('title', row['name'])} | {row['pieces']} | {row.get('licence', '')} | {at} |"
