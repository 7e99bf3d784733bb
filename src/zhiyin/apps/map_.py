"""map: where the phrases of scores lie among those of people's pieces, as a picture and as values.

Conventions: phrases of eight bars of one part a file, the melody unless told; `map.png`, `map.svg` and `map.json`.
This module places nothing itself: see `zhiyin.fill.latent.atlas`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.acting_scope import one_part
from zhiyin.apps.base import Progress, silent
from zhiyin.apps.blend_ import read_desk
from zhiyin.apps.map_picture import map_picture
from zhiyin.apps.output import REPORT_FORMAT, REPORT_NAME, staged_folder
from zhiyin.errors import InvalidInput
from zhiyin.fill.latent.atlas import Atlas, make_atlas

MAX_FILES = 12
FILES = ("map.png", "map.svg", "map.json")


@dataclass(frozen=True, slots=True)
class MapRequest:
    """Which scores, which part of each, and the folder to write into. Raises InvalidInput."""

    sources: tuple[Path, ...]
    out: Path = Path("out")
    part: str = "melody"

    def __post_init__(self) -> None:
        if not 1 <= len(self.sources) <= MAX_FILES:
            raise InvalidInput(f"files on a map must be 1..{MAX_FILES}, got {len(self.sources)}: name some")


@dataclass(frozen=True, slots=True)
class Mapped:
    """The map and where it was written."""

    out: Path
    atlas: Atlas

    def to_json(self) -> dict[str, Any]:
        """Return the map and its files as plain values."""
        return {"folder": str(self.out), "files": list(FILES), **self.atlas.to_json()}


def run(request: MapRequest, progress: Progress = silent) -> Mapped:
    """Write the map's files. Raises InvalidInput, NotFound, UnreadableFile."""
    scores = []
    for number, path in enumerate(request.sources):
        progress("read", number, len(request.sources))
        desk = read_desk(path)
        scores.append((path.stem, desk.frame, one_part(desk, request.part)))
    atlas = make_atlas(scores)
    picture = map_picture(atlas)
    with staged_folder(request.out) as stage:
        (stage / "map.png").write_bytes(picture.png())
        (stage / "map.svg").write_bytes(picture.svg())
        (stage / "map.json").write_text(
            json.dumps(atlas.to_json(), ensure_ascii=False, indent=1), encoding="utf-8"
        )
        told = {"format": REPORT_FORMAT, "verb": "map", "files": list(FILES)}
        (stage / REPORT_NAME).write_text(json.dumps(told, indent=1), encoding="utf-8")
    return Mapped(request.out, atlas)
