"""Style transfer: style reached and content kept, six pairs of styles, family by family, beside controls.

Conventions: eight bars of human pieces that neither the families nor the judges learned from; the judges are the style
classifier (`zhiyin.judge.style_net`) and one that hears notes alone (benchmarks/transfer_judge.py), as odds between the
two styles of a pair; no family was trained with either. Pairs were chosen on the validation side.
Strength: mean fall of the source's odds, both directions (Brunner et al., 2018); chroma: cosine of pitch classes by
duration, bar by bar, of all that sounds; contour: correlation of the top line; melody: share of the tune's notes kept.
Three seeds draw three sets of windows. ZHIYIN_TRANSFER_WINDOWS: windows a direction and seed (6).
The fill model (`transformer`) is slow and answers one window a direction and seed. ZHIYIN_TRANSFER_FAMILIES: which
families and controls (all).
Needs a corpus (ZHIYIN_CORPUS) and scikit-learn (extra `bench`).
Does not know: how a family writes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.runner import BenchmarkError, Context, Result, write_whole
from benchmarks.transfer_controls import Players, Shuffled, Swapped
from benchmarks.transfer_judge import JudgeBook, NotesJudge, heard_odds
from zhiyin.apps.model import open_model
from zhiyin.data.corpus import CorpusView, load_human_corpus, piece_to_score
from zhiyin.data.fetch import data_home
from zhiyin.encode.passages import Passage, passages, tune_part
from zhiyin.errors import ZhiyinError
from zhiyin.fill.acts.transfer import Asked, Writer, transfer
from zhiyin.fill.desk import Desk, lay_out
from zhiyin.fill.transfer_writers import FillWriter, RestylerWriter, RulesWriter
from zhiyin.judge.excerpts import BARS, Excerpt, draw_places, score_excerpt
from zhiyin.judge.style_net_data import split_pieces
from zhiyin.models.cyclegan_runtime import load_cyclegan
from zhiyin.models.vae_transfer_runtime import load_vae_transfer
from zhiyin.score import Score, Timeline, slice_ticks
from zhiyin.units import FloatArray

PAIRS = (
    ("hymn", "romantic-piano"), ("art-song", "hymn"), ("classical", "string-quartet"), ("art-song", "string-quartet"),
    ("string-quartet", "waltz"), ("hymn", "waltz"),
)  # fmt: skip
TRIPLE = frozenset({"waltz", "mazurka", "polonaise"})  # in three alone
EVEN = frozenset({"ragtime"})  # in two or four alone
WINDOWS = int(os.environ.get("ZHIYIN_TRANSFER_WINDOWS", "6"))
SLOW = ("transformer",)
SIDE = "test"  # pairs were chosen on "valid"
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
DETAILS = "benchmarks/results/transfer.details.jsonl"


@dataclass(frozen=True, eq=False)
class Window:
    """Eight bars of a human piece: its name, the score laid out, its passage over the whole of it."""

    piece: str
    desk: Desk
    passage: Passage


@dataclass(frozen=True, slots=True)
class Measured:
    """One answer: odds of the source before and after, by the style classifier and by notes alone; content kept."""

    source_before: float
    source_after: float
    notes_before: float
    notes_after: float
    chroma: float
    contour: float
    melody: float


Makers = dict[str, Callable[[str, Window], Writer]]


def families() -> Makers:
    """Return every family and control: how its writer is made for a source style and a window of the target style."""
    every: Makers = {
        "cyclegan": lambda source, donor: RestylerWriter(load_cyclegan(), source),
        "vae-transfer": lambda source, donor: RestylerWriter(load_vae_transfer(), source),
        "rules": lambda source, donor: RulesWriter(),
        "transformer": lambda source, donor: FillWriter(open_model(None)),
        "control: same notes, other players": lambda source, donor: Players(),
        "control: notes shuffled": lambda source, donor: Shuffled(),
        "control: another piece's backing": lambda source, donor: Swapped(donor.passage),
    }
    asked = os.environ.get("ZHIYIN_TRANSFER_FAMILIES")
    return every if asked is None else {name: every[name] for name in asked.split(",")}


def chroma(score: Score) -> FloatArray:
    """Return (bars, 12) sounding time of each pitch class in each bar."""
    line = Timeline.of(score)
    edges = [line.bar_start(bar) for bar in range(BARS + 1)]
    table = np.zeros((BARS, 12))
    for part in score.parts:
        for note in part.notes if not part.is_drums else ():
            for bar in range(BARS):
                low, high = max(note.onset, edges[bar]), min(note.onset + note.duration, edges[bar + 1])
                table[bar, note.pitch % 12] += max(high - low, 0)
    return table


def chroma_similarity(before: Score, after: Score) -> float:
    """Return the mean cosine of two scores' bars in which either sounds."""
    a, b = chroma(before), chroma(after)
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    heard = (a.sum(axis=1) > 0) | (b.sum(axis=1) > 0)
    return float(np.mean(np.where(norms > 0, (a * b).sum(axis=1) / np.maximum(norms, 1e-9), 0.0)[heard]))


