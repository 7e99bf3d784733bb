"""Range and breath: notes outside an instrument's comfortable range, and passages without a place to breathe.

Conventions: an instrument is what a part's name says when its program agrees, else the program's; ranges are those
of `zhiyin.theory.instruments`. This module does not know hands (hands.py) or strings (bowing.py).
"""

from __future__ import annotations

import numpy as np

from zhiyin.judge.base import Gauge, Measure
from zhiyin.judge.subject import Subject
from zhiyin.score import Notes, Part
from zhiyin.theory.instruments import INSTRUMENTS, Instrument, instrument_for_program, instrument_words
from zhiyin.units import Seconds

BREATHING = frozenset({"voice", "brass", "reed", "flute"})
NEEDS_NO_BREATH = frozenset({"harmonica", "sheng", "bagpipe"})
BREATH_S = 0.15  # a silence this long lets a player breathe
_BASS = {"bass": "bass-voice"}  # what "Bass" means among voices


def instrument_of(part: Part) -> Instrument:
    """Return the instrument of a part: by its name when the program is of the same kind, else by its program.

    >>> instrument_of(Part("Tenor", program=52)).name, instrument_of(Part("Tenor", program=40)).name
    ('tenor', 'violin')
    """
    by_program = instrument_for_program(part.program, is_drums=part.is_drums)
    word = part.name.strip().casefold().replace(" ", "-")
    name = _BASS.get(word, word) if by_program.family == "voice" else word
    named = INSTRUMENTS.get(instrument_words().get(name, ""))
    return named if named is not None and named.program // 8 == part.program // 8 else by_program


def outside_range(subject: Subject) -> Measure:
    """Return the share of pitched notes outside the comfortable range of who plays them."""
    outside = 0
    ticks = [np.empty(0, np.int64)]
    for part in subject.score.parts:
        if part.is_drums or not len(part.notes):
            continue
        instrument = instrument_of(part)
        wrong = (part.notes.pitch < instrument.low) | (part.notes.pitch > instrument.high)
        outside += int(wrong.sum())
        ticks.append(part.notes.onset[wrong])
    if not len(subject.pitched):
        return Measure.absent("pitches")
    bars = np.unique(np.searchsorted(subject.edges, np.concatenate(ticks), side="right") - 1)[:8]
    return Measure(outside / len(subject.pitched), len(subject.pitched), tuple(bars.tolist()))


def longest_breath(subject: Subject) -> Measure:
    """Return the longest passage in seconds that a singer or wind player has to take in one breath."""
    longest, bar, players = 0.0, 0, 0
    for part in subject.score.parts:
        instrument = instrument_of(part)
        if instrument.family not in BREATHING or instrument.name in NEEDS_NO_BREATH or not len(part.notes):
            continue
        players += 1
        seconds, tick = longest_passage(subject, part.notes)
        if seconds > longest:
            longest, bar = seconds, int(np.searchsorted(subject.edges, tick, side="right")) - 1
    return Measure(longest, players, (bar,)) if players else Measure.absent("breath")


def longest_passage(subject: Subject, notes: Notes) -> tuple[Seconds, int]:
    """Return (seconds, first tick) of the longest stretch without a silence of BREATH_S."""
    starts = subject.line.ticks_to_seconds(notes.onset)
    ends = np.maximum.accumulate(subject.line.ticks_to_seconds(notes.offset))
    breaks = np.flatnonzero(starts[1:] - ends[:-1] >= BREATH_S - 1e-9)
    first, last = np.append(0, breaks + 1), np.append(breaks, len(notes) - 1)
    lengths = ends[last] - starts[first]
    at = int(lengths.argmax())
    return float(lengths[at]), int(notes.onset[first[at]])


GAUGES = (
    Gauge(
        "out-of-range", "playing", "notes out of range", "超出音域的音",
        "Share of notes outside the comfortable range of the instrument (ranges of this project's instrument table).",
        "share", outside_range, better="lower", needs=frozenset({"pitches"}),
    ),
    Gauge(
        "breath", "playing", "longest breath", "最长一口气",
        "Longest passage of a singer or wind player without a silence of 0.15 s (own measure).",
        "s", longest_breath, high=float("inf"), needs=frozenset({"breath"}),
    ),
)  # fmt: skip
