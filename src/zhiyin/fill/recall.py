"""Returns: what of an earlier section is taken over when it comes again, and what is written anew.

Conventions: a return keeps its tune and most of what goes with it; its ending is new, then accompaniments by phrases,
then the second halves of the tune's phrases, until the share that the section's variation asks for is reached. Cells
whose chords or place differ are always new. This module writes no notes: see `zhiyin.fill.decode`.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.context import NOT_TOLD
from zhiyin.fill.form import phrases_of
from zhiyin.fill.likeness import likeness
from zhiyin.fill.plan import Plan, PlannedSection
from zhiyin.score import Cell, Notes, Score
from zhiyin.theory.instruments import find_instrument
from zhiyin.units import IntArray, Ticks

# Bars written anew at the end of a return of so many bars; shorter ones end with one new bar.
LONG_ENDING, LONG_SECTION = 2, 8
FREE = 0.75  # share of the bars with something new that are not told what they vary
OTHERWISE = 0.35  # of valence or arousal, by which a return that feels otherwise is written anew
BEHIND = 2  # phrases of accompaniment that give way before half a phrase of the tune does


@dataclass(frozen=True, eq=False)
class Recalled:
    """The score with recalled cells copied in, the cells to write, the bar that each resembles (-1, or not told)."""

    score: Score
    cells: frozenset[Cell]
    like: IntArray


def recall(plan: Plan, score: Score, section: PlannedSection, *, rng: np.random.Generator) -> Recalled:
    """Return a section begun: what it takes over from the one it repeats; all cells to write when it repeats none.

    Bars of a new section are told which of its earlier bars to resemble.
    """
    cells = {Cell(p, b) for p in range(len(plan.players)) for b in range(section.first_bar, section.end_bar)}
    like = np.full(plan.bars, -1, np.int64)
    if section.like < 0:
        like[section.first_bar : section.end_bar] = within(plan, section, rng)
        return Recalled(score, frozenset(cells), like)
    source = plan.sections[section.like]
    common = min(section.bars, source.bars)
    like[section.first_bar : section.first_bar + common] = np.arange(
        source.first_bar, source.first_bar + common
    )
    shift = section.key_shift - source.key_shift
    new = cells if feels_otherwise(plan, section, source) else varied(plan, section, rng)
    same = {c for c in cells - new if _can_copy(plan, score, c, int(like[c.bar]), shift)}
    same = {c for c in same if c.bar < min(section.end_bar, plan.bars) - 1}  # endings are always new
    # What is new is told what it varies in one bar of four: a model told it writes nearly the same again.
    anew = sorted({c.bar for c in new})
    free = [bar for bar in anew if rng.random() < FREE]
    begun = copied_into(plan, score, same, like=like, shift=shift)
    like[free] = NOT_TOLD
    return Recalled(begun, frozenset(cells - same), like)


def feels_otherwise(plan: Plan, section: PlannedSection, source: PlannedSection) -> bool:
    """Return whether a return is to feel so unlike what it repeats that its notes cannot stay.

    >>> from zhiyin.fill.plan_make import make_plan
    >>> from zhiyin.score.wishes import Wishes
    >>> plan = make_plan(Wishes(style="waltz", bars=32), seed=1)
    >>> feels_otherwise(plan, plan.sections[1], plan.sections[0])
    False
    """
    if not plan.feelings:
        return False
    places = [
        np.mean(
            [(plan.feelings[b].valence, plan.feelings[b].arousal) for b in range(s.first_bar, s.end_bar)],
            axis=0,
        )
        for s in (section, source)
    ]
    return bool(np.abs(places[0] - places[1]).max() > OTHERWISE)


def within(plan: Plan, section: PlannedSection, rng: np.random.Generator) -> IntArray:
    """Return the earlier bar that each bar of a new section is to resemble, or -1, as pieces of the style do it."""
    first = section.first_bar

    def fits(bar: int, earlier: int) -> bool:
        return chords_in(plan, first + bar, shift=0) == chords_in(plan, first + earlier, shift=0)

    found = likeness(plan.style, section.bars, rng, fits=fits)
    placed: IntArray = np.where(found >= 0, found + first, found)
    return placed


def varied(plan: Plan, section: PlannedSection, rng: np.random.Generator) -> set[Cell]:
    """Return the cells of a return that are written anew for variety's sake: about the share its variation asks for."""
    if section.variation <= 0:
        return set()
    pitched = [i for i, p in enumerate(plan.players) if not p.is_drums]
    quota = round(section.variation * len(pitched) * section.bars)
    ending = LONG_ENDING if section.bars >= LONG_SECTION else 1
    chosen = {Cell(p, b) for p in pitched for b in range(section.end_bar - ending, section.end_bar)}
    for span in _spans(plan, section, rng):
        if len(chosen) >= quota:
            break
        chosen |= span
    return chosen


