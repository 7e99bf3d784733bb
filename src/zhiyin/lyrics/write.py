"""The search for a line: beams from the last slot to the first, with what must hold as masks and the rest as weights.

Conventions: scores are nats; a beam at place p has p slots open; a template holds the units that stand fixed in it.
This module reads no scores and makes no files: see `zhiyin.lyrics.song`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from zhiyin.lyrics.line_model import LineModel, LinePrompt
from zhiyin.lyrics.write_lexicon import Lexicon
from zhiyin.lyrics.write_worth import FORBIDDEN, Worth
from zhiyin.units import BoolArray, FloatArray, IntArray

LEAST_FIXED = -9.0  # what a fixed unit costs at most: a person's word is not held against the line
SYLLABLE_NATS = (
    3.2  # a beam that fills more slots with one unit is not behind: what a syllable costs on the mean
)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A unit that stands fixed: its first slot, how many slots it takes, its id (-1 unknown) and its text."""

    start: int
    size: int
    unit: int
    text: str

    @property
    def end(self) -> int:
        """Return the place at which it is written: the slots before its end are open."""
        return self.start + self.size


@dataclass(frozen=True, slots=True)
class Search:
    """How the search goes.

    width: beams a template; per_beam: units looked at a beam; children: of one beam that may live on; noise: of
    Gumbel's kind on each choice, in nats, 0 for the likeliest line; keep: lines given back.
    """

    width: int = 16
    per_beam: int = 48
    children: int = 3
    noise: float = 1.7
    keep: int = 40


