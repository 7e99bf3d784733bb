"""Are copies found again, is ordinary music left in peace, how fast is the search, and does the generator copy?

Conventions: copies are paraphrases of training lines (benchmarks/paraphrases.py) searched among all lines of the
index; a comparison is one query with one work. Generated pieces are compared with an index built by brute force from
every 12-gram and every run of 24 notes. Needs ZHIYIN_CORPUS, and ZHIYIN_DATA with the Nottingham set and its split.
Does not know: how the index works inside.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.originality_floor import has_run, nottingham, shared_share
from benchmarks.paraphrases import KINDS, paraphrase
from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.apps.model import open_model
from zhiyin.apps.plan_ import plan_of
from zhiyin.apps.wishes import read_asked
from zhiyin.data.corpus import CorpusView, load_corpus, load_human_corpus, piece_to_score
from zhiyin.data.fetch import data_home
from zhiyin.errors import ConstraintsUnmet
from zhiyin.fill import compose_plan
from zhiyin.fill.constraints import Unmasked, Verdict
from zhiyin.fill.originality_guard import Follower
from zhiyin.rights.index import END, GRAM, Index, winnow
from zhiyin.rights.lines import Line, is_telling, lines_of
from zhiyin.rights.report import ALIKE_SHARE, LONG_NOTES, report_on
from zhiyin.rights.search import nearest, shared_runs
from zhiyin.rights.storage import Library, shipped_library
from zhiyin.score import Notes, Part, Score, Wishes

QUERIES = 16  # a kind and seed
HELD_OUT = 30  # pieces of each held-out split
BARS = 1_000_000
STYLES = (
    "chorale", "hymn", "art song", "romantic piano", "waltz", "mazurka", "string quartet", "orchestral", "folk",
    "pop", "rock", "jazz", "chinese", "ambient", "march", "ragtime", "baroque", "classical", "guitar", "nocturne",
)  # fmt: skip
Grams = NDArray[np.uint64]


def run(ctx: Context) -> list[Result]:
    """Measure all of it."""
    folder = Path(os.environ.get("ZHIYIN_CORPUS") or data_home() / "corpus")
    if not folder.is_dir():
        raise BenchmarkError(f"a corpus must be at {folder}: run  zhiyin corpus build  or set ZHIYIN_CORPUS")
    library = shipped_library()
    train = load_corpus(folder, split="train")
    copies = [list(copies_of(train, library, seed)) for seed in ctx.seeds]
    results = retrieval(ctx, library, copies)
    results += search_speed(ctx, library, [copy.line for copy in copies[0]])
    held_out = {split: pieces_of(load_human_corpus(folder, split=split)) for split in ("valid", "test")}
    results += false_alarms(ctx, library, held_out)
    results += copying(ctx, library, held_out["test"])
    return results + human_floor(ctx)


# -- copies found again ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Copy:
    """A paraphrase, its kind, and the work it was made from."""

    line: Line
    kind: str
    work: int


def copies_of(view: CorpusView, library: Library, seed: int) -> Iterator[Copy]:
    """Yield QUERIES paraphrases of each kind, from lines of the index drawn by piece."""
    rng = np.random.default_rng([seed, 14])
    index = library.melodies
    place = {(p.set, p.id): number for number, p in enumerate(index.pieces)}
    keys = list(zip(view.column("set").tolist(), view.column("id").tolist(), strict=True))
    done = 0
    while done < QUERIES * len(KINDS):
        row = int(rng.integers(len(view)))
        if keys[row] not in place:
            continue
        lines = [
            n for n in lines_of(piece_to_score(view, row)) if n.pitch.size >= 40 and is_telling(n.intervals)
        ]
        if not lines:
            continue
        kind = KINDS[done % len(KINDS)]
        line = paraphrase(lines[int(rng.integers(len(lines)))], kind, rng)
        yield Copy(line, kind, int(index.works[place[keys[row]]]))
        done += 1


def retrieval(ctx: Context, library: Library, copies: list[list[Copy]]) -> list[Result]:
    """Return how often the source comes first, and how many others stand above what nine of ten sources reach."""
    works = library.melodies.works
    work_count = int(works.max()) + 1
    top, mrr, alarms, limits = [], [], [], []
    by_kind: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for queries in copies:
        ranks, own, others = [], [], []
        for copy in queries:
            votes = nearest(library.melodies, copy.line, most=400)
            is_own = works[votes.piece] == copy.work
            score = float(votes.score[is_own].max()) if is_own.any() else 0.0
            rest = votes.score[~is_own]
            first = np.unique(works[votes.piece][~is_own], return_index=True)[1]
            rest = rest[first]  # the best of each other work
            # Works that hold the very same passage tie: the source then counts as standing amid them.
            ranks.append(1 + (rest > score).sum() + (rest == score).sum() / 2 if score else np.inf)
            own.append(score)
            others.append(rest)
            by_kind[copy.kind].append(float(ranks[-1] < 1.5))
        limit = float(np.quantile(own, 0.1))
        top.append(float(np.mean(np.array(ranks) < 1.5)))
        mrr.append(float(np.mean(1 / np.array(ranks))))
        alarms.append(sum(int((rest >= limit).sum()) for rest in others) / (len(queries) * (work_count - 1)))
        limits.append(limit)
    kinds = [
        ctx.result(
            f"source found first, {kind}", float(np.mean(found)), "share", n=len(found), seeds=ctx.seeds
        )
        for kind, found in by_kind.items()
    ]
    return [
        ctx.result_of("source of a paraphrase found first", top, "share", seeds=ctx.seeds, goal=">= 0.95",
                      anchor="interval n-gram TF-IDF on real cases .655"),
        ctx.result_of("source of a paraphrase, mean reciprocal rank", mrr, "share", seeds=ctx.seeds),
        *kinds,
        ctx.result_of("false alarms a comparison at 90 % recall", alarms, "share", seeds=ctx.seeds, goal="<= 0.0001"),
        ctx.result_of("score that nine of ten sources reach", limits, "notes", seeds=ctx.seeds),
        ctx.result("works compared with", work_count, "works"),
    ]  # fmt: skip


# -- speed -------------------------------------------------------------------------------------------------------


def search_speed(ctx: Context, library: Library, queries: list[Line]) -> list[Result]:
    """Return processor time of a search among 1,000,000 bars, beside a scan of all bytes."""
    index = grown(library.melodies)
    bars = bar_count(index)
    asked = queries[::5][:50]  # the transposed ones: 8 to 32 bars
    index.bars, index.bucket_start, index.line_of(np.array([0]))
    full = [spent_ms(lambda q=q: nearest(index, q)) for q in asked]  # type: ignore[misc]
    exact = [spent_ms(lambda q=q: shared_runs(index, q, with_rhythm=True)) for q in asked]  # type: ignore[misc]
    text = index.intervals.tobytes()
    scan = [spent_ms(lambda q=q: scanned(text, q)) for q in asked[:5]]  # type: ignore[misc]
    note = f"{bars:,} bars: the index and its lines backwards; one core, processor time"
    return [
        ctx.result("nearest passages among a million bars, median", float(np.median(full)), "ms", n=len(full),
                   goal="< 50", anchor=note),
        ctx.result("nearest passages among a million bars, 95 %", float(np.quantile(full, 0.95)), "ms", n=len(full)),
        ctx.result("exact runs among a million bars, median", float(np.median(exact)), "ms", n=len(exact), goal="< 50"),
        ctx.result("exact runs by scanning all bytes, median", float(np.median(scan)), "ms", n=len(scan)),
        *guard_speed(ctx, library, asked),
    ]  # fmt: skip


def grown(index: Index) -> Index:
    """Return the index with copies of its lines played backwards, until it holds 1,000,000 bars."""
    wanted = BARS - bar_count(index)
    lines = np.arange(index.line_piece.size)
    spans = np.add.reduceat(index.bar_steps.astype(np.int64), index.line_start[:-1])
    first_of_piece = np.append(True, np.diff(index.line_piece) != 0)
    added = lines[: int(np.searchsorted(np.cumsum(np.where(first_of_piece, spans, 0)), wanted)) + 1]
    end = int(index.line_start[added[-1] + 1])
    flipped = np.concatenate((index.intervals[: end - 1][::-1], np.array([END], np.int8)))
    sizes = np.diff(index.line_start)[added][::-1]
    intervals = np.concatenate((index.intervals, flipped))
    positions, bucket_size = winnow(intervals)
    return replace(
        index,
        line_start=np.concatenate((index.line_start, index.line_start[-1] + np.cumsum(sizes))),
        line_piece=np.concatenate((index.line_piece, index.line_piece[added][::-1])),
        line_part=np.concatenate((index.line_part, index.line_part[added][::-1])),
        line_bar=np.concatenate((index.line_bar, index.line_bar[added][::-1])),
        intervals=intervals,
        ratios=np.concatenate((index.ratios, index.ratios[:end][::-1])),
        bar_steps=np.concatenate((index.bar_steps, index.bar_steps[:end][::-1])),
        positions=positions,
        bucket_size=bucket_size,
    )


def bar_count(index: Index) -> int:
    """Return the bars of the pieces, counted by the longest line of each stretch of one piece's lines."""
    spans = index.line_bar + np.add.reduceat(index.bar_steps.astype(np.int64), index.line_start[:-1]) + 1
    starts = np.flatnonzero(np.append(True, np.diff(index.line_piece) != 0))
    return int(np.maximum.reduceat(spans, starts).sum())


