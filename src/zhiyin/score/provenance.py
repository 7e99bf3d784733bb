"""Where notes come from: a person, a file, or a model with version, seed and request.

Conventions: `Notes.origin` holds indices into `Score.provenance`; NO_ORIGIN, no column, or an index outside the
table is "unknown". This module states facts; it gives no legal verdict and signs nothing (see `zhiyin.rights`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.score.note import NO_ORIGIN, Notes
from zhiyin.units import IntArray

KINDS = ("person", "file", "model")


@dataclass(frozen=True, slots=True)
class Origin:
    """One source of notes.

    kind: person, file or model; name: who or which; detail: version, seed and request digest, or a file's digest.
    >>> Origin("model", "small", "seed=7").kind
    'model'
    """

    kind: str
    name: str
    detail: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidInput(f"origin kind must be one of {', '.join(KINDS)}, got {self.kind!r}")

    @property
    def facts(self) -> dict[str, str]:
        """Return the detail taken apart: `name=value` words by name, what stands before them as the version.

        >>> Origin("model", "small", "ab12 seed=7 take=0 request=9f").facts
        {'version': 'ab12', 'seed': '7', 'take': '0', 'request': '9f'}
        """
        words = self.detail.split()
        plain = [word for word in words if "=" not in word]
        pairs = [word.split("=", 1) for word in words if "=" in word]
        return ({"version": " ".join(plain)} if plain else {}) | {
            name: value for name, value in pairs if name
        }


Provenance = tuple[Origin, ...]


def origins_of(notes: Notes, table_size: int) -> IntArray:
    """Return one index a note into a table of that size, NO_ORIGIN wherever the origin is unknown.

    >>> origins_of(Notes.of([(0, 1, 60), (1, 1, 62)]).with_columns(origin=[0, 3]), 2).tolist()
    [0, -1]
    """
    if notes.origin is None:
        return np.full(len(notes), NO_ORIGIN, np.int64)
    known: IntArray = np.where(notes.origin < table_size, notes.origin, NO_ORIGIN)
    return known


def merge_provenance(tables: Iterable[Provenance]) -> tuple[Provenance, tuple[IntArray, ...]]:
    """Return one table without doubles, and for each given table where its rows stand in it.

    The first table keeps its places when it has no doubles, so that its notes need no new numbers.
    >>> a, b = Origin("person", "Ann"), Origin("file", "song.mid")
    >>> [place.tolist() for place in merge_provenance([(a,), (b, a)])[1]]
    [[0], [1, 0]]
    """
    merged: dict[Origin, int] = {}
    places = [
        np.array([merged.setdefault(origin, len(merged)) for origin in table], np.int64) for table in tables
    ]
    return tuple(merged), tuple(places)


def renumbered(notes: Notes, places: IntArray) -> Notes:
    """Return notes whose origins were indices into a table, as indices into the merged one.

    places: as `merge_provenance` gives them; what is unknown stays unknown.
    """
    if notes.origin is None:
        return notes
    known = origins_of(notes, places.size)
    return notes.with_columns(origin=np.append(places, NO_ORIGIN)[known])  # -1 takes the last: NO_ORIGIN
