"""Reading helpers that several sets share: scores by path, Humdrum header records, titles.

Conventions: paths are relative to the set's folder; text is UTF-8, else Latin-1.
This module knows formats only through `zhiyin.io`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from zhiyin.data.base import Source
from zhiyin.io import load
from zhiyin.score import Score

_RECORD = re.compile(r"^!!!([^:\s]+):[ \t]*(.*?)[ \t]*$", re.MULTILINE)

# First match wins: a word in a title or genre -> the style's name.
DANCE_WORDS: tuple[tuple[str, str], ...] = (
    (r"mazur|mazour|oberek|kujawiak", "mazurka"),
    (r"polon[ea]|pollon", "polonaise"),
    (r"wal[cs]|valse|waltz|landler|ländler", "waltz"),
    (r"nocturn|nokturn|notturno", "nocturne"),
    (r"etiud|etude|étude|studium|studies|exerci|cwiczen|ćwiczen", "etude"),
    (r"marsz|march|marsch|marche|marcia", "march"),
    (r"minuet|menuet", "minuet"),
    (r"\brag\b|ragtime|cake ?walk", "ragtime"),
)


def load_score(root: Path, source: Source) -> Score:
    """Return the score in a source's file. Raises UnreadableFile."""
    return load(root / source.path)


def read_text(path: Path) -> str:
    """Return a file's text: UTF-8, or Latin-1 where it is not UTF-8."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def header(path: Path) -> dict[str, str]:
    """Return the first value of each Humdrum reference record of a file.

    A record `!!!AGN: Mazurka` is found under "AGN"; records without a value are left out.
    """
    records: dict[str, str] = {}
    for name, value in _RECORD.findall(read_text(path)):
        if value:
            records.setdefault(name, value)
    return records


def style_of_words(words: Iterable[str], fallback: str) -> str:
    """Return the style that the first telling text names, else the fallback.

    >>> style_of_words(["Secular; Mazurka", "Allegro"], "romantic-piano")
    'mazurka'
    """
    for text in words:
        for pattern, style in DANCE_WORDS:
            if re.search(pattern, text.lower()):
                return style
    return fallback
