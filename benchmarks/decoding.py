"""What each option of decoding does: every setting in turn, the others at their defaults, on held-out requests.

Conventions: a request is eight bars of a held-out human piece with its key, metre, tempo, players, chords and texture
levels; the model writes every note and is compared with people's own. Settings are chosen by this, so pieces are of the
validation split: the test split is for what is claimed. Needs a corpus: ZHIYIN_CORPUS.
Does not know: how the model was trained; the measures share no code with the package's judges.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.excerpt_features import Array, as_table, auc, distances
from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.apps.model import open_model
from zhiyin.data.corpus import CorpusView, load_human_corpus, piece_to_score
from zhiyin.data.fetch import data_home
from zhiyin.encode import context_of, encode_grid
from zhiyin.errors import ZhiyinError
from zhiyin.fill.constraints import Constraint, InRange, MaxPolyphony, Sounds, WithinBars
from zhiyin.fill.decode import fill
from zhiyin.fill.request import Request, Textures
from zhiyin.fill.sampling import FieldTemperatures, RoleTemperatures, Sampling
from zhiyin.models import StepModel
from zhiyin.score import Cell, Notes, Score, Timeline
from zhiyin.score.edit import slice_bars
from zhiyin.theory.instruments import instrument_for_program

BARS, HUMAN_EXCERPTS = 8, 160
# Excerpts a seed and setting; a smaller number for a quick look.
EXCERPTS = int(os.environ.get("ZHIYIN_EXCERPTS", "24"))
STYLES = (
    "folk",
    "art-song",
    "choir",
    "romantic-piano",
    "string-quartet",
    "baroque",
    "hymn",
    "mazurka",
    "classical",
)
# Styles whose players are alike enough that the notes, not the band, must tell them apart.
ASKED_STYLES = ("romantic-piano", "mazurka", "baroque", "classical", "hymn", "folk")
BASE = Sampling()


def settings() -> dict[str, Sampling]:
    """Return each setting by name; "default" is the package's own."""
    by = {"default": BASE}
    by |= {f"temperature {t:g}": replace(BASE, temperature=t) for t in (0.85, 0.95, 1.1)}
    by |= {f"top_p {p:g}": replace(BASE, top_p=p) for p in (0.9, 0.95, 1.0)}
    by |= {f"min_p {p:g}": replace(BASE, min_p=p, top_p=1.0) for p in (0.02, 0.05)}
    by |= {f"guidance {s:g}": replace(BASE, guidance=s) for s in (1.5, 2.0)}
    by |= {f"novelty {n:g}": replace(BASE, novelty=n) for n in (2.0, 4.0)}
    by |= {f"best of {n}": replace(BASE, best_of=n) for n in (4,)}
    for role in ("melody", "bass", "inner", "chords"):
        by[f"{role} x0.85"] = replace(BASE, roles=replace(RoleTemperatures(), **{role: 0.85}))
    for field in ("onset", "value", "duration"):
        cooler = round(getattr(BASE.fields, field) - 0.15, 2)
        by[f"{field} {cooler:g}"] = replace(BASE, fields=replace(FieldTemperatures(), **{field: cooler}))
    return {name: value for name, value in by.items() if name == "default" or value != BASE}


@dataclass(frozen=True)
class Held:
    """A held-out request: the human excerpt, its style and where it is from."""

    score: Score
    style: str
    piece: str


def run(ctx: Context) -> list[Result]:
    """Return AUC, distances and cost of each setting, and obedience to the style asked for each guidance."""
    valid = load_human_corpus(_corpus(), split="valid")
    model = open_model(None)
    results: list[Result] = []
    held = {seed: draw(valid, EXCERPTS, seed=seed) for seed in ctx.seeds}
    human = {seed: draw(valid, HUMAN_EXCERPTS, seed=seed + 1000) for seed in ctx.seeds}
    tables = {seed: People.of(human[seed]) for seed in ctx.seeds}
    for name, sampling in settings().items():
        rows = [_measured(model, held[seed], tables[seed], sampling, seed) for seed in ctx.seeds]
        print(f"    {name:18}", *(f"{n} {np.mean([r[n] for r in rows]):.3f}" for n in rows[0]), flush=True)
        for metric, unit in (
            ("auc", "AUC"),
            ("distance", "human sd"),
            ("density_error", "log ratio"),
            ("cost", "s/excerpt"),
            *((f"distance {g}", "human sd") for g in ("intervals", "rhythm", "repetition", "harmony")),
        ):
            results.append(
                ctx.result_of(f"{name}: {metric}", [r[metric] for r in rows], unit, seeds=ctx.seeds)
            )
    return [*results, *_floor(ctx, valid, tables), *_obedience(ctx, model, valid)]


