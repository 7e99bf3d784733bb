"""The source read as layers: the tune, the bass, the lines between, chords, phrases with their energy, drums.

Conventions: every pitched note stands in exactly one layer; the tune and the bass are single lines; bars from 0.
This module does not know who will play: see `zhiyin.arrange.casting`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiyin.analysis import find_chords, find_keys, find_roles
from zhiyin.analysis.columns import bar_edges, beats_of
from zhiyin.arrange.lines import TOGETHER, Pool, Tone, by_moment, lines_of_part
from zhiyin.score import Score, Timeline
from zhiyin.score.hands import LOWER, hand_of
from zhiyin.theory.chord import Chord
from zhiyin.units import TICKS_PER_QUARTER, FloatArray, IntArray, Ticks

PHRASE_BARS = 4
BARE_SHARE = 0.12  # a piece with fewer other notes than this share of the tune's is a bare tune
SOFTEST, LOUDEST = 0.15, 0.9  # energies of the softest and the loudest phrase of every piece
FLAT = 0.2  # energies that differ by less say nothing
DROP = 12  # a note this far under the tune's last is not the tune unless the tune has rested
HELD_ON = 8 * TICKS_PER_QUARTER  # a tune's note held for longer no longer leads
LONG_REST = 2 * TICKS_PER_QUARTER


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of ticks with a chord, or None."""

    start: Ticks
    end: Ticks
    chord: Chord | None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Bars first..last and how loud and busy they are beside the rest of the piece, 0..1."""

    first: int
    last: int
    energy: float


@dataclass(frozen=True)
class Reading:
    """The layers of a piece.

    lead, bass: single lines; inner: other single lines; edges: (bars + 1,) ticks; beats: ticks; is_bare: little but
    a tune is there, and harmony has to be added.
    """

    pool: Pool
    lead: tuple[Tone, ...]
    bass: tuple[Tone, ...]
    inner: tuple[tuple[Tone, ...], ...]
    edges: IntArray
    beats: IntArray
    spans: tuple[Span, ...]
    phrases: tuple[Phrase, ...]
    is_bare: bool

    @property
    def bars(self) -> int:
        """Return the number of bars."""
        return max(len(self.edges) - 1, 0)

    def bar_of(self, tick: Ticks) -> int:
        """Return the bar in which a tick lies, never past the last."""
        return min(max(int(np.searchsorted(self.edges, tick, side="right")) - 1, 0), max(self.bars - 1, 0))

    def split(self, tones: Sequence[Tone]) -> dict[int, list[Tone]]:
        """Return tones by the bar in which they begin."""
        found: dict[int, list[Tone]] = defaultdict(list)
        for tone in tones:
            found[self.bar_of(tone.onset)].append(tone)
        return found

    def chord_at(self, tick: Ticks) -> Chord | None:
        """Return the chord in force at a tick."""
        index = bisect_right(self.spans, tick, key=lambda span: span.start) - 1
        return self.spans[index].chord if index >= 0 else None


def read(score: Score) -> Reading:
    """Return the layers of a score."""
    pool, edges = Pool.of(score), bar_edges(score)
    roles = _roles(score)
    lead = _lead(pool, roles, edges)
    taken = {tone.source for tone in lead}
    lines = [
        [tone for tone in line if tone.source not in taken]
        for number in range(len(score.parts))
        for line in lines_of_part(pool, number)
    ]
    bass, inner = _bass(pool, [line for line in lines if line], roles, edges)
    others = len(pool.tones) - len(lead)
    return Reading(
        pool, tuple(lead), tuple(bass), tuple(tuple(line) for line in inner), edges, beats_of(score).edges,
        _spans(score, edges), _phrases(score, edges, lead), others < BARE_SHARE * max(len(lead), 1),
    )  # fmt: skip


def _roles(score: Score) -> tuple[str, ...]:
    """Return the roles that the parts carry where one is a melody, else those heard."""
    given = tuple("drums" if part.is_drums else part.role for part in score.parts)
    return given if "melody" in given else find_roles(score)


def _lead(pool: Pool, roles: tuple[str, ...], edges: IntArray) -> list[Tone]:
    """Return the tune: the top of the part that sings, and where it rests for two bars, of who sings then."""
    skylines = {
        number: _skyline(_upper(pool, number), sings=role == "melody")
        for number, role in enumerate(roles)
        if role != "drums"
    }
    skylines = {number: line for number, line in skylines.items() if line}
    if not skylines:
        return []
    main = [n for n in skylines if roles[n] == "melody"] or [max(skylines, key=lambda n: _song(skylines[n]))]
    lead = list(skylines[main[0]])
    for first, last in _silent_runs(lead, edges):
        low, high = int(edges[first]), int(edges[last + 1])
        stretch = {
            n: [t for t in line if low <= t.onset < high] for n, line in skylines.items() if n != main[0]
        }
        pitched = {
            n: line for n, line in stretch.items() if line and (roles[n] != "bass" or len(skylines) == 2)
        }
        if pitched:
            best = max(pitched, key=lambda n: _song(pitched[n], high - low) + 2.0 * (n in main))
            lead += pitched[best]
    lead.sort()
    return [t for i, t in enumerate(lead) if i == 0 or t.moment > lead[i - 1].moment]


def _upper(pool: Pool, number: int) -> list[Tone]:
    """Return the tones of a part; of a part for two hands those of the upper one."""
    tones, part = pool.of_part(number), pool.score.parts[number]
    if not tones or part.notes.voice is None or part.name.endswith(LOWER):
        return tones
    hands = hand_of(part.notes.voice[pool.row[[t.source for t in tones]]])
    upper = [tone for tone, hand in zip(tones, hands.tolist(), strict=True) if hand == 0]
    return upper or tones


def _song(line: Sequence[Tone], length: Ticks = 0) -> float:
    """Return how much a line looks like a tune: high, busy but not restless, there for most of the time."""
    span = max(length or line[-1].end - line[0].onset, 1)
    rate = len(line) * TICKS_PER_QUARTER / span
    sounding = sum(t.end - t.onset for t in line) / span
    return sum(t.pitch for t in line) / len(line) / 6.0 + 1.5 * min(rate, 2.0) + 3.0 * min(sounding, 1.0)


def _skyline(tones: Sequence[Tone], *, sings: bool) -> list[Tone]:
    """Return the top line: a note under one that still sounds accompanies.

    sings: the part is known to be the tune; in others a note of thick music far under the last accompanies too.
    """
    line: list[Tone] = []
    groups = by_moment(tones)
    is_thick = not sings and len(tones) > 1.15 * len(groups)
    for group in groups:
        top, last = group[0], line[-1] if line else None
        if last is not None and top.pitch < last.pitch:
            is_under = min(last.end, last.onset + HELD_ON) - top.onset > TOGETHER
            is_far = is_thick and last.pitch - top.pitch > DROP and top.onset - last.end < LONG_REST
            if is_under or is_far:
                continue
        line.append(top)
    return line


def _silent_runs(lead: Sequence[Tone], edges: IntArray) -> list[tuple[int, int]]:
    """Return (first, last) of stretches of two bars or more in which the tune is silent; one bar at the ends."""
    bars = len(edges) - 1
    sounds = np.zeros(bars + 1, bool)
    for tone in lead:
        first, last = np.searchsorted(edges, (tone.onset, tone.end - 1), side="right") - 1
        sounds[max(first, 0) : last + 1] = True
    runs, start = [], None
    for bar in range(bars + 1):
        silent = bar < bars and not sounds[bar]
        if silent and start is None:
            start = bar
        elif not silent and start is not None:
            if bar - start >= 2 or start == 0 or bar == bars:
                runs.append((start, bar - 1))
            start = None
    return runs


def _bass(
    pool: Pool, lines: list[list[Tone]], roles: tuple[str, ...], edges: IntArray
) -> tuple[list[Tone], list[list[Tone]]]:
    """Return the bass and the other lines: in each bar the bass part's line, else the lowest of several."""
    bars: dict[int, dict[int, list[Tone]]] = defaultdict(lambda: defaultdict(list))
    for index, line in enumerate(lines):
        for tone in line:
            bars[int(np.searchsorted(edges, tone.onset, side="right")) - 1][index].append(tone)
    is_bass = [roles[int(pool.part[line[0].source])] == "bass" for line in lines]
    bass, rest = list[Tone](), defaultdict[int, list[Tone]](list)
    last = -1
    for bar in sorted(bars):
        here = bars[bar]
        heights = {i: _height(own) - 30.0 * is_bass[i] - 4.0 * (i == last) for i, own in here.items()}
        last = min(heights, key=lambda i: heights[i])
        for index, own in here.items():
            (bass if index == last else rest[index]).extend(own)
    return bass, [rest[index] for index in sorted(rest)]


