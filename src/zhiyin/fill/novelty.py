"""Novelty: what a line would have to play to go on with something it has played already, note for note.

Conventions: a line is one note an onset (the highest); notes are alike when interval from the note before and
duration are, so a repeat counts on any step of the scale; durations are steps. This module does not know plans.
"""

from __future__ import annotations

import numpy as np

from zhiyin.units import IntArray

# Notes in a row that must be alike before going on costs anything, and over how many more the cost grows to the full.
FREE_NOTES, GROWING_NOTES = 6, 6
_LONGEST = 64
NOVEL_ROLES = ("melody", "inner")  # basses, accompaniments and drums live by their patterns


class Line:
    """The notes a part has played, in order.

    onset: steps from the start of the piece. A note at the onset of the one before replaces it when it is higher.
    """

    def __init__(self) -> None:
        self._onset: list[int] = []
        self._pitch: list[int] = []
        self._duration: list[int] = []

    def __len__(self) -> int:
        return len(self._onset)

    def add(self, onset: int, pitch: int, duration: int) -> None:
        """Add the next note."""
        if self._onset and self._onset[-1] == onset:
            if pitch > self._pitch[-1]:
                self._pitch[-1], self._duration[-1] = pitch, duration
            return
        self._onset.append(onset)
        self._pitch.append(pitch)
        self._duration.append(duration)

    def cut(self, count: int) -> None:
        """Forget every note after the first so many."""
        del self._onset[count:], self._pitch[count:], self._duration[count:]

    def _matches(self) -> tuple[IntArray, IntArray]:
        """Return the places whose last notes are those of the line's end, and how many notes are alike at each."""
        pitch, duration = np.array(self._pitch, np.int64), np.array(self._duration, np.int64)
        code = np.diff(pitch, prepend=pitch[:1]) * 4096 + duration
        last = code.size - 1
        places, length = np.arange(1, last), np.zeros(max(last - 1, 0), np.int64)
        alive = np.ones(places.size, bool)
        for back in range(min(_LONGEST, last)):
            inside = places >= back + 1  # the first note has no interval
            alive &= inside & (code[np.maximum(places - back, 0)] == code[last - back])
            if not alive.any():
                break
            length += alive
        enough = length >= FREE_NOTES
        return places[enough], length[enough]

    def next_pitches(self) -> dict[int, float]:
        """Return the pitches that would go on with a repeat, with how much of the full cost each bears, 0..1."""
        if len(self) < FREE_NOTES + 2:
            return {}
        places, length = self._matches()
        found: dict[int, float] = {}
        for place, count in zip(places.tolist(), length.tolist(), strict=True):
            pitch = self._pitch[-1] + self._pitch[place + 1] - self._pitch[place]
            found[pitch] = max(found.get(pitch, 0.0), _share(count))
        return found

    def next_durations(self, pitch: int) -> dict[int, float]:
        """Return the durations that would go on with a repeat at the pitch chosen, with their share of the cost."""
        if len(self) < FREE_NOTES + 2:
            return {}
        places, length = self._matches()
        found: dict[int, float] = {}
        for place, count in zip(places.tolist(), length.tolist(), strict=True):
            if self._pitch[place + 1] - self._pitch[place] == pitch - self._pitch[-1]:
                duration = self._duration[place + 1]
                found[duration] = max(found.get(duration, 0.0), _share(count))
        return found


def _share(count: int) -> float:
    return min(1.0, (count - FREE_NOTES + 1) / GROWING_NOTES)
