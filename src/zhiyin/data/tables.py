"""The corpus as tables: a prepared piece as rows, and rows back as a score.

Conventions: steps of 1/24 quarter; `piece` counts from 0 in a shard; -1 means none. Column types are SCHEMA's.
This module knows no files: see `zhiyin.data.shards`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.analysis.columns import bar_edges
from zhiyin.analysis.fingerprint import fingerprints
from zhiyin.analysis.structure import repeat_of
from zhiyin.analysis.texture import cell_texture, texture_levels
from zhiyin.data.prepare import Prepared
from zhiyin.score import ROLES, Score, Timeline
from zhiyin.score.quantise import velocity_to_level
from zhiyin.theory.chord import QUALITY_NAMES
from zhiyin.theory.key import MODE_FIFTHS
from zhiyin.units import TICKS_PER_STEP, IntArray

MODE_NAMES: tuple[str, ...] = tuple(MODE_FIFTHS)
_QUALITY = {name: index for index, name in enumerate(QUALITY_NAMES)}
_MODE = {name: index for index, name in enumerate(MODE_NAMES)}
Column = NDArray[Any] | list[str]
Table = dict[str, Column]

# table -> column -> numpy type, or "text"
SCHEMA: dict[str, dict[str, str]] = {
    "pieces": {
        "piece": "int32", "id": "text", "set": "text", "work": "text", "split": "text", "style": "text",
        "weight": "float32", "tempo": "float32", "title": "text", "composer": "text", "licence": "text",
        "attribution": "text", "path": "text", "sha256": "text", "parts": "int16", "bars": "int32",
        "notes": "int32", "pickup_steps": "int32", "length_steps": "int32", "seconds": "float32",
        "moved": "int32", "max_move_ticks": "int32", "mean_move_ticks": "float32", "off_grid": "float32",
        "duplicates_dropped": "int32", "has_given_chords": "bool", "has_given_keys": "bool",
        "is_jsb_leak": "bool", "remarks": "text",
    },
    "parts": {
        "piece": "int32", "part": "int16", "name": "text", "role": "int8", "program": "int16", "is_drums": "bool",
    },
    "notes": {
        "piece": "int32", "part": "int16", "onset": "int32", "duration": "int32", "pitch": "uint8",
        "level": "uint8", "voice": "int16",
    },
    "bars": {
        "piece": "int32", "bar": "int32", "start": "int32", "length": "int32", "numerator": "int16",
        "denominator": "int16", "tonic_fifths": "int8", "mode": "int8", "tempo": "float32", "section": "int16",
        "repeat_of": "int32",
    },
    "chords": {"piece": "int32", "step": "int32", "root": "int8", "quality": "int8", "bass": "int8"},
    "cells": {
        "piece": "int32", "part": "int16", "bar": "int32", "density": "int8", "polyphony": "int8",
        "register": "int8", "low": "int16", "high": "int16", "attacks": "int16",
    },
    "sections": {"piece": "int32", "section": "int16", "step": "int32", "name": "text"},
    "words": {"piece": "int32", "part": "int16", "onset": "int32", "syllable": "text"},
    "fingerprints": {"piece": "int32", "hash": "int64"},
}  # fmt: skip


def tables_of(prepared: Prepared, *, set_name: str, sha256: str) -> dict[str, Table]:
    """Return the rows of one prepared piece, its `piece` 0, its split still empty."""
    score = prepared.score
    bars = bar_edges(score)
    tables: dict[str, Table] = {
        "pieces": _piece_row(prepared, bars, set_name=set_name, sha256=sha256),
        "parts": _part_rows(score),
        "notes": _note_rows(score),
        "bars": _bar_rows(score, bars),
        "chords": _chord_rows(score),
        "cells": _cell_rows(score, bars),
        "sections": _section_rows(score),
        "words": _word_rows(score),
        "fingerprints": {"hash": _hashes(score)},
    }
    for rows in tables.values():
        rows["piece"] = np.zeros(len(next(iter(rows.values()))), np.int64)
    return tables


def steps(ticks: IntArray | list[int]) -> IntArray:
    """Return the nearest step of each tick."""
    array: IntArray = (np.asarray(ticks, np.int64) + TICKS_PER_STEP // 2) // TICKS_PER_STEP
    return array


def _piece_row(prepared: Prepared, bars: IntArray, *, set_name: str, sha256: str) -> Table:
    score, source, report = prepared.score, prepared.piece.source, prepared.report
    row: dict[str, Any] = {
        "id": source.id, "set": set_name, "work": source.work, "split": source.split,
        "style": source.style or "", "weight": source.weight, "tempo": score.tempos[0].bpm,
        "title": source.title or score.title, "composer": source.composer, "licence": source.licence,
        "attribution": source.attribution, "path": source.path, "sha256": sha256, "parts": len(score.parts),
        "bars": len(bars) - 1, "notes": score.note_count, "pickup_steps": score.pickup_ticks // TICKS_PER_STEP,
        "length_steps": int(steps([score.end])[0]), "seconds": Timeline.of(score).duration_s(score.end),
        "moved": report.moved, "max_move_ticks": report.max_move_ticks,
        "mean_move_ticks": report.mean_move_ticks, "off_grid": prepared.off_grid,
        "duplicates_dropped": report.duplicates_dropped, "has_given_chords": source.has_given_chords,
        "has_given_keys": source.has_given_keys, "is_jsb_leak": source.is_jsb_leak,
        "remarks": "; ".join(prepared.remarks),
    }  # fmt: skip
    return {name: [v] if isinstance(v, str) else np.array([v]) for name, v in row.items()}


def _part_rows(score: Score) -> Table:
    parts = score.parts
    return {
        "part": np.arange(len(parts)),
        "name": [part.name for part in parts],
        "role": np.array([ROLES.index(part.role) for part in parts], np.int64),
        "program": np.array([part.program for part in parts], np.int64),
        "is_drums": np.array([part.is_drums for part in parts], bool),
    }


def _note_rows(score: Score) -> Table:
    columns = [part.notes for part in score.parts]
    empty = np.empty(0, np.int64)

    def joined(arrays: list[IntArray]) -> IntArray:
        return np.concatenate([empty, *arrays])

    return {
        "part": np.repeat(np.arange(len(columns)), [len(notes) for notes in columns]),
        "onset": joined([notes.onset for notes in columns]) // TICKS_PER_STEP,
        "duration": joined([notes.duration for notes in columns]) // TICKS_PER_STEP,
        "pitch": joined([notes.pitch for notes in columns]),
        "level": velocity_to_level(joined([notes.velocity for notes in columns])),
        "voice": joined([np.full(len(n), -1) if n.voice is None else n.voice for n in columns]),
    }


def _bar_rows(score: Score, edges: IntArray) -> Table:
    starts = edges[:-1]
    metres = [mark.metre for mark in score.metres]
    metre = in_force([m.tick for m in score.metres], starts)
    key = in_force([m.tick for m in score.keys], starts)
    tonics = np.array([m.key.tonic_fifths for m in score.keys] or [0], np.int64)
    modes = np.array([_MODE[m.key.mode] for m in score.keys] or [-1], np.int64)
    tempo = in_force([t.tick for t in score.tempos], starts)
    section = (
        in_force([s.tick for s in score.sections], starts) if score.sections else np.full(starts.size, -1)
    )
    repeats = np.full(starts.size, -1)
    if score.note_count:
        found = repeat_of(score)
        repeats[: len(found)] = found[: starts.size]
    return {
        "bar": np.arange(starts.size),
        "start": steps(starts),
        "length": np.diff(steps(edges)),
        "numerator": np.array([m.numerator for m in metres])[metre],
        "denominator": np.array([m.denominator for m in metres])[metre],
        "tonic_fifths": tonics[key],
        "mode": modes[key],
        "tempo": np.array([t.bpm for t in score.tempos])[tempo],
        "section": section,
        "repeat_of": repeats,
    }


def in_force(ticks: list[int], at: IntArray) -> IntArray:
    """Return the index of the mark in force at each tick, 0 before the first.

    >>> in_force([0, 100], np.array([0, 99, 100])).tolist()
    [0, 0, 1]
    """
    index: IntArray = np.maximum(np.searchsorted(np.array(ticks, np.int64), at, side="right") - 1, 0)
    return index


def _chord_rows(score: Score) -> Table:
    chords = [mark.chord for mark in score.chords]
    return {
        "step": steps([mark.tick for mark in score.chords]),
        "root": np.array([c.root if c else -1 for c in chords], np.int64),
        "quality": np.array([_QUALITY[c.quality] if c else -1 for c in chords], np.int64),
        "bass": np.array([c.bass if c else -1 for c in chords], np.int64),
    }


def _cell_rows(score: Score, edges: IntArray) -> Table:
    texture = cell_texture(score, edges)
    levels = texture_levels(texture)
    parts, bars = texture.notes.shape
    return {
        "part": np.repeat(np.arange(parts), bars),
        "bar": np.tile(np.arange(bars), parts),
        "density": levels.density.reshape(-1),
        "polyphony": levels.polyphony.reshape(-1),
        "register": levels.register.reshape(-1),
        "low": texture.low.reshape(-1),
        "high": texture.high.reshape(-1),
        "attacks": texture.attacks.reshape(-1),
    }


def _section_rows(score: Score) -> Table:
    return {
        "section": np.arange(len(score.sections)),
        "step": steps([s.tick for s in score.sections]),
        "name": [s.name for s in score.sections],
    }


def _word_rows(score: Score) -> Table:
    part, onset, words = [np.empty(0, np.int64)], [np.empty(0, np.int64)], list[str]()
    for index, voice in enumerate(score.parts):
        if voice.notes.syllable is None:
            continue
        rows = np.flatnonzero(voice.notes.syllable != "")
        part.append(np.full(rows.size, index))
        onset.append(voice.notes.onset[rows] // TICKS_PER_STEP)
        words += voice.notes.syllable[rows].tolist()
    return {"part": np.concatenate(part), "onset": np.concatenate(onset), "syllable": words}


def _hashes(score: Score) -> NDArray[np.int64]:
    return np.asarray(fingerprints(score)).astype(np.uint64).view(np.int64)


def join_tables(pieces: list[dict[str, Table]], names: tuple[str, ...] = tuple(SCHEMA)) -> dict[str, Table]:
    """Return the chosen tables of several batches as one; `piece` goes on counting."""
    joined: dict[str, Table] = {}
    counts = [len(tables["pieces"]["piece"]) for tables in pieces]
    firsts = np.cumsum([0, *counts[:-1]]) if counts else np.empty(0, np.int64)
    for name in names:
        joined[name] = {}
        for column, kind in SCHEMA[name].items():
            values = [tables[name][column] for tables in pieces]
            if kind == "text":
                joined[name][column] = [text for value in values for text in value]
            elif column == "piece":
                moved = [np.asarray(v, np.int64) + first for v, first in zip(values, firsts, strict=True)]
                joined[name][column] = np.concatenate([np.empty(0, np.int64), *moved]).astype(kind)
            else:
                joined[name][column] = np.concatenate([np.empty(0, kind), *values]).astype(kind)
    return joined


def take_pieces(tables: dict[str, Table], keep: NDArray[np.bool_]) -> dict[str, Table]:
    """Return the tables with only the chosen pieces, counted anew from 0."""
    number = np.cumsum(keep) - 1
    taken: dict[str, Table] = {}
    for name, table in tables.items():
        piece = np.asarray(table["piece"], np.int64)
        rows = np.flatnonzero(keep[piece])
        taken[name] = {
            column: [values[i] for i in rows] if isinstance(values, list) else values[rows]
            for column, values in table.items()
        }
        taken[name]["piece"] = number[piece[rows]].astype(np.int32)
    return taken
