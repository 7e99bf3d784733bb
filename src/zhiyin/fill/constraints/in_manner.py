"""The wish for a manner of playing: a bar's strikes fall where its pattern has them, low notes and chords as it says.

Conventions: patterns as in `zhiyin.fill.manners`; an accompaniment keeps to its places, a tune only leans on them. A
bar too long for one column is left alone. This module does not choose patterns.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from zhiyin.encode.fields import END, MAX_COLUMN_STEPS
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.fill.constraints.span import all_onsets
from zhiyin.fill.manners import COUNTS, LED, LOW, places_of
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_STEP, BoolArray, FloatArray

LEAN = 1.5  # nats that a strike elsewhere costs a tune, and a place missed where it is bound
CHORDS = ("c", "C")
OCTAVE, APART = 12, 3  # semitones at least between a low note and what stands above
WIDTH = 5.0  # semitones from the usual height that cost half a nat
KEPT = 0.8  # share of strikes on their places for the wish to count as kept
_PITCHES = np.arange(128)
Heights = tuple[float, float]


@dataclass(frozen=True)
class InManner(Unmasked):
    """Parts play their bars as patterns say.

    patterns: {(part, bar): pattern}; heights: {(part, bar): usual lowest pitch of low strikes and of the others, nan
    open}; bound: parts whose tunes live by their rhythm; other tunes lean on it loosely.
    """

    patterns: dict[tuple[int, int], str] = field(repr=False)
    heights: dict[tuple[int, int], Heights] = field(repr=False)
    bound: frozenset[int] = frozenset()
    name: str = "manner"
    is_hard: bool = False

    def _places(self, cell: CellState) -> dict[int, str]:
        """Return {step: kind} of the cell's pattern, empty where it has none."""
        pattern = self.patterns.get((cell.part, cell.bar), "")
        if not pattern or cell.length * TICKS_PER_STEP != cell.metre.bar_ticks:
            return {}
        return {tick // TICKS_PER_STEP: kind for tick, kind in places_of(pattern)}

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Allow an accompaniment its places in turn, as many notes at each as the pattern has."""
        places = self._places(cell)
        if not places or cell.role not in LED:
            return None
        counts = _counts(cell)
        mask = all_onsets()
        mask[:END] = False
        for step, kind in places.items():
            least, most = _least_and_most(kind, cell)
            have = counts.get(step, 0)
            mask[step] = have < most
            if have < least:  # owed: nothing later before it is done
                mask[step + 1 :] = False
                break
        return mask

    def onset_bias(self, cell: CellState) -> FloatArray | None:
        """Lean a tune towards its places; one that is bound to them pays for each that it misses."""
        places = self._places(cell)
        if not places or cell.role in LED:
            return None
        now, bias = max(_counts(cell), default=-1), np.zeros(END + 1)
        elsewhere = np.ones(END, bool)
        elsewhere[[*places, max(now, 0)]] = False
        bias[:END][elsewhere] -= LEAN
        for place in (place for place in places if place > now):
            if cell.part in self.bound:
                bias[place + 1 :] -= LEAN
            else:
                bias[place] += LEAN
        return bias

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Keep chords above the low notes of the bar, and low notes under the chords."""
        kind = self._places(cell).get(onset)
        if kind is None or cell.role not in LED:
            return None
        places = self._places(cell)
        struck = [s for s in cell.sounding if s.onset >= 0 and s.onset in places]
        mask = np.ones(128, bool)
        if kind in LOW:
            above = [s.pitch for s in struck if places[s.onset] not in LOW]
            mask[max(min(above) - APART, 0) if above else 128 :] = False
        else:
            under = [s.pitch for s in struck if places[s.onset] in LOW and s.onset != onset]
            mask[: min(under) + APART if under else 0] = False
        return mask

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Lean the lowest note of a place towards where people play it, and two low notes towards an octave."""
        kind = self._places(cell).get(onset)
        if kind is None or cell.role not in LED:
            return None
        height = self.heights[cell.part, cell.bar][0 if kind in LOW else 1]
        struck = [s.pitch for s in cell.sounding if s.onset == onset]
        if struck and kind == "O":
            height = min(struck) + OCTAVE
        elif struck or np.isnan(height):
            return None
        return np.asarray(-0.5 * ((_PITCHES - height) / WIDTH) ** 2, np.float64)

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Let bound tunes and struck chords be over by the next place; low notes and broken chords may ring."""
        places = self._places(cell)
        is_held = places.get(onset) in CHORDS if cell.role in LED else cell.part in self.bound
        if not places or not is_held:
            return None
        following = min((step for step in places if step > onset), default=cell.length)
        mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
        mask[1 : following - onset + 1] = True
        return mask

    def check(self, score: Score) -> Verdict:
        """Count the strikes of accompaniments on and off their places."""
        line, hits, total, bars = Timeline.of(score), 0, 0, set[int]()
        for (part, bar), pattern in self.patterns.items():
            if score.parts[part].role not in LED:
                continue
            start, end = line.bar_start(bar), line.bar_start(bar + 1)
            found = set((score.parts[part].notes.between(start, end).onset - start).tolist())
            wanted = {tick for tick, _ in places_of(pattern)}
            hits, total = hits + len(found & wanted), total + len(found | wanted)
            bars |= {bar} if found != wanted else set()
        kept = not total or hits / total >= KEPT
        return Verdict(
            self.name, False, kept, f"{hits} of {total} strikes", "" if kept else bar_list(sorted(bars)),
            f"{hits} of {total} strikes of the accompaniment fall as its manner has them.",
            f"伴奏的 {total} 次起音中有 {hits} 次合乎所定的音型。",
        )  # fmt: skip


def _counts(cell: CellState) -> dict[int, int]:
    """Return how many notes stand at each step of the cell so far."""
    found: dict[int, int] = {}
    for note in cell.sounding:
        if note.onset >= 0:
            found[note.onset] = found.get(note.onset, 0) + 1
    return found


def _least_and_most(kind: str, cell: CellState) -> tuple[int, int]:
    least, most = COUNTS[kind]
    limit = max(cell.instrument.polyphony, 1)
    return min(least, limit), min(most, limit)
