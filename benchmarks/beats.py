"""Beats and bars of performed music: held-out written pieces played with rubato, and human drumming.

Conventions: the truth is the written felt beat; 70 ms; no seconds trimmed; the performed file says 120 a minute in
4/4 whatever was played. Needs ZHIYIN_CORPUS; human drumming only where ZHIYIN_GROOVE names the Groove MIDI Dataset.
ZHIYIN_BEATS_PIECES takes fewer pieces a seed than 60; every metric then says so. Does not know: how beats are found.
"""

from __future__ import annotations

import csv
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.human_windows import corpus_folder
from benchmarks.runner import Context, Result
from zhiyin.analysis.beats import FoundBeats, find_beats, found_beats, is_performed, salience_of
from zhiyin.analysis.beats_events import events_of
from zhiyin.analysis.beats_grid import to_grid
from zhiyin.analysis.beats_track import Track
from zhiyin.analysis.columns import beats_of
from zhiyin.data.corpus import CorpusView, load_human_corpus, piece_to_score
from zhiyin.errors import ZhiyinError
from zhiyin.io import load
from zhiyin.perform import humanise
from zhiyin.score import Score, Tempo, Timeline, quantise, slice_bars
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER, FloatArray, IntArray

MOST_PIECES, BARS, LEAST_NOTES = 60, 32, 80
PIECES = int(os.environ.get("ZHIYIN_BEATS_PIECES", str(MOST_PIECES)))
MOST_OF_A_SET = 0.2
DRUM_FILES, DRUM_LEAST_S = 30, 15.0
TICKS_PER_SECOND = 2 * TICKS_PER_QUARTER  # the performed file says 120 a minute
WINDOW_S = 0.07
Values = dict[str, float]


@dataclass(frozen=True, eq=False)
class Case:
    """A performed score with its true beats: seconds, which of them open bars, and each note's true place.

    place: (notes,) in beats from its bar's start, indexed by the notes' origin.
    """

    name: str
    score: Score
    beat_s: FloatArray
    is_down: np.ndarray[tuple[int], np.dtype[np.bool_]]
    place: FloatArray
    beats_a_bar: int


def run(ctx: Context) -> list[Result]:
    """Return how well beats, bars and places are found, beside the written grid and a constant tempo."""
    ours: dict[str, list[float]] = defaultdict(list)
    view = load_human_corpus(corpus_folder(), split="test")
    for seed in ctx.seeds:
        rows = [measured(case) for case in cases(view, seed=seed, count=PIECES)]
        for name, value in means(rows).items():
            ours[name].append(value)
    few = f" ({PIECES} pieces a seed)" if PIECES < MOST_PIECES else ""
    results = [ctx.result_of(name + few, v, unit_of(name), seeds=ctx.seeds) for name, v in ours.items()]
    return results + drum_results(ctx)


def unit_of(name: str) -> str:
    """Return the unit of a measure by its name."""
    return "s" if name.startswith("seconds") else "F" if " F" in name else "share"