def _corpus() -> Path:
    path = Path(os.environ.get("ZHIYIN_CORPUS") or data_home() / "corpus")
    if not path.is_dir():
        raise BenchmarkError(f"no corpus in {path}: run  zhiyin corpus build  or set ZHIYIN_CORPUS")
    return path


def draw(view: CorpusView, count: int, *, seed: int, styles: tuple[str, ...] = STYLES) -> list[Held]:
    """Return excerpts of so many pieces, styles in turn: eight bars in one metre with one to five pitched parts."""
    rng = np.random.default_rng(seed)
    of_style = {s: rng.permutation(np.flatnonzero(view.column("style") == s)).tolist() for s in styles}
    found: list[Held] = []
    while len(found) < count and any(of_style.values()):
        for style in styles:
            while of_style[style]:
                index = of_style[style].pop()
                held = _excerpt(view, index, style, rng)
                if held is not None:
                    found.append(held)
                    break
    return found[:count]


def _excerpt(view: CorpusView, index: int, style: str, rng: np.random.Generator) -> Held | None:
    score = piece_to_score(view, index)
    pitched = [p for p in score.parts if not p.is_drums and len(p.notes)]
    bars = Timeline.of(score).bar_count(score.end)
    if not 1 <= len(pitched) <= 5 or len(score.metres) > 1 or bars < BARS + 1 or score.pickup_ticks:
        return None
    cut = slice_bars(replace(score, parts=tuple(pitched)), int(rng.integers(0, bars - BARS + 1)), BARS)
    cut = replace(cut, parts=tuple(p for p in cut.parts if len(p.notes)))
    if not cut.parts or cut.note_count < 24 or not cut.chords:
        return None
    return Held(cut, style, str(view.column("work")[index]))


def request_of(held: Held, sampling: Sampling, seed: int, *, style: str | None = None) -> Request:
    """Return the request to write an excerpt anew; with a style of its own the textures are left open."""
    score = held.score
    tokens = encode_grid(score)
    context, parts = context_of(tokens), len(score.parts)
    first = np.searchsorted(tokens.bars, np.arange(BARS))
    textures = Textures(
        context.density[first, 1:], context.polyphony[first, 1:], context.register_pitch[first, 1:]
    )
    sounding = frozenset(Cell(p, b) for p in range(parts) for b in range(BARS) if textures.density[b, p] > 0)
    every = frozenset(Cell(p, b) for p in range(parts) for b in range(BARS))
    blank = score.with_parts(p.with_notes(Notes()) for p in score.parts)
    names = tuple(instrument_for_program(p.program, is_drums=False).name for p in score.parts)
    limits = tuple(max(2, int(_most(p.notes))) for p in score.parts)
    wishes: tuple[Constraint, ...] = (
        Sounds(sounding, every - sounding), WithinBars(BARS), MaxPolyphony(limits), InRange(names),
    )  # fmt: skip
    if style is not None:
        wishes, textures = wishes[1:], Textures.open(BARS, parts)
    return Request(
        score=blank, write=every, constraints=wishes, seed=seed, style=style or held.style, mood=context.mood,
        instruments=names, textures=textures, bars=BARS, sampling=sampling,
    )  # fmt: skip


def _most(notes: Notes) -> int:
    ends = np.sort(notes.offset)
    return int((np.arange(1, len(notes) + 1) - np.searchsorted(ends, notes.onset, side="right")).max())


def written(
    model: StepModel, held: list[Held], *, sampling: Sampling, seed: int
) -> tuple[list[Score | None], float]:
    """Return the scores written for each excerpt (None where a wish could not be kept) and the mean seconds."""
    scores: list[Score | None] = []
    begun_s = time.process_time()
    for index, one in enumerate(held):
        try:
            scores.append(fill(request_of(one, sampling, 100 * seed + index), model)[0].score)
        except ZhiyinError:
            scores.append(None)
    return scores, (time.process_time() - begun_s) / max(len(held), 1)


