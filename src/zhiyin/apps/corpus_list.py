"""corpus list: the data sets, where they come from and what may be done with them.

Conventions: facts come from each set's card; nothing is read from disk.
This module knows no set: see `zhiyin.data.DATASETS`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.data import DATASETS, STATISTICS, TEXT_DATASETS, Card


@dataclass(frozen=True, slots=True)
class CorpusListRequest:
    """Nothing is asked: all sets are listed."""


@dataclass(frozen=True, slots=True)
class CorpusList:
    """Every set's card with its kind: music, text or statistics."""

    cards: tuple[tuple[str, Card], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the cards as plain values."""
        return {"sets": [{"kind": kind, **asdict(card)} for kind, card in self.cards]}


def run(request: CorpusListRequest, progress: Progress = silent) -> CorpusList:
    """Return the cards of all sets, music first."""
    tables = (("music", DATASETS), ("text", TEXT_DATASETS), ("statistics", STATISTICS))
    return CorpusList(tuple((kind, one.card) for kind, table in tables for one in table.values()))