def means(rows: list[Values]) -> Values:
    """Return the mean of each measure."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: float(np.mean([row[name] for row in rows if name in row])) for name in names}


def cases(view: CorpusView, *, seed: int, count: int) -> Iterator[Case]:
    """Yield performed pieces, at most a few a set, drums alone left out."""
    rng = np.random.default_rng([seed, 7])
    fits = (view.note_counts >= LEAST_NOTES) & (view.column("style") != "drum-groove")
    used: dict[str, int] = defaultdict(int)
    most = max(MOST_OF_A_SET * count, 1)
    for index in rng.permutation(np.flatnonzero(fits)).tolist():
        if count == 0:
            return
        score = piece_to_score(view, index)
        label = str(view.column("set")[index])
        if used[label] >= most or len(score.metres) > 1:
            continue
        case = performed_case(slice_bars(score, 0, BARS), f"{label}/{score.title}", rng)
        if case is not None:
            used[label] += 1
            count -= 1
            yield case


def performed_case(score: Score, name: str, rng: np.random.Generator) -> Case | None:
    """Return the score as played by somebody free, None if it has too few notes or no steady beat."""
    if score.note_count < LEAST_NOTES:
        return None
    score, place = with_places(score)
    beats = beats_of(score)
    played = humanise(score, seed=int(rng.integers(1 << 30)))
    line = Timeline.of(played)
    speed, start_s = float(np.exp(rng.uniform(-0.2, 0.2))), float(rng.uniform(0, 1))
    end_s = float(line.ticks_to_seconds(score.end))
    grid_s = np.linspace(0, end_s, max(int(end_s * 20), 2))
    warped = start_s + np.concatenate(([0.0], np.cumsum(np.diff(grid_s) / rubato(grid_s, rng)[:-1]))) / speed

    def to_s(ticks: IntArray) -> FloatArray:
        return np.interp(line.ticks_to_seconds(ticks), grid_s, warped)

    parts = []
    spread_s = rng.uniform(0.015, 0.025)
    for part in played.parts:
        onset_s = to_s(part.notes.onset) + timing(
            part.notes.onset, rng, is_drums=part.is_drums, spread_s=spread_s
        )
        length_s = np.maximum(to_s(part.notes.offset) - to_s(part.notes.onset), 0.03)
        onset = np.maximum(np.rint(onset_s * TICKS_PER_SECOND), 0).astype(np.int64)
        duration = np.maximum(np.rint(length_s * TICKS_PER_SECOND), 1).astype(np.int64)
        parts.append(part.with_notes(part.notes.with_columns(onset=onset, duration=duration)))
    free = Score(score.title, tuple(replace(p, controls=()) for p in parts), tempos=(Tempo(0, 120.0),))
    beat_s = to_s(beats.edges[:-1])
    heard = _heard(free, beat_s)
    return Case(name, free, beat_s[heard], beats.weight[heard] == 1.0, place, score.metres[0].metre.beats)


def _heard(score: Score, beat_s: FloatArray) -> IntArray:
    """Return the beats from the first to the last onset; nobody can find those in the silence after."""
    times = events_of(score).time_s
    return np.flatnonzero((beat_s > times[0] - 0.1) & (beat_s < times[-1] + 0.1))


def with_places(score: Score) -> tuple[Score, FloatArray]:
    """Return (score whose notes carry their number as origin, place in its bar of each, in felt beats)."""
    line, metre = Timeline.of(score), score.metres[0].metre
    parts, places, first = [], [], 0
    starts = line.bar_starts(line.bar_count(score.end))
    for part in score.parts:
        number = np.arange(first, first + len(part.notes))
        first += len(part.notes)
        parts.append(part.with_notes(part.notes.with_columns(origin=number)))
        bar = line.bar_of(part.notes.onset)
        inside = part.notes.onset - starts[bar]
        if score.pickup_ticks:
            inside = np.where(bar == 0, inside - score.pickup_ticks + metre.bar_ticks, inside)
        places.append(inside / metre.beat_ticks)
    return score.with_parts(parts), np.concatenate([np.empty(0), *places])


def rubato(time_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return a smooth tempo factor within about 20 %, slowing to 0.6 in the last four seconds."""
    knots = np.arange(0, time_s[-1] + 8, rng.uniform(2.5, 4.0))
    smooth = np.interp(time_s, knots, np.clip(rng.normal(0, 0.11, knots.size), -0.2, 0.2))
    smooth = np.convolve(np.pad(smooth, 20, mode="edge"), np.ones(41) / 41, mode="valid")[: time_s.size]
    close = np.clip((time_s - (time_s[-1] - 4)) / 4, 0, 1)
    curve: FloatArray = np.exp(smooth) * (1 - 0.4 * close**2)
    return curve


