"""Bass: degrees of the chord on the pattern's rhythm, lines that lead into the next chord, walking in quarters.

Conventions: `R` sounds the chord's bass; where a chord begins while the bass plays, it plays that bass; a strong beat
takes a chord tone. This module does not choose chords.
"""

from __future__ import annotations

import numpy as np

from zhiyin.stylebook.book import PlayerBook
from zhiyin.stylebook.grid import parse_pattern, place
from zhiyin.stylebook.stage import Bar, Chooser, Row, Stage, velocity
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.units import TICKS_PER_QUARTER, Ticks

BASE = 90
GHOST = TICKS_PER_QUARTER // 8
_STEPS = {"2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6, "8": 7}
WALK_TOP = 7  # semitones above the middle at which a walking line turns back


def play_bass(stage: Stage, book: PlayerBook, rng: np.random.Generator) -> list[Row]:
    """Return the rows of a bass part."""
    chooser, rows = Chooser(rng), list[Row]()
    line = _Line(stage, book, rng)
    for bar in stage.bars:
        pattern = chooser.choose(book.patterns, bar)
        if pattern is None or pattern.is_rest or not book.plays(bar.kind, bar.level):
            continue
        if bar.number == len(stage.bars) - 1 and not stage.is_loop:
            rows += line.last(bar)
            continue
        bars = parse_pattern(pattern.text)
        strokes = _with_changes(stage, bar, place(bars[bar.place % len(bars)], stage.metre))
        rows += [row for stroke in strokes for row in line.play(bar, stroke)]
    return monophonic(rows)


def _with_changes(
    stage: Stage, bar: Bar, strokes: list[tuple[Ticks, Ticks, str]]
) -> list[tuple[Ticks, Ticks, str]]:
    """Return the strokes cut where chords change, the new chord's root struck where a note was held across."""
    cut: list[tuple[Ticks, Ticks, str]] = []
    section = (bar.bars - bar.place) * stage.metre.bar_ticks
    last = stage.end if stage.is_loop else stage.bars[-1].start
    stop = min(stage.stop_ticks.get(bar.number, last) - bar.start, section)
    for tick, length, symbol in strokes:
        end = min(tick + length, stop)
        change = stage.change_after(bar.start + tick) - bar.start
        if tick >= stop or stage.thins(bar, tick):
            continue
        if change >= end or symbol == "g":
            cut.append((tick, end - tick, symbol))
            continue
        cut.append((tick, change - tick, symbol))
        while change < end and not any(t == change for t, _, _ in strokes):
            after = min(end, stage.change_after(bar.start + change) - bar.start)
            cut.append((change, after - change, "R"))
            change = after
    return cut


class _Line:
    """A bass line as it goes: it remembers where the hand is."""

    def __init__(self, stage: Stage, book: PlayerBook, rng: np.random.Generator) -> None:
        self.stage, self.book, self.rng = stage, book, rng
        self.middle = book.low + 0.42 * (book.high - book.low)
        self.last_pitch = self.near(stage.chord_at(0).bass, self.middle)

    def near(self, pitch_class: int, goal: float) -> int:
        """Return the pitch of a class in range nearest to a goal."""
        inside = [p for p in range(self.book.low, self.book.high + 1) if p % 12 == pitch_class % 12]
        return min(inside, key=lambda p: (abs(p - goal), p))

    def root(self, chord: Chord) -> int:
        """Return the chord's bass near the hand, drawn to the middle of the range."""
        return self.near(chord.bass, 0.45 * self.last_pitch + 0.55 * self.middle)

    def play(self, bar: Bar, stroke: tuple[Ticks, Ticks, str]) -> list[Row]:
        """Return the rows of one stroke (onset in the bar, duration, symbol)."""
        tick, length, symbol = stroke
        at = bar.start + tick
        chord = self.stage.chord_at(at)
        weight = self.stage.metre.weight(tick)
        loud = velocity(BASE + self.book.loud, level=bar.level, weight=weight, symbol=symbol)
        if symbol == "g":
            return [(at, min(GHOST * 2, length), self.last_pitch, loud)]
        pitch = self._pitch(bar, at, chord, symbol)
        self.last_pitch = pitch
        sounding = max(1, round(length * (1.0 if self.book.gate >= 1 else self.book.gate)))
        return [(at, on_grid(sounding, length), pitch, loud)]

    def _pitch(self, bar: Bar, at: Ticks, chord: Chord, symbol: str) -> int:
        offset = at - bar.start
        if self.stage.is_change(at):
            return self.root(chord)
        if symbol == "w":
            return self._walk(at, chord)
        if symbol == "a":
            return self._approach(at, chord, is_strong=offset in self.stage.metre.strong_ticks())
        pitch = self._degree(at, chord, symbol)
        if offset in self.stage.metre.strong_ticks() and pitch % 12 not in {*chord.pitch_classes, chord.bass}:
            return self.root(chord)
        return pitch

    def _degree(self, at: Ticks, chord: Chord, symbol: str) -> int:
        """Return the pitch of a degree above the chord's root, kept in range."""
        root = self.root(chord)
        if symbol == "R":
            return root
        if symbol in "Or8":
            moved = root - 12 if symbol == "r" else root + 12
            return moved if self.book.low <= moved <= self.book.high else root
        if symbol == "f":
            below = self._tone(at, chord, "5") - chord.bass
            found = root + below % 12 - 12
            return found if found >= self.book.low else found + 12
        found = root + (self._tone(at, chord, symbol) - chord.bass) % 12
        return found if found <= self.book.high else found - 12

    def _tone(self, at: Ticks, chord: Chord, symbol: str) -> int:
        """Return the pitch class of a degree: the chord's own, else the scale's nearest, else its root."""
        steps = QUALITIES[chord.quality]
        own = {"3": (3, 4, 5, 2), "5": (7, 6, 8), "7": (10, 11, 9), "6": (9,), "2": (2,), "4": (5,)}[symbol]
        wanted = next((s for s in own if s in steps), None)
        if wanted is None:
            loose = {"2": (2, 1), "4": (5, 6), "6": (9, 8), "7": (10, 11), "3": (4, 3), "5": (7,)}[symbol]
            allowed = self.stage.allowed(at)
            wanted = next((s for s in loose if (chord.root + s) % 12 in allowed), 0)
        return (chord.root + wanted) % 12

    def _approach(self, at: Ticks, chord: Chord, *, is_strong: bool) -> int:
        """Return a step below or above the next chord's bass, from the side where the hand is."""
        coming = (
            self.stage.chord_at(self.stage.change_after(at))
            if self.stage.change_after(at) < self.stage.end
            else chord
        )
        goal = self.near(coming.bass, 0.5 * self.last_pitch + 0.5 * self.middle)
        allowed = {*chord.pitch_classes, chord.bass} if is_strong else self._near_notes(at)
        side = 1 if self.last_pitch > goal else -1
        options = [goal + side * d for d in (1, 2)] + [goal - side * d for d in (1, 2)]
        fitting = [p for p in options if p % 12 in allowed and self.book.low <= p <= self.book.high]
        fresh = [p for p in fitting if p != self.last_pitch]
        if fresh or fitting:
            return (fresh or fitting)[0]
        fifth = self._degree(at, chord, "5")
        return fifth if fifth != self.last_pitch else self._degree(at, chord, "3")

    def _near_notes(self, at: Ticks) -> set[int]:
        """Return the pitch classes that may lead into a chord: all twelve where the style likes half steps."""
        return set(range(12)) if self.stage.style.chromatic else self.stage.allowed(at)

    def _walk(self, at: Ticks, chord: Chord) -> int:
        """Return the next quarter of a walking line: an approach before a change, else a step towards the next root."""
        beat = self.stage.metre.beat_ticks
        offset = at - self.stage.bar_at(at).start
        change = self.stage.change_after(at)
        if change - at <= beat and change < self.stage.end:
            return self._approach(at, chord, is_strong=offset in self.stage.metre.strong_ticks())
        is_strong = offset in self.stage.metre.strong_ticks()
        allowed = {*chord.pitch_classes, chord.bass} if is_strong else self.stage.allowed(at)
        aim = self.near(self.stage.chord_at(min(change, self.stage.end - 1)).bass, self.last_pitch)
        up = aim > self.last_pitch or (aim == self.last_pitch and self.rng.random() < 0.5)
        if self.last_pitch > self.middle + WALK_TOP:
            up = False
        elif self.last_pitch < self.middle - WALK_TOP:
            up = True
        reach = range(1, 6) if up else range(-1, -6, -1)
        steps = [self.last_pitch + d for d in reach if (self.last_pitch + d) % 12 in allowed]
        inside = [p for p in steps if self.book.low <= p <= self.book.high]
        return inside[int(self.rng.random() < 0.25) % len(inside)] if inside else self.root(chord)

    def last(self, bar: Bar) -> list[Row]:
        """Return the last note: the final chord's bass, low, to the end or short as the style ends."""
        loud = velocity(BASE + self.book.loud, level=bar.level, weight=1.0)
        return [
            (onset, length, self.near(self.stage.chord_at(onset).bass, self.book.low + 4), loud)
            for onset, length in self.stage.closing()
        ]


def monophonic(rows: list[Row]) -> list[Row]:
    """Return the rows each cut where the next begins."""
    ordered = sorted(rows)
    ends = [row[0] for row in ordered[1:]] + [1 << 60]
    return [
        (on, min(length, end - on), pitch, loud)
        for (on, length, pitch, loud), end in zip(ordered, ends, strict=True)
        if end > on
    ]


def on_grid(sounding: Ticks, written: Ticks) -> Ticks:
    """Return a length on sixteenths where the written one is, so that pages stay readable."""
    step = TICKS_PER_QUARTER // 4
    if written % step:
        return written
    return min(written, max(step, round(sounding / step) * step))
