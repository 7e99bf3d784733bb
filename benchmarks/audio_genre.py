"""Genre from audio features: the recipe of our sound classifier beside gradient boosting, same split, same features.

Conventions: the 57 features of GTZAN as they lie in the set, 640/90/180 pieces; settings of both are chosen on the
validation side, three seeds, then the test side is measured once. GTZAN has no licence and known faults (repeats, one
artist on two sides): it measures only, nothing learned here ships. Needs ZHIYIN_DATA with the sets `gtzan_features` and
`splits`, and scikit-learn (extra `bench`).
Does not know: sound; features are read from a table.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.data.fetch import data_home
from zhiyin.judge.style_scores import confusion, macro_f1
from zhiyin.listen.sound_build import RECIPE
from zhiyin.listen.sound_fit import Recipe, fit, standardised, standards
from zhiyin.listen.sound_net import member_logits
from zhiyin.units import Float32Array, FloatArray, IntArray

NOT_FEATURES = ("filename", "length", "label")
ANCHOR = "gradient boosting (scikit-learn), same split; MusiCNN .79 on another split (published, from memory)"
# The shipped recipe first; the others give 57 features of 640 whole pieces less noise.
RECIPES = (
    RECIPE,
    Recipe(hidden=128, epochs=80, noise=0.3, dropout=0.5),
    Recipe(hidden=256, members=8, epochs=120, noise=0.1, dropout=0.6),
)
BOOSTS = (
    {"learning_rate": 0.1, "max_iter": 100},
    {"learning_rate": 0.05, "max_iter": 200, "max_leaf_nodes": 8},
)
Side = tuple[Float32Array, IntArray]
Guesser = Callable[[Side, FloatArray, int], IntArray]


def run(ctx: Context) -> list[Result]:
    """Return accuracy and macro-F1 of both on the test side, over the seeds."""
    genres, sides = read_sides(data_home())
    found = []
    for name, ways in (
        ("our recipe", [_perceptrons(r) for r in RECIPES]),
        ("boosting", [_boosting(b) for b in BOOSTS]),
    ):
        best = max(
            ways, key=lambda way: float(np.mean([scores(way, sides, "valid", seed=s)[1] for s in ctx.seeds]))
        )
        rows = [scores(best, sides, "test", seed=seed) for seed in ctx.seeds]
        anchor = ANCHOR if name == "our recipe" else f"chance {1 / len(genres):.2f}"
        for at, metric in enumerate(("accuracy", "macro-F1")):
            values = [row[at] for row in rows]
            found.append(
                ctx.result_of(f"GTZAN test {metric}, {name}", values, "share", anchor=anchor, seeds=ctx.seeds)
            )
    return found


def read_sides(folder: Path) -> tuple[tuple[str, ...], dict[str, Side]]:
    """Return (genres, {side: (features, labels)}); features that end in `var` as the logarithm: they span decades."""
    if not (folder / "gtzan_features").is_dir():
        raise BenchmarkError(
            f"no gtzan_features in {str(folder)!r}: let ZHIYIN_DATA name a folder with it and splits"
        )
    with (folder / "gtzan_features" / "features_30_sec.csv").open(encoding="utf-8") as file:
        rows = {row["filename"]: row for row in csv.DictReader(file)}
    with (folder / "splits" / "gtzan.csv").open(encoding="utf-8") as file:
        split = list(csv.DictReader(file))
    genres = tuple(sorted({row["genre"] for row in split}))
    names = [name for name in next(iter(rows.values())) if name not in NOT_FEATURES]
    sides = {}
    for side in ("train", "valid", "test"):
        own = [row for row in split if row["split"] == side]
        columns = [[_plain(name, float(rows[row["filename"]][name])) for name in names] for row in own]
        sides[side] = (
            np.array(columns, np.float32),
            np.array([genres.index(row["genre"]) for row in own], np.int64),
        )
    return genres, sides


def _plain(name: str, value: float) -> float:
    return float(np.log(max(value, 1e-12))) if name.endswith("var") else value


def scores(way: Guesser, sides: dict[str, Side], side: str, *, seed: int) -> tuple[float, float]:
    """Return (accuracy, macro-F1) on a side after learning from the training one."""
    rows, label = sides[side]
    guess = way(sides["train"], rows.astype(np.float64), seed)
    table = confusion(label, guess, int(label.max()) + 1)
    return float(np.mean(guess == label)), macro_f1(table)


def _perceptrons(recipe: Recipe) -> Guesser:
    def guess(train: Side, rows: FloatArray, seed: int) -> IntArray:
        centre, scale = standards(train[0])
        weights = fit(
            standardised(train[0], centre, scale), train[1], int(train[1].max()) + 1, recipe=recipe, seed=seed
        )
        x = standardised(rows.astype(np.float32), centre, scale)
        return np.asarray(member_logits(weights, x).mean(axis=0).argmax(axis=1), np.int64)

    return guess


def _boosting(settings: dict[str, float]) -> Guesser:
    def guess(train: Side, rows: FloatArray, seed: int) -> IntArray:
        from sklearn.ensemble import HistGradientBoostingClassifier

        model = HistGradientBoostingClassifier(
            max_features=0.3, early_stopping=False, random_state=seed, **settings
        )
        return np.asarray(model.fit(*train).predict(rows), np.int64)

    return guess
