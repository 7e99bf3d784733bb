"""OpenScore Lieder: songs for voice and piano of the long nineteenth century.

Conventions: a song cycle is one work. The machine-made Roman numerals beside the scores are not used.
This module does not find roles or chords: see `zhiyin.data.build`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhiyin.data.base import Card, Piece, Source, files_of, slug
from zhiyin.data.reading import load_score


class OpenScoreLieder:
    """Reader of the OpenScore Lieder corpus (.mxl)."""

    card = Card(
        name="openscore_lieder",
        title="OpenScore Lieder Corpus",
        citation="Gotham & Jonas, The OpenScore Lieder Corpus, Music Encoding Conference 2021",
        licence="CC0-1.0",
        ruling="train",
        repository="https://github.com/OpenScore/Lieder",
        commit="bca122458de6da362abe62dd6aec62e25d7759b1",
        checksum="60b6ce1df0cb28095b1abd755169fe9202abf3725f1be86cdc585b618624664b",
        attribution="OpenScore Lieder Corpus (CC0), fourscoreandmore.org/openscore/lieder",
    )
    files = ("scores/**/*.mxl",)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a song."""
        for path in files_of(root, self.files):
            _, composer, cycle, song, _ = path.split("/", 4)
            group = song if cycle == "_" else cycle
            yield Source(
                id=slug(path.removeprefix("scores/").removesuffix(".mxl")),
                work=slug(f"{composer} {group}"),
                path=path,
                style="art-song",
                title=song.replace("_", " "),
                composer=composer.replace("_", " "),
                licence=self.card.licence,
            )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the song."""
        yield Piece(source, load_score(root, source))
