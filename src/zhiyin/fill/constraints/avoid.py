"""The wish to avoid: pitch classes, drum keys, melodic intervals, parallel fifths and octaves.

Conventions: intervals are semitones between top notes struck one after the other in a part, without direction;
parallels are between top notes of two parts that strike together twice running. This module forbids, it never asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from zhiyin.encode.fields import END
from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.fill.constraints.claims import NO_MOVES, ONLY, Claim
from zhiyin.fill.constraints.span import PITCHES, Span, all_onsets, bars_of, last_placed, verdict
from zhiyin.score import Notes, Score
from zhiyin.theory.interval import interval_name
from zhiyin.theory.pitch import fifths_name, spell
from zhiyin.units import BoolArray

PERFECT = (0, 7)


@dataclass(frozen=True)
class Avoid(Unmasked):
    """None of these happens in the span.

    classes: pitch classes; keys: GM drum keys; intervals: melodic steps in semitones; parallels: parts that keep no
    fifth and no octave with each other while both move the same way.
    """

    span: Span
    classes: frozenset[int] = frozenset()
    keys: frozenset[int] = frozenset()
    intervals: frozenset[int] = frozenset()
    parallels: frozenset[int] = frozenset()
    text: str = ""
    name: str = "avoid"
    is_hard: bool = True

    def __post_init__(self) -> None:
        if not (self.classes or self.keys or self.intervals or self.parallels):
            raise InvalidInput(
                "a wish to avoid must name something, got nothing: write e.g. 'avoid F#, tritone'"
            )
        if len(self.classes) == 12:
            raise InvalidInput(
                "at least one pitch class must be left, got all twelve to avoid: leave one out"
            )

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        names = [fifths_name(spell(c)) for c in sorted(self.classes)] + [str(k) for k in sorted(self.keys)]
        names += [interval_name(i) for i in sorted(self.intervals)] + ["parallels"] * bool(self.parallels)
        row = self.text or ", ".join(names)
        return f"avoid {row}", f"避免 {row}"

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Forbid the end of a cell that would leave an avoided step to notes which already stand behind it."""
        if not self.intervals or cell.is_drums or not self.span.has(cell) or not cell.line or not cell.after:
            return None
        step, pitch = cell.after[0]
        joins = abs(cell.line[-1][1] - pitch) in self.intervals and step >= cell.start + cell.length
        if not joins or last_placed(cell) < 0:
            return None
        mask = all_onsets()
        mask[END] = False
        return mask

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow everything else."""
        if not self.span.has(cell):
            return None
        mask = np.ones(128, bool)
        if cell.is_drums:
            mask[sorted(self.keys)] = False
            return mask
        mask &= ~np.isin(PITCHES % 12, sorted(self.classes))
        before = cell.struck_before(onset)
        if before is not None:
            mask &= ~np.isin(np.abs(PITCHES - before[1]), sorted(self.intervals))
            if cell.part in self.parallels:
                for other in sorted(self.parallels - {cell.part}):
                    mask &= ~_kept_perfect(before, cell.line_of(other), cell.start + onset)
        return mask

    def check(self, score: Score) -> Verdict:
        """Count what happens of it."""
        wrong: list[int] = []
        tops = set[int]()
        for index, notes in self.span.notes(score):
            if score.parts[index].is_drums:
                wrong += [n.onset for n in notes if n.pitch in self.keys]
                continue
            wrong += [n.onset for n in notes if n.pitch % 12 in self.classes]
            tops.add(index)
            line = sorted(_top_line(notes).items())
            steps = pairwise(line)
            wrong += [at for (_, a), (at, b) in steps if abs(b - a) in self.intervals]
        start, end = self.span.edges(score)
        lines = {i: _top_line(score.parts[i].notes.between(start, end)) for i in self.parallels}
        for one, two in combinations(sorted(lines), 2):
            if one in tops or two in tops:
                wrong += _parallels(lines[one], lines[two])
        said = f"{len(wrong)} found"
        return verdict(
            self,
            score,
            bars_of(score, np.array(wrong, np.int64)),
            found=(said, said, f"出现 {len(wrong)} 次"),
        )

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return the pitches left, the drum keys left, and the steps not made."""
        edges, found = self.span.edges(score), list[Claim]()
        pitched = frozenset(self.span.parts_in(score, drums=False))
        if self.classes:
            left = frozenset(p for p in range(128) if p % 12 not in self.classes)
            found.append(Claim(ONLY, pitched, *edges, pitches=left))
        if self.keys:
            drums = frozenset(self.span.parts_in(score, drums=True))
            found.append(Claim(ONLY, drums, *edges, pitches=frozenset(range(128)) - self.keys))
        if self.intervals:
            found.append(Claim(NO_MOVES, pitched, *edges, pitches=self.intervals))
        return tuple(found)


def _top_line(notes: Notes) -> dict[int, int]:
    """Return {tick: highest note struck}."""
    top: dict[int, int] = {}
    for note in notes:
        top[note.onset] = max(note.pitch, top.get(note.onset, 0))
    return top


def _kept_perfect(own: tuple[int, int], other: list[tuple[int, int]], step: int) -> BoolArray:
    """Return the pitches that would go on from (step, pitch) in parallel with another line that strikes too."""
    lines = dict(other)
    earlier = [s for s in lines if s < step]
    forbidden = np.zeros(128, bool)
    if step not in lines or not earlier:
        return forbidden
    before, now = lines[max(earlier)], lines[step]
    if now == before or ((own[1] - before) % 12 not in PERFECT and (before - own[1]) % 12 not in PERFECT):
        return forbidden
    same_way = np.sign(PITCHES - own[1]) == np.sign(now - before)
    same_size = np.abs(PITCHES - now) % 12 == abs(own[1] - before) % 12
    result: BoolArray = same_way & same_size
    return result


def _parallels(one: dict[int, int], two: dict[int, int]) -> list[int]:
    """Return the ticks at which two lines arrive in a parallel fifth or octave, both struck anew."""
    found, first, second = [], sorted(one), sorted(two)
    for tick in sorted(set(one) & set(two)):
        before_one = [t for t in first if t < tick]
        before_two = [t for t in second if t < tick]
        if not before_one or not before_two:
            continue
        a, b = one[before_one[-1]], two[before_two[-1]]
        moved = one[tick] - a, two[tick] - b
        size = abs(a - b) % 12
        if moved[0] * moved[1] > 0 and size in PERFECT and abs(one[tick] - two[tick]) % 12 == size:
            found.append(tick)
    return found
