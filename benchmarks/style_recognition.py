"""The style of whole human pieces that no listener learned from: our listener beside gradient boosting, same split.

Conventions: pieces, sides and classes are those of `zhiyin.listen.style_data`; every seed trains anew, the shipped
weights are measured as they are. Three hearings: with who plays; without programs and number of players; and without
every feature that tells parts apart, too. Needs ZHIYIN_CORPUS, torch and scikit-learn.
Does not know: tempo, dynamics, register, titles; no recogniser here sees them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.human_windows import corpus_folder
from benchmarks.runner import Context, Result
from benchmarks.styles import write_csv
from zhiyin.data.corpus import load_human_corpus
from zhiyin.judge.features import feature_groups
from zhiyin.judge.style_scores import calibration_error, confusion, macro_f1, recalls
from zhiyin.listen.piece_net import PieceNet
from zhiyin.listen.piece_net_fit import FitSettings, Labelled, fit_piece_net, shares_of, transposable
from zhiyin.listen.style import load_style
from zhiyin.listen.style_build import HeardSplit, first_windows, hear_split, without_players
from zhiyin.listen.style_data import style_split
from zhiyin.listen.style_hearing import Hearing
from zhiyin.units import BoolArray, FloatArray

GOAL = ">= 0.85"
TREES = 60  # rounds of boosting, 15 leaves each, a tenth of the features a split


def run(ctx: Context) -> list[Result]:
    """Return macro F1, accuracy, calibration and answers when sure, with and without instruments."""
    view = load_human_corpus(corpus_folder())
    heard = hear_split(view, style_split(view), report=lambda line: print(f"    {line}", flush=True))
    found = shipped_rows(ctx, heard)
    found += trained_rows(ctx, heard)
    found += boosting_rows(ctx, heard)
    return found


def shipped_rows(ctx: Context, heard: HeardSplit) -> list[Result]:
    """Return the rows of the shipped listener, per class too, and write its confusion table."""
    net, test = load_style(), heard.sides["test"]
    rows = measured(ctx, "shipped", shares_of(net, test.hearings), rows=test, threshold=net.threshold)
    blind = without_players(test)
    rows += measured(
        ctx,
        "shipped, instruments hidden",
        shares_of(net, blind.hearings),
        rows=blind,
        threshold=net.threshold,
    )
    one = Labelled(tuple(Hearing(h.windows[:1], h.players) for h in blind.hearings), test.label)
    rows += measured(
        ctx, "shipped, instruments hidden, first 8 bars only", shares_of(net, one.hearings), rows=one,
        threshold=net.threshold,
    )  # fmt: skip
    table = confusion(test.label, shares_of(net, test.hearings).argmax(axis=1), len(net.classes))
    write_csv(ctx.root / "benchmarks" / "results" / "style_recognition.csv", net.classes, table)
    for i, name in enumerate(net.classes):
        most = net.classes[int(table[i].argmax())]
        rows.append(
            ctx.result(
                f"shipped, {name}: named right", recalls(table)[i], "share", n=int(table[i].sum()),
                anchor=f"most often {most}",
            )
        )  # fmt: skip
    return rows


def measured(
    ctx: Context, name: str, shares: FloatArray, *, rows: Labelled, threshold: float
) -> list[Result]:
    """Return macro F1, accuracy, calibration error, coverage when sure and accuracy then."""
    guess, confidence, n = shares.argmax(axis=1), shares.max(axis=1), rows.label.size
    right, sure = guess == rows.label, confidence >= threshold
    goal = GOAL if name == "shipped" else None
    return [
        ctx.result(f"{name}: macro F1", f1(shares, rows), "F1", n=n, goal=goal),
        ctx.result(f"{name}: accuracy", right.mean(), "share", n=n),
        ctx.result(f"{name}: calibration error", calibration_error(confidence, right), "share", n=n),
        ctx.result(f"{name}: answered when sure", sure.mean(), "share", n=n),
        ctx.result(f"{name}: right when sure", right[sure].mean(), "share", n=int(sure.sum())),
    ]


def f1(shares: FloatArray, rows: Labelled) -> float:
    """Return macro F1."""
    return macro_f1(confusion(rows.label, shares.argmax(axis=1), shares.shape[1]))


def trained_rows(ctx: Context, heard: HeardSplit) -> list[Result]:
    """Return the rows of listeners trained anew, three seeds, with and without instruments and parts."""
    scores: dict[str, list[float]] = {
        "with instruments": [],
        "instruments hidden": [],
        "parts hidden too": [],
    }
    for seed in ctx.seeds:
        net = trained(heard, seed=seed)
        test = heard.sides["test"]
        scores["with instruments"].append(f1(shares_of(net, test.hearings), test))
        blind = without_players(test)
        scores["instruments hidden"].append(f1(shares_of(net, blind.hearings), blind))
        part_blind = trained(hidden(heard), seed=seed, used=without_parts(), members=1)
        scores["parts hidden too"].append(f1(shares_of(part_blind, blind.hearings), blind))
        print(f"    seed {seed}: {scores}", flush=True)
    goals = {"with instruments": GOAL}
    return [
        ctx.result_of(f"trained anew, {name}: macro F1", values, "F1", goal=goals.get(name), seeds=ctx.seeds)
        for name, values in scores.items()
    ]


def trained(heard: HeardSplit, *, seed: int, used: BoolArray | None = None, members: int = 3) -> PieceNet:
    """Return a listener trained with a seed. members: of the ensemble."""
    sides, settings = heard.sides, replace(FitSettings(), members=members)
    return fit_piece_net(
        heard.classes, sides["train"], sides["valid"], seed=seed + 1, used=used, settings=settings
    )


def hidden(heard: HeardSplit) -> HeardSplit:
    """Return a split in which nobody knows who plays."""
    return HeardSplit(
        heard.classes, {s: without_players(rows) for s, rows in heard.sides.items()}, heard.index
    )


def without_parts() -> BoolArray:
    """Return (features,) which features do not tell one part from another."""
    used, groups = transposable(), feature_groups()
    used[groups["part"]] = False
    used[groups["interval"].start + 38 : groups["interval"].stop] = False  # the parts' own lines
    return used


def boosting_rows(ctx: Context, heard: HeardSplit) -> list[Result]:
    """Return the rows of gradient boosting on the same hearings: mean and spread over windows, and who plays."""
    rows = []
    for name, split in {"with instruments": heard, "instruments hidden": hidden(heard)}.items():
        test = split.sides["test"]
        seeds = ctx.seeds if split is heard else ctx.seeds[:1]
        values = [f1(boosted(split, seed=seed), test) for seed in seeds]
        rows.append(ctx.result_of(f"gradient boosting, {name}: macro F1", values, "F1", seeds=seeds))
        print(f"    boosting, {name}: {values}", flush=True)
    return rows


def boosted(heard: HeardSplit, *, seed: int) -> FloatArray:
    """Return (n, classes) probabilities of the test side by histogram gradient boosting."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model: Any = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=15, class_weight="balanced", max_features=0.1, random_state=seed,
        early_stopping=False,
    )  # fmt: skip
    model.fit(summaries(heard.sides["train"].hearings), heard.sides["train"].label)
    return np.asarray(model.predict_proba(summaries(heard.sides["test"].hearings)), np.float64)


def summaries(hearings: Sequence[Hearing]) -> NDArray[np.float32]:
    """Return (n, numbers) mean and spread over the windows of the features we use, and who plays."""
    used = transposable()
    cut = [first_windows(h) for h in hearings]
    return np.stack(
        [
            np.concatenate([h.windows[:, used].mean(axis=0), h.windows[:, used].std(axis=0), h.players])
            for h in cut
        ]
    )
