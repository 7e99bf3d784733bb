"""Counts over a built corpus, a set at a time.

Conventions: plain values, ready for a table or JSON.
This module does not print.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhiyin.data.corpus import corpus_sets
from zhiyin.data.shards import read_note, read_tables
from zhiyin.score import ROLES

_TABLES = ("pieces", "parts", "bars", "chords", "words")


@dataclass(frozen=True, slots=True)
class SetStatistics:
    """Counts of one set of the corpus; hours by the marked tempo, splits and styles and roles by name."""

    name: str
    pieces: int
    works: int
    notes: int
    bars: int
    chords: int
    syllables: int
    hours: float
    moved_share: float
    splits: dict[str, int]
    styles: dict[str, int]
    roles: dict[str, int]
    dropped: dict[str, int]
    duplicates: int
    leaks: int


def set_statistics(folder: Path, name: str) -> SetStatistics:
    """Return the counts of one set in a corpus folder. Raises NotFound."""
    tables = read_tables(folder / name, _TABLES)
    note = read_note(folder / name) or {}
    pieces = tables["pieces"]
    notes = int(np.sum(pieces["notes"]))
    return SetStatistics(
        name=name,
        pieces=len(pieces["piece"]),
        works=len(set(pieces["work"])),
        notes=notes,
        bars=len(tables["bars"]["bar"]),
        chords=len(tables["chords"]["step"]),
        syllables=len(tables["words"]["syllable"]),
        hours=float(np.sum(pieces["seconds"])) / 3600,
        moved_share=float(np.sum(pieces["moved"])) / max(notes, 1),
        splits=dict(Counter(pieces["split"])),
        styles=dict(Counter(pieces["style"])),
        roles=dict(Counter(ROLES[int(role)] for role in tables["parts"]["role"])),
        dropped=dict(note.get("dropped", {})),
        duplicates=int(note.get("duplicates_dropped", 0)),
        leaks=int(np.sum(pieces["is_jsb_leak"])),
    )


def statistics(folder: Path) -> list[SetStatistics]:
    """Return the counts of every set in a corpus folder. Raises NotFound when there is no corpus."""
    return [set_statistics(folder, name) for name in corpus_sets(folder)]
