"""Fingerprints: do two scores hold the same music, whatever their key, tempo or edition?

Conventions: a fingerprint is a sorted array of distinct 64-bit hashes of melodic n-grams; equal hashes mean equal
runs of intervals and length ratios. This module does not decide what a duplicate is: its callers set thresholds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhiyin.analysis.columns import columns_of, top_line
from zhiyin.errors import InvalidInput
from zhiyin.score import Score
from zhiyin.units import IntArray

Hashes = NDArray[np.uint64]

NGRAM = 12  # intervals in one hash
DISTINCT_INTERVALS = 4  # fewer different intervals are a scale, a trill or a repeated note: no evidence
# Containment above this is one work in two editions; all 196 pairs of Chopin first
# editions reach 0.68, no other of 70,000 pairs reaches 0.1 unless it is the same work under another number.
SAME_WORK = 0.25
_DRAWS = np.random.default_rng(20_240_601).integers(1, 2**63, 128, dtype=np.uint64)
_MULTIPLIERS = (_DRAWS << np.uint64(1)) | np.uint64(1)  # odd, as multiply-shift hashing wants


def fingerprints(score: Score, *, ngram: int = NGRAM) -> Hashes:
    """Return the sorted distinct hashes of a score: its top line and the top line of every pitched part.

    A hash covers `ngram` intervals and whether each note is shorter, as long as or longer than the one before, so
    transposing or stretching the time changes nothing. Runs of fewer than 4 different intervals are left out.
    """
    if not 2 <= ngram < len(_MULTIPLIERS):
        raise InvalidInput(f"ngram must be 2..{len(_MULTIPLIERS) - 1} intervals, got {ngram}")
    hashes = [_line_hashes(onset, pitch, ngram) for onset, pitch in _lines(score)]
    return np.unique(np.concatenate([np.empty(0, np.uint64), *hashes]))


def similarity(a: Hashes, b: Hashes) -> tuple[float, float]:
    """Return (Jaccard, containment) of two fingerprints, 0..1: shared over all, shared over the smaller one.

    Two empty fingerprints share nothing.
    >>> similarity(np.array([1, 2, 3], np.uint64), np.array([2, 3, 4, 5], np.uint64))
    (0.4, 0.6666666666666666)
    """
    shared = np.intersect1d(a, b, assume_unique=True).size
    smaller, union = min(a.size, b.size), a.size + b.size - shared
    return (shared / union if union else 0.0), (shared / smaller if smaller else 0.0)


def soprano_run_match(a: Score, b: Score, length: int = 24) -> bool:
    """Return whether two scores share a run of `length` notes in a top line, in any key and rhythm.

    Repeated notes count once (grids without attacks cannot tell them apart). Each part's own top line is tried as
    well as the whole score's, because voices may cross or share a part.
    """
    first, second = run_hashes(a, length), run_hashes(b, length)
    return bool(np.intersect1d(first, second, assume_unique=True).size)


def run_hashes(score: Score, length: int = 24) -> Hashes:
    """Return the sorted distinct hashes of every run of `length` notes, repeats removed, rhythm ignored.

    Useful to compare one score with many: two scores match when any hash is shared.
    """
    if not 3 <= length <= len(_MULTIPLIERS):
        raise InvalidInput(f"length must be 3..{len(_MULTIPLIERS)} notes, got {length}")
    found = [np.empty(0, np.uint64)]
    for _, pitch in _lines(score):
        steps = np.diff(pitch)
        found.append(_hash_windows(steps[steps != 0] + 128, length - 1))
    return np.unique(np.concatenate(found))


def _lines(score: Score) -> list[tuple[IntArray, IntArray]]:
    """Return (onset, pitch) of the top line of the score and of each part, one note a moment."""
    notes = columns_of(score)
    mask = top_line(notes.onset, notes.pitch)
    order = np.argsort(notes.onset[mask], kind="stable")
    lines = [(notes.onset[mask][order], notes.pitch[mask][order])]
    pitched = [part.notes for part in score.parts if not part.is_drums and len(part.notes)]
    if len(pitched) > 1:
        for part in pitched:
            mask = top_line(part.onset, part.pitch)
            lines.append((part.onset[mask], part.pitch[mask]))
    return lines


def _line_hashes(onset: IntArray, pitch: IntArray, ngram: int) -> Hashes:
    """Return the hash of each run of `ngram` intervals that moves enough to mean something."""
    if onset.size <= ngram + 1:
        return np.empty(0, np.uint64)
    gap = np.diff(onset)
    longer = np.sign(np.diff(gap, prepend=gap[0]))  # -1 shorter, 0 as long, 1 longer than the gap before
    steps = np.diff(pitch)
    symbols = (steps + 128) * 3 + longer + 1
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(steps, ngram), axis=1)
    distinct = 1 + np.count_nonzero(np.diff(windows, axis=1), axis=1)
    kept: Hashes = _hash_windows(symbols, ngram)[distinct >= DISTINCT_INTERVALS]
    return kept


def _hash_windows(symbols: IntArray, size: int) -> Hashes:
    """Return one multiply-shift hash of each window of `size` symbols."""
    if symbols.size < size:
        return np.empty(0, np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(symbols.astype(np.uint64), size)
    mixed: Hashes = windows @ _MULTIPLIERS[:size]  # wraps modulo 2^64 on purpose
    return mixed ^ (mixed >> np.uint64(29))
