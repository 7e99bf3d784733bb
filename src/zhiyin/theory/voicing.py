"""Voicing: chords as pitches that move smoothly, without parallel fifths and octaves.

Conventions: a voicing is ascending MIDI pitches, the bass first; the best path over the whole progression is
found by dynamic programming, so that the same chords always give the same voicings.
This module does not know time, metre or melody.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.units import FloatArray, IntArray

Voicing = tuple[int, ...]
# Costs in semitones of motion: a parallel weighs more than any walk, a leap of the top voice twice its size.
_PARALLEL, _OVERLAP, _DOUBLED_THIRD, _WIDE_GAP, _HIDDEN = 400.0, 6.0, 3.0, 8.0, 4.0


def chord_voicings(chord: Chord, *, voices: int, low: int, high: int) -> tuple[Voicing, ...]:
    """Return every voicing of a chord with the given bass, its third and seventh, within a range.

    Upper voices lie within an octave of their neighbours; the fifth may be left out when notes are too many.
    """
    needed = _needed(chord, voices)
    basses = [pitch for pitch in range(low, min(high, low + 20) + 1) if pitch % 12 == chord.bass]
    tones = [pitch for pitch in range(low, high + 1) if pitch % 12 in chord.pitch_classes]
    found: list[Voicing] = []
    for bass in basses:
        above = [pitch for pitch in tones if pitch > bass]
        for upper in combinations(above, voices - 1):
            gaps = np.diff(upper)
            if (gaps <= 12).all() and needed <= {pitch % 12 for pitch in (bass, *upper)}:
                found.append((bass, *upper))
    return tuple(found)


def _needed(chord: Chord, voices: int) -> frozenset[int]:
    """Return the pitch classes that must sound: root, third, seventh first, then as many as voices allow."""
    steps = QUALITIES[chord.quality]
    order = [step for step in steps if step not in (7,)] + [step for step in steps if step == 7]
    rank = {0: 0, 3: 1, 4: 1, 10: 2, 11: 2}
    order.sort(key=lambda step: rank.get(step, 5 if step == 7 else 3))
    room = voices if chord.bass in chord.pitch_classes else voices - 1
    return frozenset((chord.root + step) % 12 for step in order[:room])


def voice_chords(
    chords: Sequence[Chord], *, low: int = 40, high: int = 79, voices: int = 4, centre: float = 60.0
) -> tuple[Voicing, ...]:
    """Return one voicing a chord with the least motion, no parallel fifths or octaves where any path avoids them.

    low, high: MIDI range of all voices; centre: where the upper voices like to lie.
    Raises InvalidInput when the range or the number of voices leaves a chord no voicing.
    >>> voice_chords([Chord.parse("C"), Chord.parse("G7"), Chord.parse("C")], low=48, high=76)[0][0] % 12
    0
    """
    if not 2 <= voices <= 6:
        raise InvalidInput(f"voices must be 2..6, got {voices}: ask for four-part harmony with 4")
    if not chords:
        return ()
    layers = [_candidates(chord, voices=voices, low=low, high=high) for chord in chords]
    costs = _own_cost(layers[0], chords[0], centre)
    links: list[IntArray] = []
    for index in range(1, len(layers)):
        steps = costs[:, None] + _motion_cost(layers[index - 1], layers[index])  # (before, after)
        links.append(np.argmin(steps, axis=0).astype(np.int64))
        costs = steps.min(axis=0) + _own_cost(layers[index], chords[index], centre)
    path = [int(np.argmin(costs))]
    for link in reversed(links):
        path.append(int(link[path[-1]]))
    return tuple(tuple(layer[at].tolist()) for layer, at in zip(layers, reversed(path), strict=True))


def _candidates(chord: Chord, *, voices: int, low: int, high: int) -> IntArray:
    found = chord_voicings(chord, voices=voices, low=low, high=high)
    if not found:
        raise InvalidInput(
            f"the range must hold {voices} voices of every chord, got {low}..{high} for {chord.name()}: widen it"
        )
    return np.array(found, np.int64)  # (voicings, voices)


def _own_cost(layer: IntArray, chord: Chord, centre: float) -> FloatArray:
    upper = layer[:, 1:]
    steps = QUALITIES[chord.quality]
    third = (chord.root + (3 if 3 in steps else 4)) % 12
    doubled = np.maximum((layer % 12 == third).sum(axis=1) - 1, 0)
    gap = np.maximum(layer[:, 1] - layer[:, 0] - 19, 0)
    cost: FloatArray = (
        0.3 * np.abs(upper.mean(axis=1) - centre) + _DOUBLED_THIRD * doubled + _WIDE_GAP * (gap > 0)
    )
    return cost


def _motion_cost(before: IntArray, after: IntArray) -> FloatArray:
    """Return the cost of every step, (before, after): motion, parallels, overlaps, the top voice's leaps."""
    old, new = before[:, None, :], after[None, :, :]
    moves = new - old  # (before, after, voices)
    cost: FloatArray = np.abs(moves[..., 1:]).sum(axis=2) + 0.35 * np.abs(moves[..., 0])
    cost += np.maximum(np.abs(moves[..., -1]) - 4, 0)
    voices = before.shape[1]
    for one, two in combinations(range(voices), 2):
        was, now = (old[..., two] - old[..., one]) % 12, (new[..., two] - new[..., one]) % 12
        is_moving = (moves[..., one] != 0) & (moves[..., two] != 0)
        cost += _PARALLEL * ((was == now) & np.isin(now, (0, 7)) & is_moving)
    for voice in range(voices - 1):
        cost += _OVERLAP * (new[..., voice] > old[..., voice + 1])
        cost += _OVERLAP * (new[..., voice + 1] < old[..., voice])
    outer = (new[..., -1] - new[..., 0]) % 12
    same_way = (moves[..., 0] * moves[..., -1] > 0) & (np.abs(moves[..., -1]) > 2)
    cost += _HIDDEN * (np.isin(outer, (0, 7)) & same_way)
    return cost


def find_parallels(voicings: Sequence[Voicing]) -> tuple[tuple[int, int, int], ...]:
    """Return (step, lower voice, upper voice) of every parallel fifth or octave, contrary motion included.

    >>> find_parallels([(48, 55), (50, 57)])
    ((0, 0, 1),)
    """
    found = []
    for step, (was, now) in enumerate(pairwise(voicings)):
        for one, two in combinations(range(min(len(was), len(now))), 2):
            interval = (was[two] - was[one]) % 12
            moved = was[one] != now[one] and was[two] != now[two]
            if moved and interval in (0, 7) and interval == (now[two] - now[one]) % 12:
                found.append((step, one, two))
    return tuple(found)
