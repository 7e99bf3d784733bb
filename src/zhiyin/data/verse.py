"""Verse to learn from: poems of a language as cleaned lines, each on one side of a fixed split.

Conventions: a line is its units (characters, or lower-case words) in reading order; a stanza is a run of lines that
follow each other; a work is what is split. This module does not number units: see `zhiyin.encode.verse`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from zhiyin.errors import InvalidInput, NotFound

SIDES = ("train", "valid", "judge", "test")
_PERCENT = {"test": 4, "valid": 4, "judge": 12}  # the rest trains
LANGUAGES = ("zh", "en")

Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stanza:
    """Lines that follow each other in one work.

    kind: "ci", "qu", "shi", "shijing", "song", "hymn" or "poem"; joins: whether line i and line i + 1 are parts of
    one sentence, so that they may be sung as one long line; set_name: the data set.
    """

    work: str
    kind: str
    set_name: str
    lines: tuple[Line, ...]
    joins: tuple[bool, ...] = ()


def side_of_work(work: str) -> str:
    """Return train (80 %), valid (4 %), judge (12 %) or test (4 %) by the md5 of a work's name: the same for ever.

    The judge's side is never written from, so that a model of it can say how likely people's lines and ours are.

    >>> side_of_work("静夜思")
    'train'
    """
    place = int(hashlib.md5(f"verse {work}".encode(), usedforsecurity=False).hexdigest()[:8], 16) % 100
    for side, percent in _PERCENT.items():
        if place < percent:
            return side
        place -= percent
    return "train"


def read_verse(root: Path, language: str) -> list[Stanza]:
    """Return all stanzas of a language in the sets under a folder, each poem once.

    Raises NotFound when a set is missing, InvalidInput for another language than `zh` and `en`.
    """
    if language not in LANGUAGES:
        raise InvalidInput(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
    if not root.is_dir():
        raise NotFound(
            f"no folder of data sets at {str(root)!r}: run  zhiyin corpus fetch  or name the folder"
        )
    module = import_module("zhiyin.data.verse_zh" if language == "zh" else "zhiyin.data.verse_en")
    poems: Iterator[list[Stanza]] = module.read_poems(root)
    return [stanza for poem in without_repeats(poems) for stanza in poem]


def without_repeats(poems: Iterable[list[Stanza]]) -> Iterator[list[Stanza]]:
    """Yield the poems of which less than half of the lines were met before, without what is met again next to itself.

    Anthologies repeat poems, and one poem on two sides of the split would be a leak.
    """
    seen: set[Line] = set()
    for poem in poems:
        lines = [line for stanza in poem for line in stanza.lines]
        if lines and sum(line in seen for line in lines) < 0.5 * len(lines):
            seen.update(lines)
            yield poem


def in_side(stanzas: Iterable[Stanza], side: str) -> list[Stanza]:
    """Return the stanzas of one side of the split. Raises InvalidInput for an unknown side."""
    if side not in SIDES:
        raise InvalidInput(f"side must be one of {', '.join(SIDES)}, got {side!r}")
    return [stanza for stanza in stanzas if side_of_work(stanza.work) == side]


def unseen(stanzas: Iterable[Stanza], train: Iterable[Stanza]) -> list[Stanza]:
    """Return stanzas without the lines that stand in `train` word for word: what a copyist would know by heart."""
    known = {line for stanza in train for line in stanza.lines}
    return [part for stanza in stanzas for part in split_at(stanza, [line in known for line in stanza.lines])]


def split_at(stanza: Stanza, is_dropped: Iterable[bool]) -> list[Stanza]:
    """Return the runs of lines that are kept, as stanzas of their own."""
    runs: list[list[int]] = [[]]
    for index, dropped in enumerate(is_dropped):
        if dropped:
            runs.append([])
        else:
            runs[-1].append(index)
    joins = stanza.joins or (False,) * len(stanza.lines)
    return [
        replace(
            stanza,
            lines=tuple(stanza.lines[i] for i in run),
            joins=tuple(joins[i] and i != run[-1] for i in run),
        )
        for run in runs
        if run
    ]
