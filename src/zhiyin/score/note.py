"""Notes as columns: the one container for what sounds when.

Conventions: ticks at 10,080 a quarter, arrays read-only, rows sorted by (onset, pitch, duration).
This module does not know parts, bars or tempo.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zhiyin.errors import InvalidNote
from zhiyin.units import BoolArray, IntArray, Ticks

DEFAULT_VELOCITY = 80
OPTIONAL_COLUMNS = ("spelling", "voice", "syllable", "origin")
NO_ORIGIN = -1  # in `Notes.origin`: nothing is known of where the note comes from


class Note(NamedTuple):
    """One row of `Notes`, for reading and for building small examples."""

    onset: int
    duration: int
    pitch: int
    velocity: int = DEFAULT_VELOCITY


def _column(name: str, values: ArrayLike, size: int, low: int, high: int) -> IntArray:
    array = np.array(values, dtype=np.int64).reshape(-1)
    if array.size != size:
        raise InvalidNote(f"{name} must have one value a note ({size}), got {array.size}")
    if size and (array.min() < low or array.max() > high):
        wrong = array[(array < low) | (array > high)][0]
        raise InvalidNote(f"{name} must lie in {low}..{high}, got {wrong}")
    return array


@dataclass(frozen=True, slots=True, eq=False)
class Notes:
    """Columns of equal length, one row a note, sorted by (onset, pitch, duration).

    onset, duration: ticks (duration > 0); pitch 0..127 (a drum key on drum parts); velocity 1..127.
    spelling: line-of-fifths place; voice: 0-based voice in the part; syllable: str, "" none, "la-" goes on;
    origin: index into the score's provenance, NO_ORIGIN where unknown. Optional columns are None when unknown.
    Iterating yields `Note`. Raises InvalidNote on a value out of range.
    >>> notes = Notes.of([(0, 10080, 60), (0, 10080, 64, 90)])
    >>> len(notes), notes.end
    (2, 10080)
    """

    onset: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    duration: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    pitch: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    velocity: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    spelling: IntArray | None = None
    voice: IntArray | None = None
    syllable: NDArray[np.str_] | None = None
    origin: IntArray | None = None

    def __post_init__(self) -> None:
        size = np.size(self.onset)
        big = 1 << 62
        columns: dict[str, Any] = {
            "onset": _column("onset", self.onset, size, 0, big),
            "duration": _column("duration", self.duration, size, 1, big),
            "pitch": _column("pitch", self.pitch, size, 0, 127),
            "velocity": _column("velocity", self.velocity, size, 1, 127),
        }
        for name, low, high in (("spelling", -40, 40), ("voice", 0, 255), ("origin", NO_ORIGIN, 1 << 31)):
            values = getattr(self, name)
            columns[name] = None if values is None else _column(name, values, size, low, high)
        columns["syllable"] = None
        if self.syllable is not None:
            columns["syllable"] = np.array(self.syllable, dtype=np.str_).reshape(-1)
            if columns["syllable"].size != size:
                raise InvalidNote(
                    f"syllable must have one text a note ({size}), got {columns['syllable'].size}"
                )
        order = np.lexsort((columns["duration"], columns["pitch"], columns["onset"]))
        if size and np.any(order[1:] < order[:-1]):
            columns = {name: None if c is None else c[order] for name, c in columns.items()}
        for name, column in columns.items():
            if column is not None:
                column.setflags(write=False)
            object.__setattr__(self, name, column)

    @classmethod
    def of(cls, rows: Iterable[tuple[int, ...]]) -> Notes:
        """Return notes of (onset, duration, pitch[, velocity]) rows, in ticks."""
        table = [Note(*row) for row in rows]
        columns = list(zip(*table, strict=True)) or [(), (), (), ()]
        onset, duration, pitch, velocity = (np.array(c, dtype=np.int64) for c in columns)
        return cls(onset, duration, pitch, velocity)

    def __len__(self) -> int:
        return int(self.onset.size)

    def __iter__(self) -> Iterator[Note]:
        for row in zip(
            self.onset.tolist(),
            self.duration.tolist(),
            self.pitch.tolist(),
            self.velocity.tolist(),
            strict=True,
        ):
            yield Note(*row)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Notes):
            return NotImplemented
        return all(_same(getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__)

    def __hash__(self) -> int:
        return hash(
            (self.onset.tobytes(), self.duration.tobytes(), self.pitch.tobytes(), self.velocity.tobytes())
        )

    @property
    def offset(self) -> IntArray:
        """Return the end of each note in ticks."""
        ends: IntArray = self.onset + self.duration
        return ends

    @property
    def end(self) -> Ticks:
        """Return the last sounding tick, 0 when empty."""
        return int(self.offset.max()) if len(self) else 0

    def take(self, rows: BoolArray | IntArray) -> Notes:
        """Return the chosen rows (mask or indices), every column included."""
        picked: dict[str, Any] = {n: getattr(self, n) for n in self.__dataclass_fields__}
        chosen: dict[str, Any] = {n: None if c is None else c[rows] for n, c in picked.items()}
        return Notes(**chosen)

    def between(self, start: Ticks, end: Ticks) -> Notes:
        """Return the notes whose onset lies in [start, end)."""
        low, high = np.searchsorted(self.onset, (start, end))
        return self.take(np.arange(low, high))

    def with_columns(self, **columns: ArrayLike | None) -> Notes:
        """Return a copy with some columns replaced."""
        return replace(self, **columns)  # type: ignore[arg-type]

    @classmethod
    def concat(cls, pieces: Iterable[Notes]) -> Notes:
        """Return all notes of several; an optional column survives if any piece has it.

        Gaps are filled with 0 or "", and with NO_ORIGIN: nobody is named for notes of unknown origin. Origins are
        indices into one table: pieces of two scores go through `zhiyin.score.provenance.merge_provenance` first.
        """
        items = [piece for piece in pieces if len(piece)]
        if not items:
            return cls()
        columns: dict[str, Any] = {}
        for name in cls.__dataclass_fields__:
            parts = [getattr(item, name) for item in items]
            if all(part is None for part in parts):
                continue
            filled = [_blank(name, len(i)) if p is None else p for i, p in zip(items, parts, strict=True)]
            columns[name] = np.concatenate(filled)
        return cls(**columns)


def _blank(name: str, size: int) -> NDArray[Any]:
    """Return what stands for an optional column that is not known."""
    if name == "syllable":
        return np.full(size, "", np.str_)
    return np.full(size, NO_ORIGIN if name == "origin" else 0, np.int64)


def _same(a: NDArray[Any] | None, b: NDArray[Any] | None) -> bool:
    if a is None or b is None:
        return a is None and b is None
    return bool(np.array_equal(a, b))
