"""Part-writing of chorales that `compose` writes from a style, a key and a metre: faults, rests, crossings.

Conventions: four voices on the sixteenth grid, soprano first, -1 a rest; faults are counted by
benchmarks/chorale_rules.py, which leaves steps with a rest out and so compares what stands on both sides of it; the
package's own judge, which does not compare across rests, stands beside it. ZHIYIN_PART_WRITING_SIZE: chorales a seed
(10). Does not know: how voices are led while writing.
"""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from benchmarks.chorale_rules import count_faults
from benchmarks.runner import Context, Result
from zhiyin.apps.model import open_model
from zhiyin.fill.compose_plan import compose
from zhiyin.fill.plan_make import make_plan
from zhiyin.judge import judge
from zhiyin.models import StepModel
from zhiyin.score import Part, Score, Wishes
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER

SIZE = int(os.environ.get("ZHIYIN_PART_WRITING_SIZE", "10"))
BARS, SIXTEENTH = 16, TICKS_PER_QUARTER // 4
PLAYERS = ("soprano", "alto", "tenor", "bass-voice")
KEYS = ("C", "G", "F", "D", "Bb", "Am", "Em", "Dm", "Gm", "A")
Ints = NDArray[np.int64]


def run(ctx: Context) -> list[Result]:
    """Return faults by both counters, rests and crossings of chorales, a value a seed."""
    model = open_model()
    found = [measured([written(number, seed, model) for number in range(SIZE)]) for seed in ctx.seeds]
    rows = (
        (
            "parallels, steps with a rest left out",
            "per 100 chord changes",
            "Bach 0.339, JS-Fake 2.278",
            "<= 0.34",
        ),
        ("parallels, by the package's judge", "per 100 chord changes", "not across rests", None),
        ("crossing", "% of steps", "Bach 1.98", None),
        ("rests", "% of voice-steps", "Bach's test chorales 0.38", None),
    )
    return [
        ctx.result_of(name, [one[i] for one in found], unit, anchor=anchor, goal=goal, seeds=ctx.seeds)
        for i, (name, unit, anchor, goal) in enumerate(rows)
    ]


def written(number: int, seed: int, model: StepModel) -> Score:
    """Return a chorale for four voices in a key and a metre of its number."""
    metre = Metre(3, 4) if number % 5 == 4 else Metre(4, 4)
    wishes = Wishes(
        style="chorale", key=Key.parse(KEYS[number % len(KEYS)]), metre=metre, bars=BARS, players=PLAYERS
    )
    at = 100 * seed + number
    return compose(make_plan(wishes, seed=at), wishes, model=model, seed=at).score


def measured(scores: list[Score]) -> tuple[float, float, float, float]:
    """Return strict parallels, the judge's parallels, crossings and rests of several scores."""
    grids = [grid_of(score) for score in scores]
    faults = count_faults(grid.tolist() for grid in grids)
    judged = [judge(score)["parallels"] for score in scores]
    own = [measure.value for measure in judged if measure.value is not None]
    rests = float(np.mean(np.concatenate(grids) < 0))
    return faults.per_100_changes, float(np.mean(own)), faults.crossing_percent, 100 * rests


def grid_of(score: Score) -> Ints:
    """Return (steps, parts) pitches that sound in the middle of each sixteenth, -1 a rest."""
    steps = score.end // SIXTEENTH
    return np.stack([line_of(part, steps) for part in score.parts], axis=1)


def line_of(part: Part, steps: int) -> Ints:
    """Return the highest pitch that a part sounds in the middle of each sixteenth, -1 where it rests."""
    line = np.full(steps, -1, np.int64)
    middles = np.arange(steps) * SIXTEENTH + SIXTEENTH // 2
    for onset, duration, pitch, _ in part.notes:
        sounds = (middles >= onset) & (middles < onset + duration)
        line[sounds] = np.maximum(line[sounds], pitch)
    return line