def _height(tones: Sequence[Tone]) -> float:
    """Return the mean pitch, longer notes counting more."""
    return float(np.average([t.pitch for t in tones], weights=[t.end - t.onset for t in tones]))


def _spans(score: Score, edges: IntArray) -> tuple[Span, ...]:
    """Return the chords written, else heard, cut at bar lines."""
    marks = score.chords
    if not any(mark.chord is not None for mark in marks):
        marks = find_chords(score, find_keys(score))
    end = score.end
    ticks = sorted({*(m.tick for m in marks if m.tick < end), *(e for e in edges.tolist() if e < end)})
    starts = [mark.tick for mark in marks]
    found = []
    for start, stop in zip(ticks, [*ticks[1:], end], strict=True):
        index = bisect_right(starts, start) - 1
        found.append(Span(start, stop, marks[index].chord if index >= 0 else None))
    return tuple(found)


def _phrases(score: Score, edges: IntArray, lead: Sequence[Tone]) -> tuple[Phrase, ...]:
    """Return phrases of about four bars that begin with sections and end where the tune breathes."""
    bars = len(edges) - 1
    if bars < 1:
        return ()
    begins = {int(np.searchsorted(edges, s.tick, side="right")) - 1 for s in score.sections}
    first = 1 if score.pickup_ticks and bars > 1 else 0
    starts, at = [0], first
    for bar in range(first + 1, bars):
        if bar in begins or bar - at >= PHRASE_BARS:
            starts.append(bar)
            at = bar
    if len(starts) > 1 and bars - starts[-1] < 2:
        starts.pop()
    energy = _energy(score, edges)
    ends = [*starts[1:], bars]
    means = np.array([energy[start:stop].mean() for start, stop in zip(starts, ends, strict=True)])
    spread = float(np.ptp(means))
    levels = SOFTEST + (LOUDEST - SOFTEST) * (means - means.min()) / spread if spread > 0 else means
    return tuple(
        Phrase(start, stop - 1, level)
        for start, stop, level in zip(starts, ends, levels.tolist(), strict=True)
    )


