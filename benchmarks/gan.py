"""The `gan` family beside people: fragments before and after our decoder, harmony, drums, collapse, and what moves it.

Conventions: phrases of four bars are written from noise under the chords, style, metre and players of held-out (test)
phrases, three draws of noise; the human range is that of pieces (10 to 90 %). Does not know: how it learns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2, vq

from benchmarks.human_windows import corpus_folder
from benchmarks.runner import Context, Result
from zhiyin.apps.model import open_model
from zhiyin.data.corpus import load_human_corpus, piece_to_score
from zhiyin.encode.context import context_of
from zhiyin.encode.grid_tokens import encode_grid
from zhiyin.errors import ZhiyinError
from zhiyin.fill.decode import fill
from zhiyin.fill.request import Request
from zhiyin.fill.team import Team
from zhiyin.models import gan_measures as measures
from zhiyin.models.gan_config import GanData
from zhiyin.models.gan_inputs import Noise, draw_noise, tell
from zhiyin.models.gan_proposer import open_gan
from zhiyin.models.gan_rolls import BARS, BASS, HARMONY, MELODY, TRACKS, Phrases, join_phrases, sounding
from zhiyin.models.gan_runtime import GanWriter, hard
from zhiyin.score import Cell, Notes, Score
from zhiyin.score.edit import map_notes, slice_bars
from zhiyin.train.gan_data import PhraseSet, draw_phrases, phrase_at
from zhiyin.units import BoolArray, FloatArray, IntArray

DATA = GanData(phrases_a_piece=2, pieces_a_style=40)
DECODED = 64  # requests that go through the decoder
CLUSTERS = 60
NEAR = 0.9  # shared notes of all notes: phrases that share so much are one phrase
DRAWS_OF_ONE = 32
CONTROLLED = 200  # phrases written under their own chords and under those of others
MUSEGAN_QN = "MuseGAN 55-70 %, its real data 82-90 % (another corpus, 24 steps a beat)"


def run(ctx: Context) -> list[Result]:
    """Return the tables of measures, collapse and control."""
    corpus, writer = corpus_folder(), open_gan().writer
    human = draw_phrases(corpus, split="test", data=DATA, seed=0, say=print)
    others = draw_phrases(corpus, split="valid", data=DATA, seed=0, say=print).phrases
    raw = [written(writer, human.phrases, seed) for seed in ctx.seeds]
    decoded = join_phrases(list(through_the_decoder(ctx.seeds[0])))
    rows = measure_rows(ctx, human, raw, decoded=decoded)
    rows += likeness_rows(ctx, human.phrases, others, raw=raw)
    rows += collapse_rows(ctx, writer, human.phrases, raw=raw)
    return rows + control_rows(ctx, writer, human.phrases)


def written(writer: GanWriter, asked: Phrases, seed: int, *, given: BoolArray | None = None) -> Phrases:
    """Return raw phrases, the likeliest symbols, for what others were asked; given: (n, BARS, 4) cells to answer."""
    rng = np.random.default_rng([seed, len(asked)])
    cells = np.zeros((len(asked), BARS, len(TRACKS)), bool) if given is None else given
    noise, found = draw_noise(writer.config, len(asked), rng), []
    for low in range(0, len(asked), 256):
        some = slice(low, low + 256)
        told = tell(asked.take(np.arange(len(asked))[some]), cells[some])
        part = Noise(*(getattr(noise, f.name)[some] for f in fields(noise)))
        found.append(hard(writer(told, part)) * told.write + told.kept)
    return replace(asked, codes=np.concatenate(found).astype(np.uint8))


def through_the_decoder(seed: int) -> Iterator[Phrases]:
    """Yield phrases that the decoding loop made of proposals, over the chords of held-out windows without notes."""
    view = load_human_corpus(corpus_folder(), split="test")
    rng = np.random.default_rng([seed, 77])
    team, made = Team(open_gan(), open_model()), 0
    for index in rng.permutation(len(view)).tolist():
        style = str(view.column("style")[index])
        window = _window(piece_to_score(view, index), rng)
        if window is None or style == "drum-groove":
            continue
        cells = frozenset(Cell(p, b) for p in range(len(window.parts)) for b in range(BARS))
        try:
            score = fill(Request(window, cells, seed=seed, style=style or None), team)[0].score
        except ZhiyinError as error:
            print(f"    left out: {error}", flush=True)
            continue
        tokens = encode_grid(score)
        phrase = (
            phrase_at(tokens, context_of(tokens, style=style or None), 0) if tokens.columns >= BARS else None
        )
        if phrase is not None:
            made += 1
            yield phrase
        if made == DECODED:
            return


def _window(score: Score, rng: np.random.Generator) -> Score | None:
    """Return four bars of a score without its notes, None where it has too many parts, few bars or silence there."""
    tokens = encode_grid(score)
    bars = int(tokens.bars[-1]) + 1
    if not 1 <= len(score.parts) <= 6 or bars < BARS + 2 or tokens.columns != bars:
        return None
    start = int(rng.integers(1, bars - BARS))
    if phrase_at(tokens, context_of(tokens), start) is None:
        return None
    cut = slice_bars(score, start, BARS)
    return map_notes(cut, lambda part: Notes()) if all(len(p.notes) for p in cut.parts) else None


Measure = Callable[[Phrases], FloatArray]


def table() -> dict[str, Measure]:
    """Return every measure by name."""
    found: dict[str, Measure] = {}
    for track in measures.PITCHED:
        name = TRACKS[track]
        for what, function in (
            ("qualified notes", measures.qualified_notes), ("empty bars", measures.empty_bars),
            ("pitch classes a bar", measures.pitch_classes), ("notes at once", measures.polyphony),
            ("chord tones", measures.chord_tones),
        ):  # fmt: skip
            if what != "notes at once" or track == HARMONY:
                found[f"{name}: {what}"] = lambda p, f=function, t=track: f(p, t)  # type: ignore[misc]
    for a, b in ((MELODY, HARMONY), (MELODY, BASS), (HARMONY, BASS)):
        found[f"tonal distance, {TRACKS[a]} to {TRACKS[b]}"] = (
            lambda p, a=a, b=b: measures.tonal_distance(p, a, b)  # type: ignore[misc]
        )
    found["drums: strikes on eighths"] = measures.drum_pattern
    return found


def by_piece(values: FloatArray, piece: IntArray) -> FloatArray:
    """Return the mean of each piece that has a value."""
    known = ~np.isnan(values)
    sums, counts = (np.bincount(piece[known], weights=w) for w in (values[known], np.ones(int(known.sum()))))
    means: FloatArray = sums[counts > 0] / counts[counts > 0]
    return means


def measure_rows(ctx: Context, human: PhraseSet, raw: list[Phrases], *, decoded: Phrases) -> list[Result]:
    """Return every measure: people's with their range, ours before and after the decoder."""
    rows = []
    for name, function in table().items():
        pieces = by_piece(function(human.phrases), human.piece)
        low, high = np.percentile(pieces, [10, 90])
        unit = "share" if pieces.max() <= 1.0 and "distance" not in name else "mean"
        spread = f"people {pieces.mean():.3f}, pieces {low:.3f}..{high:.3f}"
        rows.append(ctx.result(f"{name}: people", pieces.mean(), unit, sd=pieces.std(), n=pieces.size))
        ours = [float(np.nanmean(function(p))) for p in raw]
        rows.append(ctx.result_of(f"{name}: raw", ours, unit, anchor=spread, seeds=ctx.seeds))
        after = function(decoded)
        if np.isfinite(after).any():
            count = int(np.isfinite(after).sum())
            rows.append(
                ctx.result(
                    f"{name}: after our decoder", float(np.nanmean(after)), unit, n=count, anchor=spread
                )
            )
        if name.endswith("qualified notes"):
            gap = [float(pieces.mean()) - value for value in ours]
            label = f"{name}: people's share less ours, raw"
            rows.append(
                ctx.result_of(label, gap, "share", anchor=MUSEGAN_QN, goal="<= 0.05", seeds=ctx.seeds)
            )
            inside = [float(low <= value <= high) for value in [*ours, float(np.nanmean(after))]]
            label = f"{name}: within the human range, raw and after"
            rows.append(ctx.result(label, min(inside), "yes", n=len(inside), anchor=spread, goal=">= 1"))
    return rows


