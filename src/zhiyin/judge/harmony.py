"""Chords: how many a piece uses, how evenly, and how far it is from each to the next.

Conventions: a chord is its root and quality, the bass aside; histograms are read on downbeats and mid-bars.
This module does not know the melody.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np

from zhiyin.judge.base import Gauge, Measure
from zhiyin.judge.subject import Subject
from zhiyin.theory.chord import Chord
from zhiyin.units import FloatArray

# Radii of the circles of fifths, minor thirds and major thirds.
RADII = (1.0, 1.0, 0.5)
_STEPS = (7 * np.pi / 6, 3 * np.pi / 2, 2 * np.pi / 3)
FARTHEST = 2.0 * float(np.linalg.norm(RADII))


def tonal_centroid(pitch_classes: tuple[int, ...]) -> FloatArray:
    """Return the six-dimensional tonal centroid of pitch classes, each counted once.

    Source: Harte, Sandler & Gasser, Detecting Harmonic Change in Musical Audio, 2006.
    >>> tonal_centroid((0,)).round(6).tolist()
    [0.0, 1.0, 0.0, 1.0, 0.0, 0.5]
    """
    tones = np.array(sorted(set(pitch_classes)))
    waves = [
        r * wave(tones * step) for r, step in zip(RADII, _STEPS, strict=True) for wave in (np.sin, np.cos)
    ]
    centroid: FloatArray = np.stack(waves, axis=1).mean(axis=0)
    return centroid


@cache
def chord_centroid(root: int, quality: str) -> FloatArray:
    """Return the tonal centroid of a chord."""
    return tonal_centroid(Chord(root, quality).pitch_classes)


def _read(subject: Subject) -> list[tuple[int, str]]:
    """Return the chord in force on each strong beat, beats without one left out."""
    spans = subject.chords
    if not spans:
        return []
    index = np.searchsorted([span.start for span in spans], subject.strong, side="right") - 1
    pairs = zip(subject.strong.tolist(), index.tolist(), strict=True)
    return [(spans[i].chord.root, spans[i].chord.quality) for t, i in pairs if i >= 0 and t < spans[i].end]


def histogram_entropy(subject: Subject) -> Measure:
    """Return the entropy in nats of the chords on strong beats."""
    read = _read(subject)
    if not read:
        return Measure.absent("chords")
    share = np.array(list(Counter(read).values())) / len(read)
    return Measure(max(float(-(share * np.log(share)).sum()), 0.0), len(read))


def coverage(subject: Subject) -> Measure:
    """Return how many different chords stand on strong beats."""
    read = _read(subject)
    return Measure(float(len(set(read))), len(read)) if read else Measure.absent("chords")


def tonal_distance(subject: Subject) -> Measure:
    """Return the mean tonal distance from each chord to the next different one; 0 when the chord never changes."""
    kinds = [(span.chord.root, span.chord.quality) for span in subject.chords]
    if not kinds:
        return Measure.absent("chords")
    steps = [(a, b) for a, b in pairwise(kinds) if a != b]
    far = [float(np.linalg.norm(chord_centroid(*a) - chord_centroid(*b))) for a, b in steps]
    return Measure(float(np.mean(far)) if far else 0.0, len(far))


_YEH = "Yeh et al., Automatic melody harmonization with triad chords, J. New Music Research 2021"
_NEEDS = frozenset({"chords"})
GAUGES = (
    Gauge(
        "chord-entropy", "harmony", "chord histogram entropy", "和弦直方图熵",
        f"Entropy in nats of the chords on downbeats and mid-bars ({_YEH}, CHE).",
        "nats", histogram_entropy, high=float("inf"), needs=_NEEDS,
    ),
    Gauge(
        "chord-coverage", "harmony", "chord coverage", "和弦种数",
        f"Number of different chords, root and quality, on downbeats and mid-bars ({_YEH}, CC).",
        "chords", coverage, high=float("inf"), needs=_NEEDS,
    ),
    Gauge(
        "chord-distance", "harmony", "chord tonal distance", "相邻和弦的调性距离",
        f"Mean distance of the tonal centroids of each chord and the next different one ({_YEH}, CTD; "
        "centroids of Harte et al. 2006).",
        "distance", tonal_distance, high=FARTHEST, needs=_NEEDS,
    ),
)  # fmt: skip
