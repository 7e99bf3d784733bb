"""How a long piece hangs together: its returns, cadences, energy, key and drift, measured from notes alone.

Conventions: sections are (name, first bar, bars, semitones above the piece's key); bars of one length; a name with a
prime returns the one without; nothing is read from marks of key or chord. Does not know: plans, models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhiyin.analysis import find_chords, find_key, find_roles
from zhiyin.score import Score, Timeline
from zhiyin.score.edit import slice_bars
from zhiyin.theory.key import Key
from zhiyin.units import TICKS_PER_QUARTER

PLACES = 24  # places in a bar at which two bars are compared
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A section: its name, its first bar, its bars, and semitones above the piece's key."""

    name: str
    first_bar: int
    bars: int
    shift: int = 0

    @property
    def letter(self) -> str:
        """Return the name without primes."""
        return self.name.rstrip("'")


@dataclass(frozen=True, eq=False)
class Grid:
    """A score bar by bar: (part, place, pitch) of every attack, and the tune's notes (onset, duration, pitch)."""

    bars: list[frozenset[tuple[int, int, int]]]
    tune: list[list[tuple[int, int, int]]]
    bar_ticks: int


def grid_of(score: Score) -> Grid:
    """Return the score bar by bar; the tune is the part that plays it, or the highest."""
    starts = Timeline.of(score).bar_starts(Timeline.of(score).bar_count(score.end))
    bar_ticks = int(starts[1] - starts[0])
    count = len(starts) - 1
    bars: list[set[tuple[int, int, int]]] = [set() for _ in range(count)]
    tune: list[list[tuple[int, int, int]]] = [[] for _ in range(count)]
    lead = lead_of(score)
    for index, part in enumerate(score.parts):
        at = np.searchsorted(starts, part.notes.onset, side="right") - 1
        for bar, note in zip(at.tolist(), part.notes, strict=True):
            if bar >= count:
                continue
            place = (note.onset - int(starts[bar])) * PLACES // bar_ticks
            bars[bar].add((index if not part.is_drums else -1, place, note.pitch))
            if index == lead:
                tune[bar].append((note.onset - int(starts[bar]), note.duration, note.pitch))
    return Grid([frozenset(b) for b in bars], tune, bar_ticks)


def lead_of(score: Score) -> int:
    """Return the part that carries the tune: the first melody by role, else the highest."""
    roles = [part.role for part in score.parts]
    if "melody" not in roles:
        roles = list(find_roles(score))
    pitched = [i for i, p in enumerate(score.parts) if len(p.notes) and not p.is_drums]
    leads = [i for i in pitched if roles[i] == "melody"]
    return leads[0] if leads else max(pitched, key=lambda i: float(score.parts[i].notes.pitch.mean()))


def equal_share(a: frozenset[tuple[int, int, int]], b: frozenset[tuple[int, int, int]], shift: int) -> float:
    """Return the share of attacks at the same place on the same step above the tonic, drums included.

    >>> equal_share(frozenset({(0, 0, 60), (0, 12, 62)}), frozenset({(0, 0, 62), (0, 12, 65)}), 2)
    0.5
    """
    if not a and not b:
        return 1.0
    moved = {(p, t, n + shift if p >= 0 else n) for p, t, n in a}
    return len(moved & b) / max(len(a), len(b))


def chroma_rhythm(
    a: frozenset[tuple[int, int, int]], b: frozenset[tuple[int, int, int]], shift: int
) -> float:
    """Return the cosine of two bars' attacks by pitch class and place (drums a class of their own)."""
    tables = []
    for notes, move in ((a, shift), (b, 0)):
        table = np.zeros((PLACES, 13))
        for part, place, pitch in notes:
            table[place, 12 if part < 0 else (pitch + move) % 12] += 1
        tables.append(table)
    if not a and not b:
        return 1.0
    norm = float(np.linalg.norm(tables[0]) * np.linalg.norm(tables[1]))
    return float((tables[0] * tables[1]).sum()) / norm if norm else 0.0


def returns(grid: Grid, sections: Sequence[Stretch]) -> dict[str, float]:
    """Return how alike sections that return are, and others; shares of bars and of tunes taken over note for note."""
    found: dict[str, list[float]] = {}
    for index, section in enumerate(sections):
        firsts = [s for s in sections[:index] if s.letter == section.letter]
        for earlier in [*firsts[:1], *(s for s in sections[:index] if s.letter != section.letter)]:
            kind = "returning" if earlier.letter == section.letter else "other"
            shift = section.shift - earlier.shift
            for k in range(min(earlier.bars, section.bars)):
                a, b = grid.bars[earlier.first_bar + k], grid.bars[section.first_bar + k]
                if not a and not b:
                    continue
                found.setdefault(f"{kind}: notes alike", []).append(equal_share(a, b, shift))
                found.setdefault(f"{kind}: sound alike", []).append(chroma_rhythm(a, b, shift))
                if kind == "returning":
                    found.setdefault("returning: bars verbatim", []).append(equal_share(a, b, shift) == 1.0)
                    found.setdefault("returning: tune alike", []).append(
                        _tune_share(grid, earlier.first_bar + k, section.first_bar + k, shift)
                    )
    return {name: float(np.mean(values)) for name, values in found.items()}


