"""Two hands, one instrument: parts "Piano, upper" and "Piano, lower" joined for the page, and taken apart again.

Conventions: in a joined part voice 0-3 is the upper hand and 4-7 the lower; further voices alternate from 8.
This module does not know staves or clefs: see `zhiyin.io.musicxml`.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from zhiyin.score.note import Notes
from zhiyin.score.score import Part, Score
from zhiyin.units import IntArray

UPPER, LOWER = ", upper", ", lower"
VOICES_A_HAND = 4
_LAST_VOICE = 255


def join_hands(score: Score) -> Score:
    """Return the score with each pair of parts "X, upper" and "X, lower" of one program joined into a part "X".

    The joined part stands where the first of the two stood; its role is melody if either hand's is, else the
    upper hand's; a lock on one hand holds for both. Notes that overlap in a hand get voices of their own.
    """
    pairs = _pairs(score.parts)
    if not pairs:
        return score
    gone = {max(pair) for pair in pairs}
    joined = {min(pair): _joined(score.parts[pair[0]], score.parts[pair[1]]) for pair in pairs}
    parts = [joined.get(i, part) for i, part in enumerate(score.parts) if i not in gone]
    place = {-1: -1} | {
        old: new for new, old in enumerate(i for i in range(len(score.parts)) if i not in gone)
    }
    place |= {max(pair): place[min(pair)] for pair in pairs}
    locks = tuple(replace(lock, part=place.get(lock.part, lock.part)) for lock in score.locks)
    return replace(score, parts=tuple(parts), locks=locks)


def split_hands(part: Part) -> tuple[Part, Part]:
    """Return a joined part's hands, "X, upper" and "X, lower", by its voices; without voices all is the upper's.

    >>> both = Part("Piano", Notes.of([(0, 10, 48), (0, 10, 72)]).with_columns(voice=[4, 0]))
    >>> [(hand.name, hand.notes.pitch.tolist()) for hand in split_hands(both)]
    [('Piano, upper', [72]), ('Piano, lower', [48])]
    """
    voice = part.notes.voice if part.notes.voice is not None else np.zeros(len(part.notes), np.int64)
    is_lower = hand_of(voice) == 1
    upper, lower = part.notes.take(~is_lower), part.notes.take(is_lower)
    accompaniment = "accompaniment" if part.role == "melody" else part.role
    return (
        replace(part, name=part.name + UPPER, notes=_alone(upper)),
        replace(part, name=part.name + LOWER, notes=_alone(lower), role=accompaniment),
    )


def hand_of(voice: IntArray) -> IntArray:
    """Return 0 (upper) or 1 (lower) for each voice number of a joined part.

    >>> hand_of(np.array([0, 3, 4, 7, 8, 9])).tolist()
    [0, 0, 1, 1, 0, 1]
    """
    hands: IntArray = np.where(voice < 2 * VOICES_A_HAND, voice // VOICES_A_HAND, voice % 2)
    return hands


def separate_voices(notes: Notes, wanted: IntArray) -> IntArray:
    """Return a voice for each note so that notes of one voice never overlap, save as chords.

    wanted: the voice each note asks for. Notes that start and end together may share a stem; what overlaps goes
    to the next free voice of the same hand, the highest notes choosing first.
    """
    chords: dict[tuple[int, int, int, int], list[int]] = {}
    seen: dict[tuple[int, int, int, int], int] = {}
    columns = zip(
        wanted.tolist(), notes.onset.tolist(), notes.offset.tolist(), notes.pitch.tolist(), strict=True
    )
    for row, (voice, onset, end, pitch) in enumerate(columns):
        double = seen.get((voice, onset, end, pitch), 0)  # The same note twice cannot share a stem.
        seen[voice, onset, end, pitch] = double + 1
        chords.setdefault((voice, onset, end, double), []).append(row)
    found = np.zeros(len(notes), np.int64)
    busy: dict[int, list[tuple[int, int]]] = {}
    order = sorted(
        chords.items(), key=lambda item: (item[0][0] % VOICES_A_HAND, -int(notes.pitch[item[1][-1]]), item[0])
    )
    for (voice, onset, end, _), rows in order:
        found[rows] = _place(busy, voice, (onset, end))
    return found


def _place(busy: dict[int, list[tuple[int, int]]], wanted: int, span: tuple[int, int]) -> int:
    """Return the voice a span goes to: the one it wants, the next of its hand that is free, or a new one."""
    hand = wanted // VOICES_A_HAND if wanted < 2 * VOICES_A_HAND else wanted % 2
    own = range(hand * VOICES_A_HAND, (hand + 1) * VOICES_A_HAND)
    extra = range(2 * VOICES_A_HAND + hand, _LAST_VOICE + 1, 2)  # more than four at once: rare, none is lost
    voices: list[int] = [wanted, *own, *extra]
    for voice in voices:
        spans = busy.setdefault(voice, [])
        at = bisect_left(spans, span)
        if (at == 0 or spans[at - 1][1] <= span[0]) and (at == len(spans) or spans[at][0] >= span[1]):
            insort(spans, span)
            return voice
    raise AssertionError("256 voices hold any page")


def _pairs(parts: Sequence[Part]) -> list[tuple[int, int]]:
    """Return (upper, lower) indices of the parts that are two hands of one player."""
    found, taken = [], set[int]()
    for index, upper in enumerate(parts):
        name = upper.name.removesuffix(UPPER)
        if name in ("", upper.name) or upper.is_drums:
            continue
        for mate, lower in enumerate(parts):
            is_one = (lower.name, lower.program, lower.is_drums) == (name + LOWER, upper.program, False)
            if is_one and mate not in taken:
                found.append((index, mate))
                taken.add(mate)
                break
    return found


def _joined(upper: Part, lower: Part) -> Part:
    hands = [_voiced(part.notes, first) for part, first in ((upper, 0), (lower, VOICES_A_HAND))]
    role = "melody" if "melody" in (upper.role, lower.role) else upper.role
    controls = tuple(sorted({*upper.controls, *lower.controls}))
    name = upper.name.removesuffix(UPPER)
    return replace(upper, name=name, notes=_concat(hands), role=role, controls=controls)


def _voiced(notes: Notes, first: int) -> Notes:
    """Return a hand's notes in voices from `first` on; its own voices are kept where they fit."""
    own = notes.voice if notes.voice is not None else np.zeros(len(notes), np.int64)
    return notes.with_columns(voice=separate_voices(notes, first + np.minimum(own, VOICES_A_HAND - 1)))


def _concat(hands: list[Notes]) -> Notes:
    # A spelling that only one hand has would be C for the other: the key decides both instead.
    if any(len(hand) and hand.spelling is None for hand in hands):
        hands = [hand.with_columns(spelling=None) for hand in hands]
    return Notes.concat(hands)


def _alone(notes: Notes) -> Notes:
    """Return a hand's notes with its voices counted from 0, or none where one voice says all."""
    if notes.voice is None:
        return notes
    own = np.where(notes.voice < 2 * VOICES_A_HAND, notes.voice % VOICES_A_HAND, notes.voice // 2)
    return notes.with_columns(voice=own if own.any() else None)
