"""Keys of a score: one for the whole, and one for each stretch of bars.

Conventions: answers are major or minor, unless the score names a mode on the same tonic; drums are ignored.
This module does not read chords: it hears pitch classes, signatures, spellings and endings.
"""

from __future__ import annotations

import numpy as np

from zhiyin.analysis.columns import Columns, bar_edges, columns_of, pitch_class_profiles
from zhiyin.score import KeyMark, Score
from zhiyin.theory.key import MODE_FIFTHS, Key
from zhiyin.units import FloatArray, IntArray

# Share of time of each degree. Source: Albrecht & Shanahan, "The Use of Large Corpora to Train a New Type of
# Key-Finding Algorithm", Music Perception 31(1), 2013.
MAJOR_PROFILE = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
MINOR_PROFILE = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)

UNIFORM_SHARE = 0.08  # mixed into the profiles, so that one foreign note does not rule a key out

# All numbers below are in nats; tuned on half of 1,087 folk, choir, piano and pop pieces with known keys.
GLOBAL_WEIGHT = 40.0  # the whole piece counts as this many independent notes
BAR_WEIGHT = 12.0  # a bar and half of its neighbours count as at most this many
CHANGE_COST, DISTANCE_COST = 11.0, 0.7  # leaving a key, and more for each fifth of distance
HOME_SHARE, HOME_CAP = 0.06, 6.0  # how much of its fit to the whole piece a key brings to each bar, at most
END_BASS, END_TOP, START_BASS = 3.6, 2.0, 1.0  # the last bass, last top and first bass note is the tonic
EDGE, EDGE_BOOST = 0.05, 2.3  # the first and last twentieth of a piece count this much more
SIGNATURE = 14.0  # the written signature is that of the key; a half when one fifth off (old minor signatures)
BAR_SIGNATURE = 0.04  # a bar hears this much of the written key
EXPLICIT = 12.0  # the score says the key and says minor or a mode


def _log_profiles() -> FloatArray:
    """Return log shares of pitch classes: (24 keys, 12); keys 0..11 major on C.., 12..23 minor."""
    rows = []
    for profile in (MAJOR_PROFILE, MINOR_PROFILE):
        smooth = (1 - UNIFORM_SHARE) * np.array(profile) / sum(profile) + UNIFORM_SHARE / 12
        rows += [np.roll(smooth, tonic) for tonic in range(12)]
    logs: FloatArray = np.log(np.array(rows))
    return logs


_LOG_PROFILES = _log_profiles()
_SIGNATURES = np.array(
    [Key.from_pitch_class(i % 12, "major" if i < 12 else "minor").fifths for i in range(24)]
)


def find_key(score: Score) -> Key:
    """Return the key of the whole piece; C major when nothing is pitched.

    >>> from zhiyin.score import Notes, Part
    >>> line = Notes.of([(i * 10080, 10080, p) for i, p in enumerate((67, 69, 71, 72, 74, 76, 78, 79))])
    >>> find_key(Score(parts=(Part("tune", line),))).name
    'G major'
    """
    notes = columns_of(score)
    if not len(notes):
        return score.keys[0].key if score.keys else Key(0)
    return _named(score, int(np.argmax(_global_scores(score, notes))), tick=0)


def find_keys(score: Score) -> tuple[KeyMark, ...]:
    """Return a mark at each bar where the key changes, the first at tick 0.

    Bars are judged with their neighbours and smoothed by Viterbi: leaving a key must pay for itself.
    """
    notes, edges = columns_of(score), bar_edges(score)
    if not len(notes) or len(edges) < 2:
        return (KeyMark(0, find_key(score)),)
    overall = _global_scores(score, notes)
    path = _viterbi(_bar_scores(score, notes, edges, overall), _change_costs())
    starts = np.flatnonzero(np.diff(path, prepend=-1))
    return tuple(
        KeyMark(int(edges[bar]), _named(score, int(path[bar]), tick=int(edges[bar]))) for bar in starts
    )


