"""ABC files that hold many tunes: one source a tune, so that one bad tune does not lose its book.

Conventions: a tune's id is the file's name and its place in the file from 1.
This module knows no set: see `zhiyin.data.music21_folk`, `zhiyin.data.nottingham`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from zhiyin.data.base import Source, slug
from zhiyin.data.reading import read_text
from zhiyin.io.abc import AbcTune, read_tune, split_tunes
from zhiyin.score import Score

_TUNE_STYLES = {"waltz": "waltz", "march": "march", "minuet": "minuet"}


@lru_cache(maxsize=8)
def tunes_of_file(root: Path, path: str) -> tuple[AbcTune, ...]:
    """Return the tunes of a file as they stand. Raises UnreadableFile."""
    return tuple(split_tunes(read_text(root / path).encode("utf-8"), path=path))


def field_of_tune(tune: AbcTune, letter: str) -> str:
    """Return the first value of a header field of a tune, "" when it has none."""
    return next((line[2:].strip() for _, line in tune.lines if line.startswith(f"{letter}:")), "")


def tune_sources(root: Path, book: Source) -> Iterator[Source]:
    """Yield one source a tune of a book's file, with title, work and style of its own."""
    for index, tune in enumerate(tunes_of_file(root, book.path)):
        title = field_of_tune(tune, "T") or f"{book.title} {index + 1}"
        style = _TUNE_STYLES.get(field_of_tune(tune, "R").lower(), book.style)
        yield replace(book, id=f"{book.id}-{index + 1}", work=tune_work(title), title=title, style=style)


def read_tune_of(root: Path, source: Source) -> Score:
    """Return the score of one tune's source. Raises UnreadableFile."""
    index = int(source.id.rsplit("-", 1)[1]) - 1
    return read_tune(tunes_of_file(root, source.path)[index], path=source.path)


def tune_work(title: str) -> str:
    """Return the work of a tune's title: articles and the rhythm's name left out.

    >>> tune_work("Swaggering Jig, The"), tune_work("Honey-Moon -- Reel")
    ('folk-swaggering', 'folk-honey-moon')
    """
    words = [w for w in slug(title).split("-") if w not in {"the", "a", "reel", "jig", "hornpipe", "clog"}]
    return "folk-" + ("-".join(words) or slug(title))
