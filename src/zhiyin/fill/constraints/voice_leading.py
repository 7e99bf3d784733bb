"""The wish for parts that lead well: no crossing, no parallel fifths or octaves, neighbours within an octave.

Conventions: parts are told from highest to lowest; each is its line of highest notes, sounding until its next note. A
part is led against what the others hold already, so whichever is written later keeps clear of the earlier ones; what
the lowest part will play where a chord begins is known before it is written. The wish is soft: where a voice cannot
move without a fault, it moves. Rests up to a quarter part nothing: what is taken up again is led from before them.
Source: common practice as in Bach's chorales.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_QUARTER, BoolArray, FloatArray

AHEAD = 24  # steps for which a note must stay clear of its neighbours: a quarter
STALE = 192  # steps after which a part that struck nothing is taken to rest
UNISON, WIDE, FORESEEN = -1.5, -2.0, -4.0  # what they cost, in nats
OCTAVE, PERFECT, REST_TICKS = 12, (0, 7), TICKS_PER_QUARTER
_PITCHES = np.arange(128)


@dataclass(frozen=True)
class VoiceLeading(Unmasked):
    """These parts do not cross, keep no fifths or octaves in parallel, and stay together.

    parts: indices of at least two parts, highest first; basses: (step of the score, pitch class) of the lowest part
    where chords begin, in order, as far as the plan knows.
    """

    parts: tuple[int, ...]
    basses: tuple[tuple[int, int], ...] = ()
    name: str = "voice leading"
    is_hard: bool = False

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow what lies between the nearest known parts above and below and keeps no fifth or octave with any."""
        if cell.part not in self.parts:
            return None
        place, at = self.parts.index(cell.part), cell.start + onset
        above = next((p for i in self.parts[:place][::-1] if (p := _held(cell, i, at))), None)
        below = next((p for i in self.parts[place + 1 :] if (p := _held(cell, i, at))), None)
        mask = np.ones(128, bool)
        if above is not None:
            mask[min(above) + 1 :] = False
        if below is not None:
            mask[: max(below)] = False
        own, clear = cell.struck_before(onset), mask.copy()
        if own is not None:
            for before, now in _moves(cell, self.parts, at):
                clear &= ~_parallel(own[1], before, now)
        due = _due(cell, onset)
        return next((one for one in (clear, mask) if (one & due).any()), None)

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Make unisons with a neighbour and wide gaps to it less likely; the lowest part may lie farther off."""
        if cell.part not in self.parts:
            return None
        place, at = self.parts.index(cell.part), cell.start + onset
        bias = self._foreseen(cell, onset)
        for other in (i for i in (place - 1, place + 1) if 0 <= i < len(self.parts)):
            held = _held(cell, self.parts[other], at)
            if not held:
                continue
            bias[held[0]] += UNISON
            if max(other, place) < len(self.parts) - 1:
                bias[np.abs(_PITCHES - held[0]) > OCTAVE] += WIDE
        return bias

    def _foreseen(self, cell: CellState, onset: int) -> FloatArray:
        """Make a fifth or octave less likely that was one to the bass before and is one to the bass due now."""
        bias, own = np.zeros(128), cell.struck_before(onset)
        index = bisect_right(self.basses, (cell.start + onset, 12)) - 1
        if cell.part == self.parts[-1] or own is None or index < 1:
            return bias
        (_, before), (step, now) = self.basses[index - 1 : index + 1]
        interval = (own[1] - before) % OCTAVE
        if step == cell.start + onset and before != now and interval in PERFECT:
            bias[((_PITCHES - now) % OCTAVE == interval) & (own[1] != _PITCHES)] = FORESEEN
        return bias

    def check(self, score: Score) -> Verdict:
        """Count crossings and parallels over all moments at which a part strikes, parallels across short rests too."""
        line, lines = Timeline.of(score), [_line(score, part) for part in self.parts]
        ticks = sorted({note[0] for one in lines for note in one})
        heard = [[_sounding(one, tick, rest=REST_TICKS) for one in lines] for tick in ticks]
        bars: list[int] = []
        crossed = parallel = 0
        for before, now, tick in zip([[], *heard], heard, ticks, strict=False):
            known = [p for one in lines if (p := _sounding(one, tick)) is not None]
            faults = int(known != sorted(known, reverse=True))
            crossed += faults
            for a, b in combinations(range(len(self.parts)), 2) if before else ():
                wrong = _keeps_perfect(before[a], before[b], now[a], now[b])
                parallel, faults = parallel + wrong, faults + wrong
            bars += [int(line.bar_of(tick))] * bool(faults)
        return Verdict(
            self.name, False, not bars, f"{crossed} crossings, {parallel} parallels in {len(ticks)} moments",
            bar_list(sorted(set(bars))),
            f"In {len(ticks)} moments parts cross {crossed} times and keep a fifth or octave {parallel} times.",
            f"{len(ticks)} 个时刻中，声部交错 {crossed} 次，平行五八度 {parallel} 次。",
        )  # fmt: skip


def _held(cell: CellState, part: int, at: int) -> list[int]:
    """Return the pitches that a part sounds from a step on for a quarter, none where it rests or is not written."""
    line = cell.line_of(part)
    index = bisect_right(line, (at, 128)) - 1
    found = [line[index][1]] if index >= 0 and at - line[index][0] <= STALE else []
    ahead = bisect_right(line, (at + AHEAD - 1, 128))
    return found + [pitch for _, pitch in line[index + 1 : ahead]]


def _due(cell: CellState, onset: int) -> BoolArray:
    """Return the pitches within the part's range that a chord's beginning leaves it: the bass its own, others all."""
    due = (cell.instrument.low <= _PITCHES) & (cell.instrument.high >= _PITCHES)
    chord = next((c for start, c in cell.chords if start == onset), None)
    if cell.role == "bass" and chord is not None and onset in cell.strong:
        due &= chord.bass == _PITCHES % OCTAVE
    return due


def _moves(cell: CellState, parts: tuple[int, ...], at: int) -> list[tuple[int, int]]:
    """Return the (pitch before, pitch now) of every other part that strikes at a step."""
    found = []
    for line in (cell.line_of(part) for part in parts if part != cell.part):
        index = bisect_right(line, (at, 128)) - 1
        if index > 0 and line[index][0] == at:
            found.append((line[index - 1][1], line[index][1]))
    return found


def _parallel(own: int, before: int, now: int) -> BoolArray:
    """Return the pitches that would keep a fifth or octave from (own, before) while the other moves to `now`."""
    upper = own >= before
    interval = (own - before if upper else before - own) % OCTAVE
    if interval not in PERFECT or now == before:
        return np.zeros(128, bool)
    after = (_PITCHES - now if upper else now - _PITCHES) % OCTAVE
    found: BoolArray = (after == interval) & (np.sign(_PITCHES - own) == np.sign(now - before))
    return found


def _line(score: Score, part: int) -> list[tuple[int, int, int]]:
    """Return the (tick, pitch, end) of the highest note at each place."""
    found: dict[int, tuple[int, int, int]] = {}
    for note in score.parts[part].notes:
        if note.onset not in found or note.pitch >= found[note.onset][1]:
            found[note.onset] = (note.onset, note.pitch, note.onset + note.duration)
    return sorted(found.values())


def _sounding(line: list[tuple[int, int, int]], tick: int, *, rest: int = 0) -> int | None:
    """Return the pitch that a line sounds at a tick, or sounded before a rest of at most so many ticks."""
    index = bisect_right(line, tick, key=lambda note: note[0]) - 1
    return line[index][1] if index >= 0 and line[index][2] + rest > tick else None


def _keeps_perfect(a: int | None, b: int | None, a_now: int | None, b_now: int | None) -> bool:
    if a is None or b is None or a_now is None or b_now is None:
        return False
    moves_alike = (a_now - a) * (b_now - b) > 0
    return moves_alike and (a - b) % OCTAVE == (a_now - b_now) % OCTAVE in PERFECT
