"""Open Hymnal: four-part hymns with aligned English verses, the public-domain folder only.

Conventions: hymns on one tune share a work; the tune's name stands after the first hyphen of the file name.
This module does not read the folder of hymns that carry a notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhiyin.data.base import Card, Piece, Source, files_of, slug
from zhiyin.data.clean import as_quartet
from zhiyin.data.reading import load_score, read_text


class OpenHymnal:
    """Reader of the Open Hymnal's public-domain hymns (.abc)."""

    card = Card(
        name="open_hymnal",
        title="Open Hymnal Project",
        citation="Brian J. Dumont et al., Open Hymnal Project, openhymnal.org",
        licence="LicenseRef-public-domain",
        ruling="train",
        repository="https://github.com/mzealey/openhymnal",
        commit="d35811b2d5c9b0bbc5887d60a2936454815416e8",
        checksum="0d8dd3a43bb7202e1a64f3bbf047ab1f6b11e10b14f681d094f6372730d2e1bb",
        attribution="Open Hymnal Project (public domain), openhymnal.org",
        notes="Files in Windows-1252 are re-encoded to UTF-8; nothing else changes.",
    )
    files = ("pd/*.abc",)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a hymn whose own lines say that it is in the public domain."""
        for path in files_of(root, self.files):
            if "copyright: public domain" not in read_text(root / path).lower():
                continue
            stem = Path(path).stem
            title, _, tune = stem.partition("-")
            yield Source(
                id=slug(stem),
                work=slug(tune or title),
                path=path,
                style="hymn",
                title=title.replace("_", " "),
                licence=self.card.licence,
                has_given_keys=True,
            )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the hymn, its four staves' voices named."""
        yield Piece(source, as_quartet(load_score(root, source)))
