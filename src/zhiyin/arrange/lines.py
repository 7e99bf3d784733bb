"""Tones of a score, and the single lines they make: voices of a thick part found by the cheapest matching over time.

Conventions: ticks; a tone points to its row in the source (-1: added by the arranger); chords played a little
apart count as one moment. This module does not know players.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from zhiyin.score import Part, Score
from zhiyin.score.hands import hand_of
from zhiyin.units import TICKS_PER_QUARTER, IntArray, Ticks

TOGETHER = TICKS_PER_QUARTER // 12  # onsets this near are one moment: 40 ms at 120 beats a minute
NEW_LINE, OVERLAP, STALE = (
    13.0,
    40.0,
    2.0,
)  # semitones of motion that a new line, a cut tone, a long rest are worth
FORGET = 4 * TICKS_PER_QUARTER


class Tone(NamedTuple):
    """One sounding note.

    onset, end: ticks; moment: the onset shared by a chord; source: row in the pool, -1 for an added note.
    """

    onset: int
    end: int
    pitch: int
    velocity: int
    moment: int
    source: int = -1


@dataclass(frozen=True)
class Pool:
    """Every pitched note of a score in order of time and pitch.

    part, row: where each stands in the source; tones: by the same index.
    """

    score: Score
    tones: tuple[Tone, ...]
    part: IntArray
    row: IntArray

    @classmethod
    def of(cls, score: Score) -> Pool:
        """Return the notes of every part but the drums."""
        rows = []
        for number, part in enumerate(score.parts):
            if not part.is_drums:
                spans = [(note.onset, note.onset + note.duration) for note in part.notes]
                rows += [
                    (note.onset, note.pitch, note.onset + note.duration, note.velocity, moment, number, row)
                    for row, (note, moment) in enumerate(zip(part.notes, moments_of(spans), strict=True))
                ]
        rows.sort()
        tones = tuple(
            Tone(onset, end, pitch, velocity, moment, index)
            for index, (onset, pitch, end, velocity, moment, _, _) in enumerate(rows)
        )
        places = np.array([row[5:] for row in rows], np.int64).reshape(-1, 2)
        return cls(score, tones, places[:, 0], places[:, 1])

    def of_part(self, number: int) -> list[Tone]:
        """Return the tones of one part, in order."""
        return [self.tones[index] for index in np.flatnonzero(self.part == number).tolist()]


def moments_of(spans: Sequence[tuple[Ticks, Ticks]]) -> list[Ticks]:
    """Return for each of a part's (onset, end), sorted, the first onset of its moment.

    Notes that begin within TOGETHER of the first are a chord played a little apart, unless the first ones are over:
    a grace note stands alone.
    >>> moments_of([(0, 9000), (100, 9000), (10080, 10500), (10500, 20000)])
    [0, 0, 10080, 10500]
    """
    found: list[Ticks] = []
    begin, last_end = -(1 << 60), 0
    for onset, end in spans:
        if onset - begin > TOGETHER or (onset > begin and last_end <= onset + (onset - begin) // 2):
            begin, last_end = onset, end
        else:
            last_end = max(last_end, end)
        found.append(begin)
    return found


def by_moment(tones: Sequence[Tone]) -> list[list[Tone]]:
    """Return the tones in groups of one moment, each from high to low."""
    groups: dict[int, list[Tone]] = {}
    for tone in sorted(tones, key=lambda t: (t.moment, -t.pitch)):
        groups.setdefault(tone.moment, []).append(tone)
    return list(groups.values())


def is_single(tones: Sequence[Tone]) -> bool:
    """Return whether no two tones sound together for longer than a little."""
    return all(b.onset >= a.end - TOGETHER and b.moment > a.moment for a, b in pairwise(tones))


def lines_of_part(pool: Pool, number: int) -> list[list[Tone]]:
    """Return the single lines of a part: itself, its written voices, or lines found in it."""
    tones = pool.of_part(number)
    if not tones:
        return []
    if is_single(tones):
        return [tones]
    found = []
    for group in _hands(pool.score.parts[number], pool, number, tones):
        found += [group] if is_single(group) else separate(group)
    return found


def _hands(part: Part, pool: Pool, number: int, tones: list[Tone]) -> list[list[Tone]]:
    """Return the tones by written voice where every voice is a single line, else by hand, else together."""
    if part.notes.voice is None:
        return [tones]
    rows = pool.row[[tone.source for tone in tones]]
    voices = part.notes.voice[rows]
    by_voice = _grouped(tones, voices)
    if all(is_single(group) for group in by_voice):
        return by_voice
    return _grouped(tones, hand_of(voices))


def _grouped(tones: list[Tone], labels: IntArray) -> list[list[Tone]]:
    groups: dict[int, list[Tone]] = {}
    for tone, label in zip(tones, labels.tolist(), strict=True):
        groups.setdefault(label, []).append(tone)
    return [groups[label] for label in sorted(groups)]


def separate(tones: Sequence[Tone]) -> list[list[Tone]]:
    """Return the single lines of thick music: at every moment the tones go to the lines with the least motion.

    A tone may begin a new line at the price of NEW_LINE semitones; a line whose tone still sounds is nearly closed.
    >>> pair = [Tone(0, 10, 60, 80, 0), Tone(0, 10, 72, 80, 0), Tone(10, 20, 71, 80, 10), Tone(10, 20, 62, 80, 10)]
    >>> [[t.pitch for t in line] for line in separate(pair)]
    [[72, 71], [60, 62]]
    """
    lines: list[list[Tone]] = []
    for group in by_moment(tones):
        begin = group[0].moment
        open_lines = [line for line in lines if begin - line[-1].end < FORGET] or lines[-4:]
        cost = np.full((len(group), len(open_lines) + len(group)), NEW_LINE)
        for column, line in enumerate(open_lines):
            cost[:, column] = [_link(line[-1], tone) for tone in group]
        rows, columns = linear_sum_assignment(cost)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if column < len(open_lines):
                open_lines[column].append(group[row])
            else:
                lines.append([group[row]])
    return lines


def _link(last: Tone, tone: Tone) -> float:
    """Return the cost of going from a line's last tone to this one, in semitones."""
    held = last.end - tone.onset
    if held > TOGETHER:
        share = held / max(last.end - last.onset, 1)
        if share > 0.5:
            return OVERLAP
        extra = OVERLAP * share * 0.5
    else:
        extra = STALE * min(max(-held, 0) / TICKS_PER_QUARTER, 2.0)
    return abs(tone.pitch - last.pitch) + extra
