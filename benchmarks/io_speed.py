"""Measures how fast scores are read and written, on files made from seeds.

Conventions: one core; bytes in memory, no disk; medians of three passes; mido reads and writes the same MIDI files.
Does not know: whether what was read is right (tests/io).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mido

from benchmarks.encode_speed import PASSES, passes
from benchmarks.pieces import kern_text, line, piece
from benchmarks.runner import Context, Result
from zhiyin.io import FORMATS, loads
from zhiyin.score import Score

MIDI_FILES, TEXT_FILES = 200, 40


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much there is to get through: files and notes."""

    files: int
    notes: int


def rates(amounts: Amounts, work: Callable[[], Any]) -> dict[str, float]:
    """Return files and notes a second, from the median of several passes."""
    seconds, _ = passes(work)
    return {"files": amounts.files / seconds, "notes": amounts.notes / seconds}


def midi_rows(ctx: Context, scores: list[Score]) -> list[Result]:
    """Return MIDI files and notes a second each way, with mido on the same files as anchor."""
    midi = FORMATS[".mid"]
    files = [midi.write(score).data for score in scores]
    parsed = [mido.MidiFile(file=io.BytesIO(data)) for data in files]
    amounts = Amounts(len(files), sum(score.note_count for score in scores))
    ours = {
        "read": rates(amounts, lambda: [loads(data, ".mid") for data in files]),
        "write": rates(amounts, lambda: [midi.write(score) for score in scores]),
    }
    theirs = {
        "read": rates(amounts, lambda: [mido.MidiFile(file=io.BytesIO(data)) for data in files]),
        "write": rates(amounts, lambda: [file.save(file=io.BytesIO()) for file in parsed]),
    }
    seeds = (ctx.seeds[0],)
    return [
        ctx.result(
            f"midi_{way}_{unit}", rate, f"{unit}/s", n=PASSES, anchor=f"{theirs[way][unit]:,.0f} (mido)", seeds=seeds
        )
        for way, found in ours.items()
        for unit, rate in found.items()
    ]  # fmt: skip


def text_row(ctx: Context, ending: str, files: list[tuple[bytes, int]]) -> Result:
    """Return notes a second read from the files of one format, each with its number of notes."""
    found = rates(
        Amounts(len(files), sum(count for _, count in files)),
        lambda: [loads(data, ending) for data, _ in files],
    )
    name = f"{ending.removeprefix('.')}_read_notes"
    return ctx.result(name, found["notes"], "notes/s", n=PASSES, seeds=(ctx.seeds[0],))


def run(ctx: Context) -> list[Result]:
    """Return the rates of every format; files and notes come from the first seed on."""
    start = ctx.seeds[0]
    rows = midi_rows(ctx, [piece(start + n, bars=35) for n in range(MIDI_FILES)])
    tunes = [line(start + n) for n in range(TEXT_FILES)]
    for ending in (".musicxml", ".abc", ".zyn"):
        rows.append(
            text_row(ctx, ending, [(FORMATS[ending].write(one).data, one.note_count) for one in tunes])
        )
    kern = [kern_text(start + n) for n in range(TEXT_FILES)]
    return [*rows, text_row(ctx, ".krn", [(text.encode(), count) for text, count in kern])]
