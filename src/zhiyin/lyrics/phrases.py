"""Phrases: where a tune breathes, which phrases are the same, and which sections they make.

Conventions: a phrase becomes one line of words; a phrase is a run of slots; sections carry the score's names, or
letters where they were found. This module knows no words: see `zhiyin.lyrics.line_plan`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.analysis.structure import find_sections
from zhiyin.errors import InvalidInput
from zhiyin.lyrics.melody import Tune
from zhiyin.lyrics.slots import Slot
from zhiyin.score import Score, Timeline
from zhiyin.units import FloatArray

SIZES = {"zh": (4, 10, 14), "en": (5, 11, 16)}  # syllables a line: usual from, to, at most
SMALL_COST = {1: 3.6, 2: 2.6, 3: 1.3}  # of a phrase of so few slots
OVER_COST = 0.45  # of each slot above the usual
CUT_COST = 1.2
REST_WORTH, LONG_REST_WORTH = 2.2, 1.6
LONG_WORTH, LONGISH_WORTH = 1.5, 0.7
FOUR_BARS, TWO_BARS, ONE_BAR = 1.3, 0.9, 0.25
PARALLEL_WORTH = 0.6
_CHORUS = re.compile(r"chorus|refrain|hook|副歌", re.I)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of slots that one line is sung to.

    section: index into the sections; like: the first phrase that is sung to the same notes, itself if none was;
    is_chorus: whether its section is one.
    """

    slots: tuple[Slot, ...]
    section: int = 0
    like: int = 0
    is_chorus: bool = False

    @property
    def size(self) -> int:
        """Return the number of syllables."""
        return len(self.slots)

    @property
    def breaks(self) -> frozenset[int]:
        """Return the places (slots before them) that no word may lie across: a rest inside the phrase."""
        return frozenset(i + 1 for i, slot in enumerate(self.slots[:-1]) if slot.breathes)


@dataclass(frozen=True, slots=True)
class Song:
    """The phrases of a tune and the names of its sections, in order of their first phrase."""

    phrases: tuple[Phrase, ...]
    sections: tuple[str, ...]


def phrases_of(
    score: Score, tune: Tune, slots: Sequence[Slot], *, lang: str = "zh", told: str = "", chorus: str = ""
) -> Song:
    """Return the phrases of a tune.

    told: how a person cuts it: syllables a line ("7 7 5 7", the last number goes on) or bars ("1-2, 3-4");
    chorus: bars of the chorus ("9-16"). Raises InvalidInput for what cannot be read or does not fit.
    """
    cuts = _told_cuts(score, slots, told) if told.strip() else _found_cuts(score, slots, lang)
    runs = [tuple(slots[a:b]) for a, b in zip([0, *cuts], [*cuts, len(slots)], strict=True)]
    phrases = [Phrase(_marked(run)) for run in runs]
    names, of_phrase, is_chorus = _sections(score, phrases, chorus)
    shapes: dict[tuple[object, ...], int] = {}
    found = []
    for index, phrase in enumerate(phrases):
        like = shapes.setdefault(shape_of(phrase), index)
        found.append(
            replace(phrase, section=of_phrase[index], like=like, is_chorus=is_chorus[of_phrase[index]])
        )
    return Song(tuple(found), names)


def shape_of(phrase: Phrase) -> tuple[object, ...]:
    """Return what two phrases share that are sung alike: when their notes begin and how they move."""
    start = phrase.slots[0].onset
    moves = [0, *(slot.interval for slot in phrase.slots[1:])]
    grid = 2520  # a sixteenth: played notes lie beside it
    return tuple((round((s.onset - start) / grid), move) for s, move in zip(phrase.slots, moves, strict=True))


