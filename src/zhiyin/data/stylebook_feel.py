"""Measuring human drumming for the style book: reads the Groove set and writes `stylebook/feel.csv`.

Conventions: run as `python -m zhiyin.data.stylebook_feel --from FOLDER`; training split, beats in 4/4 only; loudness is
velocity less the recording's mean of that drum, offset thousandths of a quarter. Nothing else imports this module.
"""

from __future__ import annotations

import argparse
import csv
import io
import warnings
from collections import defaultdict
from importlib import resources
from pathlib import Path

import numpy as np

from zhiyin.data.base import Source
from zhiyin.data.groove import INFO, TD11_TO_GM
from zhiyin.data.reading import load_score, read_text
from zhiyin.score import Notes
from zhiyin.units import TICKS_PER_QUARTER, FloatArray

FEWEST = 12  # strokes; a place with fewer is left out
PLACES = 16
DRUM_OF_KEY: dict[int, str] = {
    35: "kick", 36: "kick", 37: "snare", 38: "snare", 40: "snare", 42: "hat", 44: "hat", 46: "hat", 51: "ride",
    53: "ride", 59: "ride",
}  # fmt: skip
COLUMNS = ("style", "drum", "place", "count", "loudness", "spread", "offset", "offset_spread")
Table = dict[tuple[str, str, int], list[FloatArray]]


def measure(root: Path) -> list[list[str]]:
    """Return the rows of the table, sorted."""
    found: Table = defaultdict(list)
    for row in csv.DictReader(read_text(root / INFO).splitlines()):
        if row["split"] != "train" or row["beat_type"] != "beat" or row["time_signature"] != "4-4":
            continue
        source = Source(id=row["id"], work=row["id"], path=row["midi_filename"])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # strokes without length: only onsets are measured
            notes = Notes.concat(part.notes for part in load_score(root, source).parts)
        _count(row["style"].split("/")[0], notes, found)
    return [
        _row(key, np.concatenate(values)) for key, values in sorted(found.items()) if _size(values) >= FEWEST
    ]


def _size(values: list[FloatArray]) -> int:
    return sum(len(v) for v in values)


def _count(style: str, notes: Notes, found: Table) -> None:
    """Add one recording's (loudness, offset) pairs to the table, by drum and place."""
    step = TICKS_PER_QUARTER / 4
    keys = np.array([TD11_TO_GM.get(int(p), int(p)) for p in notes.pitch])
    place = np.rint(notes.onset / step).astype(np.int64)
    offset = (notes.onset - place * step) / TICKS_PER_QUARTER * 1000
    for drum in sorted(set(DRUM_OF_KEY.values())):
        mine = np.isin(keys, [k for k, name in DRUM_OF_KEY.items() if name == drum])
        if not mine.any():
            continue
        louder = notes.velocity[mine] - notes.velocity[mine].mean()
        for at in range(PLACES):
            here = place[mine] % PLACES == at
            found[style, drum, at].append(np.stack([louder[here], offset[mine][here]], axis=1))


def _row(key: tuple[str, str, int], values: FloatArray) -> list[str]:
    loud, offset = values[:, 0], values[:, 1]
    numbers = (loud.mean(), loud.std(), np.median(offset), offset.std())
    return [*map(str, key), str(len(values)), *(f"{number:.1f}" for number in numbers)]


def main() -> None:
    """Measure the set in a folder and write the table that ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="home", type=Path, required=True, help="folder of the Groove set")
    options = parser.parse_args()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([COLUMNS, *measure(options.home)])
    Path(str(resources.files("zhiyin.stylebook") / "feel.csv")).write_text(text.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main()
