"""Groove: human drumming to a click, mapped to General MIDI keys and set on a grid of sixteenths and triplets.

Conventions: the files keep the click's tempo, so ticks are musical time; the official split holds.
This module does not keep micro-timing: levels stay, timing goes to the nearest of six places in a beat.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from zhiyin.data.base import Card, Piece, Source, slug
from zhiyin.data.reading import load_score, read_text
from zhiyin.score import MetreMark, Notes, Part, Score, Tempo
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER, TICKS_PER_STEP, IntArray

INFO = "info.csv"
# Roland TD-11 keys that General MIDI names otherwise (Gillick et al. 2019, table of the data set's page).
TD11_TO_GM: dict[int, int] = {22: 42, 26: 46, 58: 43, 40: 38}
_GRID_STEPS = np.array([0, 6, 8, 12, 16, 18, 24]) * TICKS_PER_STEP
# A fill is a bar or two, and there are 650 of them; bare drums must not outweigh whole pieces.
BEAT_WEIGHT, FILL_WEIGHT = 0.5, 0.15
HIT_TICKS = 6 * TICKS_PER_STEP


class Groove:
    """Reader of the Groove MIDI Dataset (.mid and info.csv)."""

    card = Card(
        name="groove",
        title="Groove MIDI Dataset 1.0.0",
        citation="Gillick, Roberts, Engel, Eck & Bamman, Learning to Groove with Inverse Sequence "
        "Transformations, ICML 2019",
        licence="CC-BY-4.0",
        ruling="train",
        repository="https://github.com/zharry29/drums-with-llm",
        commit="476adbc938a600eaca26bbb02648e6127b5eca64",
        checksum="1c115f35fc9286a59865322ebb0e85b68c317f46d50710720c4feb604b139208",
        attribution="Groove MIDI Dataset, Google LLC, CC BY 4.0",
        notes="The origin holds the set in its folder groove/. Roland TD-11 drum keys.",
    )
    files = ("drummer*/**/*.mid", INFO)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a recording, with the official split."""
        for row in sorted(
            csv.DictReader(read_text(root / INFO).splitlines()), key=lambda r: r["midi_filename"]
        ):
            path = row["midi_filename"]
            if not (root / path).is_file():
                continue
            yield Source(
                id=slug(path.removesuffix(".mid")),
                work=slug(row["id"]),
                path=path,
                style="drum-groove",
                title=f"{row['style']} {row['beat_type']}, {row['bpm']} BPM",
                composer=row["drummer"],
                licence=self.card.licence,
                weight=BEAT_WEIGHT if row["beat_type"] == "beat" else FILL_WEIGHT,
                split={"validation": "valid"}.get(row["split"], row["split"]),
                has_given_chords=True,
            )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the recording as one drum part on the grid."""
        score = load_score(root, source)
        stem = Path(source.path).stem.split("_")
        metre = Metre.parse(stem[4].replace("-", "/"))
        notes = drums_on_grid(Notes.concat(part.notes for part in score.parts))
        part = Part("Drums", notes, role="drums", is_drums=True)
        yield Piece(
            source,
            Score(
                title=source.title,
                parts=(part,),
                tempos=(Tempo(0, float(stem[2])),),
                metres=(MetreMark(0, metre),),
                credits=(("drummer", source.composer),),
            ),
        )


def drums_on_grid(notes: Notes) -> Notes:
    """Return TD-11 hits as General MIDI hits of a sixteenth on the nearest place of the beat grid."""
    pitch = notes.pitch.copy()
    for key, gm in TD11_TO_GM.items():
        pitch[notes.pitch == key] = gm
    onset = to_beat_grid(notes.onset)
    hits = replace(notes, onset=onset, pitch=pitch, duration=np.full(len(notes), HIT_TICKS))
    # The louder of two hits that fall on one place is the stroke, the other its bounce.
    order = np.lexsort((-hits.velocity, hits.pitch, hits.onset))
    key_of = hits.onset[order] * 128 + hits.pitch[order]
    first = np.append(True, key_of[1:] != key_of[:-1]) if len(hits) else np.empty(0, bool)
    return hits.take(np.sort(order[first]))


def to_beat_grid(ticks: IntArray) -> IntArray:
    """Return each tick moved to the nearest sixteenth or eighth triplet of its quarter.

    >>> to_beat_grid(np.array([17, 3400, 10000])).tolist()
    [0, 3360, 10080]
    """
    beat, offset = np.divmod(ticks, TICKS_PER_QUARTER)
    nearest = np.abs(offset[:, None] - _GRID_STEPS).argmin(axis=1)
    placed: IntArray = beat * TICKS_PER_QUARTER + _GRID_STEPS[nearest]
    return placed
