"""What a part sounds like in seconds: the columns that every synth plays.

Conventions: seconds from the start of the piece, arrays sorted by onset; one key sounds once at a time.
This module does not make sound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.score import Control, Part, Score, Timeline
from zhiyin.units import FloatArray, IntArray, Seconds

SUSTAIN = 64
PITCH_BEND = 128


@dataclass(frozen=True, slots=True)
class Sounding:
    """Notes of one part: start and end in seconds, key 0..127, velocity 1..127."""

    start_s: FloatArray
    end_s: FloatArray
    pitch: IntArray
    velocity: IntArray


def sounding(part: Part, line: Timeline) -> Sounding:
    """Return a part's notes in seconds; a key struck again ends the note before on that key."""
    notes = part.notes
    end = notes.offset.copy()
    order = np.lexsort((notes.onset, notes.pitch))
    same = notes.pitch[order][1:] == notes.pitch[order][:-1]
    following = np.where(same, notes.onset[order][1:], np.iinfo(np.int64).max)
    end[order[:-1]] = np.minimum(end[order[:-1]], following)
    keep = end > notes.onset  # of two notes that start together on a key, the last sounds
    return Sounding(
        line.ticks_to_seconds(notes.onset)[keep],
        line.ticks_to_seconds(end)[keep],
        notes.pitch[keep],
        notes.velocity[keep],
    )


def pedalled(notes: Sounding, controls: tuple[Control, ...], line: Timeline) -> Sounding:
    """Return the notes with each end held by the sustain pedal (64) until the pedal lifts or the key returns."""
    pedal = [c for c in controls if c.number == SUSTAIN]
    if not pedal or not notes.start_s.size:
        return notes
    at = line.ticks_to_seconds([c.tick for c in pedal])
    down = np.array([c.value >= SUSTAIN for c in pedal])
    lifts = np.append(at[~down], np.inf)
    index = np.searchsorted(at, notes.end_s, side="right") - 1
    held = (index >= 0) & down[np.maximum(index, 0)]
    lift = lifts[np.searchsorted(lifts, notes.end_s, side="right")]
    lift = np.where(np.isfinite(lift), lift, max(float(notes.end_s.max()), float(at[-1])))
    end = np.where(held, np.maximum(lift, notes.end_s), notes.end_s)
    return Sounding(notes.start_s, _until_restruck(notes, end), notes.pitch, notes.velocity)


def _until_restruck(notes: Sounding, end: FloatArray) -> FloatArray:
    order = np.lexsort((notes.start_s, notes.pitch))
    result = end.copy()
    same = notes.pitch[order][1:] == notes.pitch[order][:-1]
    following = np.where(same, notes.start_s[order][1:], np.inf)
    result[order[:-1]] = np.minimum(result[order[:-1]], following)
    return result


def control_curve(
    controls: tuple[Control, ...], number: int, *, line: Timeline, default: int
) -> tuple[FloatArray, IntArray]:
    """Return (seconds, values) of one controller, beginning with the default at 0 s."""
    own = [c for c in controls if c.number == number]
    at: FloatArray = np.concatenate(([0.0], line.ticks_to_seconds(np.array([c.tick for c in own], np.int64))))
    return at, np.array([default, *(c.value for c in own)], np.int64)


def written_duration_s(score: Score) -> Seconds:
    """Return the written length of a score in seconds, closing rests included."""
    return Timeline.of(score).duration_s(score.end)
