"""Chords of a score: the likeliest chord on every beat, joined into marks.

Conventions: one state a beat out of 12 roots x QUALITIES_HEARD and 'no chord'; drums are ignored.
This module does not name Roman numbers and does not use chords that the score already carries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from zhiyin.analysis.columns import (
    Beats,
    Columns,
    beats_of,
    columns_of,
    pitch_class_profiles,
    spread,
    strong_onsets,
)
from zhiyin.score import ChordMark, KeyMark, Score
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.key import Key
from zhiyin.units import BoolArray, FloatArray, IntArray

QUALITIES_HEARD = ("", "m", "dim", "aug", "7", "maj7", "m7", "m7b5", "dim7", "sus4")
NO_CHORD = 12 * len(QUALITIES_HEARD)

# In nats; tuned on the piano parts of 60 pop songs with reviewed chords, checked on 60 others.
# How often each quality is met, and what each chord tone outside the scale costs.
QUALITY_PRIOR = (0.0, -0.15, -1.1, -2.2, -0.35, -1.0, -0.7, -1.5, -1.5, -1.3)
OUT_OF_KEY = -0.6
CHORD_TONE_SHARE, BEAT_WEIGHT = (
    0.86,
    3.7,
)  # share of sounding time on chord tones; notes that a beat counts as
BASS_WEIGHT = 1.4
BASS_SHARES = (0.5, 0.2, 0.2, 0.05)  # bass on root, third, fifth, seventh; the rest elsewhere
DEGREE_SHARES = (1.0, 0.9, 1.0, 0.7)  # expected time on root, third, fifth, seventh
CHANGE_COSTS = {1.0: 1.5, 0.75: 2.3, 0.5: 3.5}  # by weight of the beat on which the chord changes
# A bare melody leaves the chord open: the commonest chords of a key then lead, and change on strong beats.
# Shares by (semitones above the tonic, quality); what is not listed has RARE_CHORD.
MAJOR_CHORDS = {
    (0, ""): 0.42,
    (7, ""): 0.15,
    (7, "7"): 0.12,
    (5, ""): 0.14,
    (9, "m"): 0.05,
    (2, "m"): 0.05,
    (4, "m"): 0.015,
}
MINOR_CHORDS = {
    (0, "m"): 0.42, (7, ""): 0.1, (7, "7"): 0.1, (5, "m"): 0.1, (10, ""): 0.09, (3, ""): 0.07, (8, ""): 0.06,
    (7, "m"): 0.02,
}  # fmt: skip
RARE_CHORD = 0.001
THIN = 0.2  # music in which fewer than this share of attacks meets another note is a bare melody
THIN_COSTS = {1.0: 1.0, 0.75: 4.0, 0.5: 8.0}
SILENT = 128  # stands for the lowest pitch where nothing sounds
SILENCE = 0.7  # what a silent beat adds to "no chord"
LOW_BASS = 7  # a beat's lowest note speaks as bass when within this many semitones of the bar's lowest


@dataclass(frozen=True, eq=False)
class _Heard:
    """What sounds on each beat: pitch-class quarters (beats, 12), lowest pitch (SILENT if none), real bass or not."""

    profile: FloatArray
    lowest: IntArray
    is_bass: BoolArray


def _templates() -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return log shares of pitch classes, log shares of basses, and chord tones: (states, 12) each."""
    size = len(QUALITIES_HEARD)
    tones, basses = np.zeros((size, 12, 12)), np.full((size, 12, 12), 0.05 / 9)
    for index, quality in enumerate(QUALITIES_HEARD):
        for degree, step in enumerate(QUALITIES[quality]):
            for root in range(12):
                tones[index, root, (root + step) % 12] = DEGREE_SHARES[degree]
                basses[index, root, (root + step) % 12] = BASS_SHARES[degree]
    is_tone = (tones > 0).reshape(-1, 12)
    shares = CHORD_TONE_SHARE * tones.reshape(-1, 12) / tones.reshape(-1, 12).sum(axis=1, keepdims=True)
    shares += (1 - CHORD_TONE_SHARE) * ~is_tone / (~is_tone).sum(axis=1, keepdims=True)
    bass_shares = basses.reshape(-1, 12) / basses.reshape(-1, 12).sum(axis=1, keepdims=True)
    return np.log(shares), np.log(bass_shares), is_tone


