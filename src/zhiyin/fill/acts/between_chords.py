"""Chords for bars between pieces: of every bar those of the piece that fits the new tune best.

Conventions: chords as (tick in the bar, chord or None); the other pieces' are moved to the first one's signature.
This module reads lines, it writes none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.bar_steps import HOLD, sounding
from zhiyin.fill.desk import Desk
from zhiyin.fill.latent.reading import SIXTEENTH, PartBars
from zhiyin.score import ChordMark, Score, Timeline
from zhiyin.theory.chord import Chord

BarChords = tuple[tuple[int, Chord | None], ...]
PULL = 0.2  # what a piece's whole weight counts beside the share of chord tones


def fitting_chords(
    tune: PartBars, pieces: Sequence[tuple[Score, int, int]], weights: Sequence[float]
) -> list[BarChords]:
    """Return the chords of each bar of a tune; pieces: (score, its first paired bar, semitones to move it by)."""
    heard = sounding(tune.own.steps)
    chosen: list[BarChords] = []
    for index, size in enumerate(tune.bars.lengths.tolist()):
        offers = [chords_of_bar(score, first + index, shift) for score, first, shift in pieces]
        fits = [
            share_of_chord_tones(heard[index, :size], offer) + PULL * weight
            for offer, weight in zip(offers, weights, strict=True)
        ]
        chosen.append(offers[int(np.argmax(fits))])
    return chosen


def chords_of_bar(score: Score, bar: int, shift: int = 0) -> BarChords:
    """Return the chords in force in a bar, moved by semitones."""
    line = Timeline.of(score)
    start, end = line.bar_start(bar), line.bar_start(bar + 1)
    before = [m.chord for m in score.chords if m.tick <= start]
    marks = [(0, before[-1] if before else None)]
    marks += [(m.tick - start, m.chord) for m in score.chords if start < m.tick < end]
    return tuple((tick, None if chord is None else moved_chord(chord, shift)) for tick, chord in marks)


def moved_chord(chord: Chord, semitones: int) -> Chord:
    """Return a chord some semitones higher.

    >>> moved_chord(Chord.parse("G/B"), 5) == Chord.parse("C/E")
    True
    """
    return replace(chord, root=(chord.root + semitones) % 12, bass=(chord.bass + semitones) % 12)


def share_of_chord_tones(heard: NDArray[np.uint8], chords: BarChords) -> float:
    """Return the share of the sixteenths that sound which are tones of the chord in force; 0 where none sounds."""
    hits, count = 0, 0
    for place, pitch in enumerate(heard.tolist()):
        chord = [c for tick, c in chords if tick <= place * SIXTEENTH][-1]
        if pitch < HOLD and chord is not None:
            count += 1
            hits += pitch % 12 in chord.pitch_classes
    return hits / count if count else 0.0


def with_chords(desk: Desk, chosen: Mapping[int, BarChords]) -> Desk:
    """Return the desk with other chords in some bars; as it is where its harmony is locked."""
    if not chosen or any(lock.aspect == "harmony" or lock.part < 0 for lock in desk.own.locks):
        return desk
    frame, own = replace(desk.frame, chords=_marks(desk.frame, chosen)), desk.own
    if desk.has_own_chords:
        ticks = desk.warp.to_own([m.tick for m in frame.chords]).tolist()
        own = replace(own, chords=tuple(replace(m, tick=t) for m, t in zip(frame.chords, ticks, strict=True)))
    return replace(desk, frame=frame, own=own)


def _marks(score: Score, chosen: Mapping[int, BarChords]) -> tuple[ChordMark, ...]:
    line = Timeline.of(score)
    bars = max(max(chosen) + 1, line.bar_count(score.end))
    marks: dict[int, Chord | None] = {}
    for bar in range(bars):
        for tick, chord in chosen[bar] if bar in chosen else chords_of_bar(score, bar):
            marks[line.bar_start(bar) + tick] = chord
    found: list[ChordMark] = []
    for tick in sorted(marks):
        if not found or found[-1].chord != marks[tick]:
            found.append(ChordMark(tick, marks[tick]))
    return tuple(found)
