"""Tunes by rule: a motif's rhythm and contour, repeated, answered and varied over the chords.

Conventions: a theme is units of two bars, each a rhythm and heights in scale steps; it belongs to a section kind, so a
section that returns sings the same theme. Chord tones stand on strong beats. This module does not know accompaniment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.stylebook.bass import monophonic
from zhiyin.stylebook.book import PlayerBook
from zhiyin.stylebook.grid import parse_pattern, place
from zhiyin.stylebook.stage import Bar, Row, Stage, velocity
from zhiyin.units import TICKS_PER_QUARTER, Ticks

BASE = 88
UNIT_BARS = 2
# Units of a phrase of eight bars by form: equal letters share rhythm and contour, a prime varies the end.
_ORDERS = {"aaba": ("a", "a'", "b", "a''"), "abac": ("a", "b", "a", "c"), "aabc": ("a", "a'", "b", "c"),
           "riff": ("a", "a", "a", "a'"), "call": ("a", "r", "a'", "r'")}  # fmt: skip
_STEPS = np.array([-3, -2, -1, 0, 1, 2, 3])
_CHANCES = np.array([0.04, 0.10, 0.28, 0.14, 0.28, 0.12, 0.04])
_SPAN = 5  # scale steps that a theme goes from its middle
PENTATONIC = {False: (0, 2, 4, 7, 9), True: (0, 3, 5, 7, 10)}  # by whether the key is minor
# Where a section's tune lies in the range, 0 low .. 1 high: choruses lift.
_LIFT = {"intro": 0.45, "verse": 0.4, "pre-chorus": 0.5, "chorus": 0.62, "bridge": 0.5, "solo": 0.65, "drop": 0.6,
         "build": 0.5, "outro": 0.42, "B": 0.58}  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """Two bars of a theme: strokes (bar 0 or 1, onset, duration, symbol) and a height for each."""

    strokes: tuple[tuple[int, Ticks, Ticks, str], ...]
    heights: tuple[int, ...]


def play_lead(
    stage: Stage, book: PlayerBook, rng: np.random.Generator, *, density: float | None
) -> list[Row]:
    """Return the rows of a tune; density: attacks a quarter that were asked for, or None."""
    singer = _Singer(stage, book, rng, density=density)
    rows: list[Row] = []
    for bar in stage.bars:
        if not book.plays(bar.kind, bar.level):
            continue
        if bar.number == len(stage.bars) - 1 and not stage.is_loop:
            rows += singer.last(bar)
        else:
            rows += singer.bar(bar)
    return monophonic(rows)


class _Singer:
    """A player who remembers the themes of the piece and the note just sung."""

    def __init__(
        self, stage: Stage, book: PlayerBook, rng: np.random.Generator, *, density: float | None
    ) -> None:
        self.stage, self.book, self.rng, self.density = stage, book, rng, density
        self.themes: dict[str, dict[str, Unit]] = {}
        self.before = round(book.low + 0.5 * (book.high - book.low))
        self.repeats = 0
        self.goal = self.before

    def bar(self, bar: Bar) -> list[Row]:
        """Return the rows of one bar of the section's theme."""
        letters = _ORDERS[self.book.form]
        name = letters[bar.place // UNIT_BARS % len(letters)]
        unit = self._unit(bar, name)
        half = bar.place % UNIT_BARS
        rows: list[Row] = []
        for (where, onset, length, symbol), height in zip(unit.strokes, unit.heights, strict=True):
            if where == half:
                rows.append(self._note(bar, onset, length, symbol, height))
        return self._phrase_end(bar, rows) if self._closes(bar) else rows

    def _closes(self, bar: Bar) -> bool:
        return bar.is_last or ((bar.place + 1) % 8 == 0 and self.book.form != "riff")

    def _phrase_end(self, bar: Bar, rows: list[Row]) -> list[Row]:
        """Return the bar ended on a long chord tone, at home on the root; what would follow it is left out."""
        if not rows or self.density is not None:
            return rows
        beat, end = self.stage.metre.beat_ticks, bar.start + self.stage.metre.bar_ticks
        changes = [tick for tick, _ in self.stage.plan.chords if bar.start < tick < end]
        turn = changes[-1] if changes else bar.start
        middle = bar.start + beat * (self.stage.metre.beats // 2)
        kept = [row for row in rows if row[0] <= max(middle, turn)] or rows[:1]
        onset = max(kept[-1][0], turn)
        chord = self.stage.chord_at(onset)
        is_home = bar.is_last and chord.root == bar.tonic
        pitch = self._nearest(kept[-1][2], {chord.root} if is_home else set(chord.pitch_classes), onset)
        self.before = pitch
        before = kept if onset > kept[-1][0] else kept[:-1]
        return [*before, (onset, min(end - onset, max(end - beat - onset, beat)), pitch, kept[-1][3])]

    def _unit(self, bar: Bar, name: str) -> Unit:
        theme = self.themes.setdefault(bar.kind, {})
        if name not in theme:
            theme[name] = self._make(bar, name, theme)
        return theme[name]

    def _make(self, bar: Bar, name: str, theme: dict[str, Unit]) -> Unit:
        letter = name.rstrip("'")
        if name != letter:
            return self._varied(self._unit(bar, letter), strength=len(name) - 1)
        if letter == "r":
            return self._answer(self._unit(bar, "a"))
        used = [unit.strokes for unit in theme.values()]
        strokes = self._rhythm(bar, used)
        return Unit(strokes, self._contour(strokes))

    def _rhythm(
        self, bar: Bar, used: list[tuple[tuple[int, Ticks, Ticks, str], ...]]
    ) -> tuple[tuple[int, Ticks, Ticks, str], ...]:
        """Return the strokes of two bars from the book's templates, another one than those used if there is one."""
        if self.density is not None:
            return self._even_rhythm(self.density)
        pool = [p.text for p in self.book.patterns.find(bar.kind, bar.level)]
        if not pool:
            return self._even_rhythm(1.0)
        found = [self._strokes(text) for text in pool]
        fresh = [strokes for strokes in found if strokes not in used] or found
        return fresh[int(self.rng.integers(len(fresh)))]

    def _strokes(self, text: str) -> tuple[tuple[int, Ticks, Ticks, str], ...]:
        bars = parse_pattern(text)
        return tuple(
            (half, *stroke)
            for half in range(UNIT_BARS)
            for stroke in place(bars[half % len(bars)], self.stage.metre)
        )

    def _even_rhythm(self, density: float) -> tuple[tuple[int, Ticks, Ticks, str], ...]:
        """Return about so many attacks a quarter on the strongest places of the sixteenth grid."""
        metre, step = self.stage.metre, TICKS_PER_QUARTER // 4
        wanted = max(1, round(density * metre.bar_ticks / TICKS_PER_QUARTER))
        strokes: list[tuple[int, Ticks, Ticks, str]] = []
        for half in range(UNIT_BARS):
            places = list(range(0, metre.bar_ticks, step))
            dice = self.rng.random(len(places)) * 0.2
            ranked = sorted(zip(places, dice, strict=True), key=lambda p: -(metre.weight(p[0]) + p[1]))
            chosen = sorted(p for p, _ in ranked[:wanted])
            ends = [*chosen[1:], metre.bar_ticks]
            strokes += [(half, a, b - a, "x") for a, b in zip(chosen, ends, strict=True)]
        return tuple(strokes)

    def _contour(self, strokes: tuple[tuple[int, Ticks, Ticks, str], ...]) -> tuple[int, ...]:
        """Return heights in scale steps: mostly steps, a leap turned back, drawn to the middle."""
        heights: list[int] = []
        height, last = int(self.rng.integers(-1, 3)), 0
        chances = _CHANCES.copy()
        chances[[0, 1, 5, 6]] *= 0.5 + 2.5 * self.book.leap
        chances /= chances.sum()
        for _ in strokes:
            heights.append(height)
            move = int(self.rng.choice(_STEPS, p=chances))
            if abs(last) >= 2:  # after a leap, a step the other way
                move = -1 if last > 0 else 1
            if abs(height + move) > _SPAN:
                move = -move
            height, last = height + move, move
        return tuple(heights)

    def _varied(self, unit: Unit, *, strength: int) -> Unit:
        """Return a unit with the end of its contour moved: the last notes turn another way."""
        tail = max(1, len(unit.heights) * strength // 4)
        shift = int(self.rng.choice([-2, -1, 1, 2]))
        head = len(unit.heights) - tail
        moved = tuple(h + (shift if i >= head else 0) for i, h in enumerate(unit.heights))
        return Unit(unit.strokes, tuple(max(-_SPAN - 1, min(_SPAN + 1, h)) for h in moved))

    def _answer(self, unit: Unit) -> Unit:
        """Return an answer: the call's second bar first, and lower."""
        turned = sorted((1 - half, onset, length, symbol) for half, onset, length, symbol in unit.strokes)
        heights = tuple(h - 1 for h in reversed(unit.heights))
        return Unit(tuple(turned), heights)

    def _scale(self, bar: Bar) -> set[int]:
        if self.book.scale != "pentatonic":
            return set(bar.scale)
        third = (bar.tonic + 3) % 12 in bar.scale and (bar.tonic + 4) % 12 not in bar.scale
        five = {(bar.tonic + step) % 12 for step in PENTATONIC[third]}
        return five & set(bar.scale) or set(bar.scale)

    def _note(self, bar: Bar, onset: Ticks, length: Ticks, symbol: str, height: int) -> Row:
        at = bar.start + onset
        chord = self.stage.chord_at(at)
        tones = set(chord.pitch_classes)
        scale = self._scale(bar)
        goal = self._goal(bar, height, scale)
        must = onset in self.stage.metre.strong_ticks()
        leans = length >= TICKS_PER_QUARTER or self.stage.metre.weight(onset) >= 0.5
        classes = tones if must else (tones & scale or tones) if leans else self._passing(scale, tones)
        pitch = self._nearest(goal, classes, at)
        is_stuck = pitch == self.before and goal != self.goal and self.book.form != "riff"
        if is_stuck and not (must and self.repeats < 2):
            pitch = self._moved_on(pitch, tones if must else scale, up=goal > self.goal)
        self.goal = goal
        loud = velocity(
            BASE + self.book.loud, level=bar.level, weight=self.stage.metre.weight(onset), symbol=symbol
        )
        self.before = pitch
        return (at, length, pitch, loud)

    def _passing(self, scale: set[int], tones: set[int]) -> set[int]:
        """Return the scale without what would rub against the chord's own third or root: the chord's tones stay."""
        return {p for p in scale if p in tones or (p - 1) % 12 not in tones} or scale

    def _goal(self, bar: Bar, height: int, scale: set[int]) -> int:
        """Return the pitch of a height: so many scale steps from the section's middle."""
        lift = _LIFT.get(bar.kind, 0.48)
        middle = self.book.low + lift * (self.book.high - self.book.low)
        ladder = [p for p in range(self.book.low, self.book.high + 1) if p % 12 in scale]
        at = min(range(len(ladder)), key=lambda i: abs(ladder[i] - middle))
        return ladder[max(0, min(len(ladder) - 1, at + height))]

    def _nearest(self, goal: int, classes: set[int], at: Ticks) -> int:
        """Return the pitch of the classes nearest to a goal, no third time the same, no leap past an octave."""
        inside = [p for p in range(self.book.low, self.book.high + 1) if p % 12 in classes]
        stuck = self.repeats >= 2 and self.book.form != "riff"
        fitting = [
            p for p in inside if abs(p - self.before) <= 12 and not (stuck and p == self.before)
        ] or inside
        pitch = min(fitting, key=lambda p: (abs(p - goal), abs(p - self.before)))
        self.repeats = self.repeats + 1 if pitch == self.before else 0
        return pitch

    def _moved_on(self, pitch: int, classes: set[int], *, up: bool) -> int:
        """Return the next pitch of the classes the way the contour goes, within a fourth: chords do not flatten it."""
        steps = range(1, 6) if up else range(-1, -6, -1)
        ways = [pitch + d for d in steps if (pitch + d) % 12 in classes]
        inside = [p for p in ways if self.book.low <= p <= self.book.high]
        if inside:
            self.repeats = 0
        return inside[0] if inside else pitch

    def last(self, bar: Bar) -> list[Row]:
        """Return the last notes: the final chord's root near the note just sung."""
        rows: list[Row] = []
        for onset, length in self.stage.closing():
            pitch = self._nearest(self.before, {self.stage.chord_at(onset).root}, onset)
            rows.append((onset, length, pitch, velocity(BASE + self.book.loud, level=bar.level, weight=1.0)))
        return rows


def play_riser(stage: Stage, book: PlayerBook, rng: np.random.Generator) -> list[Row]:
    """Return the rows of a riser: in the last two bars before a louder section, the scale climbing and swelling."""
    rows: list[Row] = []
    size, step = stage.metre.bar_ticks, TICKS_PER_QUARTER // 2
    for bar, after in zip(stage.bars, stage.bars[1:], strict=False):
        if not (bar.is_last and bar.bars >= 4 and after.level > bar.level):
            continue
        start = bar.start - size
        ladder = [p for p in range(book.low, book.high + 1) if p % 12 in bar.scale]
        ticks = range(start, bar.start + size, step)
        for number, tick in enumerate(ticks):
            share = number / max(1, len(ticks) - 1)
            tones = (
                {*stage.chord_at(tick).pitch_classes}
                if (tick - start) % size in stage.metre.strong_ticks()
                else None
            )
            goal = ladder[round(share * (len(ladder) - 1))]
            pitch = (
                goal
                if tones is None
                else min(
                    (p for p in range(book.low, book.high + 1) if p % 12 in tones),
                    key=lambda p: abs(p - goal),
                )
            )
            rows.append((tick, step, pitch, int(40 + 60 * share)))
    return rows
