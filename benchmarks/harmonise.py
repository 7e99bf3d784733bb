"""Chords for a tune: agreement with people's chords, beside the constant tonic and a hidden Markov model.

Conventions: share of time (ticks at which the person names a chord) with the person's root, and with root and kind of
triad; a bare tune and its key signature are given to all. Lead sheets carry people's symbols; the chords of hymns and
part-songs are those that the analysis hears in people's four voices.
Needs a corpus (ZHIYIN_CORPUS) and the Nottingham set (ZHIYIN_DATA), which no shipped model has learned from;
ZHIYIN_HARMONISE_FOLK takes fewer of its tunes than 60. Every metric says how many tunes it is of.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from benchmarks.chord_floors import OTHER, ChordHmm, chord_at, constant_tonic, family
from benchmarks.human_windows import corpus_folder
from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.analysis.columns import beats_of
from zhiyin.analysis.harmony import find_chords
from zhiyin.data.corpus import load_corpus, piece_to_score
from zhiyin.data.fetch import data_home
from zhiyin.data.nottingham import Nottingham
from zhiyin.errors import ZhiyinError
from zhiyin.fill.harmonise import HarmonyHow, answers_of, harmonise, request_for, top_line
from zhiyin.fill.tune_chords import OTHER as NO_STATE
from zhiyin.fill.tune_chords import features_of, home_of, state_of, state_scores, tune_table
from zhiyin.models import load_checkpoint
from zhiyin.models.runtimes import make_runtime
from zhiyin.score import ChordMark, Part, Score, quantise
from zhiyin.theory.key import Key

LEAD_SHEETS, HYMNS, FOLK = "lead sheets (openewld)", "hymns and part-songs", "folk tunes (nottingham)"
FOLK_TUNES = int(os.environ.get("ZHIYIN_HARMONISE_FOLK", "60"))
MOST_BARS = 48
LEARNED = ("open_hymnal", "pd_songs", "openewld")
FLOORS = ("constant tonic", "hidden Markov model")
CHANCE = ("fill model, one answer", "fill model, the best of four by the tune table", "as delivered")
Harmoniser = Callable[["Tune", int], tuple[ChordMark, ...]]


@dataclass(frozen=True, eq=False)
class Tune:
    """A tune alone with its key, and a person's chords for it."""

    name: str
    style: str
    score: Score
    key: Key
    chords: tuple[ChordMark, ...]


def run(ctx: Context) -> list[Result]:
    """Measure floors and the fill model on held-out tunes, three seeds where there is chance."""
    tunes = {
        HYMNS: hymns(("valid", "test")),
        LEAD_SHEETS: lead_sheets(("valid", "test")),
        FOLK: folk_tunes("test"),
    }
    hmm = ChordHmm.count(learned())
    return [
        result
        for name, group in tunes.items()
        for result in group_results(ctx, f"{name}, {len(group)} tunes", group, hmm=hmm)
    ]


def group_results(ctx: Context, name: str, tunes: list[Tune], *, hmm: ChordHmm) -> list[Result]:
    """Return the agreement of every way with one kind of tune; the floor to beat is the hidden Markov model."""
    results: list[Result] = []
    floors: dict[str, float] = {}
    for way, harmoniser in ways(hmm).items():
        seeds = ctx.seeds if way in CHANCE else ctx.seeds[:1]
        found = [[agreement(t.chords, harmoniser(t, seed), t.score) for t in tunes] for seed in seeds]
        for which, kind in enumerate(("root", "root and triad")):
            values = [float(np.mean([pair[which] for pair in row])) for row in found]
            if way in FLOORS:
                floors[kind] = max(floors.get(kind, 0.0), values[0])
            goal = f">= {floors[kind]:.3f}" if way == "as delivered" else None
            results.append(
                ctx.result_of(f"{name}, {way}: {kind}", values, "share of time", seeds=seeds, goal=goal)
            )
    return results


def ways(hmm: ChordHmm) -> dict[str, Harmoniser]:
    """Return what is compared, floors first."""
    model = make_runtime(load_checkpoint())

    def filled(how: HarmonyHow) -> Harmoniser:
        return lambda t, seed: harmonise(t.score, model=model, style=t.style, seed=seed, how=how).score.chords

    def answers(t: Tune, seed: int, *, count: int, temperature: float) -> list[tuple[ChordMark, ...]]:
        request = request_for(t.score, 0, style=t.style, seed=seed, temperature=temperature)
        return answers_of(request, model, count)[0]

    return {
        "constant tonic": lambda t, seed: constant_tonic(t.key),
        "hidden Markov model": lambda t, seed: hmm.decode(t.score, 0, t.key),
        "analysis of the bare tune": lambda t, seed: find_chords(t.score, t.score.keys),
        "fill model, one answer": lambda t, seed: answers(t, seed, count=1, temperature=1.0)[0],
        "fill model, the best of four by the tune table": lambda t, seed: likeliest(
            t, answers(t, seed, count=4, temperature=0.6)
        ),
        "table of people's chords alone": filled(HarmonyHow(answers=0)),
        "as delivered": filled(HarmonyHow()),
    }


