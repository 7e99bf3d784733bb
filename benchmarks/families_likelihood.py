"""Held-out bits a note of step models and of their mixes, on the windows of `fill_bits`.

Conventions: torch forms of shipped weights; a mix is a product of experts made to sum to one for every field, so its
likelihood is exact. Does not know: floors (benchmarks/fill_bits.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.fill_bits import LIMITS, SHOWN, draw_windows
from zhiyin.data.corpus import SYNTHETIC, corpus_sets
from zhiyin.encode import Sequence as Events
from zhiyin.encode.fields import END, FIELD_INDEX, KIND_CELL
from zhiyin.models import StepModel, Under, load_checkpoint
from zhiyin.models.mixed import MixedModel
from zhiyin.models.runtimes import make_runtime
from zhiyin.train.pieces import load_pieces
from zhiyin.train.sampler import TrainPiece

TASKS = ("nothing", "continue")
WINDOWS = 5  # a task and seed: the runtime reads event by event


def bits_a_note(corpus: Path, checkpoints: Sequence[str], *, seeds: Sequence[int]) -> dict[str, list[float]]:
    """Return {task: bits a note of each seed} of a step model, or of several mixed."""
    models: list[StepModel] = [make_runtime(load_checkpoint(name)) for name in checkpoints]
    model = models[0] if len(models) == 1 else MixedModel(models)
    test = _people(corpus)
    found: dict[str, list[float]] = {}
    for seed in seeds:
        drawn = draw_windows(test, seed, replace(LIMITS, order=model.order))
        for task in TASKS:
            counted = [bits_of(model, events) for events in drawn[task][:WINDOWS]]
            found.setdefault(SHOWN[task], []).append(
                sum(b for b, _ in counted) / max(sum(n for _, n in counted), 1)
            )
    return found


@cache
def _people(corpus: Path) -> list[TrainPiece]:
    """Return people's pieces of the test split."""
    names = [name for name in corpus_sets(corpus) if name not in SYNTHETIC]
    return load_pieces(corpus, split="test", sets=names)


def bits_of(model: StepModel, events: Events) -> tuple[float, int]:
    """Return (bits of the cells to write, notes in them), events read one at a time as when writing."""
    state, nats, notes = model.start(), 0.0, 0
    given = int(np.count_nonzero(~events.is_target))
    if given:
        state.feed(events.fields[:given], events.time[:given])
    for at in range(given, len(events)):
        state.feed(events.fields[at : at + 1], events.time[at : at + 1])
        onset, value, duration, extra = events.target[at].tolist()
        if onset < 0:
            continue
        nats -= float(state.onset()[onset])
        if onset == END:
            continue
        under = Under(
            int(events.tonic[at]),
            int(events.chord_root[at]),
            int(events.chord_quality[at]),
            int(events.last[at]),
        )
        nats -= float(state.value(onset, under)[value])
        nats -= float(state.duration(value)[duration])
        nats -= float(state.extra(duration)[extra])
        notes += 1
    assert given == len(events) or events.fields[given, FIELD_INDEX["kind"]] == KIND_CELL
    return nats / float(np.log(2)), notes
