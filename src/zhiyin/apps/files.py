"""A score from a file, with what its reader warned of, and with the origins of its notes where the file tells them.

Conventions: warnings are sentences without the path.
This module knows no format (see `zhiyin.io`) and no manifest (see `zhiyin.apps.origins`).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from pathlib import Path

from zhiyin.apps.origins import named_after_file, with_file_origins
from zhiyin.errors import InvalidInput
from zhiyin.io import ReadWarning, format_of, load
from zhiyin.score import Score
from zhiyin.theory.instruments import instrument_for_program


@dataclass(frozen=True, slots=True)
class ReadScore:
    """A score from a file, the format's name, and what the reader rounded, dropped or guessed."""

    score: Score
    format_name: str
    warnings: tuple[str, ...] = ()


def read_score(path: Path) -> ReadScore:
    """Return the score in a file.

    Raises NotFound without one or for an unknown ending, UnreadableFile, InvalidInput for a folder.
    """
    if path.is_dir():
        raise InvalidInput(f"a score must be a file, got the folder {str(path)!r}: name a file in it")
    form = format_of(path)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", ReadWarning)
        score = load(path)
    told = [str(w.message).removeprefix(f"{path}: ") for w in said if issubclass(w.category, ReadWarning)]
    score, doubts = with_file_origins(score, path.read_bytes(), ending=path.suffix)
    return ReadScore(score, form.name, tuple(dict.fromkeys([*told, *doubts])))


def named(read: ReadScore, path: Path) -> ReadScore:
    """Return what was read with names where the file gives none: the file's for the title, instruments' for parts."""
    parts = [
        part
        if part.name.strip()
        else replace(part, name=instrument_for_program(part.program, is_drums=part.is_drums).name)
        for part in read.score.parts
    ]
    title = read.score.title.strip() or path.stem
    return replace(read, score=replace(read.score, title=title, parts=tuple(parts)))


def owned(read: ReadScore, path: Path) -> ReadScore:
    """Return what was read with the file named as the origin of the notes whose origin it does not tell."""
    return replace(read, score=named_after_file(read.score, path))
