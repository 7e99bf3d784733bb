"""SATB from a given soprano: likelihood of the lower voices, part-writing faults with and without rules, cadences.

Conventions: the sopranos of the 77 test chorales on the sixteenth grid; faults counted by benchmarks/chorale_rules.py,
which shares nothing with the masks; nothing was chosen on the test split.
Needs the set (ZHIYIN_DATA); the model is the shipped one, or ZHIYIN_SATB_CHECKPOINT; ZHIYIN_SATB_EVERY=4 takes every
fourth chorale alone, and every metric then says how many. No torch.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.chorale_rules import count_faults
from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.data.fetch import data_home
from zhiyin.data.jsb_chorales import JsbChorales
from zhiyin.fill.satb import Choir, SatbHow, harmonise_satb
from zhiyin.fill.satb_close import close_of
from zhiyin.fill.satb_grid import tune_of
from zhiyin.models.chorale_runtime import CHORALE_CHECKPOINT, ChoraleRuntime, load_chorale_runtime
from zhiyin.score import Notes, Part, Score
from zhiyin.units import TICKS_PER_QUARTER

Ints = NDArray[np.int64]
VARIABLE = "ZHIYIN_SATB_CHECKPOINT"
EVERY = int(os.environ.get("ZHIYIN_SATB_EVERY", "1"))
SIXTEENTH = TICKS_PER_QUARTER // 4
CANDIDATES = 8
# name, how; the first is the protocol's: what the model thinks of the tune, no rule of any kind
WAYS = (
    ("sampled, T = 1, no rules", SatbHow(CANDIDATES, 1.0, rules=False, close=False)),
    ("as delivered without rules", SatbHow(CANDIDATES, rules=False)),
    ("as delivered", SatbHow(CANDIDATES)),
)
LOWER = {"alto": 1, "tenor": 2, "bass": 3}


def run(ctx: Context) -> list[Result]:
    """Measure the shipped model on the test chorales, three seeds."""
    model = load_chorale_runtime(os.environ.get(VARIABLE, CHORALE_CHECKPOINT))
    whole = test_chorales("test")
    chorales = whole[::EVERY]
    bach = count_faults(c.tolist() for c in whole)
    unit = "parallels per 100 chord changes"
    first = ctx.result("Bach's test chorales", bach.per_100_changes, unit, n=bach.changes, anchor="0.339")
    results = told_results(ctx, model, chorales)
    for name, how in WAYS:
        results += way_results(ctx, model, chorales, name=name, how=how)
    if len(chorales) < len(whole):
        share = f"{len(chorales)} of {len(whole)} chorales"
        results = [replace(result, metric=f"{result.metric} ({share})") for result in results]
    return [first, *results, *speed_results(ctx, model)]


def test_chorales(split: str) -> list[Ints]:
    """Return the chorales of a split as (steps, 4) pitches, -1 a rest."""
    reader, root = JsbChorales(), data_home() / "jsb_chorales"
    found = []
    for source in reader.sources(root):
        if source.split != split:
            continue
        score = next(iter(reader.read(root, source))).score
        steps = score.end // SIXTEENTH
        grid = np.full((steps, 4), -1)
        for v, part in enumerate(score.parts):
            for note in part.notes:
                grid[note.onset // SIXTEENTH : (note.onset + note.duration) // SIXTEENTH, v] = note.pitch
        found.append(grid)
    if not found:
        raise BenchmarkError(f"the set must hold chorales of the {split} split, got none: fetch it again")
    return found


def soprano_score(chorale: Ints) -> Score:
    """Return a chorale's soprano as a score of one part; equal neighbours are one note."""
    line = chorale[:, 0]
    starts = np.flatnonzero(np.append(True, line[1:] != line[:-1]))
    rows = [
        (int(a) * SIXTEENTH, int(b - a) * SIXTEENTH, int(line[a]))
        for a, b in zip(starts, np.append(starts[1:], len(line)), strict=True)
        if line[a] >= 0
    ]
    return Score(parts=(Part("Soprano", Notes.of(rows), role="melody"),))


