"""Held-out bits per note of models trained alike but for one thing: layouts, orders, clocks, likeness, style mixes.

Conventions: checkpoints NAME.safetensors, NAME a recipe of recipes/compare, stand in the folder that ZHIYIN_COMPARE
names (`zhiyin train recipes/compare/NAME.toml` makes each); windows are those of the valid split, told the same.
Needs the `train` extra and a corpus. Does not know: which of them ships.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from benchmarks.fill_bits import _corpus
from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.encode import Sequence
from zhiyin.encode.beats import beat_grid
from zhiyin.encode.fields import FIELD_INDEX, UNKNOWN
from zhiyin.models import load_checkpoint
from zhiyin.models.layouts import build_model
from zhiyin.models.transformer import FillTransformer
from zhiyin.train.feed import pack, to_tensors
from zhiyin.train.pieces import load_pieces
from zhiyin.train.sampler import TASKS, TrainPiece, WindowLimits, sample_sequence

WINDOWS = 240
TOLD_OF_LIKENESS = ("like", *(name for name in FIELD_INDEX if name.startswith("recall_")))
REFERENCE = "compound"


def run(ctx: Context) -> list[Result]:
    """Measure every checkpoint of the folder on three draws of windows."""
    folder = Path(os.environ.get("ZHIYIN_COMPARE", ""))
    paths = sorted(folder.glob("*/*.safetensors")) if os.environ.get("ZHIYIN_COMPARE") else []
    if not paths:
        raise BenchmarkError(
            "checkpoints must be given: set ZHIYIN_COMPARE to a folder with NAME/NAME.safetensors of recipes/compare"
        )
    pieces = load_pieces(_corpus(), split="valid")
    values = {path.stem: [bits_of(path, pieces, seed) for seed in ctx.seeds] for path in paths}
    reference = float(np.mean([v["all"] for v in values[REFERENCE]])) if REFERENCE in values else float("nan")
    results = []
    for name, draws in values.items():
        for task in ("all", "nothing", "continue", "accompany", "infill", "harmonise"):
            found = [d[task] for d in draws]
            anchor = f"{REFERENCE} {reference:.2f}" if task == "all" else None
            results.append(
                ctx.result(f"{name}: {task}", float(np.mean(found)), "bits/note", sd=float(np.std(found, ddof=1)),
                           n=WINDOWS, anchor=anchor, seeds=ctx.seeds)
            )  # fmt: skip
    return results


def bits_of(path: Path, pieces: list[TrainPiece], seed: int) -> dict[str, float]:
    """Return bits per note to write by task, and 'all' over tasks by their training share."""
    checkpoint = load_checkpoint(path)
    model = build_model(checkpoint.config).eval()
    model.load_state_dict({name: torch.tensor(w) for name, w in checkpoint.weights.items()})
    is_told = checkpoint.card.get("recipe", {}).get("data", {}).get("likeness", True)
    limits = WindowLimits(512, 24, 8, checkpoint.config.order)
    by_task = {}
    for index, (task, share) in enumerate(TASKS.items()):
        rng = np.random.default_rng([seed, index])
        wanted = max(int(WINDOWS * share), 8)
        windows = _windows(
            pieces, task, rng, wanted=wanted, limits=limits, is_beat=checkpoint.config.columns == "beat"
        )
        by_task[task] = _bits(model, windows if is_told else [_untold(s) for s in windows])
    notes = {task: n for task, (_, n) in by_task.items()}
    result = {task: bits / notes[task] for task, (bits, _) in by_task.items()}
    result["all"] = sum(b for b, _ in by_task.values()) / sum(notes.values())
    return result


def _windows(
    pieces: list[TrainPiece],
    task: str,
    rng: np.random.Generator,
    *,
    wanted: int,
    limits: WindowLimits,
    is_beat: bool,
) -> list[Sequence]:
    weight = np.array([p.weight for p in pieces])
    found: list[Sequence] = []
    while len(found) < wanted:
        piece = pieces[int(rng.choice(len(pieces), p=weight / weight.sum()))]
        if is_beat:
            piece = replace(piece, beats=beat_grid(piece.tokens))
        sequence = sample_sequence(piece, task, rng, limits=limits, augment=False)
        found += [sequence] if sequence is not None else []
    return found


def _untold(sequence: Sequence) -> Sequence:
    """Return the window without what it is told of resembled bars: which they are, and what they did next."""
    fields = sequence.fields.copy()
    for name in TOLD_OF_LIKENESS:
        fields[:, FIELD_INDEX[name]] = UNKNOWN[name]
    return replace(sequence, fields=fields)


def _bits(model: FillTransformer, windows: list[Sequence]) -> tuple[float, int]:
    """Return (bits, attacks): a note cut at a column's end counts once, so that finer columns count the same."""
    nats, notes = 0.0, 0
    with torch.no_grad():
        for group in pack(sorted(windows, key=len), 8192):
            nats += float(model.loss(to_tensors(group), given_weight=0.0)[1]["nats"])
            for s in group:
                is_attack = s.is_target & (s.target[:, 1] >= 0) & (s.target[:, 3] % 2 == 0)
                notes += int(is_attack.sum())
    return nats / float(np.log(2)), notes
