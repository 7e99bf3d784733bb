"""Measures arrangements of held-out pieces for eight ensembles: ranges, faults, tune, harmony, parallels, speed.

Conventions: pieces of the test split of people's music, one or two a data set in turn; what is kept is counted from the
scores alone, not from what the arranger says. Does not know: how an arrangement is made.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmarks.human_windows import corpus_folder
from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.analysis import find_chords, find_keys, find_roles
from zhiyin.arrange import ENSEMBLES, Arrangement, arrange, find_faults
from zhiyin.arrange.lines import TOGETHER
from zhiyin.data.corpus import load_human_corpus, piece_to_score
from zhiyin.score import Notes, Score
from zhiyin.theory.chord import Chord

PIECES, FEWEST, MOST = 25, 60, 6000
NAMES = (
    "string quartet", "wind quintet", "big band", "SATB choir", "piano duet", "erhu-guzheng-dizi-pipa ensemble",
    "small orchestra", "piano solo",
)  # fmt: skip
HELD = 0.25  # a chord tone counts when it sounds for this share of its chord
SLACK = TOGETHER


def draw(seed: int, count: int = PIECES) -> list[Score]:
    """Return held-out pieces, taken from the data sets in turn."""
    view = load_human_corpus(corpus_folder(), split="test")
    notes, sets = view.note_counts, [str(name) for name in view.column("set")]
    rng = np.random.default_rng(seed)
    by_set: dict[str, list[int]] = defaultdict(list)
    for index in rng.permutation(len(view)).tolist():
        if FEWEST <= notes[index] <= MOST:
            by_set[sets[index]].append(index)
    found: list[Score] = []
    for turn in range(count):
        for name in sorted(by_set):
            if turn < len(by_set[name]) and len(found) < count:
                score = piece_to_score(view, by_set[name][turn])
                if any(len(part.notes) for part in score.parts if not part.is_drums):
                    found.append(score)
    if len(found) < count:
        raise BenchmarkError(
            f"there must be {count} held-out pieces, found {len(found)}: build the whole corpus"
        )
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """What one arrangement measures."""

    outside: int
    severe: int
    faults: int
    melody: tuple[int, int]
    tones: tuple[int, int]
    parallels: tuple[int, int]
    silent: int
    seconds: float


def measure(score: Score, name: str) -> Row:
    """Return what an arrangement of a piece measures."""
    start = time.perf_counter()
    made = arrange(score, ENSEMBLES[name])
    took = time.perf_counter() - start
    faults = find_faults(made.score, made.players)
    return Row(
        outside=_outside(made), severe=sum(f.is_severe for f in faults), faults=len(faults),
        melody=melody_kept(score, made), tones=chord_tones_kept(score, made.score), parallels=parallels(made.score),
        silent=sum(not len(part.notes) for part in made.score.parts), seconds=took,
    )  # fmt: skip


def _outside(made: Arrangement) -> int:
    return sum(
        int(((part.notes.pitch < p.instrument.low) | (part.notes.pitch > p.instrument.high)).sum())
        for part, (_, p) in zip(made.score.parts, made.players, strict=True)
        if not part.is_drums
    )


def melody_kept(score: Score, made: Arrangement) -> tuple[int, int]:
    """Return (found, all) notes of the melody part, the highest when they begin, in a lead part, any octave."""
    roles = [part.role for part in score.parts]
    roles = roles if "melody" in roles else list(find_roles(score))
    tune = next((p.notes for p, role in zip(score.parts, roles, strict=True) if role == "melody"), Notes())
    top = _highest(tune)
    leads = {
        (note.onset, note.pitch % 12)
        for part, deeds in zip(made.score.parts, made.deeds, strict=True)
        if "lead" in deeds
        for note in part.notes
    }
    return sum((onset, pitch % 12) in leads for onset, pitch in top), len(top)


def _highest(tune: Notes) -> list[tuple[int, int]]:
    """Return (onset, pitch) of the notes that are the highest sounding when they begin."""
    found, held = [], list[tuple[int, int]]()
    onsets: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for note in tune:
        onsets[note.onset].append((note.onset + note.duration, note.pitch))
    for onset, notes in onsets.items():
        held = [(end, pitch) for end, pitch in held if end > onset]
        top = max(pitch for _, pitch in notes)
        if all(pitch <= top for _, pitch in held):
            found.append((onset, top))
        held += notes
    return found


def chord_tones_kept(score: Score, made: Score) -> tuple[int, int]:
    """Return (found, all) chord tones that sound for a share of their chord in the source and at all in the result."""
    marks = score.chords if any(m.chord for m in score.chords) else find_chords(score, find_keys(score))
    ends = [*(m.tick for m in marks[1:]), score.end]
    before, after = _Sound(score), _Sound(made)
    found = total = 0
    for mark, end in zip(marks, ends, strict=True):
        if mark.chord is None or end <= mark.tick:
            continue
        was, now = before.shares(mark.tick, end), after.shares(mark.tick, end)
        for tone in _tones(mark.chord):
            total += was[tone] >= HELD
            found += was[tone] >= HELD and now[tone] > 0
    return found, total


def _tones(chord: Chord) -> Iterable[int]:
    return dict.fromkeys(chord.pitch_classes)


class _Sound:
    """How much each pitch class of a score sounds in a stretch."""

    def __init__(self, score: Score) -> None:
        rows = sorted(
            (n.onset, n.onset + n.duration, n.pitch % 12)
            for p in score.parts
            if not p.is_drums
            for n in p.notes
        )
        self.onset = [row[0] for row in rows]
        self.rows = rows
        self.longest = max((row[1] - row[0] for row in rows), default=0)

    def shares(self, start: int, end: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Return the share of the stretch that each pitch class sounds (more than one part: more)."""
        found = np.zeros(12)
        for onset, stop, tone in self.rows[
            bisect_right(self.onset, start - self.longest) : bisect_right(self.onset, end)
        ]:
            found[tone] += max(min(stop, end) - max(onset, start), 0) / (end - start)
        return found


