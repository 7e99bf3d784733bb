"""Beat tracking: the row of beats that best explains when notes are struck, whatever the tempo does.

Conventions: seconds in, seconds out; a beat lasts 0.25 to 1.5 s (240 to 40 a minute); frames of 10 ms.
This module does not know bars, pitches or the written grid.

Model: onsets fall on places inside the beat (halves and quarters, or thirds), each place with its own chance of
an onset; the best beats are found by dynamic programming over (time, period), as in a semi-Markov model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.units import BoolArray, FloatArray, IntArray, Seconds

FRAME_S: Seconds = 0.01
SHORTEST, LONGEST = 25, 150  # frames in a beat
PERIODS = np.unique(np.rint(SHORTEST * 1.03 ** np.arange(62)).astype(np.int64))
PERIODS = PERIODS[PERIODS <= LONGEST]
CLOSING = 6  # frames after the last onset before which no beat closes the music: one there is marked by it
LEAD = LONGEST  # frames before the first onset, where the first beat may lie


@dataclass(frozen=True, slots=True)
class Places:
    """Places inside a beat (0..1) with the chance that an onset falls on each, and the prior of such a beat."""

    at: tuple[float, ...]
    chance: tuple[float, ...]
    prior: float


HALVES, THIRDS = (0.0, 0.5, 0.25, 0.75), (0.0, 1 / 3, 2 / 3)


@dataclass(frozen=True, slots=True)
class Tracking:
    """What the tracker believes before it hears anything.

    spread_s, spread_share: standard deviation of an onset around its place, fixed and as a share of the beat;
    stray_rate: onsets a second that belong to no place; tempo_change: scale of the log ratio of neighbouring
    beats; bpm, bpm_spread, tempo_weight: centre, log standard deviation and weight a second of the tempo prior.
    """

    binary: Places = Places(HALVES, (0.9, 0.75, 0.08, 0.1), 0.85)
    ternary: Places = Places(THIRDS, (0.9, 0.6, 0.7), 0.15)
    spread_s: Seconds = 0.016
    spread_share: float = 0.02
    stray_rate: float = 0.05
    tempo_change: float = 0.05
    bpm: float = 95.0
    bpm_spread: float = 0.3
    tempo_weight: float = 1.0
    salience_weight: float = 1.5


# Music in beats, in halves, in quarters of the beat: of the three the one that explains a piece best is taken.
DENSITIES: tuple[Tracking, ...] = (
    Tracking(Places(HALVES, (0.85, 0.12, 0.03, 0.03), 0.85), Places(THIRDS, (0.85, 0.1, 0.15), 0.15)),
    Tracking(),
    Tracking(Places(HALVES, (0.9, 0.8, 0.6, 0.6), 0.85), Places(THIRDS, (0.9, 0.85, 0.85), 0.15)),
)


@dataclass(frozen=True, eq=False)
class Track:
    """Beats found: beat_s (beats,) in seconds, the last one after the last onset; is_ternary (beats - 1,).

    evidence: log likelihood of the onsets, priors included, up to a constant of the piece.
    """

    beat_s: FloatArray
    is_ternary: BoolArray
    evidence: float = 0.0


def track(time_s: FloatArray, salience: FloatArray, how: Tracking | None = None) -> Track:
    """Return the beats that best explain onsets at `time_s` (sorted); salience: how much each sounds like a beat.

    An even pulse gives itself back, and one beat more that closes it:
    >>> track(0.62 * np.arange(24), np.zeros(24)).beat_s.round(1)[[0, 1, 2, -1]].tolist()
    [0.0, 0.6, 1.2, 14.9]
    """
    how = how or Tracking()
    frame = np.rint((time_s - time_s[0]) / FRAME_S).astype(np.int64) + LEAD
    size = int(frame[-1]) + LONGEST + 1
    score, is_ternary = _spans(frame, salience, size, how)
    ends, periods, evidence = _best_path(score, frame, how)
    beats = np.append(ends[0] - PERIODS[periods[0]], ends)
    beat_s = (beats - LEAD) * FRAME_S + time_s[0]
    return Track(_settled(beat_s, time_s, salience, how), is_ternary[ends, periods], evidence)


def _spans(frame: IntArray, salience: FloatArray, size: int, how: Tracking) -> tuple[FloatArray, BoolArray]:
    """Return (score of a beat that ends at a frame with a period, whether it splits in three): (frames, periods)."""
    struck = np.bincount(frame, minlength=size).astype(np.float64)
    weight = np.bincount(frame, weights=salience * how.salience_weight, minlength=size)
    score, ternary = np.empty((size, PERIODS.size)), np.empty((size, PERIODS.size), bool)
    for index, period in enumerate(PERIODS.tolist()):
        two = np.convolve(struck, _kernel(period, how.binary, how))[:size] + _empty(how.binary)
        three = np.convolve(struck, _kernel(period, how.ternary, how))[:size] + _empty(how.ternary)
        ternary[:, index] = three > two
        score[:, index] = np.maximum(two, three) + np.convolve(weight, _accent(period, how))[:size]
        score[:, index] += _tempo_prior(period, how)
    return score, ternary


def _empty(places: Places) -> float:
    """Return the log chance of a beat without onsets, prior included."""
    return float(np.log1p(-np.array(places.chance)).sum() + np.log(places.prior))


def _spread(period: int, how: Tracking) -> Seconds:
    return how.spread_s + how.spread_share * period * FRAME_S


def _phases(period: int) -> FloatArray:
    """Return the phase of an onset 0..period frames before the end of the beat."""
    return (period - np.arange(period + 1)) / period


def _kernel(period: int, places: Places, how: Tracking) -> FloatArray:
    """Return what an onset adds to the log chance of a beat, by its distance from the beat's end in frames."""
    apart = _phases(period)[:, None] - np.array(places.at)  # (lags, places)
    apart_s = (apart - np.rint(apart)) * period * FRAME_S
    spread = _spread(period, how)
    chance = np.array(places.chance)
    density = chance / (1 - chance) * np.exp(-0.5 * (apart_s / spread) ** 2) / (spread * np.sqrt(2 * np.pi))
    kernel: FloatArray = np.log(density.sum(1) + how.stray_rate)
    kernel[0] = 0.0  # an onset on the end belongs to the next beat
    return kernel


