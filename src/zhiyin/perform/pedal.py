"""The sustain pedal of a piano part: down through each harmony, changed with the next.

Conventions: controller 64, 127 down and 0 up; legato pedalling: up with the new chord, down just after it.
This module does not change notes.
"""

from __future__ import annotations

import numpy as np

from zhiyin.score import Control, Notes, Part, Score, Timeline
from zhiyin.units import Seconds, Ticks

SUSTAIN, DOWN, UP = 64, 127, 0
PEDALLED_PROGRAMS = frozenset([0, 1, 2, 3, 4, 5, 11])  # pianos, electric pianos, vibraphone
CATCH_S: Seconds = 0.07  # from the new chord to the pedal going down again
RUN_SHARE = 0.5  # of steps in a span that are quick seconds: pedal would blur the run


def pedal_controls(part: Part, score: Score, line: Timeline) -> tuple[Control, ...]:
    """Return pedal controls for a piano part without any of its own, else ()."""
    written = any(control.number == SUSTAIN for control in part.controls)
    if part.is_drums or written or part.program not in PEDALLED_PROGRAMS or not len(part.notes):
        return ()
    changes = _changes(score, line)
    controls: list[Control] = []
    for start, end in zip(changes, [*changes[1:], score.end], strict=True):
        inside = part.notes.between(start, end)
        if not len(inside) or _is_run(inside, line):
            continue
        down = int(line.seconds_to_ticks(line.duration_s(start) + CATCH_S))
        lift = min(end, max(inside.end, start + line.metre_at(start).beat_ticks))
        if down < lift:
            controls += [Control(down, SUSTAIN, DOWN), Control(lift, SUSTAIN, UP)]
    return tuple(controls)


def _changes(score: Score, line: Timeline) -> list[Ticks]:
    """Return the ticks where the harmony may change: each bar, and each chord mark."""
    bars = line.bar_starts(line.bar_count(score.end))[:-1].tolist()
    marks = [mark.tick for mark in score.chords if mark.tick < score.end]
    return sorted({*bars, *marks})


def _is_run(notes: Notes, line: Timeline) -> bool:
    """Return whether a span is mostly quick steps of a second in its top voice."""
    first = np.append(
        notes.onset[1:] != notes.onset[:-1], True
    )  # rows are sorted by pitch: the last is the top
    onset, pitch = notes.onset[first], notes.pitch[first]
    if onset.size < 4:
        return False
    beat = line.metre_at(int(onset[0])).beat_ticks
    quick = np.diff(onset) < beat / 2 + 1
    seconds = (np.abs(np.diff(pitch)) <= 2) & (np.diff(pitch) != 0)
    return bool(np.mean(quick & seconds) > RUN_SHARE)