def scanned(text: bytes, line: Line) -> int:
    """Return how often the line's grams occur, by searching all bytes for each."""
    own = line.intervals.tobytes()
    found = 0
    for gram in {own[i : i + GRAM] for i in range(len(own) - GRAM + 1)}:
        at = text.find(gram)
        while at >= 0:
            found += 1
            at = text.find(gram, at + 1)
    return found


def guard_speed(ctx: Context, library: Library, lines: list[Line]) -> list[Result]:
    """Return microseconds that the guard takes for each note of copied lines: the worst it can be given."""
    spent, notes = 0.0, 0
    for line in lines:
        follower = Follower(library, longest=LONG_NOTES)
        known: list[tuple[int, int]] = []
        begin = time.process_time()
        for onset, pitch in zip(line.onset.tolist(), line.pitch.tolist(), strict=True):
            follower.forbidden(onset)
            known.append((onset, pitch))
            follower.follow(known)
        spent += time.process_time() - begin
        notes += len(known)
    return [ctx.result("guard, a note of a copied line", 1e6 * spent / notes, "us", n=notes)]


def spent_ms(call: Callable[[], object]) -> float:
    """Return the processor time of a call in milliseconds."""
    begin = time.process_time()
    call()
    return 1000 * (time.process_time() - begin)


