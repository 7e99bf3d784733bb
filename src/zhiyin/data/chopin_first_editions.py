"""Chopin's first editions: the piano works as first printed, one edition of each.

Conventions: an opus is one work; of several publishers' editions of a piece the first by file name is read.
This module does not compare editions: the catalogue number in the header says which belong together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from zhiyin.data.base import Card, Piece, Source, files_of, slug
from zhiyin.data.reading import header, load_score, style_of_words

_NAME = re.compile(r"(\d{3})-(\w+)-([A-Za-z]+)(?:-(\d{3}))?(?:-(.+))?")


class ChopinFirstEditions:
    """Reader of the Humdrum Chopin first editions (.krn)."""

    card = Card(
        name="chopin_first_editions",
        title="Humdrum digital scores of Chopin first editions",
        citation="Konik, Sapp, Iwaszko et al., Chopin First Editions, Fryderyk Chopin Institute, 2017-2021",
        licence="CC-BY-4.0",
        ruling="train",
        repository="https://github.com/pl-wnifc/humdrum-chopin-first-editions",
        commit="95dfb105c1669c72d10b04088566154f12d3dc1c",
        checksum="adfcfd487933d6166c5fa26688df0a5c8e5cb117310078374816c2c6f40c23bd",
        attribution="Narodowy Instytut Fryderyka Chopina (Fryderyk Chopin Institute), chopinscores.org, CC BY 4.0",
        notes="Several editions of one piece: one is read. Separate string and orchestra parts are not read.",
    )
    files = ("*.krn",)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a piece, editions left out."""
        seen: set[str] = set()
        for path in files_of(root, self.files):
            records = header(root / path)
            edition = edition_of(path, records)
            part = _NAME.match(path.removesuffix(".krn"))
            extra = part.group(5) if part else None
            if edition in seen or (extra and "piano" not in extra):
                continue
            seen.add(edition)
            title = records.get("rism-title", records.get("OTL", path))
            style = style_of_words((records.get("AGN", ""), title), "romantic-piano")
            yield Source(
                id=slug(path.removesuffix(".krn")),
                work=f"chopin-op-{path[:3]}",
                path=path,
                style=style,
                title=title,
                composer="Chopin, Fryderyk",
                licence=self.card.licence,
            )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the piece."""
        yield Piece(source, load_score(root, source))


def edition_of(path: str, records: dict[str, str]) -> str:
    """Return what all editions of one piece share: its catalogue title, or the opus and the number in the file.

    A title without a number names a work of several movements: the file's number tells them apart.
    >>> edition_of("007-1-KI-001.krn", {"rism-title": "Mazurka in B-flat major op.  7, no. 1"})
    'Mazurka in B-flat major op. 7, no. 1'
    >>> edition_of("058-1-BH-002.krn", {"rism-title": "Sonata op. 58"}), edition_of("058-1-Sm-002.krn", {})
    ('Sonata op. 58 / 002', '058 / 002')
    """
    match = _NAME.match(path.removesuffix(".krn"))
    number = (match and match.group(4)) or "001"
    title = re.sub(r"\s+", " ", records.get("rism-title", ""))
    if "no." in title:
        return title
    return f"{title or path[:3]} / {number}"