def timing(onset: IntArray, rng: np.random.Generator, *, is_drums: bool, spread_s: float) -> FloatArray:
    """Return how late each note is: its chord's error, its own of 4 ms, and one chord of six rolled upwards."""
    chords, index, size = np.unique(onset // 600, return_inverse=True, return_counts=True)
    late = rng.normal(0, spread_s * (0.5 if is_drums else 1.0), chords.size)[index] + rng.normal(
        0, 0.004, onset.size
    )
    rolled = (rng.random(chords.size) < 1 / 6) & (size >= 3) & (not is_drums)
    first = np.searchsorted(index, np.arange(chords.size))
    step_s = rng.uniform(0.012, 0.025, chords.size)
    delay: FloatArray = late + rolled[index] * step_s[index] * np.minimum(
        np.arange(onset.size) - first[index], 5
    )
    return delay


def measured(case: Case) -> Values:
    """Return every measure of one case: ours and the two floors."""
    told = is_performed(case.score)
    began = time.process_time()
    found = find_beats(case.score, kind="free")
    grid = to_grid(case.score, beats=found)
    took = time.process_time() - began
    line = Timeline.of(case.score)
    written = find_beats(case.score, kind="click")
    steady = constant_tempo(case.score)
    values = {"told as free": float(told.kind == "free")}
    for name, beats in (("", found), ("written grid: ", written), ("constant tempo: ", steady)):
        values |= {name + key: value for key, value in beat_values(case, beats, line).items()}
    values |= places(case, grid.frame, grid.beats.metre)
    values |= {f"written grid: {k}": v for k, v in places(case, quantise(case.score)[0], Metre(4, 4)).items()}
    held = to_grid(case.score, beats=steady)
    values |= {f"constant tempo: {k}": v for k, v in places(case, held.frame, steady.metre).items()}
    return values | {"seconds a minute of music": took / max(float(case.beat_s[-1]) / 60, 0.1)}


def beat_values(case: Case, found: FoundBeats, line: Timeline) -> Values:
    """Return F of beats and downbeats, F at the nearest metrical level, and whether the level is another."""
    guess = line.ticks_to_seconds(found.beat_ticks)
    guess, down = guess[:-1], guess[found.downbeats]
    score = f_measure(case.beat_s, guess)
    other = max(f_measure(level, guess) for level in other_levels(case.beat_s))
    bars = f_measure(case.beat_s[case.is_down], down)
    return {
        "beat F": score, "beat F at any level": max(score, other), "downbeat F": bars,
        "octave errors": float(other > score + 0.15), "beats a bar right": float(found.metre.beats == case.beats_a_bar),
    }  # fmt: skip


def f_measure(truth: FloatArray, guess: FloatArray) -> float:
    """Return mir_eval's F of two rows of beats."""
    if truth.size == 0 or guess.size == 0:
        return 0.0
    import mir_eval  # here: a reference tool that only a run needs

    return float(mir_eval.beat.f_measure(np.sort(truth), np.sort(guess), f_measure_threshold=WINDOW_S))


def other_levels(beat_s: FloatArray) -> list[FloatArray]:
    """Return the beats at twice, three times, half and a third of the tempo, each way to begin, and off the beat."""
    at = np.arange(beat_s.size)
    finer = [np.interp(np.arange(0, beat_s.size - 1 + 1e-9, 1 / k), at, beat_s) for k in (2, 3)]
    coarser = [beat_s[start::k] for k in (2, 3) for start in range(k)]
    mixed = np.interp(np.arange(0, beat_s.size - 1 + 1e-9, 2 / 3), at, beat_s)
    return [*finer, *coarser, mixed, (beat_s[1:] + beat_s[:-1]) / 2]


def places(case: Case, frame: Score, metre: Metre) -> Values:
    """Return the share of notes whose place in the bar, and in the beat alone, is the written one."""
    line = Timeline.of(frame)
    right_bar, right_beat, count = 0, 0, 0
    starts = line.bar_starts(line.bar_count(frame.end + 1))
    for part in frame.parts:
        if not len(part.notes) or part.notes.origin is None:
            continue
        truth = case.place[part.notes.origin]
        bar = line.bar_of(part.notes.onset)
        inside = part.notes.onset - starts[bar]
        if frame.pickup_ticks:
            inside = np.where(bar == 0, inside - frame.pickup_ticks + metre.bar_ticks, inside)
        place = inside / metre.beat_ticks
        right_bar += int(np.count_nonzero(np.abs(place - truth) < 0.03))
        apart = (place - truth) % 1
        right_beat += int(np.count_nonzero(np.minimum(apart, 1 - apart) < 0.03))
        count += len(part.notes)
    total = max(case.place.size, count, 1)
    return {"right place in bar": right_bar / total, "right place in beat": right_beat / total}


def constant_tempo(score: Score) -> FoundBeats:
    """Return beats of the constant tempo and phase that the salient onsets fit best: a floor."""
    events = events_of(score)
    weight = np.exp(salience_of(events))
    periods = np.exp(np.linspace(np.log(0.25), np.log(1.5), 3000))
    turns = np.exp(2j * np.pi * events.time_s[None, :] / periods[:, None]) @ weight
    prior = np.exp(-0.5 * (np.log(60 / periods / 95) / 0.4) ** 2)
    best = int((np.abs(turns) * prior).argmax())
    period, phase = periods[best], float(np.angle(turns[best])) / (2 * np.pi) * periods[best]
    first = phase + period * np.ceil((events.time_s[0] - 0.05 - phase) / period)
    beat_s = np.arange(first, events.time_s[-1] + 1.01 * period, period)
    return found_beats(score, events, Track(beat_s, np.zeros(beat_s.size - 1, bool)))


def drum_results(ctx: Context) -> list[Result]:
    """Return beats of human drumming to a click whose grid is the truth, told to be free; nothing without the set."""
    folder = os.environ.get("ZHIYIN_GROOVE")
    if not folder:
        return []
    rows = [row for seed in ctx.seeds for row in drum_rows(Path(folder), seed=seed)]
    return [
        ctx.result(f"drums: {name}", value, unit_of(name), n=len(rows), seeds=ctx.seeds)
        for name, value in means(rows).items()
    ]


def drum_rows(folder: Path, *, seed: int) -> Iterator[Values]:
    """Yield the measures of drum performances of the test split, fills left out."""
    with (folder / "info.csv").open(encoding="utf-8") as file:
        chosen = [r for r in csv.DictReader(file) if r["split"] == "test" and r["beat_type"] == "beat"]
    long = [r for r in chosen if float(r["duration"]) >= DRUM_LEAST_S]
    for row in np.random.default_rng([seed, 8]).permutation(np.array(long, object))[:DRUM_FILES].tolist():
        try:
            score = load(folder / row["midi_filename"])
        except ZhiyinError:
            continue
        yield drum_values(slice_bars(score, 0, BARS))


def drum_values(score: Score) -> Values:
    """Return the measures of one drum performance, also of the same one in a file with another tempo."""
    beats, line = beats_of(score), Timeline.of(score)
    beat_s = line.ticks_to_seconds(beats.edges[:-1])
    heard = _heard(score, beat_s)
    count = score.metres[0].metre.beats
    case = Case("", score, beat_s[heard], beats.weight[heard] == 1.0, np.empty(0), count)
    values = beat_values(case, find_beats(score, kind="free"), line)
    told = is_performed(score)
    return {"told as click": float(told.kind == "click"), **values}
