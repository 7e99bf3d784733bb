"""Chinese tunes encoded for this project: the twelve ceremonial songs, hymns of the Confucian temple, folk songs.

Conventions: the ABC files ship beside this module; each tune's S: field names its source in print before 1931, N:
fields its confidence (print, high, medium, needs-check) and gong (the note that is 1). Only sound tunes are given.
This module knows no statistics: see `zhiyin.data.cn_folk_stats`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zhiyin.data.abc_books import field_of_tune, read_tune_of, tunes_of_file
from zhiyin.data.base import Card, Piece, Source, files_of, slug
from zhiyin.errors import UnreadableFile
from zhiyin.io.abc import AbcTune
from zhiyin.theory.pitch import parse_fifths

CONFIDENCES = ("print", "high", "medium", "needs-check")
SOUND = ("print", "high", "medium")
RITUAL_WEIGHT = 0.3  # one even note a syllable: as music it says little about time


@dataclass(frozen=True, slots=True)
class Facts:
    """What a tune's header says: title, print source, kind (folk, ritual), confidence, gong as a pitch class."""

    title: str
    print_source: str
    kind: str
    confidence: str
    gong: int


def facts_of_tune(tune: AbcTune, *, path: str) -> Facts:
    """Return the facts in a tune's header. Raises UnreadableFile when one is missing or unknown."""
    notes = dict(
        line[2:].strip().split("=", 1)
        for _, line in tune.lines
        if line.startswith("N:") and line[2:].strip().split("=", 1)[0] in ("confidence", "gong")
    )
    title = field_of_tune(tune, "T")
    source, kind = field_of_tune(tune, "S"), field_of_tune(tune, "R")
    confidence, gong = notes.get("confidence", ""), notes.get("gong", "")
    if not (title and source and gong) or kind not in ("folk", "ritual") or confidence not in CONFIDENCES:
        got = ", ".join(map(repr, (title, source, kind, confidence, gong)))
        raise UnreadableFile(
            path,
            f"tune {title!r}",
            "a tune must name title, source (S:), kind (R:folk or R:ritual), confidence and gong (N:), "
            f"got {got}: add what is missing",
        )
    return Facts(title, source, kind, confidence, parse_fifths(gong) * 7 % 12)


class ChineseTunes:
    """Reader of the encoded tunes (.abc)."""

    card = Card(
        name="chinese_tunes",
        title="Chinese tunes from prints before 1931, encoded for Zhiyin",
        citation="Encoded from 瑟譜 (c. 1300), 鐘律通考 (1526) and others: each tune's S: field names its print",
        licence="CC0-1.0",
        ruling="train",
        repository="https://github.com/kanripo/KR1i0004",
        commit="58083827022929fe01af21cde4480b44c14d9059",
        checksum="9e21dc9a0585339abc0a2a3f5c9510931c252b2bc60c032018c6aa13c2f7ecbd",
        attribution="Pitches of 瑟譜 and 鐘律通考 read in the transcriptions of the Kanseki Repository (kanripo.org)",
        notes="Ships with the package. The old prints give pitches and no rhythm: one even note a word.",
        conversion="pitch names and gongche signs were encoded by hand as ABC, which ships with the package",
    )
    files = ("*.abc",)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a sound tune; those that need a check are left out."""
        for path in files_of(root, self.files):
            for index, tune in enumerate(tunes_of_file(root, path)):
                facts = facts_of_tune(tune, path=path)
                if facts.confidence in SOUND:
                    yield self._source(path, index, facts)

    def _source(self, path: str, index: int, facts: Facts) -> Source:
        is_folk = facts.kind == "folk"
        return Source(
            id=f"{slug(path.removesuffix('.abc'))}-{index + 1}",
            work=slug(f"chinese {facts.title}"),
            path=path,
            style="chinese" if is_folk else None,
            title=facts.title,
            composer="traditional",
            licence=self.card.licence,
            weight=1.0 if is_folk else RITUAL_WEIGHT,
        )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the tune."""
        yield Piece(source, read_tune_of(root, source))
