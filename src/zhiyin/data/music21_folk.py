"""Irish and American dance tunes: O'Neill's Music of Ireland (1903) and Ryan's Mammoth Collection (1883).

Conventions: many tunes a file, one source each; tunes of one title are one work, whatever the book.
This module adds no chords.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhiyin.data.abc_books import read_tune_of, tune_sources
from zhiyin.data.base import Card, Piece, Source, files_of, slug

_BOOKS = {
    "oneills1850": "O'Neill's Music of Ireland, 1903",
    "ryansMammoth": "Ryan's Mammoth Collection, 1883",
}


class Music21Folk:
    """Reader of the two dance-tune books in the music21 corpus (.abc)."""

    card = Card(
        name="music21_folk",
        title="O'Neill's Music of Ireland and Ryan's Mammoth Collection, in the music21 corpus",
        citation="Cuthbert & Ariza, music21: A Toolkit for Computer-Aided Musicology, ISMIR 2010",
        licence="LicenseRef-public-domain",
        ruling="train",
        repository="https://github.com/cuthbertLab/music21",
        commit="eb841e891dc830124679456770ff08a0e0c087e4",
        checksum="e2ae623be1407e73f5152d1eac00b1e800ca775c7e2e69b3c91826bda9084613",
        attribution="Tunes typed by volunteers for the O'Neill and Ryan projects, from the music21 corpus",
        notes="The prints are in the public domain; no restriction is embedded in the two folders.",
    )
    files = ("oneills1850/*.abc", "ryansMammoth/*.abc")

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a tune."""
        for path in files_of(root, self.files):
            book = Source(
                id=slug(path.removesuffix(".abc")),
                work=slug(path),
                path=path,
                style="folk",
                title=Path(path).stem,
                composer=_BOOKS[path.split("/", 1)[0]],
                licence=self.card.licence,
                has_given_keys=True,
            )
            yield from tune_sources(root, book)

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the tune."""
        yield Piece(source, read_tune_of(root, source))
