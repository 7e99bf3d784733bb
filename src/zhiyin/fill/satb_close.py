"""How a harmonised tune ends: on its tonic in root position, where its last note is one of the tonic chord.

Conventions: pitch classes as they sound. The key is that of the tune alone, and of its signature where it has one.
This module does not judge cadences (see `zhiyin.fill.constraints.cadence`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from zhiyin.analysis.key import find_key
from zhiyin.fill.satb_grid import Tune
from zhiyin.score import Score


@dataclass(frozen=True, slots=True)
class Close:
    """The last chord: its first frame, its root and its third."""

    start: int
    root: int
    third: int

    @property
    def chord(self) -> tuple[int, int, int]:
        """Return its pitch classes."""
        return (self.root, self.third, (self.root + 7) % 12)


def close_of(score: Score, part: int, tune: Tune) -> Close | None:
    """Return the close of a tune, None where its last note is not of the tonic chord.

    A minor tune that ends on the major third above its tonic ends in major.
    """
    notes = score.parts[part].notes
    key = find_key(replace(score, parts=(score.parts[part],), chords=()))
    last = int(notes.pitch[notes.onset == notes.onset.max()].max()) % 12
    third = (key.tonic + (3 if key.is_minor and last != (key.tonic + 4) % 12 else 4)) % 12
    close = Close(int((tune.edges[:, 1] > notes.onset.max()).argmax()), key.tonic, third)
    return close if last in close.chord else None
