"""Manifests for what leaves: made of a score, with the licences of its models' data, put into the file's bytes.

Conventions: unsigned; an ending without a place for a manifest leaves the bytes as they are.
This module counts no shares and signs nothing: see `zhiyin.rights` and `zhiyin.apps.provenance_`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from zhiyin.apps.model import CHECKPOINT_ENVIRONMENT_NAME
from zhiyin.data import DATASETS
from zhiyin.io import Format, Written
from zhiyin.io.native import Native
from zhiyin.models.checkpoint import WEIGHTS_FOLDER
from zhiyin.rights.content import on_grid
from zhiyin.rights.embedding import PLACES, embed, sound_digest
from zhiyin.rights.manifest import DataLicence, ModelData, manifest_of, models_named
from zhiyin.score import Score, map_notes

STYLEBOOK = "stylebook"
VERSION_DIGITS = 16  # of a checkpoint's digest, as models name their version
# Formats that write notes on the grid of 24 steps a quarter.
GRID_ENDINGS = (".musicxml", ".xml", ".mxl")


def carried(score: Score, ending: str) -> Score:
    """Return the score as files with an ending carry it: notes on the grid for MusicXML, else as it is."""
    if ending.lower() not in GRID_ENDINGS:
        return score
    return map_notes(score, lambda part: on_grid(part.notes))


def written_with_manifest(form: Format, score: Score, *, name: str) -> Written:
    """Return the file of a score with its manifest in it, and what was lost; origins in a manifest are not."""
    ending = Path(name).suffix.lower()
    if ending not in PLACES or ending in Native.endings or not score.provenance:
        return form.write(score)
    bare = map_notes(replace(score, provenance=()), lambda part: part.notes.with_columns(origin=None))
    written = form.write(bare)
    return Written(with_manifest(name, written.data, score), written.lost)


def with_manifest(name: str, data: bytes, score: Score) -> bytes:
    """Return a file's bytes with the unsigned manifest of the score in it; as they are when no origin is known.

    name: the file's, whose ending chooses the place; an ending without a place leaves the bytes as they are, and so
    does Zhiyin's own format, which holds the origins itself.
    """
    ending = Path(name).suffix.lower()
    if ending not in PLACES or ending in Native.endings or not score.provenance:
        return data
    sound = sound_digest(data, ending=ending) if ending in (".wav", ".flac") else ""
    return embed(
        data, manifest_of(carried(score, ending), models=models_of(score), sound=sound), ending=ending
    )


def models_of(score: Score, told: Mapping[tuple[str, str], ModelData] | None = None) -> tuple[ModelData, ...]:
    """Return what each model named in a score learned from, by the cards at hand, else as told, else unknown (None)."""
    found = []
    for name, version in models_named(score):
        card = _card_of(name, version)
        known = card if card is not None else (told or {}).get((name, version))
        found.append(known or ModelData(name, version, None))
    return tuple(found)


def _card_of(name: str, version: str) -> ModelData | None:
    if name == STYLEBOOK:
        card = DATASETS[STYLEBOOK].card
        return ModelData(name, version, (DataLicence(card.title, card.licence, 0, card.attribution),))
    rows = _cards().get(version)
    return None if rows is None else ModelData(name, version, rows)


def _cards() -> dict[str, tuple[DataLicence, ...]]:
    """Return the data licences of every checkpoint at hand by its version: those that ship, and ZHIYIN_CHECKPOINT."""
    given = os.environ.get(CHECKPOINT_ENVIRONMENT_NAME, "")
    paths = [
        *sorted(WEIGHTS_FOLDER.glob("*.safetensors")),
        *([Path(given)] if given.endswith(".safetensors") else []),
    ]
    rows = {path: _card_in(path, path.stat().st_mtime_ns) for path in paths if path.is_file()}
    return dict(row for row in rows.values() if row is not None)


@lru_cache(maxsize=64)
def _card_in(path: Path, changed_ns: int) -> tuple[str, tuple[DataLicence, ...]] | None:
    """Return (version, data licences) of a checkpoint; changed_ns only keeps the cache fresh."""
    try:
        with safe_open(path, framework="numpy") as file:
            card = json.loads((file.metadata() or {}).get("card", "{}"))
    except (SafetensorError, OSError, ValueError):
        return None  # not a checkpoint: it can have named no notes
    version = hashlib.sha256(path.read_bytes()).hexdigest()[:VERSION_DIGITS]
    return version, tuple(_licence(row) for row in card.get("data", []))


def _licence(row: dict[str, Any]) -> DataLicence:
    return DataLicence(
        str(row.get("title", row.get("name", ""))), str(row.get("licence", "")), int(row.get("pieces", 0)),
        str(row.get("attribution", "")),
    )  # fmt: skip
