"""Long pieces: returns that are the same and varied, cadences, energy, key and density, beside people's long pieces.

Conventions: 96 to 128 bars in seven styles, three seeds, no key changes asked; people: held-out pieces of 64 bars and
more in one metre. Sections are the plan's, and once more those found by analysis in both. Needs ZHIYIN_CORPUS.
Does not know: how pieces are planned or written; every measure reads notes alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.form_measures import Stretch, cadences, follows, grid_of, returns, steadiness
from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.analysis import find_key, find_sections
from zhiyin.apps.model import open_model
from zhiyin.data.corpus import load_human_corpus, piece_to_score
from zhiyin.data.fetch import data_home
from zhiyin.errors import ZhiyinError
from zhiyin.fill.compose_plan import compose
from zhiyin.fill.plan import Plan
from zhiyin.fill.plan_make import make_plan
from zhiyin.models import StepModel
from zhiyin.score import Score, Timeline, Wishes

ASKED = {
    "pop": 96, "waltz": 128, "string-quartet": 96, "folk": 96, "romantic-piano": 96, "hymn": 96, "march": 128,
    "chinese": 96,
}  # fmt: skip
EVERYTHING = "sound, pages, picture, MIDI, MusicXML, report"
PEOPLE, LEAST_BARS, MOST_BARS = 30, 64, 200
Values = dict[str, float]


def run(ctx: Context) -> list[Result]:
    """Return each measure of our pieces, of people's, and what three minutes cost."""
    model = open_model(None)
    ours: dict[str, list[float]] = defaultdict(list)
    for seed in ctx.seeds:
        rows = [measured(model, style, bars=bars, seed=seed) for style, bars in ASKED.items()]
        print(f"    seed {seed}", *(f"{n}: {v:.3f};" for n, v in _means(rows).items()), flush=True)
        for name, value in _means(rows).items():
            ours[name].append(value)
    people = _means([measured_score(score) for score in human_pieces(PEOPLE)])
    results = []
    for name, values in ours.items():
        told = people.get(name)
        anchor = None if told is None else f"people, {PEOPLE} held-out pieces: {told:.3f}"
        results.append(ctx.result_of(name, values, _unit(name), anchor=anchor, seeds=ctx.seeds))
    return [*results, *three_minutes(ctx)]


def _unit(name: str) -> str:
    return {
        "seconds to write": "s",
        "density drift": "|log ratio|, start to end",
        "change of density": "sd of log",
    }.get(name, "rank correlation" if name.startswith("energy") else "share")


def _means(rows: list[Values]) -> Values:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: float(np.mean([row[name] for row in rows if name in row])) for name in names}


def measured(model: StepModel, style: str, *, bars: int, seed: int) -> Values:
    """Return the measures of one piece of ours."""
    wishes = Wishes(style=style, bars=bars)
    plan = make_plan(wishes, seed=seed)
    begun_s = time.process_time()
    score = compose(plan, wishes, model=model, seed=seed).score
    took_s = time.process_time() - begun_s
    return {**measured_take(score, plan), "seconds to write": took_s}


def measured_take(score: Score, plan: Plan) -> Values:
    """Return the measures of a take by its plan's sections, and by sections found in it."""
    grid = grid_of(score)
    sections = [Stretch(s.name, s.first_bar, s.bars, s.key_shift) for s in plan.sections]
    shifts = [s.key_shift for s in plan.sections for _ in range(s.bars)]
    return {
        **{f"planned {name}": value for name, value in returns(grid, sections).items()},
        **cadences(score, grid, sections, key=plan.key),
        **steadiness(score, grid, key=plan.key, shifts=shifts),
        "energy followed": follows(grid, plan.energy),
        **{f"found {name}": value for name, value in returns(grid, found_sections(score)).items()},
    }


def measured_score(score: Score) -> Values:
    """Return the measures of a person's piece: sections found, its own key."""
    grid, sections = grid_of(score), found_sections(score)
    key = find_key(replace(score, chords=(), keys=()))
    own = returns(grid, sections)
    return {
        **{f"planned {name}": value for name, value in own.items()},
        **{f"found {name}": value for name, value in own.items()},
        **cadences(score, grid, sections, key=key),
        **steadiness(score, grid, key=key),
    }


def found_sections(score: Score) -> list[Stretch]:
    """Return the sections that analysis finds."""
    line = Timeline.of(score)
    marks = [(s.name, int(line.bar_of(s.tick))) for s in find_sections(replace(score, sections=()))]
    ends = [*(bar for _, bar in marks[1:]), line.bar_count(score.end)]
    return [Stretch(name, bar, end - bar) for (name, bar), end in zip(marks, ends, strict=True) if end > bar]


def human_pieces(count: int) -> list[Score]:
    """Return held-out pieces of 64 to 200 bars in one metre without a pick-up, styles in turn."""
    path = Path(os.environ.get("ZHIYIN_CORPUS") or data_home() / "corpus")
    if not path.is_dir():
        raise BenchmarkError(f"no corpus in {path}: run  zhiyin corpus build  or set ZHIYIN_CORPUS")
    by_style: dict[str, list[Score]] = defaultdict(list)
    for split in ("test", "valid"):
        view = load_human_corpus(path, split=split)
        long = np.flatnonzero((view.column("bars") >= LEAST_BARS) & (view.column("bars") <= MOST_BARS))
        for index in long.tolist():
            style = str(view.column("style")[index])
            if (
                view.column("pickup_steps")[index]
                or not view.column("notes")[index]
                or style == "drum-groove"
            ):
                continue
            score = piece_to_score(view, index)
            if len(score.metres) == 1 and any(len(p.notes) and not p.is_drums for p in score.parts):
                by_style[style].append(score)
    turns = [s for k in range(count) for pieces in by_style.values() for s in pieces[k : k + 1]]
    return turns[:count]


def three_minutes(ctx: Context) -> list[Result]:
    """Return the seconds and the memory of the command for a piece of three minutes with every file."""
    wall_s, peak_mb = [], []
    for seed in ctx.seeds:
        with TemporaryDirectory() as folder:
            words = [
                "compose",
                "--style",
                "pop",
                "--seconds",
                "180",
                "--seed",
                str(seed),
                "-o",
                f"{folder}/out",
                "--json",
            ]
            begun_s = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", _CHILD, *words], cwd=ctx.root, capture_output=True, text=True,
                env={**os.environ, "PYTHONPATH": str(ctx.root / "src")},
            )  # fmt: skip
            wall_s.append(time.perf_counter() - begun_s)
        if done.returncode != 0:
            raise ZhiyinError(f"three minutes must be written, got {done.stderr[-400:]}")
        peak_mb.append(int(done.stderr.strip().splitlines()[-1]) * 1024 / 1e6)
    return [
        ctx.result_of("three minutes, every file", wall_s, "s", seeds=ctx.seeds),
        ctx.result_of(
            "three minutes, peak memory", peak_mb, "MB", goal="< 600", seeds=ctx.seeds, anchor=EVERYTHING
        ),
    ]


# The command itself, then on stderr the kB that the process held at most.
_CHILD = """
import re, sys
from zhiyin.cli import main
try:
    main()
except SystemExit as end:
    code = end.code
else:
    code = 0
print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1], file=sys.stderr)
sys.exit(code)
"""
