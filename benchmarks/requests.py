"""Measures whether takes keep what was asked: 30 sentences, 5 seeds each, checked from the MIDI file alone.

Conventions: the hard wishes of each sentence stand in requests.jsonl, written by hand; the take of seed 0 is also
heard as sound; a take that raises is an error and keeps nothing. Does not know: how wishes are kept.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyloudnorm
import soundfile

from benchmarks.midi_check import Wanted, check, chord_tone_share, key_agreement
from benchmarks.midi_file import read_midi_file
from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.apps.compose import perform
from zhiyin.apps.model import open_model
from zhiyin.apps.plan_ import plan_of
from zhiyin.apps.wishes import read_asked
from zhiyin.audio.files import audio_to_bytes
from zhiyin.errors import ZhiyinError
from zhiyin.fill.compose_plan import compose
from zhiyin.fill.plan import Plan
from zhiyin.io import save
from zhiyin.models import StepModel
from zhiyin.render import choose_synth
from zhiyin.render.mix import render_audio
from zhiyin.score import Score, Wishes

SEEDS = (0, 1, 2, 3, 4)
HEARD_SEED = 0
SILENCE_DBFS = -60.0
WINDOW_S = 0.05
TAKES = "requests.takes.jsonl"  # every take with what it broke, beside the results


class Asking(NamedTuple):
    """One sentence with its hard wishes, as a line of requests.jsonl has it."""

    id: str
    lang: str
    style: str
    text: str
    hard: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound file measured: seconds, seconds it should last, LUFS, sample peak, clipped samples, longest silence."""

    seconds: float
    promised_s: float
    lufs: float
    peak_dbfs: float
    clipped: int
    silence_s: float

    @property
    def is_right(self) -> bool:
        """True when length, loudness, peak and silence keep their bounds."""
        in_time = abs(self.seconds - self.promised_s) <= 0.1
        is_level = -23.0 <= self.lufs <= -9.0 and self.peak_dbfs < -0.5 and not self.clipped
        return in_time and is_level and self.silence_s <= 2.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """One take: what it broke ({wish: measured}), which wishes it had, its error, and what was measured beside."""

    id: str
    seed: int
    wishes: tuple[str, ...] = ()
    broken: dict[str, str] | None = None
    error: str = ""
    seconds: float = 0.0
    notes: int = 0
    key_agrees: tuple[bool, bool] | None = None
    chord_tones: float | None = None
    sound: Sound | None = None

    @property
    def is_kept(self) -> bool:
        """True when every hard wish was kept."""
        return not self.error and not self.broken


