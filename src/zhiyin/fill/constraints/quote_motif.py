"""The wish that a part quotes a motif at a place: its rhythm and its intervals, from any first note or a given one.

Conventions: a motif is (ticks from its start, length, semitones from its first note); nothing else is struck while it
runs. Lengths are asked up to the bar line, where a note may be tied on or not; the check asks for half of them.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import MAX_COLUMN_STEPS
from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.fill.constraints.claims import HOLDS, MOVES, MUST_AT, ONLY_AT, REACH, SOME, Claim
from zhiyin.fill.constraints.span import (
    Span,
    all_onsets,
    bars_of,
    last_placed,
    step_of,
    struck,
    tick_of,
    verdict,
)
from zhiyin.score import Notes, Score, Timeline
from zhiyin.theory.pitch import pitch_name
from zhiyin.units import TICKS_PER_STEP, BoolArray, Ticks

RELEASE = 6  # steps by which a note ends early where it must not be tied to the next
MotifNote = tuple[Ticks, Ticks, int]


@dataclass(frozen=True)
class QuoteMotif(Unmasked):
    """A part plays a motif from a tick on.

    span: one part, the bars that the motif reaches; start: tick of its first note; notes: the motif in order, first
    (0, length, 0); pitch: of its first note, None where any will do.
    """

    span: Span
    start: Ticks
    notes: tuple[MotifNote, ...]
    pitch: int | None = None
    name: str = "motif"
    is_hard: bool = True

    def __post_init__(self) -> None:
        places = [offset for offset, _, _ in self.notes]
        if not self.notes or self.notes[0][::2] != (0, 0) or places != sorted(set(places)):
            raise InvalidInput(
                f"a motif must begin at 0 with interval 0 and go on note after note, got {self.notes!r}: "
                "chords cannot be quoted"
            )
        off = [x for x in (self.start, *places) if x % TICKS_PER_STEP]
        if off:
            raise InvalidInput(
                f"a motif must lie on steps of {TICKS_PER_STEP} ticks, got {off[0]}: quantise it before quoting it"
            )

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        steps = " ".join(f"{interval:+d}" for _, _, interval in self.notes)
        first = "" if self.pitch is None else f" from {pitch_name(self.pitch)}"
        first_zh = "" if self.pitch is None else f"（起音 {pitch_name(self.pitch)}）"
        return f"motif {steps}{first}", f"动机 {steps}{first_zh}"

    @property
    def end(self) -> Ticks:
        """Return the tick at which the motif's last note ends."""
        return self.start + self.notes[-1][0] + self.notes[-1][1]

    def _places(self, cell: CellState) -> list[int]:
        """Return the steps of the column at which the motif strikes."""
        steps = [step_of(cell, self.start + offset) for offset, _, _ in self.notes]
        return [step for step in steps if 0 <= step < cell.length]

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """While the motif runs allow its next onset only; before it, what comes before; END when it is done."""
        if not self.span.has(cell):
            return None
        mask, done = all_onsets(), set(struck(cell))
        begin, stop = step_of(cell, self.start), step_of(cell, self.end)
        owed = [place for place in self._places(cell) if place not in done]
        mask[max(begin, 0) : min(max(stop, 0), MAX_COLUMN_STEPS)] = False
        if last_placed(cell) in self._places(cell) and last_placed(cell) not in done:
            mask[:] = False  # a note of the motif was tied over and not struck: begin the cell again
        elif owed:
            mask[owed[0] :] = False
            mask[owed[0]] = last_placed(cell) < owed[0]
        return mask

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """At a place of the motif allow its note."""
        if not self.span.has(cell):
            return None
        intervals = {self.start + offset: interval for offset, _, interval in self.notes}
        interval = intervals.get(tick_of(cell, onset))
        if interval is None:
            return None
        mask = np.zeros(128, bool)
        if interval == 0 and tick_of(cell, onset) == self.start:
            heights = [i for _, _, i in self.notes]
            mask[max(-min(heights), 0) : 128 - max(*heights, 0)] = True
            if self.pitch is not None:
                mask[:] = False
                mask[self.pitch] = True
            if onset == 0 and cell.line and self.pitch is None:
                mask[cell.line[-1][1]] = False  # it might be tied over instead of struck
            return mask
        first = next((pitch for step, pitch in cell.line if step * TICKS_PER_STEP == self.start), self.pitch)
        if first is not None and 0 <= first + interval < 128:
            mask[first + interval] = True
        return mask

    def _meets_itself(self, cell: CellState, end: int, value: int) -> bool:
        """Return whether a note that ends at the bar line could be tied to an equal one that should be struck there."""
        first = next((pitch for step, pitch in cell.line if step * TICKS_PER_STEP == self.start), self.pitch)
        following = next(
            (i for offset, _, i in self.notes if self.start + offset == tick_of(cell, cell.length)), None
        )
        return end == cell.length and following is not None and (first is None or value == first + following)

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Give notes of the motif their length within the column, and let what comes before end where it begins."""
        if self.span.holds(cell.part, cell.bar + 1) and tick_of(cell, cell.length) == self.start:
            room = cell.length - onset
            before = np.ones(MAX_COLUMN_STEPS + 1, bool)
            before[room] = not (
                self._meets_itself(cell, cell.length, value) and self.pitch is not None and room > RELEASE
            )
            return before
        if not self.span.has(cell):
            return None
        tick, begin = tick_of(cell, onset), step_of(cell, self.start)
        mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
        length = next((ticks for offset, ticks, _ in self.notes if self.start + offset == tick), None)
        if length is not None:
            wanted = max(min(length // TICKS_PER_STEP, cell.length - onset), 1)
            mask[
                wanted - RELEASE
                if self._meets_itself(cell, onset + wanted, value) and wanted > RELEASE
                else wanted
            ] = True
            return mask
        if onset < begin < cell.length:
            mask[1 : begin - onset + 1] = True
            return mask
        return None

    def check(self, score: Score) -> Verdict:
        """Compare what the part strikes while the motif runs, note by note."""
        (part,) = self.span.parts_in(score)
        asked_end = self.start + self.notes[-1][0] + self.notes[-1][1]
        found = score.parts[part].notes.between(self.start, asked_end)
        heard = [(n.onset - self.start, n.pitch - int(found.pitch[0])) for n in found]
        right = heard == [(offset, interval) for offset, _, interval in self.notes]
        right &= self.pitch is None or (len(found) > 0 and int(found.pitch[0]) == self.pitch)
        line = self._bar_ends(score, found)
        for note, bar_end, (_, length, _) in zip(found, line, self.notes, strict=False):
            right &= 2 * note.duration >= min(length, bar_end - note.onset) - TICKS_PER_STEP
        same = sum((o, i) in heard for o, _, i in self.notes)
        said = f"{same} of {len(self.notes)} notes"
        return verdict(
            self, score, set() if right else bars_of(score, np.array([self.start])),
            found=(said, f"{said} stand as asked, {len(found)} are struck",
             f"{len(self.notes)} 个音中有 {same} 个符合，共奏出 {len(found)} 个音"),
        )  # fmt: skip

    @staticmethod
    def _bar_ends(score: Score, notes: Notes) -> list[Ticks]:
        line = Timeline.of(score)
        return [line.bar_start(int(line.bar_of(note.onset)) + 1) for note in notes]

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return its onsets, its steps, its pitches where they are given, its reach and lengths."""
        parts = frozenset(self.span.parts_in(score))
        heights = [i for _, _, i in self.notes]
        ticks = frozenset(self.start + offset for offset, _, _ in self.notes)
        moves = frozenset(abs(b - a) for a, b in itertools.pairwise(heights))
        found = [
            Claim(ONLY_AT, parts, self.start, self.end, ticks=ticks),
            Claim(MUST_AT, parts, self.start, self.end, ticks=ticks),
            Claim(MOVES, parts, self.start, self.end, pitches=moves),
            Claim(REACH, parts, self.start, self.end, low=float(max(heights) - min(heights))),
        ]
        for offset, length, interval in self.notes:
            tick = self.start + offset
            # Half of a length will do, as the check has it.
            found.append(Claim(HOLDS, parts, tick, tick + 1, low=length / 2))
            if self.pitch is not None:
                found.append(Claim(SOME, parts, tick, tick + 1, pitches=frozenset({self.pitch + interval})))
        return tuple(found)


def motif_of(notes: Notes) -> tuple[MotifNote, ...]:
    """Return the motif of notes: their places and lengths from the first one on, and intervals above it.

    >>> motif_of(Notes.of([(100, 50, 60), (150, 50, 64)]))
    ((0, 50, 0), (50, 50, 4))
    """
    if not len(notes):
        raise InvalidInput("a motif must hold at least one note, got none: name bars in which the part plays")
    first = (int(notes.onset[0]), int(notes.pitch[0]))
    return tuple((n.onset - first[0], n.duration, n.pitch - first[1]) for n in notes)
