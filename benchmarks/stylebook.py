"""The style book: bars a second, how far its styles lie apart, how much they repeat, wishes kept, who writes best.

Conventions: features are counted from the notes alone (no tempo, no programs); the classifier learns on some seeds and
is asked about others; distances to people are the judges'. ZHIYIN_STYLEBOOK_SIZE: pieces a style and seed (4).
Does not know: how a style is played, and whether listeners agree.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.runner import Context, Result
from zhiyin.apps.families import planned, take_of
from zhiyin.apps.model import open_model
from zhiyin.errors import ZhiyinError
from zhiyin.fill import rules
from zhiyin.fill.plan_make import make_plan
from zhiyin.fill.sampling import Sampling
from zhiyin.judge import judge
from zhiyin.judge.norms import norms_of
from zhiyin.judge.rank import distance, mean_distance
from zhiyin.models import StepModel
from zhiyin.score import Part, Score, Wishes
from zhiyin.stylebook import arrange, load_style, sketch, style_names
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

SIZE = int(os.environ.get("ZHIYIN_STYLEBOOK_SIZE", "4"))
BARS = 24
BAR_TICKS = 40_320
SIXTEENTH = 2_520
LEAST_SPREAD = 0.05  # features that hardly move must not decide
ROLES = ("melody", "chords", "accompaniment", "bass", "inner")
DRUM_ROWS = ((35, 36), (37, 38, 39, 40), (42, 44, 46, 69, 70), (51, 53, 59))
# Styles whose human kin have norms, and the lengths that keep the run short.
COMPARED = ("pop", "swing", "funk")
COMPARED_BARS = 16
ASKED: tuple[dict[str, object], ...] = (
    {"key": Key.parse("Eb"), "tempo_bpm": 93.0}, {"metre": Metre(3, 4), "is_loop": True}, {"metre": Metre(6, 8)},
    {"chords": ("Am", "F", "C", "G7"), "players": ("violin", "piano", "cello")},
    {"density": 2.0, "excluded": ("drums",)},
)  # fmt: skip
Floats = NDArray[np.float64]


def run(ctx: Context) -> list[Result]:
    """Measure speed, distinctness, repetition, wishes and distances to people over three seeds."""
    scores = {seed: _pieces(seed) for seed in ctx.seeds}
    speed = [BARS * len(style_names()) * SIZE / seconds for _, seconds in scores.values()]
    results = [ctx.result_of("arranging, 24 bars", speed, "bars/s", seeds=ctx.seeds)]
    results += _distinctness(ctx, {seed: made for seed, (made, _) in scores.items()})
    repeated = [float(np.mean([_repeated(s) for _, s in made])) for made, _ in scores.values()]
    results.append(
        ctx.result_of("bars whose whole band repeats an earlier bar", repeated, "share", seeds=ctx.seeds)
    )
    kept, draws = zip(*(_wishes(seed) for seed in ctx.seeds), strict=True)
    results.append(
        ctx.result_of("requests with every hard wish kept", kept, "share", seeds=ctx.seeds, goal=">= 1")
    )
    results.append(ctx.result_of("draws a kept request took", draws, "draws", seeds=ctx.seeds))
    return results + _families(ctx)


def _pieces(seed: int) -> tuple[list[tuple[str, Score]], float]:
    """Return (style, score) of SIZE pieces a style, and the processor seconds they took."""
    begun = time.process_time()
    made = []
    for name in style_names():
        style = load_style(name)
        for number in range(SIZE):
            rng = np.random.default_rng([seed, number])
            plan = replace(sketch(style, rng, bars=BARS), tempo_bpm=100.0)
            made.append((name, arrange(plan, style, rng)))
    return made, time.process_time() - begun


def features(score: Score) -> Floats:
    """Return what a score's notes are like: onsets by place in the bar, density, register, chord sizes, by role."""
    drums = [p for p in score.parts if p.is_drums]
    rows = [_places(drums, keys) for keys in DRUM_ROWS]
    for role in ROLES:
        parts = [p for p in score.parts if p.role == role and not p.is_drums]
        rows += [_places(parts, None), _shape(parts)]
    qualities = [len(m.chord.pitch_classes) for m in score.chords if m.chord is not None]
    rows.append(np.array([np.mean(qualities), np.mean(np.array(qualities) > 4), len(qualities) / BARS]))
    return np.concatenate(rows)


def _places(parts: list[Part], keys: tuple[int, ...] | None) -> Floats:
    """Return hits a bar on each sixteenth of the bar."""
    counts = np.zeros(16)
    for part in parts:
        chosen = np.isin(part.notes.pitch, keys) if keys else np.ones(len(part.notes), bool)
        place = np.unique(part.notes.onset[chosen]) % BAR_TICKS // SIXTEENTH
        counts += np.bincount(place, minlength=16)[:16]
    return counts / BARS


