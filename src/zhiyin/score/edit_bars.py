"""Bars taken out, put in, repeated, copied and swapped, with every mark, lock and controller that belongs to them.

Conventions: bars are 0-based, ranges inclusive; a note belongs to the bar in which it starts and keeps its length,
so that what is not edited stays as it was. A mark that was in force where a stretch begins is written there again.
This module does not read words and writes no music.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.score.edit_locks import refuse_locked
from zhiyin.score.note import Notes
from zhiyin.score.score import ChordMark, Control, KeyMark, Lock, MetreMark, Part, Score, Section, Tempo
from zhiyin.score.timeline import Timeline
from zhiyin.theory.metre import Metre
from zhiyin.units import Ticks

BarRange = tuple[int, int]
# Controllers that rest at 0 (pedals) or in the middle (bend) where nothing was said.
_RESTING = {64: 0, 66: 0, 67: 0, 128: 8192}
Mark = TypeVar("Mark", Tempo, KeyMark, ChordMark)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the new score: ticks [start, end) of the old one, or as many empty ticks."""

    start: Ticks
    end: Ticks
    is_blank: bool = False

    @property
    def length(self) -> Ticks:
        """Return its length in ticks."""
        return self.end - self.start


def delete_bars(score: Score, ranges: Sequence[BarRange]) -> Score:
    """Return the score without some bars; a note that would ring past the new end is cut there.

    Raises InvalidInput for bars that are not there, for all bars, or when they are locked.
    """
    edges = _edges(score)
    gone = sorted(_checked(ranges, edges))
    refuse_locked(score, None, [(edges[a], edges[b + 1]) for a, b in gone], what="delete")
    pieces, place = [], 0
    for first, last in gone:
        if first > place:
            pieces.append(Stretch(edges[place], edges[first]))
        place = max(place, last + 1)
    if place < len(edges) - 1:
        pieces.append(Stretch(edges[place], edges[-1]))
    if not pieces:
        raise InvalidInput(f"some bars must stay, got all {len(edges) - 1} to delete: name fewer bars")
    return _spliced(score, pieces, is_cut=True)


def insert_bars(score: Score, at: int, count: int) -> Score:
    """Return the score with `count` empty bars before bar `at` (the number of bars: at the end).

    They take the metre of the bar before them. Raises InvalidInput inside a locked stretch.
    """
    edges = _edges(score)
    if not 0 <= at < len(edges) or not 1 <= count <= 512:
        raise InvalidInput(
            f"bars to insert must be 1..512 before bar 1..{len(edges)}, got {count} before {at + 1}: change the numbers"
        )
    _refuse_inside(score, edges[at])
    metre = Timeline.of(score).metre_at(max(edges[at] - 1, 0))
    pieces = [Stretch(0, edges[at])] if at else []
    pieces.append(Stretch(0, count * metre.bar_ticks, is_blank=True))
    pieces += [Stretch(edges[at], edges[-1])] if at < len(edges) - 1 else []
    return _spliced(score, pieces)


def repeat_bars(score: Score, bars: BarRange, times: int = 1) -> Score:
    """Return the score with a stretch of bars heard `times` more times right after itself."""
    return copy_bars(score, bars, bars[1] + 1, times=times)


def copy_bars(score: Score, bars: BarRange, at: int, *, times: int = 1) -> Score:
    """Return the score with copies of a stretch of bars put before bar `at` (the number of bars: at the end)."""
    edges = _edges(score)
    ((first, last),) = _checked([bars], edges)
    if not 0 <= at < len(edges) or not 1 <= times <= 64:
        raise InvalidInput(
            f"copies must be 1..64 before bar 1..{len(edges)}, got {times} before {at + 1}: change the numbers"
        )
    _refuse_inside(score, edges[at])
    copies = [Stretch(edges[first], edges[last + 1])] * times
    before = [Stretch(0, edges[at])] if at else []
    after = [Stretch(edges[at], edges[-1])] if at < len(edges) - 1 else []
    return _spliced(score, [*before, *copies, *after])