_LOG_TONES, _LOG_BASSES, _IS_TONE = _templates()
_PRIOR = np.repeat(QUALITY_PRIOR, 12)


def find_chords(score: Score, keys: tuple[KeyMark, ...] = ()) -> tuple[ChordMark, ...]:
    """Return a mark wherever the harmony changes, on beats; None where nothing is heard for a bar or so.

    keys: local keys, from `find_keys`; without them every chord is equally at home.
    """
    notes, beats = columns_of(score), beats_of(score)
    if not len(notes) or len(beats.edges) < 2:
        return (ChordMark(0, None),)
    heard = _hear(notes, beats)
    is_thin = _thickness(notes) < THIN
    scores = _beat_scores(heard) + _key_scores(keys, beats, _common if is_thin else _foreign)
    costs = THIN_COSTS if is_thin else CHANGE_COSTS
    path = _viterbi(scores, np.array([costs[weight] for weight in beats.weight.tolist()]))
    starts = np.flatnonzero(np.diff(path, prepend=-1))
    ticks = beats.edges[starts].tolist()
    basses = np.full(starts.size, SILENT) if is_thin else heard.lowest[starts]  # a tune has no bass
    return tuple(
        ChordMark(tick, _chord(state, bass))
        for tick, state, bass in zip(ticks, path[starts].tolist(), basses.tolist(), strict=True)
    )


def borne_out(chord: Chord, profile: FloatArray) -> Chord | None:
    """Return what of a chord really sounds: itself, less of it (E7 without its third is E5), None when no name fits.

    profile: (12,) sounding time of each pitch class. Only a perfect fifth may be missing from a chord with a third.
    >>> borne_out(Chord.parse("E7"), np.eye(12)[4] + np.eye(12)[11])
    Chord(root=4, quality='5', bass=4)
    """
    heard = {int(tone - chord.root) % 12 for tone in np.flatnonzero(profile > 0)}
    own = QUALITIES[chord.quality]
    fits = [
        quality
        for quality in (chord.quality, *QUALITIES_HEARD, "5")
        if set(QUALITIES[quality]) <= set(own) and {0, *_needed(quality)} <= heard
    ]
    if not fits:
        return None
    best = max(fits, key=lambda quality: len(QUALITIES[quality]))
    bass = chord.bass if (chord.bass - chord.root) % 12 in heard else chord.root
    is_own = best == chord.quality or (bass - chord.root) % 12 in QUALITIES[best]
    return Chord(chord.root, best, bass if is_own else chord.root)


def _needed(quality: str) -> set[int]:
    """Return the semitones above the root without which a quality is not heard: all but a perfect fifth."""
    return set(QUALITIES[quality]) - ({7} if quality != "5" else set())


def chord_tone_share(score: Score) -> float:
    """Return the share of pitched notes starting on strong beats that belong to the chord in force; nan if none."""
    if not score.chords:
        return float("nan")
    notes = columns_of(score)
    table = np.array([_tone_row(mark.chord) for mark in score.chords], np.int64)
    index = np.searchsorted([mark.tick for mark in score.chords], notes.onset, side="right") - 1
    is_named = (index >= 0) & (table.sum(axis=1) > 0)[np.maximum(index, 0)]
    chosen = np.flatnonzero(is_named & np.isin(notes.onset, strong_onsets(score)))
    return float(table[index[chosen], notes.pitch[chosen] % 12].mean()) if chosen.size else float("nan")


def _tone_row(chord: Chord | None) -> list[int]:
    tones = () if chord is None else (*chord.pitch_classes, chord.bass)
    return [int(pitch_class in tones) for pitch_class in range(12)]


