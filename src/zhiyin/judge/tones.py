"""Pitch-class entropy: how many tones a bar, four bars or a piece draws on; and how well one scale holds them.

Conventions: notes are counted by onset, drums left out; entropies in bits, at most log2(12) = 3.585.
This module does not know keys.
"""

from __future__ import annotations

import numpy as np

from zhiyin.judge.base import Gauge, Measure
from zhiyin.judge.subject import Subject
from zhiyin.theory.scale import SCALES
from zhiyin.units import FloatArray, IntArray

MOST_BITS = float(np.log2(12))
_SCALES = np.array(
    [
        [(pc - tonic) % 12 in SCALES[name] for pc in range(12)]
        for name in ("major", "minor")
        for tonic in range(12)
    ]
)


def entropy_bits(counts: IntArray | FloatArray) -> FloatArray:
    """Return the Shannon entropy in bits of each row of counts; 0 for an empty row.

    >>> entropy_bits(np.array([[1, 1, 1, 1], [4, 0, 0, 0]])).tolist()
    [2.0, 0.0]
    """
    total = counts.sum(axis=-1, keepdims=True)
    share = counts / np.maximum(total, 1)
    logs = np.log2(np.where(share > 0, share, 1.0))
    bits: FloatArray = np.abs(-(share * logs).sum(axis=-1))
    return bits


def bar_counts(subject: Subject) -> IntArray:
    """Return how many notes of each pitch class start in each bar: (bars, 12)."""
    notes = subject.pitched
    bar = np.searchsorted(subject.edges, notes.onset, side="right") - 1
    counts: IntArray = np.bincount(bar * 12 + notes.pitch % 12, minlength=12 * subject.bars).reshape(-1, 12)
    return counts


def windowed_entropy(subject: Subject, bars: int) -> Measure:
    """Return the mean entropy over all windows of so many bars (the whole piece when shorter), silent ones left out."""
    if not len(subject.pitched):
        return Measure.absent("pitches")
    counts = bar_counts(subject)
    size = min(bars, len(counts))
    total = np.vstack([np.zeros((1, 12), np.int64), counts.cumsum(axis=0)])
    windows = total[size:] - total[:-size]
    sounding = windows[windows.any(axis=1)]
    return Measure(float(entropy_bits(sounding).mean()), len(sounding))


def whole_entropy(subject: Subject) -> Measure:
    """Return the entropy of the piece's pitch classes."""
    if not len(subject.pitched):
        return Measure.absent("pitches")
    counts = np.bincount(subject.pitched.pitch % 12, minlength=12)
    return Measure(float(entropy_bits(counts[None])[0]), int(counts.sum()))


def scale_consistency(subject: Subject) -> Measure:
    """Return the share of notes within the major or natural minor scale that holds most of them."""
    if not len(subject.pitched):
        return Measure.absent("pitches")
    counts = np.bincount(subject.pitched.pitch % 12, minlength=12)
    return Measure(float((_SCALES @ counts).max() / counts.sum()), int(counts.sum()))


_WU = "Wu & Yang, The Jazz Transformer on the Front Line, ISMIR 2020"
_PITCHES = frozenset({"pitches"})
GAUGES = (
    Gauge(
        "entropy-1", "tones", "pitch-class entropy, 1 bar", "音级熵，1小节",
        f"Mean Shannon entropy of the pitch classes that start in one bar, silent bars left out ({_WU}, H1).",
        "bits", lambda s: windowed_entropy(s, 1), high=MOST_BITS, needs=_PITCHES,
    ),
    Gauge(
        "entropy-4", "tones", "pitch-class entropy, 4 bars", "音级熵，4小节",
        f"The same over every window of four bars ({_WU}, H4).",
        "bits", lambda s: windowed_entropy(s, 4), high=MOST_BITS, needs=_PITCHES,
    ),
    Gauge(
        "entropy", "tones", "pitch-class entropy, whole piece", "音级熵，全曲",
        "The same over the whole piece (Dong et al., MusPy, ISMIR 2020: pitch_class_entropy).",
        "bits", whole_entropy, high=MOST_BITS, needs=_PITCHES,
    ),
    Gauge(
        "scale", "tones", "scale consistency", "音阶一致度",
        "Largest share of notes inside one major or natural minor scale (Mogren, C-RNN-GAN, 2016; MusPy).",
        "share", scale_consistency, needs=_PITCHES,
    ),
)  # fmt: skip
