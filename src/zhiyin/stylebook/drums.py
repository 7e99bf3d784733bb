"""Drums: grooves by section and level, fills where phrases end, crashes where sections begin, the last stroke.

Conventions: rows are drum names; hits last a sixteenth, cymbals a quarter, as recordings of drummers are read.
This module does not know chords.
"""

from __future__ import annotations

import numpy as np

from zhiyin.stylebook.book import Pattern, PlayerBook
from zhiyin.stylebook.feel import loudness
from zhiyin.stylebook.grid import beats_of, parse_pattern, place
from zhiyin.stylebook.kit import CYMBALS, DRUMS, key_of, keys_of
from zhiyin.stylebook.stage import Bar, Chooser, Row, Stage, velocity
from zhiyin.units import TICKS_PER_QUARTER, Ticks

HIT = TICKS_PER_QUARTER // 4
BASE = {
    "kick": 96,
    "snare": 96,
    "clap": 94,
    "hat": 76,
    "ride": 78,
    "shaker": 62,
    "cabasa": 62,
    "tamb": 66,
    "crash": 104,
}
OTHER = 86
_ROLLS = {"r": 2, "t": 3}
_LOUD_HATS = ("hat", "ride", "open", "shaker", "pedal", "cabasa", "crash")


def play_drums(stage: Stage, book: PlayerBook, rng: np.random.Generator) -> list[Row]:
    """Return the rows of a drum part, every bar in which the book has a groove for it."""
    chooser, instrument = Chooser(rng), book.instrument
    rows: list[Row] = []
    crash_next = False
    for bar in stage.bars:
        pattern = chooser.choose(book.patterns, bar)
        if pattern is None or not book.plays(bar.kind, bar.level):
            crash_next = False
            continue
        if bar.number == len(stage.bars) - 1 and not stage.is_loop:
            rows += _last_bar(stage, book, bar, instrument)
            continue
        fill = _fill_of(stage, book, bar, chooser, rng)
        crash = bar.level >= stage.style.crash and (crash_next or (bar.place == 0 and bar.number > 0))
        rows += _bar(stage, bar, pattern, fill, instrument, crash=crash)
        crash_next = fill is not None and bar.level >= 4
    return rows


def _fill_of(
    stage: Stage, book: PlayerBook, bar: Bar, chooser: Chooser, rng: np.random.Generator
) -> Pattern | None:
    """Return the fill of a bar that ends a phrase: always at a section's end, now and then within it."""
    if bar.number in stage.stop_ticks or bar.bars < 2:
        return None
    at_end = bar.is_last
    inside = (bar.place + 1) % stage.style.fill_every == 0
    if not at_end and not (inside and rng.random() < 0.75):
        return None
    return chooser.choose(book.fills, bar, salt=1 + bar.number)


def _bar(
    stage: Stage, bar: Bar, groove: Pattern, fill: Pattern | None, instrument: str, *, crash: bool
) -> list[Row]:
    limit = stage.stop_ticks.get(bar.number, bar.start + stage.metre.bar_ticks)
    if fill is None:
        rows = _strokes(stage, bar, groove, instrument, low=bar.start, high=limit)
    else:
        cut = bar.start + _keep_ticks(stage, fill)
        rows = _strokes(stage, bar, groove, instrument, low=bar.start, high=cut)
        rows += _strokes(stage, bar, fill, instrument, low=cut, high=limit)
    if crash:
        rows = _with_crash(rows, bar, instrument)
    return rows


def _keep_ticks(stage: Stage, fill: Pattern) -> Ticks:
    """Return how long the groove goes on before a fill: its beats, as far as the metre has them."""
    beats = beats_of(stage.metre)
    index = round(fill.keep / 4 * len(beats))
    return beats[index].tick if index < len(beats) else stage.metre.bar_ticks


def _strokes(
    stage: Stage, bar: Bar, pattern: Pattern, instrument: str, *, low: Ticks, high: Ticks
) -> list[Row]:
    rows: list[Row] = []
    keys = keys_of([name for name, _ in pattern.rows], instrument)
    for name, text in pattern.rows:
        if name not in keys:
            continue
        key = keys[name]
        bars = parse_pattern(text)
        for tick, length, symbol in place(bars[bar.place % len(bars)], stage.metre):
            if low <= bar.start + tick < high and not stage.thins(bar, tick):
                rows += _hits(stage, bar, name, key, tick, length, symbol)
    return rows


def _hits(stage: Stage, bar: Bar, name: str, key: int, tick: Ticks, length: Ticks, symbol: str) -> list[Row]:
    count = _ROLLS.get(symbol, 1)
    step = min(length, HIT) // count
    # Hats keep quiet time: only the louder half of the weights marks them.
    weight = stage.metre.weight(tick) * (0.6 if name in _LOUD_HATS else 1.0)
    human = loudness(stage.style.feel, name, tick)
    base = BASE.get(name, OTHER) + human
    loud = velocity(base, level=bar.level, weight=weight, symbol=symbol)
    size = TICKS_PER_QUARTER if key in CYMBALS else (step if count > 1 else HIT)
    return [(bar.start + tick + i * step, size, key, max(18, loud - 6 * (i % 2))) for i in range(count)]


def _with_crash(rows: list[Row], bar: Bar, instrument: str) -> list[Row]:
    crash = key_of("crash", instrument)
    if crash is None:
        return rows
    hats = {DRUMS["hat"], DRUMS["ride"], DRUMS["pedal"], DRUMS["open"]}
    kept = [row for row in rows if row[0] != bar.start or row[2] not in hats]
    loud = velocity(BASE["crash"], level=bar.level, weight=0.6)
    return [*kept, (bar.start, TICKS_PER_QUARTER, crash, loud)]


def _last_bar(stage: Stage, book: PlayerBook, bar: Bar, instrument: str) -> list[Row]:
    """Return the last stroke: kick and cymbal on one; small percussion strikes what it has."""
    names = ("kick", "crash") if stage.style.ending != "cut" else ("kick", "hat")
    keys = [key for key in (key_of(name, instrument) for name in names) if key is not None]
    if not keys:
        first = next(c.patterns[0] for c in book.patterns.cases if c.patterns)
        keys = list(keys_of([name for name, _ in first.rows], instrument).values())[:1]
    loud = velocity(96, level=bar.level, weight=1.0)
    onsets = [onset for onset, _ in stage.closing()]
    size = {key: 2 * TICKS_PER_QUARTER if key in CYMBALS else HIT for key in keys}
    return [(onset, min(size[key], stage.end - onset), key, loud) for onset in onsets for key in keys]
