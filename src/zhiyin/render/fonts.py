"""Finding a system font that can show Chinese.

Conventions: nothing is shipped and nothing is downloaded; where no font is found the caller must cope and say so.
This module does not draw.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

# Parts of file names of common fonts with Chinese, best first. Collections (.ttc) count.
CJK_FONTS = (
    "notosanscjk-regular", "notosanssc-regular", "notosanscjksc", "sourcehansanssc", "sourcehansans-", "pingfang",
    "hiragino sans gb", "msyh.", "wqy-microhei", "wqy-zenhei", "droidsansfallback", "notoserifcjk", "notoserifsc",
    "songti", "stheiti", "simhei", "simsun", "deng.", "uming", "ukai", "arialuni", "arial unicode", "arplsungti",
)  # fmt: skip
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
HOME_FONT_FOLDERS = (".local/share/fonts", ".fonts", "Library/Fonts", "AppData/Local/Microsoft/Windows/Fonts")
FONT_ENDINGS = (".ttf", ".ttc", ".otf")


def find_cjk_fonts(folders: tuple[Path, ...] | None = None) -> tuple[Path, ...]:
    """Return the fonts on this machine that show Chinese, best first; empty where there are none."""
    places = folders if folders is not None else _folders()
    found = [(rank, str(path)) for path in _font_files(places) if (rank := _rank(path)) is not None]
    return tuple(Path(name) for _, name in sorted(found))


@lru_cache(maxsize=1)
def cjk_fonts() -> tuple[Path, ...]:
    """Return `find_cjk_fonts()`, looked up once a process."""
    return find_cjk_fonts()


def is_wide(character: str) -> bool:
    """Return whether a character needs a font with Chinese: CJK signs and full-width punctuation."""
    code = ord(character)
    return (
        0x2E80 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0xFE30 <= code <= 0xFFEF
        or 0x20000 <= code <= 0x3FFFF
    )


def _folders() -> tuple[Path, ...]:
    return (*(Path.home() / name for name in HOME_FONT_FOLDERS), *map(Path, FONT_FOLDERS))


def _font_files(folders: tuple[Path, ...]) -> Iterator[Path]:
    for folder in folders:
        for place, _, names in os.walk(folder):
            yield from (Path(place, name) for name in names if name.lower().endswith(FONT_ENDINGS))


def _rank(path: Path) -> int | None:
    name = path.name.lower()
    return next((rank for rank, known in enumerate(CJK_FONTS) if known in name), None)
