"""corpus build: sets of music read, cleaned and written as the shards that training reads.

Conventions: a set that has not changed is not read again; a broken run goes on where it stopped.
This module reads no set itself: see `zhiyin.data.build`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.extras import need_pyarrow
from zhiyin.errors import InvalidInput

MAX_WORKERS = 64


@dataclass(frozen=True, slots=True)
class CorpusBuildRequest:
    """Which sets (none: all that may train), from which folder of sets (None: where fetch puts them), into which."""

    names: tuple[str, ...] = ()
    home: Path | None = None
    out: Path = Path("corpus")
    workers: int = 2

    def __post_init__(self) -> None:
        if not 1 <= self.workers <= MAX_WORKERS:
            raise InvalidInput(f"workers must be 1..{MAX_WORKERS}, got {self.workers}")


@dataclass(frozen=True, slots=True)
class CorpusBuilt:
    """What became of each set, and where the shards are."""

    out: Path
    sets: tuple[Any, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the reports as plain values."""
        return {"out": str(self.out), "sets": [asdict(report) for report in self.sets]}


def run(request: CorpusBuildRequest, progress: Progress = silent) -> CorpusBuilt:
    """Build the shards. Raises NotFound for an unknown set or a missing folder, MissingExtra without pyarrow."""
    need_pyarrow()
    from zhiyin.data.build import build
    from zhiyin.data.fetch import data_home

    home = request.home or data_home()
    reports = build(home, request.out, sets=request.names or None, workers=request.workers, progress=progress)
    return CorpusBuilt(request.out, tuple(reports))