# -- false alarms ------------------------------------------------------------------------------------------------


def pieces_of(view: CorpusView) -> list[Score]:
    """Return at most HELD_OUT pieces of a view that have lines, drawn with one seed."""
    order = np.random.default_rng(9).permutation(np.flatnonzero(view.note_counts > 60))
    found: list[Score] = []
    for row in order.tolist():
        score = piece_to_score(view, row)
        if len(found) < HELD_OUT and lines_of(score):
            found.append(score)
    return found


def false_alarms(ctx: Context, library: Library, held_out: dict[str, list[Score]]) -> list[Result]:
    """Return the share of pieces called more than ordinary: people's held-out pieces, patterns and random notes."""
    results = []
    sets = {f"held-out pieces ({split})": pieces for split, pieces in held_out.items()}
    sets |= {"scales, arpeggios and accompaniment figures": patterns(), "random lines": random_lines()}
    for name, pieces in sets.items():
        levels = [report_on(piece, library, top=3).level for piece in pieces]
        for level in ("long run", "alike"):
            share = float(np.mean([one == level for one in levels]))
            results.append(ctx.result(f"{name} called {level!r}", share, "share", n=len(levels)))
    results.append(ctx.result("notes of a stretch that must agree to be called alike", ALIKE_SHARE, "share"))
    return results