def parallels(made: Score) -> tuple[int, int]:
    """Return (parallel fifths and octaves, moves) of the outer voices: the highest and lowest of what sounds."""
    edges: dict[int, tuple[int, int]] = {}
    rows = sorted(
        (n.onset, n.onset + n.duration, n.pitch) for p in made.parts if not p.is_drums for n in p.notes
    )
    held: list[tuple[int, int]] = []
    for onset, end, pitch in rows:
        held = [(e, p) for e, p in held if e > onset + SLACK]
        held.append((end, pitch))
        edges[onset] = (max(p for _, p in held), min(p for _, p in held))
    found = moves = 0
    for (top, low), (next_top, next_low) in pairwise(edges.values()):
        if top in (next_top, low) or low == next_low:
            continue
        moves += 1
        interval = (top - low) % 12
        found += (
            interval in (0, 7)
            and interval == (next_top - next_low) % 12
            and (next_top > top) == (next_low > low)
        )
    return found, moves


def run(ctx: Context) -> list[Result]:
    """Return the results of every ensemble."""
    pieces = draw(ctx.seeds[0])
    own = 100 * _share([parallels(score) for score in pieces])
    results: list[Result] = []
    for name in NAMES:
        results += _results(ctx, name, [measure(score, name) for score in pieces], source=own)
    return results


def _share(pairs: Sequence[tuple[int, int]]) -> float:
    return sum(a for a, _ in pairs) / max(sum(b for _, b in pairs), 1)


def _results(ctx: Context, name: str, rows: Sequence[Row], *, source: float) -> list[Result]:
    n, seeds = len(rows), (ctx.seeds[0],)
    outer = _share([row.parallels for row in rows])
    return [
        ctx.result(f"{name}: notes out of range", sum(r.outside for r in rows), "notes", n=n, goal="<= 0", seeds=seeds),
        ctx.result(f"{name}: severe faults", sum(r.severe for r in rows), "faults", n=n, goal="<= 0", seeds=seeds,
                   anchor=f"{sum(r.faults for r in rows)} faults in all"),
        ctx.result(f"{name}: notes of the tune kept", _share([r.melody for r in rows]), "share", n=n, goal=">= 1",
                   seeds=seeds, anchor=f"{sum(r.melody[1] for r in rows)} notes"),
        ctx.result(f"{name}: chord tones kept", _share([r.tones for r in rows]), "share", n=n, seeds=seeds),
        ctx.result(f"{name}: parallels of the outer voices", 100 * outer, "per 100 moves", n=n, seeds=seeds,
                   anchor=f"{source:.2f} (the source)"),
        ctx.result(f"{name}: parts without a note", sum(r.silent for r in rows) / n, "parts", n=n, seeds=seeds),
        ctx.result_of(f"{name}: time", [r.seconds for r in rows], "s", seeds=seeds),
    ]  # fmt: skip
