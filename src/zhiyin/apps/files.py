"""A score from a file, with what its reader warned of.

Conventions: warnings are sentences without the path.
This module knows no format: see `zhiyin.io`.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

from zhiyin.io import ReadWarning, format_of, load
from zhiyin.score import Score


@dataclass(frozen=True, slots=True)
class ReadScore:
    """A score from a file, the format's name, and what the reader rounded, dropped or guessed."""

    score: Score
    format_name: str
    warnings: tuple[str, ...] = ()


def read_score(path: Path) -> ReadScore:
    """Return the score in a file. Raises NotFound without one or for an unknown ending, UnreadableFile."""
    form = format_of(path)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", ReadWarning)
        score = load(path)
    told = [str(w.message).removeprefix(f"{path}: ") for w in said if issubclass(w.category, ReadWarning)]
    return ReadScore(score, form.name, tuple(dict.fromkeys(told)))
