"""What an outside judge of mood looks at: thirteen numbers of a score, in seconds, by code of its own.

Conventions: nothing here is imported by what writes music; keys by the profiles of Krumhansl & Kessler (1982), interval
roughness after the dissonance order of Hutchinson & Knopoff (1979). Measuring only: what is trained on these numbers is
thrown away. Does not know: plans, moods asked for, styles.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhiyin.score import Score, Timeline

Row = NDArray[np.float64]
NAMES = (
    "mode whole", "mode local", "log notes/s", "log attacks/s", "log median gap", "register", "register sd", "velocity",
    "velocity sd", "articulation", "roughness", "class entropy", "notes at once",
)  # fmt: skip
MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
# How rough an interval class sounds, unison to tritone.
ROUGH = np.array([0.0, 1.0, 0.45, 0.15, 0.1, 0.05, 0.5])
LOCAL_S, FRAME_S = 10.0, 0.125


def judge_features(score: Score) -> Row:
    """Return the numbers of NAMES; drums count for attacks and loudness only."""
    line = Timeline.of(score)
    pitched = [part.notes for part in score.parts if not part.is_drums and len(part.notes)]
    every = [part.notes for part in score.parts if len(part.notes)]
    start = line.ticks_to_seconds(np.concatenate([n.onset for n in pitched])).astype(float)
    end = line.ticks_to_seconds(np.concatenate([n.offset for n in pitched])).astype(float)
    pitch = np.concatenate([n.pitch for n in pitched]).astype(np.int64)
    velocity = np.concatenate([n.velocity for n in every]).astype(float)
    struck = line.ticks_to_seconds(np.concatenate([n.onset for n in every])).astype(float)
    attacks = joined(np.sort(struck))
    length_s = max(float(end.max() - struck.min()), 1.0)
    gaps = np.diff(attacks) if attacks.size > 1 else np.array([1.0])
    held = np.maximum(end - start, 1e-3)
    whole, local = modes(start, held, pitch)
    rough, entropy, at_once = sounding(start, end, pitch)
    return np.array([
        whole, local, np.log2(struck.size / length_s), np.log2(attacks.size / length_s), np.log2(np.median(gaps)),
        np.average(pitch, weights=held), pitch.std(), velocity.mean(), velocity.std(), articulation(start, end),
        rough, entropy, at_once,
    ])  # fmt: skip


def joined(seconds: Row) -> Row:
    """Return attacks with those within 35 ms of the one before left out."""
    kept = [float(seconds[0])]
    for value in seconds[1:].tolist():
        if value - kept[-1] > 0.035:
            kept.append(value)
    return np.array(kept)


def modes(start: Row, held: Row, pitch: NDArray[np.int64]) -> tuple[float, float]:
    """Return how much better the best major than the best minor key fits: over the whole, and locally."""
    place = (start // LOCAL_S).astype(int)
    total, found = 0.0, 0.0
    for number in np.unique(place):
        rows = place == number
        weight = float(held[rows].sum())
        total, found = total + weight, found + weight * mode_score(classes(pitch[rows], held[rows]))
    return mode_score(classes(pitch, held)), found / total


def classes(pitch: NDArray[np.int64], held: Row) -> Row:
    """Return (12,) how long each pitch class sounds."""
    weights = np.zeros(12)
    np.add.at(weights, pitch % 12, held)
    return weights


def key_fits(weights: Row) -> Row:
    """Return (2, 12) the correlation with each major and each minor key."""
    if weights.std() == 0:
        return np.zeros((2, 12))
    return np.array([
        [np.corrcoef(np.roll(profile, tonic), weights)[0, 1] for tonic in range(12)] for profile in (MAJOR, MINOR)
    ])  # fmt: skip


def mode_score(weights: Row) -> float:
    """Return the best fit of a major key less that of a minor key."""
    fits = key_fits(weights)
    return float(fits[0].max() - fits[1].max())


def sounds_major(score: Score) -> bool:
    """Return whether the whole is nearer to a major key; between relatives the last bass note and bar decide."""
    pitched = [part.notes for part in score.parts if not part.is_drums and len(part.notes)]
    pitch = np.concatenate([n.pitch for n in pitched]).astype(np.int64)
    weights = classes(pitch, np.concatenate([n.duration for n in pitched]).astype(float))
    fits = key_fits(weights)
    last = max(int(n.onset.max()) for n in pitched)
    final = min(int(p) for n in pitched for p, o in zip(n.pitch, n.offset, strict=True) if o >= last)
    fits[:, final % 12] += 0.15
    return bool(fits[0].max() > fits[1].max())


def articulation(start: Row, end: Row) -> float:
    """Return the median length of a note over the time to the next attack, at most 2."""
    attacks = joined(np.sort(start))
    after = np.searchsorted(attacks, start + 0.036)
    has_next = after < attacks.size
    if not has_next.any():
        return 1.0
    gap = attacks[after[has_next]] - start[has_next]
    return float(np.median(np.minimum((end - start)[has_next] / np.maximum(gap, 1e-3), 2.0)))


def sounding(start: Row, end: Row, pitch: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return mean roughness of what sounds together, entropy of the pitch classes (bits), and mean notes at once."""
    origin = float(start.min())
    first = ((start - origin) / FRAME_S).astype(int)
    last = np.maximum(np.ceil((end - origin) / FRAME_S).astype(int) - 1, first)
    change = np.zeros((128, int(last.max()) + 2), np.int64)
    np.add.at(change, (pitch, first), 1)
    np.add.at(change, (pitch, last + 1), -1)
    roll = np.cumsum(change, axis=1)[:, :-1] > 0
    pcs = np.stack([roll[c::12].any(axis=0) for c in range(12)])
    heard = pcs.any(axis=0)
    rough = np.zeros(roll.shape[1])
    for interval in range(1, 7):
        rough += ROUGH[interval] * (pcs & np.roll(pcs, interval, axis=0)).sum(axis=0)
    share = pcs.sum(axis=1) / pcs.sum()
    present = share[share > 0]
    return (
        float(rough[heard].mean()),
        float(-(present * np.log2(present)).sum()),
        float(roll.sum(axis=0)[heard].mean()),
    )
