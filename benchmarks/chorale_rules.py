"""Part-writing faults of chorales on a grid, counted as the anchors were counted; independent of the judges.

Conventions: (steps, 4) MIDI pitches, soprano first, -1 a rest; steps with a rest are left out first.
Does not know: who wrote them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

Step = Sequence[int]


@dataclass(frozen=True, slots=True)
class Faults:
    """Counts: parallel fifths and octaves (unisons too), chord changes, crossed steps, and full steps."""

    parallels: int
    changes: int
    crossed: int
    steps: int

    @property
    def per_100_changes(self) -> float:
        """Parallels per 100 chord changes."""
        return 100 * self.parallels / self.changes

    @property
    def crossing_percent(self) -> float:
        """Share of full steps in which a voice lies above its upper neighbour."""
        return 100 * self.crossed / self.steps


def parallels_between(first: Step, second: Step) -> int:
    """Return the voice pairs that keep a fifth or an octave while both move the same way.

    >>> parallels_between([67, 64, 60, 48], [69, 65, 60, 50])  # soprano and bass keep a twelfth
    1
    """
    found = 0
    for a, b in combinations(range(len(first)), 2):
        move_a, move_b = second[a] - first[a], second[b] - first[b]
        keeps = (first[a] - first[b]) % 12 == (second[a] - second[b]) % 12
        found += move_a * move_b > 0 and keeps and (first[a] - first[b]) % 12 in (0, 7)
    return found


def count_faults(chorales: Iterable[Sequence[Step]]) -> Faults:
    """Return the counts over chorales, each a list of steps of four pitches."""
    parallels = changes = crossed = steps = 0
    for chorale in chorales:
        full = [[int(p) for p in step] for step in chorale if min(step) >= 0]
        chords = full[:1] + [now for before, now in pairwise(full) if now != before]
        changes += max(len(chords) - 1, 0)
        parallels += sum(parallels_between(one, two) for one, two in pairwise(chords))
        crossed += sum(any(lower > upper for upper, lower in pairwise(step)) for step in full)
        steps += len(full)
    return Faults(parallels, changes, crossed, steps)
