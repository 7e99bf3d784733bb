"""Texture: what sounds together, slice by slice, in any key and tempo, and the tunes kept as hashes only.

Conventions: a slice is what sounds after an onset; a symbol is its pitch classes over the bass before it, and how
the bass moved; a slice like the one before is not counted again. This module does not judge likeness.
"""

from __future__ import annotations

import numpy as np

from zhiyin.analysis.columns import columns_of, spread
from zhiyin.rights.hashed import RunSource
from zhiyin.rights.index import plain_grams
from zhiyin.rights.lines import Line
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_STEP, BoolArray, IntArray

TEXTURE_SIZE, TEXTURE_WINDOW = 8, 24  # 31 symbols in common, 32 slices, are always found
TUNE_SIZE, TUNE_WINDOW = 16, 8  # 23 intervals in common, 24 notes, are always found
FEWEST_CHORDS = 0.5  # share of slices with two pitch classes, under which music is a line and no texture
FEWEST_DIFFERENT = 5  # symbols in a run of 8


def texture_of(score: Score) -> tuple[IntArray, IntArray]:
    """Return (symbols, onset in ticks) of the score's slices; empty for music of one voice.

    Chord symbols say which pitch classes sound, so inversions and doublings at the octave are one texture, but
    the bass is told apart; rhythm and transposition are not seen.
    """
    notes = columns_of(score)
    edges = np.unique(notes.onset)
    if edges.size < 2:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    row, window, _ = spread(
        notes.onset, notes.offset, np.append(edges, max(int(notes.offset.max()), edges[-1] + 1))
    )
    masks = np.zeros(edges.size, np.int64)
    np.bitwise_or.at(masks, window, 1 << (notes.pitch[row] % 12))
    bass = np.full(edges.size, 127, np.int64)
    np.minimum.at(bass, window, notes.pitch[row])
    if np.mean(masks & (masks - 1) > 0) < FEWEST_CHORDS:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    is_new = np.append(True, (masks[1:] != masks[:-1]) | (bass[1:] % 12 != bass[:-1] % 12))
    masks, bass, edges = masks[is_new], bass[is_new] % 12, edges[is_new]
    turned = _turned(masks[1:], bass[:-1])
    move = (bass[1:] - bass[:-1]) % 12
    symbols: IntArray = turned * 12 + move
    return symbols, edges[1:]


def _turned(masks: IntArray, down: IntArray) -> IntArray:
    """Return pitch-class masks moved down by so many semitones.

    >>> _turned(np.array([0b1001]), np.array([3])).tolist() == [0b1000000001 & 0xFFF]
    True
    """
    return ((masks >> down) | (masks << (12 - down))) & 0xFFF


def plain_textures(symbols: IntArray) -> BoolArray:
    """Return which runs of 8 symbols say little: fewer than 5 different ones."""
    if symbols.size < TEXTURE_SIZE:
        return np.empty(0, bool)
    ordered = np.sort(np.lib.stride_tricks.sliding_window_view(symbols, TEXTURE_SIZE), axis=1)
    plain: BoolArray = 1 + np.count_nonzero(np.diff(ordered, axis=1), axis=1) < FEWEST_DIFFERENT
    return plain


def texture_source(piece: int, score: Score) -> RunSource:
    """Return the texture of a score, ready to be kept as hashes."""
    symbols, onset = texture_of(score)
    bar = np.asarray(Timeline.of(score).bar_of(onset), np.int64).reshape(-1)
    return RunSource(piece, symbols, bar, plain_textures(symbols))


def tune_symbols(line: Line) -> IntArray:
    """Return a line's intervals as numbers of 0 and more."""
    return line.intervals.astype(np.int64) + 128


def tune_source(piece: int, score: Score, line: Line) -> RunSource:
    """Return a tune, ready to be kept as hashes."""
    bar = np.asarray(Timeline.of(score).bar_of(line.onset * TICKS_PER_STEP), np.int64).reshape(-1)
    plain = plain_grams(line.intervals, size=TUNE_SIZE)
    return RunSource(piece, tune_symbols(line), bar, plain)
