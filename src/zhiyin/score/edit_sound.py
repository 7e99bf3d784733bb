"""Loudness, length and tempo changed by rule: levels, swells, legato, staccato, a grid, faster, slower, by and by.

Conventions: velocities 1..127; bars 0-based and inclusive; tempo changes hold inside their bars alone.
This module moves no pitch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.score.edit_locks import bar_spans, refuse_locked
from zhiyin.score.edit_parts import check_parts, rows_in
from zhiyin.score.note import Notes
from zhiyin.score.score import Score, Tempo
from zhiyin.score.timeline import Timeline
from zhiyin.units import TICKS_PER_QUARTER, Bpm, IntArray, Ticks

BarRange = tuple[int, int]
Span = tuple[Ticks, Ticks]
# Velocities of the written levels, the middle of each band of 16.
LEVELS = {"ppp": 16, "pp": 32, "p": 48, "mp": 64, "mf": 80, "f": 96, "ff": 112, "fff": 127}
SHORT = 0.5  # of its length a staccato note sounds
SHORTEST = TICKS_PER_QUARTER // 8
FULL_CHORD = TICKS_PER_QUARTER // 12  # notes that start closer than this are struck together


def add_velocity(score: Score, parts: Sequence[int], amount: int, *, ranges: Sequence[BarRange]) -> Score:
    """Return the score with the notes of some bars of some parts louder or softer by an amount; 1..127 holds."""
    return _velocities(score, parts, ranges, lambda notes, span: notes.velocity + amount)


def scale_velocity(score: Score, parts: Sequence[int], factor: float, *, ranges: Sequence[BarRange]) -> Score:
    """Return the score with the velocities of some bars of some parts multiplied by a factor."""
    return _velocities(
        score, parts, ranges, lambda notes, span: np.rint(notes.velocity * factor).astype(np.int64)
    )


def set_level(score: Score, parts: Sequence[int], level: str, *, ranges: Sequence[BarRange]) -> Score:
    """Return the score with a stretch brought to a level (ppp..fff) on the mean; accents stay as far above it."""
    if level not in LEVELS:
        raise InvalidInput(f"level must be one of {', '.join(LEVELS)}, got {level!r}: name one of these")

    def moved(notes: Notes, span: Span) -> IntArray:
        shifted: IntArray = notes.velocity + round(LEVELS[level] - float(notes.velocity.mean()))
        return shifted

    return _velocities(score, parts, ranges, moved)


def swell(score: Score, parts: Sequence[int], amount: int, *, ranges: Sequence[BarRange]) -> Score:
    """Return the score with a crescendo (amount > 0) or diminuendo: nothing at the start, the amount at the end."""

    def grown(notes: Notes, span: Span) -> IntArray:
        share = (notes.onset - span[0]) / (span[1] - span[0])
        louder: IntArray = notes.velocity + np.rint(amount * share).astype(np.int64)
        return louder

    return _velocities(score, parts, ranges, grown)


def _velocities(
    score: Score, parts: Sequence[int], ranges: Sequence[BarRange], change: Callable[[Notes, Span], IntArray]
) -> Score:
    def louder(notes: Notes, span: Span) -> Notes:
        return notes.with_columns(velocity=np.clip(change(notes, span), 1, 127))

    return _edited(score, parts, ranges, change=louder, what="change the loudness of", touches=())


def _edited(
    score: Score,
    parts: Sequence[int],
    ranges: Sequence[BarRange],
    *,
    change: Callable[[Notes, Span], Notes],
    what: str,
    touches: Sequence[str] = ("rhythm",),
) -> Score:
    """Return the score with the notes that start in each stretch of each part passed through a function."""
    check_parts(score, parts)
    spans = bar_spans(score, ranges)
    refuse_locked(score, parts, spans, what=what, touches=touches)
    changed = list(score.parts)
    for index in set(parts):
        notes = changed[index].notes
        for span in spans:
            inside = rows_in(notes, [span])
            if inside.any():
                notes = Notes.concat([notes.take(~inside), change(notes.take(inside), span)])
        changed[index] = changed[index].with_notes(notes)
    return score.with_parts(changed)


def staccato(score: Score, parts: Sequence[int], ranges: Sequence[BarRange]) -> Score:
    """Return the score with the notes of some bars of some parts half as long, yet no shorter than a 32nd."""

    def shorter(notes: Notes, span: Span) -> Notes:
        half = np.maximum((notes.duration * SHORT).astype(np.int64), SHORTEST)
        return notes.with_columns(duration=np.minimum(half, notes.duration))

    kept = _edited(score, parts, ranges, change=shorter, what="shorten")
    return replace(kept, length_ticks=score.end) if kept.end < score.end else kept


def legato(score: Score, parts: Sequence[int], ranges: Sequence[BarRange]) -> Score:
    """Return the score with each note of some bars of some parts held until the next attack of its voice.

    The last attack of a stretch is held no further than the stretch, and no note becomes shorter.
    """

    def joined(notes: Notes, span: Span) -> Notes:
        duration = notes.duration.copy()
        voices = notes.voice if notes.voice is not None else np.zeros(len(notes), np.int64)
        for voice in np.unique(voices):
            rows = np.flatnonzero(voices == voice)
            attacks = np.append(np.unique(notes.onset[rows]), min(span[1], score.end))
            nearest = np.searchsorted(attacks, notes.onset[rows] + FULL_CHORD, side="right")
            until = attacks[np.minimum(nearest, len(attacks) - 1)]
            duration[rows] = np.maximum(duration[rows], until - notes.onset[rows])
        return notes.with_columns(duration=duration)

    return _edited(score, parts, ranges, change=joined, what="lengthen")


def to_grid(score: Score, parts: Sequence[int], value: int, *, ranges: Sequence[BarRange]) -> Score:
    """Return the score with the onsets of some bars of some parts on the grid of a note value (16: sixteenths).

    Bars are the grid's origin; lengths stay. Raises InvalidInput for another value than 4, 8, 16 or 32.
    """
    if value not in (4, 8, 12, 16, 24, 32):
        raise InvalidInput(
            f"grid must be 4, 8, 12, 16, 24 or 32 (notes of 1/n), got {value}: choose one of these"
        )
    step, line = 4 * TICKS_PER_QUARTER // value, Timeline.of(score)

    def snapped(notes: Notes, span: Span) -> Notes:
        bars = line.bar_of(notes.onset)
        start = line.bar_starts(int(bars.max()) + 1)[bars]
        onset = start + (notes.onset - start + step // 2) // step * step
        return notes.with_columns(onset=onset)

    return _edited(score, parts, ranges, change=snapped, what="quantise")


def scale_tempo_in(score: Score, factor: float, ranges: Sequence[BarRange]) -> Score:
    """Return the score faster (factor > 1) or slower in some bars; what follows keeps its tempo."""
    return _tempos(score, ranges, lambda mark: Tempo(mark.tick, mark.bpm * factor))


def set_tempo_in(score: Score, bpm: Bpm, ranges: Sequence[BarRange]) -> Score:
    """Return the score at one tempo at the start of some bars; changes inside them keep their proportion."""
    for span in bar_spans(score, ranges):
        now = _bpm_at(score.tempos, span[0])
        score = _in_spans(score, [span], lambda mark, now=now: Tempo(mark.tick, bpm * mark.bpm / now))  # type: ignore[misc]
    return score


def bend_tempo(score: Score, factor: float, ranges: Sequence[BarRange]) -> Score:
    """Return the score that speeds up or slows down beat by beat over some bars, to a factor of its tempo."""
    spans = bar_spans(score, ranges)
    _refuse_locked_tempo(score, spans)
    marks, end = list(score.tempos), score.end
    for start, stop in spans:
        beats = np.arange(start, stop, Timeline.of(score).metre_at(start).beat_ticks)
        curve = [
            Tempo(int(tick), _bpm_at(score.tempos, int(tick)) * (1 + (factor - 1) * (index + 1) / len(beats)))
            for index, tick in enumerate(beats)
        ]
        after = [Tempo(stop, _bpm_at(score.tempos, stop))] if stop < end else []
        marks = [mark for mark in marks if not start <= mark.tick <= stop] + curve + after
    return replace(score, tempos=tuple(marks))


def _tempos(score: Score, ranges: Sequence[BarRange], change: Callable[[Tempo], Tempo]) -> Score:
    return _in_spans(score, bar_spans(score, ranges), change)


def _in_spans(score: Score, spans: Sequence[Span], change: Callable[[Tempo], Tempo]) -> Score:
    _refuse_locked_tempo(score, spans)
    marks: dict[Ticks, Tempo] = {mark.tick: mark for mark in score.tempos}
    for start, stop in spans:
        for tick in (start, stop):
            if tick < score.end or tick == start:
                marks.setdefault(tick, Tempo(tick, _bpm_at(score.tempos, tick)))
    inside = {tick for tick in marks if any(start <= tick < stop for start, stop in spans)}
    return replace(score, tempos=tuple(change(m) if t in inside else m for t, m in sorted(marks.items())))


def _refuse_locked_tempo(score: Score, spans: Sequence[Span]) -> None:
    """Raise InvalidInput where all parts are locked; a lock on one part leaves the tempo free."""
    whole = replace(score, locks=tuple(lock for lock in score.locks if lock.part == -1))
    refuse_locked(whole, None, spans, what="change the tempo of", touches=())


def _bpm_at(marks: Sequence[Tempo], tick: Ticks) -> Bpm:
    return next(mark.bpm for mark in reversed(marks) if mark.tick <= tick)


def taken_from(
    score: Score, play: Callable[[Score], Score], parts: Sequence[int], *, ranges: Sequence[BarRange]
) -> Score:
    """Return the score with the notes of some bars of some parts as a function that only moves notes plays them.

    Onset, length and loudness are taken; pitches, marks and controllers stay. Raises InvalidInput when the function
    adds or loses notes.
    """
    check_parts(score, parts)
    spans = bar_spans(score, ranges)
    refuse_locked(score, parts, spans, what="play otherwise", touches=("rhythm",))
    # Rows are numbered, since a moved note may stand in another row.
    rows = [
        part.with_notes(part.notes.with_columns(origin=np.arange(len(part.notes)))) for part in score.parts
    ]
    played = play(score.with_parts(rows))
    changed = list(score.parts)
    for index in set(parts):
        own, other = score.parts[index].notes, played.parts[index].notes
        if len(own) != len(other) or other.origin is None:
            raise InvalidInput(
                f"a reading must have the same notes, got {len(other)} for {len(own)}: play them all"
            )
        place = np.argsort(other.origin, kind="stable")
        inside = rows_in(own, spans)
        columns = {
            name: np.where(inside, getattr(other, name)[place], getattr(own, name))
            for name in ("onset", "duration", "velocity")
        }
        changed[index] = score.parts[index].with_notes(own.with_columns(**columns))
    return score.with_parts(changed)
