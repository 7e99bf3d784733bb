"""map: where the phrases of scores lie among those of people's pieces, as a picture and as values.

Conventions: phrases of eight bars of one part a file, the melody unless told; `map.png`, `map.svg` and `map.json`.
This module places nothing itself: see `zhiyin.fill.latent.atlas`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.acting_scope import one_part
from zhiyin.apps.base import Progress, silent
from zhiyin.apps.blend_ import read_desk
from zhiyin.apps.map_picture import map_picture
from zhiyin.apps.output import REPORT_FORMAT, REPORT_NAME, staged_folder
from zhiyin.errors import InvalidInput
from zhiyin.fill.desk import Desk
from zhiyin.fill.latent.atlas import PHRASE_BARS, Atlas, make_atlas

MAX_FILES = 12
FEWEST_NOTES = 4
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
    warnings: tuple[dict[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the map, its files and its warnings ({"en", "zh"}) as plain values."""
        told = {"folder": str(self.out), "files": list(FILES), "warnings": list(self.warnings)}
        return {**told, **self.atlas.to_json()}


def run(request: MapRequest, progress: Progress = silent) -> Mapped:
    """Write the map's files. Raises InvalidInput, NotFound, UnreadableFile."""
    scores = []
    for number, (path, label) in enumerate(zip(request.sources, labels_of(request.sources), strict=True)):
        progress("read", number, len(request.sources))
        desk = read_desk(path)
        part = one_part(desk, request.part)
        _refuse_little(label, desk, part, request.part)
        scores.append((label, desk.frame, part))
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
    return Mapped(request.out, atlas, _short(atlas))


def labels_of(paths: Sequence[Path]) -> list[str]:
    """Return a label for every file: its name without ending, with as many folders as set it apart from the others.

    Files that differ in their ending alone keep it, and a file that is named twice is counted.

    >>> labels_of([Path("folk/score.mid"), Path("hymn/score.mid"), Path("b.mid"), Path("b.mid")])
    ['folk/score', 'hymn/score', 'b', 'b (2)']
    """
    whole = [path.absolute() for path in paths]
    found: list[str] = []
    for path in whole:
        rivals = [other for other in whole if other != path]
        choices = [_last(path, count) for count in range(1, len(path.parts))]
        taken = {_last(other, count) for other in rivals for count in range(1, len(other.parts))}
        label = next((one for one in choices if one not in taken), path.name)
        seen = sum(other == path for other in whole[: len(found)])
        found.append(f"{label} ({seen + 1})" if seen else label)
    return found


def _last(path: Path, count: int) -> str:
    return "/".join(path.with_suffix("").parts[-count:])


def _refuse_little(label: str, desk: Desk, part: int, asked: str) -> None:
    """Raise InvalidInput for a kit where a tune was asked, and for too few notes to lie anywhere."""
    one = desk.frame.parts[part] if desk.frame.parts else None
    if one is not None and one.is_drums and asked == "melody":
        raise InvalidInput(
            f"a map of melodies needs a part with pitches, got drums alone in {label!r}: use --part drums"
        )
    if one is not None and 0 < len(one.notes) < FEWEST_NOTES:
        raise InvalidInput(
            f"what is put on a map must have {FEWEST_NOTES} notes or more, got {len(one.notes)} in {label!r}: "
            "too short to tell, name a longer piece or another part with --part"
        )


def _short(atlas: Atlas) -> tuple[dict[str, str], ...]:
    """Return a warning for every file without one whole phrase: it is set beside people's phrases of eight bars."""
    longest: dict[str, int] = {}
    for place in atlas.own:
        longest[place.name] = max(longest.get(place.name, 0), place.bars)
    return tuple(
        {
            "en": f"{name} has {bars} bars, fewer than a phrase of {PHRASE_BARS}: its place says little.",
            "zh": f"{name} 只有 {bars} 小节，不足一个 {PHRASE_BARS} 小节的乐句：位置仅供参考。",
        }
        for name, bars in longest.items()
        if bars < PHRASE_BARS
    )
