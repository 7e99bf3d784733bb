"""Wishes about texture: no empty bars, density, polyphony, notes held within bounds.

Conventions: counts are attacks and sounding notes per part and bar; onsets in steps, END last.
This module does not look at pitch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import END, MAX_COLUMN_STEPS
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Cell, Score, Timeline
from zhiyin.units import TICKS_PER_QUARTER, TICKS_PER_STEP, BoolArray


def _all_onsets() -> BoolArray:
    return np.ones(MAX_COLUMN_STEPS + 1, bool)


@dataclass(frozen=True)
class Sounds(Unmasked):
    """These cells are not empty, and those are.

    sounding: cells with at least one note sounding; resting: cells without any attack.
    """

    sounding: frozenset[Cell]
    resting: frozenset[Cell] = frozenset()
    name: str = "no empty bars"

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Forbid END while a cell that must sound is silent; forbid attacks where the part rests."""
        place = Cell(cell.part, cell.bar)
        if place in self.resting:
            mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
            mask[END] = True
            return mask
        if place in self.sounding and not cell.sounding:
            mask = _all_onsets()
            mask[END] = False
            return mask
        return None

    def check(self, score: Score) -> Verdict:
        """Look at every asked cell for a sounding note."""
        line = Timeline.of(score)
        last = max((c.bar for c in self.sounding | self.resting), default=0)
        edges = line.bar_starts(last + 1)
        wrong = []
        for place in sorted(self.sounding | self.resting):
            notes = score.parts[place.part].notes
            start, end = edges[place.bar], edges[place.bar + 1]
            rings = bool(np.any((notes.onset < end) & (notes.offset > start)))
            attacks = bool(np.any((notes.onset >= start) & (notes.onset < end)))
            if (place in self.sounding and not rings) or (place in self.resting and attacks):
                wrong.append(place)
        return Verdict(
            self.name, True, not wrong, f"{len(wrong)} cells against the plan",
            "; ".join(f"{score.parts[c.part].name} bar {c.bar + 1}" for c in wrong[:6]), *self._words(len(wrong)),
        )  # fmt: skip

    def _words(self, wrong: int) -> tuple[str, str]:
        """Return what was asked of how many bars of parts, and how many miss it; nothing is said of none."""
        sounding, resting = len(self.sounding), len(self.resting)
        if not sounding and not resting:
            return "No bar was asked to sound or to rest.", "没有要求哪一小节有音或休止。"
        cells = "bar of a part" if (sounding or resting) == 1 else "bars of parts"
        en = [f"{sounding} {cells} must sound"] if sounding else []
        en += [f"{resting} must rest" if sounding else f"{resting} {cells} must rest"] if resting else []
        zh = [f"{sounding} 个声部小节应有音"] if sounding else []
        zh += [f"{resting} 个{'' if sounding else '声部小节'}应休止"] if resting else []
        if not wrong:
            done = "it does" if sounding + resting == 1 else "all do"
            return f"{', '.join(en)}: {done}.", f"{'，'.join(zh)}：都做到了。"
        return (
            f"{', '.join(en)}: {wrong} {'does' if wrong == 1 else 'do'} not.",
            f"{'，'.join(zh)}：{wrong} 个没有做到。",
        )


@dataclass(frozen=True)
class MaxPolyphony(Unmasked):
    """At most so many notes sound at once in a part.

    limits: one number a part.
    """

    limits: tuple[int, ...]
    name: str = "polyphony"

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Forbid onsets at which the part already sounds its limit."""
        limit = self.limits[cell.part]
        if cell.is_drums or not cell.sounding:
            return None
        count = np.zeros(MAX_COLUMN_STEPS + 1, np.int64)
        for s in cell.sounding:
            count[max(s.onset, 0) : min(s.end, MAX_COLUMN_STEPS)] += 1
        count[END] = 0
        mask: BoolArray = count < limit
        return mask

    def check(self, score: Score) -> Verdict:
        """Sweep each part's attacks and ends for the most notes at once."""
        worst = []
        for part, limit in zip(score.parts, self.limits, strict=True):
            if part.is_drums or not len(part.notes):
                continue
            ends = np.sort(part.notes.offset)
            at_once = np.arange(1, len(part.notes) + 1) - np.searchsorted(
                ends, part.notes.onset, side="right"
            )
            most = int(at_once.max())
            if most > limit:
                worst.append(f"{part.name} {most} > {limit}")
        measured = "; ".join(worst) or "within limits"
        return Verdict(
            self.name, True, not worst, measured, "; ".join(worst),
            f"Most notes at once: {measured}.", f"同时发音数：{'符合限制' if not worst else measured}。",
        )  # fmt: skip