def grid_of(score: Score, steps: int) -> Ints:
    """Return what four parts sound at the start of each sixteenth, (steps, 4), -1 a rest."""
    grid = np.full((steps, 4), -1)
    for v, part in enumerate(score.parts):
        for note in part.notes:
            grid[-(-note.onset // SIXTEENTH) : -(-(note.onset + note.duration) // SIXTEENTH), v] = note.pitch
    return grid


def told_results(ctx: Context, model: ChoraleRuntime, chorales: Sequence[Ints]) -> list[Result]:
    """Return the likelihood of the true voices, and how often the mode is right where a voice changes."""
    nats, frames, soprano = 0.0, 0, 0.0
    right, changed = np.zeros(4), np.zeros(4)
    for chorale in chorales:
        ids = np.where(chorale < 0, 0, chorale - 35)
        state = model.start(1)
        for t, row in enumerate(ids):
            frame, now = state.look(t), row[None]
            soprano -= float(state.say(frame, 0, known=(), ids=now)[0, row[0]])
            guess, known = now.copy(), [0]
            for voice in (3, 1, 2):
                nats -= float(state.say(frame, voice, known=known, ids=now)[0, row[voice]])
                guess[0, voice] = state.say(frame, voice, known=known, ids=guess)[0].argmax()
                known.append(voice)
            moved = row != ids[t - 1] if t else np.zeros(4, bool)
            changed += moved
            right += moved & (guess[0] == row)
            state.hear(now)
        frames += len(ids)
    both = (nats + soprano) / (4 * frames)
    alone = soprano_nats(model, chorales)
    given = (nats + soprano - alone) / (3 * frames)
    unit = "nats a voice-frame"
    results = [
        ctx.result("all four voices", both, unit, n=len(chorales)),
        ctx.result(
            "lower voices given the past and the soprano's frame", nats / (3 * frames), unit, n=len(chorales)
        ),
        ctx.result(
            "lower voices given the whole soprano, by candidates",
            given,
            unit,
            n=len(chorales),
            goal="<= 0.30",
        ),
    ]
    share = {name: float(right[v] / changed[v]) for name, v in LOWER.items()}
    lower = list(LOWER.values())
    share["mean of the three"] = float(right[lower].sum() / changed[lower].sum())
    return results + [
        ctx.result(f"mode where the voice changes, {name}", value, "share", n=len(chorales), goal=">= 0.62")
        for name, value in share.items()
    ]


def soprano_nats(model: ChoraleRuntime, chorales: Sequence[Ints], candidates: int = 32) -> float:
    """Return what the sopranos alone cost the model, estimated by candidates: never too little on the mean."""
    total = 0.0
    how = SatbHow(candidates, 1.0, rules=False, close=False)
    for number, chorale in enumerate(chorales):
        score = soprano_score(chorale)
        choir = Choir(model, tune_of(score, 0), how)
        choir.sing(np.random.default_rng([7, number]))
        total -= choir.evidence
    return total


def way_results(
    ctx: Context, model: ChoraleRuntime, chorales: Sequence[Ints], *, name: str, how: SatbHow
) -> list[Result]:
    """Return faults, crossings, cadences and likeness to Bach of harmonisations of every test soprano."""
    columns: dict[str, list[float]] = {}
    for seed in ctx.seeds:
        for key, value in measure_way(model, chorales, how, seed=seed).items():
            columns.setdefault(key, []).append(value)
    unit = {"parallels": "per 100 chord changes", "crossing": "% of steps"}
    goal = {"parallels": "<= 0.05" if how.rules else "<= 0.34"}
    return [
        ctx.result_of(f"{name}: {key}", values, unit.get(key, "share"), seeds=ctx.seeds, goal=goal.get(key))
        for key, values in columns.items()
    ]


def measure_way(
    model: ChoraleRuntime, chorales: Sequence[Ints], how: SatbHow, *, seed: int
) -> dict[str, float]:
    """Return the measures of one seed."""
    grids, tonic, led, leading, relaxed, same, lower = [], 0, 0, 0, 0, 0, 0
    for number, chorale in enumerate(chorales):
        score = soprano_score(chorale)
        take = harmonise_satb(score, model=model, seed=seed * 1000 + number, how=how)
        assert take.score.parts[0] == score.parts[0], "the soprano is the one given"
        grid = grid_of(take.score, len(chorale))
        grids.append(grid)
        relaxed += take.relaxed
        close = close_of(score, 0, tune_of(score, 0))
        if close is not None:
            ends, resolves = cadence_of(grid, close.root)
            tonic += ends
            led += resolves is not None and resolves
            leading += resolves is not None
        moved = chorale[1:, 1:] != chorale[:-1, 1:]
        same += int((moved & (grid[1:, 1:] == chorale[1:, 1:])).sum())
        lower += int(moved.sum())
    faults = count_faults(grid.tolist() for grid in grids)
    return {
        "parallels": faults.per_100_changes, "crossing": faults.crossing_percent,
        "last chord on the tonic": tonic / len(chorales),
        "leading notes of the last cadence that rise": led / max(leading, 1),
        "Bach's own note where his voice moves": same / lower,
        "frames in which rules gave way": relaxed / sum(map(len, grids)),
    }  # fmt: skip


def cadence_of(grid: Ints, tonic: int) -> tuple[bool, bool | None]:
    """Return (last chord stands on the tonic, its leading notes all rise to it or None where there is none)."""
    full = grid[(grid >= 0).all(1)]
    last = full[-1]
    different = full[(full != last).any(1)]
    ends = int(last[3]) % 12 == tonic
    if not len(different):
        return ends, None
    before = different[-1]
    voices = [v for v in range(4) if (int(before[v]) - tonic) % 12 == 11]
    return ends, all(last[v] - before[v] == 1 for v in voices) if voices else None


def speed_results(ctx: Context, model: ChoraleRuntime) -> list[Result]:
    """Return the seconds that 16 bars of quarters take."""
    pitches = [67, 69, 71, 72, 74, 72, 71, 69] * 8
    rows = [(i * TICKS_PER_QUARTER, TICKS_PER_QUARTER, p) for i, p in enumerate(pitches)]
    score = Score(parts=(Part("Soprano", Notes.of(rows)),))
    taken = []
    for seed in ctx.seeds:
        begun = time.perf_counter()
        harmonise_satb(score, model=model, seed=seed, how=replace(SatbHow(), candidates=16))
        taken.append(time.perf_counter() - begun)
    return [ctx.result_of("16 bars, 16 candidates", taken, "s", seeds=ctx.seeds)]
