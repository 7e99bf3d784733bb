"""Notation that a player can read: performed and short-gated notes put on a simple grid, for the page alone.

Conventions: a beat is read in sixteenths or in triplet eighths, whichever is nearer; what is written simply stays.
This module does not engrave and changes neither sound nor MIDI: its score is for MusicXML and pages.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zhiyin.io.musicxml_voices import KEYBOARDS, split_hands
from zhiyin.score import Notes, Part, Score, Tempo, Timeline
from zhiyin.units import TICKS_PER_QUARTER, BoolArray, IntArray

SIXTEENTH, TRIPLET, EIGHTH = TICKS_PER_QUARTER // 4, TICKS_PER_QUARTER // 3, TICKS_PER_QUARTER // 2
# A part with this share of onsets on thirty-seconds or sixteenth triplets was written, not played: onsets stay.
WRITTEN_SHARE = 0.9
# Triplets are the harder reading: they must fit a beat clearly better.
TRIPLET_ERROR = 0.6
SHOWN_TEMPO_CHANGE = 0.1
_NEVER = 1 << 60


@dataclass(frozen=True, slots=True)
class _Beats:
    """Where beats begin; triplets: beginnings of the beats that are read in triplets."""

    line: Timeline
    triplets: IntArray

    def starts(self, ticks: IntArray) -> tuple[IntArray, IntArray]:
        """Return the beginning of each tick's beat and that beat's length."""
        bars = self.line.bar_of(ticks)
        base = self.line.bar_starts(int(bars.max(initial=0)))[bars]
        metres = [self.line.metre_at(int(start)) for start in base]
        if self.line.pickup_ticks:  # a pick-up is the end of a bar
            missing = self.line.metres[0].metre.bar_ticks - self.line.pickup_ticks
            base = np.where(bars == 0, base - missing, base)
        lengths = np.array([m.beat_ticks if m.is_compound else TICKS_PER_QUARTER for m in metres], np.int64)
        return base + (ticks - base) // np.maximum(lengths, 1) * lengths, lengths

    def units(self, ticks: IntArray) -> tuple[IntArray, IntArray]:
        """Return the beginning of each tick's beat and the unit in which that beat is read."""
        starts, _ = self.starts(ticks)
        return starts, np.where(np.isin(starts, self.triplets), TRIPLET, SIXTEENTH)

    def snapped(self, ticks: IntArray) -> IntArray:
        """Return the nearest place of the grid for each tick."""
        starts, units = self.units(ticks)
        found: IntArray = np.maximum(_nearest(ticks - starts, units) + starts, 0)
        return found


def readable(score: Score) -> Score:
    """Return the score as it should stand on the page.

    Parts that were performed move to sixteenths or triplet eighths, beat by beat; a note that ends off the grid
    lasts to the next note of its line when the gap is under an eighth, else to the grid; drum hits last to the
    next hit or the end of the beat. A score already written so comes back unchanged, except for its drums.
    """
    score = without_idle_chords(score)
    line = Timeline.of(score)
    parts = tuple(_part(part, line) for part in score.parts)
    is_played = any(not _is_written(part.notes, line) for part in score.parts if len(part.notes))
    tempos = _few_tempos(score.tempos) if is_played else score.tempos
    if tempos == score.tempos and all(new is old for new, old in zip(parts, score.parts, strict=True)):
        return score
    return replace(score, parts=parts, tempos=tempos, length_ticks=score.end)


def without_idle_chords(score: Score) -> Score:
    """Return the score without chord symbols when only drums play: nobody could play them."""
    if score.chords and all(part.is_drums for part in score.parts):
        return replace(score, chords=())
    return score


def _part(part: Part, line: Timeline) -> Part:
    if not len(part.notes):
        return part
    is_written = _is_written(part.notes, line)
    beats = _Beats(line, _triplet_beats(part.notes.onset, line))
    notes = part.notes if is_written else _moved(part.notes, beats)
    lines = _lines(part, notes)
    ends = _drum_ends(notes, lines, beats) if part.is_drums else _ends(notes, lines, beats, is_written)
    if is_written and np.array_equal(ends, notes.offset):
        return part
    return part.with_notes(notes.with_columns(duration=ends - notes.onset))