@dataclass(frozen=True, slots=True, eq=False)
class LineTask:
    """What a line must be.

    slots: how many; worth: what units are worth where; last: (units,) which may end the line (its rhyme), where no
    fixed unit does; templates: sets of fixed units, one at least; bonus: (units,) nats; again: nats off for a unit
    that stands in the line already; stops: whether a word may not stand to the left of those chosen (copies).
    """

    slots: int
    prompt: LinePrompt
    worth: Worth
    last: BoolArray
    templates: tuple[tuple[Fixed, ...], ...]
    bonus: FloatArray
    again: float = 1.5
    stops: Callable[[Sequence[str], str], bool] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A line as units from left to right with its texts, its score in all and what the model alone gives it, nats."""

    units: tuple[int, ...]
    words: tuple[str, ...]
    score: float
    model: float


@dataclass(slots=True)
class _Beams:
    """Lines that are not finished: arrays over beams; units and words lie from left to right."""

    place: IntArray
    template: IntArray
    score: FloatArray
    noisy: FloatArray
    model: FloatArray
    tone: IntArray
    units: list[tuple[int, ...]] = field(default_factory=list)
    words: list[tuple[str, ...]] = field(default_factory=list)


def search_line(
    model: LineModel, lexicon: Lexicon, task: LineTask, *, search: Search, rng: np.random.Generator
) -> list[Draft]:
    """Return finished lines, the best first; none where nothing can stand."""
    state = model.start(task.prompt)
    beams = _first_beams(task)
    done: list[Draft] = []
    logs = np.asarray(model.log_probabilities(state), np.float64)
    parents = np.zeros(len(beams.place), np.int64)  # all templates start from one state
    while len(beams.place):
        finished = np.flatnonzero(beams.place == 0)
        for row in finished.tolist():
            end = float(logs[parents[row], 0])
            done.append(
                Draft(
                    beams.units[row], beams.words[row],
                    float(beams.score[row]) + max(end, LEAST_FIXED), float(beams.model[row]) + end,
                )
            )  # fmt: skip
        grown = _grow(lexicon, task, search, beams, logs[parents], rng)
        if grown is None:
            break
        beams, chosen, units = grown
        state = model.step(state, parents[chosen], np.maximum(units, 0))
        logs = np.asarray(model.log_probabilities(state), np.float64)
        parents = np.arange(len(beams.place))
    best: dict[tuple[str, ...], Draft] = {}
    for draft in sorted(done, key=lambda d: -d.score):
        best.setdefault(draft.words, draft)
    return list(best.values())[: search.keep]


def _first_beams(task: LineTask) -> _Beams:
    count = len(task.templates)
    zeros = np.zeros(count)
    return _Beams(
        np.full(count, task.slots), np.arange(count), zeros, zeros.copy(), zeros.copy(),
        np.zeros(count, np.int64), [()] * count, [()] * count,
    )  # fmt: skip


def _grow(
    lexicon: Lexicon,
    task: LineTask,
    search: Search,
    beams: _Beams,
    logs: FloatArray,
    rng: np.random.Generator,
) -> tuple[_Beams, IntArray, IntArray] | None:
    """Return the next beams, the beam that each comes from and the unit it took; None when all lines have ended."""
    rows: list[int] = []
    units: list[int] = []
    gains: list[float] = []
    for beam in np.flatnonzero(beams.place > 0).tolist():
        picked, gained = _choices(lexicon, task, search, beams, beam, logs[beam])
        rows += [beam] * len(picked)
        units += picked
        gains += gained
    if not rows:
        return None
    row, unit, gain = np.array(rows), np.array(units, np.int64), np.array(gains)
    noise = search.noise * rng.gumbel(size=row.size)
    fixed = [_fixed_at(task, beams, int(r)) for r in row]
    size = np.array(
        [f.size if f is not None else int(lexicon.size[u]) for f, u in zip(fixed, unit, strict=True)]
    )
    noisy = beams.noisy[row] + gain + noise
    reach = noisy + SYLLABLE_NATS * (task.slots - beams.place[row] + size)
    kept = _survivors(beams.template[row], row, reach, search)
    row, unit, size = row[kept], unit[kept], size[kept]
    known = np.where(unit >= 0, logs[row, np.maximum(unit, 0)], LEAST_FIXED)
    tone = lexicon.tone[np.maximum(unit, 0)]
    texts = [f.text if f is not None else lexicon.units[u] for f, u in ((fixed[k], units[k]) for k in kept)]
    grown = _Beams(
        beams.place[row] - size, beams.template[row], beams.score[row] + gain[kept], noisy[kept],
        beams.model[row] + known, task.worth.sung[tone, beams.tone[row]],
        [(int(u), *beams.units[r]) for u, r in zip(unit, row, strict=True)],
        [(text, *beams.words[r]) for text, r in zip(texts, row, strict=True)],
    )  # fmt: skip
    return grown, row, unit


def _survivors(template: IntArray, parent: IntArray, reach: FloatArray, search: Search) -> list[int]:
    """Return the best candidates: `width` of each template, few of one parent."""
    order = np.argsort(-reach, kind="stable")
    of_template: dict[int, int] = {}
    of_parent: dict[int, int] = {}
    kept = []
    roots = np.unique(parent).size <= np.unique(template).size  # the first choice spreads over all beams
    for place in order.tolist():
        group, source = int(template[place]), int(parent[place])
        if of_template.get(group, 0) >= search.width:
            continue
        if not roots and of_parent.get(source, 0) >= search.children:
            continue
        of_template[group] = of_template.get(group, 0) + 1
        of_parent[source] = of_parent.get(source, 0) + 1
        kept.append(place)
    return sorted(kept)


def _fixed_at(task: LineTask, beams: _Beams, row: int) -> Fixed | None:
    place = int(beams.place[row])
    return next((f for f in task.templates[int(beams.template[row])] if f.end == place), None)


def _choices(
    lexicon: Lexicon, task: LineTask, search: Search, beams: _Beams, row: int, logs: FloatArray
) -> tuple[list[int], list[float]]:
    """Return the units that may come next to the left, the best of them, and what each adds to the score."""
    place = int(beams.place[row])
    fixed = _fixed_at(task, beams, row)
    if fixed is not None:
        base = float(logs[fixed.unit]) if fixed.unit >= 0 else LEAST_FIXED
        worth = 0.0
        if fixed.unit >= 0 and place < task.slots:
            worth = float(task.worth.tones[place, lexicon.tone[fixed.unit], beams.tone[row]])
        return [fixed.unit], [max(base, LEAST_FIXED) + worth]
    value = logs + task.worth.place[place] + task.bonus
    if place < task.slots:
        value = value + task.worth.tones[place, :, beams.tone[row]][lexicon.tone]
    else:
        value = np.where(task.last, value, FORBIDDEN)
    before = max((f.end for f in task.templates[int(beams.template[row])] if f.end < place), default=0)
    value[lexicon.size > place - before] = FORBIDDEN
    value[0] = FORBIDDEN
    for unit in beams.units[row]:
        if unit >= 0:
            value[unit] -= task.again * (3.0 if unit == beams.units[row][0] else 1.0)
    most = min(search.per_beam, value.size - 1)
    top = np.argpartition(-value, most)[:most]
    top = top[np.isfinite(value[top])]
    top = top[np.argsort(-value[top], kind="stable")]
    if task.stops is not None:
        top = top[[not task.stops(beams.words[row], lexicon.units[unit]) for unit in top.tolist()]]
    return top.tolist(), value[top].tolist()
