"""Pieces laid side by side: which bars meet, which parts have partners, and everything in the first one's signature.

Conventions: bars are paired from the first whole one of each piece on; a role meets where every piece has it, and so
does every further voice that has a counterpart in each piece, the highest first.
This module writes no notes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import NoReturn

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.desk import Desk
from zhiyin.fill.latent.reading import PartBars, is_line, read_part, signature_of, stretched
from zhiyin.score import Score

FOURTH = 5  # semitones
OTHER_ROLE = 3.0  # semitones that a voice of another role counts as further away
MOST_VOICES = 12  # that look for counterparts
ROLES = ("melody", "bass", "drums")
USUAL_BARS, MOST_BARS = 16, 64


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How pieces are brought together.

    keep: parts of the first piece that stay; bars: how many, 0 for as many as all have, 16 at most; is_transposed:
    whether the others come to the first one's signature; is_stretched: whether bars of another length are drawn out or
    in.
    """

    keep: frozenset[int] = frozenset()
    bars: int = 0
    is_transposed: bool = True
    is_stretched: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.bars <= MOST_BARS:
            raise InvalidInput(
                f"bars must be 1..{MOST_BARS}, got {self.bars}: ask for fewer, or leave them out"
            )


@dataclass(frozen=True, eq=False)
class Meeting:
    """Pieces side by side.

    desks: the pieces; firsts: the first paired bar of each, 0-based; bars: how many; shifts: semitones that each is
    moved by, 0 for the first; sides: {part of the first piece: bars of every piece, all but its pitch as it is}; inner:
    parts among them that are further voices, beside melody, bass and drums.
    """

    desks: tuple[Desk, ...]
    firsts: tuple[int, ...]
    bars: int
    shifts: tuple[int, ...]
    sides: dict[int, tuple[PartBars, ...]]
    inner: frozenset[int] = frozenset()

    @property
    def span(self) -> range:
        """Return the bars of the first piece that are paired."""
        return range(self.firsts[0], self.firsts[0] + self.bars)

    @property
    def moved(self) -> int:
        """Return how many attacks stood between sixteenths."""
        return sum(side.moved for sides in self.sides.values() for side in sides)

    @property
    def dropped(self) -> int:
        """Return how many notes of melodies and drums were left out: below the top one, or of no class."""
        return sum(side.dropped for sides in self.sides.values() for side in sides)


def meet(desks: Sequence[Desk], asked: Asked) -> Meeting:
    """Return pieces side by side.

    Raises InvalidInput for too few bars, for bars of unlike length that may not be stretched, and for no shared part.
    """
    firsts = tuple(1 if d.frame.pickup_ticks else 0 for d in desks)
    most = min(d.bars - f for d, f in zip(desks, firsts, strict=True))
    if most < 1 or asked.bars > most:
        raise InvalidInput(
            f"pieces must have the bars that are to meet, got {asked.bars or 1} asked and {max(most, 0)} in the "
            "shortest: ask for fewer"
        )
    bars = asked.bars or min(most, USUAL_BARS)
    signatures = [signature_of(d.frame) for d in desks]
    # The nearer way, so that a piece stays in its register as well as it can.
    shifts = tuple((signatures[0] - s + 6) % 12 - 6 if asked.is_transposed else 0 for s in signatures)
    sides: dict[int, tuple[PartBars, ...]] = {}
    places = list(zip(desks, firsts, shifts, strict=True))

    def read(role: str, parts: Sequence[int]) -> tuple[PartBars, ...]:
        bars_of = [
            read_part(
                _floor(d.frame, part) if role == "bass" else d.frame, part, bars=range(f, f + bars),
                sharps=signatures[0] - shift,
            )
            for part, (d, f, shift) in zip(parts, places, strict=True)
        ]  # fmt: skip
        told = [replace(one, role=role, sharps=bars_of[0].sharps) for one in bars_of]
        return fitted(told, is_stretched=asked.is_stretched)

    taken: list[set[int]] = [set() for _ in desks]
    for role in ROLES:
        found = [part_of(d, role) for d in desks]
        for mine, one in zip(taken, found, strict=True):
            mine |= set() if one is None else {one}
        parts = [part for part in found if part is not None]
        if len(parts) < len(desks) or parts[0] in asked.keep or parts[0] in sides:
            continue
        if role == "bass" and not is_line(desks[0].frame.parts[parts[0]].notes):
            continue  # chords of a hand: a line in their place would take them away
        sides[parts[0]] = read(role, parts)
    taken[0] |= asked.keep
    voices = {one[0]: read("melody", one) for one in further_voices(desks, taken, shifts)}
    sides |= voices
    if not sides:
        _refuse_nothing_shared(desks, asked)
    return Meeting(tuple(desks), firsts, bars, shifts, sides, frozenset(voices))