@dataclass(frozen=True)
class Density(Unmasked):
    """A part plays about so many attacks a quarter, over the whole piece.

    part: index; target: attacks a quarter; tolerance: share by which the measured mean may differ.
    """

    part: int
    target: float
    tolerance: float = 0.35
    name: str = "density"

    def _bounds(self, cell: CellState) -> tuple[int, int]:
        """Return the fewest and most attacks of a bar; every bar within them keeps the mean within the tolerance."""
        wanted = self.target * cell.length * TICKS_PER_STEP / TICKS_PER_QUARTER
        low = max(int(np.ceil(wanted * (1 - self.tolerance))), 1)
        return low, max(int(np.floor(wanted * (1 + self.tolerance))), low)

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Forbid END below the band, new onsets above it, and onsets too late to reach the band."""
        if cell.part != self.part or cell.is_last_bar:
            return None
        low, high = self._bounds(cell)
        mask = _all_onsets()
        last = max((s.onset for s in cell.sounding if s.onset >= 0), default=-1)
        if cell.attacks < low:
            mask[END] = False
            # Leave room for the attacks still owed: no onset later than an even spread allows.
            owed = low - cell.attacks
            latest = max(cell.length - (owed - 1) * max(cell.length // (low + 1), 1) - 1, last + 1)
            mask[latest + 1 : END] = False
        if cell.attacks >= high:
            mask[last + 1 : END] = False
        return mask

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Keep notes short enough that the attacks still owed fit after them."""
        if cell.part != self.part or cell.is_last_bar:
            return None
        owed = self._bounds(cell)[0] - cell.attacks - 1
        if owed <= 0:
            return None
        mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
        mask[1 : max((cell.length - onset) // (owed + 1), 1) + 1] = True
        return mask

    def check(self, score: Score) -> Verdict:
        """Compare attacks a quarter over the bars in which the part plays; a held last bar does not count."""
        notes = score.parts[self.part].notes
        line = Timeline.of(score)
        last = line.bar_count(score.end) - 1
        if last > 0:
            notes = notes.between(0, line.bar_start(last))
        bars = np.unique(line.bar_of(notes.onset)) if len(notes) else np.empty(0, np.int64)
        edges = line.bar_starts(int(bars.max()) + 1) if bars.size else np.zeros(1, np.int64)
        quarters = float((edges[bars + 1] - edges[bars]).sum()) / TICKS_PER_QUARTER if bars.size else 1.0
        found = np.unique(notes.onset).size / quarters
        kept = abs(found - self.target) <= self.tolerance * self.target
        return Verdict(
            self.name, True, kept, f"{found:.2f} attacks a quarter", "" if kept else bar_list(bars.tolist()),
            f"{score.parts[self.part].name}: {found:.2f} attacks a quarter, asked {self.target:g}.",
            f"{score.parts[self.part].name}：每拍 {found:.2f} 个起音，要求 {self.target:g}。",
        )  # fmt: skip


@dataclass(frozen=True)
class WithinBars(Unmasked):
    """No note sounds past the end of the piece, and none is held longer than two bars.

    last_steps: where in the last bar the piece is cut off, so that no note begins later; 0 where it is whole.
    """

    bars: int
    last_steps: int = 0
    name: str = "bar lines"

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Forbid attacks after the place in the last bar at which the piece ends."""
        if not self.last_steps or cell.bar != self.bars - 1:
            return None
        mask = _all_onsets()
        mask[self.last_steps : END] = False
        return mask

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Allow durations up to the end of the column; ties carry on from there."""
        mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
        mask[1 : cell.length - onset + 1] = True
        return mask

    def check(self, score: Score) -> Verdict:
        """Find notes that end past the last bar."""
        line = Timeline.of(score)
        end = line.bar_start(self.bars)
        late = [p.name for p in score.parts if p.notes.end > end]
        return Verdict(
            self.name, True, not late, "; ".join(late) or "all notes end in time", "; ".join(late),
            f"Notes past the end: {', '.join(late) or 'none'}.", f"越过结尾的音：{'、'.join(late) or '无'}。",
        )  # fmt: skip


@dataclass(frozen=True)
class Locked(Unmasked):
    """Everything outside the cells to write stays as it was, note for note.

    before: the score as given; write: the cells that may change.
    """

    before: Score
    write: frozenset[Cell]
    name: str = "locks"

    def check(self, score: Score) -> Verdict:
        """Compare the notes outside the written cells, column by column of their bytes."""
        line = Timeline.of(self.before)
        changed = []
        for index, part in enumerate(self.before.parts):
            bars = sorted({c.bar for c in self.write if c.part == index})
            kept, now = (
                np.stack([n.onset, n.duration, n.pitch, n.velocity])[:, ~np.isin(line.bar_of(n.onset), bars)]
                for n in (part.notes, score.parts[index].notes)
            )
            if not np.array_equal(kept, now):
                changed.append(part.name)
        return Verdict(
            self.name, True, not changed, "; ".join(changed) or "unchanged", "; ".join(changed),
            f"Kept material: {'changed in ' + ', '.join(changed) if changed else 'unchanged'}.",
            f"保留的内容：{'有改动：' + '、'.join(changed) if changed else '未改动'}。",
        )  # fmt: skip
