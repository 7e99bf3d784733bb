"""Measures how fast 32 bars for four parts are written, warm, cold, and with every file that the command makes.

Conventions: each number comes from a fresh process with the machine's default settings; peak memory in MB (10^6).
Does not know: how good the music is (benchmarks/requests.py).
"""

from __future__ import annotations

from statistics import median

from benchmarks.child import WARM_RUNS, Numbers, measured_child
from benchmarks.runner import Context, Result

GOAL_STEPS = ">= 500"
BARS, MOST_MB = 32, "< 600"


def _memory(ctx: Context, name: str, found: list[Numbers], about: str) -> Result:
    """Return the row of the most memory that the process alone has held."""
    return ctx.result_of(
        name, [one["peak_mb"] for one in found], "MB", goal=MOST_MB, anchor=about, seeds=ctx.seeds
    )


def warm_rows(ctx: Context, found: list[Numbers]) -> list[Result]:
    """Return the rows of a process that writes the same piece again: medians of five runs a seed."""
    seconds = [median(one["warm_s"]) for one in found]
    about = f"median of {WARM_RUNS} runs a seed"
    seeds = ctx.seeds
    notes = [one["notes"] / s for one, s in zip(found, seconds, strict=True)]
    steps = [one["steps"] / s for one, s in zip(found, seconds, strict=True)]
    first = [median(one["first_s"]) for one in found]
    return [
        ctx.result_of("warm", seconds, "s", goal="< 4", anchor=about, seeds=seeds),
        ctx.result_of("warm_notes_a_second", notes, "notes/s", seeds=seeds),
        ctx.result_of("warm_model_steps_a_second", steps, "steps/s", goal=GOAL_STEPS, seeds=seeds),
        ctx.result_of(
            "first_bars",
            first,
            "s",
            goal="< 0.3",
            anchor=f"until the first chunk of up to 8 bars of {BARS} stands",
            seeds=seeds,
        ),
        ctx.result_of("first_run_in_a_process", [one["cold_s"] for one in found], "s", seeds=seeds),
        _memory(ctx, "compose_peak_memory", found, "writing, warm"),
        ctx.result_of("notes_written", [one["notes"] for one in found], "notes", seeds=seeds),
    ]


def run(ctx: Context) -> list[Result]:
    """Return warm, cold and end-to-end times and memory over the seeds."""
    warm = [measured_child(ctx.root, "compose", str(seed)) for seed in ctx.seeds]
    cold = [measured_child(ctx.root, "cold", str(seed)) for seed in ctx.seeds]
    command = [measured_child(ctx.root, "command", str(seed)) for seed in ctx.seeds]
    everything = "sound, pages, picture, MIDI, MusicXML, report"
    return [
        *warm_rows(ctx, warm),
        ctx.result_of("cold", [one["life_s"] for one in cold], "s", anchor="interpreter to MIDI file", seeds=ctx.seeds),
        _memory(ctx, "cold_peak_memory", cold, "interpreter to MIDI file"),
        ctx.result_of("command", [one["life_s"] for one in command], "s", anchor=everything, seeds=ctx.seeds),
        _memory(ctx, "command_peak_memory", command, everything),
    ]  # fmt: skip