def _refuse_nothing_shared(desks: Sequence[Desk], asked: Asked) -> NoReturn:
    """Raise InvalidInput for pieces without a part that all have: for want of a tune, or because it is kept."""
    if not asked.keep:
        for desk in desks:
            if not any(len(p.notes) and not p.is_drums for p in desk.frame.parts):
                raise InvalidInput(
                    "pieces must share a melody, a bass or drums that may change, got no tune in "
                    f"{desk.own.title!r}: name pieces that have one"
                )
    remedy = "keep fewer parts" if asked.keep else "name pieces that share one"
    raise InvalidInput(f"pieces must share a melody, a bass or drums that may change, got none: {remedy}")


def further_voices(
    desks: Sequence[Desk], taken: Sequence[Collection[int]], shifts: Sequence[int]
) -> list[tuple[int, ...]]:
    """Return the parts of every piece that meet beside those taken: lines with counterparts by height and role.

    taken: parts of each piece that are spoken for; shifts: semitones that each piece is moved by.
    """
    free = [
        [
            i
            for i in sorted(_pitched(d), key=lambda i: -_height(d, i))
            if i not in mine and is_line(d.frame.parts[i].notes)
        ][:MOST_VOICES]
        for d, mine in zip(desks, taken, strict=True)
    ]
    matched = []
    for d, parts, shift in zip(desks[1:], free[1:], shifts[1:], strict=True):
        own = [(_height(desks[0], i), desks[0].frame.parts[i].role) for i in free[0]]
        theirs = [(_height(d, i) + shift, d.frame.parts[i].role) for i in parts]
        matched.append({free[0][a]: parts[b] for a, b in counterparts(own, theirs)})
    return [(i, *(m[i] for m in matched)) for i in free[0] if all(i in m for m in matched)]


def counterparts(
    own: Sequence[tuple[float, str]], theirs: Sequence[tuple[float, str]]
) -> list[tuple[int, int]]:
    """Return which voice meets which: as many as both have, in order of height, nearest in all.

    own, theirs: (mean pitch, role) of each voice, the highest first. Another role counts as OTHER_ROLE semitones.
    >>> counterparts([(70.0, "inner"), (58.0, "inner")], [(71.0, "inner"), (66.0, "inner"), (57.0, "inner")])
    [(0, 0), (1, 2)]
    """
    count = min(len(own), len(theirs))

    def apart(pairs: Iterable[tuple[int, int]]) -> float:
        return sum(abs(own[a][0] - theirs[b][0]) + OTHER_ROLE * (own[a][1] != theirs[b][1]) for a, b in pairs)

    ways = (
        tuple(zip(mine, other, strict=True))
        for mine in combinations(range(len(own)), count)
        for other in combinations(range(len(theirs)), count)
    )
    return list(min(ways, key=apart, default=()))


def part_of(desk: Desk, role: str) -> int | None:
    """Return the part of a role, the first melody or the busiest of others, None where the piece has none.

    The melody of a piece without one is its highest pitched part by mean pitch, the bass of a piece without one its
    lowest, if that lies a fourth or more under the melody.
    """
    parts = desk.frame.parts
    playing = [i for i, p in enumerate(parts) if len(p.notes)]
    if role == "drums":
        found = [i for i in playing if parts[i].is_drums]
    else:
        found = [i for i in playing if parts[i].role == role and not parts[i].is_drums]
    if role == "melody":
        return found[0] if found else max(_pitched(desk), key=lambda i: (_height(desk, i), -i), default=None)
    if role == "bass" and not found:
        low, tune = min(_pitched(desk), key=lambda i: _height(desk, i), default=None), part_of(desk, "melody")
        is_under = low is not None and tune is not None and _height(desk, low) <= _height(desk, tune) - FOURTH
        return low if is_under else None
    return max(found, key=lambda i: len(parts[i].notes), default=None)


def _pitched(desk: Desk) -> list[int]:
    """Return the pitched parts that play."""
    return [i for i, p in enumerate(desk.frame.parts) if len(p.notes) and not p.is_drums]


def _height(desk: Desk, part: int) -> float:
    return float(desk.frame.parts[part].notes.pitch.mean())


def _floor(score: Score, part: int) -> Score:
    """Return the score with only the lowest note of each moment in a part."""
    notes = score.parts[part].notes
    order = np.lexsort((notes.pitch, notes.onset))
    first = order[np.append(True, np.diff(notes.onset[order]) > 0)]
    low = notes.take(np.isin(np.arange(len(notes)), first))
    return score.with_parts([p.with_notes(low) if i == part else p for i, p in enumerate(score.parts)])


def fitted(sides: list[PartBars], *, is_stretched: bool) -> tuple[PartBars, ...]:
    """Return bars of one length each: drawn to the first one's where that is asked, else refused."""
    wanted = sides[0].bars.lengths
    for number, side in enumerate(sides[1:], 1):
        other = np.flatnonzero(side.bars.lengths != wanted)
        if other.size and not is_stretched:
            bar = int(other[0])
            raise InvalidInput(
                f"bars that meet must be of one length, got {int(wanted[bar])} and {int(side.bars.lengths[bar])} "
                f"sixteenths in bar {bar + 1}: use --stretch, which gives every step its share of the bar"
            )
        if other.size:
            sides[number] = replace(side, bars=stretched(side.bars, wanted))
    return tuple(sides)
