"""Roles of parts: which one sings, which one holds the bass, which ones accompany.

Conventions: one of `zhiyin.score.ROLES` a part, in order of parts; names, lyrics and pitch are weighed together.
This module does not split a part: a piano that plays melody and chords at once is one accompaniment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from zhiyin.score import Part, Score
from zhiyin.theory.instruments import instrument_for_program
from zhiyin.units import TICKS_PER_QUARTER

MONOPHONIC = 1.15  # at most this many notes an attack, on the mean
BLOCK_CHORDS = 2.4  # at least this many notes an attack: chords, when attacks are few
BLOCK_RATE = 1.6  # attacks a quarter, at most, for block chords
BROKEN_LEAP = 4.0  # a single line that moves by this many semitones on the mean is a broken chord
LOW_PITCH = 52.0  # a bass line's mean pitch lies below E3
LOW_OF_VOICES = 58.0  # the lowest of three or more voices may lie higher
_MELODY = re.compile(
    r"melod|vocal|voice|sing|soprano|sopran|cantus|canto|lead|tune|solo|violin ?(i|1)?$|violino ?(i|1|primo)?$|"
    r"flute|flauto|旋律|主旋律|人声|歌|高音|discant|treble|superius|theme", re.I
)  # fmt: skip
_BASS = re.compile(r"bass(?!oon|et)|\bbasso\b|contrabass|double ?bass|贝斯|低音|bajo|\bbc\b|continuo", re.I)
_INNER = re.compile(
    r"alto|tenor|viola|violin ?(ii|2)$|violino ?(ii|2|secondo)$|bridge|counter|contralto|中音", re.I
)
_CHORDS = re.compile(r"chord|pad|harmony|rhythm|strum|和弦|comp\b", re.I)


@dataclass(frozen=True, slots=True)
class _Line:
    """What one part looks like: index, mean pitch, notes an attack, attacks a quarter, share of time in
    use, mean step in semitones."""

    index: int
    pitch: float
    thickness: float
    rate: float
    share: float
    leap: float
    has_words: bool

    @property
    def is_single(self) -> bool:
        return self.thickness <= MONOPHONIC


def find_roles(score: Score) -> tuple[str, ...]:
    """Return the role of each part.

    Drum parts are drums and silent parts unknown. Of the single lines one is the melody (words, name, height and
    activity decide; a melody needs not be the highest), the lowest below E3 or called so is the bass, the others
    are inner, or accompaniment when they break chords. Thick parts are chords when they move in slow blocks, else
    accompaniment. A part alone is the melody when monophonic, else accompaniment.
    """
    lines = [_line(i, p, score.end) for i, p in enumerate(score.parts) if len(p.notes) and not p.is_drums]
    roles = ["drums" if part.is_drums else "unknown" for part in score.parts]
    for line in lines:
        roles[line.index] = _backing_role(line, score.parts[line.index])
    if len(lines) == 1:
        roles[lines[0].index] = "accompaniment"
    bass = _find_bass(lines, score)
    if bass is not None:
        roles[bass] = "bass"
    melody = _find_melody([line for line in lines if line.index != bass], score)
    if melody is not None:
        roles[melody] = "melody"
    return tuple(roles)


def _line(index: int, part: Part, end: int) -> _Line:
    notes = part.notes
    attacks = np.unique(notes.onset).size
    words = notes.syllable is not None and int(np.count_nonzero(notes.syllable != "")) * 4 >= attacks
    bars = np.unique(notes.onset // (4 * TICKS_PER_QUARTER)).size
    return _Line(
        index=index,
        pitch=float(np.average(notes.pitch, weights=notes.duration)),
        thickness=_thickness(part, attacks),
        rate=attacks / max((notes.end - int(notes.onset[0])) / TICKS_PER_QUARTER, 1.0),
        leap=float(np.abs(np.diff(notes.pitch)).mean()) if len(notes) > 1 else 0.0,
        share=bars / max(end / (4 * TICKS_PER_QUARTER), 1.0),
        has_words=bool(words),
    )


def _thickness(part: Part, attacks: int) -> float:
    """Return notes an attack, or mean notes at once where lines overlap (a held bass under a tune)."""
    notes = part.notes
    ends = np.maximum.accumulate(notes.offset)
    covered = int(np.minimum(notes.duration, notes.end - notes.onset).sum())
    gaps = int(np.maximum(notes.onset[1:] - ends[:-1], 0).sum())
    sounding = max(notes.end - int(notes.onset[0]) - gaps, 1)
    return max(len(notes) / max(attacks, 1), min(covered / sounding, 1.6 * len(notes)) - 0.1)


def _backing_role(line: _Line, part: Part) -> str:
    if line.is_single:
        return "accompaniment" if line.leap >= BROKEN_LEAP and line.rate > 1.0 else "inner"
    in_blocks = line.thickness >= BLOCK_CHORDS and line.rate <= BLOCK_RATE
    return "chords" if in_blocks or _CHORDS.search(part.name) else "accompaniment"


def _find_bass(lines: list[_Line], score: Score) -> int | None:
    """Return the part that holds the bass, or None: a lone part has no bass."""
    if len(lines) < 2:
        return None
    low = LOW_PITCH if sum(line.is_single for line in lines) < 3 else LOW_OF_VOICES
    votes = {}
    for line in lines:
        part = score.parts[line.index]
        called = bool(_BASS.search(part.name)) or instrument_for_program(part.program).family == "bass"
        if line.thickness <= 1.5 and (called or (line.is_single and line.pitch < low)):
            votes[line.index] = 12.0 * called - line.pitch + 6.0 * min(line.share, 1.0)
    lowest = min(line.pitch for line in lines)
    near = {index: vote for index, vote in votes.items() if _pitch_of(lines, index) <= lowest + 12}
    return max(near, key=lambda index: near[index]) if near else None


def _pitch_of(lines: list[_Line], index: int) -> float:
    return next(line.pitch for line in lines if line.index == index)


def _find_melody(lines: list[_Line], score: Score) -> int | None:
    """Return the part that sings: a single line, or a thick part when its name or its words say so."""
    votes = {}
    for line in lines:
        part = score.parts[line.index]
        named = bool(_MELODY.search(part.name))
        if not (line.thickness <= 1.35 or (named and line.thickness <= 2.2) or line.has_words):
            continue
        vote = line.pitch / 6.0 + 4.0 * named + 9.0 * line.has_words - 3.0 * bool(_INNER.search(part.name))
        vote += 6.0 * min(line.share, 1.0) + 1.5 * min(line.rate, 2.0) - 4.0 * (line.thickness - 1.0)
        votes[line.index] = vote - 3.0 * bool(_CHORDS.search(part.name))
    return max(votes, key=lambda index: votes[index]) if votes else None
