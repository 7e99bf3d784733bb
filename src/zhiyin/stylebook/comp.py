"""Chords: strokes, holds, anticipations, thumbs and scratches on voicings that move smoothly; pads; broken chords.

Conventions: one voicing a chord mark; a stroke held across a change is struck again; an anticipation sounds the chord
to come when its notes fit what still sounds. This module does not know tunes.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from zhiyin.stylebook.bass import on_grid
from zhiyin.stylebook.book import Pattern, PlayerBook
from zhiyin.stylebook.grid import parse_pattern, place
from zhiyin.stylebook.stage import Bar, Chooser, Row, Stage, velocity
from zhiyin.stylebook.voicings import Manner, Voicing, voice_path
from zhiyin.theory.instruments import find_instrument
from zhiyin.units import TICKS_PER_QUARTER, Ticks

BASE = 72
Stroke = tuple[Ticks, Ticks, str]  # in ticks of the piece


def play_comp(stage: Stage, book: PlayerBook, rng: np.random.Generator, *, most: int | None) -> list[Row]:
    """Return the rows of a part that plays chords; most: notes at once that were asked for."""
    return _Hands(stage, book, rng, most=most).play()


def play_arp(stage: Stage, book: PlayerBook, rng: np.random.Generator, *, most: int | None) -> list[Row]:
    """Return the rows of a part that breaks its chords."""
    return _Hands(stage, book, rng, most=most, is_broken=True).play()


class _Hands:
    """A player with voicings for every chord of the piece."""

    def __init__(
        self,
        stage: Stage,
        book: PlayerBook,
        rng: np.random.Generator,
        *,
        most: int | None,
        is_broken: bool = False,
    ) -> None:
        self.stage, self.book, self.rng, self.is_broken = stage, book, rng, is_broken
        voices = book.voices if is_broken else min(book.voices, most or book.voices)
        manner = Manner(book.voicing, voices, book.low, book.high)
        self.most = most
        self.path = voice_path([chord for _, chord in stage.plan.chords], manner)
        self.at_arp = 0

    def voicing(self, tick: Ticks) -> Voicing:
        """Return the voicing in force at a tick."""
        return self.path[self.stage.chord_index(tick)]

    def play(self) -> list[Row]:
        """Return the rows of the whole part."""
        chooser, strokes, rows = Chooser(self.rng), list[Stroke](), list[Row]()
        for bar in self.stage.bars:
            pattern = chooser.choose(self.book.patterns, bar)
            if pattern is None or pattern.is_rest or not self.book.plays(bar.kind, bar.level):
                continue
            if bar.number == len(self.stage.bars) - 1 and not self.stage.is_loop:
                rows += self._last(bar)
                continue
            strokes += self._strokes(bar, pattern)
        for stroke in _apart(strokes):
            bar = self.stage.bar_at(stroke[0])
            rows += self._broken(bar, *stroke) if self.is_broken else self._struck(bar, *stroke)
        return rows

    def _strokes(self, bar: Bar, pattern: Pattern) -> list[Stroke]:
        bars = parse_pattern(pattern.text)
        limit = self.stage.stop_ticks.get(bar.number, self.stage.end)
        found: list[Stroke] = []
        for tick, length, symbol in place(bars[bar.place % len(bars)], self.stage.metre):
            start = bar.start + tick
            end = min(start + length, limit, self._section_end(bar))
            if start < end and not self.stage.thins(bar, tick):
                found += self._cut(start, end, symbol)
        return found

    def _section_end(self, bar: Bar) -> Ticks:
        end = bar.start + (bar.bars - bar.place) * self.stage.metre.bar_ticks
        return end if self.stage.is_loop else min(end, self.stage.bars[-1].start)

    def _cut(self, start: Ticks, end: Ticks, symbol: str) -> list[Stroke]:
        """Return a stroke cut where chords change; what is held is struck again, an anticipation holds on."""
        ready = self._ahead(start) if symbol == "a" else start
        change = self.stage.change_after(ready)
        if change >= end:
            return [(start, end - start, symbol)]
        if symbol in "coltbf" or self.is_broken:
            return [(start, change - start, symbol)]
        return [(start, change - start, symbol), *self._cut(change, end, "x")]

    def _ahead(self, start: Ticks) -> Ticks:
        """Return the tick of the chord that an anticipation sounds: the next beat's, if its notes fit."""
        beat = self.stage.metre.beat_ticks
        coming = (start // beat + 1) * beat
        if self.stage.change_after(start) != coming or coming >= self.stage.bars[-1].start:
            return start
        tones = self.stage.chord_at(coming).pitch_classes
        return coming if set(tones) <= self.stage.allowed(start) else start

    def _struck(self, bar: Bar, start: Ticks, length: Ticks, symbol: str) -> list[Row]:
        weight = self.stage.metre.weight(start - bar.start)
        loud = velocity(BASE + self.book.loud, level=bar.level, weight=weight, symbol=symbol)
        if symbol in "bf":
            return [(start, length, self._thumb(start, symbol), loud)]
        voicing = self.voicing(self._ahead(start) if symbol == "a" else start)
        notes = {"t": voicing[-2:], "l": voicing[:2]}.get(symbol, voicing)
        sounding = on_grid(max(1, round(length * self.book.gate)), length)
        if symbol == "c":
            sounding = min(length, TICKS_PER_QUARTER // 4)
        return [(start, sounding, pitch, loud) for pitch in notes]

    def _thumb(self, start: Ticks, symbol: str) -> int:
        """Return the low root or fifth that a thumb or left hand plays under the chord."""
        chord = self.stage.chord_at(start)
        wanted = chord.bass
        if symbol == "f":
            fifth = next((s for s in (7, 6, 8) if (chord.root + s) % 12 in chord.pitch_classes), 0)
            wanted = (chord.root + fifth) % 12
        under = self.voicing(start)[0]
        low = max(self.book.low - 12, find_instrument(self.book.instrument).low)
        inside = [p for p in range(low, max(under, low + 12)) if p % 12 == wanted]
        return inside[-1] if len(inside) == 1 else min(inside, key=lambda p: abs(p - (under - 10)))

    def _broken(self, bar: Bar, start: Ticks, length: Ticks, symbol: str) -> list[Row]:
        voicing = self.voicing(start)
        index = self._next(len(voicing)) if symbol == "x" else int(symbol)
        octave, place_ = divmod(index, len(voicing))
        pitch = voicing[place_] + 12 * octave
        while pitch > self.book.high:
            pitch -= 12
        weight = self.stage.metre.weight(start - bar.start)
        loud = velocity(BASE + self.book.loud, level=bar.level, weight=weight)
        return [(start, on_grid(max(1, round(length * self.book.gate)), length), pitch, loud)]

    def _next(self, size: int) -> int:
        """Return the next place of an arpeggio over two octaves of the voicing, in the book's order."""
        span = 2 * size
        step = self.at_arp
        self.at_arp += 1
        if self.book.order == "random":
            return int(self.rng.integers(span))
        if self.book.order == "updown":
            turn = step % (2 * span - 2)
            return turn if turn < span else 2 * span - 2 - turn
        return step % span if self.book.order == "up" else span - 1 - step % span

    def _last(self, bar: Bar) -> list[Row]:
        """Return the last chords, as long as the style's ending."""
        loud = velocity(BASE + self.book.loud, level=bar.level, weight=1.0)
        return [
            (onset, length, pitch, loud)
            for onset, length in self.stage.closing()
            for pitch in self.voicing(onset)[-(self.most or 5) :]
        ]


def _apart(strokes: list[Stroke]) -> list[Stroke]:
    """Return the strokes none of which reaches into the next; a thumb may ring under what follows."""
    ordered = sorted(strokes)  # by onset
    found: list[Stroke] = []
    for one, two in pairwise(ordered):
        rings = one[2] in "bf" and two[2] not in "bf"
        found.append(one if rings else (one[0], min(one[1], two[0] - one[0]), one[2]))
    return [s for s in (*found, *ordered[-1:]) if s[1] > 0]