def read_requests(path: Path) -> list[Asking]:
    """Return the sentences of a file, one JSON object a line."""
    return [Asking(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


# -- one take ----------------------------------------------------------------------------------------------------


@cache
def _model() -> StepModel:
    return open_model()


def take(asking: Asking, seed: int) -> Outcome:
    """Go the road of a user from the sentence to a file, then check the file."""
    started = time.perf_counter()
    try:
        asked = read_asked(asking.text, Wishes())
        plan = plan_of(asked, seed=seed)
        done = compose(plan, asked.wishes, model=_model(), seed=seed)
    except ZhiyinError as error:
        return Outcome(asking.id, seed, error=f"{type(error).__name__}: {error}")
    took_s = time.perf_counter() - started
    score = replace(done.score, title=done.score.title or plan.title)
    outcome = checked(asking, seed, score, rests=rests_of(plan))
    if seed == HEARD_SEED:
        outcome = replace(outcome, sound=sounded(score, plan, seed))
    return replace(outcome, seconds=round(took_s, 3), notes=score.note_count)


def rests_of(plan: Plan) -> list[list[int]]:
    """Return for each player the bars in which the plan lets it rest."""
    return [[bar for bar, texture in enumerate(row) if texture.is_empty] for row in plan.textures]


def checked(asking: Asking, seed: int, score: Score, *, rests: Iterable[Iterable[int]]) -> Outcome:
    """Write a score as MIDI and return what the checker finds in the file."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "score.mid"
        save(score, path)
        file = read_midi_file(path)
    found = check(file, Wanted.of(asking.hard, rests))
    broken = {name: one.measured for name, one in found.items() if not one.is_kept}
    return Outcome(
        asking.id, seed, tuple(found), broken, key_agrees=key_agreement(file), chord_tones=chord_tone_share(file)
    )  # fmt: skip


def sounded(score: Score, plan: Plan, seed: int) -> Sound:
    """Play a score as `compose` does, write a WAV file and measure that file."""
    audio = render_audio(perform(score, plan, seed=seed), synth=choose_synth(), tail_s=0.0)
    with tempfile.TemporaryDirectory() as place:
        path, music = Path(place) / "audio.wav", Path(place) / "score.mid"
        path.write_bytes(audio_to_bytes(audio, ending=".wav"))
        save(score, music)
        file = read_midi_file(music)
        samples, rate = soundfile.read(path, dtype="float64", always_2d=True)
    return measured(samples, int(rate), promised_s=file.seconds_at(file.end))


def measured(samples: np.ndarray[Any, np.dtype[np.float64]], rate: int, *, promised_s: float) -> Sound:
    """Return the measures of sound, samples (frames, channels)."""
    peak = float(np.abs(samples).max(initial=0.0))
    return Sound(
        seconds=len(samples) / rate,
        promised_s=promised_s,
        lufs=float(pyloudnorm.Meter(rate).integrated_loudness(samples)),
        peak_dbfs=float(20 * np.log10(max(peak, 1e-9))),
        clipped=int(np.count_nonzero(np.abs(samples) >= 1.0 - 2.0**-15)),
        silence_s=longest_silence_s(samples, rate),
    )


def longest_silence_s(samples: np.ndarray[Any, np.dtype[np.float64]], rate: int) -> float:
    """Return the longest stretch below -60 dBFS (RMS of 50 ms) before the last sound; a late start counts."""
    width = int(WINDOW_S * rate)
    power = (samples[: len(samples) // width * width] ** 2).mean(axis=1).reshape(-1, width).mean(axis=1)
    loud = np.flatnonzero(power > 10 ** (SILENCE_DBFS / 10))
    gaps = np.diff(loud, prepend=-1) - 1
    return float(gaps.max(initial=0)) * WINDOW_S if loud.size else len(samples) / rate


# -- all takes ---------------------------------------------------------------------------------------------------


def takes(askings: list[Asking], seeds: Iterable[int]) -> list[Outcome]:
    """Return the outcome of every sentence and seed, two processes at most, one thread each."""
    work = [(asking, seed) for asking in askings for seed in seeds]
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1), mp_context=context) as pool:
        jobs = [(asking, seed, pool.submit(take, asking, seed)) for asking, seed in work]
        return list(_told((_outcome(*job) for job in jobs), len(work)))


def _outcome(asking: Asking, seed: int, job: Future[Outcome]) -> Outcome:
    """Return what a job gave; whatever it raised counts against the take."""
    error = job.exception()
    return Outcome(asking.id, seed, error=repr(error)) if error is not None else job.result()


def _told(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
    for number, outcome in enumerate(outcomes, start=1):
        words = outcome.error or "; ".join(f"{name}: {text}" for name, text in (outcome.broken or {}).items())
        if words or number % 30 == 0:
            print(f"    {number}/{total} {outcome.id} seed {outcome.seed}: {words or 'kept'}", flush=True)
        yield outcome


def shares(outcomes: list[Outcome]) -> dict[str, list[bool]]:
    """Return for each wish whether it was kept, a value for every take that had it and was written."""
    found: dict[str, list[bool]] = {}
    for outcome in outcomes:
        for wish in outcome.wishes:
            found.setdefault(wish, []).append(wish not in (outcome.broken or {}))
    return found


def wish_results(ctx: Context, outcomes: list[Outcome]) -> list[Result]:
    """Return the shares of takes and of single wishes kept."""
    kept = [outcome.is_kept for outcome in outcomes]
    rows = [
        ctx.result_of("takes_with_all_hard_wishes_kept", kept, "share", goal=">= 1.0", seeds=SEEDS),
        ctx.result_of("errors", [bool(one.error) for one in outcomes], "share", goal="<= 0.0", seeds=SEEDS),
    ]
    for wish, values in sorted(shares(outcomes).items()):
        rows.append(ctx.result_of(f"kept_{wish}", values, "share", goal=">= 1.0", seeds=SEEDS))
    return rows


def facts(ctx: Context, outcomes: list[Outcome]) -> list[Result]:
    """Return what is told for information: time, notes, estimated keys, chord tones on beats."""
    written = [one for one in outcomes if not one.error]
    keys = [one.key_agrees for one in written if one.key_agrees is not None]
    tones = [one.chord_tones for one in written if one.chord_tones is not None]
    about = "Krumhansl-Kessler profiles on the whole file"
    return [
        ctx.result_of("seconds_a_take", [one.seconds for one in written], "s", seeds=SEEDS),
        ctx.result_of("notes_a_take", [one.notes for one in written], "notes", seeds=SEEDS),
        ctx.result_of(
            "estimated_key_is_stated_key", [a for a, _ in keys], "share", anchor=about, seeds=SEEDS
        ),
        ctx.result_of("estimated_key_is_near", [b for _, b in keys], "share", anchor=about, seeds=SEEDS),
        ctx.result_of("chord_tones_on_beats", tones, "share", seeds=SEEDS),
    ]


def sound_results(ctx: Context, sounds: list[Sound]) -> list[Result]:
    """Return the worst of each measure of the sound files, and the share that keeps them all."""
    count, bank = len(sounds), choose_synth().name
    late = max(abs(one.seconds - one.promised_s) for one in sounds)

    def row(metric: str, value: float, unit: str, *, goal: str) -> Result:
        return ctx.result(metric, value, unit, n=count, goal=goal, anchor=bank, seeds=(HEARD_SEED,))

    return [
        row("sounds_right", sum(one.is_right for one in sounds) / count, "share", goal=">= 1.0"),
        row("sound_length_error_worst", late, "s", goal="<= 0.1"),
        row("sound_loudness_lowest", min(one.lufs for one in sounds), "LUFS", goal=">= -23"),
        row("sound_loudness_highest", max(one.lufs for one in sounds), "LUFS", goal="<= -9"),
        row("sound_peak_highest", max(one.peak_dbfs for one in sounds), "dBFS", goal="< -0.5"),
        row("sound_clipped_samples", sum(one.clipped for one in sounds), "samples", goal="<= 0"),
        row("sound_silence_longest", max(one.silence_s for one in sounds), "s", goal="<= 2.0"),
    ]


def write_takes(ctx: Context, outcomes: list[Outcome], *, name: str = TAKES) -> None:
    """Write one line a take beside the results, so that a broken wish can be looked up."""
    lines = [json.dumps(asdict(outcome), ensure_ascii=False) for outcome in outcomes]
    place = ctx.root / "benchmarks" / "results"
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(ctx: Context) -> list[Result]:
    """Return the shares of wishes kept over all takes, and the measures of the sounds."""
    askings = read_requests(ctx.root / "benchmarks" / "requests.jsonl")
    outcomes = takes(askings, SEEDS)
    if all(outcome.error for outcome in outcomes):
        raise BenchmarkError(f"some takes must be written, got only errors such as {outcomes[0].error!r}")
    write_takes(ctx, outcomes)
    sounds = [outcome.sound for outcome in outcomes if outcome.sound is not None]
    return [
        *wish_results(ctx, outcomes),
        *facts(ctx, outcomes),
        *(sound_results(ctx, sounds) if sounds else []),
    ]
