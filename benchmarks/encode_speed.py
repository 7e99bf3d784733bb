"""Measures how many notes a second become grid tokens and back, on scores made from seeds, beside MidiTok's REMI.

Conventions: one core, processor time, medians of three passes a seed; scores lie in memory on both sides (ours as
Score, MidiTok's as symusic objects), and the road from the same MIDI files is measured apart. MidiTok needs the
`bench-peers` extra. Does not know: what a model makes of tokens.
"""

from __future__ import annotations

import importlib
import importlib.util
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from benchmarks.child import timed
from benchmarks.pieces import piece
from benchmarks.runner import Context, Result
from zhiyin.encode import decode_grid, encode_grid
from zhiyin.io.midi import Midi
from zhiyin.score import Score

FILES, BARS, PASSES = 300, 35, 3
GOAL, GOAL_RATIO = ">= 1000000", ">= 10"
Work = Callable[[], Any]


def passes(work: Any) -> tuple[float, Any]:
    """Return the median seconds of several passes, and what the last one gave."""
    runs = [timed(work) for _ in range(PASSES)]
    return median(seconds for seconds, _ in runs), runs[-1][1]


def rates(works: dict[str, Work], notes: int) -> dict[str, float]:
    """Return notes a second of several works, done in turn: the median of some passes, by processor time."""
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(PASSES):
        for name, work in works.items():
            begun_s = time.process_time()
            work()
            spent[name].append(time.process_time() - begun_s)
    return {name: notes / max(median(seconds), 1e-9) for name, seconds in spent.items()}


def our_works(scores: list[Score], files: list[bytes]) -> dict[str, Work]:
    """Return what is timed of ours."""
    tokens = [encode_grid(score) for score in scores]
    return {
        "encode": lambda: [encode_grid(score) for score in scores],
        "decode": lambda: [decode_grid(one) for one in tokens],
        "encode from MIDI files": lambda: [encode_grid(Midi().read(data, path="file.mid")) for data in files],
    }


def peer_works(files: list[bytes]) -> dict[str, Work]:
    """Return what is timed of MidiTok on the same files, nothing where it is not installed."""
    if importlib.util.find_spec("miditok") is None:
        print("    MidiTok is not installed: no anchor", flush=True)
        return {}
    miditok, symusic = importlib.import_module("miditok"), importlib.import_module("symusic")
    config = miditok.TokenizerConfig(use_programs=True, use_tempos=True, use_time_signatures=True)
    remi = miditok.REMI(config)
    read = [symusic.Score.from_midi(data) for data in files]
    tokens = [remi.encode(score) for score in read]
    return {
        "MidiTok encode": lambda: [remi.encode(score) for score in read],
        "MidiTok decode": lambda: [remi.decode(one) for one in tokens],
        "MidiTok encode from MIDI files": lambda: [
            remi.encode(symusic.Score.from_midi(data)) for data in files
        ],
    }


def run(ctx: Context) -> list[Result]:
    """Return notes a second each way, ratios to MidiTok, the size of the work, and whether every score came back."""
    found: dict[str, list[float]] = {}
    counted, same = [], []
    for seed in ctx.seeds:
        scores = [piece(1000 * seed + number, bars=BARS, players=4) for number in range(FILES)]
        files = [Midi().write(score).data for score in scores]
        counted.append(sum(score.note_count for score in scores))
        same += [decode_grid(encode_grid(score)) == score for score in scores]
        for name, rate in rates({**our_works(scores, files), **peer_works(files)}, counted[-1]).items():
            found.setdefault(name, []).append(rate)
    rows = [
        ctx.result_of(
            name, values, "notes/s", goal=GOAL if name in ("encode", "decode") else None, seeds=ctx.seeds
        )
        for name, values in found.items()
    ]
    for name in ("encode", "decode", "encode from MIDI files"):
        if f"MidiTok {name}" in found:
            ratios = [a / b for a, b in zip(found[name], found[f"MidiTok {name}"], strict=True)]
            goal = GOAL_RATIO if name == "encode" else None
            rows.append(
                ctx.result_of(f"{name}, over MidiTok REMI", ratios, "ratio", goal=goal, seeds=ctx.seeds)
            )
    return [
        *rows,
        ctx.result("encoded_scores", FILES * len(ctx.seeds), "scores", seeds=ctx.seeds),
        ctx.result("encoded_notes", sum(counted), "notes", seeds=ctx.seeds),
        ctx.result(
            "round_trip_exact", sum(same) / len(same), "share", n=len(same), goal=">= 1.0", seeds=ctx.seeds
        ),
    ]
