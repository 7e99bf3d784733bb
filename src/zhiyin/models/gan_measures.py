"""What phrases are like, in numbers: fragments, empty bars, pitch classes, harmony, drums, and a vector of them all.

Conventions: one value a phrase, nan where it has no such track or nothing to count; hard symbols only. The measures
carry MuseGAN's names (Dong et al. 2018) with grid-fair definitions. This module knows no networks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhiyin.models.gan_rolls import (
    BARS,
    BASS,
    BEAT,
    HARMONY,
    LOW,
    MELODY,
    SLOTS,
    SPAN,
    STEPS,
    Phrases,
    lengths,
    sounding,
)
from zhiyin.units import BoolArray, FloatArray, IntArray

QUALIFIED = 2  # sixteenths
PITCHED = (MELODY, HARMONY, BASS)
_WHITE = np.isin(np.arange(12), (0, 2, 4, 5, 7, 9, 11))
_LENGTH_EDGES = (1, 2, 4, 8)
_STEP_EDGES = (0, 2, 4, 7)


def qualified_notes(phrases: Phrases, track: int) -> FloatArray:
    """Return (n,) the share of notes that are no fragments.

    A note counts when it lasts QUALIFIED sixteenths or more and is not cut out of a longer one: neither it nor a note
    of the same pitch that it touches lasts one sixteenth alone.
    """
    strike, sound = sounding(phrases.codes, phrases.valid, track)
    last = lengths(strike, sound, phrases.valid)
    cut = _cut(strike, sound, last)
    good = (last >= QUALIFIED) & ~cut
    return _ratio(good.sum(axis=(1, 2)), strike.sum(axis=(1, 2)))


def _cut(strike: BoolArray, sound: BoolArray, last: IntArray) -> BoolArray:
    """Return (n, STEPS, span) notes that touch one of their pitch when one of both lasts a single sixteenth."""
    cut = np.zeros(strike.shape, bool)
    start = np.full(strike[:, 0].shape, -1)  # where the note that sounds began, -1 for silence
    for step in range(STEPS):
        old = start.copy()
        again = strike[:, step] & (old >= 0)
        for n, k in np.argwhere(again).tolist():
            if min(last[n, step, k], last[n, old[n, k], k]) == 1:
                cut[n, step, k] = cut[n, old[n, k], k] = True
        start = np.where(strike[:, step], step, np.where(sound[:, step], start, -1))
    return cut


def empty_bars(phrases: Phrases, track: int) -> FloatArray:
    """Return (n,) the share of bars in which a track that the piece has is silent."""
    _, sound = sounding(phrases.codes, phrases.valid, track)
    sound = sound & phrases.valid[:, :, None]
    there = phrases.valid.reshape(-1, BARS, SLOTS).any(axis=2)
    heard = sound.any(axis=2).reshape(-1, BARS, SLOTS).any(axis=2)
    empty = _ratio((there & ~heard).sum(axis=1), there.sum(axis=1))
    empty[~phrases.plays[:, track]] = np.nan
    return empty


def bar_chroma(phrases: Phrases, track: int) -> IntArray:
    """Return (n, BARS, 12) sixteenths in which each pitch class sounds."""
    _, sound = sounding(phrases.codes, phrases.valid, track)
    sound = sound & phrases.valid[:, :, None]
    per_bar = sound.reshape(len(phrases), BARS, SLOTS, -1).sum(axis=2)
    chroma = np.zeros((len(phrases), BARS, 12), np.int64)
    for k in range(SPAN[track]):
        chroma[:, :, (LOW[track] + k) % 12] += per_bar[:, :, k]
    return chroma


def pitch_classes(phrases: Phrases, track: int) -> FloatArray:
    """Return (n,) the mean number of pitch classes a bar that is not empty."""
    used = (bar_chroma(phrases, track) > 0).sum(axis=2)
    return _ratio(used.sum(axis=1), (used > 0).sum(axis=1))


def polyphony(phrases: Phrases, track: int) -> FloatArray:
    """Return (n,) the mean number of notes where a track sounds."""
    _, sound = sounding(phrases.codes, phrases.valid, track)
    notes = (sound & phrases.valid[:, :, None]).sum(axis=2)
    return _ratio(notes.sum(axis=1), (notes > 0).sum(axis=1))


def tonal_distance(phrases: Phrases, one: int, other: int) -> FloatArray:
    """Return (n,) the mean distance of two tracks' bars in the tonal space of Harte, Sandler & Gasser (2006)."""
    a, b = bar_chroma(phrases, one), bar_chroma(phrases, other)
    both = (a.sum(axis=2) > 0) & (b.sum(axis=2) > 0)
    apart = np.linalg.norm(_tonal(a) - _tonal(b), axis=2)
    return _ratio((apart * both).sum(axis=1), both.sum(axis=1))


def _tonal(chroma: IntArray) -> FloatArray:
    """Return (..., 6) centroids on the circles of fifths, minor thirds and major thirds, radii 1, 1 and 0.5."""
    pitch = np.arange(12)
    turns = np.stack([f(pitch * np.pi * step) * radius for step, radius in ((7 / 6, 1.0), (3 / 2, 1.0), (2 / 3, 0.5))
                      for f in (np.sin, np.cos)], axis=1)  # fmt: skip
    share = chroma / np.maximum(chroma.sum(axis=-1, keepdims=True), 1)
    result: FloatArray = share @ turns
    return result


