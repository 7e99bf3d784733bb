"""What the nets of the `gan` family are told: phrases, masks of what is given, and noise, as arrays.

Conventions: a row a beat; masks are float32 0 and 1. The same arrays feed torch and numpy.
This module knows no networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.models.gan_config import GanConfig
from zhiyin.models.gan_rolls import BARS, BEAT, SLICES, SLOTS, STEPS, TOKENS, TRACKS, WIDTH, Phrases, by_beat
from zhiyin.units import BoolArray, Float32Array, IntArray


@dataclass(frozen=True, eq=False)
class Told:
    """What a writer is told of n phrases.

    beats: (n, TOKENS, told) chords, who plays, what is given; style, metre, mode: (n,) codes. write: (n, STEPS, WIDTH)
    1 where it writes; kept: (n, STEPS, WIDTH) what is given elsewhere.
    """

    beats: Float32Array
    style: IntArray
    metre: IntArray
    mode: IntArray
    write: Float32Array
    kept: Float32Array


def tell(phrases: Phrases, given: BoolArray) -> Told:
    """Return what is told of phrases when some cells are given: given (n, BARS, 4), a track's bars."""
    n = len(phrases)
    given = given & phrases.plays[:, None, :]
    there = phrases.valid[:, :, None] & np.repeat(phrases.plays[:, None, :], STEPS, axis=1)  # (n, STEPS, 4)
    given_steps = np.repeat(given, SLOTS, axis=1) & there
    kept = (phrases.codes * _wide(given_steps)).astype(np.float32)
    write = _wide(there & ~given_steps).astype(np.float32)
    chord = phrases.chord.reshape(n, TOKENS, BEAT, 12).any(axis=2)
    root = np.eye(13, dtype=bool)[phrases.root.reshape(n, TOKENS, BEAT)[:, :, 0]]
    plays = np.repeat(phrases.plays[:, None, :], TOKENS, axis=1)
    parts = [
        chord, root, phrases.valid.reshape(n, TOKENS, BEAT), plays, np.repeat(given, SLOTS // BEAT, axis=1),
        by_beat(kept),
    ]  # fmt: skip
    beats = np.concatenate([p.astype(np.float32) for p in parts], axis=2)
    return Told(beats, phrases.style, phrases.metre, phrases.mode, write, kept)


def _wide(per_track: BoolArray) -> BoolArray:
    """Return (n, STEPS, WIDTH) of (n, STEPS, tracks)."""
    out = np.zeros((*per_track.shape[:2], WIDTH), bool)
    for track in range(len(TRACKS)):
        out[:, :, SLICES[track]] = per_track[:, :, track : track + 1]
    return out


@dataclass(frozen=True, eq=False)
class Noise:
    """Noise of n phrases, standard normal.

    shared: (n, s), shared_bar: (n, BARS, sb), part: (n, 4, p), part_bar: (n, 4, BARS, pb).
    """

    shared: Float32Array
    shared_bar: Float32Array
    part: Float32Array
    part_bar: Float32Array


def draw_noise(config: GanConfig, n: int, rng: np.random.Generator) -> Noise:
    """Return noise for n phrases."""
    shapes = (
        (n, config.shared_noise), (n, BARS, config.shared_bar_noise), (n, len(TRACKS), config.part_noise),
        (n, len(TRACKS), BARS, config.part_bar_noise),
    )  # fmt: skip
    return Noise(*(rng.standard_normal(shape, dtype=np.float32) for shape in shapes))
