"""ABC notation as a `Format`.

Conventions: ABC 2.1; a file may hold many tunes, `read_tunes` returns them all.
This module only joins `abc_read.py` and `abc_write.py`.
"""

from __future__ import annotations

from zhiyin.io.abc_read import AbcTune, read_tune, read_tunes, split_tunes
from zhiyin.io.abc_write import write_abc
from zhiyin.io.base import Written
from zhiyin.io.limits import warn_reader
from zhiyin.score import Score

__all__ = ["Abc", "AbcTune", "read_tune", "read_tunes", "split_tunes"]


class Abc:
    """ABC notation."""

    name = "ABC"
    is_read_only = False
    endings: tuple[str, ...] = (".abc",)

    def read(self, data: bytes, *, path: str) -> Score:
        """Return the first tune of a file; a warning says how many more there are. Raises UnreadableFile."""
        tunes = split_tunes(data, path=path)
        if len(tunes) > 1:
            warn_reader(
                path, f"the file holds {len(tunes)} tunes: the first was read, read_tunes reads them all"
            )
        return read_tune(tunes[0], path=path)

    def write(self, score: Score) -> Written:
        """Return the tune and what ABC could not carry."""
        return write_abc(score)
