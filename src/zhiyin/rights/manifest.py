"""The manifest: what is known of a score's origins, as one JSON object that can travel inside other files.

Conventions: format "zhiyin-provenance/1", set out in docs/provenance.md; every number is whole; nothing in it
depends on the clock or the machine. This module neither signs (signing.py) nor embeds (embedding.py).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from zhiyin import __version__
from zhiyin.errors import InvalidInput
from zhiyin.io.base import MAX_NOTES
from zhiyin.rights.content import Content, content_of
from zhiyin.rights.manifest_check import check_fields
from zhiyin.rights.rows import packed_rows, unpacked_rows
from zhiyin.rights.shares import shares_of
from zhiyin.score import Notes, Origin, Part, Score
from zhiyin.score.note import NO_ORIGIN
from zhiyin.score.provenance import origins_of
from zhiyin.units import IntArray

FORMAT = "zhiyin-provenance/1"
MAX_MANIFEST_BYTES = 32 * 2**20

Manifest: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DataLicence:
    """One data set that a model learned from: its title, its licence, how many pieces, and the line to name it by."""

    title: str
    licence: str
    pieces: int = 0
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class ModelData:
    """What a model of this name and version learned from; data is None where no card of it is at hand."""

    name: str
    version: str
    data: tuple[DataLicence, ...] | None


def models_named(score: Score) -> tuple[tuple[str, str], ...]:
    """Return (name, version) of each model in a score's table of origins, each once; a mix `a+b` names its members.

    >>> models_named(Score(provenance=(Origin("model", "small", "ab12 seed=7"), Origin("person", "Ann"))))
    (('small', 'ab12'),)
    """
    rows: list[tuple[str, str]] = []
    for origin in (o for o in score.provenance if o.kind == "model"):
        names, versions = origin.name.split("+"), origin.facts.get("version", "").split("+")
        is_mix = len(names) == len(versions)
        rows += zip(names, versions, strict=True) if is_mix else [(origin.name, "+".join(versions))]
    return tuple(dict.fromkeys(rows))


def manifest_of(
    score: Score,
    *,
    models: Sequence[ModelData] = (),
    sound: str = "",
    software: str = f"zhiyin {__version__}",
) -> Manifest:
    """Return the unsigned manifest of a score.

    models: of `models_named`, with the licences of their data; sound: digest of the sound that goes with it, if any.
    """
    content = {**asdict(content_of(score)), **({"sound": sound} if sound else {})}
    return {
        "format": FORMAT,
        "software": software,
        "title": score.title,
        "content": content,
        "origins": [_origin_row(origin) for origin in score.provenance],
        "parts": [_part_row(part, len(score.provenance)) for part in score.parts if len(part.notes)],
        "shares": shares_of(score).to_json(),
        "models": [_model_row(model) for model in models],
    }


def _origin_row(origin: Origin) -> dict[str, Any]:
    facts = origin.facts if origin.kind == "model" else {}
    return {
        "kind": origin.kind,
        "name": origin.name,
        "detail": origin.detail,
        **({"facts": facts} if facts else {}),
    }


def _model_row(model: ModelData) -> dict[str, Any]:
    data = None if model.data is None else [asdict(row) for row in model.data]
    return {"name": model.name, "version": model.version, "data": data}


def _part_row(part: Part, table_size: int) -> dict[str, Any]:
    origin = origins_of(part.notes, table_size)
    starts = np.flatnonzero(np.append(True, origin[1:] != origin[:-1]))
    lengths = np.diff(np.append(starts, origin.size))
    runs = [list(run) for run in zip(origin[starts].tolist(), lengths.tolist(), strict=True)]
    return {"name": part.name, "notes": len(part.notes), "origins": runs, "rows": packed_rows(part.notes)}


def manifest_to_text(manifest: Mapping[str, Any]) -> str:
    """Return the canonical text: ASCII JSON, keys sorted, no blanks. The same manifest gives the same text."""
    return json.dumps(manifest, ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":"))


def text_to_manifest(text: str) -> Manifest:
    """Return a checked manifest. Raises InvalidInput with what is wrong."""
    if len(text) > MAX_MANIFEST_BYTES:
        raise InvalidInput(f"a manifest must be at most {MAX_MANIFEST_BYTES} bytes, got {len(text)}")
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"a manifest must be JSON, got {text[:40]!r}: {error}") from error
    return checked(tree)


def checked(tree: Any) -> Manifest:
    """Return a tree if it is a manifest of this format. Raises InvalidInput naming the field."""
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        found = tree.get("format") if isinstance(tree, dict) else type(tree).__name__
        raise InvalidInput(
            f"a manifest's format must be {FORMAT!r}, got {found!r}: read it with a newer Zhiyin"
        )
    check_fields(tree)
    origins_in(tree)
    if sum(part["notes"] for part in tree["parts"]) > MAX_NOTES:
        raise InvalidInput(f"a manifest must have at most {MAX_NOTES} notes, got more")
    return tree


def origins_in(manifest: Manifest) -> tuple[Origin, ...]:
    """Return the table of origins in a checked manifest. Raises InvalidInput for an unknown kind."""
    return tuple(Origin(row["kind"], row["name"], row["detail"]) for row in manifest["origins"])


def content_in(manifest: Manifest) -> Content:
    """Return the digests of notes and marks in a checked manifest."""
    return Content(**{name: manifest["content"][name] for name in Content.__dataclass_fields__})


def notes_in(manifest: Manifest) -> Score:
    """Return the notes that a checked manifest tells of, with their origins and no marks. Raises InvalidInput."""
    parts = []
    for row in manifest["parts"]:
        rows = unpacked_rows(row["rows"], row["notes"])
        origins = [origin for origin, count in row["origins"] for _ in range(count)]
        parts.append(Part(row["name"], Notes.of(rows).with_columns(origin=origins)))
    return Score(title=manifest["title"], parts=tuple(parts), provenance=origins_in(manifest))


@dataclass(frozen=True, slots=True)
class Restored:
    """A score with the origins that a manifest gives its notes, and how the two compare.

    matched: notes of the manifest found again; foreign: notes of the score that the manifest does not know, their
    origin unknown; missing: notes of the manifest that the score has not.
    """

    score: Score
    matched: int
    foreign: int
    missing: int


def restore(score: Score, manifest: Manifest) -> Restored:
    """Return the score with each note's origin from a manifest; a note that is not in it is of unknown origin.

    A note is the same when part, onset, length and pitch are; its loudness and spelling may have changed. Parts are
    paired by name, the rest in order when as many are left on both sides. Raises InvalidInput for a broken manifest.
    """
    table, rows = origins_in(manifest), manifest["parts"]
    pairs = _paired(
        [part.name if len(part.notes) else None for part in score.parts], [row["name"] for row in rows]
    )
    parts, matched = [], 0
    for index, part in enumerate(score.parts):
        origin = np.full(len(part.notes), NO_ORIGIN, np.int64)
        if index in pairs:
            origin, found = _matched(part.notes, rows[pairs[index]])
            matched += found
        parts.append(part.with_notes(part.notes.with_columns(origin=origin)) if len(part.notes) else part)
    told = sum(row["notes"] for row in rows)
    known = replace(score, parts=tuple(parts), provenance=table)
    return Restored(known, matched, score.note_count - matched, told - matched)


def _paired(names: list[str | None], told: list[str]) -> dict[int, int]:
    """Return part of the score -> row of the manifest: same names in order, then what is left when it is as many.

    >>> _paired(["Bass", None, "Lead"], ["Melody", "Bass"])
    {0: 1, 2: 0}
    """
    free: dict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(told):
        free[_bare(name)].append(row)
    pairs = {}
    for index, mine in enumerate(names):
        if mine is not None and free.get(_bare(mine)):
            pairs[index] = free[_bare(mine)].pop(0)
    rest = [index for index, mine in enumerate(names) if mine is not None and index not in pairs]
    left = sorted(row for rows in free.values() for row in rows)
    return pairs | (dict(zip(rest, left, strict=True)) if len(rest) == len(left) else {})


def _bare(name: str) -> str:
    return " ".join(name.split()).casefold()


def _matched(notes: Notes, row: dict[str, Any]) -> tuple[IntArray, int]:
    """Return the origin of each note, and how many notes of the row were found again."""
    told: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    origins = [origin for origin, count in row["origins"] for _ in range(count)]
    for key, origin in zip(unpacked_rows(row["rows"], row["notes"]), origins, strict=True):
        told[key].append(origin)
    keys = [(onset, length, pitch) for onset, length, pitch, _ in notes]
    there = Counter(keys)
    found = np.full(len(keys), NO_ORIGIN, np.int64)
    matched = 0
    for place, key in enumerate(keys):
        mine = told.get(key)
        if not mine:
            continue
        matched += 1
        # Of twins with different origins, one gone: nobody can say which is left.
        is_clear = len(set(mine)) == 1 or there[key] == len(mine)
        origin = mine.pop(0)
        found[place] = origin if is_clear else NO_ORIGIN
        there[key] -= 1
    return found, matched
