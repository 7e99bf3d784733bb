"""Drums: those of the source, or a plain groove where an ensemble has a drummer and the source has no drums.

Conventions: GM drum keys; a groove is a bar of strokes by the metre's felt beats, softer where the music is soft.
This module does not know styles: fine grooves are in `zhiyin.stylebook`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zhiyin.arrange.lines import Tone
from zhiyin.arrange.reading import Phrase, Reading
from zhiyin.score import Notes, Score, Timeline
from zhiyin.units import TICKS_PER_QUARTER, Ticks

KICK, SNARE, HAT, RIDE, PEDAL, CRASH = 36, 38, 42, 51, 44, 49
HIT = TICKS_PER_QUARTER // 4


def drum_notes(score: Score) -> Notes:
    """Return the notes of all drum parts of a score together, each key once a tick."""
    notes = Notes.concat(part.notes for part in score.parts if part.is_drums)
    if not len(notes):
        return notes
    seen: set[tuple[int, int]] = set()
    keep = []
    for index, note in enumerate(notes):
        if (note.onset, note.pitch) not in seen:
            seen.add((note.onset, note.pitch))
            keep.append(index)
    return notes.take(np.array(keep, np.int64))


def groove(reading: Reading, name: str) -> list[Tone]:
    """Return a groove (`rock` or `swing`) over the bars in which the source sounds, a crash at loud phrases."""
    line = Timeline.of(reading.pool.score)
    sounding = {reading.bar_of(tone.onset) for tone in reading.pool.tones}
    found: list[Tone] = []
    for phrase in reading.phrases:
        for bar in range(phrase.first, phrase.last + 1):
            if bar in sounding and not (bar == 0 and reading.pool.score.pickup_ticks):
                found += _bar(reading, line, bar, phrase, name)
    return found


def _bar(reading: Reading, line: Timeline, bar: int, phrase: Phrase, name: str) -> list[Tone]:
    start, end = int(reading.edges[bar]), int(reading.edges[bar + 1])
    metre = line.metre_at(start)
    beats = list(range(start, end, metre.beat_ticks))
    strokes = _swing(beats, metre.beat_ticks) if name == "swing" else _rock(beats, metre.beat_ticks)
    last = reading.pool.score.end
    loud = round(60 + 36 * phrase.energy)
    found = [
        Tone(tick, min(tick + HIT, last), key, min(127, max(1, loud + extra)), tick)
        for tick, key, extra in strokes
        if tick < min(end, last)
    ]
    if bar == phrase.first and phrase.energy >= 0.6 and bar > 0:
        found.append(Tone(start, min(start + TICKS_PER_QUARTER, last), CRASH, min(127, loud + 10), start))
    return found


def _rock(beats: Sequence[Ticks], beat: Ticks) -> list[tuple[Ticks, int, int]]:
    """Return (tick, key, loudness) of eighths on the hat, the bass drum on strong beats, the snare on the others."""
    found: list[tuple[Ticks, int, int]] = []
    for number, tick in enumerate(beats):
        is_strong = number == 0 if len(beats) == 3 else number % 2 == 0
        found += [(tick, HAT, -6), (tick + beat // 2, HAT, -14)]
        found.append((tick, KICK if is_strong else SNARE, 8))
    return found


def _swing(beats: Sequence[Ticks], beat: Ticks) -> list[tuple[Ticks, int, int]]:
    """Return (tick, key, loudness) of the ride's swung pattern, the pedal hat on back beats and a soft bass drum."""
    found: list[tuple[Ticks, int, int]] = []
    for number, tick in enumerate(beats):
        is_back = number % 2 == 1
        found.append((tick, RIDE, 2 if is_back else -4))
        if is_back:
            found += [(tick + beat * 2 // 3, RIDE, -10), (tick, PEDAL, -8)]
        else:
            found.append((tick, KICK, -22))
    return found
