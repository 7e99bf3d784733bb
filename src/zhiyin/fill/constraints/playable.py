"""The wish that a named instrument can play a part: range, notes at once, hands on a keyboard, stops on bowed strings.

Conventions: masks are careful (they may refuse what a virtuoso could do); the check asks the judges' own measures of
hands and strings. This module does not know fingerings, breath or speed.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import END, MAX_COLUMN_STEPS
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.fill.constraints.claims import ONLY, VOICES, Claim
from zhiyin.fill.constraints.span import Span, bars_of, verdict
from zhiyin.judge.bowing import OPEN_STRINGS, is_playable_stop
from zhiyin.judge.hands import FINGERS, WIDEST, held_keys, two_hands
from zhiyin.judge.playing import instrument_of
from zhiyin.score import Notes, Part, Score
from zhiyin.theory.instruments import Instrument, find_instrument
from zhiyin.units import BoolArray

TENTH, HAND, FRAME, HIGHEST = 16, 5, 5, 24
# Tunings as the mask knows them, from low to high, by GM program. Source: Adler, The Study of Orchestration.
TUNINGS: dict[int, tuple[int, ...]] = {
    40: (55, 62, 69, 76),
    41: (48, 55, 62, 69),
    42: (36, 43, 50, 57),
    43: (28, 33, 38, 43),
}
KEYBOARDS = range(8)


@dataclass(frozen=True)
class Playable(Unmasked):
    """An instrument can play what stands in the span.

    instrument: a name of `zhiyin.theory.instruments`.
    """

    span: Span
    instrument: str
    name: str = "playable"
    is_hard: bool = True

    def __post_init__(self) -> None:
        find_instrument(self.instrument)

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        found = find_instrument(self.instrument)
        return f"playable on {found.name}", f"{found.zh}可演奏"

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Forbid onsets at which the instrument sounds all it can."""
        if cell.is_drums or not self.span.has(cell):
            return None
        found = find_instrument(self.instrument)
        most = 2 if found.program in TUNINGS and not found.is_drums else found.polyphony
        count = np.zeros(MAX_COLUMN_STEPS + 1, np.int64)
        for note in cell.sounding:
            count[max(note.onset, 0) : min(max(note.end, 0), MAX_COLUMN_STEPS)] += 1
        count[END] = 0
        mask: BoolArray = count < most
        return mask

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow what lies in range and can be held together with what sounds."""
        if cell.is_drums or not self.span.has(cell):
            return None
        found = find_instrument(self.instrument)
        mask, held = np.zeros(128, bool), [note.pitch for note in cell.sounding_at(onset)]
        for pitch in range(found.low, found.high + 1):
            mask[pitch] = _can_hold(sorted({*held, pitch}), found)
        return mask

    def check(self, score: Score) -> Verdict:
        """Measure range, notes at once, hands and stops at each strike."""
        found, wrong, strikes = find_instrument(self.instrument), list[int](), 0
        start, end = self.span.edges(score)
        for index in self.span.parts_in(score, drums=False):
            notes = score.parts[index].notes
            inside = notes.between(start, end)
            strikes += len(set(inside.onset.tolist()))
            wrong += inside.onset[(inside.pitch < found.low) | (inside.pitch > found.high)].tolist()
            wrong += [tick for tick in _beyond(notes, found) if start <= tick < end]
        said = f"{len(set(wrong))} of {strikes} strikes out of reach"
        return verdict(
            self, score, bars_of(score, np.array(wrong, np.int64)),
            found=(said, said, f"{strikes} 处起音中有 {len(set(wrong))} 处无法演奏"),
        )  # fmt: skip

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return range and notes at once."""
        found, edges = find_instrument(self.instrument), self.span.edges(score)
        parts = frozenset(self.span.parts_in(score, drums=False))
        most = 2 if found.program in TUNINGS else found.polyphony
        return (
            Claim(ONLY, parts, *edges, pitches=frozenset(range(found.low, found.high + 1))),
            Claim(VOICES, parts, *edges, low=1, high=most),
        )


def range_of(part: Part) -> tuple[int, int]:
    """Return the comfortable range of who plays a part."""
    found = instrument_of(part)
    return found.low, found.high


def _can_hold(pitches: list[int], instrument: Instrument) -> bool:
    """Return whether the instrument surely holds these at once."""
    if instrument.program in TUNINGS and len(pitches) == 2:
        low, high = pitches
        strings = TUNINGS[instrument.program]
        for one, two in itertools.pairwise(strings):
            a, b = low - one, high - two
            if min(a, b) >= 0 and max(a, b) <= HIGHEST and (min(a, b) == 0 or abs(a - b) <= FRAME):
                return True
        return False
    if instrument.program in KEYBOARDS and instrument.family == "keyboard":
        left = [p for p in pitches if p - pitches[0] <= TENTH][:HAND]
        right = pitches[len(left) :]
        return len(right) <= HAND and (not right or right[-1] - right[0] <= TENTH)
    return len(pitches) <= instrument.polyphony


def _beyond(notes: Notes, instrument: Instrument) -> list[int]:
    """Return the ticks at which nobody could hold what sounds, as the judges measure it."""
    if not len(notes):
        return []
    ticks, held = held_keys(notes)
    if instrument.program in OPEN_STRINGS:
        rows = [tuple(np.flatnonzero(row).tolist()) for row in held]
        return [
            int(t)
            for t, row in zip(ticks, rows, strict=True)
            if len(row) > 1 and not is_playable_stop(row, instrument.program)
        ]
    if instrument.program in KEYBOARDS and instrument.family == "keyboard":
        grip = two_hands(notes)
        return [int(t) for t in grip.tick[(grip.span > WIDEST) | (grip.keys > FINGERS)]]
    return [int(t) for t in ticks[held.sum(axis=1) > instrument.polyphony]]
