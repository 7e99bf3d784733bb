"""Casts: who plays under a tune in a style, and which of the notes each of them takes.

Conventions: a cast is keyboards, one player for all, or lines, one note at a time each, from the highest down; notes
are (onset, duration, pitch) in steps. This module writes no notes of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from zhiyin.fill.restyled import Row
from zhiyin.theory.instruments import find_instrument

BASS_BELOW = 52  # MIDI; the lowest note of an onset is the bass player's below it
DOUBLE_STOPS = 2  # who plays no more than these at once plays a line
HAND, FINGERS = 12, 3  # semitones and notes that a hand strikes at once beside a tune
CLEAR_ABOVE, OPEN = 48, 7  # below this pitch, so many semitones apart
_PIANO = (("piano", "accompaniment"),)
CASTS: dict[str, tuple[tuple[str, str], ...]] = {
    "hymn": (("alto", "inner"), ("tenor", "inner"), ("bass-voice", "bass")),
    "string-quartet": (("violin", "inner"), ("viola", "inner"), ("cello", "bass")),
    "baroque": (("harpsichord", "accompaniment"),),
    "chinese": (("guzheng", "accompaniment"),),
}

LEADERS = {
    "hymn": "soprano", "string-quartet": "violin", "art-song": "voice", "baroque": "harpsichord", "chinese": "erhu",
    "romantic-piano": "piano", "waltz": "piano", "mazurka": "piano", "polonaise": "piano", "ragtime": "piano",
    "classical": "piano", "march": "piano",
}  # fmt: skip


@dataclass(frozen=True)
class Played:
    """What a player plays: its instrument and role, its notes."""

    instrument: str
    role: str
    rows: tuple[Row, ...]


def cast_of(style: str) -> tuple[tuple[str, str], ...]:
    """Return (instrument, role) of those who play under the tune in a style, a piano where nothing is told.

    >>> cast_of("ragtime")
    (('piano', 'accompaniment'),)
    """
    return CASTS.get(style, _PIANO)


def leader_of(style: str) -> str | None:
    """Return who plays the tune in a style, None where it may be anybody.

    >>> leader_of("chinese")
    'erhu'
    """
    return LEADERS.get(style)


def dealt(
    rows: Sequence[Row], cast: Sequence[tuple[str, str]], *, voices: Sequence[int] = ()
) -> list[Played]:
    """Return the players of a cast with their notes, each within its instrument's range.

    voices: most notes at once of each player; those of their instruments where omitted.
    """
    most = voices or [find_instrument(name).polyphony for name, _ in cast]
    are_full = [count > DOUBLE_STOPS for count in most]
    if all(are_full):
        shares = [in_hands(share) for share in _by_height(rows, len(cast))]
    elif all(are_full[:-1]) and len(cast) > 1:
        bass = {onset: min(r[2] for r in rows if r[0] == onset) for onset, _, _ in rows}
        low = [r for r in rows if r[2] == bass[r[0]] and r[2] < BASS_BELOW]
        above = _by_height([r for r in rows if r not in low], len(cast) - 1)
        shares = [*(in_hands(share) for share in above), *lines_of(low, 1)]
    else:
        shares = lines_of(rows, len(cast))
    return [
        Played(name, role, tuple(_in_range(share, name)))
        for (name, role), share in zip(cast, shares, strict=True)
    ]


def _by_height(rows: Sequence[Row], count: int) -> list[list[Row]]:
    """Return the notes of players of many notes: the lowest to the last, the others shared evenly by height."""
    shares: list[list[Row]] = [[] for _ in range(count)]
    for onset in sorted({o for o, _, _ in rows}):
        together = sorted((r for r in rows if r[0] == onset), key=lambda r: -r[2])
        for place, row in enumerate(together):
            share = place * count // len(together)
            shares[share if len(together) > 1 else count - 1].append(row)
    return shares


def in_hands(rows: Sequence[Row]) -> list[Row]:
    """Return what two hands can play: at every onset what lies within a hand of the lowest and of the highest note.

    Low notes stand a fifth apart at least: closer they are mud. What neither hand reaches any more is let go.

    >>> in_hands([(0, 6, 36), (0, 6, 48), (0, 6, 52), (0, 6, 60), (0, 6, 67)])
    [(0, 6, 36), (0, 6, 48), (0, 6, 60), (0, 6, 67)]
    >>> in_hands([(0, 24, 48), (12, 12, 72), (12, 12, 30)])
    [(0, 12, 48), (12, 12, 30), (12, 12, 72)]
    """
    found: list[Row] = []
    sounding: list[int] = []  # places in found
    for onset in sorted({o for o, _, _ in rows}):
        longest = {r[2]: r for r in sorted(rows) if r[0] == onset}
        struck = _struck([longest[pitch] for pitch in sorted(longest)])
        sounding = [i for i in sounding if sum(found[i][:2]) > onset]
        pitches = sorted([found[i][2] for i in sounding] + [r[2] for r in struck])
        for i in list(sounding):
            start, _, pitch = found[i]
            out = pitches[0] + HAND < pitch < pitches[-1] - HAND or len(sounding) + len(struck) > 2 * FINGERS
            if out or pitch in longest:
                found[i] = (start, onset - start, pitch)
                sounding.remove(i)
        sounding += range(len(found), len(found) + len(struck))
        found += struck
    return found


def _struck(together: Sequence[Row]) -> list[Row]:
    """Return what two hands strike of notes that begin together, from the lowest up."""
    low: list[Row] = []
    for row in together:
        is_clear = not low or row[2] >= CLEAR_ABOVE or row[2] - low[-1][2] >= OPEN
        if row[2] <= together[0][2] + HAND and is_clear and len(low) < FINGERS:
            low.append(row)
    high = [r for r in together if r[2] >= max(together[-1][2] - HAND, CLEAR_ABOVE) and r not in low]
    return [*low, *high[-FINGERS:]]


def lines_of(rows: Sequence[Row], count: int) -> list[list[Row]]:
    """Return the notes as so many lines that do not cross, from the highest down; what is too much is left out.

    A line ends its note where it begins the next one; few notes go to the lines that move least.

    >>> lines_of([(0, 24, 60), (0, 24, 48), (24, 24, 47)], 2)
    [[(0, 24, 60)], [(0, 24, 48), (24, 24, 47)]]
    """
    shares: list[list[Row]] = [[] for _ in range(count)]
    last = [64.0 - 9 * i for i in range(count)]
    until = [0] * count
    for onset in sorted({o for o, _, _ in rows}):
        new = sorted({r[2]: r for r in rows if r[0] == onset}.values(), key=lambda r: -r[2])
        if len(new) > count:
            new = [*new[: count - 1], new[-1]]
        for line, row in zip(_taken(new, onset, last, until), new, strict=True):
            if shares[line] and sum(shares[line][-1][:2]) > onset:
                before = shares[line][-1]
                shares[line][-1] = (before[0], onset - before[0], before[2])
            shares[line].append(row)
            last[line], until[line] = float(row[2]), onset + row[1]
    return shares


def _taken(new: Sequence[Row], onset: int, last: list[float], until: list[int]) -> tuple[int, ...]:
    """Return which line takes each note: in order, moving least, and rather a line that rests than one that sounds."""

    def cost(lines: tuple[int, ...]) -> float:
        return sum(
            abs(row[2] - last[i]) + 6.0 * (until[i] > onset) for i, row in zip(lines, new, strict=True)
        )

    return min(combinations(range(len(last)), len(new)), key=cost)


def _in_range(rows: Sequence[Row], name: str) -> list[Row]:
    """Return notes moved by octaves into an instrument's range."""
    instrument = find_instrument(name)
    found = []
    for onset, length, pitch in rows:
        while pitch < instrument.low:
            pitch += 12
        while pitch > instrument.high and pitch - 12 >= instrument.low:
            pitch -= 12
        found.append((onset, length, pitch))
    return sorted(dict.fromkeys(found))
