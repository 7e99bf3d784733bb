"""The main number: how well classifiers tell our 8-bar windows from human ones, AUC, mean over styles.

Conventions: for every held-out human window one answer to the same request; classifiers are cross-validated with a
human piece and all answers to it on one side; the strongest classifier counts. Frechet distances beside it.
Needs the `bench` extra and a corpus. ZHIYIN_TWO_SAMPLE_SIZE: windows a style and seed (4).
Does not know: how answers are written (benchmarks/generators.py).
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.classifiers import CLASSIFIERS, logistic, small_forest
from benchmarks.generators import Asking, model_generators, sampled_by
from benchmarks.human_windows import KNOWN, answers, corpus_folder, draw_askings
from benchmarks.ngram_sampler import NGramSampler, fitted_counts
from benchmarks.runner import Context, Result
from zhiyin.judge.excerpts import Excerpt
from zhiyin.judge.features import feature_groups, feature_names, features_of
from zhiyin.judge.frechet import extrapolated_distance, frechet_distance
from zhiyin.judge.style_net import load_style_net
from zhiyin.judge.two_sample import (
    Samples,
    auc,
    bootstrap_interval,
    cross_scores,
    mean_auc,
    shuffled_bars,
    style_aucs,
)  # fmt: skip

PER_STYLE = int(os.environ.get("ZHIYIN_TWO_SAMPLE_SIZE", "4"))
STYLES = tuple(filter(None, os.environ.get("ZHIYIN_TWO_SAMPLE_STYLES", "").split(",")))
GOAL = "<= 0.75"
FOLDS = 5
CONTROL_DRAWS = 5
TOGETHER = "all together"
LEAST_FOR_STYLE = 40  # windows on each side for a Frechet distance of one style; fewer lean too far upwards
FRECHET_SIZES = (64, 96, 128, 192, 256, 384, 512)
DETAILS = "two_sample.details.jsonl"  # AUC of each style, classifier and feature group, beside the results

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pairing:
    """Human windows and the answers of one generator to them, pair by pair."""

    human: list[Excerpt]
    made: list[Excerpt]
    askings: list[Asking]
    seeds: list[int]

    def samples(self) -> Samples:
        """Return both sides as features."""
        x = np.stack([features_of(e) for e in (*self.human, *self.made)])
        twice = [*self.askings, *self.askings]
        return Samples(
            x, np.repeat([False, True], len(self.human)), np.array([a.place.style for a in twice]),
            np.array([a.place.piece for a in twice]), np.array([*self.seeds, *self.seeds]),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Verdict:
    """What classifiers found out about one generator: {classifier: AUC}, the strongest, its scores."""

    samples: Samples
    by_classifier: dict[str, float]
    strongest: str
    scores: Floats

    @property
    def value(self) -> float:
        """Return the mean AUC over styles of the strongest classifier."""
        return self.by_classifier[self.strongest]


def run(ctx: Context) -> list[Result]:
    """Return the AUC of every generator, of the controls, of styles, and Frechet distances."""
    drawn = [
        (a, s)
        for s in ctx.seeds
        for a in draw_askings(corpus_folder(), seed=s, per_style=PER_STYLE, styles=STYLES)
    ]
    print(f"    {len(drawn)} human windows", flush=True)
    pairings = all_pairings(drawn)
    verdicts = {name: judge(pairing.samples()) for name, pairing in pairings.items()}
    groups = {name: group_aucs(v.samples) for name, v in verdicts.items() if name.startswith("fill")}
    write_details(ctx.root / "benchmarks" / "results" / DETAILS, verdicts, groups)
    return [
        *(row for name, verdict in verdicts.items() for row in auc_rows(ctx, name, verdict)),
        human_row(ctx, next(iter(verdicts.values())).samples),
        *style_rows(ctx, verdicts),
        *(
            ctx.result(
                f"AUC {name}, by {group} alone", value, "AUC", n=len(verdicts[name].scores), seeds=ctx.seeds
            )
            for name, found in groups.items()
            for group, value in found.items()
        ),
        *frechet_rows(ctx, verdicts),
    ]


def all_pairings(drawn: list[tuple[Asking, int]]) -> dict[str, Pairing]:
    """Return the answers of every generator and of the corrupting control."""
    made: dict[str, Sequence[Excerpt | None]] = {}
    for name in model_generators():
        made[name] = answers([(name, asking, seed) for asking, seed in drawn], KNOWN)
        print(f"    {name}: written", flush=True)
    sampler = sampled_by(NGramSampler(fitted_counts(corpus_folder(), n=4)))
    made["4-gram, framed (floor)"] = [sampler(a, a.seed_for(s)) for a, s in drawn]
    rng = np.random.default_rng(0)
    made["human, notes moved to other bars (control)"] = [shuffled_bars(a.human, rng) for a, _ in drawn]
    return {name: paired(drawn, found) for name, found in made.items()}


def paired(drawn: list[tuple[Asking, int]], found: Sequence[Excerpt | None]) -> Pairing:
    """Return the pairs in which an answer was written; what could not be written is told by the caller's count."""
    rows = [(a, s, e) for (a, s), e in zip(drawn, found, strict=True) if e is not None and len(e)]
    return Pairing(
        [a.human for a, _, _ in rows], [e for *_, e in rows], [a for a, _, _ in rows], [s for _, s, _ in rows]
    )


