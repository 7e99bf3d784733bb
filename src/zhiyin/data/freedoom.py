"""Freedoom: multi-track band pieces written for a free game.

Conventions: one file a map; the title and author stand in the origin's CREDITS-MUSIC.
This module does not read audio.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhiyin.data.base import Card, Piece, Source, files_of, slug
from zhiyin.data.clean import keep_parts
from zhiyin.data.reading import load_score


class Freedoom:
    """Reader of the Freedoom soundtrack (.mid)."""

    card = Card(
        name="freedoom",
        title="Freedoom soundtrack",
        citation="Contributors to the Freedoom project, Freedoom, freedoom.github.io",
        licence="BSD-3-Clause",
        ruling="train",
        repository="https://github.com/freedoom/freedoom",
        commit="d14dbbee3b6fbfb2c11cdb65eb61216e86d4ee85",
        checksum="d0d6a31af1d4a507f321bd5fbeb88c139a6ec3127e61d2018d5631cebc1fe248",
        attribution="Contributors to the Freedoom project, BSD-3-Clause; composers in CREDITS-MUSIC",
    )
    files = ("musics/*.mid", "CREDITS-MUSIC", "COPYING.adoc")

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a track."""
        for path in files_of(root, self.files[:1]):
            stem = Path(path).stem
            yield Source(
                id=slug(stem),
                work=f"freedoom-{slug(stem)}",
                path=path,
                style="game",
                title=f"Freedoom {stem.removeprefix('d_')}",
                composer="Freedoom contributors",
                licence=self.card.licence,
            )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the track without silent parts."""
        yield Piece(source, keep_parts(load_score(root, source), lambda part: len(part.notes) > 0))