def top_line(score: Score, grid: int) -> FloatArray:
    """Return the highest pitch that sounds in every so many ticks, nan in silence."""
    line = np.full(-(-score.end // grid), np.nan)
    for part in score.parts:
        for note in part.notes if not part.is_drums else ():
            low, high = note.onset // grid, max((note.onset + note.duration) // grid, note.onset // grid + 1)
            line[low:high] = np.fmax(line[low:high], note.pitch)
    return line


def contour_similarity(before: Score, after: Score, *, grid: int = 2520) -> float:
    """Return the correlation of both top lines where both sound, sixteenth by sixteenth; 0 for a flat one."""
    a, b = top_line(before, grid), top_line(after, grid)
    size = min(a.size, b.size)
    both = ~np.isnan(a[:size]) & ~np.isnan(b[:size])
    a, b = a[:size][both], b[:size][both]
    if a.size < 2 or a.std() == 0 or b.std() == 0:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def melody_kept(window: Window, after: Score) -> float:
    """Return the share of the tune's notes (onset, pitch, length, as in the piece) that stand in the answer."""
    passage, own = window.passage, window.desk.own
    answer = {(n.onset, n.pitch, n.duration) for p in after.parts for n in p.notes}
    notes = [list(part.notes) for part in own.parts]
    tune = [notes[int(passage.part[i])][int(passage.row[i])] for i in np.flatnonzero(passage.is_top).tolist()]
    return float(np.mean([(n.onset, n.pitch, n.duration) in answer for n in tune]))


def judged_by(score: Score, pair: tuple[str, str], judge: NotesJudge) -> tuple[float, float]:
    """Return the source's odds by the style classifier and by notes alone; pair: source and target."""
    return heard_odds(score, *pair)[0], judge.odds(score, *pair)[0]


def measure(
    window: Window, pair: tuple[str, str], answer: Score, *, before: tuple[float, float], judge: NotesJudge
) -> Measured:
    """Return what an answer is like beside the window; before: the window as it was judged."""
    frame, after = window.desk.frame, judged_by(answer, pair, judge)
    return Measured(
        before[0], after[0], before[1], after[1], chroma_similarity(frame, answer), contour_similarity(frame, answer),
        melody_kept(window, answer),
    )  # fmt: skip


@cache
def corpus() -> tuple[CorpusView, dict[str, dict[str, list[int]]]]:
    """Return the human pieces and their sides."""
    path = Path(os.environ.get("ZHIYIN_CORPUS") or data_home() / "corpus")
    if not path.is_dir():
        raise BenchmarkError(f"no corpus in {path}: run  zhiyin corpus build  or set ZHIYIN_CORPUS")
    view = load_human_corpus(path)
    return view, split_pieces(view)


@cache
def judges() -> JudgeBook:
    """Return the judges by notes alone."""
    return JudgeBook(*corpus(), fits)


def fits(excerpt: Excerpt, pair: tuple[str, str]) -> bool:
    """Return whether both styles of a pair are written in an excerpt's metre."""
    is_triple = excerpt.metre[0] % 3 == 0
    if set(pair) & TRIPLE:
        return is_triple and excerpt.metre[0] in (3, 6)
    return not (set(pair) & EVEN and is_triple)


def windows(style: str, other: str, seed: int) -> Iterator[Window]:
    """Yield held-out windows of a style in a metre that the other style knows, with a tune and something under it."""
    view, sides = corpus()
    rng = np.random.default_rng([seed, len(style), len(other)])
    pieces = rng.permutation(np.array(sides[style][SIDE], np.int64)).tolist()
    for round_ in range(3):
        for index in pieces:
            for place, excerpt in draw_places(
                view, [index], per_piece=round_ + 1, rng=np.random.default_rng([seed, index])
            )[round_ : round_ + 1]:
                if not fits(excerpt, (style, other)):
                    continue
                found = window_of(piece_to_score(view, index), place.piece, place.first_bar)
                if found is not None:
                    yield found


def window_of(score: Score, piece: str, first_bar: int) -> Window | None:
    """Return eight bars of a score, None without a tune or without anything under it."""
    line = Timeline.of(score)
    cut = slice_ticks(score, line.bar_start(first_bar), line.bar_start(first_bar + BARS))
    try:
        desk = lay_out(cut)
        found = passages(desk.frame)
        score_excerpt(desk.frame)
    except ZhiyinError:
        return None
    if len(found) != 1 or found[0].bars != BARS or tune_part(desk.frame) is None:
        return None
    if found[0].is_top.sum() < BARS or (~found[0].is_top).sum() < BARS:
        return None
    return Window(piece, desk, found[0])


def some(style: str, other: str, seed: int) -> list[Window]:
    """Return the windows of a direction."""
    found: list[Window] = []
    for window in windows(style, other, seed):
        found.append(window)
        if len(found) == WINDOWS:
            break
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """What one family answered on one window; found is None where it refused."""

    family: str
    pair: tuple[str, str]
    seed: int
    source: str
    target: str
    piece: str
    found: Measured | None


def lines(pair: tuple[str, str], seed: int, makers: Makers) -> Iterator[Line]:
    """Yield the answers of every family in both directions of a pair."""
    judge = judges().of(pair)
    drawn = {style: some(style, other, seed) for style, other in (pair, pair[::-1])}
    for source, target in (pair, pair[::-1]):
        for number, window in enumerate(drawn[source]):
            donor = drawn[target][number % len(drawn[target])]
            before = judged_by(window.desk.frame, (source, target), judge)
            for name, make in makers.items():
                if name in SLOW and number:
                    continue
                rng = np.random.default_rng([seed, number])
                try:
                    asked = Asked(style=target, seed=seed)
                    answer = transfer(window.desk, asked, make(source, donor), rng=rng).score
                    found = measure(window, (source, target), answer, before=before, judge=judge)
                except ZhiyinError:
                    found = None
                yield Line(name, pair, seed, source, target, window.piece, found)


def run(ctx: Context) -> list[Result]:
    """Measure every family and control on every pair, then strength by strength."""
    makers = families()
    found = [line for pair in PAIRS for seed in ctx.seeds for line in lines(pair, seed, makers)]
    results: list[Result] = []
    for name in makers:
        mine = [line for line in found if line.family == name]
        results += _results(ctx, name, _by_seed(mine))
        refused = sum(line.found is None for line in mine)
        results.append(ctx.result(f"all pairs, {name}: refused", refused, "windows", n=len(mine)))
    for pair in PAIRS:
        for name in makers:
            mine = [line for line in found if line.family == name and line.pair == pair]
            results += _pair_results(ctx, f"{pair[0]} <-> {pair[1]}", name, _by_seed(mine))
    results += _slider(ctx, makers)
    write_whole(ctx.root / DETAILS, "".join(json.dumps(asdict(line)) + "\n" for line in found))
    return results


def _by_seed(lines: list[Line]) -> dict[int, list[Measured]]:
    found: dict[int, list[Measured]] = {}
    for line in lines:
        if line.found is not None:
            found.setdefault(line.seed, []).append(line.found)
    return found


def strength_of(found: list[Measured]) -> float:
    """Return the mean fall of the source's odds in per cent."""
    return 100 * float(np.mean([m.source_before - m.source_after for m in found]))


def _pair_results(ctx: Context, pair: str, name: str, by_seed: dict[int, list[Measured]]) -> list[Result]:
    told = {"seeds": ctx.seeds}
    strengths = [strength_of(found) for found in by_seed.values()]
    alone = [100 * float(np.mean([m.notes_before - m.notes_after for m in f])) for f in by_seed.values()]
    chromas = [float(np.mean([m.chroma for m in found])) for found in by_seed.values()]
    goal = None if name.startswith("control") else ">= 75"
    return [
        ctx.result_of(f"{pair}, {name}: strength", strengths, "%", anchor="CycleGAN 71.6", goal=goal, **told),
        ctx.result_of(f"{pair}, {name}: strength by notes alone", alone, "%", **told),
        ctx.result_of(f"{pair}, {name}: chroma similarity", chromas, "", goal=goal and ">= 0.80", **told),
    ]


def _results(ctx: Context, name: str, by_seed: dict[int, list[Measured]]) -> list[Result]:
    goal = None if name.startswith("control") else ">= 75"
    rows = (
        ("strength S", "%", strength_of, goal),
        ("strength S by notes alone", "%",
         lambda f: 100 * float(np.mean([m.notes_before - m.notes_after for m in f])), None),
        ("taken for the target", "%", lambda f: 100 * float(np.mean([m.source_after < 0.5 for m in f])), None),
        ("source recognised before", "%", lambda f: 100 * float(np.mean([m.source_before for m in f])), None),
        ("chroma similarity", "", lambda f: float(np.mean([m.chroma for m in f])), goal and ">= 0.80"),
        ("contour similarity", "", lambda f: float(np.mean([m.contour for m in f])), None),
        ("melody kept", "%", lambda f: 100 * float(np.mean([m.melody for m in f])), goal and ">= 100"),
    )  # fmt: skip
    return [
        ctx.result_of(
            f"all pairs, {name}: {metric}", [of(found) for found in by_seed.values()], unit,
            anchor="CycleGAN 71.6" if metric == "strength S" else None, goal=wanted, seeds=ctx.seeds,
        )
        for metric, unit, of, wanted in rows
    ]  # fmt: skip


def _slider(ctx: Context, makers: Makers) -> list[Result]:
    """Return the target's odds strength by strength, first seed, on half of the windows."""
    results: list[Result] = []
    for name in [n for n in makers if n in ("cyclegan", "vae-transfer", "rules")]:
        odds_at: dict[float, list[float]] = {s: [] for s in STRENGTHS}
        for pair in PAIRS:
            for source, target in (pair, pair[::-1]):
                for number, window in enumerate(some(source, target, ctx.seeds[0])[: max(WINDOWS // 2, 1)]):
                    for strength in STRENGTHS:
                        asked = Asked(style=target, strength=strength)
                        rng = np.random.default_rng([ctx.seeds[0], number])
                        take = transfer(window.desk, asked, makers[name](source, window), rng=rng)
                        odds_at[strength].append(heard_odds(take.score, source, target)[1])
        for strength, values in odds_at.items():
            mean = 100 * float(np.mean(values))
            results.append(
                ctx.result(f"{name}, strength {strength:g}: target's odds", mean, "%", n=len(values))
            )
    return results
