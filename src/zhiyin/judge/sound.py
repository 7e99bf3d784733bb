"""How a piece sounds at any moment: dissonance, consonance, thickness, activity and height.

Conventions: averages are over the time in which enough sounds; octaves count as one tone for consonance.
This module does not know chords, keys or voices.
"""

from __future__ import annotations

import numpy as np

from zhiyin.judge.base import Gauge, Measure
from zhiyin.judge.subject import Subject
from zhiyin.units import TICKS_PER_QUARTER, FloatArray

# Consonance of interval classes 1..6. Source: Huron, Interval-Class Content in Equally Tempered Pitch-Class Sets,
# Music Perception 11(3), 1994.
HURON = np.array([-1.428, -0.582, 0.594, 0.386, 1.240, -0.453])


def interval_classes(tones: FloatArray) -> FloatArray:
    """Return how many pairs of each interval class 1..6 each moment holds.

    tones: (moments, 12) 1 where a pitch class sounds.
    >>> interval_classes(np.eye(12)[[0, 4, 7]].sum(axis=0)[None]).tolist()
    [[0.0, 0.0, 1.0, 1.0, 1.0, 0.0]]
    """
    counts = [(tones * np.roll(tones, -step, axis=1)).sum(axis=1) for step in range(1, 7)]
    counts[5] = counts[5] / 2
    found: FloatArray = np.stack(counts, axis=1)
    return found


def _pairs(subject: Subject) -> tuple[FloatArray, FloatArray]:
    """Return (interval classes, length) of the moments in which two tones or more sound."""
    if not len(subject.pitched):
        return np.zeros((0, 6)), np.zeros(0)
    edges, sounding = subject.stack
    tones = np.zeros((len(sounding), 12))
    for first in range(0, 128, 12):
        part = sounding[:, first : first + 12] > 0
        tones[:, : part.shape[1]] = np.maximum(tones[:, : part.shape[1]], part)
    classes = interval_classes(tones)
    chosen = classes.sum(axis=1) > 0
    return classes[chosen], np.diff(edges)[chosen].astype(np.float64)


def dissonance(subject: Subject) -> Measure:
    """Return the share of time, where two tones sound, with a semitone, major seventh, minor ninth or tritone."""
    classes, length = _pairs(subject)
    if not length.size:
        return Measure.absent("moments")
    harsh = (classes[:, 0] > 0) | (classes[:, 5] > 0)
    return Measure(float(np.average(harsh, weights=length)), len(length))


def consonance(subject: Subject) -> Measure:
    """Return the mean consonance of the sounding pairs of tones, over time."""
    classes, length = _pairs(subject)
    if not length.size:
        return Measure.absent("moments")
    return Measure(float(np.average(classes @ HURON / classes.sum(axis=1), weights=length)), len(length))


def polyphony(subject: Subject) -> Measure:
    """Return how many pitches sound at once on the mean, silence left out."""
    if not len(subject.pitched):
        return Measure.absent("pitches")
    edges, sounding = subject.stack
    pitches, length = (sounding > 0).sum(axis=1), np.diff(edges)
    heard = pitches > 0
    return Measure(float(np.average(pitches[heard], weights=length[heard])), int(heard.sum()))


def density(subject: Subject) -> Measure:
    """Return how many notes start in a quarter note, drums included."""
    notes = subject.everything
    if not len(notes):
        return Measure.absent("notes")
    return Measure(len(notes) * TICKS_PER_QUARTER / float(notes.offset.max()), len(notes))


def note_length(subject: Subject) -> Measure:
    """Return the mean length of pitched notes in quarter notes."""
    notes = subject.pitched
    if not len(notes):
        return Measure.absent("pitches")
    return Measure(float((notes.offset - notes.onset).mean()) / TICKS_PER_QUARTER, len(notes))


def height(subject: Subject) -> Measure:
    """Return the mean MIDI pitch."""
    notes = subject.pitched
    return Measure(float(notes.pitch.mean()), len(notes)) if len(notes) else Measure.absent("pitches")


_ENDLESS = float("inf")
_PITCHES = frozenset({"pitches"})
GAUGES = (
    Gauge(
        "dissonance", "sound", "time with sharp dissonance", "尖锐不协和的时间",
        "Share of the time with two tones in which some pair is a semitone, major seventh, minor ninth or tritone "
        "(own measure; interval classes 1 and 6).",
        "share", dissonance, needs=frozenset({"moments"}),
    ),
    Gauge(
        "huron", "sound", "consonance of intervals", "音程协和度",
        "Mean consonance of the interval classes that sound together, over time (Huron, Music Perception 1994).",
        "index", consonance, low=float(HURON.min()), high=float(HURON.max()), needs=frozenset({"moments"}),
    ),
    Gauge(
        "polyphony", "texture", "pitches at once", "同响音数",
        "Mean number of pitches sounding together, silence left out (Dong et al., MusPy, ISMIR 2020: polyphony).",
        "pitches", polyphony, low=1.0, high=128.0, needs=_PITCHES,
    ),
    Gauge(
        "density", "texture", "notes a quarter", "每拍音数",
        "Notes that start in a quarter note, all parts together (FIGARO, ICLR 2023: note density).",
        "notes", density, high=_ENDLESS, needs=frozenset({"notes"}),
    ),
    Gauge(
        "note-length", "texture", "mean note length", "平均音长",
        "Mean length of a pitched note (FIGARO, ICLR 2023: duration).",
        "quarters", note_length, high=_ENDLESS, needs=_PITCHES,
    ),
    Gauge(
        "height", "texture", "mean pitch", "平均音高",
        "Mean MIDI number of pitched notes (FIGARO, ICLR 2023: pitch).",
        "MIDI pitch", height, high=127.0, needs=_PITCHES,
    ),
)  # fmt: skip
