"""The own past of many chorales at once: where the lines heard so far were heard before, and what came next there.

Conventions: ids as in `chorale_recall`, whose `Listener` without a store says the same of one chorale; rows are
chorales of equal length so far. This module knows no store of other pieces: nothing of them can be recalled.
"""

from __future__ import annotations

import numpy as np

from zhiyin.models.chorale_recall import AHEAD, NOTHING, PITCHES, REST, SOURCES, VOICES, Recalled
from zhiyin.units import BoolArray, IntArray

_BREAK = 1 << 20
_SPREAD = 128
_FIRST_CAPACITY = 64
_TEXTURE, _SOPRANO = 0, 1  # the first two of SOURCES


class OwnPast:
    """What some chorales have sung, with the lengths of all matches that end now.

    count: frames heard so far.
    """

    def __init__(self, rows: int) -> None:
        self.count = 0
        self._past = np.zeros((rows, _FIRST_CAPACITY, VOICES), np.int64)
        self._keys = np.zeros((rows, _FIRST_CAPACITY, 2), np.int64)
        # (rows, frames + 1, 2): how long the music before a frame has been the music before now.
        self._lengths = np.zeros((rows, _FIRST_CAPACITY + 1, 2), np.int64)

    def hear(self, ids: IntArray) -> None:
        """Take in one frame of each chorale: (rows, 4)."""
        here = self.count
        self._grow(here + 1)
        self._past[:, here] = ids
        self._keys[:, here] = self._key(ids)
        same = self._keys[:, :here] == self._keys[:, here, None]
        self._lengths[:, 1 : here + 1] = np.where(same, self._lengths[:, :here] + 1, 0)
        self._lengths[:, 0] = 0
        self.count = here + 1

    def recall(self) -> Recalled:
        """Return what each source says about the next frame; sources of a store say nothing."""
        rows = len(self._past)
        found = Recalled(
            np.full((rows, len(SOURCES), VOICES), NOTHING),
            np.zeros((rows, len(SOURCES)), np.int64),
            np.zeros((rows, len(SOURCES)), np.int64),
            np.full((rows, len(SOURCES), len(AHEAD)), _BREAK),
        )
        if self.count >= 2:
            texture = self._lengths[:, : self.count, 0]
            soprano = self._lengths[:, : self.count, 1]
            self._tell(found, _TEXTURE, texture, texture)
            self._tell(found, _SOPRANO, soprano, soprano * 4 + np.minimum(texture, 3))
        return found

    def pick(self, rows: IntArray) -> None:
        """Go on with some of the chorales, each as often as it is named."""
        self._past, self._keys, self._lengths = (one[rows] for one in (self._past, self._keys, self._lengths))

    def copy(self) -> OwnPast:
        """Return the same past, to go on with apart."""
        other = OwnPast(0)
        other.count = self.count
        other._past, other._keys, other._lengths = (
            one.copy() for one in (self._past, self._keys, self._lengths)
        )
        return other

    def _grow(self, needed: int) -> None:
        extra = self._past.shape[1] if needed > self._past.shape[1] else 0
        if extra:
            widths = ((0, 0), (0, extra), (0, 0))
            self._past, self._keys, self._lengths = (
                np.pad(one, widths) for one in (self._past, self._keys, self._lengths)
            )

    def _key(self, ids: IntArray) -> IntArray:
        """Return (rows, 2) keys of the texture and of the soprano, free of transposition; the first is a break."""
        if self.count == 0:
            return np.full((len(ids), 2), -_BREAK)
        wide, before = (np.where(one == REST, -64, one) for one in (ids, self._past[:, self.count - 1]))
        soprano = np.clip(wide[:, 0] - before[:, 0], -60, 60) + 60
        half = _SPREAD // 2
        spacing = np.clip(wide[:, :1] - wide[:, 1:], 1 - half, half - 1) + half
        texture = ((soprano * _SPREAD + spacing[:, 0]) * _SPREAD + spacing[:, 1]) * _SPREAD + spacing[:, 2]
        return np.stack([texture + _BREAK, soprano], 1)

    def _tell(self, found: Recalled, source: int, lengths: IntArray, rank: IntArray) -> None:
        """Fill in one source: what stands where the match is best, the latest of the best."""
        each, here = np.arange(len(self._past)), self.count
        at = here - 1 - rank[:, ::-1].argmax(1)
        steps = lengths[each, at]
        known = steps > 0
        soprano = self._past[:, :here, 0]
        moved = np.pad(np.cumsum(soprano[:, 1:] != soprano[:, :-1], axis=1), ((0, 0), (2, 0)))
        before, now = soprano[each, at - 1], soprano[:, -1]
        raw = self._past[each, at]
        shift = np.where((before != REST) & (now != REST), now - before, 0)[:, None]
        found.next_ids[known, source] = _moved(raw, shift)[known]
        found.notes[known, source] = (moved[each, at] - moved[each, at - steps])[known]
        found.steps[known, source] = steps[known]
        for i, later in enumerate(AHEAD):
            there = soprano[each, np.minimum(at + later, here - 1)]
            tells: BoolArray = known & (at + later < here) & (before != REST) & (there != REST)
            found.ahead[tells, source, i] = (there - before)[tells]


def _moved(raw: IntArray, shift: IntArray) -> IntArray:
    """Return ids moved by a shift; rests stay, and what leaves the range is nothing."""
    moved = np.where(raw == REST, REST, raw + shift)
    return np.where((raw != REST) & ((moved < 1) | (moved >= PITCHES)), NOTHING, moved)
