"""A piece as the judges see it: columns, bars, chords, melody and single lines, each worked out once.

Conventions: ticks; drums count only where a judge asks for them; chords are those written, else those heard.
This module does not judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zhiyin.analysis.columns import Columns, bar_edges, columns_of, strong_onsets
from zhiyin.analysis.harmony import find_chords
from zhiyin.analysis.key import find_keys
from zhiyin.analysis.roles import find_roles
from zhiyin.judge.scape import Scape, scape_of
from zhiyin.score import ChordMark, Notes, Part, Score, Section, Timeline
from zhiyin.theory.chord import Chord
from zhiyin.units import FloatArray, IntArray

REST = -1


@dataclass(frozen=True, slots=True)
class ChordSpan:
    """A chord from a tick to the next one, in ticks."""

    start: int
    end: int
    chord: Chord


@dataclass(frozen=True)
class Subject:
    """A score under judgement, with the sections it was planned in (the score's own when none are given)."""

    score: Score
    planned: tuple[Section, ...] = ()

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Return the sections planned, else those written in the score."""
        return self.planned or self.score.sections

    @cached_property
    def line(self) -> Timeline:
        """Return the score's timeline."""
        return Timeline.of(self.score)

    @cached_property
    def seconds(self) -> float:
        """Return the sounding length in seconds."""
        return self.line.duration_s(max((p.notes.end for p in self.score.parts), default=0))

    @cached_property
    def edges(self) -> IntArray:
        """Return the first tick of each bar and the end of the last: (bars + 1,)."""
        return bar_edges(self.score)

    @property
    def bars(self) -> int:
        """Return the number of bars."""
        return max(len(self.edges) - 1, 0)

    @cached_property
    def pitched(self) -> Columns:
        """Return the notes of every part but drums."""
        return columns_of(self.score)

    @cached_property
    def everything(self) -> Columns:
        """Return the notes of every part."""
        return columns_of(self.score, with_drums=True)

    @cached_property
    def onset_bars(self) -> IntArray:
        """Return the bar in which each note of `everything` starts."""
        return np.asarray(np.searchsorted(self.edges, self.everything.onset, side="right") - 1, np.int64)

    @cached_property
    def strong(self) -> IntArray:
        """Return the ticks of downbeats and mid-bars."""
        return strong_onsets(self.score)

    @cached_property
    def chord_marks(self) -> tuple[ChordMark, ...]:
        """Return the chords written; where none is, those heard."""
        written = self.score.chords
        if any(mark.chord is not None for mark in written):
            return written
        return find_chords(self.score, find_keys(self.score)) if len(self.pitched) else ()

    @cached_property
    def chords(self) -> tuple[ChordSpan, ...]:
        """Return the spans of chords in order, equal neighbours joined, stretches without a chord left out."""
        ends = [*(mark.tick for mark in self.chord_marks[1:]), max(self.score.end, 0)]
        spans: list[ChordSpan] = []
        for mark, end in zip(self.chord_marks, ends, strict=False):
            if mark.chord is None or end <= mark.tick:
                continue
            last = spans[-1] if spans else None
            if last is not None and last.end == mark.tick and last.chord == mark.chord:
                spans[-1] = ChordSpan(last.start, end, mark.chord)
            else:
                spans.append(ChordSpan(mark.tick, end, mark.chord))
        return tuple(spans)

    @cached_property
    def melody(self) -> Notes:
        """Return the melody as one line: its highest note at each onset, cut where the next begins."""
        roles = [part.role for part in self.score.parts]
        if "melody" not in roles:
            roles = list(find_roles(self.score))
        chosen = [p.notes for p, role in zip(self.score.parts, roles, strict=True) if role == "melody"]
        notes = next((n for n in chosen if len(n)), Notes())
        top = np.append(notes.onset[1:] != notes.onset[:-1], True) if len(notes) else np.empty(0, bool)
        line = notes.take(top)
        room = np.append(np.diff(line.onset), np.iinfo(np.int64).max)
        return line.with_columns(duration=np.minimum(line.duration, room))

    @cached_property
    def lines(self) -> tuple[Notes, ...]:
        """Return the single lines, highest on the mean first: parts, or voices of parts, of one note at a time."""
        found = [line for part in self.score.parts if not part.is_drums for line in _lines_of(part)]
        return tuple(sorted(found, key=lambda line: -float(line.pitch.mean())))

    @cached_property
    def moments(self) -> tuple[IntArray, IntArray]:
        """Return (edges (moments + 1,), pitches (moments, lines)): what each line sounds between any two events."""
        return moments_of(self.lines)

    @cached_property
    def scape(self) -> Scape:
        """Return the fitness scape plot of the pitched notes, as its best value for each length."""
        end = max((part.notes.end for part in self.score.parts), default=0)
        return scape_of(self.pitched, end, self.seconds)

    @cached_property
    def stack(self) -> tuple[IntArray, FloatArray]:
        """Return (edges (moments + 1,), sounding (moments, 128)): how many parts sound each pitch, drums left out."""
        notes = self.pitched
        edges = np.unique(np.concatenate([notes.onset, notes.offset]))
        change = np.zeros((len(edges), 128))
        np.add.at(change, (np.searchsorted(edges, notes.onset), notes.pitch), 1.0)
        np.add.at(change, (np.searchsorted(edges, notes.offset), notes.pitch), -1.0)
        return edges, change.cumsum(axis=0)[:-1]


def moments_of(lines: tuple[Notes, ...]) -> tuple[IntArray, IntArray]:
    """Return (edges (moments + 1,), pitches (moments, lines), REST where a line is silent)."""
    ticks = [t for line in lines for t in (line.onset, line.offset)]
    edges = np.unique(np.concatenate([np.empty(0, np.int64), *ticks]))
    starts = edges[:-1]
    pitches = np.full((len(starts), len(lines)), REST, np.int64)
    for index, line in enumerate(lines):
        row = np.searchsorted(line.onset, starts, side="right") - 1
        sounds = (row >= 0) & (starts < line.offset[np.maximum(row, 0)])
        pitches[sounds, index] = line.pitch[row[sounds]]
    return edges, pitches


def _lines_of(part: Part) -> list[Notes]:
    """Return the part, or its voices, as single lines; nothing where notes overlap."""
    if not len(part.notes):
        return []
    if _is_single(part.notes):
        return [part.notes]
    if part.notes.voice is None:
        return []
    voices = [part.notes.take(part.notes.voice == v) for v in np.unique(part.notes.voice).tolist()]
    return voices if all(_is_single(voice) for voice in voices) else []


def _is_single(notes: Notes) -> bool:
    return bool((notes.onset[1:] >= notes.offset[:-1]).all())