def swap_bars(score: Score, one: BarRange, other: BarRange) -> Score:
    """Return the score with two stretches of bars in each other's place. Raises InvalidInput where they overlap."""
    edges = _edges(score)
    (a, b), (c, d) = sorted(_checked([one, other], edges))
    if c <= b:
        raise InvalidInput(
            f"bars to swap must not overlap, got {a + 1}-{b + 1} and {c + 1}-{d + 1}: name two stretches"
        )
    if any(lock.start < edges[d + 1] and lock.end > edges[a] for lock in score.locks):
        spans = [(edges[a], edges[b + 1]), (edges[c], edges[d + 1])]
        refuse_locked(score, None, spans, what="swap")
    order = ((0, a), (c, d + 1), (b + 1, c), (a, b + 1), (d + 1, len(edges) - 1))
    return _spliced(score, [Stretch(edges[x], edges[y]) for x, y in order if y > x])


def move_bars(score: Score, bars: BarRange, at: int) -> Score:
    """Return the score with a stretch of bars put before bar `at` of the score as it was, away from its old place."""
    edges = _edges(score)
    ((first, last),) = _checked([bars], edges)
    if not 0 <= at < len(edges) or first <= at <= last + 1:
        raise InvalidInput(
            f"bars to move must go to another place, got {first + 1}-{last + 1} before {at + 1}: name another bar"
        )
    _refuse_inside(score, edges[at])
    refuse_locked(score, None, [(edges[first], edges[last + 1])], what="move")
    low, high = min(first, at), max(last + 1, at)
    order = [(0, low), (first, last + 1), (at, first), (high, len(edges) - 1)]
    if at > last:
        order = [(0, first), (last + 1, at), (first, last + 1), (high, len(edges) - 1)]
    return _spliced(score, [Stretch(edges[x], edges[y]) for x, y in order if y > x])


def bars_after(kind: str, bars: int, ranges: Sequence[BarRange], *, at: int = 0, count: int = 1) -> list[int]:
    """Return for each bar after an edit of the form the bar it was before, -1 for an empty one.

    kind: delete, insert, copy, move or swap; count: empty bars, or copies.
    >>> bars_after("swap", 4, [(0, 0), (2, 3)])
    [2, 3, 1, 0]
    """
    every = list(range(bars))
    if kind == "delete":
        return [bar for bar in every if not any(a <= bar <= b for a, b in ranges)]
    if kind == "insert":
        return [*every[:at], *[-1] * count, *every[at:]]
    if kind == "copy":
        (a, b) = ranges[0]
        return [*every[:at], *every[a : b + 1] * count, *every[at:]]
    if kind == "move":
        (a, b) = ranges[0]
        rest = [bar for bar in every if not a <= bar <= b]
        place = at if at <= a else at - (b + 1 - a)
        return [*rest[:place], *every[a : b + 1], *rest[place:]]
    (a, b), (c, d) = sorted(ranges)
    return [*every[:a], *every[c : d + 1], *every[b + 1 : c], *every[a : b + 1], *every[d + 1 :]]


def _edges(score: Score) -> list[int]:
    """Return the first tick of each bar and the end of the last."""
    line = Timeline.of(score)
    edges: list[int] = line.bar_starts(line.bar_count(score.end)).tolist()
    return edges


def _checked(ranges: Sequence[BarRange], edges: list[int]) -> list[BarRange]:
    bars = len(edges) - 1
    for first, last in ranges:
        if not 0 <= first <= last < bars:
            raise InvalidInput(
                f"bars must lie in 1..{bars}, first before last, got {first + 1}-{last + 1}: name bars that are there"
            )
    return list(ranges)


def _refuse_inside(score: Score, tick: Ticks) -> None:
    """Raise InvalidInput when a tick lies inside a locked stretch: nothing may come between its notes."""
    inside = [lock for lock in score.locks if lock.start < tick < lock.end]
    if inside:
        refuse_locked(replace(score, locks=tuple(inside)), None, [(tick - 1, tick + 1)], what="put bars into")


def _spliced(score: Score, pieces: Sequence[Stretch], *, is_cut: bool = False) -> Score:
    """Return the score made of stretches in order; is_cut: no note rings past the new end."""
    pieces = [
        half for index, piece in enumerate(pieces) for half in _halves(piece, index, score.pickup_ticks)
    ]
    starts = np.cumsum([0, *(piece.length for piece in pieces)]).tolist()
    line, total = Timeline.of(score), starts[-1]
    whole = list(zip(pieces, starts, strict=False))
    fields: dict[str, Any] = {
        name: _states(getattr(score, name), whole) for name in ("tempos", "keys", "chords")
    }
    fields["pickup_ticks"] = score.pickup_ticks if pieces[0].start == 0 and not pieces[0].is_blank else 0
    metres = _metres(score, whole, fields["pickup_ticks"])
    if pieces[0].is_blank or pieces[0].start:
        fields["pickup_ticks"], metres = _as_pickup(metres)
    fields["metres"] = metres
    fields["sections"] = _sections(score.sections, whole)
    fields["locks"] = _locks(score.locks, whole)
    limit = total if is_cut and pieces[-1].end < line.bar_start(line.bar_count(score.end)) else None
    full = line.bar_start(line.bar_count(score.end))
    parts = tuple(_part(part, whole, limit, full) for part in score.parts)
    moved = replace(score, parts=parts, length_ticks=0, **fields)
    return replace(moved, length_ticks=_written_length(score, moved, pieces[-1], total))


