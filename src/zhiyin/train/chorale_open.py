"""Training of the chorale model that ships: four-part pieces of the open corpus and nothing of the measuring set.

`python -m zhiyin.train.chorale_open recipes/chorale_open.toml --corpus CORPUS`. Conventions: as `zhiyin.train.chorale`;
validation is the corpus's own held-out part; nothing is recalled but a piece's own past.
This module reads the measuring set, where it is at hand, to leave out what is like its held-out chorales.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import save_file

from zhiyin.data import DATASETS
from zhiyin.data.corpus import load_corpus, piece_to_score
from zhiyin.data.fetch import data_home
from zhiyin.errors import NotFound
from zhiyin.models.chorale import parameter_count
from zhiyin.models.chorale_recall import VOICES, recall_all
from zhiyin.models.quantise import from_storage, to_storage
from zhiyin.train.chorale import Lesson, Trainer, load_chorale_recipe
from zhiyin.train.chorale_data import Chorale, pitch_ids, read_splits, to_frames
from zhiyin.train.chorale_more import four_voices, held_out_runs, interval_runs
from zhiyin.units import IntArray

_log = logging.getLogger(__name__)
SETS = ("open_hymnal", "pd_songs", "mutopia", "polish_scores", "openscore_lieder")
BATCH = 12


@dataclass(frozen=True, eq=False)
class Singing:
    """A piece in four voices: its set, split, credit and ids (steps, 4)."""

    set: str
    split: str
    credit: str
    ids: IntArray

    @property
    def chorale(self) -> Chorale:
        """Return the piece with what its own past recalls."""
        return Chorale(self.ids, recall_all(self.ids, None))


def load_singing(corpus: Path, held_out: Sequence[IntArray], sets: Sequence[str] = SETS) -> list[Singing]:
    """Return the four-part pieces of a corpus that are like no held-out chorale, (steps, 4) ids each."""
    banned = held_out_runs(held_out)
    found = []
    for name in sets:
        view = load_corpus(corpus, sets=[name])
        leaks = view.column("is_jsb_leak").astype(bool)
        for index in np.flatnonzero(~leaks & (view.note_counts > 0) & (view.note_counts < 6000)).tolist():
            info = view.piece(index).info
            pitches = four_voices(piece_to_score(view, index))
            if pitches is None or any(interval_runs(pitches[:, v]) & banned for v in range(VOICES)):
                continue
            credit = str(info.get("attribution") or "")
            found.append(Singing(name, str(info["split"]), credit, pitch_ids(pitches)))
    return found


def held_out_chorales(data: Path) -> list[IntArray]:
    """Return the validation and test chorales of the measuring set; none, with a warning, where it is not at hand."""
    try:
        splits = read_splits(data / "jsb_chorales")
    except NotFound as error:
        _log.warning("pieces like the measuring set are left out by their flag alone: %s", error)
        return []
    return [*splits["valid"], *splits["test"]]


def make_card(pieces: Sequence[Singing], recipe: dict[str, Any], **measured: Any) -> dict[str, Any]:
    """Return the model card as plain values: data with licences, recipe, metrics, date."""
    counts = Counter(piece.set for piece in pieces)
    rows = [
        {"name": name, "pieces": counts[name]}
        | {
            k: getattr(DATASETS[name].card, k)
            for k in ("title", "licence", "repository", "commit", "attribution")
        }
        for name in sorted(counts)
    ]
    credits = sorted({piece.credit for piece in pieces if piece.credit})
    date = datetime.now(UTC).date().isoformat()
    return {
        "name": "chorale",
        "date": date,
        "recipe": recipe,
        "data": rows,
        "piece_credits": credits,
        **measured,
    }


def card_page(card: dict[str, Any]) -> str:
    """Return the card as a page for people."""
    rows: list[dict[str, Any]] = card["data"]
    recipe: dict[str, Any] = card["recipe"]
    lines = [
        "# Model card: chorale",
        "",
        f"Made {card['date']} by `python -m zhiyin.train.chorale_open recipes/chorale_open.toml --corpus CORPUS`, "
        f"seed {recipe['seed']}, {card['steps']} steps, {recipe['minutes']:g} minutes of one processor at most.",
        "",
        "**What it does.** Sings four voices on a grid of sixteenths, a frame at a time, in any order of the voices: "
        "`zhiyin.fill.satb` puts alto, tenor and bass under a tune with it.",
        "",
        "**What it does not.** It has heard hymns, part-songs and choir music of about 1550-1930 in four parts and "
        "knows no other style; it knows only the past, no words, no fermatas. It has not heard the chorales that it is "
        "measured on, nor any piece that shares a run of twelve intervals with their held-out part.",
        "",
        "## Learned from",
        "",
        "| set | four-part pieces | licence | origin |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {r['title']} | {r['pieces']} | {r['licence']} | "
        f"[{r['repository'].split('/')[-1]}]({r['repository']}) at `{r['commit'][:10]}` |"
        for r in rows
    ]
    lines += ["", "## Attribution", "", *(f"- {r['attribution']}" for r in rows if r["attribution"])]
    credits: list[str] = card["piece_credits"]
    if credits:
        lines += ["", "Pieces under CC BY, with those who typeset them:", "", *(f"- {c}" for c in credits)]
    lines += [
        "",
        "## Likelihood",
        "",
        f"Held-out pieces of the corpus: {card['validation_nats']} nats a voice and frame.",
    ]
    if recipe.get("parallel_nats"):
        taken = f"{recipe['parallel_nats']:g} nats are taken from parallel fifths and octaves"
        lines += ["", f"A rule in the weights: after learning, {taken}. The figure is with it."]
    lines += [f"{name}: {value}." for name, value in card.get("measured", {}).items()]
    lines += ["", "## Recipe", "", "```", *(f"{k}: {v}" for k, v in recipe.items()), "```", ""]
    return "\n".join(lines)


def halve(source: Path, target: Path, card: dict[str, Any]) -> None:
    """Write a checkpoint with two bytes a weight and its card."""
    with safe_open(source, framework="numpy") as file:
        header = file.metadata()
        weights = from_storage({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
    header["card"] = json.dumps(card, ensure_ascii=False)
    save_file(to_storage(weights, "float16"), target, metadata=header)
    target.chmod(0o644)


def main(words: Sequence[str]) -> int:
    """Train by a recipe and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m zhiyin.train.chorale_open", description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=None, help="folder of the sets; ZHIYIN_DATA otherwise")
    parser.add_argument("--out", type=Path, default=Path("chorale.safetensors"))
    asked = parser.parse_args(list(words))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    recipe = replace(load_chorale_recipe(asked.recipe), more=0.0, more_late=0.0)
    pieces = load_singing(asked.corpus, held_out_chorales(asked.data or data_home()))
    taught = [piece for piece in pieces if piece.split == "train"]
    lesson = Lesson.of([piece.chorale for piece in taught], [], recipe.most_semitones)
    others = sorted(
        (piece.chorale for piece in pieces if piece.split != "train"), key=lambda one: len(one.ids)
    )
    validation = [to_frames(others[i : i + BATCH]) for i in range(0, len(others), BATCH)]
    trainer = Trainer(recipe, lesson, validation)
    _log.info(
        "%d parameters, %s, %d held out",
        parameter_count(trainer.net),
        Counter(p.set for p in taught),
        len(others),
    )
    draft = asked.out.with_suffix(".draft.safetensors")
    best = trainer.run(draft)
    card = make_card(taught, asdict(recipe), steps=trainer.step, validation_nats=round(best, 4))
    halve(draft, asked.out, card)
    asked.out.with_suffix(".md").write_text(card_page(card), encoding="utf-8")
    _log.info("%s", json.dumps({"validation": best, "checkpoint": str(asked.out)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
