"""Mutopia: public-domain and CC BY scores of all kinds, as MIDI.

Conventions: index.csv names title, composer, style, licence and maintainer; an opus is one work.
This module does not make the MIDI files: they were compiled from the origin's LilyPond sources.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from zhiyin.data.base import Card, Piece, Source, slug
from zhiyin.data.clean import as_voices, keep_parts, split_voices
from zhiyin.data.reading import load_score, read_text, style_of_words

INDEX = "index.csv"
SUNG = ("choir", "chorale", "hymn")
_STYLE_OF_TAG = {
    "baroque": "baroque", "classical": "classical", "romantic": "romantic-piano", "romantique": "romantic-piano",
    "folk": "folk", "hymn": "hymn", "gospel": "hymn", "technique": "etude", "renaissance": "choir", "motet": "choir",
    "song": "art-song", "march": "march", "modern": "romantic-piano", "jazz": "ragtime",
    "popular / dance": "song",
}  # fmt: skip


class Mutopia:
    """Reader of the Mutopia Project's scores (.mid and index.csv)."""

    card = Card(
        name="mutopia",
        title="Mutopia Project",
        citation="The Mutopia Project, mutopiaproject.org, 2000-2024",
        licence="Public domain, CC-BY-2.5, CC-BY-3.0, CC-BY-4.0 (a line a piece in index.csv)",
        ruling="train",
        repository="https://github.com/MutopiaProject/MutopiaProject",
        commit="2144afd6f52d56c5b6995b8b589ef1268b3139f0",
        checksum="00acc562ca5d248cdac77922376465360fd644409827b0e3350ce057f91d1717",
        attribution="The Mutopia Project; maintainers of the CC BY pieces are named a piece",
        notes="ShareAlike pieces are left out. Bach chorales of the JSB test set are flagged.",
        conversion="each .ly was compiled to MIDI with LilyPond 2.24.1 and index.csv was made from its header",
    )
    files = ("midi/*.mid", INDEX)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a MIDI file of the index."""
        rows = csv.DictReader(read_text(root / INDEX).splitlines())
        for row in sorted(rows, key=lambda r: r["file"]):
            if not (root / row["file"]).is_file():
                continue
            is_cc = row["licence"].startswith("Creative Commons")
            yield Source(
                id=slug(Path(row["file"]).stem),
                work=work_of_origin(row["path"]),
                path=row["file"],
                style=style_of_row(row),
                title=row["title"],
                composer=row["composer"],
                licence=row["licence"].replace("Creative Commons Attribution ", "CC-BY-"),
                attribution=f"{row['title']}, typeset by {row['maintainer']} (Mutopia)" if is_cc else "",
            )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the piece without silent parts; two singers on one track become two parts."""
        score = keep_parts(load_score(root, source), lambda part: len(part.notes) > 0)
        if source.style in SUNG:
            score = as_voices(score.with_parts(p for part in score.parts for p in split_voices(part)))
        yield Piece(source, score)


def work_of_origin(path: str) -> str:
    """Return the work of a path in the origin: composer and opus folder.

    >>> work_of_origin("ftp/BachJS/BWV827/BWV-827/BWV-827.ly")
    'mutopia-bachjs-bwv827'
    """
    return slug("mutopia " + " ".join(path.split("/")[1:3]))


def style_of_row(row: dict[str, str]) -> str:
    """Return the style of an index row: dance titles first, then players, then the index's own style."""
    players, tag, composer = row["instrument"].lower(), row["style"].lower(), row["composer"]
    if "bachjs" in composer.lower() and ("satb" in players or "choir" in players):
        return "chorale"
    if composer == "JoplinS":
        return "ragtime"
    if "guitar" in players:
        return "guitar"
    style = style_of_words((row["title"],), _STYLE_OF_TAG.get(tag, "classical"))
    return _style_for_players(style, players)


def _style_for_players(style: str, players: str) -> str:
    """Return a style that suits the players: romantic piano music is not for choir or quartet."""
    if style not in ("romantic-piano", "art-song", "choir"):
        return style
    if "quartet" in players and "string" in players:
        return "string-quartet"
    if "orchestra" in players:
        return "orchestral"
    if "satb" in players or "choir" in players or "ttbb" in players:
        return "choir"
    if "voice" in players:
        return "art-song"
    return "romantic-piano" if "piano" in players else "chamber"
