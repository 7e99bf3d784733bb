"""Generators for the two-sample test: each answers a human window with a window of its own.

Conventions: an Asking is what a user could have said to get such a piece; an answer is an Excerpt, made by the same
door as the human one. A new family is one function of the same type. Does not know: how answers are judged.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.ngram_sampler import NGramSampler
from zhiyin.apps.model import open_model
from zhiyin.data.corpus import CorpusView, piece_to_score
from zhiyin.errors import ZhiyinError
from zhiyin.fill.compose_plan import compose
from zhiyin.fill.constraints import DrumMap, InRange, MaxPolyphony, WithinBars
from zhiyin.fill.decode import origin_of, write_cells
from zhiyin.fill.likeness import likeness
from zhiyin.fill.plan_make import make_plan
from zhiyin.fill.request import Request
from zhiyin.fill.sampling import Sampling
from zhiyin.judge.excerpts import BARS, KEYBOARDS, STRIDE_BARS, Excerpt, Place, score_excerpt
from zhiyin.models import StepModel
from zhiyin.score import CHORD_ROW, Cell, Notes, Part, Score, Timeline, Wishes
from zhiyin.score.edit import slice_bars
from zhiyin.theory.instruments import find_instrument, instrument_for_program
from zhiyin.units import TICKS_PER_STEP

ASKED_BARS = 16  # what is composed when the human piece is as long; the window lies in the same part of it
LEAD_BARS, TAIL_BARS = 4, 2  # written around a framed window, so that it need not begin or end a piece
TRIES = 3
GUIDANCE = 2.0  # chosen on requests like those of training pieces: docs/lab/decoding.md
VOICES = {1: ("voice",), 2: ("soprano", "bass-voice"), 3: ("soprano", "alto", "bass-voice"),
          4: ("soprano", "alto", "tenor", "bass-voice")}  # fmt: skip
SINGER_PROGRAMS = (52, 53, 54)


@dataclass(frozen=True, eq=False)
class Asking:
    """A human window and what asks for its like.

    frame: the human piece cut to the bars around the window, notes included; first: the window's bar in it;
    wishes: style, key, metre, tempo, players and bars; window: the bar of the composed piece where it is cut;
    unheard: players asked for and left out of the window, as their human part is not in the corpus.
    """

    place: Place
    human: Excerpt
    frame: Score
    first: int
    wishes: Wishes
    window: int
    unheard: tuple[str, ...] = ()

    def seed_for(self, draw: int) -> int:
        """Return a seed of this asking's own: with one seed for all, answers would share their random choices and
        be known by that."""
        text = f"{draw} {self.place.piece} {self.place.first_bar}"
        return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


Generator = Callable[[Asking, int], Excerpt]


def asking_of(view: CorpusView, place: Place, human: Excerpt) -> Asking:
    """Return what asks for a window like a human one."""
    score = piece_to_score(view, place.index)
    lead = min(LEAD_BARS, place.first_bar - (1 if score.pickup_ticks else 0))
    count = lead + BARS + min(TAIL_BARS, place.bars - place.first_bar - BARS)
    frame = slice_bars(score, place.first_bar - lead, count)
    frame = frame.with_parts(p for p in frame.parts if len(p.notes))
    inside = slice_bars(score, place.first_bar, BARS)
    bars = int(np.clip(place.bars, BARS, ASKED_BARS))
    share = place.first_bar / max(place.bars - BARS, 1)
    window = round(min(share, 1.0) * (bars - BARS) / STRIDE_BARS) * STRIDE_BARS
    players, unheard = players_of(frame, set_name=place.piece.split("/")[0])
    wishes = Wishes(
        style=place.style, key=inside.keys[0].key if inside.keys else None, metre=inside.metres[0].metre,
        tempo_bpm=float(np.clip(round(inside.tempos[0].bpm), 40, 220)), bars=bars, players=players,
    )  # fmt: skip
    return Asking(place, human, frame, lead, wishes, window, unheard)


def players_of(score: Score, *, set_name: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (players to ask for, those of them to leave out of the window).

    A keyboard is asked for once. Singers are asked for by voice. One line on a keyboard is asked of a violin, as it
    is how tune books are stored. Pop pieces are accompaniments whose tune is withheld: a singer is asked for and
    left out.
    """
    singers = VOICES.get(sum(p.program in SINGER_PROGRAMS for p in score.parts), VOICES[4])
    names: list[str] = []
    for part in score.parts:
        if part.program in SINGER_PROGRAMS and not part.is_drums:
            if singers[0] not in names:
                names += singers
            continue
        name = instrument_for_program(part.program, is_drums=part.is_drums).name
        is_keyboard = part.program in KEYBOARDS
        if name not in names or not (is_keyboard or part.is_drums):
            names.append(name)
    if len(score.parts) == 1 and score.parts[0].program in KEYBOARDS and _is_line(score.parts[0].notes):
        return ("violin",), ()
    return (("voice", *names), ("voice",)) if set_name == "pop909" else (tuple(names), ())


