"""The originality guard: which next notes would carry a copied run on, told note by note while a line is written.

Conventions: a line is (absolute step, pitch), rising in time; a run is counted in notes; equal means equal intervals
and equal length ratios. This module does not mask or check: see `zhiyin.fill.constraints.original`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

import numpy as np

from zhiyin.encode.fields import TIED
from zhiyin.rights.hashed import mixed, weights
from zhiyin.rights.index import BUCKET_BITS, END, GRAM, gram_hash
from zhiyin.rights.lines import WIDEST, is_telling, ratio_code
from zhiyin.rights.storage import Library
from zhiyin.units import BoolArray

if TYPE_CHECKING:
    from zhiyin.fill.canvas import Canvas

Note = tuple[int, int]
_ORDER = [np.uint32(column) for column in range(GRAM)]
REREAD = 64  # notes read again when a line is not the one followed so far: more than any run that is refused


class Follower:
    """Follows one line and all passages of the library that its latest notes repeat.

    longest: a run of so many notes is refused.
    """

    def __init__(self, library: Library, *, longest: int) -> None:
        index = library.melodies
        self.longest, self.tunes = longest, library.tunes
        self.index = index
        self.theirs, self.their_ratios = index.intervals.data, index.ratios.data
        self.starts = index.bucket_start.data
        self.line: list[Note] = []
        self.intervals: list[int] = []
        self.ratios: list[int] = []
        # After each note: {symbol of the index that the last interval repeats: intervals repeated up to there}
        self.alive: list[dict[int, int]] = []

    def follow(self, line: list[Note]) -> None:
        """Come to know a line; cheap where it goes on from, or goes back into, the line known so far."""
        shared = min(len(self.line), len(line))
        while shared and self.line[shared - 1] != line[shared - 1]:
            shared -= 1
        if self.line[:shared] != line[:shared]:
            shared = 0
        start = max(shared, len(line) - REREAD)
        if start > shared:
            self._forget(0)
            # Notes long past: known to be there, not read.
            self.line = line[:start]
            self.intervals, self.ratios, self.alive = [END] * start, [0] * start, [{} for _ in range(start)]
        else:
            self._forget(shared)
        for onset, pitch in line[start:]:
            self._feed(onset, pitch)

    def _forget(self, count: int) -> None:
        del self.line[count:], self.intervals[count:], self.ratios[count:], self.alive[count:]

    def _feed(self, onset: int, pitch: int) -> None:
        """Read one more note; lists hold at each note the interval and ratio leading to it, END and 0 at first."""
        if not self.line:
            interval, ratio = END, 0
        else:
            interval, ratio = _clipped(pitch - self.line[-1][1]), self._ratio(onset)
        self.intervals.append(interval)
        self.ratios.append(ratio)
        before = self.alive[-1] if self.alive else {}
        self.line.append((onset, pitch))
        alive = {
            place + 1: length + 1
            for place, length in before.items()
            if self.theirs[place + 1] == interval and self.their_ratios[place + 1] == ratio
        }
        for place in self._places():
            if place not in alive:
                length = self._reach_back(place)
                if length >= GRAM:
                    alive[place] = length
        self.alive.append(alive)

    def _ratio(self, onset: int) -> int:
        """Return the ratio code of a next note at an onset."""
        if len(self.line) < 2:
            return 0
        (before, _), (last, _) = self.line[-2:]
        return ratio_code(onset - last, last - before)

    def _places(self) -> list[int]:
        """Return where the last GRAM intervals stand in the index, by the symbol of the last of them."""
        gram = self.intervals[-GRAM:]
        if len(gram) < GRAM or END in gram or _is_plain(gram):
            return []
        bucket = gram_hash(gram) >> (32 - BUCKET_BITS)
        low, high = self.starts[bucket], self.starts[bucket + 1]
        places = self.index.positions[low:high]
        for column in _ORDER:
            places = places[self.index.intervals[places + column] == gram[column]]
            if not places.size:
                return []
        return [place + GRAM - 1 for place in places.tolist()]

    def _reach_back(self, place: int) -> int:
        """Return how many intervals up to the last one agree with those up to a place, lengths included."""
        length, most = 0, min(len(self.intervals), place + 1)
        while length < most and self.theirs[place - length] == self.intervals[-1 - length] != END:
            length += 1
            if length == most or self.their_ratios[place - length + 1] != self.ratios[-length]:
                break
        return length

    def forbidden(self, onset: int) -> BoolArray:
        """Return (128,) pitches that at this onset would make a run of `longest` notes, or give back a hashed tune."""
        mask = np.zeros(128, bool)
        if not self.line:
            return mask
        last, ratio = self.line[-1][1], self._ratio(onset)
        for place, length in self.alive[-1].items():
            following = self.theirs[place + 1]
            if length + 2 < self.longest or following == END or self.their_ratios[place + 1] != ratio:
                continue
            run = [*self.intervals[-(self.longest - 2) :], following]
            if 0 <= last + following < 128 and is_telling(np.array(run, np.int8)):
                mask[last + following] = True
        return mask | self._tunes(last)

    def _tunes(self, last: int) -> BoolArray:
        """Return (128,) pitches that would complete a run kept of the tunes that are only compared with."""
        size = self.tunes.size
        recent = self.intervals[-(size - 1) :]
        if len(recent) < size - 1 or END in recent or not self.tunes.hashes.size:
            return np.zeros(128, bool)
        factors = weights(size)
        steps = np.clip(np.arange(128) - last, -WIDEST, WIDEST) + 128
        known = (np.array(recent, np.int64) + 128).astype(np.uint64) @ factors[:-1]
        return self.tunes.has(mixed(known + steps.astype(np.uint64) * factors[-1]))

    def would_join(self, after: list[Note]) -> bool:
        """Return whether notes that already stand after the line would complete a run begun in it."""
        own = list(self.line)
        found = False
        for done, (onset, pitch) in enumerate(after):
            run = max(self.alive[-1].values(), default=0) + 1 if self.alive else 0
            if run <= done:  # nothing alive begins before the join
                break
            if self.forbidden(onset)[pitch]:
                found = True
                break
            self._feed(onset, pitch)
        self._forget(len(own))
        return found


def _is_plain(gram: list[int]) -> bool:
    """Return whether a gram is plain, as `zhiyin.rights.lines.is_plain` says of many."""
    return len(set(gram)) < 3 or any(gram[period:] == gram[:-period] for period in (1, 2, 3))


def _clipped(interval: int) -> int:
    return max(-WIDEST, min(WIDEST, interval))


class TopLines:
    """The highest notes of each row of a canvas, what is written in this window included."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self._known: dict[int, list[Note]] = {}

    def before(self, row: int, step: int) -> list[Note]:
        """Return the row's line before a step."""
        line = self._line(row)
        return line[: bisect_left(line, (step, -1))]

    def after(self, row: int, column: int) -> list[Note]:
        """Return the row's line from the end of a column up to the next column that is still to be written."""
        starts = self.canvas.tokens.starts
        pending = (self.canvas.write & ~self.canvas.written)[column + 1 :, row]
        stop = column + 1 + (int(np.argmax(pending)) if pending.any() else pending.size)
        line = self._line(row)
        low = bisect_left(line, (int(starts[column + 1]), -1))
        return line[low : bisect_left(line, (int(starts[min(stop, len(starts) - 1)]), -1))]

    def beside(self, row: int, column: int) -> list[Note]:
        """Return a row's whole line, nothing while its cell in the column is still to be written."""
        is_pending = bool(self.canvas.write[column, row] and not self.canvas.written[column, row])
        return [] if is_pending else self._line(row)

    def add(self, row: int, notes: list[Note]) -> None:
        """Put the notes of a finished cell into the row's line."""
        if notes:
            line = self._line(row)
            at = bisect_right(line, notes[0])
            line[at:at] = notes

    def _line(self, row: int) -> list[Note]:
        if row not in self._known:
            segments = self.canvas.tokens.segments
            picked = np.flatnonzero((segments.row == row) & (segments.extra & TIED == 0))
            onset = self.canvas.tokens.starts[segments.column[picked]] + segments.onset[picked]
            top: dict[int, int] = {}
            for step, pitch in zip(onset.tolist(), segments.value[picked].tolist(), strict=True):
                top[step] = max(pitch, top.get(step, 0))
            self._known[row] = sorted(top.items())
        return self._known[row]
