"""The human floor: how many 12-grams of people's held-out tunes stand in other people's tunes.

Conventions: a 12-gram is twelve pairs (interval, distance to the next note in steps), as they stand; tunes are read
once through, without repeats. Needs the Nottingham set and splits/nottingham.csv under ZHIYIN_DATA.
Does not know: the index.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from benchmarks.runner import BenchmarkError
from zhiyin.data.manifest import find_root
from zhiyin.data.nottingham import Nottingham
from zhiyin.errors import UnreadableFile
from zhiyin.rights.lines import top_line_of
from zhiyin.score import quantise

Pairs = list[tuple[int, int]]


def nottingham(home: Path) -> tuple[list[Pairs], list[Pairs]]:
    """Return the tunes of the train and the test split."""
    table = home / "splits" / "nottingham.csv"
    if not table.is_file():
        raise BenchmarkError(f"the split must lie at {table}: bring splits/nottingham.csv there")
    with table.open(encoding="utf-8", newline="") as file:
        split = {(row["file"], row["ordinal"]): row["split"] for row in csv.DictReader(file)}
    reader, root = Nottingham(), find_root(home, "nottingham", Nottingham.files)
    found: dict[str, list[Pairs]] = {"train": [], "valid": [], "test": []}
    for source in reader.sources(root):
        ordinal = source.id.rsplit("-", 1)[1]
        try:
            score = quantise(next(iter(reader.read(root, source))).score)[0]
        except UnreadableFile:
            continue
        line = top_line_of(0, score.parts[0])
        pairs = list(zip(np.diff(line.pitch).tolist(), np.diff(line.onset).tolist(), strict=True))
        found[split.get((Path(source.path).stem, ordinal), "valid")].append(pairs)
    return found["train"], found["test"]


def grams_of(tune: Pairs, size: int) -> list[tuple[tuple[int, int], ...]]:
    """Return every run of `size` pairs."""
    return [tuple(tune[i : i + size]) for i in range(len(tune) - size + 1)]


def shared_share(tunes: list[Pairs], others: list[Pairs], size: int) -> float:
    """Return the share of the tunes' grams that stand in the others."""
    known = {gram for tune in others for gram in grams_of(tune, size)}
    every = [gram in known for tune in tunes for gram in grams_of(tune, size)]
    return float(np.mean(every)) if every else 0.0


def has_run(tunes: list[Pairs], others: list[Pairs], size: int) -> float:
    """Return the share of tunes with a run of `size` pairs that stands in the others."""
    known = {gram for tune in others for gram in grams_of(tune, size)}
    return float(np.mean([any(gram in known for gram in grams_of(tune, size)) for tune in tunes]))
