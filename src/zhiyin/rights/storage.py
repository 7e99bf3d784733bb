"""Storage: the originality index as one file, the same bytes for the same music.

Conventions: a zip of plain arrays and one JSON table; numbers are cut into planes of bytes, which pack better.
This module does not build an index: see `zhiyin.rights.index`.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.errors import NotFound, UnreadableFile
from zhiyin.rights.hashed import HashedRuns
from zhiyin.rights.index import Index, Piece

FORMAT = 1
SHIPPED = "originality.zip"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_REMEDY = "rebuild it with  zhiyin originality build --corpus DIR"


@dataclass(frozen=True, eq=False)
class Library:
    """All that originality is measured against.

    melodies: lines of training pieces as strings; textures: their slices, as hashes, pieces numbered as in
    `melodies`; tunes: melodies that are only compared with, as hashes, numbered as in `tune_pieces`; about: counts
    and how it was made.
    """

    melodies: Index
    textures: HashedRuns
    tunes: HashedRuns
    tune_pieces: tuple[Piece, ...]
    about: dict[str, Any]


def save_library(library: Library, path: Path) -> int:
    """Write a library as one file and return its size in bytes; the same library gives the same bytes."""
    index = library.melodies
    table = {
        "format": FORMAT,
        "about": library.about,
        "pieces": [list(asdict(piece).values()) for piece in index.pieces],
        "tune_pieces": [list(asdict(piece).values()) for piece in library.tune_pieces],
        "textures": [library.textures.size, library.textures.window],
        "tunes": [library.tunes.size, library.tunes.window],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
        _write(archive, "table.json", text.encode(), zipfile.ZIP_DEFLATED)
        for name, array in _planes(library).items():
            # Low bytes of places are noise; the rest unpacks fast as deflate, LZMA saves a twentieth and costs 0.2 s.
            is_noise = name in ("positions.0", "positions.1")
            _write(archive, name, array.tobytes(), zipfile.ZIP_STORED if is_noise else zipfile.ZIP_DEFLATED)
    path.write_bytes(buffer.getvalue())
    return path.stat().st_size


def _write(archive: zipfile.ZipFile, name: str, content: bytes, kind: int) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = kind
    archive.writestr(info, content, compresslevel=9)


def _planes(library: Library) -> dict[str, NDArray[Any]]:
    """Return the arrays of a library as they are written; places as gaps in three planes of bytes."""
    index = library.melodies
    planes: dict[str, NDArray[Any]] = {
        "intervals": index.intervals, "ratios": index.ratios, "bar_steps": index.bar_steps,
        "line_length": np.diff(index.line_start).astype("<i4"), "line_piece": index.line_piece.astype("<i4"),
        "line_part": index.line_part, "line_bar": index.line_bar.astype("<i4"),
        "bucket_size": index.bucket_size.astype("<u2"),
    }  # fmt: skip
    steps = np.asarray(np.diff(index.positions.astype(np.int64), prepend=0), np.int64) & 0xFFFFFF
    planes |= {f"positions.{byte}": (steps >> 8 * byte & 255).astype(np.uint8) for byte in range(3)}
    for name, runs in (("textures", library.textures), ("tunes", library.tunes)):
        gaps = np.diff(runs.hashes, prepend=np.uint32(0)).astype("<u4").view(np.uint8).reshape(-1, 4)
        planes[f"hashes.{name}"] = np.ascontiguousarray(gaps.T)
        planes[f"piece.{name}"] = runs.piece.astype("<u2")
        planes[f"bar.{name}"] = np.minimum(runs.bar, 65535).astype("<u2")
    return planes


def load_library(path: Path) -> Library:
    """Return the library in a file. Raises NotFound, UnreadableFile."""
    if not path.is_file():
        raise NotFound(f"no originality index at {str(path)!r}: {_REMEDY}")
    try:
        with zipfile.ZipFile(path) as archive:
            table = json.loads(archive.read("table.json"))
            planes = {name: archive.read(name) for name in archive.namelist() if name != "table.json"}
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise UnreadableFile(str(path), "originality index", f"{error}; {_REMEDY}") from error
    if table.get("format") != FORMAT:
        raise UnreadableFile(
            str(path), "originality index", f"format must be {FORMAT}, got {table.get('format')!r}: {_REMEDY}"
        )
    return Library(
        _index(table, planes),
        _runs("textures", table, planes),
        _runs("tunes", table, planes),
        tuple(Piece(*row) for row in table["tune_pieces"]),
        table["about"],
    )


def _index(table: dict[str, Any], planes: dict[str, bytes]) -> Index:
    steps = sum(
        np.frombuffer(planes[f"positions.{byte}"], np.uint8).astype(np.int64) << 8 * byte for byte in range(3)
    )
    positions = np.cumsum(steps, dtype=np.int64) % (1 << 24)
    length = np.frombuffer(planes["line_length"], "<i4")
    return Index(
        pieces=tuple(Piece(*row) for row in table["pieces"]),
        line_start=np.concatenate(([0], np.cumsum(length, dtype=np.int64))),
        line_piece=np.frombuffer(planes["line_piece"], "<i4"),
        line_part=np.frombuffer(planes["line_part"], np.uint8),
        line_bar=np.frombuffer(planes["line_bar"], "<i4"),
        intervals=np.frombuffer(planes["intervals"], np.int8),
        ratios=np.frombuffer(planes["ratios"], np.uint8),
        bar_steps=np.frombuffer(planes["bar_steps"], np.uint8),
        positions=positions.astype(np.uint32),
        bucket_size=np.frombuffer(planes["bucket_size"], "<u2"),
    )


def _runs(name: str, table: dict[str, Any], planes: dict[str, bytes]) -> HashedRuns:
    size, window = table[name]
    gaps = np.ascontiguousarray(np.frombuffer(planes[f"hashes.{name}"], np.uint8).reshape(4, -1).T)
    hashes = np.cumsum(gaps.view("<u4").reshape(-1), dtype=np.uint32)
    piece = np.frombuffer(planes[f"piece.{name}"], "<u2").astype(np.int32)
    bar = np.frombuffer(planes[f"bar.{name}"], "<u2").astype(np.int32)
    return HashedRuns(size, window, hashes, piece, bar)


@lru_cache(maxsize=1)
def shipped_library() -> Library:
    """Return the library that comes with the package, read once. Raises NotFound where it was left out."""
    with resources.as_file(resources.files("zhiyin.rights") / "index" / SHIPPED) as path:
        return load_library(path)
