"""The grid of performed music: each note at its place in its beat, and the map back to when it was played.

Conventions: frame ticks are exact divisions of the beat, multiples of a step of the 24 a quarter; onsets never
change order; the score given is not touched. This module does not find beats: see `zhiyin.analysis.beats`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from zhiyin.analysis.beats import FoundBeats, find_beats, is_performed
from zhiyin.analysis.beats_events import Events, events_of
from zhiyin.score import ChordMark, KeyMark, MetreMark, Notes, Part, Score, Section, Tempo, Timeline
from zhiyin.score.quantise import snap
from zhiyin.score.warp import Warp
from zhiyin.theory.metre import Metre
from zhiyin.units import MAX_BPM, MIN_BPM, TICKS_PER_QUARTER, FloatArray, IntArray, Ticks

Mark = TypeVar("Mark", KeyMark, ChordMark, Section)

# What a way to split a beat costs, in nats beside squared deviations; simple rhythms first.
SIMPLE_COSTS = {1: 0.0, 2: 0.7, 4: 2.0, 3: 2.5, 6: 5.5, 8: 6.0}
COMPOUND_COSTS = {1: 0.0, 3: 0.7, 6: 2.0, 2: 3.5, 4: 5.0, 12: 6.0}
CLASH_COST = 3.0  # two moments on one place
MOST_COST = 8.0  # of one moment off its place: an ornament, not a rhythm
SHORTEST_TICKS = TICKS_PER_QUARTER // 8
LEGATO_SHARE, LEGATO_S = 0.4, 0.15  # an end this near the next onset meets it: share of the gap; most overlap


@dataclass(frozen=True, eq=False)
class OnGrid:
    """A score on the grid of its beats.

    frame: the notes on the grid, tempo and metre marks from the beats; warp: frame ticks to own ticks;
    rows: for each part, the row of the frame's notes that each own note became (two share one only where they
    fell on one place and pitch); beats: what it rests on.
    """

    frame: Score
    warp: Warp
    rows: tuple[IntArray, ...]
    beats: FoundBeats


@dataclass(frozen=True, eq=False)
class _Frame:
    """Beats on both axes: time_s and ticks (beats,), and the number of places that each beat splits in."""

    time_s: FloatArray
    ticks: IntArray
    parts: IntArray

    def places(self, time_s: FloatArray, parts: IntArray) -> IntArray:
        """Return the nearest place of each time, beats split in `parts` (one a time)."""
        span, inside = self.phase(time_s)
        length = np.diff(self.ticks)[span]
        return self.ticks[span] + np.rint(np.rint(inside * parts) * length / parts).astype(np.int64)

    def phase(self, time_s: FloatArray) -> tuple[IntArray, FloatArray]:
        """Return (beat, place in it 0..1) of times; outside the beats the first and last go on."""
        span = np.clip(np.searchsorted(self.time_s, time_s, side="right") - 1, 0, self.time_s.size - 2)
        return span, (time_s - self.time_s[span]) / np.diff(self.time_s)[span]


def to_grid(score: Score, *, beats: FoundBeats | None = None) -> OnGrid:
    """Return the score on the grid of its beats; one written on its grid comes back as it is.

    Notes about the written grid (played to a click) keep its beats, bars and tempos; notes apart from it get
    those found by `find_beats`, or the ones given.
    >>> to_grid(Score()).warp.is_identity
    True
    """
    beats = beats or find_beats(score, kind=is_performed(score).kind)
    if beats.kind == "written" or not score.note_count:
        return OnGrid(score, Warp(), tuple(np.arange(len(p.notes)) for p in score.parts), beats)
    events, line = events_of(score), Timeline.of(score)
    own_s = line.ticks_to_seconds(beats.beat_ticks)
    bare = _Frame(own_s, _frame_ticks(beats), np.empty(0, np.int64))
    frame = replace(bare, parts=split_beats(events, bare, beats.metre))
    moments = np.maximum.accumulate(frame.places(events.time_s, frame.parts[frame.phase(events.time_s)[0]]))
    moments = np.maximum(moments, frame.ticks[0])
    crop = min(int(moments[0]), int(frame.ticks[1])) if beats.beat_ticks[0] < 0 else 0
    parts, rows = _parts(score, events, frame, moments)
    if beats.kind == "click":
        return OnGrid(score.with_parts(parts), Warp(), rows, beats)
    return _reframed(score, parts, rows, beats, frame.ticks, crop)


def _frame_ticks(beats: FoundBeats) -> IntArray:
    if beats.kind == "click":
        return beats.beat_ticks
    return np.arange(beats.beat_ticks.size) * beats.metre.beat_ticks


def split_beats(events: Events, frame: _Frame, metre: Metre) -> IntArray:
    """Return into how many places each beat is split, by least cost; the second pass knows what the first found."""
    costs = COMPOUND_COSTS if metre.is_compound else SIMPLE_COSTS
    span, inside = frame.phase(events.time_s)
    period_s = np.diff(frame.time_s)
    kinds = np.array(list(costs))
    table = np.array([_cost(span, inside, period_s, kind) for kind in costs]).T  # (beats, kinds)
    prior: FloatArray = np.array(list(costs.values()), np.float64)
    is_odd = np.array([kind % 3 == 0 for kind in costs])
    found = kinds[(table + prior).argmin(1)]
    odd, even = np.count_nonzero(found % 3 == 0), np.count_nonzero((found % 3 != 0) & (found > 1))
    lean = 0.8 * np.clip(np.log((even + 3) / (odd + 3)), -2.0, 2.0)  # what is rare in the piece costs more
    usual = 0.8 * np.log(3.0) * (-1 if metre.is_compound else 1)
    prior += np.where(is_odd, lean - usual, 0.0)
    result: IntArray = kinds[(table + prior).argmin(1)].astype(np.int64)
    return result


def _cost(span: IntArray, inside: FloatArray, period_s: FloatArray, parts: int) -> FloatArray:
    """Return the cost of splitting each beat in `parts`: squared deviations of its moments, and clashes."""
    place = np.rint(inside * parts)
    spread_s = 0.012 + 0.02 * period_s[span]
    off = 0.5 * ((inside - place / parts) * period_s[span] / spread_s) ** 2
    same = np.append(False, (span[1:] == span[:-1]) & (place[1:] == place[:-1]))
    summed = np.bincount(
        span, weights=np.minimum(off, MOST_COST) + CLASH_COST * same, minlength=period_s.size
    )
    return summed.astype(np.float64)


def _parts(
    score: Score, events: Events, frame: _Frame, moments: IntArray
) -> tuple[tuple[Part, ...], tuple[IntArray, ...]]:
    parts, rows, first = [], [], 0
    for part in score.parts:
        own = slice(first, first + len(part.notes))
        first += len(part.notes)
        if not len(part.notes):
            parts.append(part)
            rows.append(np.empty(0, np.int64))
            continue
        onset = moments[events.event[own]]
        end = _ends(events, frame, moments, own)
        notes, row = _laid(part.notes, onset, np.maximum(end, onset + SHORTEST_TICKS))
        parts.append(part.with_notes(notes))
        rows.append(row)
    return tuple(parts), tuple(rows)


def _ends(events: Events, frame: _Frame, moments: IntArray, own: slice) -> IntArray:
    """Return where notes of a part end: at the part's next moment if played up to about there, else nearby."""
    event, end_s = events.event[own], events.offset_s[own]
    later = np.unique(event)
    following = later[np.minimum(np.searchsorted(later, event, side="right"), later.size - 1)]
    has_next = following > event
    gap_s = events.time_s[following] - events.time_s[event]
    over_s = end_s - events.time_s[following]
    meets = (
        has_next & (over_s >= -LEGATO_SHARE * gap_s) & (over_s <= np.minimum(LEGATO_SHARE * gap_s, LEGATO_S))
    )
    span, _ = frame.phase(end_s)
    apart = np.where(frame.parts % 3 == 0, np.maximum(frame.parts, 3), 4)[span]
    return np.where(meets, moments[following], frame.places(end_s, apart))