def _shape(parts: list[Part]) -> Floats:
    """Return notes an attack, mean pitch, its spread and mean length of the parts of a role; zeros without one."""
    notes = [p.notes for p in parts if len(p.notes)]
    if not notes:
        return np.zeros(4)
    pitch = np.concatenate([n.pitch for n in notes]).astype(np.float64)
    length = np.concatenate([n.duration for n in notes]) / BAR_TICKS
    attacks = sum(np.unique(n.onset).size for n in notes)
    return np.array([pitch.size / attacks, pitch.mean() / 12, pitch.std() / 12, length.mean()])


def _distinctness(ctx: Context, scores: dict[int, list[tuple[str, Score]]]) -> list[Result]:
    """Return accuracy on the pieces of held-out seeds with and without drums, and how near the closest styles lie."""
    table = {seed: np.stack([features(s) for _, s in made]) for seed, made in scores.items()}
    names = np.array([name for name, _ in next(iter(scores.values()))])
    hits, gaps = _told(ctx, table, names)
    pitched, _ = _told(ctx, {seed: rows[:, 16 * len(DRUM_ROWS) :] for seed, rows in table.items()}, names)
    anchor = f"chance {1 / len(style_names()):.3f}"
    return [
        ctx.result_of("style told from notes, nearest of 15 centres", hits, "share", anchor=anchor, seeds=ctx.seeds),
        ctx.result_of("the same without the drums", pitched, "share", anchor=anchor, seeds=ctx.seeds),
        ctx.result_of("two closest styles, distance over spread within", gaps, "ratio", seeds=ctx.seeds),
    ]  # fmt: skip


def _told(ctx: Context, table: dict[int, Floats], names: NDArray[np.str_]) -> tuple[list[float], list[float]]:
    """Return, for each held-out seed, the share of styles told, and the least distance of two over the spread."""
    hits, gaps = [], []
    for held in ctx.seeds:
        rest = np.concatenate([table[s] for s in ctx.seeds if s != held])
        mean, spread = rest.mean(axis=0), rest.std(axis=0) + LEAST_SPREAD
        labels = np.tile(names, len(ctx.seeds) - 1)
        styles = sorted(set(names))
        centres = np.stack([((rest - mean) / spread)[labels == n].mean(axis=0) for n in styles])
        asked = (table[held] - mean) / spread
        far = np.linalg.norm(asked[:, None] - centres[None], axis=2)
        hits.append(float(np.mean(np.array(styles)[far.argmin(axis=1)] == names)))
        between = np.linalg.norm(centres[:, None] - centres[None], axis=2) + 1e9 * np.eye(len(styles))
        within = np.mean([far[names == n, i].mean() for i, n in enumerate(styles)])
        gaps.append(float(between.min() / within))
    return hits, gaps


def _repeated(score: Score) -> float:
    """Return the share of bars in which every part repeats what it played in one earlier bar."""
    seen: set[tuple[tuple[int, int, int], ...]] = set()
    again = 0
    for bar in range(BARS):
        shape = tuple(
            (index, onset - bar * BAR_TICKS, pitch)
            for index, part in enumerate(score.parts)
            for onset, _, pitch, _ in part.notes.between(bar * BAR_TICKS, (bar + 1) * BAR_TICKS)
        )
        again += shape in seen
        seen.add(shape)
    return again / BARS


def _wishes(seed: int) -> tuple[float, float]:
    """Return the share of requests whose hard wishes hold, and the mean number of draws of those."""
    kept, draws = 0, []
    for name in style_names():
        for asked in ASKED:
            wishes = Wishes(style=name, bars=12, **asked)  # type: ignore[arg-type]
            plan = planned("rules", make_plan(wishes, seed=seed), wishes, seed=seed)
            try:
                draws.append(rules.compose(plan, wishes, seed=seed).steps)
                kept += 1
            except ZhiyinError:
                continue
    return kept / (len(style_names()) * len(ASKED)), float(np.mean(draws))


def _families(ctx: Context) -> list[Result]:
    """Return how far pieces of each family lie from people's, in the judges' distances, mean over styles."""
    model = open_model()
    found: dict[str, list[float]] = {"rules": [], "auto": [], "transformer": []}
    for family, values in found.items():
        values += [float(np.mean([_far(family, n, seed, model) for n in COMPARED])) for seed in ctx.seeds]
    return [
        ctx.result_of(f"distance to people's pieces, {family}", values, "deviations", seeds=ctx.seeds)
        for family, values in found.items()
    ]


def _far(family: str, style: str, seed: int, model: StepModel) -> float:
    wishes = Wishes(style=style, bars=COMPARED_BARS)
    plan = planned(family, make_plan(wishes, seed=seed), wishes, seed=seed)
    writer = rules.RulesModel() if family == "rules" else model
    take = take_of(
        family, plan, wishes, model=writer, seed=seed, take=0, sampling=Sampling(), progress=lambda *_: None
    )
    norms = norms_of(plan.style, COMPARED_BARS)
    measures = judge(take.score)
    return mean_distance({n: distance(n, m, norms) for n, m in measures.items() if m.applies})
