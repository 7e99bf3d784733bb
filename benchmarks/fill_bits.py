"""Held-out bits per note of the shipped fill model beside three floors, per task, on the same notes.

Conventions: windows of the test split, none augmented; a note's bits hold its share of the END symbols too.
Needs the `train` extra and a corpus: ZHIYIN_CORPUS, or where `zhiyin corpus build` puts it.
Does not know: how the model was trained.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.floors import Floats, NGram, Streams, copier_bits, streams_of
from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.data.corpus import SYNTHETIC, corpus_sets
from zhiyin.data.fetch import data_home
from zhiyin.encode import Sequence, Window, build_sequence
from zhiyin.encode.fields import FIELD_INDEX, UNKNOWN
from zhiyin.models import load_checkpoint
from zhiyin.train.pieces import load_pieces
from zhiyin.train.sampler import TASKS, TrainPiece, WindowLimits, sample_sequence

WINDOWS_A_TASK = 60
GROUP_ROWS = 15
TRUST = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
LIMITS = WindowLimits(512, 24, 8)
SHOWN = {
    "continue": "continue", "infill": "infill", "harmonise": "harmonise", "accompany": "accompany",
    "nothing": "from nothing", "melodise": "melodise", "block": "any block", "cells": "scattered cells",
}  # fmt: skip


@dataclass(frozen=True)
class Floors:
    """The fitted floors."""

    unigram: NGram
    four_gram: NGram
    trust: float


def run(ctx: Context) -> list[Result]:
    """Measure the model and the floors over three draws of windows."""
    corpus = _corpus()
    people = [name for name in corpus_sets(corpus) if name not in SYNTHETIC]  # our own rules prove nothing
    test = load_pieces(corpus, split="test", sets=people)
    train, valid = (load_pieces(corpus, split=split, sets=people) for split in ("train", "valid"))
    floors, limits = fit_floors(train, valid), replace(LIMITS, order=load_checkpoint().config.order)
    values: dict[tuple[str, str], list[float]] = {}
    counts: dict[str, int] = {}
    for seed in ctx.seeds:
        laid_out = draw_windows(test, seed, limits)  # the same windows in the order that the model was taught
        for task, sequences in draw_windows(test, seed).items():
            streams = streams_of(sequences)
            notes = int(np.sum(streams.is_target & (streams.symbols[:, 1] >= 0)))
            counts[task] = counts.get(task, 0) + notes
            unigram = floors.unigram.bits(streams)
            by_name = {
                "fill model": model_bits(laid_out[task]),
                "fill model told no wishes": model_bits([untold(s) for s in laid_out[task]]),
                "unigram by role": float(unigram[streams.is_target].sum()),
                "4-gram": float(floors.four_gram.bits(streams)[streams.is_target].sum()),
                "last-bar copier": float(
                    copier_bits(streams, unigram, trust=floors.trust)[streams.is_target].sum()
                ),
            }
            for name, bits in by_name.items():
                values.setdefault((task, name), []).append(bits / max(notes, 1))
    return _results(ctx, values, counts)


def _results(
    ctx: Context, values: dict[tuple[str, str], list[float]], counts: dict[str, int]
) -> list[Result]:
    results = []
    for (task, name), bits in values.items():
        floors = [
            float(np.mean(values[task, other])) for other in ("unigram by role", "4-gram", "last-bar copier")
        ]
        best_floor = min(floors)
        is_ours = name.startswith("fill model")
        goal = f"<= {best_floor:.2f}" if is_ours else None
        anchor = f"best floor {best_floor:.2f}" if is_ours else None
        sd = float(np.std(bits, ddof=1)) if len(bits) > 1 else None
        results.append(
            ctx.result(
                f"{SHOWN[task]}: {name}", float(np.mean(bits)), "bits/note", sd=sd, n=counts[task], anchor=anchor,
                goal=goal, seeds=ctx.seeds,
            )
        )  # fmt: skip
    return results


def _corpus() -> Path:
    folder = Path(os.environ.get("ZHIYIN_CORPUS") or data_home() / "corpus")
    if not folder.is_dir():
        raise BenchmarkError(f"a corpus must be at {folder}: run  zhiyin corpus build  or set ZHIYIN_CORPUS")
    return folder


def draw_windows(
    pieces: list[TrainPiece], seed: int, limits: WindowLimits = LIMITS
) -> dict[str, list[Sequence]]:
    """Return the same windows of every task for a seed, laid out in the order that the limits name."""
    weight = np.array([p.weight for p in pieces])
    drawn: dict[str, list[Sequence]] = {}
    for index, task in enumerate(TASKS):
        rng = np.random.default_rng([seed, index])
        found: list[Sequence] = []
        while len(found) < WINDOWS_A_TASK:
            piece = pieces[int(rng.choice(len(pieces), p=weight / weight.sum()))]
            sequence = sample_sequence(piece, task, rng, limits=limits, augment=False)
            found += [sequence] if sequence is not None else []
        drawn[task] = found
    return drawn


def untold(sequence: Sequence) -> Sequence:
    """Return the window with every wish left open, which bars return among them: notes and chords alone are given."""
    fields = sequence.fields.copy()
    told = ("style", "mood", "tempo", "density", "polyphony", "register", "like")
    for name in (*told, *(field for field in FIELD_INDEX if field.startswith("recall_"))):
        fields[:, FIELD_INDEX[name]] = UNKNOWN[name]
    return replace(sequence, fields=fields)


def model_bits(sequences: list[Sequence]) -> float:
    """Return the bits the shipped model needs for the cells to write, by the torch form of its weights."""
    import torch

    from zhiyin.models.transformer import FillTransformer
    from zhiyin.train.feed import pack, to_tensors

    checkpoint = load_checkpoint()
    model = FillTransformer(checkpoint.config).eval()
    model.load_state_dict({name: torch.tensor(w) for name, w in checkpoint.weights.items()})
    with torch.no_grad():
        sums = [
            model.loss(to_tensors(g), given_weight=0.0)[1] for g in pack(sorted(sequences, key=len), 8192)
        ]
    return sum(float(s["nats"]) for s in sums) / float(np.log(2))


def fit_floors(train: list[TrainPiece], valid: list[TrainPiece]) -> Floors:
    """Count the n-grams on every training piece; choose the copier's trust on validation pieces."""
    counted = streams_of(whole_pieces(train))
    unigram, four_gram = NGram(counted, n=1), NGram(counted, n=4)
    held = streams_of(whole_pieces(valid[:200]))
    base = unigram.bits(held)
    trust = min(TRUST, key=lambda t: float(copier_bits(held, base, trust=t).sum()))
    return Floors(unigram, four_gram, trust)


def whole_pieces(pieces: list[TrainPiece]) -> list[Sequence]:
    """Return every piece as windows over all its columns, at most 15 rows each."""
    sequences = []
    for piece in pieces:
        columns = np.arange(piece.tokens.columns)
        for first in range(0, piece.tokens.rows, GROUP_ROWS):
            rows = np.arange(first, min(first + GROUP_ROWS, piece.tokens.rows))
            write = np.ones((columns.size, rows.size), bool)
            sequences.append(build_sequence(piece.tokens, piece.context, Window(columns, rows, write)))
    return sequences


__all__ = ["Floats", "Streams", "run"]
