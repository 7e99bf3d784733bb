"""Excerpts: windows of eight bars, stripped of everything that is not music on paper.

Conventions: steps of 1/24 quarter from the window's first bar line; pitches are MIDI numbers, drums GM keys.
This module does not know who wrote a window, human or machine: both pass through the same doors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.data.corpus import CorpusView
from zhiyin.data.tables import Table
from zhiyin.errors import InvalidInput
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_STEP, BoolArray, IntArray

BARS = 8
STRIDE_BARS = 4  # windows begin where phrases do
MIN_NOTES = 16
MIN_FULL_BARS = 6  # of eight; a window of rests says nothing
SHORTEST_STEPS = 3  # a 32nd; what is shorter is an ornament of the edition
FRAME_STEPS = 6  # bars are whole sixteenths
# Editions split a keyboard into hands, staves or manuals in their own ways: one player, one part.
KEYBOARDS = frozenset((*range(8), *range(16, 24)))


@dataclass(frozen=True, eq=False)
class Excerpt:
    """A window of notes.

    onset, duration: steps; pitch: 0..127; part: 0.. from the lowest part up; is_drums: (notes,). metre: (beats,
    unit). No velocity, tempo, title, program, voice, or place in the piece survives.
    """

    onset: IntArray
    duration: IntArray
    pitch: IntArray
    part: IntArray
    is_drums: BoolArray
    metre: tuple[int, int]
    bar_steps: int
    bars: int = BARS

    def __post_init__(self) -> None:
        sizes = {a.size for a in (self.onset, self.duration, self.pitch, self.part, self.is_drums)}
        if len(sizes) != 1:
            raise InvalidInput(f"columns of an excerpt must be equally long, got {sorted(sizes)} notes")
        if self.bar_steps < FRAME_STEPS or self.bar_steps % FRAME_STEPS:
            raise InvalidInput(
                f"a bar must be whole sixteenths, got {self.bar_steps} steps: leave such bars out"
            )

    def __len__(self) -> int:
        return int(self.onset.size)

    @property
    def length(self) -> int:
        """Return the window's length in steps."""
        return self.bars * self.bar_steps

    @property
    def is_worth_judging(self) -> bool:
        """Return whether enough happens in it: 16 notes, and 6 of 8 bars in which something begins."""
        full = np.unique(self.onset // self.bar_steps).size
        return len(self) >= MIN_NOTES and full >= MIN_FULL_BARS * self.bars / BARS

    def transposed(self, semitones: int) -> Excerpt:
        """Return the window with all but drums moved; raises InvalidInput when a pitch leaves 0..127."""
        pitch = np.where(self.is_drums, self.pitch, self.pitch + semitones)
        if pitch.size and not (pitch.min() >= 0 and pitch.max() <= 127):
            raise InvalidInput(f"pitches must stay 0..127, got {semitones:+d} semitones: move by less")
        return replace(self, pitch=pitch)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a human window stands: piece of a view, its name and work, style, first bar, bars of the piece."""

    index: int
    piece: str
    work: str
    style: str
    first_bar: int
    bars: int


def snapped(steps: IntArray) -> IntArray:
    """Return the nearest steps that are whole 32nds or whole triplet sixteenths (multiples of 3 or 4).

    >>> snapped(np.array([0, 1, 2, 5, 7, 10])).tolist()
    [0, 0, 3, 6, 6, 9]
    """
    by_three, by_four = (steps + 1) // 3 * 3, (steps + 1) // 4 * 4
    nearer: IntArray = np.where(np.abs(by_three - steps) <= np.abs(by_four - steps), by_three, by_four)
    return nearer


def make_excerpt(
    columns: dict[str, IntArray],
    *,
    programs: IntArray,
    is_drums: BoolArray,
    start: int,
    metre: tuple[int, int],
    bar_steps: int,
) -> Excerpt:
    """Return the notes that begin in the eight bars after `start`, cut at their end and made plain.

    columns: onset, duration (steps), pitch, part; programs, is_drums: (parts,). Ornaments are dropped, onsets and
    lengths snapped, doubled notes taken once, keyboard parts joined, parts ordered by mean pitch.
    """
    end = start + BARS * bar_steps
    keep = (columns["onset"] >= start) & (columns["onset"] < end) & (columns["duration"] >= SHORTEST_STEPS)
    onset, duration, pitch, part = (columns[n][keep] for n in ("onset", "duration", "pitch", "part"))
    onset = np.minimum(snapped(onset - start), end - start - SHORTEST_STEPS)
    duration = np.minimum(np.maximum(snapped(duration), SHORTEST_STEPS), end - start - onset)
    part = _players(programs, is_drums)[part]
    table = np.stack([onset, pitch, part, -duration])
    order = np.lexsort(table[::-1])
    table = table[:, order]
    is_new = np.append(True, np.any(table[:3, 1:] != table[:3, :-1], axis=0))[: order.size]
    onset, pitch, part, duration = table[0][is_new], table[1][is_new], table[2][is_new], -table[3][is_new]
    drums = np.isin(part, _players(programs, is_drums)[is_drums])
    return Excerpt(onset, duration, pitch, _by_height(part, pitch, drums), drums, metre, bar_steps)


def _players(programs: IntArray, is_drums: BoolArray) -> IntArray:
    """Return the player of each part: keyboards are one player, drums one, everybody else alone."""
    players = np.arange(programs.size)
    for group in (np.isin(programs, list(KEYBOARDS)) & ~is_drums, is_drums):
        rows = np.flatnonzero(group)
        if rows.size:
            players[rows] = rows[0]
    return players


def _by_height(part: IntArray, pitch: IntArray, drums: BoolArray) -> IntArray:
    """Return part numbers from the lowest mean pitch up, drums last."""
    numbers = np.unique(part)
    height = [np.mean(pitch[part == n]) + 1000.0 * np.any(drums[part == n]) for n in numbers]
    rank = np.empty(numbers.size, np.int64)
    rank[np.argsort(height, kind="stable")] = np.arange(numbers.size)
    ranked: IntArray = rank[np.searchsorted(numbers, part)]
    return ranked


def score_excerpt(score: Score, *, first_bar: int = 0) -> Excerpt:
    """Return eight bars of a quantised score. Raises InvalidInput when the metre changes in them or they end early."""
    line = Timeline.of(score)
    edges = np.array([line.bar_start(first_bar + i) for i in range(BARS + 1)]) // TICKS_PER_STEP
    lengths = np.diff(edges)
    if np.any(lengths != lengths[0]):
        raise InvalidInput(
            f"eight bars must be equally long, got {lengths.tolist()} steps: choose other bars"
        )
    parts = [p.notes for p in score.parts]
    columns = {
        "onset": np.concatenate([n.onset for n in parts]) // TICKS_PER_STEP,
        "duration": np.concatenate([n.duration for n in parts]) // TICKS_PER_STEP,
        "pitch": np.concatenate([n.pitch for n in parts]),
        "part": np.repeat(np.arange(len(parts)), [len(n) for n in parts]),
    }
    start = int(edges[0])
    metre = next(m.metre for m in reversed(score.metres) if m.tick // TICKS_PER_STEP <= start)
    return make_excerpt(
        columns,
        programs=np.array([p.program for p in score.parts], np.int64),
        is_drums=np.array([p.is_drums for p in score.parts], bool),
        start=start,
        metre=(metre.numerator, metre.denominator),
        bar_steps=int(lengths[0]),
    )


def piece_places(view: CorpusView, index: int) -> list[Place]:
    """Return every window of a piece that has one metre and equal bars, a stride of four bars apart."""
    piece = view.piece(index)
    info, bars = piece.info, piece.bars
    length = np.asarray(bars["length"])
    metre = np.asarray(bars["numerator"], np.int64) * 64 + np.asarray(bars["denominator"])
    first = 1 if int(info["pickup_steps"]) else 0
    found = []
    for bar in range(first, length.size - BARS + 1, STRIDE_BARS):
        inside = slice(bar, bar + BARS)
        is_even = np.all(length[inside] == length[bar]) and np.all(metre[inside] == metre[bar])
        if is_even and _is_whole(bars, bar):
            name = f"{info['set']}/{info['id']}"
            found.append(Place(index, name, str(info["work"]), str(info["style"]), bar, int(length.size)))
    return found


def _is_whole(bars: Table, bar: int) -> bool:
    numerator, denominator = int(bars["numerator"][bar]), int(bars["denominator"][bar])
    length = int(bars["length"][bar])
    return length % FRAME_STEPS == 0 and 24 <= length <= 192 and length * denominator == numerator * 96


def corpus_excerpt(view: CorpusView, place: Place) -> Excerpt:
    """Return the window of a corpus piece at a place."""
    piece = view.piece(place.index)
    bar = place.first_bar
    return make_excerpt(
        {name: np.asarray(piece.notes[name], np.int64) for name in ("onset", "duration", "pitch", "part")},
        programs=np.asarray(piece.parts["program"], np.int64),
        is_drums=np.asarray(piece.parts["is_drums"], bool),
        start=int(piece.bars["start"][bar]),
        metre=(int(piece.bars["numerator"][bar]), int(piece.bars["denominator"][bar])),
        bar_steps=int(piece.bars["length"][bar]),
    )


def draw_places(
    view: CorpusView, indices: Iterable[int], *, per_piece: int, rng: np.random.Generator
) -> list[tuple[Place, Excerpt]]:
    """Return at most `per_piece` windows of each piece, none overlapping, each worth judging."""
    drawn = []
    for index in indices:
        places = piece_places(view, index)
        taken: list[int] = []
        for choice in rng.permutation(len(places)).tolist():
            place = places[choice]
            if len(taken) == per_piece or any(abs(place.first_bar - bar) < BARS for bar in taken):
                continue
            excerpt = corpus_excerpt(view, place)
            if excerpt.is_worth_judging:
                taken.append(place.first_bar)
                drawn.append((place, excerpt))
    return drawn