def patterns() -> list[Score]:
    """Return 64 notes each of figures that belong to nobody, in three keys."""
    figures = {
        "scale": [0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2], "chromatic": list(range(12)), "repeated": [0],
        "arpeggio": [0, 4, 7, 12, 7, 4], "alberti": [0, 7, 4, 7], "oom-pah": [0, 7], "octaves": [0, 12],
        "thirds": [0, 4, 2, 5, 4, 7, 5, 9], "broken": [0, 4, 7, 4], "walking": [0, 4, 7, 9, 10, 9, 7, 4],
    }  # fmt: skip
    return [
        one_line([48 + key + figure[i % len(figure)] for i in range(64)], [12] * 64)
        for figure in figures.values()
        for key in range(3)
    ]


def random_lines() -> list[Score]:
    """Return 100 lines of 64 notes that step about in a major scale at random."""
    scale = np.array([0, 2, 4, 5, 7, 9, 11])
    made = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        degree = np.clip(14 + np.cumsum(rng.integers(-2, 3, 64)), 0, 34)
        made.append(
            one_line(
                (36 + 12 * (degree // 7) + scale[degree % 7]).tolist(), rng.choice([12, 24], 64).tolist()
            )
        )
    return made


def one_line(pitches: list[int], lengths: list[int]) -> Score:
    """Return a score of one part; lengths in steps."""
    length = np.array(lengths) * 420
    onset = np.cumsum(length) - length
    return Score("Line", (Part("Line", Notes(onset, length, np.array(pitches), np.full(onset.size, 80))),))


# -- what the generator shares with training ----------------------------------------------------------------------


def brute_grams(intervals: NDArray[np.int8], ratios: NDArray[np.uint8], size: int) -> Grams:
    """Return a 64-bit number for each run of `size` intervals with the ratios inside; runs over an END are 0."""
    count = intervals.size - size + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    value, is_end = np.zeros(count, np.uint64), np.zeros(count, bool)
    factor = np.uint64(0x100000001B3)
    for place in range(size):
        here = intervals[place : place + count]
        value = (value ^ (here.astype(np.int64) + 200).astype(np.uint64)) * factor
        if place:
            value = (value ^ (ratios[place : place + count].astype(np.uint64) + np.uint64(1000))) * factor
        value ^= value >> np.uint64(29)
        is_end |= here == END
    value[is_end] = 0
    return value


def is_known(grams: Grams, known: Grams) -> NDArray[np.bool_]:
    """Return which numbers stand among known ones, which rise."""
    found: NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, grams), known.size - 1)] == grams
    return found


@dataclass(frozen=True)
class Shared:
    """Share of 12-grams found in training, longest run in notes, runs of 24 notes found: telling ones, and figures."""

    gram_share: float
    longest: int
    long_runs: int
    long_figures: int


def compared(lines: list[Line], library: Library, known: dict[int, Grams]) -> Shared:
    """Return what lines share with training, by brute force but for the longest run."""
    found, longest, long_runs, figures = [], 0, 0, 0
    for line in lines:
        grams = brute_grams(line.intervals, line.ratios, 12)
        found += is_known(grams, known[12]).tolist()
        runs = brute_grams(line.intervals, line.ratios, LONG_NOTES - 1)
        for at in np.flatnonzero(is_known(runs, known[LONG_NOTES - 1])).tolist():
            telling = is_telling(line.intervals[at : at + LONG_NOTES - 1])
            long_runs, figures = long_runs + telling, figures + (not telling)
        longest = max(longest, shared_runs(library.melodies, line, with_rhythm=True).longest)
    return Shared(float(np.mean(found)) if found else 0.0, longest, long_runs, figures)


def melodies(score: Score) -> list[Line]:
    """Return the lines of parts that carry a tune; all lines where no part says so."""
    own = [line for line in lines_of(score) if line.kind == "top"]
    tunes = [line for line in own if score.parts[line.part].role == "melody"]
    return tunes or own[:1]


