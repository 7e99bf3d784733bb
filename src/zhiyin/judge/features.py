"""What an excerpt is like, as one vector of numbers: pitch, rhythm, texture, harmony, repetition, voices, drums.

Conventions: shares lie in 0..1; pitch is told relative to a tonic found from the notes, except in the group
`register`; time is told in bars and quarters, never seconds. This module does not judge: see style_net, two_sample.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zhiyin.judge.excerpts import FRAME_STEPS, Excerpt
from zhiyin.judge.features_lines import contour_features, drum_features, part_features, phrase_features
from zhiyin.judge.features_view import View, shares
from zhiyin.units import FloatArray, IntArray

LENGTH_EDGES = np.array([4, 6, 8, 9, 12, 16, 18, 24, 36, 48, 72, 96])  # steps; the last bin is open
DEGREES = 12
TRIADS = np.array([[0, 4, 7], [0, 3, 7], [0, 3, 6], [0, 4, 8]])
LAGS = (1, 2, 4)


def degree_features(view: View) -> FloatArray:
    """Return degree histograms above the tonic by duration: all notes, top line, bottom line; how clear the key is."""
    found = []
    for rows in (view.pitched, view.top, view.bottom):
        degree = (view.pitch[rows] - view.tonic) % 12
        found.append(shares(degree, DEGREES, weights=view.duration[rows]))
    diatonic = [found[0][[0, 2, 4, 5, 7, 9, 11]].sum(), found[0][[0, 2, 3, 5, 7, 8, 10]].sum()]
    pentatonic = [found[0][[0, 2, 4, 7, 9]].sum()]
    return np.concatenate([*found, diatonic, pentatonic, view.key_fit])


def interval_features(view: View) -> FloatArray:
    """Return histograms of melodic intervals: top line with direction, bottom line and part tops without."""
    top = np.clip(np.diff(view.pitch[view.top]), -12, 12) + 12
    bottom = np.minimum(np.abs(np.diff(view.pitch[view.bottom])), 12)
    inner = [np.abs(np.diff(view.pitch[rows])) for rows in view.part_tops]
    joined = np.minimum(np.concatenate([*inner, np.empty(0, np.int64)]), 12).astype(np.int64)
    return np.concatenate([shares(top, 25), shares(bottom, 13), shares(joined, 13)])


def rhythm_features(view: View) -> FloatArray:
    """Return histograms of lengths and of gaps between attacks, and of where in the beat and the bar they fall."""
    found: list[FloatArray] = []
    for rows in (view.pitched, view.top, view.bottom):
        onset = np.unique(view.onset[rows])
        bins = LENGTH_EDGES.size + 1
        found.append(shares(np.searchsorted(LENGTH_EDGES, view.duration[rows], side="right"), bins))
        found.append(shares(np.searchsorted(LENGTH_EDGES, np.diff(onset), side="right"), bins))
        found.append(shares(onset % 24 // 3, 8))
        found.append(shares(onset % view.bar_steps * 12 // view.bar_steps, 12))
    gap = np.diff(np.unique(view.onset[view.pitched])).astype(float)
    same = np.mean(gap[1:] == gap[:-1]) if gap.size > 1 else 0.0
    return np.concatenate([*found, [same, np.log1p(gap.std()) if gap.size else 0.0]])


def metre_features(view: View) -> FloatArray:
    """Return the bar's length in quarters and its kind: two, three, compound."""
    beats, unit = view.excerpt.metre
    is_compound = unit == 8 and beats % 3 == 0
    triple = beats % 3 == 0 and not (is_compound and beats > 3)
    return np.array([view.bar_steps / 96, float(is_compound), float(triple), float(beats % 4 == 0)])