def chord_tones(phrases: Phrases, track: int) -> FloatArray:
    """Return (n,) the share of notes whose pitch class belongs to the chord under their beginning."""
    strike, _ = sounding(phrases.codes, phrases.valid, track)
    classes = (LOW[track] + np.arange(SPAN[track])) % 12
    known = np.logical_or.reduce(phrases.chord, axis=2)[:, :, None]
    inside = phrases.chord[:, :, classes]
    return _ratio((strike & inside).sum(axis=(1, 2)), (strike & known).sum(axis=(1, 2)))


def drum_pattern(phrases: Phrases) -> FloatArray:
    """Return (n,) the share of drum strikes on the places of eighths, as MuseGAN's DP for 4/4 and 8-beat patterns."""
    struck = phrases.codes[:, :, -9:].sum(axis=2)
    return _ratio(struck[:, ::2].sum(axis=1), struck.sum(axis=1))


def features(phrases: Phrases) -> FloatArray:
    """Return (n, d) what a phrase is like, 0 for tracks it lacks: for distances between sets of phrases."""
    parts = [_track_features(phrases, track) for track in PITCHED]
    drums = phrases.codes[:, :, -9:].astype(bool)
    beats = phrases.valid.sum(axis=1)[:, None] / BEAT
    parts += [drums.sum(axis=1) / beats, _positions(drums), _likeness(drums)]
    parts += [np.nan_to_num(tonal_distance(phrases, a, b))[:, None] for a, b in ((0, 1), (0, 2), (1, 2))]
    return np.concatenate(parts, axis=1)


def _track_features(phrases: Phrases, track: int) -> FloatArray:
    strike, sound = sounding(phrases.codes, phrases.valid, track)
    last = lengths(strike, sound, phrases.valid)
    notes = strike.sum(axis=(1, 2))
    size = np.maximum(phrases.valid.sum(axis=1), 1)
    here = sound & phrases.valid[:, :, None]
    edges = np.searchsorted(_LENGTH_EDGES, last)  # 0..4 for notes; silence is masked out
    spread = [(strike & (edges == i)).sum(axis=(1, 2)) for i in range(len(_LENGTH_EDGES) + 1)]
    pitch = np.arange(SPAN[track])
    per_pitch = strike.sum(axis=1)
    mean = _ratio(per_pitch @ pitch, notes)
    variance = _ratio(per_pitch @ pitch**2, notes) - mean**2
    white = per_pitch[:, _WHITE[(LOW[track] + pitch) % 12]].sum(axis=1)
    columns = [
        notes / size * BEAT, here.any(axis=2).sum(axis=1) / size, here.sum(axis=(1, 2)) / size,
        *(_ratio(s, notes) for s in spread), mean / 12, np.sqrt(np.maximum(variance, 0)) / 12, _ratio(white, notes),
        chord_tones(phrases, track), pitch_classes(phrases, track) / 4,
    ]  # fmt: skip
    plain = np.nan_to_num(np.stack(columns, axis=1))
    return np.concatenate((plain, _positions(strike), _likeness(strike), _steps(strike)), axis=1)


def _positions(strike: BoolArray) -> FloatArray:
    """Return (n, BEAT) how strikes are spread over the sixteenths of a beat."""
    at = np.logical_or.reduce(strike, axis=2).reshape(len(strike), -1, BEAT).sum(axis=1)
    share: FloatArray = at / np.maximum(at.sum(axis=1, keepdims=True), 1)
    return share


def _likeness(strike: BoolArray) -> FloatArray:
    """Return (n, 4) how alike bars are, onsets and pitches, one and two bars apart: shared of all (Jaccard)."""
    bars = strike.reshape(len(strike), BARS, SLOTS, -1)
    found = []
    for rolls in (np.logical_or.reduce(bars, axis=3, keepdims=True), bars):
        for apart in (1, 2):
            a, b = rolls[:, apart:], rolls[:, :-apart]
            found.append((a & b).sum(axis=(1, 2, 3)) / np.maximum((a | b).sum(axis=(1, 2, 3)), 1))
    return np.stack(found, axis=1)


def _steps(strike: BoolArray) -> FloatArray:
    """Return (n, 6) how far the top note moves from strike to strike: shares of step sizes, share of rises."""
    n, _, span = strike.shape
    top = np.where(strike.any(axis=2), span - 1 - np.argmax(strike[:, :, ::-1], axis=2), -1)
    out = np.zeros((n, len(_STEP_EDGES) + 2))
    for row in range(n):
        line = top[row][top[row] >= 0]
        moves = np.diff(line)
        if moves.size:
            out[row, :-1] = np.bincount(
                np.searchsorted(_STEP_EDGES, np.abs(moves)), minlength=len(_STEP_EDGES) + 1
            )
            out[row, :-1] /= moves.size
            out[row, -1] = np.mean(moves > 0)
    return out


def frechet(human: FloatArray, ours: FloatArray) -> float:
    """Return the Frechet distance of two sets of features, in human standard deviations (Heusel et al. 2017)."""
    spread = human.std(axis=0)
    kept = spread > 1e-6
    a, b = human[:, kept] / spread[kept], ours[:, kept] / spread[kept]
    one, other = np.cov(a.T), np.cov(b.T)
    values, vectors = np.linalg.eigh(one)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    middle = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ other @ root), 0)).sum()
    return float(
        ((a.mean(axis=0) - b.mean(axis=0)) ** 2).sum() + np.trace(one) + np.trace(other) - 2 * middle
    )


def _ratio(part: NDArray[np.float64] | IntArray, whole: NDArray[np.float64] | IntArray) -> FloatArray:
    """Return part / whole, nan where whole is 0."""
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)
