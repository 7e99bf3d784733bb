"""Moods heard in what they made: by cue, by an outside judge of mood, in matched pairs, without cues, by intensity.

Conventions: the judge is a logistic regression on thirteen numbers, trained here on game music that people rated and
then thrown away (the set has no licence: it measures only); scores of a matched group (style, key, seed) are compared
after taking their mean away. Needs ZHIYIN_DATA with the sets `vgmidi` and `splits`, and scikit-learn; about twelve
minutes. Does not know: what moods do to a plan.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.runner import BenchmarkError, Context, Result
from benchmarks.words_moods_features import judge_features
from benchmarks.words_moods_takes import (
    BRIGHT,
    DARK,
    GROUPS,
    MOODS,
    NEUTRAL,
    STILL,
    STIRRED,
    Judged,
    ablated,
    by_intensity,
    free,
    locked,
    tonic_locked,
)
from zhiyin.data.fetch import data_home
from zhiyin.io import load

# Seeds that nothing was tuned on (docs/lab/moods.md).
SEEDS = (0, 1, 2)
RIDGE = 0.1
# Cue, mood with more of it, mood with less: what the table of moods promises of the notes.
LISTED = (
    ("tempo", "happy", "sad"), ("tempo", "angry", "tender"), ("tempo", "tense", "calm"), ("tempo", "happy", "calm"),
    ("rate", "happy", "sad"), ("rate", "angry", "tender"), ("rate", "tense", "calm"), ("register", "happy", "sad"),
    ("register", "tender", "angry"), ("register", "happy", "tense"), ("velocity", "angry", "tender"),
    ("velocity", "happy", "sad"), ("velocity", "tense", "calm"), ("articulation", "sad", "angry"),
    ("articulation", "calm", "tense"), ("articulation", "tender", "angry"), ("major", "happy", "sad"),
    ("major", "tender", "angry"),
)  # fmt: skip
Rows = list[Result]
Floats = NDArray[np.float64]


def run(ctx: Context) -> list[Result]:
    """Return every row; takes are written once and judged many ways."""
    judges, found = trained_judges(ctx, data_home())
    matched = list(locked(SEEDS))
    found += pair_rows(ctx, "key and tempo locked", matched, judges=judges, goals=True)
    found.append(
        ctx.result_of(
            "locked fields unchanged", [take.is_locked_kept for take in matched], "share", goal=">= 1.0"
        )
    )
    found += shuffled_rows(ctx, matched, judges)
    found += pair_rows(ctx, "tonic and tempo locked", list(tonic_locked(SEEDS)), judges=judges)
    open_takes = list(free(SEEDS))
    found += pair_rows(ctx, "nothing locked", [take for take in open_takes if take.mood], judges=judges)
    found += quadrant_rows(ctx, open_takes, judges)
    found += cue_rows(ctx, open_takes)
    found += neutral_rows(ctx, open_takes)
    found += ablation_rows(ctx, judges)
    return found + intensity_rows(ctx)


# -- the judge ---------------------------------------------------------------------------------------------------


def trained_judges(ctx: Context, home: Path) -> tuple[dict[str, Any], Rows]:
    """Return a judge of each axis, and how well such a judge tells rated phrases of games it has not seen."""
    table = home / "splits" / "vgmidi.csv"
    if not table.is_file():
        raise BenchmarkError(
            f"no split at {str(table)!r}: let ZHIYIN_DATA name a folder with vgmidi and splits"
        )
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    folder = home / "vgmidi" / "labelled" / "phrases"
    features = np.stack([judge_features(load(folder / row["midi"])) for row in rows])
    fold = np.array([row["fold"] for row in rows])
    judges, found = {}, []
    for axis, anchor in (("valence", "hand features 0.675"), ("arousal", "hand features 0.889")):
        truth = np.array([int(row[axis]) > 0 for row in rows])
        told = np.zeros(truth.size)
        for name in np.unique(fold):
            held = fold == name
            told[held] = _fitted(features[~held], truth[~held]).decision_function(features[held])
        judges[axis] = _fitted(features, truth)
        found.append(
            ctx.result(f"judge, {axis}: AUC on games not seen", area(told[truth], told[~truth]), "share",
                       n=truth.size, anchor=anchor)
        )  # fmt: skip
    return judges, found


def _fitted(features: Floats, truth: NDArray[np.bool_]) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=RIDGE, max_iter=2000)).fit(features, truth)


def scores_of(takes: Sequence[Judged], judge: Any) -> Floats:
    """Return the judge's log odds of takes."""
    return np.asarray(judge.decision_function(np.stack([take.features for take in takes])), np.float64)


