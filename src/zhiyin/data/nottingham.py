"""Nottingham: British and American folk tunes with chords, to measure with; never trained on.

Conventions: one file a tune type, many tunes a file, one source each; variants of one tune share its title.
This module does not hold the measuring split.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhiyin.data.abc_books import read_tune_of, tune_sources
from zhiyin.data.base import Card, Piece, Source, files_of, slug


class Nottingham:
    """Reader of the cleaned Nottingham Music Database (.abc)."""

    card = Card(
        name="nottingham",
        title="Nottingham Music Database, cleaned",
        citation="Eric Foxley, Nottingham Music Database; cleaned by Jukedeck, 2017",
        licence="GPL-3.0-only",
        ruling="measure",
        repository="https://github.com/jukedeck/nottingham-dataset",
        commit="0992bb6cd864f6d4b90d6663e08c0ef53ffaa08f",
        checksum="f01be57216c969d7bf9e14ff4911d5f6059ace4552003fbd16d4d3ff6aa4b5b5",
        notes="GPL in the repository: measuring only.",
    )
    files = ("ABC_cleaned/*.abc",)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a tune."""
        for path in files_of(root, self.files):
            stem = Path(path).stem
            book = Source(
                id=slug(stem),
                work=slug(f"nottingham {stem}"),
                path=path,
                style="folk",
                title=stem,
                licence=self.card.licence,
                has_given_chords=True,
                has_given_keys=True,
            )
            yield from tune_sources(root, book)

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the tune."""
        yield Piece(source, read_tune_of(root, source))
