"""Nearest pieces: where pieces that people wrote lie among all music, with their names.

Conventions: a piece is the mean of its windows' vectors, from the centre, along few axes, made length 1; distance is
one minus the cosine, 0 (the same) .. 2. This module does not hold notes, only names and places, nor make vectors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.listen.base import Near
from zhiyin.units import Float32Array

STEPS = 127  # of the farthest place along an axis


@dataclass(frozen=True, eq=False)
class PieceIndex:
    """Places of pieces and their names.

    centre (vector,), axes (vector, width): of all music; places: (n, width) of length 1; and of each piece its label,
    title, composer and collection. card: what it was made with.
    """

    centre: Float32Array
    axes: Float32Array
    places: Float32Array
    labels: tuple[str, ...]
    titles: tuple[str, ...]
    composers: tuple[str, ...]
    collections: tuple[str, ...]
    card: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sizes = {len(c) for c in (self.places, self.labels, self.titles, self.composers, self.collections)}
        if len(sizes) != 1:
            raise InvalidInput(f"an index must name every place, got columns of {sorted(sizes)} rows")

    def nearest(self, windows: Float32Array, *, count: int = 3) -> tuple[Near, ...]:
        """Return the pieces nearest to (n, vector) windows, nearest first; of pieces of one name the nearest only."""
        if not len(windows):
            return ()
        distance = 1.0 - self.places @ place_of(windows, self.centre, self.axes)
        found: dict[tuple[str, str], Near] = {}
        for row in np.argsort(distance, kind="stable").tolist():
            near = Near(
                self.titles[row],
                self.composers[row],
                self.labels[row],
                self.collections[row],
                float(np.clip(distance[row], 0.0, 2.0)),
            )
            found.setdefault((near.title, near.composer), near)
            if len(found) == count:
                break
        return tuple(found.values())


def place_of(windows: Float32Array, centre: Float32Array, axes: Float32Array) -> Float32Array:
    """Return (width,) where a piece of (n, vector) windows lies, of length 1. Raises InvalidInput for other vectors."""
    if windows.ndim != 2 or windows.shape[1] != centre.size:
        raise InvalidInput(
            f"windows must be (n, {centre.size}), got {windows.shape}: use zhiyin.listen.find.place_vectors"
        )
    place = (windows.mean(axis=0) - centre) @ axes
    return np.asarray(place / max(float(np.linalg.norm(place)), 1e-9), np.float32)


def save_piece_index(index: PieceIndex, path: Path) -> None:
    """Write an index, whole or not at all: places in steps of a 127th of the farthest along each axis."""
    steps = np.maximum(np.abs(index.places).max(axis=0, initial=0.0), 1e-6) / STEPS
    arrays = {
        "places": np.round(index.places / steps).astype(np.int8),
        "steps": steps.astype(np.float32),
        "centre": index.centre.astype(np.float32),
        "axes": index.axes.astype(np.float16),
    }
    names = [index.labels, index.titles, index.composers, index.collections]
    texts = {"names": names, "card": dict(index.card)}
    part = path.with_suffix(".part")
    save_file(arrays, part, metadata={k: json.dumps(v, ensure_ascii=False) for k, v in texts.items()})
    part.chmod(0o644)  # safetensors writes for the owner only
    part.replace(path)


def load_piece_index(path: Path, *, remedy: str) -> PieceIndex:
    """Return an index from its file. Raises NotFound when there is none, UnreadableFile when it is not one."""
    if not path.is_file():
        raise NotFound(f"no index of pieces at {str(path)!r}: run  {remedy}")
    try:
        with safe_open(path, framework="numpy") as file:
            names, card = (json.loads((file.metadata() or {})[key]) for key in ("names", "card"))
            read = {
                name: file.get_tensor(name).astype(np.float32)
                for name in ("places", "steps", "centre", "axes")
            }
    except (SafetensorError, KeyError, ValueError) as error:
        raise UnreadableFile(path, "its header", f"an index is a file of ours ({error})") from error
    labels, titles, composers, collections = (tuple(column) for column in names)
    places = read["places"] * read["steps"]
    unit = places / np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-9)
    return PieceIndex(read["centre"], read["axes"], unit, labels, titles, composers, collections, card)
