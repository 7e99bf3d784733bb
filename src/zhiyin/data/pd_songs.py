"""Songs from the public domain: English and American popular songs of the nineteenth century in parts.

Conventions: two singers share a track and become two parts; a text with demeaning words loses all its words.
This module does not read the LilyPond sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhiyin.data.base import Card, Piece, Source, files_of, slug
from zhiyin.data.clean import (
    as_voices,
    drop_lyrics,
    has_demeaning_words,
    keep_parts,
    lyric_text,
    split_voices,
)
from zhiyin.data.reading import load_score


class PublicDomainSongs:
    """Reader of the "Songs from the Public Domain" (.midi)."""

    card = Card(
        name="pd_songs",
        title="Songs from the Public Domain",
        citation="Benjamin Bloomfield, LilyPond files for Songs from the Public Domain, 2012-2020",
        licence="LicenseRef-public-domain",
        ruling="train",
        repository="https://github.com/bbloomf/lilypond-songs",
        commit="eae932325dc662af1675fae6ea230df701910647",
        checksum="b01f2080a35352c8287638d6bdeec931cd895774c841c31cd1e597e6359d5ca7",
        attribution="Songs from the Public Domain (public domain)",
    )
    files = ("downloads/*.midi",)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a song."""
        for path in files_of(root, self.files):
            title = Path(path).stem
            yield Source(
                id=slug(title),
                work=slug(title.replace("(Confederate)", "").replace(" - original", "")),
                path=path,
                style="song",
                title=title,
                licence=self.card.licence,
            )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the song, one part a singer, without words that demean."""
        score = keep_parts(load_score(root, source), lambda part: len(part.notes) > 0)
        remarks: tuple[str, ...] = ()
        if has_demeaning_words(f"{source.title} {lyric_text(score)}"):
            score, remarks = drop_lyrics(score), ("lyrics dropped: dialect or demeaning words",)
        voices = score.with_parts(p for part in score.parts for p in split_voices(part))
        yield Piece(source, as_voices(voices), remarks)
