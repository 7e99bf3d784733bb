"""OpenEWLD: lead sheets, only those whose authors all died before 1948 and whose first print is of 1930 or before.

Conventions: the list of rights tiers (PD_TIERS.csv) decides; tier A is read and nothing else.
This module does not judge rights itself.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from zhiyin.data.base import Card, Piece, Source, files_of, slug
from zhiyin.data.reading import load_score, read_text

TIERS = "PD_TIERS.csv"


class OpenEwld:
    """Reader of the public-domain tier of OpenEWLD (.mxl)."""

    card = Card(
        name="openewld",
        title="OpenEWLD, public-domain tier",
        citation="Simonetta, Carnovalini, Orio & Rodà, Symbolic Music Similarity, Audio Mostly 2018",
        licence="MIT",
        ruling="train",
        repository="https://github.com/00sapo/OpenEWLD",
        commit="ec03cbd809ca5296ee708591b970d0423dcbe31c",
        checksum="3a2a597b0606bfe27fda5252ed5ebef923f8abc1bf47d3dba1272e5ee918c157",
        attribution="OpenEWLD, (c) Federico Simonetta and contributors, MIT licence",
        notes="The works are in the public domain by PD_TIERS.csv, tier A; other tiers are not read.",
        conversion="PD_TIERS.csv was added to the origin's files",
    )
    files = ("dataset/**/*.mxl", TIERS)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a tier A lead sheet."""
        rows = {row["path"]: row for row in csv.DictReader(read_text(root / TIERS).splitlines())}
        for path in files_of(root, self.files[:1]):
            row = rows.get(path)
            if row is None or not row["tier"].startswith("A-"):
                continue
            yield Source(
                id=slug(Path(path).stem),
                work=slug(row["title"]),
                path=path,
                style=style_of_tags(row["genres"], row["styles"]),
                title=row["title"],
                composer=row["authors"],
                licence=self.card.licence,
                has_given_chords=True,
            )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the lead sheet."""
        yield Piece(source, load_score(root, source))


def style_of_tags(genres: str, styles: str) -> str:
    """Return the style of Discogs genre and style tags.

    >>> style_of_tags("Jazz", "Big Band"), style_of_tags("Pop", "Ragtime"), style_of_tags("Folk, World", "")
    ('jazz', 'ragtime', 'folk')
    """
    if "Ragtime" in styles:
        return "ragtime"
    if genres.startswith("Jazz") or genres == "Blues":
        return "jazz"
    return "folk" if genres.startswith("Folk") or "Folk" in styles else "song"
