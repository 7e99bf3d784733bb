"""OpenScore Orchestra: symphonic movements in full score, without the labels that others hold rights in.

Conventions: the labels stand as lyrics in the files; every syllable is dropped. A symphony is one work.
This module does not reduce the orchestra.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhiyin.data.base import Card, Piece, Source, files_of, slug
from zhiyin.data.clean import drop_lyrics
from zhiyin.data.reading import load_score

# So few works that none of them falls by hash into the small splits; these are held out by name.
HELD_OUT = {
    "beethoven-ludwig-van-symphony-no-4-op-60": "test",
    "brahms-johannes-symphony-no-3-op-90": "test",
    "beethoven-ludwig-van-symphony-no-8-op-93": "valid",
    "brahms-johannes-symphony-no-2-op-73": "valid",
}


class OpenScoreOrchestra:
    """Reader of the OpenScore Orchestra scores (.mxl)."""

    card = Card(
        name="openscore_orchestra",
        title="OpenScore Orchestra, from the Hauptstimme corpus",
        citation="Gotham et al., OpenScore Orchestra and Hauptstimme annotations, 2023-2026",
        licence="CC0-1.0",
        ruling="train",
        repository="https://github.com/MarkGotham/Hauptstimme",
        commit="8f677853c45b74ca0afcd79677e5379c06c82354",
        checksum="c15f8ec413a4022f8970d36ace9027abbd9d1392f6af8098ac320e90af8e2f6e",
        attribution="OpenScore Orchestra scores (CC0)",
        notes="Annotations in the same files are CC BY-SA: lyrics are dropped, *_melody.mxl is not read.",
    )
    files = ("*/*/**/*.mxl",)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a movement."""
        for path in files_of(root, self.files):
            if path.endswith("_melody.mxl"):
                continue
            composer, work, _ = path.split("/", 2)
            name = slug(f"{composer} {work}")
            yield Source(
                id=slug(path.removesuffix(".mxl")),
                work=name,
                split=HELD_OUT.get(name, ""),
                path=path,
                style="orchestral",
                title=f"{work.replace('_', ' ')}: {Path(path).stem.replace('_', ' ')}",
                composer=composer.replace("_", " "),
                licence=self.card.licence,
            )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the movement without any lyric."""
        yield Piece(
            source, drop_lyrics(load_score(root, source)), ("lyrics dropped: they hold CC BY-SA labels",)
        )
