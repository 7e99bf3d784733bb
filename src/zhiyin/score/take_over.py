"""Taking over: some bars, parts or one aspect of a take put into the score it was made from.

Conventions: parts are matched by place and name, parts that only the take has are added when they are asked for; a note
belongs to the bar of its onset. This module judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.score.edit import with_shared_provenance
from zhiyin.score.note import Notes
from zhiyin.score.score import ChordMark, Part, Score
from zhiyin.score.timeline import Timeline
from zhiyin.units import BoolArray, IntArray

ASPECTS = ("all", "rhythm", "pitch", "harmony")


def take_over(
    before: Score, take: Score, *, parts: Iterable[int], bars: Iterable[int], aspect: str = "all"
) -> Score:
    """Return the score with bars of parts (indices into the take) as a take has them; all else stays as it is.

    aspect: all; rhythm or pitch (the other one stays; each bar must hold as many notes as before); harmony (chord marks
    alone). Raises InvalidInput when parts do not match or an aspect cannot be told apart.
    """
    if aspect not in ASPECTS:
        raise InvalidInput(f"aspect must be one of {', '.join(ASPECTS)}, got {aspect!r}: choose one")
    before, take = with_shared_provenance((before, take))
    wanted, line = np.array(sorted(set(bars)), np.int64), Timeline.of(take)
    result = list(before.parts)
    for index in sorted(set(parts)) if aspect != "harmony" else ():
        if index >= len(result):
            result.append(_added(take.parts[index], line, wanted))
            continue
        own, new = result[index], take.parts[index]
        if (own.name, own.is_drums) != (new.name, new.is_drums):
            raise InvalidInput(
                f"part {index + 1} must be the same in both scores, got {own.name!r} and {new.name!r}: "
                "take over from a take of this very score"
            )
        result[index] = own.with_notes(_joined(own.notes, new.notes, line, wanted, aspect))
    chords = before.chords
    if aspect in ("all", "harmony") and before.chords != take.chords:
        chords = _chords(before, take, line, wanted)
    end = (
        max(before.length_ticks, line.bar_start(int(wanted[-1]) + 1))
        if before.length_ticks and wanted.size
        else 0
    )
    return replace(before, parts=tuple(result), chords=chords, length_ticks=end or before.length_ticks)


def _inside(notes: Notes, line: Timeline, bars: IntArray) -> BoolArray:
    inside: BoolArray = np.isin(line.bar_of(notes.onset), bars)
    return inside


def _added(part: Part, line: Timeline, bars: IntArray) -> Part:
    return part.with_notes(part.notes.take(_inside(part.notes, line, bars)))


def _joined(own: Notes, new: Notes, line: Timeline, bars: IntArray, aspect: str) -> Notes:
    kept, taken = own.take(~_inside(own, line, bars)), new.take(_inside(new, line, bars))
    if aspect == "all":
        return Notes.concat([kept, taken])
    old = own.take(_inside(own, line, bars))
    numbers = [
        np.bincount(np.searchsorted(bars, line.bar_of(n.onset)), minlength=bars.size) for n in (old, taken)
    ]
    if not np.array_equal(numbers[0], numbers[1]):
        at = int(np.flatnonzero(numbers[0] != numbers[1])[0])
        raise InvalidInput(
            f"to take over {aspect} alone a bar must hold as many notes as before, got {numbers[0][at]} and "
            f"{numbers[1][at]} in bar {bars[at] + 1}: take over all of it, or other bars"
        )
    if aspect == "pitch":
        return Notes.concat(
            [kept, old.with_columns(pitch=taken.pitch, spelling=taken.spelling, origin=taken.origin)]
        )
    mixed = taken.with_columns(pitch=old.pitch, spelling=old.spelling, origin=taken.origin)
    return Notes.concat([kept, mixed])


def _chords(before: Score, take: Score, line: Timeline, bars: IntArray) -> tuple[ChordMark, ...]:
    """Return the chord marks with those of some bars from the take; what was in force behind them goes on."""
    edges = line.bar_starts(int(bars[-1]) + 1) if bars.size else np.zeros(1, np.int64)
    marks = {m.tick: m.chord for m in before.chords if int(line.bar_of(m.tick)) not in bars}
    marks |= {m.tick: m.chord for m in take.chords if int(line.bar_of(m.tick)) in bars}
    for bar in bars.tolist():
        start, end = int(edges[bar]), int(edges[bar + 1])
        if start not in marks and (found := [m.chord for m in take.chords if m.tick <= start]):
            marks[start] = found[-1]
        if bar + 1 not in bars and end not in marks and end < before.end:
            was = [m.chord for m in before.chords if m.tick <= end]
            marks[end] = was[-1] if was else None
    ordered = [ChordMark(tick, marks[tick]) for tick in sorted(marks)]
    return tuple(m for i, m in enumerate(ordered) if i == 0 or m.chord != ordered[i - 1].chord)
