"""The seam for file formats: bytes in, a score out, and back.

Conventions: a reader never touches the disk; it raises UnreadableFile with place and reason.
This module knows no format; the table is `zhiyin.io.FORMATS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from zhiyin.score import Score

MAX_FILE_BYTES = 64 * 2**20
MAX_NOTES = 2_000_000
MAX_QUARTERS = 400_000  # about 55 hours at 120 BPM


@dataclass(frozen=True, slots=True)
class Written:
    """A file's bytes and what the format could not carry, one sentence a loss."""

    data: bytes
    lost: tuple[str, ...] = ()


class Format(Protocol):
    """One file format.

    name: as shown to people; endings: lower-case with dot; is_read_only: `write` always raises InvalidInput.
    """

    name: str
    is_read_only: bool
    endings: tuple[str, ...]

    def read(self, data: bytes, *, path: str) -> Score:
        """Return the score in `data`; `path` is for messages only. Raises UnreadableFile."""
        ...

    def write(self, score: Score) -> Written:
        """Return the bytes of a score and what was lost. Raises InvalidInput if it cannot be written at all."""
        ...
