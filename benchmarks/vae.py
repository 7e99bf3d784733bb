"""The `vae` family: reconstruction, KL, ways between tunes, directions of attributes, draws from the prior.

Conventions: people's bars of the test split, Nottingham's test tunes beside (measured, never learned from); decoded
from means, the likeliest step; three seeds of pairs and draws. Does not know: how the nets learned.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.human_windows import corpus_folder
from benchmarks.line_ngram import LineNGram
from benchmarks.runner import Context, Result
from zhiyin.data.corpus import SYNTHETIC
from zhiyin.data.fetch import data_home
from zhiyin.data.nottingham import Nottingham
from zhiyin.encode.bar_steps import HOLD, STEPS, Bars, shifted
from zhiyin.errors import ZhiyinError
from zhiyin.fill.latent.attributes import moved, steered
from zhiyin.fill.latent.draws import draw_bars
from zhiyin.fill.latent.path import path, unlike
from zhiyin.fill.latent.reading import PartBars, read_part
from zhiyin.fill.latent.space import Phrase, between
from zhiyin.models.vae_attributes import ATTRIBUTES, SPREADS, attributes_of
from zhiyin.models.vae_condition import BarFacts
from zhiyin.models.vae_config import ROLES
from zhiyin.models.vae_runtime import VaeRuntime, load_vae
from zhiyin.score import Timeline, quantise
from zhiyin.train.vae_data import Run, read_runs
from zhiyin.units import BoolArray, FloatArray, IntArray

PAIRS = 25  # a seed and metre
POINTS = 7
COUNTED = (
    "chinese_tunes",
    "music21_folk",
    "mutopia",
    "open_hymnal",
    "openewld",
    "openscore_lieder",
    "pd_songs",
)
BARS = 16
AMOUNTS = np.linspace(-2.0, 2.0, 9)  # deviations
PHRASES = 60  # of the table of attributes
DRAWS = 40  # phrases drawn a seed
MUSICVAE = "MusicVAE sampling 2-bar .951, 16-bar .685, hierarchical .867; another corpus (Lakh)"
MUSICVAE_TRIO = "MusicVAE trio, hierarchical, melody .760; another corpus"
MUSICVAE_DRUMS = "MusicVAE drums sampling 2-bar .917, 16-bar .794, hierarchical .908; another corpus"


def run(ctx: Context) -> list[Result]:
    """Return the tables."""
    corpus = corpus_folder()
    line, kit, trio = load_vae("vae-line"), load_vae("vae-drums"), load_vae("vae-trio")
    test = [
        r for r in read_runs(corpus, roles=("melody", "bass"), split="test") if r.set_name not in SYNTHETIC
    ]
    tunes = [r for r in test if r.role == "melody"]
    rows = reconstruction_rows(ctx, line, "melody", runs=tunes, anchor=MUSICVAE)
    rows += reconstruction_rows(ctx, line, "bass", runs=[r for r in test if r.role == "bass"], anchor="")
    folk = [r for r in tunes if r.set_name == "music21_folk"]
    rows += reconstruction_rows(ctx, line, "folk melody", runs=folk, anchor=MUSICVAE)
    rows += nottingham_rows(ctx, line)
    drums = [r for r in read_runs(corpus, roles=("drums",), split="test") if r.set_name not in SYNTHETIC]
    rows += reconstruction_rows(ctx, kit, "drums", runs=drums, anchor=MUSICVAE_DRUMS)
    for name, some in trio_runs(corpus).items():
        rows += reconstruction_rows(ctx, trio, name, runs=some, anchor=MUSICVAE_TRIO)
    ngram = learned(corpus)
    rows += way_rows(ctx, line, ngram, tunes=tunes)
    for way in ("straight", "chosen"):
        rows += attribute_rows(ctx, line, f"melody, {way}", runs=tunes, way=way)
        rows += attribute_rows(ctx, kit, f"drums, {way}", runs=drums, way=way)
    return rows + draw_rows(ctx, line, ngram, tunes=tunes)


def plain(run: Run, rows: IntArray) -> list[Bars]:
    """Return the bars of every part of a stretch of a run, moved to its commonest signature without sharps."""
    sharps = int(np.bincount(run.sharps[rows], minlength=12).argmax())
    by = -sharps if sharps <= 6 else 12 - sharps
    return [shifted(Bars(steps[rows], run.lengths[rows]), by) for steps in run.steps]


def windows(runs: Sequence[Run], bars: int) -> Iterator[tuple[Run, IntArray]]:
    """Yield the stretches of so many bars that fill each run one after another."""
    for one in runs:
        for first in range(0, len(one) - bars + 1, bars):
            yield one, np.arange(first, first + bars)


def reconstruction_rows(
    ctx: Context, net: VaeRuntime, name: str, *, runs: Sequence[Run], anchor: str
) -> list[Result]:
    """Return accuracy a step and of steps that begin or rest, and KL, of windows of 2 and 16 bars."""
    found = []
    for bars in (2, BARS):
        some = [(run.role, plain(run, rows)) for run, rows in windows(runs, bars)]
        if some:
            found += accuracy_rows(ctx, net, f"{name}, {bars} bars", some=some, anchor=anchor)
    return found


def accuracy_rows(
    ctx: Context, net: VaeRuntime, name: str, *, some: Sequence[tuple[str, list[Bars]]], anchor: str
) -> list[Result]:
    """Return the rows of some windows: (role, bars of every part)."""
    right, said, kl = [], [], 0.0
    for role, parts in some:
        mean, spread = net.encode(parts, ROLES.index(role))
        kl += float((0.5 * (mean**2 + spread**2 - 1) - np.log(spread)).sum()) / np.log(2)
        for bars, odds in zip(parts, net.decode(mean, parts[0].lengths, ROLES.index(role)), strict=True):
            same, speaks = same_steps(bars, odds.likeliest())
            right.append(same)
            said.append(same[speaks])
    steps, spoken = np.concatenate(right), np.concatenate(said)
    melodic = "melody" in name
    goal = ">= 0.995" if melodic and ", 2 bars" in name else ">= 0.97" if melodic else None
    inside = sum(int(parts[0].lengths.sum()) for _, parts in some)
    other = "non-hold" if net.config.parts[0] == "line" else "hit"
    return [
        ctx.result(f"{name}: accuracy a step", steps.mean(), "share", n=len(some), goal=goal, anchor=anchor or None),
        ctx.result(f"{name}: accuracy of {other} steps", spoken.mean(), "share", n=len(some),
                   goal=">= 0.95" if melodic and "16" in name else None),
        ctx.result(f"{name}: KL a step", kl / inside, "bits", n=len(some), anchor="MusicVAE is not told"),
    ]  # fmt: skip


def same_steps(a: Bars, b: Bars) -> tuple[BoolArray, BoolArray]:
    """Return (whether steps are the same, whether they begin or rest, or are hit) of the steps inside bars."""
    inside = np.arange(STEPS) < a.lengths[:, None]
    same = np.asarray((a.steps == b.steps).all(axis=2) if a.is_kit else a.steps == b.steps)
    speaks = np.asarray(a.steps.any(axis=2) if a.is_kit else a.steps != HOLD)
    return same[inside], speaks[inside]


def nottingham_rows(ctx: Context, net: VaeRuntime) -> list[Result]:
    """Return the rows of Nottingham's test tunes: folk of another collection, nothing of it learned from."""
    with (data_home() / "splits" / "nottingham.csv").open(encoding="utf-8") as file:
        test = {(row["file"], row["title"]) for row in csv.DictReader(file) if row["split"] == "test"}
    reader, root = Nottingham(), data_home() / "nottingham"
    tunes = []
    for source in sorted(reader.sources(root), key=lambda s: hashlib.md5(s.id.encode()).hexdigest()):
        try:
            score = quantise(next(iter(reader.read(root, source))).score)[0]
        except (ZhiyinError, StopIteration):
            continue
        if score.parts and (Path(source.path).stem, score.title) in test:
            tunes.append(score)
    found = []
    for bars in (2, BARS):
        some = []
        for score in tunes:
            first = 1 if score.pickup_ticks else 0
            last = Timeline.of(score).bar_count(score.parts[0].notes.end)
            for low in range(first, last - bars + 1, bars):
                try:
                    read = read_part(score, 0, bars=range(low, low + bars))
                except ZhiyinError:  # a bar of more than sixteen sixteenths
                    continue
                if not read.moved:
                    some.append(("melody", [read.bars]))
        found += accuracy_rows(ctx, net, f"Nottingham melody, {bars} bars", some=some, anchor=MUSICVAE)
    return found


