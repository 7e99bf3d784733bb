"""A line fitted to a player: whole stretches moved by octaves, too fast notes thinned, overlaps cut, breaths made.

Conventions: ranges are sounding and hard; an octave changes where the line rests if it can; onsets never move.
This module does not choose who plays what: see `zhiyin.arrange.casting`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zhiyin.arrange.ensembles import Player
from zhiyin.arrange.lines import TOGETHER, Tone, by_moment
from zhiyin.score import Timeline
from zhiyin.theory.instruments import Instrument
from zhiyin.units import TICKS_PER_QUARTER, FloatArray, IntArray, Seconds

OCTAVES = tuple(range(-5, 6))
OUT, CHANGE, CHANGE_AT_REST = (
    60.0,
    9.0,
    3.0,
)  # costs: a note out of range; another octave; the same after a rest
# Where in the range a duty likes to lie, 0 lowest .. 1 highest.
PLACES = {"lead": 0.55, "inner": 0.42, "bass": 0.35, "under": 0.3, "twin": 0.6, "chords": 0.5}
# Notes a second that a good player takes in a line without risk, by family; severe ones are in faults.py.
# Source: Adler, The Study of Orchestration, on single tonguing (semiquavers at about 132) and agility.
COMFORT: dict[str, float] = {
    "voice": 5.0, "brass": 7.0, "reed": 9.0, "flute": 10.0, "bowed": 10.0, "bass": 6.0, "plucked": 9.0,
    "keyboard": 12.0, "mallet": 10.0, "synth": 14.0, "percussion": 8.0,
}  # fmt: skip
SLOW = {
    "tuba": 5.0,
    "trombone": 5.5,
    "double-bass": 5.5,
    "bass-voice": 4.0,
    "french-horn": 6.0,
    "timpani": 5.0,
}
# Notes a second over eight notes that nobody plays in a line, by family.
# Sources: Adler (double tonguing: semiquavers at about 160-168, 11 a second; slurred runs are faster);
# Sundberg, The Science of the Singing Voice (coloratura 6-10 a second).
FASTEST: dict[str, float] = {
    "voice": 11.0, "brass": 14.0, "reed": 18.0, "flute": 18.0, "bowed": 18.0, "bass": 14.0, "plucked": 18.0,
    "keyboard": 22.0, "mallet": 18.0, "synth": 40.0, "percussion": 30.0,
}  # fmt: skip
RUN = 8  # notes of a fast run
BREATHING = frozenset({"voice", "brass", "reed", "flute"})
ROOM_S = 0.48  # a note this long can give a breath without harm
NEEDS_NO_BREATH = frozenset({"harmonica", "sheng", "bagpipe"})
PHRASE_S, BREATH_S = 9.0, 0.16  # a player breathes at the latest after so long, for so long at least


@dataclass(frozen=True)
class Clock:
    """Ticks to seconds, and the beats of the piece."""

    line: Timeline
    beats: IntArray

    def seconds(self, ticks: Sequence[int] | IntArray) -> FloatArray:
        """Return the seconds of ticks."""
        return self.line.ticks_to_seconds(ticks)


def comfort(instrument: Instrument) -> float:
    """Return the notes a second that an instrument plays in a line without risk."""
    return SLOW.get(instrument.name, COMFORT[instrument.family])


def centre(player: Player, duty: str) -> float:
    """Return the pitch around which a player's line likes to lie."""
    low, high = player.instrument.low, player.instrument.high
    return low + PLACES.get(duty, 0.45) * (min(high, low + 40) - low)