def likeness_rows(ctx: Context, human: Phrases, others: Phrases, *, raw: list[Phrases]) -> list[Result]:
    """Return the Frechet distance to people, and the share of kinds of phrases that ours reach."""
    a, b = measures.features(human), measures.features(others)
    ours = [measures.features(p) for p in raw]
    spread = np.maximum(a.std(axis=0), 1e-6)
    centres, labels = kmeans2(a / spread, CLUSTERS, seed=0, minit="++")
    used = np.unique(labels)

    def reached(x: FloatArray) -> float:
        found = vq(x / spread, centres[used])[0]
        return float(np.mean(np.bincount(found, minlength=used.size) > 0))

    floor = f"people of the validation split {measures.frechet(a, b):.1f}"
    people = f"people of the validation split {reached(b):.3f}"
    apart = [measures.frechet(a, x) for x in ours]
    kinds = [reached(x) for x in ours]
    return [
        ctx.result_of("Frechet distance of phrases", apart, "sd^2", anchor=floor, seeds=ctx.seeds),
        ctx.result_of("kinds of phrases reached", kinds, "share", anchor=people, seeds=ctx.seeds),
    ]


def notes_of(phrases: Phrases) -> NDArray[np.float32]:
    """Return (n, bits) which notes each phrase strikes, all tracks."""
    parts = [
        sounding(phrases.codes, phrases.valid, t)[0].reshape(len(phrases), -1) for t in range(len(TRACKS))
    ]
    return np.concatenate(parts, axis=1).astype(np.float32)