def texture_features(view: View) -> FloatArray:
    """Return how much happens a bar, how many notes begin and sound together, and how much is silent."""
    bar = view.onset[view.pitched] // view.bar_steps
    counts = np.bincount(bar, minlength=view.bars) * 24 / view.bar_steps
    places, together = np.unique(view.onset[view.pitched], return_counts=True)
    attacks = np.bincount(places // view.bar_steps, minlength=view.bars) * 24 / view.bar_steps
    sounding = view.roll.sum(axis=0)
    spread = [counts.mean(), counts.std(), counts.min(), counts.max(), attacks.mean(), attacks.std(), attacks.min(),
              attacks.max()]  # fmt: skip
    sizes = shares(np.minimum(together, 8) - 1, 8)
    heard = shares(np.minimum(sounding, 8), 9)
    change = np.abs(np.diff(sounding)).mean()
    return np.concatenate([np.log1p(spread), sizes, heard, [sounding.mean(), sounding.std(), change]])


def register_features(view: View) -> FloatArray:
    """Return where the music lies, in octaves above MIDI 0: all notes, top and bottom line. Not transposition-free."""
    found = []
    for rows in (view.pitched, view.top, view.bottom):
        pitch = view.pitch[rows].astype(float) if rows.size else np.zeros(1)
        found += [pitch.mean() / 12, pitch.min() / 12, pitch.max() / 12]
    return np.array(found)


def spread_features(view: View) -> FloatArray:
    """Return how wide the lines and the whole are, in octaves."""
    found = []
    for rows in (view.pitched, view.top, view.bottom):
        pitch = view.pitch[rows].astype(float) if rows.size else np.zeros(1)
        found += [pitch.std() / 12, np.ptp(pitch) / 12]
    gap = view.pitch[view.top].mean() - view.pitch[view.bottom].mean() if view.top.size else 0.0
    return np.array([*found, gap / 12])


def harmony_features(view: View) -> FloatArray:
    """Return what sounds above the bass, how rough it is, and how triads fit, last and follow one another."""
    roll = view.roll
    heard = roll.any(axis=0)
    low = np.where(heard, roll.argmax(axis=0), 0)
    frames = np.flatnonzero(heard)
    classes = np.stack([roll[c::12].any(axis=0) for c in range(12)])  # (12, frames)
    turned = (low[None, :] + np.arange(12)[:, None]) % 12
    above = np.take_along_axis(classes, turned, axis=0)[:, heard].sum(axis=1)
    kinds = shares(np.minimum(classes.sum(axis=0), 6), 7)
    rough = [np.mean((classes & np.roll(classes, k, axis=0)).any(axis=0)) for k in range(1, 7)]
    return np.concatenate([above / max(frames.size, 1), kinds, rough, _chord_features(view)])


def _chord_features(view: View) -> FloatArray:
    """Return fit, hold and motion of the best triad of each half bar."""
    frames = view.bar_steps // FRAME_STEPS
    edges = np.concatenate([[b * frames, b * frames + (frames + 1) // 2] for b in range(view.bars)])
    # Told from the tonic before the best is chosen, so that equal fits are settled alike in every key.
    halves = np.roll(
        np.add.reduceat(view.chroma.astype(float), edges, axis=1), -view.tonic, axis=0
    )  # (12, halves)
    scores = np.stack([np.roll(halves, -r, axis=0)[t].sum(axis=0) for t in TRIADS for r in range(12)])
    best = scores.argmax(axis=0)
    total = halves.sum(axis=0)
    fit = np.where(total > 0, scores.max(axis=0) / np.maximum(total, 1e-9), 0.0)
    moved = best[1:] != best[:-1]
    root, kind = best % 12, best // 12
    motion = shares((root[1:] - root[:-1])[moved] % 12, 12)
    degrees = shares(root, 12)
    return np.concatenate(
        [[fit.mean(), fit.min(), fit.std(), moved.mean()], shares(kind, 4), motion, degrees]
    )


def repetition_features(view: View) -> FloatArray:
    """Return how alike bars are: onsets, onsets with pitch, pitch classes, at each distance, and how many differ."""
    length = view.bar_steps
    bar, place = view.onset // length, view.onset % length
    rhythm = _bar_sets(bar, place, view.bars)
    sound = view.pitch + 128 * view.excerpt.is_drums[np.lexsort((view.excerpt.pitch, view.excerpt.onset))]
    notes = _bar_sets(bar, place * 256 + sound, view.bars)
    shape = _bar_sets(
        bar[view.top], _relative(view.pitch[view.top], bar[view.top], place[view.top]), view.bars
    )
    found: list[float] = []
    for sets in (rhythm, notes, shape):
        for lag in range(1, view.bars):
            found.append(float(np.mean([_jaccard(sets[i], sets[i + lag]) for i in range(view.bars - lag)])))
        same = [np.mean([sets[i] == sets[i + lag] for i in range(view.bars - lag)]) for lag in LAGS]
        found += [*map(float, same), len(set(sets)) / view.bars]
    return np.array(found)


def _relative(pitch: IntArray, bar: IntArray, place: IntArray) -> IntArray:
    """Return places joined with pitch above the bar's first note of the line."""
    if not pitch.size:
        return pitch
    first = np.searchsorted(bar, bar, side="left")
    relative: IntArray = place * 256 + (pitch - pitch[first]) + 128
    return relative


def _bar_sets(bar: IntArray, code: IntArray, bars: int) -> list[frozenset[int]]:
    return [frozenset(code[bar == b].tolist()) for b in range(bars)]


def _jaccard(a: frozenset[int], b: frozenset[int]) -> float:
    return len(a & b) / len(a | b) if a or b else 1.0


def entropy_features(view: View) -> FloatArray:
    """Return pitch-class entropy in bits over 1, 4 and 8 bars, and how unlike successive bars' classes are."""
    frames = view.bar_steps // FRAME_STEPS
    by_bar = view.chroma.reshape(12, view.bars, frames).sum(axis=2).astype(float)
    found = [
        np.mean([_entropy(by_bar[:, i : i + n].sum(axis=1)) for i in range(0, view.bars, n)])
        for n in (1, 4, 8)
    ]
    unit = by_bar / np.maximum(np.linalg.norm(by_bar, axis=0), 1e-9)
    return np.array([*found, *(np.mean((unit[:, lag:] * unit[:, :-lag]).sum(axis=0)) for lag in LAGS)])


def _entropy(counts: FloatArray) -> float:
    p = counts[counts > 0] / max(counts.sum(), 1e-9)
    return float(-(p * np.log2(p)).sum())


GROUPS: dict[str, Callable[[View], FloatArray]] = {
    "degree": degree_features, "interval": interval_features, "rhythm": rhythm_features, "metre": metre_features,
    "texture": texture_features, "register": register_features, "spread": spread_features,
    "harmony": harmony_features, "repetition": repetition_features, "entropy": entropy_features,
    "contour": contour_features, "phrase": phrase_features, "part": part_features, "drums": drum_features,
}  # fmt: skip


def features_of(excerpt: Excerpt) -> NDArray[np.float32]:
    """Return (FEATURE_COUNT,) the feature vector of an excerpt; `feature_groups` says what stands where."""
    view = View.of(excerpt)
    return np.concatenate([group(view) for group in GROUPS.values()]).astype(np.float32)


def feature_groups() -> dict[str, slice]:
    """Return where each group stands in the vector."""
    view = View.of(_tiny())
    edges = np.cumsum([0, *(group(view).size for group in GROUPS.values())]).tolist()
    return {name: slice(a, b) for name, a, b in zip(GROUPS, edges, edges[1:], strict=False)}


def feature_names() -> list[str]:
    """Return a name for every number, such as `interval.12`."""
    return [f"{name}.{i}" for name, span in feature_groups().items() for i in range(span.stop - span.start)]


def _tiny() -> Excerpt:
    zero = np.zeros(1, np.int64)
    return Excerpt(zero, zero + 24, zero + 60, zero, np.zeros(1, bool), (4, 4), 96)