def _hear(notes: Columns, beats: Beats) -> _Heard:
    """Return what sounds on each beat; the tail of a note held from before counts half."""
    profile = pitch_class_profiles(notes, beats.edges)
    row, beat, _ = spread(notes.onset, notes.offset, beats.edges)
    size = len(beats.bar)
    lowest, highest = np.full(size, SILENT, np.int64), np.full(size, -1, np.int64)
    np.minimum.at(lowest, beat, notes.pitch[row])
    np.maximum.at(highest, beat, notes.pitch[row])
    attacks = np.bincount(np.searchsorted(beats.edges, notes.onset, side="right") * 12 - 12 + notes.pitch % 12,
                          minlength=12 * size).reshape(size, 12)  # fmt: skip
    floor = np.full(int(beats.bar.max()) + 1, SILENT, np.int64)
    np.minimum.at(floor, beats.bar, lowest)
    is_bass = (lowest <= floor[beats.bar] + LOW_BASS) & (highest - lowest >= LOW_BASS)
    return _Heard(profile + 0.15 * attacks, lowest, is_bass)


def _beat_scores(heard: _Heard) -> FloatArray:
    """Return how well each state explains each beat: (beats, states + 1)."""
    total = heard.profile.sum(axis=1, keepdims=True)
    shares = heard.profile / np.maximum(total, 1e-9)
    amount = BEAT_WEIGHT * np.minimum(total, 1.0)
    scores = amount * (shares @ _LOG_TONES.T)
    bass = _LOG_BASSES.T[heard.lowest % 12] + np.log(12.0)
    scores += np.where(heard.is_bass, BASS_WEIGHT, 0.0)[:, None] * bass
    scores += np.minimum(total, 1.0) * _PRIOR
    silent = np.where(total > 0, amount * np.log(1 / 60), SILENCE)
    return np.hstack([scores, silent])


def _thickness(notes: Columns) -> float:
    """Return the share of attacks at which another note sounds, starting with it or held."""
    order = np.lexsort((notes.pitch, notes.onset))
    onset, ends = notes.onset[order], np.maximum.accumulate(notes.offset[order])
    return float((onset[1:] < ends[:-1]).mean()) if onset.size > 1 else 0.0


def _key_scores(keys: tuple[KeyMark, ...], beats: Beats, judge: Callable[[Key], FloatArray]) -> FloatArray:
    """Return what the local key adds to each state on each beat: (beats, states + 1)."""
    if not keys:
        return np.zeros((1, NO_CHORD + 1))
    table = np.array([judge(mark.key) for mark in keys])
    index = np.maximum(np.searchsorted([mark.tick for mark in keys], beats.edges[:-1], side="right") - 1, 0)
    return table[index]


def _foreign(key: Key) -> FloatArray:
    """Return the cost of each state's tones outside the key: (states + 1,)."""
    outside = ~np.isin(np.arange(12), list(key.pitch_classes))
    return np.append(OUT_OF_KEY * (_IS_TONE & outside).sum(axis=1), 0.0)


def _common(key: Key) -> FloatArray:
    """Return the log share of each state in a key, against the tonic's: (states + 1,)."""
    shares = np.full(NO_CHORD + 1, RARE_CHORD)
    table = MINOR_CHORDS if key.is_minor else MAJOR_CHORDS
    for (step, quality), share in table.items():
        shares[QUALITIES_HEARD.index(quality) * 12 + (key.tonic + step) % 12] = share
    shares[NO_CHORD] = shares.max()
    logs: FloatArray = np.log(shares / shares.max())
    return logs


def _viterbi(scores: FloatArray, costs: FloatArray) -> IntArray:
    """Return the best path when any change to a step costs `costs[step]`."""
    steps = len(scores)
    came = np.zeros(scores.shape, bool)  # True: changed here
    source = np.zeros(steps, np.int64)
    best = scores[0].copy()
    for step in range(1, steps):
        source[step] = best.argmax()
        jump = best[source[step]] - costs[step]
        came[step] = best < jump
        best = np.maximum(best, jump) + scores[step]
    path = np.empty(steps, np.int64)
    path[-1] = best.argmax()
    for step in range(steps - 1, 0, -1):
        path[step - 1] = source[step] if came[step, path[step]] else path[step]
    return path


def _chord(state: int, lowest: int) -> Chord | None:
    """Return the chord of a state; a chord tone in the bass makes an inversion."""
    if state == NO_CHORD:
        return None
    quality, root = QUALITIES_HEARD[state // 12], state % 12
    bass = lowest % 12
    return Chord(root, quality, bass if _IS_TONE[state, bass] and lowest < SILENT else root)
