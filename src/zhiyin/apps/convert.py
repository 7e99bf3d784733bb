"""convert: a score from one format into another, and what was lost on the way.

Conventions: endings choose the formats; the target appears whole or not at all.
This module changes no note; origins that are known go along in the target's manifest.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.files import read_score
from zhiyin.apps.manifests import written_with_manifest
from zhiyin.apps.output import write_whole
from zhiyin.errors import InvalidInput
from zhiyin.io import writable_format_of


@dataclass(frozen=True, slots=True)
class ConvertRequest:
    """Which file to read and which to write."""

    source: Path
    target: Path


@dataclass(frozen=True, slots=True)
class Converted:
    """What was written, what the reader warned of, and what the target's format cannot carry."""

    source: Path
    target: Path
    source_format: str
    target_format: str
    parts: int
    notes: int
    warnings: tuple[str, ...]
    lost: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the facts as plain values."""
        return {
            "source": str(self.source), "target": str(self.target), "source_format": self.source_format,
            "target_format": self.target_format, "parts": self.parts, "notes": self.notes,
            "warnings": list(self.warnings), "lost": list(self.lost),
        }  # fmt: skip


def run(request: ConvertRequest, progress: Progress = silent) -> Converted:
    """Write the target. Raises NotFound, UnreadableFile, InvalidInput."""
    form = writable_format_of(request.target)
    read = read_score(request.source)
    if request.target.exists() and request.target.samefile(request.source):
        raise InvalidInput(
            f"the target must be another file than the source, got {str(request.target)!r} twice"
        )
    written = written_with_manifest(form, read.score, name=request.target.name)
    write_whole(request.target, written.data)
    return Converted(
        request.source, request.target, read.format_name, form.name, len(read.score.parts), read.score.note_count,
        read.warnings, written.lost,
    )  # fmt: skip
