"""corpus fetch: a data set brought into the data home and checked file by file.

Conventions: with a folder given nothing is downloaded; what is there already and checks is kept.
This module downloads nothing itself: see `zhiyin.data.fetch`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.data.fetch import card_and_files, fetch
from zhiyin.data.manifest import read_manifest
from zhiyin.errors import NotFound


@dataclass(frozen=True, slots=True)
class CorpusFetchRequest:
    """Which set, and a folder that holds it already (None: the set's public origin)."""

    name: str
    source: Path | None = None


@dataclass(frozen=True, slots=True)
class CorpusFetched:
    """The set, the folder it now lies in, how many files it has, and under which licence."""

    name: str
    folder: Path
    files: int
    licence: str

    def to_json(self) -> dict[str, Any]:
        """Return the facts as plain values."""
        return {"name": self.name, "folder": str(self.folder), "files": self.files, "licence": self.licence}


def run(request: CorpusFetchRequest, progress: Progress = silent) -> CorpusFetched:
    """Bring the set here. Raises NotFound for an unknown name or folder, InvalidInput when files differ."""
    card, _ = card_and_files(request.name)
    if request.source is not None and not request.source.is_dir():
        raise NotFound(f"--from must be a folder that exists, got {str(request.source)!r}: check the path")
    folder = fetch(request.name, source=request.source, progress=progress)
    return CorpusFetched(request.name, folder, len(read_manifest(request.name)), card.licence)