def fold(pitch: int, instrument: Instrument) -> int:
    """Return the pitch moved by as few octaves as bring it into range.

    >>> from zhiyin.theory.instruments import INSTRUMENTS
    >>> fold(40, INSTRUMENTS["violin"]), fold(100, INSTRUMENTS["violin"]), fold(60, INSTRUMENTS["violin"])
    (64, 88, 60)
    """
    if pitch < instrument.low:
        pitch += -(-(instrument.low - pitch) // 12) * 12
    elif pitch > instrument.high:
        pitch -= -(-(pitch - instrument.high) // 12) * 12
    assert instrument.low <= pitch <= instrument.high, (pitch, instrument.name)
    return pitch


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line should lie: around `centre`, under the ceiling and over the floor of each bar (MIDI, by bar)."""

    centre: float
    ceiling: Mapping[int, float]
    floor: Mapping[int, float]


def in_octaves(bars: Mapping[int, Sequence[Tone]], player: Player, place: Place) -> list[Tone]:
    """Return a line, given by bars, in the octaves that suit a player best; what sticks out is folded note by note."""
    numbers = sorted(bar for bar in bars if bars[bar])
    if not numbers:
        return []
    own = np.array([_own_costs(bar, bars[bar], player.instrument, place) for bar in numbers])
    total, links = own[0], list[IntArray]()
    for index in range(1, len(numbers)):
        before, after = bars[numbers[index - 1]], bars[numbers[index]]
        rests = after[0].onset - max(t.end for t in before) >= TICKS_PER_QUARTER
        cost = CHANGE_AT_REST if rests else CHANGE
        steps = total[:, None] + cost * (np.subtract.outer(OCTAVES, OCTAVES) != 0)
        links.append(steps.argmin(axis=0).astype(np.int64))
        total = steps.min(axis=0) + own[index]
    path = [int(total.argmin())]
    for link in reversed(links):
        path.append(int(link[path[-1]]))
    return [
        tone._replace(pitch=fold(tone.pitch + 12 * OCTAVES[octave], player.instrument))
        for bar, octave in zip(numbers, reversed(path), strict=True)
        for tone in bars[bar]
    ]


def _own_costs(bar: int, tones: Sequence[Tone], instrument: Instrument, place: Place) -> list[float]:
    """Return the cost of each octave for a bar of a line."""
    pitches = np.array([t.pitch for t in tones])
    weights = np.array([t.end - t.onset for t in tones], np.float64)
    mean = float(np.average(pitches, weights=weights))
    costs = []
    for octave in OCTAVES:
        moved = pitches + 12 * octave
        outside = int(((moved < instrument.low) | (moved > instrument.high)).sum())
        at = mean + 12 * octave
        cost = OUT * outside + 0.35 * abs(at - place.centre) + 2.0 * abs(octave)
        cost += 1.5 * max(0.0, at - place.ceiling.get(bar, 200.0)) + 0.8 * max(
            0.0, place.floor.get(bar, -50.0) - at
        )
        costs.append(cost)
    return costs


def single(tones: Sequence[Tone], *, lowest: bool = False) -> list[Tone]:
    """Return one tone a moment (the highest, or the lowest), each cut where the next begins."""
    chosen = [group[-1 if lowest else 0] for group in by_moment(tones)]
    found = []
    for tone, after in zip(chosen, _followers(chosen), strict=True):
        end = tone.end if after is None else min(tone.end, after.onset)
        found.append(tone._replace(end=max(end, tone.onset + 1)))
    return found


def thinned(
    tones: Sequence[Tone], instrument: Instrument, clock: Clock, *, lowest: bool = False
) -> list[Tone]:
    """Return a line no faster than an instrument is comfortable with: what falls between beats goes first.

    Each kept tone lasts to the next kept one where something sounded all the way. The tune is never thinned.
    """
    line = single(tones, lowest=lowest)
    shortest: Seconds = 1.0 / comfort(instrument)
    if len(line) < 2 or not _is_fast(line, clock, shortest):
        return line
    rank = _ranks(line, clock)
    at = clock.seconds([t.onset for t in line])
    keep = np.zeros(len(line), bool)
    for index in sorted(range(len(line)), key=lambda i: (rank[i], line[i].pitch if lowest else 0, i)):
        near = np.abs(at - at[index]) < shortest - 1e-6
        if not (keep & near).any():
            keep[index] = True
    kept = [line[i] for i in np.flatnonzero(keep).tolist()]
    return [_reaching(tone, after, line) for tone, after in zip(kept, _followers(kept), strict=True)]


def playable(tones: Sequence[Tone], instrument: Instrument, clock: Clock) -> list[Tone]:
    """Return a tune without the notes that nobody can play: those off the beat in runs faster than FASTEST.

    A tune within the limit comes back whole.
    """
    line = single(tones)
    limit = 0.95 * FASTEST[instrument.family]
    if len(line) <= RUN:
        return line
    rank = np.array(_ranks(line, clock))
    while len(line) > RUN:
        at = clock.seconds([t.onset for t in line])
        fast = RUN / np.maximum(at[RUN:] - at[:-RUN], 1e-3) > limit
        if not fast.any():
            break
        first = int(fast.argmax())
        inside = range(first + 1, first + RUN)
        worst = max(inside, key=lambda i: (rank[i], -(line[i].end - line[i].onset), i % 2))
        line[worst - 1] = line[worst - 1]._replace(end=max(line[worst - 1].end, line[worst].end))
        del line[worst]
        rank = np.delete(rank, worst)
    return line


def _followers(tones: Sequence[Tone]) -> list[Tone | None]:
    """Return the tone after each, None for the last."""
    return [*tones[1:], None] if tones else []


def _is_fast(line: Sequence[Tone], clock: Clock, shortest: Seconds) -> bool:
    """Return whether three notes in a row come faster than is comfortable; one quick note is an ornament."""
    gaps = np.diff(clock.seconds([t.onset for t in line])) < shortest - 1e-6
    return bool((gaps[1:] & gaps[:-1]).any() or gaps.sum() > 0.2 * len(line))


def _ranks(line: Sequence[Tone], clock: Clock) -> list[int]:
    """Return 0 for tones on beats, 1 for those half-way between, 2 for others."""
    onsets = np.array([t.onset for t in line])
    index = np.clip(
        np.searchsorted(clock.beats, onsets + TOGETHER, side="right") - 1, 0, len(clock.beats) - 2
    )
    inside = onsets - clock.beats[index]
    half = np.abs(inside - (clock.beats[index + 1] - clock.beats[index]) / 2) <= TOGETHER
    ranks: list[int] = np.where(inside <= TOGETHER, 0, np.where(half, 1, 2)).tolist()
    return ranks


def _reaching(tone: Tone, after: Tone | None, line: Sequence[Tone]) -> Tone:
    """Return a kept tone held over the dropped ones that followed it without a gap."""
    limit = after.onset if after is not None else line[-1].end
    end = tone.end
    for other in line:
        if tone.onset < other.onset < limit and other.onset <= end + TOGETHER:
            end = max(end, other.end)
    return tone._replace(end=max(min(end, limit), tone.onset + 1))


def with_breaths(tones: Sequence[Tone], instrument: Instrument, clock: Clock) -> list[Tone]:
    """Return a line in which a singer or wind player can breathe: long tones end early where no rest comes in time.

    In a run with no long tone for twice as long, a few notes before a beat are left out.
    """
    line = list(tones)
    if instrument.family not in BREATHING or instrument.name in NEEDS_NO_BREATH or len(line) < 2:
        return line
    starts = clock.seconds([t.onset for t in line])
    ends = clock.seconds([t.end for t in line])
    begun = float(starts[0])
    last = 0  # first tone of this breath
    for index in range(1, len(line)):
        if starts[index] - ends[index - 1] >= BREATH_S:
            begun, last = float(starts[index]), index
        elif ends[index] - begun > PHRASE_S and index - 1 >= last:
            at = _breath_place(line, starts, last, index)
            if at is None and ends[index] - begun > 2 * PHRASE_S:
                return with_breaths(_with_gap(line, last, index, clock=clock), instrument, clock)
            if at is None:
                continue
            line[at] = _shortened(line[at], line[at + 1], clock)
            begun, last = float(starts[at + 1]), at + 1
    return line


def _with_gap(line: list[Tone], first: int, index: int, *, clock: Clock) -> list[Tone]:
    """Return the line without the notes before a beat near `index` that leave too little time for a breath."""
    ranks = _ranks(line, clock)
    near = range(index, max(index - 2 * RUN, first + 1), -1)
    target = min(near, key=lambda i: (ranks[i], index - i))
    at = float(clock.seconds([line[target].onset])[0])
    drop = target - 1
    while drop > first + 1 and at - float(clock.seconds([line[drop - 1].end])[0]) < BREATH_S:
        drop -= 1
    return line[:drop] + line[target:]


def _breath_place(line: Sequence[Tone], starts: FloatArray, first: int, index: int) -> int | None:
    """Return the tone of first..index-1 after which to breathe: long, late, and best before a strong beat."""
    scores = {}
    for at in range(first, index):
        room = starts[at + 1] - starts[at]
        if room >= ROOM_S:
            scores[at] = min(room, 2.0) + 1.5 * (starts[at + 1] - starts[first]) / PHRASE_S
    if scores:
        return max(scores, key=lambda at: scores[at])
    rooms = {at: float(starts[at + 1] - starts[at]) for at in range(first, index)}
    longest = max(rooms, key=lambda at: (round(rooms[at], 3), at))
    return longest if rooms[longest] >= 0.22 else None


def _shortened(tone: Tone, following: Tone, clock: Clock) -> Tone:
    """Return a tone that ends an eighth (a short one: a sixteenth) or more before the next: a rest that can be read."""
    latest = int(clock.line.seconds_to_ticks(float(clock.seconds([following.onset])[0]) - BREATH_S))
    for unit in (TICKS_PER_QUARTER // 2, TICKS_PER_QUARTER // 4):
        end = following.onset - -(-(following.onset - latest) // unit) * unit
        if end - tone.onset >= max(unit, (following.onset - tone.onset) // 2):
            latest = end
            break
    return tone._replace(end=max(min(tone.end, latest), tone.onset + 1))
