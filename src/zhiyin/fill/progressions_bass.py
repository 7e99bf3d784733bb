"""Bass lines: inversions that let the bass walk, and the six-four chord before a cadence.

Conventions: chords are relative to a tonic of pitch class 0; ticks from the section's start.
This module does not choose chords: see `zhiyin.fill.progressions`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zhiyin.fill.progressions_tables import TableChord
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.metre import Metre
from zhiyin.units import FloatArray, Ticks

# Cost of a bass motion by its smaller interval in semitones: steps are free, a tritone is dear.
_MOTION = np.array([1.2, 0.0, 0.0, 0.8, 0.9, 0.9, 2.5])
# Cost of an inversion beside its gain in motion: root position, first, second, third inversion.
_TRIAD, _SEVENTH = (0.0, 0.75, 9.0), (0.0, 0.6, 1.6, 1.6)
_DIMINISHED = (1.6, 0.0, 9.0)
_REST_COST = 9.0  # a phrase starts and ends in root position


def walk_bass(
    marks: Sequence[tuple[Ticks, TableChord]],
    *,
    walk: float,
    fixed: frozenset[int],
    rng: np.random.Generator,
) -> list[Chord]:
    """Return the chords of a section with inversions chosen for a bass that moves by step where it can.

    walk: 0 (root position throughout) to 1 (as in a chorale); fixed: indices that keep root position.
    """
    options = [_options(chord) for _, chord in marks]
    if walk <= 0 or not marks:
        return [choices[0] for choices in options]
    costs = _own_costs(options[0], index=0, fixed=fixed, walk=walk, rng=rng)
    links: list[list[int]] = []
    for index in range(1, len(options)):
        own = _own_costs(options[index], index=index, fixed=fixed, walk=walk, rng=rng)
        steps = costs[:, None] + _steps(options[index - 1], options[index])
        links.append([int(place) for place in np.argmin(steps, axis=0)])
        costs = steps.min(axis=0) + own
    path = [int(np.argmin(costs))]
    for link in reversed(links):
        path.append(link[path[-1]])
    return [choices[place] for choices, place in zip(options, reversed(path), strict=True)]


def _options(chord: TableChord) -> list[Chord]:
    degree, quality = chord
    tones = QUALITIES[quality]
    if quality in ("sus4", "sus2", "7sus4", "5", "6", "m6", "aug") or len(tones) > 4:
        return [Chord(degree, quality, degree)]
    return [Chord(degree, quality, (degree + tone) % 12) for tone in tones]


def _own_costs(
    options: Sequence[Chord], *, index: int, fixed: frozenset[int], walk: float, rng: np.random.Generator
) -> FloatArray:
    quality = options[0].quality
    table = _DIMINISHED if quality == "dim" else _SEVENTH if len(QUALITIES[quality]) == 4 else _TRIAD
    costs = np.array(table[: len(options)], np.float64) / max(walk, 0.1)
    costs += rng.uniform(0.0, 0.5, len(options))
    if index in fixed:
        costs[1:] += _REST_COST
        costs[0] = 0.0
    return costs


def _steps(before: Sequence[Chord], after: Sequence[Chord]) -> FloatArray:
    """Return the cost of each bass motion, (before, after); a seventh in the bass must fall by step."""
    old = np.array([chord.bass for chord in before])[:, None]
    new = np.array([chord.bass for chord in after])[None, :]
    up = (new - old) % 12
    cost: FloatArray = _MOTION[np.minimum(up, 12 - up)]
    for row, chord in enumerate(before):
        if (chord.bass - chord.root) % 12 in (10, 11):
            cost[row] = np.where(np.isin(up[row], (10, 11)), 0.0, _REST_COST)
    return cost


def with_six_four(
    marks: Sequence[tuple[Ticks, Chord]], *, tonic_quality: str, metre: Metre
) -> list[tuple[Ticks, Chord]]:
    """Return the marks with a cadential six-four before the dominant of a closing V-I, where there is room.

    The dominant must start a bar of two beats or more, last to its end, and follow a predominant.
    """
    if len(marks) < 3:
        return list(marks)
    (_, before), (tick, dominant), (end, home) = marks[-3], marks[-2], marks[-1]
    is_cadence = (
        dominant.root == 7 and home.root == 0 and dominant.bass == 7 and before.root in (1, 2, 5, 8, 9)
    )
    if not is_cadence or tick % metre.bar_ticks or end - tick < metre.bar_ticks or metre.beats < 2:
        return list(marks)
    offset = metre.beat_ticks * (2 if metre.beats == 3 else metre.beats // 2)
    six_four = (tick, Chord(0, tonic_quality, 7))
    return [*marks[:-2], six_four, (tick + offset, dominant), marks[-1]]
