"""Chords for a tune: what people put under such tunes, tipped and named by answers of the fill model.

Conventions: chords change on felt beats; every note of the score comes back as given; the fill model hears other parts
where there are any, and writes the chord row several times. Roots and triads come from `zhiyin.fill.tune_chords` and
from what the answers share; sevenths, other colours and basses from those answers that name the same triad.
This module does not write voices under the tune: see `zhiyin.fill.satb`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.analysis.columns import Beats, beats_of
from zhiyin.analysis.key import find_key
from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints import Locked
from zhiyin.fill.decode import judged, origin_of, seeds_of, write_cells
from zhiyin.fill.request import Request, Take
from zhiyin.fill.sampling import Sampling
from zhiyin.fill.tune_chords import FAMILIES, OTHER, STATES, chord_path, home_of, state_of
from zhiyin.models import StepModel
from zhiyin.score import CHORD_ROW, Cell, ChordMark, KeyMark, Notes, Score, Timeline, quantise
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import instrument_for_program
from zhiyin.theory.key import Key
from zhiyin.units import FloatArray, Ticks

Progress = Callable[[int, int], None]
MAX_ANSWERS = 32
UNHEARD = 0.1  # share of the answers that a chord nobody named is given
Row = tuple[ChordMark, ...]


@dataclass(frozen=True, slots=True)
class HarmonyHow:
    """How to find chords.

    answers: chord rows that the fill model writes, 0..32, 0 for the table of people's chords alone; temperature: of
    the answers, as in Sampling; weight: how much the answers' shares count beside the table, 0..2; the default was
    chosen on validation. Raises InvalidInput for a number out of range.
    """

    answers: int = 4
    temperature: float = 0.6
    weight: float = 0.2

    def __post_init__(self) -> None:
        if not 0 <= self.answers <= MAX_ANSWERS:
            raise InvalidInput(f"answers must be 0..{MAX_ANSWERS}, got {self.answers}: 4 is a good number")
        if not 0 <= self.weight <= 2:
            raise InvalidInput(f"weight must be 0..2, got {self.weight!r}: 0.2 is as tuned")


def harmonise(
    score: Score,
    *,
    model: StepModel,
    melody_part: int = 0,
    style: str | None = None,
    seed: int = 0,
    take: int = 0,
    how: HarmonyHow | None = None,
    progress: Progress = lambda done, total: None,
) -> Take:
    """Return the score with chords for its tune; chords it had are replaced.

    progress: called with (cells written, cells in all). Raises InvalidInput when the part has no pitched notes.
    """
    how = how or HarmonyHow()
    request = request_for(score, melody_part, style=style, seed=seed, temperature=how.temperature)
    answers, steps = answers_of(request, model, how.answers, take=take, progress=progress)
    frame = request.score
    tune, beats = top_line(frame.parts[melody_part].notes), beats_of(frame)
    key = main_key(frame)
    extra = how.weight * np.log(shares_of(answers, beats, home_of(key)) + UNHEARD)
    path = chord_path(tune, beats, key, extra=extra)
    origin = origin_of(request, model, take)
    provenance = score.provenance if origin in score.provenance else (*score.provenance, origin)
    result = replace(score, chords=named(path, answers, beats, home=home_of(key)), provenance=provenance)
    return Take(result, request, seed, judged(result, request.constraints), steps)


def request_for(
    score: Score, melody_part: int, *, style: str | None = None, seed: int = 0, temperature: float = 1.0
) -> Request:
    """Return the request for the whole chord row of a score on the grid, its key found where it has none."""
    if not 0 <= melody_part < len(score.parts):
        raise InvalidInput(f"melody part must be 0..{len(score.parts) - 1}, got {melody_part}")
    part = score.parts[melody_part]
    if part.is_drums or not len(part.notes):
        raise InvalidInput(
            f"a tune must have pitched notes to be harmonised, got none in part {melody_part} ({part.name!r}): "
            "name another part"
        )
    frame = replace(quantise(score)[0], chords=())
    parts = list(frame.parts)
    parts[melody_part] = replace(parts[melody_part], role="melody")
    frame = replace(frame, parts=tuple(parts), keys=frame.keys or (KeyMark(0, find_key(frame)),))
    bars = Timeline.of(frame).bar_count(frame.end)
    write = frozenset(Cell(CHORD_ROW, bar) for bar in range(bars))
    return Request(
        score=frame, write=write, constraints=(Locked(score, write),), seed=seed, style=style, bars=bars,
        instruments=tuple(instrument_for_program(p.program, is_drums=p.is_drums).name for p in parts),
        sampling=Sampling(temperature=temperature),
    )  # fmt: skip


def answers_of(
    request: Request,
    model: StepModel,
    count: int,
    *,
    take: int = 0,
    progress: Progress = lambda done, total: None,
) -> tuple[list[Row], int]:
    """Return so many chord rows that the model writes, and the number of its steps."""
    origin, total = origin_of(request, model, take), count * len(request.write)
    answers, steps = [], 0
    for number in range(count):
        rng, before = np.random.default_rng(seeds_of(request.seed, take, number)), number * len(request.write)
        written, used = write_cells(
            request, model, rng, origin=origin,
            progress=lambda done, d=before: progress(d + done, total),  # type: ignore[misc]
        )  # fmt: skip
        answers.append(written.chords)
        steps += used
    return answers, steps


def main_key(score: Score) -> Key:
    """Return the key that holds for the longest time."""
    ticks = [mark.tick for mark in score.keys]
    lengths = np.diff([*ticks, max(score.end, ticks[-1] + 1)])
    return score.keys[int(np.argmax(lengths))].key


def top_line(notes: Notes) -> Notes:
    """Return the highest note of each onset."""
    return notes.take(np.append(notes.onset[1:] != notes.onset[:-1], True))  # sorted by (onset, pitch)


def shares_of(answers: Sequence[Row], beats: Beats, home: int) -> FloatArray:
    """Return (beats, states) the share of the answers that name each triad as the beat begins."""
    shares = np.zeros((len(beats.edges) - 1, STATES))
    for marks in answers:
        for beat, tick in enumerate(beats.edges[:-1].tolist()):
            state = state_of(_at(marks, tick), home)
            if state != OTHER:
                shares[beat, state] += 1 / len(answers)
    return shares


def named(path: Sequence[int], answers: Sequence[Row], beats: Beats, *, home: int) -> Row:
    """Return a path of triads as chords, each as most answers that name its triad there call it.

    Where none does it is a plain triad in root position.
    """
    starts = [beat for beat, state in enumerate(path) if beat == 0 or state != path[beat - 1]]
    marks = []
    for start, end in zip(starts, [*starts[1:], len(path)], strict=True):
        state = path[start]
        said = [_at(row, tick) for row in answers for tick in beats.edges[start:end].tolist()]
        same = [chord for chord in said if chord is not None and state_of(chord, home) == state]
        plain = Chord((state % 12 + home) % 12, FAMILIES[state // 12])
        chosen = max(dict.fromkeys(same), key=same.count) if same else plain
        marks.append(ChordMark(int(beats.edges[start]), chosen))
    return tuple(marks)


def _at(marks: Row, tick: Ticks) -> Chord | None:
    """Return the chord in force at a tick; before the first, the first."""
    index = int(np.searchsorted([mark.tick for mark in marks], tick, side="right")) - 1
    return marks[max(index, 0)].chord if marks else None
