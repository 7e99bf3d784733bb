"""corpus stats: what a built corpus holds, counted.

Conventions: bars and notes after cleaning and without duplicates.
This module counts nothing itself: see `zhiyin.data.stats`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.extras import need_pyarrow


@dataclass(frozen=True, slots=True)
class CorpusStatsRequest:
    """Which corpus folder."""

    folder: Path = Path("corpus")


@dataclass(frozen=True, slots=True)
class CorpusStats:
    """The counts of each set, as `zhiyin.data.stats.SetStatistics`."""

    sets: tuple[Any, ...]

    def total(self, name: str) -> float:
        """Return the sum over all sets of a count, e.g. `notes`."""
        return float(sum(getattr(one, name) for one in self.sets))

    def to_json(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        totals = {name: self.total(name) for name in ("pieces", "works", "notes", "bars", "hours")}
        return {"sets": [asdict(one) for one in self.sets], "total": totals}


def run(request: CorpusStatsRequest, progress: Progress = silent) -> CorpusStats:
    """Return the counts of a corpus. Raises NotFound when there is none, MissingExtra without pyarrow."""
    need_pyarrow()
    from zhiyin.data.corpus import corpus_sets
    from zhiyin.data.stats import set_statistics

    names = corpus_sets(request.folder)
    counted = []
    for done, name in enumerate(names):
        progress(name, done, len(names))
        counted.append(set_statistics(request.folder, name))
    return CorpusStats(tuple(counted))