def _marked(run: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """Return the slots of a phrase with their place in it: what is top and what is last."""
    highest = max(slot.pitch for slot in run)
    lowest = min(slot.pitch for slot in run)
    top = next(i for i, slot in enumerate(run) if slot.pitch == highest) if highest - lowest >= 3 else -1
    return tuple(
        replace(slot, is_top=i == top, is_final=i == len(run) - 1, interval=slot.interval if i else 0)
        for i, slot in enumerate(run)
    )


def _told_cuts(score: Score, slots: Sequence[Slot], told: str) -> list[int]:
    items = [item for item in re.split(r"[\s,，、;；]+", told.strip()) if item]
    if all(re.fullmatch(r"\d+", item) for item in items):
        return _counted_cuts([int(item) for item in items], len(slots))
    if not all(re.fullmatch(r"\d+[-–]\d+", item) for item in items):
        raise InvalidInput(
            f"phrases must be syllables a line ('7 7 5 7') or bars ('1-2, 3-4'), got {told!r}: write one of these",
            zh=f"乐句要写成每行字数（“7 7 5 7”）或小节（“1-2, 3-4”），得到 {told!r}",
        )
    line = Timeline.of(score)
    cuts = []
    for item in items:
        first, last = (int(n) for n in re.split("[-–]", item))
        if not 1 <= first <= last:
            raise InvalidInput(f"bars of a phrase must run upwards from 1, got {item!r}: write e.g. 5-8")
        tick = line.bar_start(first - 1)
        cuts.append(sum(slot.onset < tick for slot in slots))
    return sorted({cut for cut in cuts if 0 < cut < len(slots)})


def _counted_cuts(sizes: list[int], count: int) -> list[int]:
    if not all(sizes):
        raise InvalidInput("a line must have 1 syllable or more, got 0: leave it out or write its length")
    cuts, at, number = [], 0, 0
    while at + sizes[min(number, len(sizes) - 1)] < count:
        at += sizes[min(number, len(sizes) - 1)]
        cuts.append(at)
        number += 1
    return cuts


def lengths_said(told: str, sizes: Sequence[int]) -> tuple[tuple[str, str], ...]:
    """Return what is said (English, Chinese) where lengths of lines that were told are not those of the lines.

    >>> lengths_said("7 5", [7, 5, 5, 3])[0][0]
    'the lengths 7 5 became 7 5 5 3: the last one goes on, and the tune ends where it ends'
    """
    items = [item for item in re.split(r"[\s,，、;；]+", told.strip()) if item]
    made = [str(size) for size in sizes]
    if items == made or not all(item.isdecimal() for item in items) or not items:
        return ()
    asked, became = " ".join(items), " ".join(made)
    return (
        (
            f"the lengths {asked} became {became}: the last one goes on, and the tune ends where it ends",
            f"每行字数 {asked} 实际为 {became}：最后一个数往下沿用，到旋律结束为止",
        ),
    )


def _found_cuts(score: Score, slots: Sequence[Slot], lang: str) -> list[int]:
    """Return where new phrases begin: the cuts that are worth most together."""
    if len(slots) < 2:
        return []
    worth = boundary_worth(score, slots)
    low, high, most = SIZES[lang]
    count = len(slots)
    best = np.full(count + 1, -np.inf)
    back = np.zeros(count + 1, np.int64)
    best[0] = 0.0
    for end in range(1, count + 1):
        gain = float(worth[end - 1]) - CUT_COST if end < count else 0.0
        for start in range(max(0, end - most), end):
            total = best[start] + gain - _size_cost(end - start, low, high)
            if total > best[end] + 1e-9:
                best[end], back[end] = total, start
    cuts, at = [], int(back[count])
    while at:
        cuts.append(at)
        at = int(back[at])
    return cuts[::-1]


def _size_cost(size: int, low: int, high: int) -> float:
    if size in SMALL_COST:
        return SMALL_COST[size]
    return OVER_COST * max(0, size - high, (low - size) / 2)


def boundary_worth(score: Score, slots: Sequence[Slot]) -> FloatArray:
    """Return how much a phrase wants to end after each slot: rests, long notes, groups of bars, likeness."""
    line = Timeline.of(score)
    onset = np.array([slot.onset for slot in slots], np.int64)
    gaps = np.diff(onset, append=slots[-1].end)
    usual = float(np.median(gaps[:-1])) if len(slots) > 1 else 1.0
    beat = np.array([line.metre_at(int(tick)).beat_ticks for tick in onset])
    rest = np.array([slot.rest_after for slot in slots]) / beat
    worth = np.where(rest >= 0.5, REST_WORTH, 0.0) + np.where(rest >= 1.0, LONG_REST_WORTH, 0.0)
    if np.mean(rest >= 0.5) > 0.4:  # detached notes: only longer rests are breaths
        worth = np.where(rest >= 1.9 * np.median(rest), REST_WORTH, 0.0)
    worth += np.where(gaps >= 1.9 * usual, LONG_WORTH, np.where(gaps >= 1.4 * usual, LONGISH_WORTH, 0.0))
    worth[:-1] += _bar_worth(line, onset)
    worth[:-1] += PARALLEL_WORTH * _parallel(gaps)[1:]
    result: FloatArray = worth
    return result


def _bar_worth(line: Timeline, onset: np.ndarray[tuple[int], np.dtype[np.int64]]) -> FloatArray:
    """Return what the bars say of a border before each slot but the first; upbeats as long as the first one's."""
    bars = line.bar_count(int(onset[-1]) + 1)
    edges = line.bar_starts(bars)
    first = int(line.bar_of(int(onset[0])))
    upbeat = int(edges[first + 1] - onset[0])
    is_upbeat = 0 < upbeat < (edges[first + 1] - edges[first]) * 0.51 or (
        first == 0 and line.pickup_ticks > 0
    )
    shift, base = (upbeat, first + 1) if is_upbeat else (0, first)
    starts = onset[1:] + shift
    bar = line.bar_of(starts)
    is_edge = np.array([int(line.bar_start(int(b))) for b in bar]) == starts
    turn = bar - base
    said = np.where(turn % 4 == 0, FOUR_BARS, np.where(turn % 2 == 0, TWO_BARS, ONE_BAR))
    result: FloatArray = np.where(is_edge, said, 0.0)
    return result


def _parallel(gaps: np.ndarray[tuple[int], np.dtype[np.int64]], size: int = 5) -> FloatArray:
    """Return where the rhythm of the tune's beginning comes again: 1 if `size` lengths agree, else 0."""
    ratio = np.round(gaps / max(float(np.median(gaps)), 1.0), 2)
    found = np.zeros(gaps.size)
    for i in range(gaps.size - size + 1):
        found[i] = float(np.array_equal(ratio[i : i + size], ratio[:size]))
    return found


def _sections(
    score: Score, phrases: Sequence[Phrase], chorus: str
) -> tuple[tuple[str, ...], list[int], list[bool]]:
    """Return names of sections, the section of each phrase, and which sections are choruses."""
    marks = score.sections or find_sections(score)
    ticks = [mark.tick for mark in marks] or [0]
    names = [mark.name for mark in marks] or ["A"]
    middle = [(p.slots[0].onset + p.slots[-1].onset) // 2 for p in phrases]
    raw = [max(int(np.searchsorted(ticks, tick, side="right")) - 1, 0) for tick in middle]
    order = {section: place for place, section in enumerate(dict.fromkeys(raw))}
    kept = tuple(names[section] for section in order)
    of_phrase = [order[section] for section in raw]
    if chorus.strip():
        return _told_chorus(score, phrases, chorus)
    return kept, of_phrase, _choruses(kept, of_phrase, phrases)


def _choruses(names: tuple[str, ...], of_phrase: list[int], phrases: Sequence[Phrase]) -> list[bool]:
    """Return which sections are choruses: those called so; else a later letter that returns note for note."""
    if any(_CHORUS.search(name) for name in names):
        return [bool(_CHORUS.search(name)) for name in names]
    shapes = [
        tuple(shape_of(p) for p, own in zip(phrases, of_phrase, strict=True) if own == section)
        for section in range(len(names))
    ]
    return [
        section > 0
        and names[section] != names[0]
        and len(shapes[section]) >= 2
        and any(
            other != section and abs(other - section) > 1 and shapes[other] == shapes[section]
            for other in range(len(names))
        )
        for section in range(len(names))
    ]


def _told_chorus(
    score: Score, phrases: Sequence[Phrase], chorus: str
) -> tuple[tuple[str, ...], list[int], list[bool]]:
    line = Timeline.of(score)
    spans = []
    for item in re.split(r"[\s,，、;；]+", chorus.strip()):
        if not re.fullmatch(r"\d+[-–]\d+", item):
            raise InvalidInput(f"bars of a chorus must look like 9-16, got {item!r}: write them so")
        first, last = (int(n) for n in re.split("[-–]", item))
        bars = int(line.bar_of(phrases[-1].slots[-1].onset)) + 1
        if not 1 <= first <= last <= bars:
            raise InvalidInput(
                f"bars of a chorus must lie in 1-{bars} and run upwards, got {item!r}: the tune has so many bars",
                zh=f"副歌小节应在 1-{bars} 之内、由小到大，得到 {item!r}：旋律只有 {bars} 小节",
            )
        spans.append((line.bar_start(first - 1), line.bar_start(last)))
    sung = [any(a <= (p.slots[0].onset + p.slots[-1].onset) // 2 < b for a, b in spans) for p in phrases]
    names: list[str] = []
    of_phrase: list[int] = []
    for place, is_sung in enumerate(sung):
        if not place or sung[place - 1] != is_sung:
            names.append("chorus" if is_sung else "verse")
        of_phrase.append(len(names) - 1)
    return tuple(names), of_phrase, [name == "chorus" for name in names]