def human_row(ctx: Context, samples: Samples) -> Result:
    """Return the AUC of people against people: the mean over random halves, quick classifiers only."""
    found = []
    for draw in range(CONTROL_DRAWS):
        halves = halved(samples, seed=draw)
        found += [
            mean_auc(halves, cross_scores(halves, one, folds=FOLDS)) for one in (logistic, small_forest)
        ]
    return ctx.result_of(
        "AUC human, other pieces (control)", found, "AUC", anchor="0.5 by chance", seeds=ctx.seeds
    )


def halved(samples: Samples, *, seed: int = 0) -> Samples:
    """Return human windows only, one piece of every two of a style called generated.

    The two share a group, as a human window and its answer do: a style that is uneven in training would be told by
    its rarer half, and the control would fall below 0.5. A piece without a partner is left out. Names are dealt by
    chance in each pair, so 0.5 is what to expect over draws.
    """
    human = samples.take(~samples.is_generated)
    rng = np.random.default_rng(seed)
    called, group = np.zeros(len(human.group), bool), np.full(len(human.group), "", "U64")
    for style in np.unique(human.style).tolist():
        pieces = rng.permutation(np.unique(human.group[human.style == style]))
        for pair in range(len(pieces) // 2):
            for half in (0, 1):
                rows = (human.style == style) & (human.group == pieces[2 * pair + half])
                called[rows], group[rows] = bool(half), f"{style} {pair}"
    kept = group != ""
    return Samples(human.x[kept], called[kept], human.style[kept], group[kept], human.seed[kept])


def judge(samples: Samples) -> Verdict:
    """Return what each classifier and all together find out."""
    scores = {name: cross_scores(samples, scorer, folds=FOLDS) for name, scorer in CLASSIFIERS.items()}
    scores[TOGETHER] = np.mean(list(scores.values()), axis=0)
    values = {name: mean_auc(samples, one) for name, one in scores.items()}
    strongest = max(values, key=values.__getitem__)
    print(f"    AUC {values}", flush=True)
    return Verdict(samples, values, strongest, scores[strongest])


def auc_rows(ctx: Context, name: str, verdict: Verdict) -> list[Result]:
    """Return the strongest classifier's row with its interval and spread over seeds, then the others'."""
    samples, scores = verdict.samples, verdict.scores
    by_seed = [mean_auc(samples.take(samples.seed == s), scores[samples.seed == s]) for s in ctx.seeds]
    low, high = bootstrap_interval(samples, scores)
    is_goal = name.startswith("fill")
    head = ctx.result(
        f"AUC {name}", verdict.value, "AUC", sd=float(np.std(by_seed, ddof=1)), n=len(scores),
        anchor=f"95 % {low:.3f}..{high:.3f}, strongest: {verdict.strongest}", goal=GOAL if is_goal else None,
        seeds=ctx.seeds,
    )  # fmt: skip
    others = [
        ctx.result(f"AUC {name}: {one}", value, "AUC", n=len(scores), seeds=ctx.seeds)
        for one, value in verdict.by_classifier.items()
        if is_goal
    ]
    return [head, *others]


def style_rows(ctx: Context, verdicts: dict[str, Verdict]) -> list[Result]:
    """Return the AUC of each style for our generators."""
    rows = []
    for name, verdict in verdicts.items():
        if not name.startswith("fill"):
            continue
        for style, value in style_aucs(verdict.samples, verdict.scores).items():
            n = int(np.sum(verdict.samples.style == style))
            rows.append(ctx.result(f"AUC {name}, {style}", value, "AUC", n=n, seeds=ctx.seeds))
    return rows


def frechet_rows(ctx: Context, verdicts: dict[str, Verdict]) -> list[Result]:
    """Return the distance of every kind of answer from the human windows, at equal n and for endless windows."""
    net = load_style_net()
    rows = []
    for name, verdict in verdicts.items():
        embedded = net.embed(verdict.samples.x).astype(np.float64)
        human, made = embedded[~verdict.samples.is_generated], embedded[verdict.samples.is_generated]
        n = min(len(human), len(made))
        endless = extrapolated_distance(
            human, made, sizes=[s for s in (*FRECHET_SIZES, n) if s <= n] or [n // 2, n]
        )
        anchor = f"endless windows {endless:.2f}"
        rows.append(
            ctx.result(f"Frechet distance {name}", frechet_distance(human, made), "", n=n, anchor=anchor)
        )
        rows += style_frechet_rows(ctx, name, verdict.samples, embedded=embedded)
    return rows


def style_frechet_rows(ctx: Context, name: str, samples: Samples, *, embedded: Floats) -> list[Result]:
    """Return the distance within each style with LEAST_FOR_STYLE windows (ZHIYIN_TWO_SAMPLE_SIZE=14 draws them)."""
    rows = []
    for style in np.unique(samples.style).tolist():
        own = samples.style == style
        human, made = embedded[own & ~samples.is_generated], embedded[own & samples.is_generated]
        if min(len(human), len(made)) >= LEAST_FOR_STYLE:
            value = frechet_distance(human, made)
            rows.append(ctx.result(f"Frechet distance {name}, {style}", value, "", n=len(made)))
    return rows


def write_details(path: Path, verdicts: dict[str, Verdict], groups: dict[str, dict[str, float]]) -> None:
    """Write one line a generator: AUC of each style, of each feature group alone, and of the most telling features."""
    lines = []
    for name, verdict in verdicts.items():
        samples = verdict.samples
        line = {
            "generator": name, "classifiers": verdict.by_classifier, "styles": style_aucs(samples, verdict.scores),
            "groups": groups.get(name, {}), "features": telling_features(samples),
        }  # fmt: skip
        lines.append(json.dumps(line))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def group_aucs(samples: Samples) -> dict[str, float]:
    """Return the mean AUC of a forest that sees one feature group only."""
    found = {}
    for group, span in feature_groups().items():
        part = Samples(samples.x[:, span], samples.is_generated, samples.style, samples.group, samples.seed)
        found[group] = round(mean_auc(part, cross_scores(part, small_forest, folds=FOLDS)), 3)
    return found


def telling_features(samples: Samples, *, count: int = 25) -> list[tuple[str, float, float, float]]:
    """Return the single features that tell most: name, AUC of a threshold on it alone, human and generated mean."""
    values = np.array([auc(column, samples.is_generated) for column in samples.x.T])
    order = np.argsort(-np.abs(values - 0.5))[:count]
    names = feature_names()
    human, made = samples.x[~samples.is_generated].mean(axis=0), samples.x[samples.is_generated].mean(axis=0)
    return [(names[i], *(round(float(v), 3) for v in (values[i], human[i], made[i]))) for i in order.tolist()]
