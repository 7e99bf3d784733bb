"""The piano roll: a whole piece on one picture.

Conventions: time runs right in systems of at most 16 bars, pitch runs up; dark text on light; sizes in pixels.
This module does not engrave notation: see `zhiyin.render.engrave`.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from zhiyin.errors import InvalidInput
from zhiyin.io.spelling import chord_name
from zhiyin.render.drawing import Pen, colour_of, mixed
from zhiyin.score import ChordMark, Notes, Part, Score, Section, Timeline
from zhiyin.theory.pitch import fifths_name, spell
from zhiyin.units import IntArray, Ticks

WIDTH = 1800
LEFT, RIGHT, MARGIN = 74, 24, 24
BARS_PER_SYSTEM = 16
MAX_SYSTEMS = 64
MAX_BARS = BARS_PER_SYSTEM * MAX_SYSTEMS
BAND_HEIGHT, CHORD_HEIGHT, DRUM_LANE, BAR_NUMBER_HEIGHT, SYSTEM_GAP = 22, 26, 12, 18, 26
MIN_ROW, MAX_ROW = 4, 9  # height of one semitone
PREFERRED_ROLL_HEIGHT = 300
PAPER, INK, FAINT, BEAT_LINE, BAR_LINE = "#fdfcf8", "#22242a", "#6b6f78", "#e9e7df", "#b9b6ab"
BLACK_KEY, SECTION_FILLS = "#f3f1ea", ("#dfe7ee", "#efe6d8", "#e3ecdf", "#ece0ea", "#e8e8da")
DRUM_NAMES: dict[int, str] = {
    35: "kick", 36: "kick", 37: "rim", 38: "snare", 39: "clap", 40: "snare", 41: "tom", 42: "hat", 43: "tom",
    44: "hat", 45: "tom", 46: "open hat", 47: "tom", 48: "tom", 49: "crash", 50: "tom", 51: "ride", 53: "ride",
    52: "crash", 54: "tamb", 55: "crash", 56: "cowbell", 57: "crash", 59: "ride", 70: "shaker", 82: "shaker",
}  # fmt: skip
DRUM_ORDER = ("crash", "ride", "hat", "open hat", "tom", "snare", "clap", "rim", "kick")


@dataclass(frozen=True, slots=True)
class _Layout:
    """What all systems share: bars, pitch range, drum lanes and row height."""

    bar_ticks: IntArray
    low: int
    high: int
    row: int
    lanes: tuple[str, ...]
    system_bars: int

    @property
    def roll_height(self) -> int:
        return (self.high - self.low + 1) * self.row if self.high >= self.low else 0

    @property
    def system_height(self) -> int:
        top = BAND_HEIGHT + CHORD_HEIGHT
        return top + self.roll_height + len(self.lanes) * DRUM_LANE + 6 + BAR_NUMBER_HEIGHT + SYSTEM_GAP

    @property
    def systems(self) -> int:
        bars = len(self.bar_ticks) - 1
        return -(-bars // self.system_bars)


def piano_roll_png(score: Score, path: Path | str | None = None) -> bytes:
    """Return a PNG of the score: parts in colours, chords and sections on top, drums in lanes below.

    Written to `path` as well if one is given. Raises InvalidInput for a score without notes or one beyond
    1,024 bars. Chinese in titles and names shows where this machine has a font for it, else it is left out
    and the picture says so.
    """
    if not score.note_count:
        raise InvalidInput(f"a score must have notes to be drawn, got {score.title!r} with none")
    layout = _layout(score)
    legend_lines = -(-len(score.parts) // 6)
    header = MARGIN + 44 + 24 * legend_lines
    image = Image.new("RGB", (WIDTH, header + layout.systems * layout.system_height + 10), PAPER)
    pen = Pen(ImageDraw.Draw(image))
    _header(pen, score)
    for system in range(layout.systems):
        _System(pen, score, layout, index=system, top=header + system * layout.system_height).draw()
    if pen.missing:
        pen.text(
            (WIDTH - RIGHT, MARGIN + 6),
            "(no font for Chinese here: some text left out)",
            size=13,
            fill=FAINT,
            anchor="ra",
        )
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    if path is not None:
        Path(path).write_bytes(buffer.getvalue())
    return buffer.getvalue()


def _layout(score: Score) -> _Layout:
    line = Timeline.of(score)
    bars = max(line.bar_count(score.end), 1)
    if bars > MAX_BARS:
        raise InvalidInput(f"a piano roll holds {MAX_BARS} bars, got {bars}: slice the score")
    systems = -(-bars // BARS_PER_SYSTEM)
    pitched = [part.notes.pitch for part in score.parts if not part.is_drums and len(part.notes)]
    low = min((int(p.min()) for p in pitched), default=1) - 1
    high = max((int(p.max()) for p in pitched), default=-1) + 1
    row = int(np.clip(PREFERRED_ROLL_HEIGHT // max(high - low + 1, 1), MIN_ROW, MAX_ROW))
    lanes = {
        _lane(key) for part in score.parts if part.is_drums for key in np.unique(part.notes.pitch).tolist()
    }
    ordered = sorted(lanes, key=lambda name: (DRUM_ORDER.index(name) if name in DRUM_ORDER else 99, name))
    return _Layout(line.bar_starts(bars), low, high, row, tuple(ordered), -(-bars // systems))


def _lane(key: int) -> str:
    return DRUM_NAMES.get(key, "other")


def _header(pen: Pen, score: Score) -> None:
    tempo, metre = score.tempos[0].bpm, score.metres[0].metre
    key = score.keys[0].key.name + "   " if score.keys else ""
    pen.text((LEFT, MARGIN - 6), score.title or "Untitled", size=28, fill=INK)
    facts = f"{key}{metre}   {tempo:.0f} BPM   {Timeline.of(score).duration_s(score.end):.0f} s"
    pen.text((WIDTH - RIGHT, MARGIN + 24), facts, size=16, fill=FAINT, anchor="ra")
    step = (WIDTH - LEFT - RIGHT) // min(max(len(score.parts), 1), 6)
    for index, part in enumerate(score.parts):
        x, y = LEFT + (index % 6) * min(step, 280), MARGIN + 38 + 24 * (index // 6)
        pen.draw.rounded_rectangle((x, y + 3, x + 14, y + 15), 3, fill=colour_of(index))
        pen.text(
            (x + 20, y),
            f"{part.name} ({part.role})" if part.role != "unknown" else part.name,
            size=15,
            fill=INK,
        )


class _System:
    """One line of the picture."""

    def __init__(self, pen: Pen, score: Score, layout: _Layout, *, index: int, top: int) -> None:
        self.pen, self.score, self.layout = pen, score, layout
        self.first_bar = index * layout.system_bars
        last = min(self.first_bar + layout.system_bars, len(layout.bar_ticks) - 1)
        self.bars = range(self.first_bar, last)
        self.start, self.end = int(layout.bar_ticks[self.first_bar]), int(layout.bar_ticks[last])
        # A short last system keeps the scale of the others.
        share = len(self.bars) / layout.system_bars
        self.scale = (WIDTH - LEFT - RIGHT) * share / max(self.end - self.start, 1)
        self.right = LEFT + (self.end - self.start) * self.scale
        self.top, self.roll_top = top, top + BAND_HEIGHT + CHORD_HEIGHT
        self.roll_bottom = self.roll_top + layout.roll_height
        self.bottom = self.roll_bottom + (6 if layout.lanes else 0) + len(layout.lanes) * DRUM_LANE

    def draw(self) -> None:
        """Draw bands, grid, keys, notes and drums."""
        self._sections()
        self._keys()
        self._bar_lines()
        self._chords()
        for index, part in sorted(enumerate(self.score.parts), key=lambda item: item[1].role == "melody"):
            (self._drums if part.is_drums else self._notes)(part, colour_of(index))

    def x(self, tick: Ticks) -> float:
        """Return the place of a tick, kept inside the system."""
        return LEFT + (min(max(tick, self.start), self.end) - self.start) * self.scale

    def _ends(self, marks: Sequence[Section | ChordMark]) -> list[Ticks]:
        return [*(mark.tick for mark in marks[1:]), self.score.end][: len(marks)]

    def _sections(self) -> None:
        marks = self.score.sections
        names = sorted({mark.name for mark in marks})
        for mark, following in zip(marks, self._ends(marks), strict=True):
            if following <= self.start or mark.tick >= self.end:
                continue
            left, right = self.x(mark.tick), self.x(following)
            fill = SECTION_FILLS[names.index(mark.name) % len(SECTION_FILLS)]
            self.pen.draw.rectangle((left + 1, self.top, right - 1, self.top + BAND_HEIGHT - 3), fill=fill)
            label = mark.name if mark.tick >= self.start else f"({mark.name})"
            self.pen.text((left + 6, self.top + 1), label, size=14, fill=INK, width=right - left - 8)

    def _keys(self) -> None:
        draw, layout = self.pen.draw, self.layout
        for pitch in range(layout.low, layout.high + 1):
            y = self.roll_bottom - (pitch - layout.low + 1) * layout.row
            if pitch % 12 in (1, 3, 6, 8, 10):
                draw.rectangle((LEFT, y, self.right, y + layout.row - 1), fill=BLACK_KEY)
            if pitch % 12 == 0:
                draw.line((LEFT, y + layout.row, self.right, y + layout.row), fill=BEAT_LINE)
            if pitch % 12 in ((0, 4, 7) if layout.row >= 7 else (0, 7) if layout.row >= 5 else (0,)):
                name = f"{fifths_name(spell(pitch % 12, key_fifths=0))}{pitch // 12 - 1}"
                colour = INK if pitch % 12 == 0 else FAINT
                self.pen.text((LEFT - 6, y + layout.row / 2), name, size=12, fill=colour, anchor="rm")

    def _bar_lines(self) -> None:
        draw, line = self.pen.draw, Timeline.of(self.score)
        for bar in self.bars:
            start, end = (int(t) for t in self.layout.bar_ticks[bar : bar + 2])
            beat = line.metre_at(start).beat_ticks
            for tick in range(start + beat, end, beat):
                draw.line((self.x(tick), self.roll_top, self.x(tick), self.bottom), fill=BEAT_LINE)
            draw.line((self.x(start), self.top + BAND_HEIGHT, self.x(start), self.bottom + 4), fill=BAR_LINE)
            self.pen.text((self.x(start) + 3, self.bottom + 3), str(bar + 1), size=12, fill=FAINT)
        draw.line((self.right, self.top + BAND_HEIGHT, self.right, self.bottom + 4), fill=BAR_LINE)

    def _chords(self) -> None:
        marks = self.score.chords
        for mark, following in zip(marks, self._ends(marks), strict=True):
            if not (self.start <= mark.tick < self.end):
                continue
            key = next((k.key for k in reversed(self.score.keys) if k.tick <= mark.tick), None)
            name = chord_name(mark.chord, key.fifths if key else 0) if mark.chord else "N.C."
            room = self.x(following) - self.x(mark.tick) - 4
            self.pen.text(
                (self.x(mark.tick) + 3, self.top + BAND_HEIGHT + 2), name, size=15, fill=INK, width=room
            )

    def _visible(self, part: Part) -> Notes:
        notes = part.notes
        return notes.take((notes.onset < self.end) & (notes.offset > self.start))

    def _notes(self, part: Part, colour: str) -> None:
        for onset, duration, pitch, velocity in self._visible(part):
            y = self.roll_bottom - (pitch - self.layout.low + 1) * self.layout.row
            left, right = self.x(onset), max(self.x(onset + duration) - 1, self.x(onset) + 2)
            fill = mixed(colour, PAPER, 0.35 + 0.65 * velocity / 127)
            self.pen.draw.rectangle(
                (left, y, right, y + self.layout.row - 1), fill=fill, outline=mixed(colour, "#000000", 0.85)
            )

    def _drums(self, part: Part, colour: str) -> None:
        base = self.roll_bottom + 6
        for index, name in enumerate(self.layout.lanes):
            y = base + index * DRUM_LANE
            self.pen.draw.line((LEFT, y + DRUM_LANE - 1, self.right, y + DRUM_LANE - 1), fill=BEAT_LINE)
            self.pen.text((LEFT - 6, y + DRUM_LANE / 2), name, size=10, fill=FAINT, anchor="rm")
        for onset, _, key, velocity in part.notes.between(self.start, self.end):
            y = base + self.layout.lanes.index(_lane(key)) * DRUM_LANE
            fill = mixed(colour, PAPER, 0.25 + 0.75 * velocity / 127)
            self.pen.draw.rectangle((self.x(onset), y + 1, self.x(onset) + 5, y + DRUM_LANE - 3), fill=fill)
