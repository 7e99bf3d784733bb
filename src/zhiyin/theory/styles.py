"""Styles: the names under which music is asked for, learned and recognised.

Conventions: names are lower-case English with hyphens; the order is part of the checkpoint format: append only.
This module does not know tempo or player norms (`zhiyin.fill.norms`).
"""

from __future__ import annotations

STYLES: tuple[str, ...] = (
    "chorale", "hymn", "art-song", "romantic-piano", "waltz", "mazurka", "polonaise", "string-quartet",
    "orchestral", "choir", "folk", "song", "pop", "rock", "jazz", "chinese", "ambient", "march", "ragtime",
    "baroque", "classical", "guitar", "game", "drum-groove", "minuet", "etude", "nocturne", "chamber",
    "funk", "soul", "swing", "bossa-nova", "reggae", "house", "techno", "trap", "lofi", "synthwave", "cinematic",
    "chiptune",
)  # fmt: skip
