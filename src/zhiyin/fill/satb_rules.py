"""Part-writing as masks: parallels, crossings, spacing and compass of alto, tenor and bass under a given soprano.

Conventions: ids of the chorale model, many chorales at once, before: (rows, 4) the chord left behind. All rules are
of one voice or of a pair, so a frame can be chosen voice by voice and never end where no tenor is left.
This module does not count faults: `zhiyin.judge.voices` does, and knows nothing of these masks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from zhiyin.models.chorale_recall import LOWEST, PITCHES
from zhiyin.units import BoolArray, IntArray

SOPRANO, ALTO, TENOR, BASS = range(4)
# Sung compass of alto, tenor and bass, MIDI: F3-D5, C3-G4, E2-C4.
COMPASS = {ALTO: (53, 74), TENOR: (48, 67), BASS: (40, 60)}
WIDEST = {(SOPRANO, ALTO): 12, (ALTO, TENOR): 12, (TENOR, BASS): 19}
# What gives way, in this order, where nothing keeps all rules: spacing and compass, then crossings.
LEVELS = (("parallels", "crossing", "spacing"), ("parallels", "crossing"), ("parallels",), ())
_SLACK = 4  # semitones by which a compass may be left where nothing else is possible
_every_id = np.arange(PITCHES)


@dataclass(frozen=True, eq=False)
class Room:
    """What a frame of each chorale allows: (rows, ids, ids) pairs, and (rows, ids) of a voice alone.

    alto_bass holds only pairs that leave a tenor.
    """

    alto_bass: BoolArray
    alto_tenor: BoolArray
    tenor_bass: BoolArray
    tenor: BoolArray

    @property
    def bass(self) -> BoolArray:
        """Return (rows, ids) basses that leave an alto and a tenor."""
        found: BoolArray = np.asarray(self.alto_bass.any(1))
        return found

    def alto_over(self, bass: IntArray) -> BoolArray:
        """Return (rows, ids) altos over a chosen bass that leave a tenor."""
        return self.alto_bass[np.arange(len(bass)), :, bass]

    def tenor_between(self, alto: IntArray, bass: IntArray) -> BoolArray:
        """Return (rows, ids) tenors between the two."""
        rows = np.arange(len(bass))
        return self.tenor & self.alto_tenor[rows, alto] & self.tenor_bass[rows, :, bass]


def room_of(
    before: IntArray, *, soprano: int, lowest: int, allowed: BoolArray, shift: int, rules: tuple[str, ...]
) -> Room:
    """Return what may follow a chord under the soprano's next id.

    soprano: where it arrives; lowest: its lowest id in the frame; allowed: (4, ids) what else limits each voice;
    shift: semitones from sung pitch to the model's; rules: some of the first of LEVELS.
    """
    slack = 0 if "spacing" in rules else _SLACK
    alone = {}
    for voice, (low, high) in COMPASS.items():
        fits = (
            (_every_id >= low + shift - LOWEST + 1 - slack)
            & (_every_id <= high + shift - LOWEST + 1 + slack)
            & (_every_id > 0)
        )
        fits = fits & allowed[voice]
        if "crossing" in rules:
            fits = fits & (_every_id <= lowest)
        if "spacing" in rules and voice == ALTO:
            fits = fits & (soprano - _every_id <= WIDEST[SOPRANO, ALTO])
        alone[voice] = np.broadcast_to(fits, (len(before), PITCHES))
        if "parallels" in rules:
            alone[voice] = alone[voice] & ~_parallel_with(before, SOPRANO, voice, soprano)
    pairs = {
        pair: _static(pair, rules) & ~(_parallel(before, *pair) if "parallels" in rules else np.False_)
        for pair in ((ALTO, TENOR), (ALTO, BASS), (TENOR, BASS))
    }
    pairs = {pair: np.broadcast_to(ok, (len(before), PITCHES, PITCHES)) for pair, ok in pairs.items()}
    upper = (pairs[ALTO, TENOR] & alone[TENOR][:, None]).astype(np.float32)
    leaves_tenor = upper @ pairs[TENOR, BASS].astype(np.float32) > 0
    alto_bass = leaves_tenor & pairs[ALTO, BASS] & alone[ALTO][:, :, None] & alone[BASS][:, None]
    return Room(alto_bass, pairs[ALTO, TENOR], pairs[TENOR, BASS], alone[TENOR])


@cache
def _static(pair: tuple[int, int], rules: tuple[str, ...]) -> BoolArray:
    """Return (ids of the upper voice, ids of the lower) that keep order and spacing."""
    gap = _every_id[:, None] - _every_id
    fits = np.ones(gap.shape, bool)
    if "crossing" in rules:
        fits &= gap >= 0
    if "spacing" in rules:
        fits &= gap <= WIDEST.get(pair, PITCHES)
    return fits


def _parallel(before: IntArray, upper: int, lower: int) -> BoolArray:
    """Return (rows, ids, ids) moves of two voices in parallel fifths or octaves."""
    above, below = before[:, upper, None, None], before[:, lower, None, None]
    same_way = np.sign(_every_id[:, None] - above) * np.sign(_every_id - below) > 0
    interval = (above - below) % 12
    keeps = ((_every_id[:, None] - _every_id) % 12 == interval) & ((interval == 0) | (interval == 7))
    both = _sound(above) & _sound(below)
    found: BoolArray = same_way & keeps & both
    return found


def _parallel_with(before: IntArray, upper: int, lower: int, arrives: int) -> BoolArray:
    """Return (rows, ids) moves of the lower voice in parallel with an upper one that arrives at an id."""
    found: BoolArray = _parallel(before, upper, lower)[:, arrives]
    return found


def _sound(ids: IntArray) -> BoolArray:
    sounding: BoolArray = (ids > 0) & (ids < PITCHES)
    return sounding
