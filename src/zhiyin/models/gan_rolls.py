"""Phrases as four tracks on sixteenths: what the `gan` family writes, and the way between it and rolls of rows.

Conventions: a phrase has BARS slots of 16 sixteenths, the ends of shorter bars unused; pitches as in C major or
A minor. Melody and bass: one symbol a sixteenth, 0 rest, 1 hold, 2.. a pitch begins. Harmony: a strike and a hold roll.
Drums: nine kinds struck. This module knows no networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.fields import DEGREE_NONE, MODE_MINOR, PROGRAM_DRUMS
from zhiyin.score import ROLES
from zhiyin.units import BoolArray, Float32Array, IntArray

BARS, SLOTS, BEAT = 4, 16, 4
STEPS = BARS * SLOTS
TOKENS = STEPS // BEAT
TRACKS = ("melody", "harmony", "bass", "drums")
MELODY, HARMONY, BASS, DRUMS = range(4)
LOW = {MELODY: 53, HARMONY: 36, BASS: 28}
SPAN = {MELODY: 40, HARMONY: 48, BASS: 36}
REST, HOLD, FIRST = 0, 1, 2
# Kick, snare, side stick and clap, closed hat, open hat, low tom, high tom, crash, ride: General MIDI keys of each.
KIT = (
    (36, 35),
    (38, 40),
    (37, 39),
    (42, 44),
    (46,),
    (45, 41, 43),
    (50, 47, 48),
    (49, 52, 55, 57),
    (51, 53, 59),
)
# Numbers a sixteenth of each track's block: symbols, or strike and hold, or strikes.
BLOCK = {MELODY: FIRST + SPAN[MELODY], HARMONY: 2 * SPAN[HARMONY], BASS: FIRST + SPAN[BASS], DRUMS: len(KIT)}
WIDTH = sum(BLOCK.values())
_EDGES = np.cumsum([0, *(BLOCK[t] for t in range(len(TRACKS)))])
SLICES = tuple(slice(int(a), int(b)) for a, b in pairwise(_EDGES))
_KIND_OF_KEY = {key: kind for kind, keys in enumerate(KIT) for key in keys}


@dataclass(frozen=True, eq=False)
class Phrases:
    """Phrases side by side.

    codes: (n, STEPS, WIDTH) 0 and 1, blocks of the tracks in order; valid: (n, STEPS) sixteenths that exist.
    chord: (n, STEPS, 12) pitch classes as in C or a; root: (n, STEPS), 12 none. style, metre, mode: (n,) codes of
    `zhiyin.encode.fields`; plays: (n, 4) tracks that the piece has.
    """

    codes: NDArray[np.uint8]
    valid: BoolArray
    chord: BoolArray
    root: IntArray
    style: IntArray
    metre: IntArray
    mode: IntArray
    plays: BoolArray

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, index: IntArray | BoolArray) -> Phrases:
        """Return some of the phrases."""
        return Phrases(*(getattr(self, name)[index] for name in self.__dataclass_fields__))


def join_phrases(groups: Sequence[Phrases]) -> Phrases:
    """Return several groups as one."""
    return Phrases(*(np.concatenate([getattr(g, n) for g in groups]) for n in Phrases.__dataclass_fields__))


def shift_to_white(tonic: int, mode: int) -> int:
    """Return the semitones, -6..5, that bring a tonic to C, or to A in minor; 0 where no tonic is known.

    >>> shift_to_white(7, 0), shift_to_white(2, 1)
    (5, -5)
    """
    if tonic >= DEGREE_NONE:
        return 0
    return ((9 if mode == MODE_MINOR else 0) - tonic + 6) % 12 - 6


def track_of(role: int, program: int) -> int | None:
    """Return the track that a row belongs to, None for the chord row."""
    if program == PROGRAM_DRUMS:
        return DRUMS
    name = ROLES[role] if role < len(ROLES) else ""
    return {"melody": MELODY, "bass": BASS, "": None}.get(name, HARMONY)


def folded(pitch: int, track: int) -> int:
    """Return the pitch moved by octaves into a track's span."""
    low, span = LOW[track], SPAN[track]
    while pitch < low:
        pitch += 12
    while pitch >= low + span:
        pitch -= 12
    return pitch


