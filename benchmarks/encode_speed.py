"""Measures how many notes a second become grid tokens and back, on 1,000 scores made from seeds.

Conventions: one core; medians of three passes over scores already in memory; MidiTok, where it is installed, does
the same to the same scores as symusic objects. Does not know: what a model makes of tokens.
"""

from __future__ import annotations

import importlib
import importlib.util
from statistics import median
from typing import Any

from benchmarks.child import timed
from benchmarks.pieces import piece
from benchmarks.runner import Context, Result
from zhiyin.encode import decode_grid, encode_grid
from zhiyin.io.midi import Midi
from zhiyin.score import Score

FILES, BARS, PASSES = 1000, 35, 3
GOAL = ">= 1000000"


def passes(work: Any) -> tuple[float, Any]:
    """Return the median seconds of several passes, and what the last one gave."""
    runs = [timed(work) for _ in range(PASSES)]
    return median(seconds for seconds, _ in runs), runs[-1][1]


def miditok_rates(scores: list[Score], notes: int) -> dict[str, float]:
    """Return notes a second of MidiTok's REMI on the same scores, nothing where it is not installed."""
    if importlib.util.find_spec("miditok") is None:
        print("    MidiTok is not installed: no anchor", flush=True)
        return {}
    miditok, symusic = importlib.import_module("miditok"), importlib.import_module("symusic")
    config = miditok.TokenizerConfig(use_programs=True, use_tempos=True, use_time_signatures=True)
    remi = miditok.REMI(config)
    read = [symusic.Score.from_midi(Midi().write(score).data) for score in scores]
    encode_s, tokens = passes(lambda: [remi.encode(score) for score in read])
    decode_s, _ = passes(lambda: [remi.decode(one) for one in tokens])
    return {"encode": notes / encode_s, "decode": notes / decode_s}


def anchor_words(rates: dict[str, float], way: str) -> str | None:
    """Return the anchor's text: MidiTok's rate, or None."""
    return f"{rates[way]:,.0f} (MidiTok REMI)" if rates else None


def run(ctx: Context) -> list[Result]:
    """Return notes a second each way, the size of the work, and whether every score came back the same."""
    seeds = (ctx.seeds[0],)
    scores = [piece(ctx.seeds[0] + number, bars=BARS, players=4) for number in range(FILES)]
    notes = sum(score.note_count for score in scores)
    encode_s, tokens = passes(lambda: [encode_grid(score) for score in scores])
    decode_s, back = passes(lambda: [decode_grid(one) for one in tokens])
    same = sum(one == other for one, other in zip(scores, back, strict=True)) / FILES
    rates = miditok_rates(scores, notes)

    def row(way: str, seconds: float) -> Result:
        anchor = anchor_words(rates, way)
        return ctx.result(way, notes / seconds, "notes/s", n=PASSES, goal=GOAL, anchor=anchor, seeds=seeds)

    return [
        row("encode", encode_s),
        row("decode", decode_s),
        ctx.result("encoded_scores", FILES, "scores", seeds=seeds),
        ctx.result("encoded_notes", notes, "notes", seeds=seeds),
        ctx.result("round_trip_exact", same, "share", n=FILES, goal=">= 1.0", seeds=seeds),
    ]
