"""How near the judges' values of composed pieces lie to people's held-out ones: overlapped areas by judge and style.

Conventions: 16 bars, chords heard in both alike; people's pieces are openings of the valid and test splits, drawn
apart into two halves: one is compared with what was composed, both with each other (the floor that chance leaves).
Needs a corpus (ZHIYIN_CORPUS) and the chorale bench set (ZHIYIN_DATA); ZHIYIN_QUALITY_PIECES sets the pieces a style
and seed. Does not know: how pieces are composed or measured.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.apps.model import open_model
from zhiyin.apps.plan_ import plan_of
from zhiyin.apps.wishes import read_asked
from zhiyin.data.corpus import CorpusView, load_human_corpus, piece_to_score
from zhiyin.data.fetch import data_home
from zhiyin.data.jsb_chorales import JsbChorales
from zhiyin.data.manifest import find_root
from zhiyin.errors import ConstraintsUnmet, ZhiyinError
from zhiyin.fill.compose_plan import compose
from zhiyin.judge import JUDGES, Measure, Subject, judge
from zhiyin.judge.norms import norms_of
from zhiyin.judge.overlap import overlaps
from zhiyin.judge.rank import distance, mean_distance
from zhiyin.judge.voices import count_parallels, is_crossed, moments_to_judge
from zhiyin.models import StepModel
from zhiyin.score import Score, Wishes, slice_bars

BARS = 16
PIECES = int(os.environ.get("ZHIYIN_QUALITY_PIECES", "12"))
HELD_OUT = ("valid", "test")
SILENT_STYLES = ("drum-groove", "")  # nothing to compose alone, or no name to ask by
Measures = Mapping[str, Measure]


@dataclass(frozen=True)
class Drawn:
    """One style of one seed: what was composed, and two halves of people's pieces."""

    made: list[Measures]
    people: list[Measures]
    others: list[Measures]


def run(ctx: Context) -> list[Result]:
    """Compose, judge, compare; and measure Bach's part-writing by the same judges."""
    views = [load_human_corpus(_corpus(), split=split) for split in HELD_OUT]
    model = open_model()
    human = {style: pieces for style, pieces in _people(views).items() if len(pieces) >= 2 * PIECES}
    if not human:
        raise BenchmarkError(
            f"a style must have {2 * PIECES} held-out pieces of {BARS} bars: build a larger corpus"
        )
    drawn = {
        (style, seed): _draw(style, pieces, model, seed)
        for style, pieces in human.items()
        for seed in ctx.seeds
    }
    return [*_bach(ctx), *_by_style(ctx, drawn), *_by_judge(ctx, drawn), *_by_distance(ctx, drawn)]


def _corpus() -> Path:
    folder = Path(os.environ.get("ZHIYIN_CORPUS") or data_home() / "corpus")
    if not folder.is_dir():
        raise BenchmarkError(f"a corpus must be at {folder}: run  zhiyin corpus build  or set ZHIYIN_CORPUS")
    return folder


def _people(views: Sequence[CorpusView]) -> dict[str, list[tuple[CorpusView, int]]]:
    """Return the held-out pieces of each style that are long enough."""
    found: dict[str, list[tuple[CorpusView, int]]] = {}
    for view in views:
        bars, leaks = np.diff(view.offsets["bars"]), view.column("is_jsb_leak")
        for row, style in enumerate(view.column("style").tolist()):
            if style not in SILENT_STYLES and bars[row] >= BARS and not leaks[row]:
                found.setdefault(style, []).append((view, row))
    return dict(sorted(found.items()))


def _draw(style: str, pieces: list[tuple[CorpusView, int]], model: StepModel, seed: int) -> Drawn:
    rng = np.random.default_rng(seed)
    chosen = [pieces[int(i)] for i in rng.choice(len(pieces), 2 * PIECES, replace=False)]
    human = [judged(slice_bars(piece_to_score(view, row), 0, BARS)) for view, row in chosen]
    made = [judged(score) for score in composed(style, model, seed)]
    return Drawn(made, human[:PIECES], human[PIECES:])


def composed(style: str, model: StepModel, seed: int) -> list[Score]:
    """Return so many pieces of a style; a plan whose hard wishes cannot be kept is asked once more, then left out."""
    scores = []
    for number in range(PIECES):
        asked = read_asked(None, Wishes(style=style, bars=BARS))
        for again in range(2):
            own = (seed * PIECES + number) * 2 + again
            try:
                scores.append(compose(plan_of(asked, seed=own), asked.wishes, model=model, seed=own).score)
                break
            except ConstraintsUnmet:
                continue
    return scores