def copying(ctx: Context, library: Library, people: list[Score]) -> list[Result]:
    """Return what generated pieces share with training, with the guard and without, beside held-out people."""
    index = library.melodies
    sizes = (12, LONG_NOTES - 1)
    known = {size: np.unique(brute_grams(index.intervals, index.ratios, size)) for size in sizes}
    results = reported(
        ctx, "people's held-out pieces", [[melodies(piece) for piece in people]], library=library, known=known
    )
    for name, is_guarded in (("generated", True), ("generated without the guard", False)):
        seeds = ctx.seeds if is_guarded else ctx.seeds[:1]
        asked = [[generated(style, seed, is_guarded) for style in STYLES] for seed in seeds]
        made = [[piece for piece in one if piece is not None] for one in asked]
        refused = sum(piece is None for one in asked for piece in one)
        results.append(
            ctx.result(f"{name}: requests without an answer", refused, "pieces", n=sum(map(len, asked)))
        )
        tunes = [[melodies(p) for p in one] for one in made]
        results += reported(ctx, name, tunes, library=library, known=known)
        if is_guarded:
            every = [[[n for n in lines_of(p) if n.kind == "top"] for p in one] for one in made]
            results += reported(ctx, "generated, every part", every, library=library, known=known)
    return results


def reported(
    ctx: Context, name: str, sets: list[list[list[Line]]], *, library: Library, known: dict[int, Grams]
) -> list[Result]:
    """Return the results for pieces by seed: each piece a list of lines."""
    pooled = [compared([line for piece in one for line in piece], library, known) for one in sets]
    pieces = [compared(piece, library, known) for one in sets for piece in one if piece]
    is_goal = name.startswith("generated") and "without" not in name
    share = [one.gram_share for one in pooled]
    seeds = ctx.seeds if len(sets) > 1 else ()
    return [
        ctx.result_of(f"{name}: 12-grams found in training", share, "share", seeds=seeds,
                      goal="<= 0.049" if name == "generated" else None,
                      anchor="people with people .049"),
        ctx.result(f"{name}: longest run, median", float(np.median([p.longest for p in pieces])), "notes",
                   n=len(pieces)),
        ctx.result(f"{name}: longest run, most", max(p.longest for p in pieces), "notes", n=len(pieces)),
        ctx.result(f"{name}: pieces with a run of 24 notes", sum(p.long_runs > 0 for p in pieces), "pieces",
                   n=len(pieces), goal="<= 0" if is_goal else None),
        ctx.result(f"{name}: pieces with a figure of 24 notes going round", sum(p.long_figures > 0 for p in pieces),
                   "pieces", n=len(pieces)),
    ]  # fmt: skip


@dataclass(frozen=True)
class Unguarded(Unmasked):
    """Stands where the guard would, and allows everything."""

    name: str = "unguarded"

    def check(self, score: Score) -> Verdict:
        """Return a verdict that finds nothing."""
        return Verdict(self.name, False, True, "", "", "Not looked at.", "未检查。")


NAME = "Original"  # the wish that the planner looks up, and that this benchmark exchanges


def generated(style: str, seed: int, is_guarded: bool) -> Score | None:
    """Return a piece of 16 bars in a style by the shipped model, None where a hard wish could not be kept."""
    asked = read_asked(f"{style}, 16 bars", Wishes())
    plan = plan_of(asked, seed=seed)
    guard = getattr(compose_plan, NAME)
    try:
        if not is_guarded:
            setattr(compose_plan, NAME, Unguarded)
        return compose_plan.compose(plan, asked.wishes, model=open_model(None), seed=seed).score
    except ConstraintsUnmet:
        return None
    finally:
        setattr(compose_plan, NAME, guard)


# -- the human floor ----------------------------------------------------------------------------------------------


def human_floor(ctx: Context) -> list[Result]:
    """Return what the Nottingham test tunes share with its training tunes."""
    train, test = nottingham(data_home())
    every, parted = [*train, *test], []
    for seed in ctx.seeds:  # variants of a tune on both sides, as the anchor's split has them
        order = np.random.default_rng(seed).permutation(len(every)).tolist()
        parted.append(shared_share([every[i] for i in order[:93]], [every[i] for i in order[93:]], 12))
    return [
        ctx.result("Nottingham: 12-grams of test tunes found in train, variants together",
                   shared_share(test, train, 12), "share", n=len(test)),
        ctx.result_of("Nottingham: 12-grams of 93 tunes at random found in the others", parted, "share",
                      seeds=ctx.seeds, anchor="another draw .049"),
        ctx.result("Nottingham: tunes with a run of 32 notes", has_run(test, train, 31), "share",
                   n=len(test), anchor="another draw .054"),
    ]  # fmt: skip