def _spans(plan: Plan, section: PlannedSection, rng: np.random.Generator) -> list[set[Cell]]:
    """Return stretches in the order in which they give way: backing parts from their last phrases on, tunes between."""
    phrases = phrases_of(section)[::-1]
    of_role = {
        role: [i for i, p in enumerate(plan.players) if p.role == role]
        for role in ("melody", "bass", "drums")
    }
    named = {i for parts in of_role.values() for i in parts}
    backing = (
        rng.permutation([i for i in range(len(plan.players)) if i not in named]).tolist() + of_role["bass"]
    )
    tunes = [
        {Cell(p, b) for p in of_role["melody"] for b in range(start + bars // 2, start + bars)}
        for start, bars in rng.permutation(np.array(phrases[1:] or phrases)).tolist()
    ]
    behind = [
        {Cell(part, b) for b in range(start, start + bars)} for part in backing for start, bars in phrases
    ]
    spans: list[set[Cell]] = []
    for number in range(0, len(behind), BEHIND):
        spans += [*behind[number : number + BEHIND], *tunes[:1]]
        tunes = tunes[1:]
    whole = [{Cell(p, b) for p in of_role["melody"] for b in range(section.first_bar, section.end_bar)}]
    return [*spans, *tunes, *whole]


def _can_copy(plan: Plan, score: Score, cell: Cell, from_bar: int, shift: int) -> bool:
    """Return whether a cell may be taken over: the same chords, the same rest, and a note that begins in it."""
    if from_bar < 0 or chords_in(plan, cell.bar, shift=0) != chords_in(plan, from_bar, shift=shift):
        return False
    row = plan.textures[cell.part]
    if row[cell.bar].is_empty != row[from_bar].is_empty:
        return False
    # A bar that only holds a note from the bar before cannot be copied without it.
    start = from_bar * plan.metre.bar_ticks
    begins = len(score.parts[cell.part].notes.between(start, start + plan.metre.bar_ticks)) > 0
    return begins or row[cell.bar].is_empty


def chords_in(plan: Plan, bar: int, *, shift: int) -> list[tuple[Ticks, object]]:
    """Return the (offset, chord) in force through a bar, moved by a shift."""
    start = bar * plan.metre.bar_ticks
    end = start + plan.metre.bar_ticks
    inside = [(t - start, c.transpose(shift)) for t, c in plan.chords if start < t < end]
    return [(0, plan.chord_at(start).transpose(shift)), *inside]


def copied_into(plan: Plan, score: Score, cells: Set[Cell], *, like: IntArray, shift: int) -> Score:
    """Return the score with the cells' notes copied from the bars they resemble, cut at the end of a copied run."""
    bar_ticks = plan.metre.bar_ticks
    parts = []
    for index, part in enumerate(score.parts):
        pieces = [part.notes]
        for cell in sorted(c for c in cells if c.part == index):
            from_tick, to_tick = int(like[cell.bar]) * bar_ticks, cell.bar * bar_ticks
            notes = part.notes.between(from_tick, from_tick + bar_ticks)
            if not len(notes):
                continue
            run_end = cell.bar + 1
            while Cell(index, run_end) in cells:
                run_end += 1
            onset = notes.onset - from_tick + to_tick
            pitch = (
                notes.pitch if part.is_drums else _within(notes.pitch + shift, plan.players[index].instrument)
            )
            duration = np.minimum(notes.duration, run_end * bar_ticks - onset)
            pieces.append(notes.with_columns(onset=onset, duration=duration, pitch=pitch, spelling=None))
        parts.append(part.with_notes(Notes.concat(pieces)))
    return score.with_parts(parts)


def _within(pitch: IntArray, instrument: str) -> IntArray:
    """Return pitches moved together by octaves into an instrument's range."""
    found = find_instrument(instrument)
    while pitch.max() > found.high and pitch.min() - 12 >= found.low:
        pitch = pitch - 12
    while pitch.min() < found.low and pitch.max() + 12 <= found.high:
        pitch = pitch + 12
    return pitch