def _energy(score: Score, edges: IntArray) -> FloatArray:
    """Return 0..1 for each bar: its rank by loudness, notes a second and breadth among all bars."""
    bars = len(edges) - 1
    tones = [n for part in score.parts for n in part.notes]
    bar = np.clip(np.searchsorted(edges, [n.onset for n in tones], side="right") - 1, 0, bars - 1)
    count = np.bincount(bar, minlength=bars).astype(np.float64)
    loud = np.bincount(bar, weights=[n.velocity for n in tones], minlength=bars) / np.maximum(count, 1)
    rate = count / np.maximum(np.diff(Timeline.of(score).ticks_to_seconds(edges)), 1e-6)
    found: FloatArray = 0.6 * _scaled(loud) + 0.4 * _scaled(rate)
    if np.ptp(found) < FLAT:  # nothing says where it grows: let it grow towards the end
        found = found + np.linspace(-0.3, 0.3, bars)
    return found


def _scaled(values: FloatArray) -> FloatArray:
    low, high = np.percentile(values, (5, 95)) if len(values) else (0.0, 0.0)
    if high - low < 1e-9 or high < 1.1 * low:
        return np.full(len(values), 0.5)
    found: FloatArray = np.clip((values - low) / (high - low), 0.0, 1.0)
    return found
