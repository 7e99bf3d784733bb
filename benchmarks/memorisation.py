"""Can the shipped model give back a melody of the pop set, which it must never have heard?

Conventions: a melody is compared as (interval, duration in steps) pairs, so transposition does not hide a copy.
The hardest question is asked: the model gets a training song's own piano and chords and writes the tune.
Beside it stands how much people's own songs share with each other. Needs the pop set: ZHIYIN_DATA.
Does not know: how the model was trained.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.data.fetch import data_home
from zhiyin.data.manifest import find_root
from zhiyin.data.pop909 import Pop909
from zhiyin.errors import ZhiyinError
from zhiyin.fill.constraints import InRange, MaxPolyphony
from zhiyin.fill.decode import write_cells
from zhiyin.fill.request import Request
from zhiyin.io import load
from zhiyin.models import FillRuntime, load_checkpoint
from zhiyin.score import Cell, Grid, Notes, Origin, Part, Score, quantise, slice_bars
from zhiyin.units import TICKS_PER_STEP

SONGS, BARS = 24, 16
GRAMS = (8, 12)
Pairs = list[tuple[int, int]]


@dataclass(frozen=True)
class Song:
    """A song's tune and what the model may know of it."""

    name: str
    tune: Pairs
    four_bars: tuple[tuple[tuple[int, int], ...], ...]
    backing: Score


def run(ctx: Context) -> list[Result]:
    """Ask for the tunes of training songs and compare with every tune of the set."""
    try:
        root = find_root(data_home(), "pop909", Pop909.files)
    except ZhiyinError as error:
        raise BenchmarkError("the pop set must be fetched: zhiyin corpus fetch pop909 --from DIR") from error
    held_out = {s.id for s in Pop909().sources(root) if s.split != "train"}
    songs = [song for path in sorted(root.glob("*.mid")) if (song := read_song(path)) is not None]
    phrases = {p for song in songs for p in song.four_bars}
    model = FillRuntime(load_checkpoint())
    trained = [s for s in songs if s.name not in held_out]
    copies, phrases_made, shares, runs = 0, 0, {n: list[float]() for n in GRAMS}, list[float]()
    indices = {n: grams((s.tune for s in songs), n) for n in GRAMS}
    for seed in ctx.seeds:
        rng = np.random.default_rng(seed)
        made = [
            ask_for_tune(trained[int(i)], model, seed) for i in rng.choice(len(trained), SONGS, replace=False)
        ]
        for score in made:
            found = four_bar_phrases(score, 0)
            phrases_made += len(found)
            copies += sum(p in phrases for p in found)
        tunes = [pairs(score.parts[0].notes) for score in made]
        runs.append(float(max(longest_run(t, indices[8]) for t in tunes)))
        for n in GRAMS:
            shares[n].append(share(tunes, indices[n]))
    return [
        ctx.result("four-bar pop melodies given back", copies, "phrases", n=phrases_made, seeds=ctx.seeds, goal="<= 0"),
        ctx.result_of("longest run of shared 8-grams, notes", runs, "notes", seeds=ctx.seeds),
        *(
            ctx.result_of(
                f"{n}-grams shared with the pop set", shares[n], "share", seeds=ctx.seeds,
                anchor=f"people with people {people(songs, n):.4f}",
            )
            for n in GRAMS
        ),
    ]  # fmt: skip


def read_song(path: Path) -> Song | None:
    """Return a song of the set, or None when it has no usable tune or piano."""
    score = quantise(load(path))[0]
    tracks = {p.name.strip().upper(): p for p in score.parts}
    if not {"MELODY", "PIANO"} <= set(tracks) or len(tracks["MELODY"].notes) < 32:
        return None
    piece = next(
        iter(
            Pop909().read(path.parent, next(s for s in Pop909().sources(path.parent) if s.path == path.name))
        )
    )
    tune = score.with_parts([Part("Voice", tracks["MELODY"].notes)])
    return Song(
        path.stem, pairs(tracks["MELODY"].notes), tuple(four_bar_phrases(tune, 0)), quantise(piece.score)[0]
    )


def pairs(notes: Notes) -> Pairs:
    """Return (interval to the next note, distance to it in steps) along the highest notes."""
    last = np.append(notes.onset[1:] != notes.onset[:-1], True) if len(notes) else np.empty(0, bool)
    pitch, onset = notes.pitch[last], notes.onset[last] // TICKS_PER_STEP
    return list(zip(np.diff(pitch).tolist(), np.diff(onset).tolist(), strict=True))


def four_bar_phrases(score: Score, part: int) -> list[tuple[tuple[int, int], ...]]:
    """Return the melody of every four bars in a row that hold 8 notes or more."""
    edges = Grid.of(score).bar_ticks
    found = []
    for bar in range(len(edges) - 4):
        phrase = pairs(score.parts[part].notes.between(int(edges[bar]), int(edges[bar + 4])))
        if len(phrase) >= 7:
            found.append(tuple(phrase))
    return found


def grams(tunes: Iterable[Pairs], n: int) -> set[tuple[tuple[int, int], ...]]:
    """Return every run of n pairs of several tunes."""
    return {tuple(t[i : i + n]) for t in tunes for i in range(len(t) - n + 1)}


def share(tunes: list[Pairs], index: set[tuple[tuple[int, int], ...]]) -> float:
    """Return the share of the tunes' n-grams that stand in an index."""
    n = len(next(iter(index)))
    every = [tuple(t[i : i + n]) for t in tunes for i in range(len(t) - n + 1)]
    return sum(g in index for g in every) / max(len(every), 1)


def longest_run(tune: Pairs, index: set[tuple[tuple[int, int], ...]]) -> int:
    """Return the most notes in a row covered by n-grams of the index, 0 when none is."""
    n = len(next(iter(index)))
    best = now = 0
    for i in range(len(tune) - n + 1):
        now = now + 1 if tuple(tune[i : i + n]) in index else 0
        best = max(best, now + n if now else 0)
    return best


def people(songs: list[Song], n: int) -> float:
    """Return the share of n-grams that a tenth of the songs share with the others."""
    rest = grams((s.tune for i, s in enumerate(songs) if i % 10), n)
    return share([s.tune for s in songs[::10]], rest)


def ask_for_tune(song: Song, model: FillRuntime, seed: int) -> Score:
    """Return the song's first bars of backing with a tune that the model wrote."""
    bars = min(Grid.of(song.backing).bars, BARS)
    backing = slice_bars(song.backing, 0, bars)
    score = backing.with_parts([Part("Voice", role="melody", program=52), *backing.parts])
    write = frozenset(Cell(0, bar) for bar in range(bars))
    wishes = (InRange(("voice", "")), MaxPolyphony((1, 10)))
    request = Request(score, write, wishes, seed=seed, style="pop", instruments=("voice", "piano"), bars=bars)
    return write_cells(request, model, np.random.default_rng(seed), origin=Origin("model", model.name))[0]