def _accent(period: int, how: Tracking) -> FloatArray:
    """Return what a salient onset adds: good on the beat, bad elsewhere."""
    phase = _phases(period)
    apart_s = (phase - np.rint(phase)) * period * FRAME_S
    accent: FloatArray = 1.5 * np.exp(-0.5 * (apart_s / _spread(period, how)) ** 2) - 0.5
    accent[0] = 0.0
    return accent


def _tempo_prior(period: int, how: Tracking) -> float:
    seconds = period * FRAME_S
    away = np.log(60 / seconds / how.bpm) / how.bpm_spread
    return float(-0.5 * away**2 * how.tempo_weight * seconds)


def _best_path(score: FloatArray, frame: IntArray, how: Tracking) -> tuple[IntArray, IntArray, float]:
    """Return (last frame, index of period) of each beat on the best way through the piece, and its score."""
    size, count = score.shape
    change = -np.abs(np.log(PERIODS[:, None] / PERIODS)) / how.tempo_change
    leaving = np.full((size, count), -np.inf)  # best score of a beat at a frame that goes on with a period
    came = np.full((size, count), -1, np.int64)
    every = np.arange(count)
    best, last = (-np.inf, 0, 0), int(frame[-1])
    for now in range(size):
        is_start = (now <= LEAD) & (now + PERIODS > LEAD)
        arrived = np.where(now >= PERIODS, leaving[now - PERIODS, every] + score[now], -np.inf)
        ways = arrived[:, None] + change
        came[now] = ways.argmax(0)
        leaving[now] = ways[came[now], every]
        came[now][is_start & (leaving[now] < 0)] = -1
        leaving[now] = np.where(is_start, np.maximum(leaving[now], 0.0), leaving[now])
        if now > last + CLOSING:
            fits = np.where(now - PERIODS <= last, arrived, -np.inf)
            top = int(fits.argmax())
            best = max(best, (float(fits[top]), now, top))
    return (*_walk_back(came, best[1], best[2]), best[0])


def _walk_back(came: IntArray, end: int, period: int) -> tuple[IntArray, IntArray]:
    ends, periods = [], []
    while period >= 0:
        ends.append(end)
        periods.append(period)
        end -= int(PERIODS[period])
        period = int(came[end, period])
    return np.array(ends[::-1], np.int64), np.array(periods[::-1], np.int64)


def _settled(beat_s: FloatArray, time_s: FloatArray, salience: FloatArray, how: Tracking) -> FloatArray:
    """Return the beats moved onto the onsets that mark them; beats without one keep their place between those."""
    period = np.gradient(beat_s)
    spread = how.spread_s + how.spread_share * period
    first = np.searchsorted(time_s, beat_s - 2.0 * spread)
    final = np.searchsorted(time_s, beat_s + 2.0 * spread)
    marked = beat_s.copy()
    hit = final > first
    for row in np.flatnonzero(hit).tolist():
        near = np.arange(first[row], final[row])
        value = salience[near] - 0.5 * ((time_s[near] - beat_s[row]) / spread[row]) ** 2
        marked[row] = time_s[near[int(value.argmax())]]
    if not hit.any():
        return beat_s
    move = np.interp(np.arange(beat_s.size), np.flatnonzero(hit), (marked - beat_s)[hit])
    settled: FloatArray = beat_s + move
    return settled