def _halves(piece: Stretch, index: int, pickup: Ticks) -> list[Stretch]:
    """Return a stretch, or its pick-up and the rest where the pick-up no longer opens the piece."""
    if not index or piece.is_blank or piece.start or not 0 < pickup < piece.end:
        return [piece]
    return [Stretch(0, pickup), Stretch(pickup, piece.end)]


def _written_length(score: Score, moved: Score, last: Stretch, total: Ticks) -> Ticks:
    """Return the length that must be written so that no closing bar is lost, 0 where the notes reach it."""
    old, new = Timeline.of(score), Timeline.of(moved)
    full = old.bar_start(old.bar_count(score.end))
    if not last.is_blank and last.end == full:
        return score.length_ticks + total - full if score.length_ticks else 0
    return total if new.bar_count(moved.end) < new.bar_count(total) else 0


def _is_natural(whole: Sequence[tuple[Stretch, Ticks]], index: int) -> bool:
    """Return whether a stretch follows what came before it in the old score, empty bars between them or not."""
    piece = whole[index][0]
    before = [one for one, _ in whole[:index] if not one.is_blank]
    return bool(before and before[-1].end == piece.start) or (not before and piece.start == 0)


def _states(marks: Sequence[Mark], whole: Sequence[tuple[Stretch, Ticks]]) -> tuple[Mark, ...]:
    """Return marks of a state (tempo, key, chord) in the new order; one that changes at a joint is written there."""
    found: list[Mark] = []
    for index, (piece, start) in enumerate(whole):
        if piece.is_blank:
            continue
        inside = [
            replace(m, tick=m.tick - piece.start + start) for m in marks if piece.start <= m.tick < piece.end
        ]
        if not _is_natural(whole, index):
            force = next((m for m in reversed(marks) if m.tick <= piece.start), None)
            now = found[-1] if found else None
            head: list[Mark] = _restated(force, now, start)
            inside = head + [m for m in inside if m.tick > start]
        found += inside
    return tuple(found)


def _restated(force: Mark | None, now: Mark | None, tick: Ticks) -> list[Mark]:
    if force is None:
        is_sounding = isinstance(now, ChordMark) and now.chord is not None
        return [replace(now, tick=tick, chord=None)] if is_sounding and now is not None else []  # type: ignore[call-arg]
    if now is None and isinstance(force, ChordMark) and force.chord is None:
        return []
    is_same = now is not None and replace(now, tick=force.tick) == force
    return [] if is_same else [replace(force, tick=tick)]


def _metres(score: Score, whole: Sequence[tuple[Stretch, Ticks]], pickup: Ticks) -> tuple[MetreMark, ...]:
    """Return the metres in the new order; a joint off the bar line of the metre before it begins a bar anew."""
    found: list[MetreMark] = []
    for index, (piece, start) in enumerate(whole):
        here = _metre_of(score, piece, whole, index)
        if not found or found[-1].metre != here or not _on_bar_line(found, start, pickup):
            found.append(MetreMark(start, here))
        if not piece.is_blank:
            found += [
                MetreMark(m.tick - piece.start + start, m.metre)
                for m in score.metres if piece.start < m.tick < piece.end
            ]  # fmt: skip
    return tuple(found)


def _as_pickup(marks: tuple[MetreMark, ...]) -> tuple[Ticks, tuple[MetreMark, ...]]:
    """Return a short first bar, which a metre said again cut off, as a pick-up of its length."""
    is_short = (
        len(marks) > 1 and marks[0].metre == marks[1].metre and marks[1].tick < marks[0].metre.bar_ticks
    )
    return (marks[1].tick, (marks[0], *marks[2:])) if is_short else (0, marks)


def _metre_of(score: Score, piece: Stretch, whole: Sequence[tuple[Stretch, Ticks]], index: int) -> Metre:
    if not piece.is_blank:
        return Timeline.of(score).metre_at(piece.start)
    tick = whole[index - 1][0].end - 1 if index else 0
    return Timeline.of(score).metre_at(tick)