def _tune_share(grid: Grid, a: int, b: int, shift: int) -> float:
    first, second = ({(o, (p + m) % 12) for o, _, p in grid.tune[bar]} for bar, m in ((a, shift), (b, 0)))
    return len(first & second) / max(len(first), len(second)) if first or second else 1.0


def cadences(score: Score, grid: Grid, sections: Sequence[Stretch], *, key: Key) -> dict[str, float]:
    """Return how sections end: on I or V, I after V, and the tune resting on a chord tone, by harmony heard."""
    bare = replace(score, chords=(), keys=(), sections=())
    marks = [(m.tick, m.chord) for m in find_chords(bare)]
    rests, home, final, after_dominant = [], [], [], []
    for section in sections:
        end = (section.first_bar + section.bars) * grid.bar_ticks
        heard = [c for t, c in marks if t < end and c is not None][-2:]
        tonic = (key.tonic + section.shift) % 12
        if not heard:
            continue
        degree = (heard[-1].root - tonic) % 12
        home.append(degree in (0, 7))
        final.append(degree == 0)
        if degree == 0 and len(heard) == 2:
            after_dominant.append((heard[0].root - tonic) % 12 in (7, 11))
        rests.append(_rests(grid, section, set(heard[-1].pitch_classes)))
    return {
        "section ends on I or V": _mean(home), "section ends on I": _mean(final),
        "I comes from V": _mean(after_dominant), "tune comes to rest": _mean(rests),
    }  # fmt: skip


def _rests(grid: Grid, section: Stretch, chord: set[int]) -> bool:
    """Return whether the tune's longest note of the last bar is a chord tone and long enough."""
    notes = grid.tune[section.first_bar + section.bars - 1]
    every = [
        d for bar in range(section.first_bar, section.first_bar + section.bars) for _, d, _ in grid.tune[bar]
    ]
    if not notes or not every:
        return False
    onset, _, pitch = max(notes, key=lambda n: (n[1], n[0]))
    after = [o for o, _, _ in notes if o > onset]
    room = (min(after) if after else grid.bar_ticks) - onset  # a rest after it belongs to it
    return pitch % 12 in chord and room >= min(grid.bar_ticks / 2, 2 * float(np.median(every)))


def steadiness(score: Score, grid: Grid, *, key: Key, shifts: Sequence[int] = ()) -> dict[str, float]:
    """Return whether key and density hold: share of 16-bar stretches in the key, and the drift of density.

    shifts: semitones above the key by bar, where a change was asked.
    """
    bare, bars = replace(score, chords=(), keys=(), sections=()), len(grid.bars)
    held, near = [], []
    for first in range(0, bars - 7, 16):
        stretch = slice_bars(bare, first, min(16, bars - first))
        if not any(len(p.notes) and not p.is_drums for p in stretch.parts):
            continue
        found = find_key(stretch)
        move = shifts[min(first + 8, len(shifts) - 1)] if len(shifts) else 0
        want = (key.tonic + move) % 12
        held.append(found.tonic == want and found.is_minor == key.is_minor)
        near.append(_fifths_apart(found, key.transpose(move)) <= 1)
    rate = np.array([len({place for _, place, _ in bar}) for bar in grid.bars], float)
    fours = np.array([rate[i : i + 4].mean() for i in range(0, bars - 3, 4)]) + 0.5
    slope = np.polyfit(np.linspace(0, 1, fours.size), np.log(fours), 1)[0]
    return {"key held": _mean(held), "key held or next to it": _mean(near), "density drift": float(abs(slope)),
            "change of density": float(np.log(fours).std())}  # fmt: skip


def _fifths_apart(a: Key, b: Key) -> int:
    places = [(k.tonic + (3 if k.is_minor else 0)) * 7 % 12 for k in (a, b)]
    apart = abs(places[0] - places[1])
    return min(apart, 12 - apart)


def follows(grid: Grid, energy: Sequence[float]) -> float:
    """Return the rank correlation of attacks with the planned energy, in stretches of four bars."""
    from scipy.stats import spearmanr

    count = min(len(energy), len(grid.bars))
    rate = [sum(len(grid.bars[b]) for b in range(i, i + 4)) for i in range(0, count - 3, 4)]
    asked = [float(np.mean(energy[i : i + 4])) for i in range(0, count - 3, 4)]
    return float(spearmanr(rate, asked).statistic) if len(set(asked)) > 1 and len(set(rate)) > 1 else 0.0


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else 0.0


def quarters(score: Score) -> float:
    """Return the length of a score in quarters."""
    return score.end / TICKS_PER_QUARTER