def likeness(notes: NDArray[np.float32]) -> FloatArray:
    """Return (n, n) shared of all notes of two phrases, 0 on the diagonal; two silences are alike."""
    shared = (notes @ notes.T).astype(np.float64)
    count = np.diag(shared)
    every = count[:, None] + count[None, :] - shared
    alike = np.where(every > 0, shared / np.maximum(every, 1), 1.0)
    np.fill_diagonal(alike, 0.0)
    return alike


def distinct(phrases: Phrases) -> float:
    """Return the share of phrases that are not nearly another one of the same set."""
    return float(np.mean(likeness(notes_of(phrases)).max(axis=1) < NEAR))


def collapse_rows(ctx: Context, writer: GanWriter, human: Phrases, *, raw: list[Phrases]) -> list[Result]:
    """Return how many phrases are distinct: over all that was asked, and over noise alone."""
    band = human.take(human.plays.sum(axis=1) >= 2)
    picked = band.take(np.random.default_rng(0).permutation(len(band))[:16])
    shares, alike = [], []
    for seed in ctx.seeds:
        for one in range(len(picked)):
            same = picked.take(np.full(DRAWS_OF_ONE, one))
            found = likeness(notes_of(written(writer, same, seed * 1000 + one)))
            shares.append(float(np.mean(found.max(axis=1) < NEAR)))
            alike.append(float(found.sum() / (DRAWS_OF_ONE * (DRAWS_OF_ONE - 1))))
    among = likeness(notes_of(band.take(np.random.default_rng(1).permutation(len(band))[:400])))
    people = f"people {distinct(human):.3f} (refrains and repeated grooves)"
    label = "distinct phrases, one draw of noise for every test phrase"
    return [
        ctx.result_of(label, [distinct(p) for p in raw], "share", anchor=people, goal=">= 0.95", seeds=ctx.seeds),
        ctx.result(
            f"distinct phrases, {DRAWS_OF_ONE} draws of noise under the same chords and style", float(np.mean(shares)),
            "share", sd=float(np.std(shares)), n=len(shares), goal=">= 0.95", seeds=ctx.seeds,
        ),
        ctx.result(
            "shared notes of two such draws", float(np.mean(alike)), "share", sd=float(np.std(alike)), n=len(alike),
            anchor=f"two phrases of people {among.sum() / (len(among) * (len(among) - 1)):.3f}", seeds=ctx.seeds,
        ),
    ]  # fmt: skip


def control_rows(ctx: Context, writer: GanWriter, human: Phrases) -> list[Result]:
    """Return whether chords, and parts that are given, are heard: beside those of another phrase."""
    known = human.take(human.chord.any(axis=2).mean(axis=1) > 0.5)
    known = known.take(np.random.default_rng(0).permutation(len(known))[:CONTROLLED])
    rows = []
    for track in measures.PITCHED:
        gains = []
        for seed in ctx.seeds:
            order = np.random.default_rng(seed).permutation(len(known))
            other = replace(known, chord=known.chord[order], root=known.root[order])
            told = measures.chord_tones(written(writer, known, seed), track)
            wrong = measures.chord_tones(replace(written(writer, other, seed), chord=known.chord), track)
            gains.append(float(np.nanmean(told) - np.nanmean(wrong)))
        label = f"{TRACKS[track]}: chord tones gained by being told the chords"
        rows.append(ctx.result_of(label, gains, "share", goal="> 0", seeds=ctx.seeds))
    duo = known.take(known.plays[:, MELODY] & known.plays[:, HARMONY])
    given = np.zeros((len(duo), BARS, len(TRACKS)), bool)
    given[:, :, MELODY] = True
    people = f"people {np.nanmean(measures.tonal_distance(duo, MELODY, HARMONY)):.3f}"
    for name, is_told in (("given", True), ("not given", False)):
        values = []
        for seed in ctx.seeds:
            ours = written(writer, duo, seed, given=given if is_told else None)
            both = ours.codes.copy()
            both[:, :, :42] = duo.codes[:, :, :42]
            values.append(
                float(np.nanmean(measures.tonal_distance(replace(ours, codes=both), MELODY, HARMONY)))
            )
        label = f"tonal distance of our harmony to people's melody, the melody {name}"
        rows.append(ctx.result_of(label, values, "mean", anchor=people, seeds=ctx.seeds))
    return rows
