"""Measures notes a second of 16 bars for four parts beside MIDI-GPT and GPT-2 shapes of the same size, in the same run.

Conventions: batch 1 on two cores; each engine in a process of its own, engines in turn within a seed; medians of five
runs a seed. Ours goes the whole road from wishes to a checked score; peers only sample tokens, with the faster of one
and two threads. Peers need the `bench-peers` extra. Does not know: how good the music is.
"""

from __future__ import annotations

import importlib.util
from statistics import median

from benchmarks.child import Numbers, measured_child
from benchmarks.generation_engines import SIZES
from benchmarks.runner import Context, Result

ENGINES = "benchmarks.generation_engines"
PEERS = {"midigpt": ("midigpt", "MIDI-GPT"), "gpt2": ("transformers", "GPT-2")}
AS_SHIPPED = "20600000"  # MIDI-GPT as its package describes it: 6 layers of 512
GOAL_SAME, GOAL_SHIPPED = ">= 5", ">= 10"


def run(ctx: Context) -> list[Result]:
    """Return rates of every engine at every size, ratios, first bars, 32 bars and memory."""
    here = [name for name, (package, _) in PEERS.items() if importlib.util.find_spec(package)]
    found: dict[tuple[str, str], list[Numbers]] = {}
    for seed in ctx.seeds:
        for name in ("shipped", *SIZES):
            mine = _child(ctx, "ours", seed, name)
            found.setdefault(("ours", name), []).append(mine)
            wanted = AS_SHIPPED if name == "shipped" else str(mine["parameters"])
            for peer in here:
                found.setdefault((peer, name), []).append(_child(ctx, peer, seed, wanted))
        found.setdefault(("ours", "32 bars"), []).append(_child(ctx, "ours", seed, "shipped", "32"))
        if len(here) == len(PEERS):
            found.setdefault(("tokens", ""), []).append(_child(ctx, "tokens", seed))
    costs = {peer: median(one[peer] for one in found["tokens", ""]) for peer in here} if here else {}
    return [*_own_rows(ctx, found), *_peer_rows(ctx, found, costs)]


def _child(ctx: Context, *words: object) -> Numbers:
    return measured_child(ctx.root, *(str(word) for word in words), module=ENGINES)


def _own_rows(ctx: Context, found: dict[tuple[str, str], list[Numbers]]) -> list[Result]:
    rows = []
    for name in ("shipped", *SIZES):
        runs = found["ours", name]
        size = f"{runs[0]['parameters'] / 1e6:.2f} M parameters"
        rates = [one["notes"] / one["wall_s"] for one in runs]
        rows.append(
            ctx.result_of(f"ours {name}: notes a second", rates, "notes/s", anchor=size, seeds=ctx.seeds)
        )
    shipped, long = found["ours", "shipped"], found["ours", "32 bars"]
    about = "until the first chunk of up to 8 bars stands"
    return [
        *rows,
        ctx.result_of("first bars, 16 bars x 4 parts", [one["first_s"] for one in shipped], "s", anchor=about,
                      goal="< 0.3", seeds=ctx.seeds),
        ctx.result_of("32 bars x 4 parts", [one["wall_s"] for one in long], "s", goal="< 4", seeds=ctx.seeds),
        ctx.result_of("peak memory, 32 bars", [one["peak_mb"] for one in long], "MB", goal="< 600", seeds=ctx.seeds),
    ]  # fmt: skip


def _peer_rows(
    ctx: Context, found: dict[tuple[str, str], list[Numbers]], costs: dict[str, float]
) -> list[Result]:
    rows = []
    for (peer, name), runs in found.items():
        if peer not in PEERS:
            continue
        title, first = PEERS[peer][1], runs[0]
        about = f"{first['parameters'] / 1e6:.2f} M, width {first['width']}, {costs[peer]:.2f} tokens a note"
        wall = [one["tokens"] / one["wall_s"] / costs[peer] for one in runs]
        rows.append(
            ctx.result_of(f"{title} {name}: notes a second", wall, "notes/s", anchor=about, seeds=ctx.seeds)
        )
        for clock, word in (("wall_s", "wall"), ("cpu_s", "processor")):
            ratios = [
                mine["notes"] / mine[clock] / (one["tokens"] / one[clock] / costs[peer])
                for mine, one in zip(found["ours", name], runs, strict=True)
            ]
            goal = (GOAL_SHIPPED if name == "shipped" else GOAL_SAME) if clock == "wall_s" else None
            rows.append(
                ctx.result_of(
                    f"ours over {title} {name}, {word} time", ratios, "ratio", goal=goal, seeds=ctx.seeds
                )
            )
    return rows