def line_codes(strike: BoolArray, sound: BoolArray, track: int) -> NDArray[np.uint8]:
    """Return (steps, block) symbols of one-voice rolls (steps, 128), pitches already as in C; the top note counts."""
    steps = len(strike)
    symbol = np.full(steps, REST)
    current = -1
    for step in range(steps):
        struck = np.flatnonzero(strike[step])
        if struck.size:
            current = int(struck[-1])
            symbol[step] = FIRST + folded(current, track) - LOW[track]
        elif current >= 0 and sound[step, current]:
            symbol[step] = HOLD
        else:
            current = -1
    codes: NDArray[np.uint8] = np.eye(BLOCK[track], dtype=np.uint8)[symbol]
    return codes


def harmony_codes(strike: BoolArray, sound: BoolArray) -> NDArray[np.uint8]:
    """Return (steps, block) strike and hold rolls, pitches already as in C, outer octaves folded in."""
    begins, goes_on = (
        _fold_roll(roll) for roll in (strike, sound & ~strike & np.roll(sound, 1, axis=0) & _not_first(sound))
    )
    return np.concatenate((begins, goes_on & ~begins), axis=1).astype(np.uint8)


def _not_first(roll: BoolArray) -> BoolArray:
    mask = np.ones_like(roll)
    mask[0] = False
    return mask


def _fold_roll(roll: BoolArray) -> BoolArray:
    low, span = LOW[HARMONY], SPAN[HARMONY]
    out: BoolArray = roll[:, low : low + span].copy()
    for pitch in np.flatnonzero(roll.any(axis=0)).tolist():
        if not low <= pitch < low + span:
            out[:, folded(pitch, HARMONY) - low] |= roll[:, pitch]
    return out


def drum_codes(strike: BoolArray) -> NDArray[np.uint8]:
    """Return (steps, kinds) strikes of a drum roll (steps, 128); keys of no kind are left out."""
    out = np.zeros((len(strike), len(KIT)), np.uint8)
    for step, key in np.argwhere(strike).tolist():
        if key in _KIND_OF_KEY:
            out[step, _KIND_OF_KEY[key]] = 1
    return out


def tracks_to_codes(
    strike: BoolArray, sound: BoolArray, rows_of: dict[int, IntArray], *, shift: int
) -> NDArray[np.uint8]:
    """Return (steps, WIDTH) of rolls (rows, steps, 128): the rows of a track are heard as one."""
    codes = np.zeros((strike.shape[1], WIDTH), np.uint8)
    for track in range(len(TRACKS)):
        rows = rows_of.get(track, np.empty(0, np.int64))
        block = codes[:, SLICES[track]]
        if not rows.size:
            continue
        a, b = np.logical_or.reduce(strike[rows], axis=0), np.logical_or.reduce(sound[rows], axis=0)
        if track == DRUMS:
            block[:] = drum_codes(a)
            continue
        a, b = np.roll(a, shift, axis=1), np.roll(b, shift, axis=1)
        block[:] = harmony_codes(a, b) if track == HARMONY else line_codes(a, b, track)
    return codes


def sounding(codes: NDArray[np.uint8], valid: BoolArray, track: int) -> tuple[BoolArray, BoolArray]:
    """Return (strike, sound), (n, STEPS, span) each, of a track of phrases; a hold of what does not sound is nothing.

    Sixteenths that do not exist carry what sounds over to the next bar.
    """
    block = codes[:, :, SLICES[track]].astype(bool) & valid[:, :, None]
    if track == DRUMS:
        return block, block
    if track == HARMONY:
        strike, hold = block[:, :, : SPAN[HARMONY]], block[:, :, SPAN[HARMONY] :]
    else:
        strike, hold = (
            block[:, :, FIRST:],
            block[:, :, HOLD : HOLD + 1] & ~block[:, :, FIRST:].any(axis=2, keepdims=True),
        )
    hold = hold | ~valid[:, :, None]
    sound = strike.copy()
    for step in range(1, STEPS):
        sound[:, step] |= hold[:, step] & sound[:, step - 1]
    return strike, sound


def lengths(strike: BoolArray, sound: BoolArray, valid: BoolArray) -> IntArray:
    """Return (n, STEPS, span) the sixteenths that a note beginning here lasts, 0 where none begins."""
    left = np.zeros(strike.shape, np.int64)
    after = np.zeros(strike[:, 0].shape, np.int64)
    for step in range(STEPS - 1, -1, -1):
        after = np.where(sound[:, step], after + valid[:, step, None], 0)
        left[:, step] = np.where(strike[:, step], after, 0)
        after = np.where(strike[:, step], 0, after)
    return left


def by_beat(per_step: Float32Array) -> Float32Array:
    """Return (..., TOKENS, BEAT * width) of (..., STEPS, width): a row a beat."""
    *lead, _, width = per_step.shape
    return per_step.reshape(*lead, TOKENS, BEAT * width)
