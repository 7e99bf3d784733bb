"""Polish Scores: piano, songs, choir and chamber music from Polish libraries, sixteenth to twentieth century.

Conventions: folders are player groups; the pieces of one shelf work share a work. Choir books are drawn less.
This module does not decide editions across shelves: `zhiyin.data.dedupe` does, by their notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from zhiyin.data.base import Card, Piece, Source, files_of, slug
from zhiyin.data.reading import header, load_score, style_of_words

_STYLE_OF_FOLDER = {
    "piano": "romantic-piano",
    "voice_piano": "art-song",
    "choir": "choir",
    "duo_trio_piano": "chamber",
    "ensemble": "chamber",
}
CHOIR_WEIGHT = 0.35  # 1,899 of 3,856 files are sacred choir books; at this weight they are about a fifth


class PolishScores:
    """Reader of the Humdrum Polish scores (.krn)."""

    card = Card(
        name="polish_scores",
        title="Heritage of Polish Music in Open Access: Humdrum Polish scores",
        citation="Konik, Sapp et al., Humdrum Polish Scores, Fryderyk Chopin Institute, 2018-2025",
        licence="CC-BY-4.0",
        ruling="train",
        repository="https://github.com/pl-wnifc/humdrum-polish-scores",
        commit="c0403623c0da3f75f1bcd6041dc85098e0cabe02",
        checksum="ca686968503524d84e19783654babc3f9ce020911dcacbbf368a46c1e1d4564a",
        attribution="Narodowy Instytut Fryderyka Chopina (Fryderyk Chopin Institute), polishscores.org, CC BY 4.0",
        notes="Selected by instrument codes; works of authors who died after 1955 are left out.",
    )
    files = ("*/*.krn",)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a file."""
        for path in files_of(root, self.files):
            folder, name = path.split("/", 1)
            stem = name.removesuffix(".krn")
            records = header(root / path)
            shelf, _, words = stem.partition("_")
            title = records.get("OTL", words)
            fallback = _STYLE_OF_FOLDER.get(folder, "chamber")
            if folder == "piano":
                fallback = style_of_era(records.get("CDT", ""))
            telling = (records.get("AGN", ""), words.rpartition("--")[2], title)
            yield Source(
                id=slug(stem),
                work=work_of_shelf(shelf),
                path=path,
                style=fallback if folder == "choir" else style_of_words(telling, fallback),
                title=title,
                composer=records.get("COM", ""),
                licence=self.card.licence,
                weight=CHOIR_WEIGHT if folder == "choir" else 1.0,
            )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the piece."""
        yield Piece(source, load_score(root, source))


def style_of_era(life: str) -> str:
    """Return the piano style of a composer's dates (`1746/03/17-1827/12/26`): by the year of birth.

    >>> style_of_era("1746/03/17-1827/12/26"), style_of_era("~1810-1849"), style_of_era("")
    ('classical', 'romantic-piano', 'romantic-piano')
    """
    year = re.search(r"1[5-9]\d\d", life)
    if year is None:
        return "romantic-piano"
    return (
        "baroque"
        if int(year.group()) < 1700
        else "classical"
        if int(year.group()) < 1775
        else "romantic-piano"
    )


def work_of_shelf(shelf: str) -> str:
    """Return the work of a shelf mark: its movement number and correction marks left out.

    >>> work_of_shelf("pl-kk--kk-i-67--001-004"), work_of_shelf("pl-wn--mus-iii-78-761-cim--pc1")
    ('pl-kk-kk-i-67-001', 'pl-wn-mus-iii-78-761-cim')
    """
    place, _, number = shelf.rpartition("--")
    numbers = re.fullmatch(r"(\d{3})?(?:-\d{3})*(?:-?pc\d)?", number)
    if numbers is None or not place:
        return slug(shelf)
    return slug(f"{place}--{numbers.group(1) or ''}")
