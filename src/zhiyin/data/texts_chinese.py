"""Chinese poetry: Song ci over their tune patterns, Yuan qu, Shijing, Chuci, Five Dynasties, Tang 300 and others.

Conventions: simplified and traditional script as found; a text's kind is its tune pattern where it has one.
This module drops modern prologues, tags and biographies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zhiyin.data.base import Card, Text, files_of
from zhiyin.data.reading import read_text

_LINES = ("paragraphs", "content", "para")


class ChinesePoetry:
    """Reader of the chinese-poetry collection (.json)."""

    card = Card(
        name="chinese_poetry",
        title="chinese-poetry 最全中文诗歌古典文集数据库",
        citation="JackeyGao and contributors, chinese-poetry, 2016-2026",
        licence="MIT",
        ruling="train",
        repository="https://github.com/chinese-poetry/chinese-poetry",
        commit="99ebbef7e1345c0985c44b9fd96a3f9e776f117b",
        checksum="0ea044bc0cea52f171bd27e4f7853221bf034cf9d0b63be526e2cf5a0d8fce86",
        attribution="chinese-poetry, (c) 2016 JackeyGao, MIT; the texts are in the public domain",
        notes="Full Tang and Song shi are left out. Modern prologues are dropped.",
    )
    files = ("*/*.json", "*/*/*.json")

    def texts(self, root: Path) -> Iterator[Text]:
        """Yield every poem that has lines, in the order of paths."""
        for path in files_of(root, self.files):
            entries = json.loads(read_text(root / path))
            for entry in entries if isinstance(entries, list) else []:
                text = poem_of_entry(entry, kind=path.split("/")[0])
                if text is not None:
                    yield text


def poem_of_entry(entry: dict[str, Any], *, kind: str) -> Text | None:
    """Return the poem of one JSON entry, None for entries that are no poem (authors, prefaces)."""
    lines = next((entry[name] for name in _LINES if isinstance(entry.get(name), list)), None)
    if not lines:
        return None
    return Text(
        kind=str(entry.get("rhythmic") or entry.get("section") or kind),
        title=str(entry.get("title") or entry.get("rhythmic") or ""),
        author=str(entry.get("author") or ""),
        lines=tuple(str(line) for line in lines),
    )
