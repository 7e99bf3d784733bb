"""Nearest pieces: where pieces that people wrote lie in the embedding of a classifier, with their names.

Conventions: embeddings have length 1 and are kept in whole numbers of 1/127; distance is straight, 0..2.
This module does not hold notes: nothing of a piece but its name and its place can be found here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.listen.base import Near
from zhiyin.units import Float32Array

STEPS = 127  # of a coordinate of a unit vector


@dataclass(frozen=True, eq=False)
class PieceIndex:
    """Places (n, width) of length 1, and of each piece its label, title, composer and collection."""

    places: Float32Array
    labels: tuple[str, ...]
    titles: tuple[str, ...]
    composers: tuple[str, ...]
    collections: tuple[str, ...]

    def __post_init__(self) -> None:
        sizes = {len(c) for c in (self.places, self.labels, self.titles, self.composers, self.collections)}
        if len(sizes) != 1:
            raise InvalidInput(f"an index must name every place, got columns of {sorted(sizes)} rows")

    def nearest(self, place: Float32Array, *, count: int = 3) -> tuple[Near, ...]:
        """Return the nearest pieces, nearest first; of pieces of one name the nearest only."""
        distance = np.linalg.norm(self.places - place, axis=1)
        found: dict[tuple[str, str], Near] = {}
        for row in np.argsort(distance, kind="stable").tolist():
            near = Near(
                self.titles[row],
                self.composers[row],
                self.labels[row],
                self.collections[row],
                float(distance[row]),
            )
            found.setdefault((near.title, near.composer), near)
            if len(found) == count:
                break
        return tuple(found.values())


def save_piece_index(index: PieceIndex, path: Path) -> None:
    """Write an index, whole or not at all."""
    places = np.round(index.places * STEPS).astype(np.int8)
    names = [index.labels, index.titles, index.composers, index.collections]
    part = path.with_suffix(".part")
    save_file({"places": places}, part, metadata={"names": json.dumps(names, ensure_ascii=False)})
    part.chmod(0o644)  # safetensors writes for the owner only
    part.replace(path)


def load_piece_index(path: Path, *, remedy: str) -> PieceIndex:
    """Return an index from its file. Raises NotFound when there is none, UnreadableFile when it is not one."""
    if not path.is_file():
        raise NotFound(f"no index of pieces at {str(path)!r}: run  {remedy}")
    try:
        with safe_open(path, framework="numpy") as file:
            names = json.loads((file.metadata() or {})["names"])
            places = file.get_tensor("places").astype(np.float32) / STEPS
    except (SafetensorError, KeyError, ValueError) as error:
        raise UnreadableFile(path, "its header", f"an index is a file of ours ({error})") from error
    labels, titles, composers, collections = (tuple(column) for column in names)
    unit = places / np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-9)
    return PieceIndex(unit, labels, titles, composers, collections)