def trio_runs(corpus: Path) -> dict[str, list[Run]]:
    """Return runs of melody, bass and drums of the test split: people's, and the style book's."""
    runs = read_runs(corpus, roles=("melody", "bass", "drums"), split="test", together=True)
    return {
        "trio (Freedoom)": [r for r in runs if r.set_name not in SYNTHETIC],
        "trio (style book, by rule)": [r for r in runs if r.set_name in SYNTHETIC],
    }


def learned(corpus: Path) -> LineNGram:
    """Return the independent model, counted on people's melodies of the train split: songs, hymns, folk, piano."""
    ngram = LineNGram()
    for one in read_runs(corpus, roles=("melody",), split="train", sets=COUNTED):
        ngram.learn(plain(one, np.arange(len(one)))[0])
    return ngram


def bits_a_step(ngram: LineNGram, some: Sequence[Bars]) -> float:
    """Return bits a step of melodies under the independent model."""
    told = [ngram.bits(bars) for bars in some]
    return sum(bits for bits, _ in told) / sum(steps for _, steps in told)


def way_rows(ctx: Context, net: VaeRuntime, ngram: LineNGram, *, tunes: Sequence[Run]) -> list[Result]:
    """Return how smooth and how likely ways between pairs of test melodies are: ours, and plain slerp."""
    by_length = {
        size: [
            bars
            for run, rows in windows(tunes, BARS)
            if ((bars := plain(run, rows)[0]).lengths == size).all()
        ]
        for size in (16, 12)
    }
    found = []
    for name in ("way", "plain slerp"):
        smooth, likely, middle = [], [], []
        for seed in ctx.seeds:
            shares, ratios, places = [], [], []
            for size, some in by_length.items():
                rng = np.random.default_rng([seed, size])
                ways = [one_way(name, net, some, rng=rng) for _ in range(PAIRS)]
                shares += [is_smooth(way) for way in ways]
                places += [place_of(way) for way in ways]
                ratios.append(
                    bits_a_step(ngram, [way[POINTS // 2] for way in ways]) / bits_a_step(ngram, some)
                )
            smooth.append(float(np.mean(shares)))
            likely.append(float(np.mean(ratios)))
            middle.append(float(np.mean(places)))
        goals = (">= 0.9", "<= 0.05") if name == "way" else (None, None)
        apart = [abs(ratio - 1.0) for ratio in likely]
        found += [
            ctx.result_of(f"{name}: paths monotone in distance to both ends", smooth, "share", goal=goals[0],
                          seeds=ctx.seeds),
            ctx.result_of(f"{name}: bits a step of midpoints over people's", likely, "ratio", seeds=ctx.seeds,
                          anchor="an n-gram that shares nothing with the VAE"),
            ctx.result_of(f"{name}: how far midpoints' bits lie from people's", apart, "share", goal=goals[1],
                          seeds=ctx.seeds),
            ctx.result_of(f"{name}: where the midpoint lies, 0 to 1", middle, "share", seeds=ctx.seeds),
        ]  # fmt: skip
    return found


def one_way(name: str, net: VaeRuntime, some: Sequence[Bars], *, rng: np.random.Generator) -> list[Bars]:
    """Return the points of a way between two melodies drawn."""
    a, b = (PartBars(some[int(i)], "melody") for i in rng.choice(len(some), 2, replace=False))
    if name == "way":
        return [point.bars for point in path(a, b, POINTS, rng=rng, net=net)]
    ends = [net.encode([side.bars], 0)[0] for side in (a, b)]
    latents = [between(ends[0], ends[1], k / (POINTS - 1)) for k in range(POINTS)]
    return [net.decode(z, a.bars.lengths, 0)[0].likeliest() for z in latents]


def is_smooth(way: Sequence[Bars]) -> bool:
    """Return whether no point is nearer to the first end, or farther from the last, than the point before."""
    first = [float(unlike(point, way[0]).mean()) for point in way]
    last = [float(unlike(point, way[-1]).mean()) for point in way]
    return all(b >= a - 1e-9 for a, b in pairwise(first)) and all(b <= a + 1e-9 for a, b in pairwise(last))


def place_of(way: Sequence[Bars]) -> float:
    """Return where the middle point lies between the ends."""
    middle = way[len(way) // 2]
    a, b = (float(unlike(middle, end).mean()) for end in (way[0], way[-1]))
    return a / max(a + b, 1e-9)


def attribute_rows(
    ctx: Context, net: VaeRuntime, name: str, *, runs: Sequence[Run], way: str = "straight"
) -> list[Result]:
    """Return the table of directions: what a deviation asked moves of each attribute, and how evenly it rises."""
    rng = np.random.default_rng(0)
    every = list(windows(runs, 8))
    chosen = [every[int(i)] for i in rng.choice(len(every), min(PHRASES, len(every)), replace=False)]
    role = ROLES.index(chosen[0][0].role)
    effects = {a: np.zeros(len(ATTRIBUTES)) for a in ATTRIBUTES}
    ranks: dict[str, list[float]] = {a: [] for a in ATTRIBUTES}
    spreads = net.w[SPREADS].astype(np.float64)
    able = [a for i, a in enumerate(ATTRIBUTES) if spreads[i] > 0]
    for one, rows in chosen:
        (bars,) = plain(one, rows)
        phrase = Phrase(net.encode([bars], role)[0], bars.lengths, one.role)
        for attribute in able:
            values = np.array(
                [measured(net, phrase, bars, asked={attribute: float(x)}, way=way) for x in AMOUNTS]
            )
            slope = np.array([np.polyfit(AMOUNTS, column, 1)[0] for column in np.nan_to_num(values).T])
            effects[attribute] += slope / np.where(spreads > 0, spreads, 1.0) / len(chosen)
            ranks[attribute].append(spearman(AMOUNTS, values[:, ATTRIBUTES.index(attribute)]))
    found = []
    for attribute in able:
        found.append(ctx.result(f"{name}, {attribute}: Spearman with what is asked", float(np.mean(ranks[attribute])),
                                "rho", n=len(chosen), goal=">= 0.9" if way == "chosen" else None))  # fmt: skip
        for other in able:
            value = float(effects[attribute][ATTRIBUTES.index(other)])
            found.append(
                ctx.result(f"{name}, {attribute} asked, {other} moves", value, "deviations", n=len(chosen))
            )
    return found


def measured(net: VaeRuntime, phrase: Phrase, bars: Bars, *, asked: dict[str, float], way: str) -> FloatArray:
    """Return the mean attributes of the bars that answer: of the straight move, or chosen among candidates."""
    if way == "straight":
        (odds,) = net.decode(moved(phrase, asked, net).latent, phrase.lengths, ROLES.index(phrase.role))
        values = attributes_of(odds.likeliest())
    else:
        rng = np.random.default_rng(1)
        values = attributes_of(steered(PartBars(bars, phrase.role), asked, rng=rng, net=net).bars)
    sums = np.nansum(values, axis=0)
    result: FloatArray = sums / np.maximum(np.isfinite(values).sum(axis=0), 1)
    return result


def spearman(x: FloatArray, y: FloatArray) -> float:
    """Return the rank correlation, ties sharing their ranks; 0 where y does not move."""
    ranks = [np.array([np.mean([np.sum(v < one), np.sum(v <= one) - 1]) for one in v]) for v in (x, y)]
    if np.ptp(ranks[1]) == 0:
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def draw_rows(ctx: Context, net: VaeRuntime, ngram: LineNGram, *, tunes: Sequence[Run]) -> list[Result]:
    """Return what draws from the prior are like under the chords and lengths of test melodies, beside those."""
    chosen = [(run, rows) for run, rows in windows(tunes, BARS) if run.roots[rows].min() < 12][: DRAWS * 3]
    bits, tones, rates, own = [], [], [], []
    for seed in ctx.seeds:
        rng = np.random.default_rng([seed, 11])
        some = [chosen[int(i)] for i in rng.choice(len(chosen), min(DRAWS, len(chosen)), replace=False)]
        drawn = [draw_bars(net, facts_of(run, rows), rng, role=0, style=run.style)[0] for run, rows in some]
        real = [plain(run, rows)[0] for run, rows in some]
        bits.append(bits_a_step(ngram, drawn) / bits_a_step(ngram, real))
        tones.append(
            float(np.mean([on_chord(bars, run, rows) for bars, (run, rows) in zip(drawn, some, strict=True)]))
        )
        own.append(
            float(np.mean([on_chord(bars, run, rows) for bars, (run, rows) in zip(real, some, strict=True)]))
        )
        rates.append(
            float(
                np.mean([attributes_of(b)[:, 0][np.isfinite(attributes_of(b)[:, 0])].mean() for b in drawn])
            )
        )
    said = f"people {np.mean(own):.2f}"
    return [
        ctx.result_of("draws: bits a step over those of people's melodies", bits, "ratio", seeds=ctx.seeds),
        ctx.result_of("draws: beats on tones of the chord", tones, "share", anchor=said, seeds=ctx.seeds),
        ctx.result_of("draws: attacks a quarter", rates, "attacks", seeds=ctx.seeds),
    ]


def facts_of(run: Run, rows: IntArray) -> BarFacts:
    """Return the chords, lengths and mode of a stretch, its texture left open."""
    sharps = int(np.bincount(run.sharps[rows], minlength=12).argmax())
    by = -sharps if sharps <= 6 else 12 - sharps
    nothing = np.full(rows.size, np.nan)
    roots = np.where(run.roots[rows] == 12, 12, (run.roots[rows] + by) % 12)
    return BarFacts(
        chords=np.roll(run.chords[rows], by % 12, axis=2), roots=roots, lengths=run.lengths[rows],
        minor=run.minor[rows], place=rows, left=run.left[rows], density=nothing, register=nothing,
    )  # fmt: skip


def chord_share(every: Sequence[Bars], places: Sequence[tuple[Run, IntArray]]) -> float:
    """Return the mean share of chord tones on the strong places of melodies."""
    return float(
        np.mean([on_chord(bars, run, rows) for bars, (run, rows) in zip(every, places, strict=True)])
    )


def on_chord(bars: Bars, run: Run, rows: IntArray) -> float:
    """Return the share of notes that begin on the first beat or the middle of a bar which are chord tones."""
    facts, hits, count = facts_of(run, rows), 0, 0
    for index, size in enumerate(bars.lengths.tolist()):
        for half, step in enumerate((0, size // 2)):
            symbol = int(bars.steps[index, step])
            if symbol < HOLD and facts.chords[index, half].any():
                count += 1
                hits += bool(facts.chords[index, half, symbol % 12])
    return hits / count if count else 0.0