def _on_bar_line(marks: Sequence[MetreMark], tick: Ticks, pickup: Ticks) -> bool:
    line = Timeline((Tempo(0, 120.0),), tuple(marks), pickup)
    return line.bar_start(int(line.bar_of(tick))) == tick


def _sections(marks: Sequence[Section], whole: Sequence[tuple[Stretch, Ticks]]) -> tuple[Section, ...]:
    found: list[Section] = []
    for index, (piece, start) in enumerate(whole):
        if piece.is_blank:
            continue
        inside = [
            Section(m.tick - piece.start + start, m.name) for m in marks if piece.start <= m.tick < piece.end
        ]
        force = next((m for m in reversed(marks) if m.tick <= piece.start), None)
        is_new = (
            force is not None and force.tick < piece.start and (not found or found[-1].name != force.name)
        )
        if is_new and force is not None and not _is_natural(whole, index):
            inside = [Section(start, force.name), *inside]
        found += inside
    return tuple(found)


def _locks(locks: Sequence[Lock], whole: Sequence[tuple[Stretch, Ticks]]) -> tuple[Lock, ...]:
    """Return the locks where their bars went; a copy of locked bars is free."""
    found: list[Lock] = []
    for lock in locks:
        seen: list[tuple[int, int]] = []
        pieces: list[Lock] = []
        for piece, start in whole:
            low, high = max(lock.start, piece.start), min(lock.end, piece.end)
            if piece.is_blank or high <= low or any(a < high and low < b for a, b in seen):
                continue
            seen.append((low, high))
            pieces.append(replace(lock, start=low - piece.start + start, end=high - piece.start + start))
        found += _joined(sorted(pieces, key=lambda one: one.start))
        if lock.end > max(piece.end for piece, _ in whole if not piece.is_blank) and not pieces:
            found.append(lock)
    return tuple(found)


def _joined(locks: list[Lock]) -> list[Lock]:
    found: list[Lock] = []
    for lock in locks:
        if found and found[-1].end == lock.start:
            found[-1] = replace(found[-1], end=lock.end)
        else:
            found.append(lock)
    return found


def _part(part: Part, whole: Sequence[tuple[Stretch, Ticks]], limit: Ticks | None, full: Ticks) -> Part:
    pieces = []
    for piece, start in whole:
        if not piece.is_blank:
            inside = part.notes.between(piece.start, piece.end)
            pieces.append(inside.with_columns(onset=inside.onset - piece.start + start))
    notes = _concat(part.notes, pieces)
    if limit is not None and len(notes):
        notes = notes.with_columns(duration=np.minimum(notes.duration, limit - notes.onset))
    return replace(part, notes=notes, controls=_controls(part.controls, whole, full))


def _concat(old: Notes, pieces: Sequence[Notes]) -> Notes:
    """Return the pieces as one, or no notes with the same columns where all are empty."""
    return Notes.concat(pieces) if any(len(piece) for piece in pieces) else old.take(np.zeros(len(old), bool))


def _controls(
    controls: Sequence[Control], whole: Sequence[tuple[Stretch, Ticks]], full: Ticks
) -> tuple[Control, ...]:
    """Return controllers in the new order; pedals, bends and levels that differ at a joint are set there.

    What stands at or after the end of the last bar (`full`) stays behind it; a pedal let go at the new end is kept.
    """
    found: list[Control] = []
    for index, (piece, start) in enumerate(whole):
        if piece.is_blank:
            continue
        is_last = index == len(whole) - 1
        inside = [
            replace(c, tick=c.tick - piece.start + start)
            for c in controls
            if piece.start <= c.tick < piece.end
            or (piece.end == full <= c.tick)
            or (is_last and c.tick == piece.end and c.value == _RESTING.get(c.number))
        ]
        if not _is_natural(whole, index):
            told = {c.number for c in inside if c.tick == start}
            for number in sorted({c.number for c in controls} - told):
                wanted = _value_at(controls, number, piece.start)
                now = _value_at(found, number, start)
                if wanted is not None and wanted != now:
                    found.append(Control(start, number, wanted))
        found += inside
    return tuple(found)


def _value_at(controls: Sequence[Control], number: int, tick: Ticks) -> int | None:
    before = [c for c in controls if c.number == number and c.tick <= tick]
    return before[-1].value if before else _RESTING.get(number)