# -- matched pairs -----------------------------------------------------------------------------------------------


def area(more: Sequence[float] | Floats, less: Sequence[float] | Floats) -> float:
    """Return how often one of the first lies above one of the second, ties half."""
    gap = np.asarray(more, float)[:, None] - np.asarray(less, float)[None]
    return float(np.mean((gap > 0) + 0.5 * (gap == 0)))


def centred(takes: Sequence[Judged], values: Floats) -> Floats:
    """Return values less the mean of their matched group."""
    groups: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for index, take in enumerate(takes):
        groups[take.group].append(index)
    found = values.copy()
    for rows in groups.values():
        found[rows] -= values[rows].mean()
    return found


def separation(
    takes: Sequence[Judged], values: Floats, *, more: Iterable[str], less: Iterable[str]
) -> tuple[float, float]:
    """Return (AUC of centred values, share of matched pairs that go the right way)."""
    flat, above, below = centred(takes, values), set(more), set(less)
    auc = area(
        [v for take, v in zip(takes, flat, strict=True) if take.mood in above],
        [v for take, v in zip(takes, flat, strict=True) if take.mood in below],
    )
    by_group: dict[tuple[str, str, int], dict[str, float]] = defaultdict(dict)
    for take, value in zip(takes, values, strict=True):
        by_group[take.group][take.mood] = float(value)
    right = [
        one[a] > one[b] for one in by_group.values() for a in above for b in below if a in one and b in one
    ]
    return auc, float(np.mean(right))


AXES: tuple[tuple[str, tuple[str, ...], tuple[str, ...], str, str], ...] = (
    ("arousal", STIRRED, STILL, ">= 0.90", ">= 0.80"), ("valence", BRIGHT, DARK, ">= 0.75", ">= 0.70"),
)  # fmt: skip


def pair_rows(
    ctx: Context, name: str, takes: list[Judged], *, judges: dict[str, Any], goals: bool = False
) -> Rows:
    """Return AUC and share of matched pairs on both axes, a value a seed; with goals also by key and by pair."""
    found = []
    for axis, more, less, auc_goal, share_goal in AXES:
        values = scores_of(takes, judges[axis])
        by_seed = [_of(takes, values, lambda take, seed=seed: take.seed == seed) for seed in SEEDS]  # type: ignore[misc]
        both = [separation(*part, more=more, less=less) for part in by_seed]
        for column, what, goal in ((0, "AUC", auc_goal), (1, "pairs the right way", share_goal)):
            found.append(
                ctx.result_of(f"{name}, {axis}: {what}", [one[column] for one in both], "share",
                              goal=goal if goals else None, anchor="chance 0.5", seeds=SEEDS)
            )  # fmt: skip
        if goals:
            found += _by_key(ctx, f"{name}, {axis}", takes, values, more, less)
    if goals:
        found += _by_pair(ctx, name, takes, judges["valence"])
    return found


def _of(
    takes: Sequence[Judged], values: Floats, keep: Callable[[Judged], bool]
) -> tuple[list[Judged], Floats]:
    rows = [index for index, take in enumerate(takes) if keep(take)]
    return [takes[index] for index in rows], values[rows]


