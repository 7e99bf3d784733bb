"""Whether the style asked for is heard in whole pieces, by the listeners that learned from people's pieces.

Conventions: the requests of `styles` (style, key, metre, tempo, players; no notes); a piece counts as the class of the
human piece behind the request: a dance by `tune-type`, any other by `style-of-notes`, which does not see who plays. A
class is told apart when more than half of its pieces are named right, "don't know" being wrong. People's own frames of
the same requests stand beside. Does not know: how the listeners were trained (zhiyin.listen).
"""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np

from benchmarks.generators import TRIES, Asking
from benchmarks.human_windows import PROCESSES, corpus_folder
from benchmarks.runner import Context, Result
from benchmarks.styles import all_askings
from zhiyin.apps.model import open_model
from zhiyin.data.corpus import CorpusView, load_human_corpus
from zhiyin.errors import ZhiyinError
from zhiyin.fill.compose_plan import compose
from zhiyin.fill.plan_make import make_plan
from zhiyin.judge.style_net import load_style_net
from zhiyin.judge.style_net_data import class_of
from zhiyin.listen import LISTENERS
from zhiyin.listen.style_labels import DANCES, style_of_record
from zhiyin.models import StepModel
from zhiyin.score import Score

TWELVE, HEARD = ">= 12", 0.5
LEAST = 6  # pieces of a class; fewer say nothing of a half


@dataclass(frozen=True, slots=True)
class Named:
    """One piece: the class asked for, what our piece is heard as, and what people's is; None for don't know."""

    asked: str
    ours: str | None
    people: str | None
    seed: int


def run(ctx: Context) -> list[Result]:
    """Return for ours and people's how many classes are told apart, accuracy, and every class."""
    corpus = corpus_folder()
    drawn = [(a, s) for s in ctx.seeds for a in all_askings(load_style_net(), corpus, s)]
    view = load_human_corpus(corpus)
    labelled = [
        (asking, seed, label) for asking, seed in drawn if (label := label_of(view, asking)) is not None
    ]
    print(f"    {len(labelled)} of {len(drawn)} requests name a class of the listeners", flush=True)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=spawn) as pool:
        named = [one for one in pool.map(heard, labelled, chunksize=4) if one is not None]
    return [*rows_of(ctx, "ours", named), *rows_of(ctx, "people", named)]


def label_of(view: CorpusView, asking: Asking) -> str | None:
    """Return the class that the human piece behind a request counts as, None where its record names none."""
    style = class_of(asking.place.style)
    if style is None:
        return None
    if style in DANCES:
        return style
    index = index_of(view)[asking.place.piece]
    parts = view.piece(index).parts
    programs, drums = np.asarray(parts["program"], np.int64), np.asarray(parts["is_drums"], bool)
    label = style_of_record(style, str(view.column("composer")[index]), programs, is_drums=drums)
    return label if label in LISTENERS["style-of-notes"].classes else None


_INDEX: dict[int, dict[str, int]] = {}


def index_of(view: CorpusView) -> dict[str, int]:
    """Return {set/id: index} of a view's pieces."""
    if id(view) not in _INDEX:
        sets, ids = view.column("set"), view.column("id")
        _INDEX[id(view)] = {f"{s}/{i}": n for n, (s, i) in enumerate(zip(sets, ids, strict=True))}
    return _INDEX[id(view)]


@cache
def _model() -> StepModel:
    return open_model()


def heard(job: tuple[Asking, int, str]) -> Named | None:
    """Return what a piece of ours and people's frame are heard as; None where no piece could be written."""
    asking, seed, label = job
    score = composed(asking, asking.seed_for(seed))
    return None if score is None else Named(label, name_of(score, label), name_of(asking.frame, label), seed)


def composed(asking: Asking, seed: int) -> Score | None:
    """Return the piece composed from a request's wishes, None where three tries fail."""
    for number in range(TRIES):
        try:
            plan = make_plan(asking.wishes, seed=seed + 1000 * number)
            return compose(plan, asking.wishes, model=_model(), seed=seed + 1000 * number).score
        except ZhiyinError:
            continue
    return None


def name_of(score: Score, label: str) -> str | None:
    """Return what the listener of a label's kind hears."""
    return LISTENERS["tune-type" if label in DANCES else "style-of-notes"].hear(score).label


def rows_of(ctx: Context, who: str, named: list[Named]) -> list[Result]:
    """Return how many classes are told apart, the accuracy by draw, and every class with what it is taken for."""
    answers = [(one.asked, one.ours if who == "ours" else one.people, one.seed) for one in named]
    labels = sorted({asked for asked, _, _ in answers})
    rows, told = [], 0
    for label in labels:
        own = [got for asked, got, _ in answers if asked == label]
        share = float(np.mean([got == label for got in own]))
        told += share > HEARD and len(own) >= LEAST
        wrong = Counter(got or "don't know" for got in own if got != label).most_common(2)
        rows.append(ctx.result(
            f"{who}, {label}: named right", share, "share", n=len(own), seeds=ctx.seeds,
            anchor=", ".join(f"{name} {count}" for name, count in wrong) or None,
        ))  # fmt: skip
    by_seed = [float(np.mean([got == asked for asked, got, s in answers if s == seed])) for seed in ctx.seeds]
    return [
        ctx.result(
            f"{who}: classes told apart", told, "classes", n=len(answers), seeds=ctx.seeds,
            goal=TWELVE if who == "ours" else None, anchor=f"of {len(labels)}",
        ),
        ctx.result_of(f"{who}: named right", by_seed, "share", seeds=ctx.seeds),
        *rows,
    ]  # fmt: skip