def agreement(
    person: tuple[ChordMark, ...], ours: tuple[ChordMark, ...], score: Score
) -> tuple[float, float]:
    """Return the share of time with the person's root, and with root and kind of triad, where the person names one.

    Suspended and augmented chords of the person count for the root alone; before our first chord, our first counts.
    """
    edges = sorted({0, score.end, *(m.tick for m in (*person, *ours) if m.tick < score.end)})
    total = root = both = kinds = 0
    for a, b in pairwise(edges):
        wanted, got = chord_at(person, a), chord_at(ours, a) or (ours[0].chord if ours else None)
        if wanted is None:
            continue
        total += b - a
        is_root = got is not None and got.root == wanted.root
        root += (b - a) * is_root
        if family(wanted) != OTHER:
            kinds += b - a
            both += (b - a) * (is_root and got is not None and family(got) == family(wanted))
    return root / max(total, 1), both / max(kinds, 1)


def bare(score: Score, part: int, style: str, *, name: str) -> Tune | None:
    """Return a piece's tune alone, None where it is too long, keyless, or without chords."""
    named = [mark for mark in score.chords if mark.chord is not None]
    if len(named) < 3 or not score.keys or not len(score.parts[part].notes):
        return None
    tune = Part("Tune", top_line(score.parts[part].notes), role="melody")
    alone = replace(score, parts=(tune,), chords=(), sections=(), length_ticks=0, title="")
    if alone.end > MOST_BARS * 4 * 10_080:
        return None
    return Tune(name, style, alone, score.keys[0].key, score.chords)


def likeliest(t: Tune, answers: list[tuple[ChordMark, ...]]) -> tuple[ChordMark, ...]:
    """Return the answer that the table of people's chords finds likeliest, beat by beat."""
    beats, home = beats_of(t.score), home_of(t.key)
    scores = state_scores(features_of(t.score.parts[0].notes, beats, t.key), tune_table())
    least = scores.min(1)

    def worth(marks: tuple[ChordMark, ...]) -> float:
        states = [state_of(chord_at(marks, int(tick)), home) for tick in beats.edges[:-1]]
        return float(sum(least[b] if s == NO_STATE else scores[b, s] for b, s in enumerate(states)))

    return max(answers, key=worth)


def hymns(splits: tuple[str, ...]) -> list[Tune]:
    """Return sopranos of hymns and part-songs of a few parts, with the chords heard in all voices."""
    found = []
    for score, style, name in _pieces(("open_hymnal", "pd_songs"), splits):
        parts = [p for p in score.parts if len(p.notes) and not p.is_drums]
        if 2 <= len(parts) <= 5:
            part = int(np.argmax([p.notes.pitch.mean() if len(p.notes) else 0 for p in score.parts]))
            found.append(bare(score, part, style, name=name))
    return [tune for tune in found if tune is not None]


def lead_sheets(splits: tuple[str, ...]) -> list[Tune]:
    """Return lead sheets with people's symbols."""
    made = (bare(score, 0, style, name=name) for score, style, name in _pieces(("openewld",), splits))
    return [tune for tune in made if tune is not None]


def folk_tunes(split: str) -> list[Tune]:
    """Return tunes of Nottingham with people's symbols; validation and test are told apart by the md5 of the id."""
    reader, root = Nottingham(), data_home() / "nottingham"
    found: list[Tune] = []
    sources = sorted(reader.sources(root), key=lambda s: hashlib.md5(s.id.encode()).hexdigest())
    for source in sources[:: 1 if split == "test" else -1]:
        try:
            score = quantise(next(iter(reader.read(root, source))).score)[0]
        except (ZhiyinError, StopIteration):
            continue
        tune = bare(score, 0, "folk", name=source.id) if score.parts else None
        if tune is not None:
            found.append(tune)
        if len(found) == FOLK_TUNES:
            return found
    raise BenchmarkError(
        f"{FOLK_TUNES} tunes of nottingham must be readable, got {len(found)}: fetch the set again"
    )


def learned() -> Iterator[tuple[Score, int, Key]]:
    """Yield what the hidden Markov model is counted on: the training pieces of the same sets."""
    for tune in (*hymns(("train",)), *lead_sheets(("train",))):
        yield replace(tune.score, chords=tune.chords), 0, tune.key


def _pieces(sets: tuple[str, ...], splits: tuple[str, ...]) -> Iterator[tuple[Score, str, str]]:
    for split in splits:
        view = load_corpus(corpus_folder(), sets=list(sets), split=split)
        for index in range(len(view)):
            info = view.piece(index).info
            yield piece_to_score(view, index), str(info["style"]), str(info["id"])