@dataclass(frozen=True, eq=False)
class People:
    """What people wrote, measured once: the features of many excerpts and the piece of each."""

    table: Array
    pieces: list[str]

    @classmethod
    def of(cls, held: list[Held]) -> People:
        """Return the table of excerpts."""
        return cls(as_table([h.score for h in held])[1], [h.piece for h in held])


def _measured(
    model: StepModel, held: list[Held], people: People, sampling: Sampling, seed: int
) -> dict[str, float]:
    scores, cost = written(model, held, sampling=sampling, seed=seed)
    pairs = [(h, s) for h, s in zip(held, scores, strict=True) if s is not None and s.note_count]
    names, ours = as_table([s for _, s in pairs])
    theirs = people.table
    by_group = distances(names, ours, theirs)
    density = [abs(np.log((s.note_count + 1) / (h.score.note_count + 1))) for h, s in pairs]
    return {
        "auc": auc(ours, theirs, groups_ours=[h.piece for h, _ in pairs], groups_human=people.pieces, seed=seed),
        "distance": float(np.mean(list(by_group.values()))), "density_error": float(np.mean(density)), "cost": cost,
        **{f"distance {group}": value for group, value in by_group.items()},
    }  # fmt: skip


def _floor(ctx: Context, valid: CorpusView, people: dict[int, People]) -> list[Result]:
    """Return what people reach against people: as many other excerpts as the model writes."""
    values = []
    for seed in ctx.seeds:
        others = draw(valid, EXCERPTS, seed=seed)
        names, ours = as_table([h.score for h in others])
        theirs, pieces = people[seed].table, people[seed].pieces
        score = auc(ours, theirs, groups_ours=[h.piece for h in others], groups_human=pieces, seed=seed)
        values.append((score, float(np.mean(list(distances(names, ours, theirs).values())))))
    return [
        ctx.result_of("people: auc", [v[0] for v in values], "AUC", seeds=ctx.seeds),
        ctx.result_of("people: distance", [v[1] for v in values], "human sd", seeds=ctx.seeds),
    ]


def _obedience(ctx: Context, model: StepModel, valid: CorpusView) -> list[Result]:
    """Return how often a classifier of human styles hears the style asked, on frames of other styles."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    people = draw(
        load_human_corpus(_corpus(), split="train"), 60 * len(ASKED_STYLES), seed=5, styles=ASKED_STYLES
    )
    classifier = make_pipeline(
        StandardScaler(), LogisticRegression(C=0.1, max_iter=2000, class_weight="balanced")
    )
    classifier.fit(as_table([h.score for h in people])[1], [h.style for h in people])
    results: list[Result] = []
    heard: dict[str, list[float]] = {}
    for seed in ctx.seeds:
        frames = draw(valid, EXCERPTS // 2, seed=seed, styles=("romantic-piano", "mazurka", "classical"))
        own = draw(valid, 30, seed=seed, styles=ASKED_STYLES)
        heard.setdefault("people", []).append(
            _heard(classifier, [h.score for h in own], [h.style for h in own])
        )
        for scale in (0.0, 1.0, 1.5, 2.0, 3.0):
            sampling, pairs = replace(BASE, guidance=scale), []
            for index, frame in enumerate(frames):
                for style in (ASKED_STYLES[index % 6], ASKED_STYLES[(index + 3) % 6]):
                    try:
                        take = fill(request_of(frame, sampling, 100 * seed + index, style=style), model)[0]
                    except ZhiyinError:
                        continue
                    pairs.append((take.score, style))
            heard.setdefault(f"guidance {scale:g}", []).append(
                _heard(classifier, *map(list, zip(*pairs, strict=True)))
            )
    for name, values in heard.items():
        results.append(ctx.result_of(f"style obeyed: {name}", values, "mean probability", seeds=ctx.seeds))
    return results


def _heard(classifier: object, scores: list[Score], styles: list[str]) -> float:
    probability: Array = classifier.predict_proba(as_table(scores)[1])  # type: ignore[attr-defined]
    names = list(classifier.classes_)  # type: ignore[attr-defined]
    return float(np.mean([p[names.index(style)] for p, style in zip(probability, styles, strict=True)]))
