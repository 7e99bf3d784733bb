"""The corpus that training reads: shards of several sets as one view, and pieces of it as scores.

Conventions: the view counts pieces from 0 over all sets; arrays are shared, not copied; steps of 1/24 quarter.
This module does not change the corpus: see `zhiyin.data.build`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.data.shards import read_note, read_tables
from zhiyin.data.tables import MODE_NAMES, Table, join_tables, take_pieces
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.score import (
    ROLES,
    VELOCITY_LEVELS,
    ChordMark,
    KeyMark,
    MetreMark,
    Notes,
    Origin,
    Part,
    Score,
    Section,
    Tempo,
)
from zhiyin.theory.chord import QUALITY_NAMES, Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_STEP, IntArray

TRAINING_TABLES = ("pieces", "parts", "notes", "bars", "chords", "cells", "sections", "words")
_ROW_TABLES = tuple(name for name in TRAINING_TABLES if name != "pieces")

SYNTHETIC = ("stylebook",)  # sets that no person wrote


@dataclass(frozen=True, eq=False)
class PieceArrays:
    """The columns of one piece, views into the corpus.

    Each is {column: array or list} of a table of `zhiyin.data.tables.SCHEMA`, one row a note, bar and so on.
    info: the row of the pieces table.
    """

    info: dict[str, Any]
    parts: Table
    notes: Table
    bars: Table
    chords: Table
    cells: Table
    sections: Table
    words: Table


@dataclass(frozen=True, eq=False)
class CorpusView:
    """Tables of many pieces with the rows of each piece side by side.

    tables: {table: {column: array}}; offsets: {table: (pieces + 1,) first row of each piece}.
    """

    tables: dict[str, Table]
    offsets: dict[str, IntArray]

    @classmethod
    def of(cls, tables: dict[str, Table]) -> CorpusView:
        """Return the view of joined tables whose rows are sorted by piece."""
        count = len(tables["pieces"]["piece"])
        edges = np.arange(count + 1)
        offsets = {name: np.searchsorted(np.asarray(tables[name]["piece"]), edges) for name in _ROW_TABLES}
        return cls(tables, offsets)

    def __len__(self) -> int:
        return len(self.tables["pieces"]["piece"])

    def __iter__(self) -> Iterator[PieceArrays]:
        return (self.piece(index) for index in range(len(self)))

    @property
    def note_counts(self) -> IntArray:
        """Return the number of notes of each piece."""
        counts: IntArray = np.diff(self.offsets["notes"])
        return counts

    def column(self, name: str) -> NDArray[Any]:
        """Return a column of the pieces table as an array, e.g. "style", "weight", "is_jsb_leak"."""
        return np.asarray(self.tables["pieces"][name])

    def piece(self, index: int) -> PieceArrays:
        """Return the columns of one piece. Raises InvalidInput when the index is out of range."""
        if not 0 <= index < len(self):
            raise InvalidInput(f"piece must be 0..{len(self) - 1}, got {index}")
        rows = {}
        for name in _ROW_TABLES:
            low, high = self.offsets[name][index : index + 2]
            rows[name] = {column: values[low:high] for column, values in self.tables[name].items()}
        info = {column: values[index] for column, values in self.tables["pieces"].items()}
        return PieceArrays(info, **rows)


def corpus_sets(folder: Path) -> list[str]:
    """Return the names of the sets that a corpus folder holds, sorted."""
    found = sorted(p.name for p in folder.iterdir() if read_note(p)) if folder.is_dir() else []
    if not found:
        raise NotFound(f"no corpus in {str(folder)!r}: run  zhiyin corpus build  first")
    return found


def load_corpus(folder: Path, *, sets: Iterable[str] | None = None, split: str | None = None) -> CorpusView:
    """Return the pieces of a corpus: of the sets named (all when None) and of one split (all when None).

    Nine million notes load in a few seconds. Raises NotFound when a set or the corpus is missing.
    """
    names = corpus_sets(folder) if sets is None else list(sets)
    loaded = []
    for name in names:
        tables = read_tables(folder / name, TRAINING_TABLES)
        if split is not None:
            tables = take_pieces(tables, np.array([s == split for s in tables["pieces"]["split"]], bool))
        loaded.append(tables)
    return CorpusView.of(join_tables(loaded, TRAINING_TABLES))


def load_human_corpus(folder: Path, *, split: str | None = None) -> CorpusView:
    """Return the pieces that people wrote: what judges and comparisons with people may be made of.

    Sets in SYNTHETIC were written by rules of ours; they may train a model and prove nothing about people.
    """
    return load_corpus(folder, sets=[n for n in corpus_sets(folder) if n not in SYNTHETIC], split=split)


def piece_to_score(view: CorpusView, index: int) -> Score:
    """Return one piece as a score on the grid, with its roles, keys, chords and sections."""
    piece = view.piece(index)
    info, bars = piece.info, piece.bars
    return Score(
        title=info["title"],
        parts=tuple(_part(piece, row) for row in range(len(piece.parts["part"]))),
        tempos=tuple(Tempo(t, float(v)) for t, v in _changes(bars, "tempo")),
        metres=_metres(bars, pickup_steps=int(info["pickup_steps"])),
        keys=tuple(KeyMark(t, _key(v)) for t, v in _changes(bars, "tonic_fifths", "mode") if v[1] >= 0),
        chords=_chords(piece.chords),
        sections=_sections(piece.sections),
        pickup_ticks=int(info["pickup_steps"]) * TICKS_PER_STEP,
        length_ticks=int(info["length_steps"]) * TICKS_PER_STEP,
        credits=(("composer", info["composer"]),) if info["composer"] else (),
        provenance=(Origin("file", info["set"], info["path"]),),
    )


def _part(piece: PieceArrays, row: int) -> Part:
    low, high = np.searchsorted(piece.notes["part"], [row, row + 1])
    columns = {name: np.asarray(values[low:high], np.int64) for name, values in piece.notes.items()}
    voice = columns["voice"]
    notes = Notes(
        columns["onset"] * TICKS_PER_STEP,
        columns["duration"] * TICKS_PER_STEP,
        columns["pitch"],
        np.array(VELOCITY_LEVELS)[columns["level"]],
        voice=voice if voice.size and voice.min() >= 0 else None,
    )
    parts = piece.parts
    return Part(
        parts["name"][row],
        _with_words(notes, piece.words, row),
        role=ROLES[int(parts["role"][row])],
        program=int(parts["program"][row]),
        is_drums=bool(parts["is_drums"][row]),
    )


def _with_words(notes: Notes, words: Table, part: int) -> Notes:
    rows = np.flatnonzero(np.asarray(words["part"]) == part)
    if not rows.size or not len(notes):
        return notes
    at = {int(words["onset"][i]) * TICKS_PER_STEP: words["syllable"][i] for i in rows}
    is_top = np.append(notes.onset[1:] != notes.onset[:-1], True)
    syllables = [at.get(o, "") if top else "" for o, top in zip(notes.onset.tolist(), is_top, strict=True)]
    return notes.with_columns(syllable=np.array(syllables, np.str_))


def _changes(bars: Table, *names: str) -> list[tuple[int, Any]]:
    """Return (tick, value or values) of every bar where a column changes."""
    columns = np.stack([np.asarray(bars[name]) for name in names], axis=1)
    changed = (
        np.append(True, np.any(columns[1:] != columns[:-1], axis=1)) if len(columns) else np.empty(0, bool)
    )
    starts = np.asarray(bars["start"], np.int64)[changed] * TICKS_PER_STEP
    values = columns[changed].tolist()
    return [(t, v if len(names) > 1 else v[0]) for t, v in zip(starts.tolist(), values, strict=True)]


def _metres(bars: Table, *, pickup_steps: int) -> tuple[MetreMark, ...]:
    """Return the metre marks, one more wherever a bar is shorter than its metre says."""
    marks: list[MetreMark] = []
    length_of_last = 0
    for bar in range(len(bars["bar"])):
        metre = Metre(int(bars["numerator"][bar]), int(bars["denominator"][bar]))
        is_new = not marks or marks[-1].metre != metre or length_of_last * TICKS_PER_STEP != metre.bar_ticks
        if is_new and not (bar == 1 and pickup_steps and marks and marks[-1].metre == metre):
            marks.append(MetreMark(int(bars["start"][bar]) * TICKS_PER_STEP, metre))
        length_of_last = int(bars["length"][bar])
    return tuple(marks)


def _key(value: list[int]) -> Key:
    return Key(int(value[0]), MODE_NAMES[int(value[1])])


def _chords(chords: Table) -> tuple[ChordMark, ...]:
    rows = zip(*(np.asarray(chords[n]).tolist() for n in ("step", "root", "quality", "bass")), strict=True)
    return tuple(
        ChordMark(step * TICKS_PER_STEP, Chord(root, QUALITY_NAMES[quality], bass) if root >= 0 else None)
        for step, root, quality, bass in rows
    )


def _sections(sections: Table) -> tuple[Section, ...]:
    rows = zip(np.asarray(sections["step"]).tolist(), sections["name"], strict=True)
    return tuple(Section(step * TICKS_PER_STEP, name) for step, name in rows)
