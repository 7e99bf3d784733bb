"""The found grid: a score in the time of a person who played apart from the written beats, laid on the beats found.

Conventions: for pages alone; the person's notes stand where the desk put them, notes of an act where they were written.
This module finds no beats: see `zhiyin.fill.desk`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhiyin.fill.desk import Desk
from zhiyin.score import ChordMark, Notes, Part, Score, Tempo, Timeline
from zhiyin.score.quantise import snap
from zhiyin.units import TICKS_PER_QUARTER, TICKS_PER_STEP, Ticks

TEMPO_BARS = 4  # a page tells the tempo of so many bars together
TOLD_CHANGE = 0.1  # and only where it differs by this share


def on_found_grid(desk: Desk, score: Score) -> Score:
    """Return a score in the person's time on the grid of the desk's frame, ended at its last bar line.

    score: what an act made of `desk.own`: the same parts, others behind them. One in written time comes back as it is.
    """
    if not desk.is_performed:
        return score
    roles = [part.role for part in desk.frame.parts]
    parts = [
        Part(p.name, _laid(desk, i, p.notes), roles[i] if i < len(roles) else p.role, p.program, p.is_drums)
        for i, p in enumerate(score.parts)
    ]
    ticks = snap(desk.warp.to_frame([mark.tick for mark in score.chords]))
    chords = {int(tick): mark.chord for tick, mark in zip(ticks, score.chords, strict=True)}
    frame = replace(
        desk.frame, title=score.title, credits=score.credits, parts=tuple(parts), provenance=score.provenance,
        chords=tuple(ChordMark(tick, chord) for tick, chord in chords.items()), locks=(), length_ticks=0,
        tempos=page_tempos(desk),
    )  # fmt: skip
    end = Timeline.of(frame).bar_start(replace(desk, frame=frame).bars)
    frame = frame.with_parts(part.with_notes(ended(part.notes, end)) for part in frame.parts)
    return replace(frame, length_ticks=end)


def _laid(desk: Desk, index: int, notes: Notes) -> Notes:
    """Return a part's notes on the grid, each key once at a time."""
    if not len(notes):
        return notes
    onset = snap(desk.warp.to_frame(notes.onset))
    end = np.maximum(snap(desk.warp.to_frame(notes.offset)), onset + TICKS_PER_STEP)
    if index < len(desk.own.parts):
        own, there = desk.own.parts[index].notes, desk.frame.parts[index].notes
        place = dict(zip(own.onset.tolist(), desk.onsets[index].tolist(), strict=True))
        given = {(n.onset, n.pitch): n.duration for n in own}
        lasts = {(n.onset, n.pitch): n.duration for n in there}
        for row, note in enumerate(notes):
            if note.onset in place:
                onset[row] = place[note.onset]
                end[row] = max(int(end[row]), int(onset[row]) + TICKS_PER_STEP)
                if given.get((note.onset, note.pitch)) == note.duration:
                    end[row] = onset[row] + lasts.get((int(onset[row]), note.pitch), end[row] - onset[row])
    moved = notes.with_columns(onset=onset, duration=end - onset)
    is_last = np.append((np.diff(moved.onset) != 0) | (np.diff(moved.pitch) != 0), True)
    return let_go(moved.take(is_last))  # of a key struck twice at one place the longest


def let_go(notes: Notes) -> Notes:
    """Return notes with a key that is struck again let go before.

    >>> list(let_go(Notes.of([(0, 40, 60), (20, 9, 60)]))) == [(0, 20, 60, 80), (20, 9, 60, 80)]
    True
    """
    order = np.lexsort((notes.offset, notes.onset, notes.pitch))
    onset, ends = notes.onset[order], notes.offset[order]
    same = notes.pitch[order][1:] == notes.pitch[order][:-1]
    ends[:-1] = np.where(same, np.minimum(ends[:-1], onset[1:]), ends[:-1])
    lengths = np.empty(len(notes), np.int64)
    lengths[order] = np.maximum(ends - onset, 1)
    return notes.with_columns(duration=lengths)


def ended(notes: Notes, end: Ticks) -> Notes:
    """Return notes let go at a tick at the latest; one that begins behind it is a tick long."""
    return notes.with_columns(duration=np.minimum(notes.duration, np.maximum(end - notes.onset, 1)))


def page_tempos(desk: Desk) -> tuple[Tempo, ...]:
    """Return the tempos worth printing: of four bars at a time, where they change by a tenth."""
    line, marks = Timeline.of(desk.frame), list[Tempo]()
    starts = line.bar_starts(max(desk.bars, 1)).tolist()
    edges = sorted({*starts[::TEMPO_BARS], starts[-1]})
    seconds = Timeline.of(desk.own).ticks_to_seconds(desk.warp.to_own(edges))
    for place, (ticks, length_s) in enumerate(zip(np.diff(edges), np.diff(seconds), strict=True)):
        bpm = round(60.0 * float(ticks) / TICKS_PER_QUARTER / float(length_s))
        if not marks or abs(bpm / marks[-1].bpm - 1.0) >= TOLD_CHANGE:
            marks.append(Tempo(int(edges[place]), float(min(max(bpm, 20), 300))))
    return tuple(marks)
