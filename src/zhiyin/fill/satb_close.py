"""How a harmonised tune begins and ends: on its tonic in root position, where the tune has a note of that chord.

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
    """The last chord, or the first: its first frame, its root and its third."""

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
    last = int(notes.pitch[notes.onset == notes.onset.max()].max()) % 12
    return _tonic_under(score, part, last, start=int((tune.edges[:, 1] > notes.onset.max()).argmax()))


def opening_of(score: Score, part: int) -> Close | None:
    """Return the tonic chord for the first frame, None where the tune does not begin on a note of it.

    The model knows only the past, and before the first chord there is none to tell it the key.
    """
    notes = score.parts[part].notes
    first = int(notes.pitch[notes.onset == notes.onset.min()].max()) % 12
    return _tonic_under(score, part, first, start=0)


def _tonic_under(score: Score, part: int, pitch_class: int, *, start: int) -> Close | None:
    key = find_key(replace(score, parts=(score.parts[part],), chords=()))
    third = (key.tonic + (3 if key.is_minor and pitch_class != (key.tonic + 4) % 12 else 4)) % 12
    close = Close(start, key.tonic, third)
    return close if pitch_class in close.chord else None
