"""accept: a take put into the score it was made from, whole or in part.

Conventions: bars and parts as in `infill`; what is not accepted stays as it was, byte for byte; notes keep origins.
This module writes no notes itself: see `zhiyin.score.take_over`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.files import named, owned, read_score
from zhiyin.apps.manifests import written_with_manifest
from zhiyin.apps.notices import notices_of
from zhiyin.apps.output import write_whole
from zhiyin.errors import InvalidInput
from zhiyin.fill.scope import read_bars
from zhiyin.io import writable_format_of
from zhiyin.score import Timeline
from zhiyin.score.find_parts import find_parts
from zhiyin.score.take_over import ASPECTS, take_over


@dataclass(frozen=True, kw_only=True)
class AcceptRequest:
    """The score, a take of it, what of the take is wanted, and the score file to write."""

    source: Path
    take: Path
    out: Path
    bars: str = ""
    parts: str = "all"
    aspect: str = "all"

    def __post_init__(self) -> None:
        if self.aspect not in ASPECTS:
            raise InvalidInput(f"aspect must be one of {', '.join(ASPECTS)}, got {self.aspect!r}: choose one")
        writable_format_of(self.out)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The file, what was accepted (1-based bars, part names), notes now, warnings of reading, losses, notices."""

    out: Path
    bars: tuple[int, ...]
    parts: tuple[str, ...]
    aspect: str
    notes: int
    warnings: tuple[str, ...]
    lost: tuple[str, ...]
    notices: tuple[dict[str, str], ...]

    def to_json(self) -> dict[str, Any]:
        """Return what was accepted as plain values."""
        return {
            "file": str(self.out), "bars": list(self.bars), "parts": list(self.parts), "aspect": self.aspect,
            "notes": self.notes, "warnings": list(self.warnings),
            "lost": list(self.lost), "notices": list(self.notices),
        }  # fmt: skip


def run(request: AcceptRequest, progress: Progress = silent) -> Accepted:
    """Write the score with what was accepted of the take. Raises InvalidInput, NotFound, UnreadableFile."""
    if request.out.exists() and request.out.samefile(request.source):
        raise InvalidInput(
            f"the answer must be another file than the source, got {str(request.out)!r} twice: name another file"
        )
    before = owned(named(read_score(request.source), request.source), request.source)
    take = named(read_score(request.take), request.take)
    line = Timeline.of(take.score)
    count = line.bar_count(take.score.end)
    bars = read_bars(request.bars, count=count) if request.bars else tuple(range(count))
    parts = find_parts(take.score, request.parts)
    merged = take_over(before.score, take.score, parts=parts, bars=bars, aspect=request.aspect)
    written = written_with_manifest(writable_format_of(request.out), merged, name=request.out.name)
    write_whole(request.out, written.data)
    return Accepted(
        request.out, tuple(bar + 1 for bar in bars), tuple(take.score.parts[p].name for p in parts), request.aspect,
        merged.note_count, tuple(dict.fromkeys((*before.warnings, *take.warnings))), written.lost,
        tuple(notices_of(before.score, [merged])),
    )  # fmt: skip