def judged(score: Score) -> Measures:
    """Return the judges' measures with chords heard and without sections, so that planned ones give no lead."""
    return judge(replace(score, chords=(), sections=()))


def _by_style(ctx: Context, drawn: Mapping[tuple[str, int], Drawn]) -> list[Result]:
    """Return the mean overlapped area over judges: of all styles, and of each."""
    styles = sorted({style for style, _ in drawn})
    made = {key: _mean_overlap(one.made, one.people) for key, one in drawn.items()}
    floor = {key: _mean_overlap(one.others, one.people) for key, one in drawn.items()}

    def line(metric: str, table: Mapping[tuple[str, int], float], *chosen: str) -> Result:
        values = [float(np.mean([table[style, seed] for style in chosen])) for seed in ctx.seeds]
        anchor = None if table is floor else reach(chosen)
        return ctx.result_of(metric, values, "overlap", seeds=ctx.seeds, anchor=anchor)

    def reach(chosen: Sequence[str]) -> str:
        return f"people with people {np.mean([floor[s, seed] for s in chosen for seed in ctx.seeds]):.3f}"

    return [
        line("overlapped area, mean of judges and styles", made, *styles),
        line("overlapped area, people with people", floor, *styles),
        *(line(f"overlapped area: {style}", made, style) for style in styles),
    ]


def _mean_overlap(one: list[Measures], two: list[Measures]) -> float:
    return float(np.mean(list(overlaps(one, two).values())))


def _by_judge(ctx: Context, drawn: Mapping[tuple[str, int], Drawn]) -> list[Result]:
    """Return the mean overlapped area over styles of each judge that speaks in one."""
    results = []
    for name, one in JUDGES.items():
        made, floor = list[float](), list[float]()
        for seed in ctx.seeds:
            pairs = [
                (overlaps(d.made, d.people).get(name), overlaps(d.others, d.people).get(name))
                for (_, own), d in drawn.items()
                if own == seed
            ]
            both = [(m, f) for m, f in pairs if m is not None and f is not None]
            if both:
                made.append(float(np.mean([m for m, _ in both])))
                floor.append(float(np.mean([f for _, f in both])))
        if made:
            anchor = f"people with people {np.mean(floor):.3f}"
            results.append(
                ctx.result_of(f"overlap: {one.en}", made, "overlap", seeds=ctx.seeds, anchor=anchor)
            )
    return results


def _by_distance(ctx: Context, drawn: Mapping[tuple[str, int], Drawn]) -> list[Result]:
    """Return how often a composed piece lies farther from people's norms than a person's piece, over all pairs."""
    values = []
    for seed in ctx.seeds:
        farther = []
        for (style, own), one in drawn.items():
            if own == seed:
                made, people = (_distances(style, pieces) for pieces in (one.made, one.people + one.others))
                farther.append(float((made[:, None] > people[None]).mean()))
        values.append(float(np.mean(farther)))
    return [
        ctx.result_of(
            "farther from the norms than people's pieces", values, "share", seeds=ctx.seeds, anchor="0.5"
        )
    ]


def _distances(style: str, pieces: list[Measures]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    norms = norms_of(style, BARS)
    return np.array(
        [
            mean_distance({name: distance(name, m, norms) for name, m in piece.items() if m.applies})
            for piece in pieces
        ]
    )


def _bach(ctx: Context) -> list[Result]:
    """Return part-writing faults of the chorale test split, pooled over its pieces."""
    try:
        root = find_root(data_home(), "jsb_chorales", JsbChorales.files)
    except ZhiyinError as error:
        raise BenchmarkError(
            "the chorale set must be fetched: zhiyin corpus fetch jsb_chorales --from DIR"
        ) from error
    reader = JsbChorales()
    scores = [p.score for s in reader.sources(root) if s.split == "test" for p in reader.read(root, s)]
    faults = changes = crossed = ticks = 0
    for score in scores:
        texture = moments_to_judge(*Subject(score).moments)
        found, moved, _ = count_parallels(texture)
        faults, changes = faults + found, changes + moved
        crossed += int(texture.length[is_crossed(texture.pitches)].sum())
        ticks += int(texture.length.sum())
    return [
        ctx.result("Bach's test chorales: parallel fifths and octaves", 100 * faults / changes, "per 100 chord changes",
                   n=changes, anchor="0.339 by another tool"),
        ctx.result("Bach's test chorales: time with crossed voices", 100 * crossed / ticks, "%", n=len(scores),
                   anchor="1.98 by another tool"),
    ]  # fmt: skip