def _global_scores(score: Score, notes: Columns) -> FloatArray:
    """Return how well each of 24 keys fits the whole piece, in nats: (24,)."""
    weight = np.minimum(notes.offset - notes.onset, 4 * 10_080) + 2_520.0  # an attack counts too
    begin, end = int(notes.onset.min()), int(notes.offset.max())
    margin = EDGE * (end - begin)
    weight *= 1.0 + EDGE_BOOST * ((notes.onset <= begin + margin) | (notes.onset >= end - margin))
    shares = np.bincount(notes.pitch % 12, weights=weight, minlength=12)
    scores: FloatArray = GLOBAL_WEIGHT * (_LOG_PROFILES @ (shares / shares.sum()))
    last = notes.offset >= end - 10_080 // 4
    first = notes.onset <= begin
    for chosen, pick, bonus in (
        (last, np.min, END_BASS),
        (last, np.max, END_TOP),
        (first, np.min, START_BASS),
    ):
        tonic = int(pick(notes.pitch[chosen])) % 12
        scores[[tonic, tonic + 12]] += bonus
    if score.keys:
        ticks = np.append([m.tick for m in score.keys], max(score.end, score.keys[-1].tick + 1))
        share = np.diff(ticks) / max(int(ticks[-1] - ticks[0]), 1)
        for mark, part in zip(score.keys, share, strict=True):
            scores += part * _evidence(mark.key)
    return scores


def _evidence(key: Key) -> FloatArray:
    """Return what a written key adds to each of 24 keys. Plain major may be a bare signature; other modes are meant."""
    distance = np.abs((_SIGNATURES - key.fifths + 6) % 12 - 6)
    bonus = np.where(distance == 0, SIGNATURE, np.where(distance == 1, SIGNATURE / 2, 0.0))
    if key.mode != "major":
        bonus[key.tonic + (12 if key.is_minor else 0)] += EXPLICIT
    return bonus


def _bar_scores(score: Score, notes: Columns, edges: IntArray, overall: FloatArray) -> FloatArray:
    """Return how well each key fits each bar: (bars, 24)."""
    profiles = pitch_class_profiles(notes, edges)
    padded = np.pad(profiles, ((1, 1), (0, 0)))
    window = profiles + 0.5 * (padded[:-2] + padded[2:])
    total = window.sum(axis=1, keepdims=True)
    effective = BAR_WEIGHT * np.minimum(total, 1.0)
    scores: FloatArray = effective * ((window / np.maximum(total, 1e-9)) @ _LOG_PROFILES.T)
    home = np.maximum(overall - overall.max(), -HOME_CAP)
    scores += HOME_SHARE * home
    scores[-1] += home  # a piece ends at home
    if score.keys:
        index = np.maximum(np.searchsorted([m.tick for m in score.keys], edges[:-1], side="right") - 1, 0)
        scores += BAR_SIGNATURE * np.array([_evidence(m.key) for m in score.keys])[index]
    return scores


def _change_costs() -> FloatArray:
    """Return the cost of going from key to key: (24, 24), nothing for staying."""
    distance = np.abs((_SIGNATURES[:, None] - _SIGNATURES[None, :] + 6) % 12 - 6)
    costs: FloatArray = CHANGE_COST + DISTANCE_COST * distance
    np.fill_diagonal(costs, 0.0)
    return costs


def _viterbi(scores: FloatArray, costs: FloatArray) -> IntArray:
    """Return the best path through (steps, states) scores under change costs."""
    steps, states = scores.shape
    back = np.zeros((steps, states), np.int64)
    best = scores[0]
    for step in range(1, steps):
        reach = best[:, None] - costs
        back[step] = reach.argmax(axis=0)
        best = reach[back[step], np.arange(states)] + scores[step]
    path = np.empty(steps, np.int64)
    path[-1] = best.argmax()
    for step in range(steps - 1, 0, -1):
        path[step - 1] = back[step, path[step]]
    return path


def _named(score: Score, index: int, *, tick: int) -> Key:
    """Return one of 24 keys spelled as the score spells, in the written mode where tonic and third agree."""
    tonic, mode = index % 12, "major" if index < 12 else "minor"
    plain = Key.from_pitch_class(tonic, mode)
    written = [mark.key for mark in score.keys if mark.tick <= tick][-1:] or [
        mark.key for mark in score.keys
    ][:1]
    if not written:
        centre = _spelling_centre(score)
        if centre is None:
            return plain
        return _nearest(tonic, round(centre) - 2 - MODE_FIFTHS[mode], mode)  # a scale's mean lies 2 above it
    key = written[0]
    if key.tonic == tonic and key.is_minor == (mode == "minor"):
        return key
    return _nearest(tonic, key.fifths - MODE_FIFTHS[mode], mode)


def _nearest(tonic: int, place: int, mode: str) -> Key:
    """Return the key on a pitch class whose spelling is nearest to a place on the line of fifths."""
    return Key(place - 6 + (tonic * 7 - place + 6) % 12, mode)


def _spelling_centre(score: Score) -> float | None:
    """Return the mean place on the line of fifths of all spelled notes."""
    spelled = [
        part.notes.spelling for part in score.parts if not part.is_drums and part.notes.spelling is not None
    ]
    places = np.concatenate([np.empty(0, np.int64), *spelled])
    return float(places.mean()) if places.size else None