def _by_key(
    ctx: Context, name: str, takes: list[Judged], values: Floats, more: Sequence[str], less: Sequence[str]
) -> Rows:
    rows = []
    for key in sorted({take.key for take in takes}):
        auc, _ = separation(*_of(takes, values, lambda take: take.key == key), more=more, less=less)  # noqa: B023
        rows.append(ctx.result(f"{name} in {key}: AUC", auc, "share", n=len(takes) // 2, seeds=SEEDS))
    return rows


def _by_pair(ctx: Context, name: str, takes: list[Judged], judge: Any) -> Rows:
    values = scores_of(takes, judge)
    rows = []
    for bright, dark in (
        ("happy", "sad"),
        ("happy", "tense"),
        ("happy", "angry"),
        ("tender", "sad"),
        ("calm", "sad"),
    ):
        auc, _ = separation(takes, values, more=(bright,), less=(dark,))
        rows.append(ctx.result(f"{name}, valence, {bright} over {dark}: AUC", auc, "share", seeds=SEEDS))
    return rows


def shuffled_rows(ctx: Context, takes: list[Judged], judges: dict[str, Any]) -> Rows:
    """Return the AUCs with the moods of each group dealt anew, a hundred times: the control."""
    rng, rows = np.random.default_rng(0), []
    for axis, more, less, _, _ in AXES:
        flat = centred(takes, scores_of(takes, judges[axis]))
        names = np.array([take.mood for take in takes])
        groups = np.array([str(take.group) for take in takes])
        aucs = []
        for _ in range(100):
            dealt = names.copy()
            for group in np.unique(groups):
                dealt[groups == group] = rng.permutation(names[groups == group])
            aucs.append(area(flat[np.isin(dealt, more)], flat[np.isin(dealt, less)]))
        rows.append(ctx.result_of(f"moods shuffled, {axis}: AUC", aucs, "share", anchor="0.50 +- 0.07"))
    return rows


# -- cues, quadrants, neutral pieces -----------------------------------------------------------------------------


def quadrant_rows(ctx: Context, takes: list[Judged], judges: dict[str, Any]) -> Rows:
    """Return how often both axes lie on the mood's side of what the style's neutral pieces are judged."""
    right = []
    for axis, more, _, _, _ in AXES:
        values = scores_of(takes, judges[axis])
        usual = {
            style: float(np.mean(_of(takes, values, lambda t: (t.style, t.mood) == (style, NEUTRAL))[1]))  # noqa: B023
            for style in {take.style for take in takes}
        }
        right.append([
            (value > usual[take.style]) == (take.mood in more)
            for take, value in zip(takes, values, strict=True) if take.mood
        ])  # fmt: skip
    both = np.all(np.array(right), axis=0)
    return [ctx.result_of("nothing locked: quadrant right", both, "share", goal=">= 0.60",
                          anchor="EMOPIA, logistic regression 0.581", seeds=SEEDS)]  # fmt: skip


def cue_rows(ctx: Context, takes: list[Judged]) -> Rows:
    """Return for listed cues and pairs how far the moods lie apart, within styles."""
    aucs = []
    for cue, more, less in LISTED:
        parts = []
        for style in sorted({take.style for take in takes}):
            values = {
                mood: [t.cues[cue] for t in takes if (t.style, t.mood) == (style, mood)]
                for mood in (more, less)
            }
            parts.append(area(values[more], values[less]))
        aucs.append(float(np.mean(parts)))
    named = dict(zip(LISTED, aucs, strict=True))
    major = {mood: [take.cues["major"] for take in takes if take.mood == mood] for mood in ("happy", "sad")}
    by_cue: dict[str, list[float]] = defaultdict(list)
    for (cue, _, _), auc in named.items():
        by_cue[cue].append(auc)
    return [
        *(ctx.result_of(f"{cue}: AUC of its pairs", values, "share") for cue, values in by_cue.items()),
        ctx.result_of(
            "listed cues in the table's direction", [auc > 0.5 for auc in aucs], "share", goal=">= 1.0"
        ),
        ctx.result_of("listed cues: AUC", aucs, "share", anchor="0.75", seeds=SEEDS),
        ctx.result("listed cues: lowest AUC", min(aucs), "share", n=len(aucs), goal=">= 0.75"),
        ctx.result("tempo, happy over sad: AUC", named["tempo", "happy", "sad"], "share", goal=">= 0.95"),
        ctx.result_of("heard as major: happy", major["happy"], "share", goal=">= 0.85", seeds=SEEDS),
        ctx.result_of("heard as major: sad", major["sad"], "share", goal="<= 0.25", seeds=SEEDS),
    ]


def neutral_rows(ctx: Context, takes: list[Judged]) -> Rows:
    """Return what the shipped analyser hears in neutral pieces, and quality with moods over quality without."""
    neutral = [take for take in takes if not take.mood]
    moody = [take for take in takes if take.mood]
    rows = []
    for column, axis in enumerate(("valence", "arousal")):
        mean = abs(float(np.mean([take.felt[column] for take in neutral])))
        rows.append(
            ctx.result(f"neutral pieces, {axis}: mean, absolute", mean, "of 1", n=len(neutral), goal="<= 0.2")
        )
        side = BRIGHT if axis == "valence" else STIRRED
        more = [take.felt[column] for take in moody if take.mood in side]
        less = [take.felt[column] for take in moody if take.mood not in side]
        rows.append(
            ctx.result(f"shipped analyser, {axis}: AUC", area(more, less), "share", n=len(moody), seeds=SEEDS)
        )
    for name in neutral[0].quality:
        plain = float(np.mean([take.quality[name] for take in neutral]))
        ratio = float(np.mean([take.quality[name] for take in moody])) / plain
        rows.append(ctx.result(f"{name}: with moods over without", ratio, "ratio", n=len(moody), anchor=f"{plain:.3f}",
                               goal=">= 0.90", seeds=SEEDS))  # fmt: skip
    return rows


# -- ablation, intensity -----------------------------------------------------------------------------------------


def ablation_rows(ctx: Context, judges: dict[str, Any]) -> Rows:
    """Return how much of the distance between happy and sad is lost without each group of cues."""
    found: dict[str, list[Judged]] = defaultdict(list)
    for name, take in ablated(SEEDS, style="romantic-piano"):
        found[name].append(take)
    rows, lost = [], {}
    for axis in ("arousal", "valence"):
        gaps = {name: _gap(takes, judges[axis]) for name, takes in found.items()}
        for name in GROUPS:
            lost[axis, name] = (gaps[""] - gaps[name]) / gaps[""]
            rows.append(
                ctx.result(
                    f"without {name}, {axis}: separation lost", lost[axis, name], "share", n=2 * len(SEEDS)
                )
            )
    for axis in ("arousal", "valence"):
        worst = max(lost[axis, name] for name in GROUPS)
        rows.append(
            ctx.result(f"{axis}: largest share lost without one group", worst, "share", n=2 * len(SEEDS) * len(GROUPS),
                       goal="<= 0.60", seeds=SEEDS)
        )  # fmt: skip
    return rows


def _gap(takes: list[Judged], judge: Any) -> float:
    values = scores_of(takes, judge)
    of = {
        mood: [v for take, v in zip(takes, values, strict=True) if take.mood == mood]
        for mood in ("happy", "sad")
    }
    return float(np.mean(of["happy"]) - np.mean(of["sad"]))


def intensity_rows(ctx: Context) -> Rows:
    """Return rank correlations of intensity with the means of cues over seeds."""
    takes = list(by_intensity(SEEDS, style="folk"))
    rows = []
    for cue, sign in (("tempo", 1), ("rate", 1), ("velocity", 1), ("articulation", -1)):
        found = []
        for mood, way in (("happy", 1), ("sad", -1)):
            means = [
                float(np.mean([take.cues[cue] for name, at, take in takes if (name, at) == (mood, level)]))
                for level in (1, 2, 3, 4, 5)
            ]
            found.append(way * sign * rank_correlation(means))
        rows.append(
            ctx.result_of(
                f"intensity 1-5, {cue}: rank correlation", found, "rho", goal=">= 0.90", seeds=SEEDS
            )
        )
    return rows


def rank_correlation(values: Sequence[float]) -> float:
    """Return Spearman's rho of values with their order; equal values share their ranks."""
    array = np.round(np.asarray(values, float), 6)
    ranks = np.array([np.mean(np.flatnonzero(np.sort(array) == value)) for value in array])
    return float(np.corrcoef(ranks, np.arange(array.size))[0, 1]) if array.std() else 0.0


assert set(BRIGHT) | set(DARK) == set(STIRRED) | set(STILL) == set(MOODS)