def _laid(notes: Notes, onset: IntArray, end: IntArray) -> tuple[Notes, IntArray]:
    """Return (notes at new places, row of each old note); of notes on one place and pitch the longest stays."""
    _, first, row = np.unique(onset * 128 + notes.pitch, return_index=True, return_inverse=True)
    row = row.astype(np.int64).reshape(-1)
    last = np.zeros(first.size, np.int64)
    np.maximum.at(last, row, end)
    start, pitch = onset[first], notes.pitch[first]
    order = np.lexsort((start, pitch))
    again = np.append(pitch[order][1:] == pitch[order][:-1], False)
    until = np.append(start[order][1:], 0)
    last[order] = np.where(again, np.minimum(last[order], until), last[order])
    kept = notes.take(first)
    return kept.with_columns(onset=start, duration=last - start), row


def _reframed(
    score: Score, parts: tuple[Part, ...], rows: tuple[IntArray, ...], beats: FoundBeats, ticks: IntArray, crop: int
) -> OnGrid:  # fmt: skip
    """Return the frame with marks from the beats, its first `crop` ticks cut off: they lie before the score."""
    warp = _cropped_warp(ticks, beats.beat_ticks, crop)
    moved = tuple(_cropped(part, warp, crop) for part in parts)
    metres, pickup = _metres(beats, crop)
    frame = replace(
        score, parts=moved, tempos=_tempos(score, beats, ticks, crop), metres=metres, pickup_ticks=pickup,
        keys=_marks(score.keys, warp), chords=_marks(score.chords, warp), sections=_marks(score.sections, warp),
        locks=tuple(replace(k, start=_to(warp, k.start), end=_to(warp, k.end)) for k in score.locks),
        length_ticks=_to(warp, score.length_ticks) if score.length_ticks else 0,
    )  # fmt: skip
    return OnGrid(frame, warp, rows, beats)


