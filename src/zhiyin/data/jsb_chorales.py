"""JSB chorales on a sixteenth grid: the bench for chorale likelihood and harmonisation; never trained on.

Conventions: four lists a step, soprano first; -1 is a rest; a pitch that stays is held, as the set cannot tell.
This module does not train: `zhiyin.data.leaks` keeps its test pieces out of what is measured on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from zhiyin.data.base import Card, Piece, Source
from zhiyin.data.reading import read_text
from zhiyin.score import Notes, Part, Score
from zhiyin.units import TICKS_PER_QUARTER, IntArray

FILE = "Jsb16thSeparated.json"
_VOICES = ("Soprano", "Alto", "Tenor", "Bass")
_SIXTEENTH = TICKS_PER_QUARTER // 4


class JsbChorales:
    """Reader of Jsb16thSeparated.json."""

    card = Card(
        name="jsb_chorales",
        title="JSB Chorales, sixteenth grid, voices apart",
        citation="Huang et al., Counterpoint by Convolution, ISMIR 2017; split of Boulanger-Lewandowski et al. 2012",
        licence="none stated; the music is in the public domain",
        ruling="measure",
        repository="https://github.com/czhuang/JSB-Chorales-dataset",
        commit="9a7f733ddb4ed91f48da64ac7f0f621c34aadd4d",
        checksum="7dfaf19a339e14eda74a620914e57c64120359d0878fcb9b46cc8e135d0f3f74",
        notes="No licence in the repository: measuring only.",
    )
    files = (FILE,)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a chorale, with the split as given."""
        for split, chorales in sorted(json.loads(read_text(root / FILE)).items()):
            for index in range(len(chorales)):
                yield Source(
                    id=f"{split}-{index}",
                    work=f"jsb-{split}-{index}",
                    path=FILE,
                    style="chorale",
                    title=f"JSB chorale {split} {index}",
                    composer="Bach, Johann Sebastian",
                    split=split,
                )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the chorale as four parts."""
        split, index = source.id.rsplit("-", 1)
        steps = json.loads(read_text(root / source.path))[split][int(index)]
        columns = np.array(steps, np.float64).T  # (voices, sixteenths)
        columns = np.nan_to_num(columns, nan=-1.0).astype(np.int64)
        parts = [Part(name, held_notes(row), program=52) for name, row in zip(_VOICES, columns, strict=True)]
        yield Piece(source, Score(title=source.title, parts=tuple(parts)))


def held_notes(pitches: IntArray) -> Notes:
    """Return the notes of one pitch a sixteenth: equal neighbours are one note, below 0 is a rest.

    >>> [tuple(n)[:3] for n in held_notes(np.array([60, 60, -1, 62]))]
    [(0, 5040, 60), (7560, 2520, 62)]
    """
    starts = np.flatnonzero(np.append(True, pitches[1:] != pitches[:-1]))
    ends = np.append(starts[1:], pitches.size)
    sounding = pitches[starts] >= 0
    starts, ends = starts[sounding], ends[sounding]
    return Notes(starts * _SIXTEENTH, (ends - starts) * _SIXTEENTH, pitches[starts], np.full(starts.size, 80))
