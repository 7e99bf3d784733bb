"""What a trained judge of mood may look at: numbers in seconds, for music without bars.

Conventions: every phrase gives the same numbers, none of them a title or a file name. Measuring only: nothing trained
on these features ships.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhiyin.analysis.columns import columns_of
from zhiyin.judge.features_view import find_tonic
from zhiyin.judge.style_net import load_style_net
from zhiyin.listen.mood import FRAME_S, cues_of_score
from zhiyin.listen.style_hearing import hearing_of_score
from zhiyin.score import Score, Timeline

Row = NDArray[np.float64]
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
LOCAL_S = (4.0, 8.0, 16.0)


def phrase_features(score: Score) -> Row:
    """Return numbers of speed, loudness, height, mode, harmony, tune and repetition of a phrase, in seconds."""
    notes, line = columns_of(score), Timeline.of(score)
    start, end = line.ticks_to_seconds(notes.onset), line.ticks_to_seconds(notes.offset)
    order = np.lexsort((notes.pitch, start))
    start, end, pitch = start[order], end[order], notes.pitch[order]
    velocity = notes.velocity[order].astype(float)
    roll = sounding(start, end, pitch)
    groups = [
        np.array(list(cues_of_score(score).values())), speed(start, end), spread_of(velocity),
        spread_of(pitch.astype(float)), mode(start, end, pitch), harmony(roll), tune(start, pitch),
        change_over_time(start, velocity, pitch),
    ]  # fmt: skip
    return np.asarray(np.nan_to_num(np.concatenate(groups)), np.float64)


def window_features(score: Score) -> Row:
    """Return the mean of the style classifier's features and embedding over windows of sixteen seconds."""
    windows = hearing_of_score(score).windows
    net = load_style_net()
    if not len(windows):
        return np.zeros(net.centre.size + net.weights["embedding.b"].size)
    return np.concatenate([windows.mean(axis=0), net.embed(windows).mean(axis=0)]).astype(float)


def speed(start: Row, end: Row) -> Row:
    """Return rates of notes and attacks, gaps, lengths and how much notes overlap."""
    attacks = np.unique(np.round(start, 2))
    gap = np.diff(attacks) if attacks.size > 1 else np.array([1.0])
    length_s = max(float(end.max() - start.min()), 1.0)
    held = end - start
    rates = np.log2([start.size / length_s, attacks.size / length_s])
    logs = np.log2(np.maximum(gap, 0.02))
    return np.concatenate([
        rates, np.quantile(logs, QUANTILES), [logs.std(), np.mean(gap > 1.0), start.size / attacks.size],
        np.quantile(np.log2(np.maximum(held, 0.02)), QUANTILES), [held.sum() / length_s, pulse(attacks, length_s)],
    ])  # fmt: skip


def pulse(attacks: Row, length_s: float) -> float:
    """Return the log2 beats a second that the attacks repeat at most strongly, favouring two a second."""
    frames = np.zeros(int(length_s / 0.02) + 2)
    frames[np.minimum(((attacks - attacks[0]) / 0.02).astype(int), frames.size - 1)] = 1.0
    frames = np.convolve(frames, np.hanning(5), "same") - frames.mean()
    lags = np.arange(12, 100)
    scores = [float(frames[lag:] @ frames[:-lag]) if frames.size > lag else 0.0 for lag in lags]
    favour = np.exp(-0.5 * (np.log2(lags * 0.02 / 0.5) / 0.9) ** 2)
    return float(-np.log2(lags[int(np.argmax(np.array(scores) * favour))] * 0.02))


def spread_of(values: Row) -> Row:
    """Return mean, deviation, range and quantiles."""
    return np.concatenate([[values.mean(), values.std(), np.ptp(values)], np.quantile(values, QUANTILES)])


