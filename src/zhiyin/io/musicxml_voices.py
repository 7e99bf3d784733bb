"""Who plays what on the page: staves, hands, voices, chords and clefs.

Conventions: arrays of rows of one part's notes; places are ticks; voice 0-3 is the first staff, 4-7 the second.
This module does not know bars or XML: see `zhiyin.io.musicxml_measure`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zhiyin.score import Notes, Part
from zhiyin.score.hands import VOICES_A_HAND, separate_voices
from zhiyin.units import IntArray, Ticks

KEYBOARDS = frozenset({*range(8), *range(16, 21), 46})
MAX_VOICES = VOICES_A_HAND
_OCTAVE_LOWER = frozenset({*range(24, 32), *range(32, 40), 43})  # guitars and basses are written an octave up
_BASS_CLEF = frozenset({*range(32, 40), 42, 43, 47, 57, 58, 70})


class Event(NamedTuple):
    """Notes of one voice that start and end together: ticks, and rows of the part's notes."""

    start: Ticks
    end: Ticks
    rows: tuple[int, ...]


class Clef(NamedTuple):
    """A clef: sign, line, octaves it sounds away from where it stands."""

    sign: str
    line: int
    octaves: int = 0


def arrange_voices(part: Part) -> dict[int, list[Event]]:
    """Return the events of each voice of a part, by voice number (see above), in order of time.

    The part's own voices are kept where it has them; a keyboard part without is split between two hands.
    Notes of one voice that overlap go to further voices of the same staff, the highest first.
    """
    notes = part.notes
    if not len(notes):
        return {0: []}
    staves = _staves(part)
    wanted = notes.voice if notes.voice is not None else staves * MAX_VOICES
    events: dict[tuple[int, Ticks, Ticks], list[int]] = {}
    columns = zip(
        separate_voices(notes, wanted).tolist(), notes.onset.tolist(), notes.offset.tolist(), strict=True
    )
    for row, place in enumerate(columns):
        events.setdefault(place, []).append(row)
    voices: dict[int, list[Event]] = {}
    for (voice, start, end), rows in sorted(events.items()):
        voices.setdefault(voice, []).append(Event(start, end, tuple(rows)))
    return voices


def _staves(part: Part) -> IntArray:
    notes = part.notes
    if part.is_drums or not _wants_two_staves(part):
        return np.zeros(len(notes), np.int64)
    hands = split_hands(notes)
    return hands if 0 < int(hands.sum()) < len(hands) else np.zeros(len(notes), np.int64)


def _wants_two_staves(part: Part) -> bool:
    pitch = part.notes.pitch
    return part.program in KEYBOARDS and bool(pitch.min() < 55) and bool(pitch.max() > 57 or len(pitch) > 1)


def split_hands(notes: Notes) -> IntArray:
    """Return 0 (right hand) or 1 (left hand) for each note: each chord is cut where both hands reach it best.

    The cut weighs how far each hand must stretch, how far it must move, and how far it strays over middle C.
    """
    hands = np.zeros(len(notes), np.int64)
    right, left = 67.0, 48.0
    firsts = np.unique(notes.onset, return_index=True)[1]
    for first, stop in zip(firsts.tolist(), [*firsts[1:].tolist(), len(notes)], strict=True):
        pitches = notes.pitch[first:stop].tolist()
        costs = [_hand_cost(pitches[:cut], pitches[cut:], left, right) for cut in range(len(pitches) + 1)]
        cut = costs.index(min(costs))
        hands[first : first + cut] = 1
        if cut:
            left += 0.5 * (sum(pitches[:cut]) / cut - left)
        if cut < len(pitches):
            right += 0.5 * (sum(pitches[cut:]) / (len(pitches) - cut) - right)
    return hands


def _hand_cost(low: list[int], high: list[int], left: float, right: float) -> float:
    cost = 0.0
    for pitches, centre, side in ((low, left, 1), (high, right, -1)):
        if pitches:
            cost += 3.0 * max(0, pitches[-1] - pitches[0] - 12) + 0.4 * abs(
                sum(pitches) / len(pitches) - centre
            )
            cost += 0.6 * sum(max(0, side * (pitch - 60)) for pitch in pitches) / len(pitches)
    return cost


def staff_of(voice: int) -> int:
    """Return the staff (1 or 2) of a voice number.

    >>> staff_of(0), staff_of(5), staff_of(8), staff_of(9)
    (1, 2, 1, 2)
    """
    if voice < 2 * MAX_VOICES:
        return 1 + voice // MAX_VOICES
    return 1 + voice % 2


def choose_clef(part: Part, pitches: IntArray, *, staff: int, staves: int) -> Clef:
    """Return the clef that keeps most notes of a staff near its lines.

    >>> choose_clef(Part("Cello", program=42), np.array([40, 48]), staff=1, staves=1)
    Clef(sign='F', line=4, octaves=0)
    """
    if part.is_drums:
        return Clef("percussion", 2)
    middle = float(np.median(pitches)) if len(pitches) else (48.0 if staff == 2 else 67.0)
    if staves == 2:
        return Clef("G", 2) if middle >= (52 if staff == 1 else 62) else Clef("F", 4)
    octaves = -1 if part.program in _OCTAVE_LOWER and middle < 64 else 0
    if part.program in _BASS_CLEF:
        return Clef("F", 4, octaves) if middle < 64 else Clef("G", 2)
    if octaves:
        return Clef("G", 2, octaves)
    if part.program == 41:
        return Clef("C", 3)
    if middle >= 88:
        return Clef("G", 2, 1)
    return Clef("G", 2) if middle >= 57 else Clef("F", 4)
