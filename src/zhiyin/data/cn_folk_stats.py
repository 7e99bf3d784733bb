"""Statistics of Chinese folk song by province: degrees, intervals, finals, note lengths. Facts, no melody.

Conventions: degrees are movable do (1 = gong); counts are over all songs of a province's volumes.
This module holds no song and reads none.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from zhiyin.data.base import Card
from zhiyin.data.reading import read_text

FILE = "cn_folk_stats.json"


@dataclass(frozen=True, slots=True)
class ProvinceStatistics:
    """Counts over one province: table name (degree, degree_bigram, interval, final, ...) -> value -> count."""

    province: str
    songs: int
    tables: dict[str, dict[str, int]]

    def share(self, table: str, value: str) -> float:
        """Return how much of a table falls on a value, 0 to 1; 0 for a value that never occurs."""
        counts = self.tables.get(table, {})
        total = sum(counts.values())
        return counts.get(value, 0) / total if total else 0.0


class CnFolkStatistics:
    """Reader of the counts (cn_folk_stats.json)."""

    card = Card(
        name="cn_folk_stats",
        title="Statistics of the Anthology of Chinese Folk Songs",
        citation="Counts over the digitised Anthology of Chinese Folk Songs (中国民间歌曲集成), version 251103",
        licence="facts: counts only, no melody or lyric",
        ruling="train",
        repository="https://github.com/m-july/Anthology-of-Chinese-Folk-Songs-v251103",
        commit="6e41177295be9380dd447877da9aa517a9911c76",
        checksum="5f0215dc54c3810234dc41d8ded506dd87e6650930bb28c4b999ff8a14539b21",
        notes="The source holds OCR of books in copyright and no licence: only counts were taken, nothing else.",
        conversion="degrees, degree pairs, intervals, finals, lengths, bar rhythms and ranges were counted a province",
    )
    files = (FILE,)

    def statistics(self, root: Path) -> dict[str, ProvinceStatistics]:
        """Return the counts of every province."""
        table = json.loads(read_text(root / FILE))
        return {
            province: ProvinceStatistics(
                province,
                int(counts.get("songs", 0)),
                {name: dict(values) for name, values in counts.items() if isinstance(values, dict)},
            )
            for province, counts in table.items()
        }