def sounding(start: Row, end: Row, pitch: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return (128, frames) what sounds in each eighth of a second."""
    first = ((start - start.min()) / FRAME_S).astype(int)
    last = np.maximum(np.ceil((end - start.min()) / FRAME_S).astype(int) - 1, first)
    change = np.zeros((128, int(last.max()) + 2), np.int64)
    np.add.at(change, (pitch, first), 1)
    np.add.at(change, (pitch, last + 1), -1)
    return np.cumsum(change, axis=1)[:, :-1] > 0


def mode(start: Row, end: Row, pitch: NDArray[np.int64]) -> Row:
    """Return major against minor over the whole and over stretches of several lengths, and the scale's degrees."""
    weights = class_weights(start, end, pitch)
    tonic, fit = find_tonic(weights)
    degrees = np.roll(weights, -tonic) / weights.sum()
    found = [fit, degrees, [-(degrees[degrees > 0] * np.log2(degrees[degrees > 0])).sum()]]
    for stretch_s in LOCAL_S:
        place = (start // stretch_s).astype(int)
        fits = np.stack([
            find_tonic(class_weights(start[place == p], end[place == p], pitch[place == p]))[1]
            for p in np.unique(place)
        ])  # fmt: skip
        found.append([*fits.mean(axis=0), fits[:, 2].min(), fits[:, 2].max(), np.mean(fits[:, 2] > 0)])
    return np.concatenate(found)


def class_weights(start: Row, end: Row, pitch: NDArray[np.int64]) -> Row:
    """Return (12,) how long each pitch class sounds."""
    weights = np.zeros(12)
    np.add.at(weights, pitch % 12, end - start)
    return weights


def harmony(roll: NDArray[np.bool_]) -> Row:
    """Return how often each interval class sounds, major and minor triads, and how many notes sound."""
    classes = np.stack([roll[c::12].any(axis=0) for c in range(12)])
    heard = classes.any(axis=0)
    share = np.maximum(heard.sum(), 1)
    intervals = [(classes & np.roll(classes, k, axis=0)).any(axis=0).sum() / share for k in range(1, 7)]
    triads = [
        np.any([classes[r] & classes[(r + a) % 12] & classes[(r + b) % 12] for r in range(12)], axis=0).sum()
        / share
        for a, b in ((4, 7), (3, 7), (3, 6), (4, 8))
    ]
    low = np.array([column.argmax() for column in roll.T[heard]])
    high = np.array([127 - column[::-1].argmax() for column in roll.T[heard]])
    voices = roll.sum(axis=0)[heard]
    return np.array([
        *intervals, *triads, triads[0] - triads[1], voices.mean(), voices.std(), 1 - heard.mean(), low.mean(),
        low.std(), high.mean(), high.std(), (high - low).mean(), classes.sum(axis=0)[heard].mean(),
    ])  # fmt: skip


def tune(start: Row, pitch: NDArray[np.int64]) -> Row:
    """Return how the highest and lowest notes of the attacks move, and how often patterns return."""
    attack = np.round(start, 2)
    new = np.flatnonzero(np.diff(attack) > 0)
    found = []
    for line in (pitch[np.append(new, pitch.size - 1)], pitch[np.append(0, new + 1)]):
        step = np.diff(line)
        size = np.abs(step)
        grams = np.lib.stride_tricks.sliding_window_view(step, 3) if step.size > 3 else np.zeros((1, 3))
        found += [
            np.mean(step == 0), np.mean((size > 0) & (size <= 2)), np.mean((size > 2) & (size <= 4)), np.mean(size > 7),
            np.mean(size == 1), size.mean(), step.mean(), np.mean(np.sign(step[1:]) != np.sign(step[:-1])),
            len(np.unique(grams, axis=0)) / len(grams), line.std(),
        ]  # fmt: skip
    return np.array(found)


def change_over_time(start: Row, velocity: Row, pitch: NDArray[np.int64]) -> Row:
    """Return how speed, loudness and height differ between and within the thirds of a phrase."""
    edges = np.linspace(start.min(), start.max() + 1e-6, 4)
    place = np.clip(np.searchsorted(edges, start, side="right") - 1, 0, 2)
    found = []
    for values in (velocity, pitch.astype(float)):
        means = [values[place == p].mean() if np.any(place == p) else values.mean() for p in range(3)]
        found += [means[2] - means[0], np.std(means)]
    counts = np.log2(np.bincount(place, minlength=3) + 1.0)
    return np.array([*found, counts[2] - counts[0], counts.std()])
