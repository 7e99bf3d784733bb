"""Melody against chords: chord tones, how other tones resolve, consonance and tonal distance.

Conventions: a melody note belongs to the chord in force at its onset; what is averaged over time is cut at chord
changes; a foreign bass is no chord tone. This module does not find the melody: see `zhiyin.judge.subject`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.analysis.columns import spread
from zhiyin.judge.base import Gauge, Measure
from zhiyin.judge.harmony import FARTHEST, chord_centroid, tonal_centroid
from zhiyin.judge.subject import Subject
from zhiyin.units import BoolArray, FloatArray, IntArray

# Consonance of a tone above a chord tone by semitones: 1 for unison, thirds, fifth, sixths; 0 for the fourth.
CONSONANCE = np.array([1, -1, -1, 1, 1, 0, -1, 1, 1, 1, -1, -1], np.float64)
RESOLVES = 2  # a tone that is left by at most this many semitones is a proper non-chord tone


@dataclass(frozen=True, eq=False)
class _Sung:
    """Melody notes that start under a chord: onset, step to the next note (99 for the last), chord tone or not."""

    onset: IntArray
    step: IntArray
    is_tone: BoolArray


def _sung(subject: Subject) -> _Sung | None:
    """Return the melody under its chords, or None when a note never meets a chord."""
    melody, spans = subject.melody, subject.chords
    if not len(melody) or not spans:
        return None
    index = np.searchsorted([s.start for s in spans], melody.onset, side="right") - 1
    ends = np.array([s.end for s in spans])
    under = np.flatnonzero((index >= 0) & (melody.onset < ends[np.maximum(index, 0)]))
    if not under.size:
        return None
    step = np.append(np.abs(np.diff(melody.pitch)), 99)
    tones = np.array([[pc in s.chord.pitch_classes for pc in range(12)] for s in spans])
    return _Sung(melody.onset[under], step[under], tones[index[under], melody.pitch[under] % 12])


def _absent(subject: Subject) -> Measure:
    return Measure.absent("chords" if len(subject.melody) else "melody")


def strong_tones(subject: Subject) -> Measure:
    """Return the share of melody notes starting on strong beats that are chord tones."""
    sung = _sung(subject)
    if sung is None:
        return _absent(subject)
    on = np.isin(sung.onset, subject.strong)
    return Measure(float(sung.is_tone[on].mean()), int(on.sum())) if on.any() else _absent(subject)


def chord_tone_ratio(subject: Subject) -> Measure:
    """Return (chord tones + non-chord tones left by step) / all melody notes under a chord."""
    sung = _sung(subject)
    if sung is None:
        return _absent(subject)
    proper = ~sung.is_tone & (sung.step <= RESOLVES)
    return Measure(float((sung.is_tone | proper).mean()), len(sung.is_tone))


def _over_time(subject: Subject, table: FloatArray) -> Measure:
    """Return the mean over sounding time of table[chord span, melody pitch class]."""
    melody, spans = subject.melody, subject.chords
    edges = np.array([t for s in spans for t in (s.start, s.end)])
    row, window, overlap = spread(melody.onset, melody.offset, edges)
    chosen = (window % 2 == 0) & (overlap > 0)  # odd windows lie between chords
    if not chosen.any():
        return _absent(subject)
    values = table[window[chosen] // 2, melody.pitch[row[chosen]] % 12]
    return Measure(float(np.average(values, weights=overlap[chosen])), int(chosen.sum()))


def consonance(subject: Subject) -> Measure:
    """Return the mean consonance of the melody above each tone of its chord, over time, -1..1."""
    if not len(subject.melody) or not subject.chords:
        return _absent(subject)
    table = [
        [CONSONANCE[[(pc - tone) % 12 for tone in span.chord.pitch_classes]].mean() for pc in range(12)]
        for span in subject.chords
    ]
    return _over_time(subject, np.array(table))


def tonal_distance(subject: Subject) -> Measure:
    """Return the mean tonal distance of the melody from its chord, over time."""
    if not len(subject.melody) or not subject.chords:
        return _absent(subject)
    tones = np.array([tonal_centroid((pc,)) for pc in range(12)])
    chords = np.array([chord_centroid(s.chord.root, s.chord.quality) for s in subject.chords])
    return _over_time(subject, np.linalg.norm(chords[:, None] - tones[None], axis=2))


_YEH = "Yeh et al., Automatic melody harmonization with triad chords, J. New Music Research 2021"
_NEEDS = frozenset({"chords", "melody"})
GAUGES = (
    Gauge(
        "strong-tones", "melody", "chord tones on strong beats", "强拍上的和弦音",
        "Share of melody notes starting on downbeats and mid-bars that belong to the chord (common practice).",
        "share", strong_tones, needs=_NEEDS,
    ),
    Gauge(
        "chord-tone-ratio", "melody", "chord tones and resolved others (CTnCTR)", "和弦音与正当和弦外音之比（CTnCTR）",
        f"(chord tones + non-chord tones left by at most two semitones) / all notes under a chord ({_YEH}, CTnCTR).",
        "share", chord_tone_ratio, needs=_NEEDS,
    ),
    Gauge(
        "consonance", "melody", "pitch consonance score (PCS)", "音高协和分（PCS）",
        "Mean over time and chord tones of 1 for unisons, thirds, fifths and sixths, 0 for fourths, -1 for others, "
        f"the melody taken as the upper tone ({_YEH}, PCS).",
        "score", consonance, low=-1.0, needs=_NEEDS,
    ),
    Gauge(
        "melody-distance", "melody", "melody-chord tonal distance (MCTD)", "旋律与和弦的调性距离（MCTD）",
        f"Mean over time of the distance of the tonal centroids of melody note and chord ({_YEH}, MCTD).",
        "distance", tonal_distance, high=FARTHEST, needs=_NEEDS,
    ),
)  # fmt: skip
