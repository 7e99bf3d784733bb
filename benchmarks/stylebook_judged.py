"""What the style book gains and where it sounds canned, by the two-sample test and the style classifier.

Conventions: only styles that have a book (or borrow one) and human windows: pop, jazz, game; every family answers the
same requests, asked as in two_sample. jazz has too few held-out pieces, so its requests and windows are of the training
split: no family is told their notes, but the model and the classifier learned from such pieces. The human side has no
bands but game's: `pop` is piano without its tune. ZHIYIN_STYLEBOOK_WINDOWS: windows a style and seed (8).
Does not know: whether listeners agree.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.generators import Asking, one_part_a_player
from benchmarks.human_windows import corpus_folder, draw_askings
from benchmarks.runner import Context, Result
from benchmarks.two_sample import judge, paired
from zhiyin.apps.families import planned, take_of
from zhiyin.apps.model import open_model
from zhiyin.errors import ZhiyinError
from zhiyin.fill import rules
from zhiyin.fill.plan_make import make_plan
from zhiyin.fill.sampling import Sampling
from zhiyin.judge.excerpts import Excerpt, score_excerpt
from zhiyin.judge.features import features_of
from zhiyin.judge.style_net import load_style_net
from zhiyin.judge.two_sample import mean_auc, style_aucs
from zhiyin.models import StepModel
from zhiyin.theory.instruments import find_instrument

WINDOWS = int(os.environ.get("ZHIYIN_STYLEBOOK_WINDOWS", "8"))
HELD_OUT_STYLES, TRAIN_STYLES = ("game", "pop"), ("jazz",)
MOST_PLAYERS = 12
COMPARED = ("transformer", "rules", "auto")
TRIES = 3


def run(ctx: Context) -> list[Result]:
    """Return for each family the AUC, mean and by style, and how often its style is heard as asked."""
    corpus, model = corpus_folder(), open_model()
    drawn = [(asking, seed) for seed in ctx.seeds for asking in askings(corpus, seed)]
    print(f"    {len(drawn)} requests", flush=True)
    rows = []
    for family in COMPARED:
        made = [answer(family, asking, model, seed=asking.seed_for(seed)) for asking, seed in drawn]
        print(f"    {family}: {sum(one is not None for one in made)} written", flush=True)
        rows += rows_of(ctx, family, drawn, made=made)
    windows = np.stack([features_of(asking.human) for asking, _ in drawn])
    labels = [asking.place.style for asking, _ in drawn]
    return [*rows, *heard_rows(ctx, "people", windows, labels=labels)]


def askings(corpus: Path, seed: int) -> list[Asking]:
    """Return the requests of a seed."""
    found = draw_askings(corpus, seed=seed, per_style=WINDOWS, styles=HELD_OUT_STYLES)
    found += draw_askings(corpus, seed=seed, per_style=WINDOWS, styles=TRAIN_STYLES, splits=("train",))
    return [asking for asking in found if len(asking.wishes.players) <= MOST_PLAYERS]


def answer(family: str, asking: Asking, model: StepModel, *, seed: int) -> Excerpt | None:
    """Return a family's window, None where it could not keep the wishes in three tries."""
    for number in range(TRIES):
        try:
            return composed(family, asking, model, seed=seed + 1000 * number)
        except ZhiyinError as error:
            print(f"    {family}: {asking.place.piece}: {type(error).__name__}", flush=True)
    return None


def composed(family: str, asking: Asking, model: StepModel, *, seed: int) -> Excerpt:
    """Return the window cut from a piece composed by a family from the wishes alone."""
    plan = planned(family, make_plan(asking.wishes, seed=seed), asking.wishes, seed=seed)
    writer = rules.RulesModel() if family == "rules" else model
    score = take_of(
        family,
        plan,
        asking.wishes,
        model=writer,
        seed=seed,
        take=0,
        sampling=Sampling(),
        progress=lambda *_: None,
    ).score
    unheard = {find_instrument(name).program for name in asking.unheard}
    parts = [p for p in score.parts if p.is_drums or p.program not in unheard]
    return score_excerpt(score.with_parts(one_part_a_player(parts)), first_bar=asking.window)


def rows_of(
    ctx: Context, family: str, drawn: list[tuple[Asking, int]], *, made: list[Excerpt | None]
) -> list[Result]:
    """Return the AUC of a family over all and by style, and how often its style is named."""
    samples = paired(drawn, made).samples()
    verdict = judge(samples)
    by_style = style_aucs(samples, verdict.scores)
    own = samples.is_generated
    by_seed = [
        mean_auc(samples.take(samples.seed == s), verdict.scores[samples.seed == s]) for s in ctx.seeds
    ]
    return [
        ctx.result(
            f"AUC {family}, mean over styles", verdict.value, "AUC", sd=float(np.std(by_seed, ddof=1)), n=len(own),
            anchor=f"strongest: {verdict.strongest}", seeds=ctx.seeds,
        ),
        *(
            ctx.result(f"AUC {family}, {style}", value, "AUC", n=int(np.sum(samples.style == style)), seeds=ctx.seeds)
            for style, value in by_style.items()
        ),
        *heard_rows(ctx, family, samples.x[own], labels=samples.style[own].tolist()),
    ]  # fmt: skip


def heard_rows(ctx: Context, name: str, x: NDArray[np.float32], *, labels: list[str]) -> list[Result]:
    """Return the share of windows that the classifier names as asked, by style, and what it says most often."""
    net = load_style_net()
    guesses = np.array(net.classes)[net.probabilities(x).argmax(axis=1)]
    rows = []
    for style in sorted(set(labels)):
        own = guesses[np.array(labels) == style]
        most = max(set(own.tolist()), key=own.tolist().count)
        share, about = float(np.mean(own == style)), f"most often {most}"
        rows.append(
            ctx.result(
                f"{name}, {style}: named right", share, "share", n=len(own), anchor=about, seeds=ctx.seeds
            )
        )
    return rows