def _is_line(notes: Notes) -> bool:
    return np.unique(notes.onset).size > 0.9 * len(notes)


def asked_by(model: StepModel, sampling: Sampling | None = None) -> Generator:
    """Return a generator that composes a whole piece from the wishes alone and cuts the window from it."""

    def generate(asking: Asking, seed: int) -> Excerpt:
        return _first_that_works(lambda s: _composed(asking, model, s, sampling), seed)

    return generate


def _composed(asking: Asking, model: StepModel, seed: int, sampling: Sampling | None) -> Excerpt:
    plan = make_plan(asking.wishes, seed=seed)
    score = compose(plan, asking.wishes, model=model, seed=seed, sampling=sampling).score
    unheard = {find_instrument(name).program for name in asking.unheard}
    parts = [p for p in score.parts if p.is_drums or p.program not in unheard]
    return score_excerpt(score.with_parts(one_part_a_player(parts)), first_bar=asking.window)


def one_part_a_player(parts: list[Part]) -> list[Part]:
    """Return the parts with the two hands of a player joined, as human pages of one staff have them."""
    joined: dict[str, Part] = {}
    for part in parts:
        name = part.name.removesuffix(", upper").removesuffix(", lower")
        before = joined.get(name)
        joined[name] = part if before is None else part.with_notes(Notes.concat([before.notes, part.notes]))
    return list(joined.values())


def framed_by(model: StepModel) -> Generator:
    """Return a generator that writes every cell and chord of the human frame from nothing: no textures, no plan but
    which bars return, drawn as the style does it."""

    def generate(asking: Asking, seed: int) -> Excerpt:
        return _first_that_works(lambda s: _framed(asking, model, s), seed)

    return generate


def _framed(asking: Asking, model: StepModel, seed: int) -> Excerpt:
    bare = replace(
        asking.frame, parts=tuple(p.with_notes(Notes()) for p in asking.frame.parts), chords=(), sections=()
    )
    bars = len(bar_ticks(asking.frame))
    instruments = [instrument_for_program(p.program, is_drums=p.is_drums) for p in bare.parts]
    names, most = tuple(i.name for i in instruments), tuple(i.polyphony for i in instruments)
    request = Request(
        score=bare, write=frozenset(Cell(p, b) for p in range(CHORD_ROW, len(names)) for b in range(bars)),
        constraints=(InRange(names), DrumMap(), MaxPolyphony(most), WithinBars(bars)),
        seed=seed, style=asking.wishes.style, instruments=names, bars=bars,
        like=likeness(asking.wishes.style, bars, np.random.default_rng([seed, 1])),
    )  # fmt: skip
    score, _ = write_cells(
        request, model, np.random.default_rng([seed, 0]), origin=origin_of(request, model, 0)
    )
    return score_excerpt(score, first_bar=asking.first)


def bar_ticks(score: Score) -> list[int]:
    """Return the first tick of every bar of a frame."""
    line = Timeline.of(score)
    return [int(t) for t in line.bar_starts(line.bar_count(score.end))[:-1]]


def sampled_by(sampler: NGramSampler) -> Generator:
    """Return a generator that fills the human frame bar by bar from n-gram counts."""

    def generate(asking: Asking, seed: int) -> Excerpt:
        rng = np.random.default_rng([seed, 4])
        starts = [*bar_ticks(asking.frame), asking.frame.end]
        steps = [t // TICKS_PER_STEP for t in starts]
        parts = [p.with_notes(sampler.write(p, steps, rng)) for p in asking.frame.parts]
        return score_excerpt(asking.frame.with_parts(parts), first_bar=asking.first)

    return generate


def _first_that_works(make: Callable[[int], Excerpt], seed: int) -> Excerpt:
    """Return the first answer in which a piece could be written; the last error passes on."""
    for number in range(TRIES - 1):
        try:
            return make(seed + 1000 * number)
        except ZhiyinError:
            continue
    return make(seed + 1000 * (TRIES - 1))


def model_generators() -> dict[str, Generator]:
    """Return asked and framed generators of the shipped model, and of every other model that is named.

    ZHIYIN_TWO_SAMPLE_MODELS="lstm=/path/a.safetensors,big=/path/b.safetensors" adds families to compare.
    """
    paths: dict[str, Path | None] = {"fill": None}
    for entry in filter(None, os.environ.get("ZHIYIN_TWO_SAMPLE_MODELS", "").split(",")):
        family, _, place = entry.partition("=")
        paths[family.strip()] = Path(place.strip())
    found: dict[str, Generator] = {}
    for name, path in paths.items():
        model = open_model(path)
        found |= {f"{name}, asked": asked_by(model), f"{name}, framed": framed_by(model)}
    return found


def guided_generators() -> dict[str, Generator]:
    """Return the shipped model asked with `--guidance 2`, a setting that a user has, beside the defaults."""
    return {f"fill, asked, guidance {GUIDANCE:g}": asked_by(open_model(None), Sampling(guidance=GUIDANCE))}
