"""Measures how fast a minute for five parts becomes sound, with each synth, and the memory it takes.

Conventions: times real time, higher is faster; each number comes from a fresh process; 44,100 Hz stereo.
Does not know: how it sounds.
"""

from __future__ import annotations

from benchmarks.child import Numbers, measured_child
from benchmarks.runner import Context, Result
from zhiyin.render import SYNTHS, find_soundfont
from zhiyin.render.fluid import is_available


def synth_rows(ctx: Context, name: str, found: list[Numbers]) -> list[Result]:
    """Return one synth's factors of real time, dry and mixed, its first render and its memory."""
    bank = str(found[0]["bank"])
    dry = [one["dry_audio_s"] / one["dry_s"] for one in found]
    mix = [one["mix_audio_s"] / one["mix_s"] for one in found]
    first = [one["first_s"] for one in found]
    seeds = ctx.seeds
    return [
        ctx.result_of(f"{name}_dry", dry, "x real time", anchor=bank, seeds=seeds),
        ctx.result_of(f"{name}_mixed", mix, "x real time", anchor=bank, goal=">= 5", seeds=seeds),
        ctx.result_of(f"{name}_first_dry_render", first, "s", anchor="bank loaded", seeds=seeds),
        ctx.result_of(f"{name}_peak_memory", [one["peak_mb"] for one in found], "MB", seeds=seeds),
    ]


def playable() -> list[str]:
    """Return the synths that can play here."""
    has_bank = is_available() and find_soundfont() is not None
    return [name for name in SYNTHS if name != "fluidsynth" or has_bank]


def run(ctx: Context) -> list[Result]:
    """Return the rows of every synth that can play here."""
    rows: list[Result] = []
    for name in playable():
        found = [measured_child(ctx.root, "render", str(seed), name) for seed in ctx.seeds]
        rows += synth_rows(ctx, name, found)
    return rows