def _cropped_warp(ticks: IntArray, own: IntArray, crop: int) -> Warp:
    """Return the map of beats; where the first lies before the score, of the score's start instead."""
    start = own[0] + (own[1] - own[0]) * crop / ticks[1]
    kept = ticks > crop
    at = np.append(0, ticks[kept] - crop)
    return Warp(at, np.append(max(round(float(start)), 0 if own[0] < 0 else int(own[0])), own[kept]))


def _to(warp: Warp, tick: int) -> int:
    return int(snap(warp.to_frame([tick]))[0])


def _marks(marks: tuple[Mark, ...], warp: Warp) -> tuple[Mark, ...]:
    """Return marks at the nearest step; of several that fall on one tick the last."""
    at = {_to(warp, mark.tick): mark for mark in marks}
    return tuple(replace(mark, tick=tick) for tick, mark in at.items())


def _cropped(part: Part, warp: Warp, crop: int) -> Part:
    notes = part.notes.with_columns(onset=part.notes.onset - crop) if crop and len(part.notes) else part.notes
    controls = tuple(replace(c, tick=int(warp.to_frame([c.tick])[0])) for c in part.controls)
    return replace(part, notes=notes, controls=controls)


def _tempos(score: Score, beats: FoundBeats, ticks: IntArray, crop: int) -> tuple[Tempo, ...]:
    """Return the tempo of each beat, to a tenth, where it changes."""
    seconds: FloatArray = np.diff(Timeline.of(score).ticks_to_seconds(beats.beat_ticks))
    quarters = np.diff(ticks) / TICKS_PER_QUARTER
    bpm = np.clip(np.round(60 * quarters / seconds, 1), MIN_BPM, MAX_BPM)
    changed = np.append(True, bpm[1:] != bpm[:-1])
    at = np.maximum(ticks[:-1] - crop, 0)[changed]
    return tuple(Tempo(int(t), float(b)) for t, b in zip(at, bpm[changed], strict=True))


def _metres(beats: FoundBeats, crop: int) -> tuple[tuple[MetreMark, ...], Ticks]:
    """Return the metre marks (bars of unusual length have their own) and the length of the pick-up."""
    beat, unit = beats.metre.beat_ticks, 3 if beats.metre.is_compound else 1
    usual = beats.metre.beats
    lead = beats.downbeat * beat - crop
    if lead < 0:
        lead += usual * beat
    marks, now = {0: beats.metre}, usual
    for start, length in zip(
        beats.downbeats.tolist(), [*np.diff(beats.downbeats).tolist(), usual], strict=True
    ):
        if length != now:
            marks[max(start * beat - crop, 0)] = Metre(unit * length, beats.metre.denominator)
            now = length
    rows = tuple(MetreMark(tick, metre) for tick, metre in marks.items())
    return rows, lead % rows[0].metre.bar_ticks
