"""Origins at the edge: read out of a file's manifest, and a file named for the notes that it tells nothing of.

Conventions: a file without a manifest says nothing of its origins, and nothing is guessed.
This module writes no manifest: see `zhiyin.apps.manifests`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from zhiyin.errors import InvalidInput
from zhiyin.rights.embedding import PLACES, embedded
from zhiyin.rights.manifest import restore
from zhiyin.score import Origin, Score
from zhiyin.score.edit import with_origin


def with_file_origins(score: Score, data: bytes, *, ending: str) -> tuple[Score, tuple[str, ...]]:
    """Return a score read from a file with the origins of the manifest in it, and what is to be warned of.

    data: the file's bytes. A score that knows its origins (Zhiyin's own format) keeps them.
    """
    if score.provenance or ending.lower() not in PLACES:
        return score, ()
    try:
        manifest = embedded(data, ending=ending)
        if manifest is None:
            return score, ()
        found = restore(score, manifest)
    except InvalidInput as error:
        return score, (f"the manifest of the notes' origins was passed over: {error}",)
    if not found.foreign:
        return found.score, ()
    return found.score, (f"notes that are not in the file's manifest, their origin unknown: {found.foreign}",)


def file_origin(path: Path) -> Origin:
    """Return the origin of notes that came in a file: its bare name, and the start of its SHA-256."""
    return Origin("file", path.name, f"sha256={hashlib.sha256(path.read_bytes()).hexdigest()[:16]}")


def named_after_file(score: Score, path: Path) -> Score:
    """Return the score with the file named as the origin of all notes of unknown origin."""
    return with_origin(score, file_origin(path))