def _is_written(notes: Notes, line: Timeline) -> bool:
    """Return whether nearly all onsets of a part lie on thirty-seconds or sixteenth triplets."""
    starts, _ = _Beats(line, np.empty(0, np.int64)).starts(notes.onset)
    inside = notes.onset - starts
    is_simple = (inside % (SIXTEENTH // 2) == 0) | (inside % (TRIPLET // 2) == 0)
    return bool(is_simple.mean() >= WRITTEN_SHARE) if len(notes) else True


def _nearest(inside: IntArray, units: IntArray | int) -> IntArray:
    found: IntArray = (inside + np.asarray(units) // 2) // units * units
    return found


def _triplet_beats(onsets: IntArray, line: Timeline) -> IntArray:
    """Return the beginnings of the beats whose onsets lie nearer to triplet eighths than to sixteenths."""
    starts, lengths = _Beats(line, np.empty(0, np.int64)).starts(onsets)
    beats, which = np.unique(starts, return_inverse=True)
    inside = onsets - starts
    sixteenth, triplet = (
        np.bincount(which, weights=np.abs(_nearest(inside, unit) - inside)) for unit in (SIXTEENTH, TRIPLET)
    )
    is_plain = np.bincount(which, weights=lengths != TICKS_PER_QUARTER) == 0
    found: IntArray = beats[(triplet < TRIPLET_ERROR * sixteenth) & is_plain]
    return found


def _moved(notes: Notes, beats: _Beats) -> Notes:
    """Return performed notes with their onsets on the grid, each key once at a time."""
    onset = beats.snapped(notes.onset)
    moved = notes.with_columns(onset=onset, duration=np.maximum(notes.offset - onset, 1))
    is_last = np.append(
        (np.diff(moved.onset) != 0) | (np.diff(moved.pitch) != 0), True
    )  # the longest of equals
    return moved.take(is_last)


def _lines(part: Part, notes: Notes) -> IntArray:
    """Return the line of each note: its voice, else its hand on a keyboard, else 0."""
    if notes.voice is not None:
        return notes.voice
    if part.program in KEYBOARDS and not part.is_drums:
        return split_hands(notes)
    return np.zeros(len(notes), np.int64)


def _next_onsets(onset: IntArray, lines: IntArray) -> IntArray:
    """Return for each note when the next one of its line begins, far away for the last."""
    following = np.full(len(onset), _NEVER, np.int64)
    for line in np.unique(lines):
        own = lines == line
        places = np.append(np.unique(onset[own]), _NEVER)
        following[own] = places[np.searchsorted(places, onset[own], side="right")]
    return following


def _drum_ends(notes: Notes, lines: IntArray, beats: _Beats) -> IntArray:
    starts, lengths = beats.starts(notes.onset)
    found: IntArray = np.minimum(starts + lengths, _next_onsets(notes.onset, lines))
    return found


def _ends(notes: Notes, lines: IntArray, beats: _Beats, is_written: bool) -> IntArray:
    """Return where notes end: as written where that is simple, else at the next note or on the grid."""
    ends, following = notes.offset, _next_onsets(notes.onset, lines)
    _, units = beats.units(notes.onset)
    wanted = np.maximum(beats.snapped(ends), notes.onset + units)
    is_near = np.abs(following - ends) < EIGHTH
    wanted = np.where(is_near, following, wanted)
    if not is_written:
        return _together(notes.onset, lines, wanted)
    found: IntArray = np.where(_is_simple_end(notes, beats), ends, wanted)
    return found


def _is_simple_end(notes: Notes, beats: _Beats) -> BoolArray:
    """Return which notes end on sixteenths, triplet eighths or where another note begins."""
    starts, _ = beats.starts(notes.offset)
    inside = notes.offset - starts
    found: BoolArray = (
        (inside % SIXTEENTH == 0) | (inside % TRIPLET == 0) | np.isin(notes.offset, notes.onset)
    )
    return found


def _together(onset: IntArray, lines: IntArray, ends: IntArray) -> IntArray:
    """Return the ends with the notes of a chord let go together where they nearly are."""
    _, chord = np.unique(np.stack((lines, onset)), axis=1, return_inverse=True)
    last = np.zeros(int(chord.max()) + 1, np.int64)
    np.maximum.at(last, chord.ravel(), ends)
    latest = last[chord.ravel()]
    found: IntArray = np.where(latest - ends <= EIGHTH, latest, ends)
    return found


def _few_tempos(tempos: tuple[Tempo, ...]) -> tuple[Tempo, ...]:
    """Return the tempo marks worth printing: each differs by a tenth or more from the one before."""
    kept = [tempos[0]]
    for mark in tempos[1:]:
        if abs(mark.bpm / kept[-1].bpm - 1.0) >= SHOWN_TEMPO_CHANGE:
            kept.append(mark)
    return tuple(kept)
