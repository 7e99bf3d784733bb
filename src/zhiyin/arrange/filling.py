"""Chord tones for players whom the source gives no line: found by a beam search over real voice leading.

Conventions: one tone a player and chord, held; what the other players sound is given and never changed.
This module does not decide who is idle: see `zhiyin.arrange.casting`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from zhiyin.arrange.lines import Tone
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.instruments import Instrument
from zhiyin.units import FloatArray, Ticks

BEAM = 4
CHOICES = {1: 5, 2: 4, 3: 4}  # tones tried for each of so many idle seats; 3 for more
NEEDED = (6.0, 8.0, 3.0, 5.0)  # worth of a missing root, third, fifth, seventh
DOUBLED = (0.5, 4.0, 0.8, 6.0)  # cost of doubling them
PARALLEL, CROSSING, UNISON, CLASH, WIDE = 18.0, 6.0, 3.0, 9.0, 3.0
State = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """A player to fill for: instrument, where the line likes to lie, whether it is the bass."""

    instrument: Instrument
    centre: float
    is_bass: bool = False


@dataclass(frozen=True)
class Slot:
    """A stretch with one chord for the same idle players.

    seats: which of the players are idle; top, bottom: the tune's and the bass's pitch when it begins (None: silent);
    sounding: pitches that others sound when it begins; weights: (12,) share of the slot each pitch class sounds.
    """

    start: Ticks
    end: Ticks
    chord: Chord
    seats: tuple[int, ...]
    top: int | None
    bottom: int | None
    sounding: tuple[int, ...]
    weights: FloatArray


class Heard:
    """What some lines sound at a tick."""

    def __init__(self, lines: Sequence[Sequence[Tone]]) -> None:
        self._lines = [sorted(line) for line in lines if line]
        self._onsets = [[tone.onset for tone in line] for line in self._lines]

    def at(self, tick: Ticks, slack: Ticks = 0) -> tuple[int, ...]:
        """Return the pitches that sound at a tick, or begin within `slack` after it."""
        found = []
        for line, onsets in zip(self._lines, self._onsets, strict=True):
            index = bisect_right(onsets, tick + slack) - 1
            if index >= 0 and line[index].end > tick:
                found.append(line[index].pitch)
        return tuple(found)

    def weights(self, start: Ticks, end: Ticks) -> FloatArray:
        """Return the share of a stretch in which each pitch class sounds: (12,)."""
        found = np.zeros(12)
        for line, onsets in zip(self._lines, self._onsets, strict=True):
            first = max(bisect_right(onsets, start) - 1, 0)
            for tone in line[first : bisect_right(onsets, end - 1)]:
                found[tone.pitch % 12] += max(min(tone.end, end) - max(tone.onset, start), 0)
        share: FloatArray = np.minimum(found / max(end - start, 1), 1.0)
        return share


def fill(slots: Sequence[Slot], seats: Sequence[Seat]) -> list[list[tuple[Slot, int]]]:
    """Return (slot, pitch) pairs for each seat: the cheapest path that a beam of BEAM finds.

    A seat rests in a slot where no tone of the chord is in its range without a clash.
    """
    beams: list[tuple[float, State, tuple[State, ...]]] = [(0.0, (-1,) * len(seats), ())]
    before: Slot | None = None
    for slot in slots:
        options = _combinations(slot, seats, beams[0][1])
        grown = []
        for cost, last, path in beams:
            for own, combination in options:
                state = _next_state(last, slot, combination)
                step = _motion(last, state, slot, before)
                grown.append((cost + own + step, state, (*path, combination)))
        grown.sort(key=lambda item: item[0])
        beams, before = _distinct(grown), slot
    found: list[list[tuple[Slot, int]]] = [[] for _ in seats]
    for slot, combination in zip(slots, beams[0][2], strict=True):
        for seat, pitch in zip(slot.seats, combination, strict=True):
            if pitch >= 0:
                found[seat].append((slot, pitch))
    return found


def _distinct(
    grown: list[tuple[float, State, tuple[State, ...]]],
) -> list[tuple[float, State, tuple[State, ...]]]:
    """Return the best few with different last tones."""
    found: dict[State, tuple[float, State, tuple[State, ...]]] = {}
    for item in grown:
        found.setdefault(item[1], item)
        if len(found) == BEAM:
            break
    return list(found.values())


def _next_state(last: State, slot: Slot, combination: State) -> State:
    state = list(last)
    for seat, pitch in zip(slot.seats, combination, strict=True):
        state[seat] = pitch if pitch >= 0 else last[seat]
    return tuple(state)


def _combinations(slot: Slot, seats: Sequence[Seat], last: State) -> list[tuple[float, State]]:
    """Return (cost, pitch of each idle seat) of what the seats may sound together, the best ones."""
    count = CHOICES.get(len(slot.seats), 3)
    choices = [_choices(slot, seats[seat], last[seat])[:count] for seat in slot.seats]
    found = [
        (sum(cost for cost, _ in chosen) + _together(slot, seats, tuple(p for _, p in chosen)),
         tuple(p for _, p in chosen))
        for chosen in product(*choices)
    ]  # fmt: skip
    found.sort()
    return found[: 4 * BEAM]


def _choices(slot: Slot, seat: Seat, last: int) -> list[tuple[float, int]]:
    """Return (cost, pitch) of the few chord tones that suit a seat; (0, -1) is a rest where none does."""
    tones = (slot.chord.bass,) if seat.is_bass else slot.chord.pitch_classes
    low, high = seat.instrument.low, min(seat.instrument.high, 88)
    near = last if last >= 0 else seat.centre
    found = []
    for pitch in range(low, high + 1):
        if pitch % 12 not in tones or (abs(pitch - near) > 14 and abs(pitch - seat.centre) > 9):
            continue
        clash = slot.weights[(pitch + 1) % 12] + slot.weights[(pitch - 1) % 12]
        if clash > 0.45 and slot.weights[pitch % 12] < 0.3:
            continue
        cost = CLASH * clash - 2.0 * min(slot.weights[pitch % 12], 0.5) + 0.25 * abs(pitch - seat.centre)
        if slot.top is not None and pitch > slot.top:
            cost += CROSSING + (pitch - slot.top)
        if slot.bottom is not None and pitch < slot.bottom and not seat.is_bass:
            cost += CROSSING + (slot.bottom - pitch)
        cost += UNISON * (pitch in slot.sounding)
        found.append((cost + 0.45 * abs(pitch - near), pitch))
    found.sort()
    return found or [(0.0, -1)]


def _together(slot: Slot, seats: Sequence[Seat], pitches: State) -> float:
    """Return the cost of what sounds at once: missing and doubled chord tones, crossed or far seats."""
    cost = 0.0
    heard = {pitch % 12 for pitch in slot.sounding}
    own = [pitch % 12 for pitch in pitches if pitch >= 0]
    for rank, step in enumerate(QUALITIES[slot.chord.quality][:4]):
        tone = (slot.chord.root + step) % 12
        count, there = own.count(tone), tone in heard
        if count:
            cost += DOUBLED[rank] * (count - (not there)) - NEEDED[rank] * (not there)
    for high, low in pairwise(pitches):
        if high >= 0 and low >= 0:
            cost += CROSSING * (low > high) + UNISON * (low == high) + WIDE * (high - low > 12)
    return cost


def _motion(last: State, state: State, slot: Slot, before: Slot | None) -> float:
    """Return the cost of moving: parallel fifths and octaves with the tune, the bass and each other."""
    if before is None:
        return 0.0
    moving = [(last[s], state[s]) for s in slot.seats if last[s] >= 0]
    outer = [
        (was, now)
        for was, now in ((before.top, slot.top), (before.bottom, slot.bottom))
        if was is not None and now is not None
    ]
    cost = 0.0
    for index, (was, now) in enumerate(moving):
        cost += 0.3 * max(abs(now - was) - 4, 0)
        if was == now:
            continue
        for other_was, other_now in (*outer, *moving[:index]):
            interval = (other_now - now) % 12
            is_parallel = interval in (0, 7) and interval == (other_was - was) % 12 and other_was != other_now
            cost += PARALLEL * is_parallel
    return cost
