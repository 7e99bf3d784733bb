"""The chorales on a sixteenth grid, with what is recalled before each step, and batches of them.

Conventions: ids as in `zhiyin.models.chorale_recall`; the store is the training split; none recalls itself.
This module does not train. The set is for measuring: nothing learned from it ships.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from zhiyin.data.jsb_chorales import FILE
from zhiyin.errors import NotFound
from zhiyin.models.chorale import Frames, Recollection, frame_features, trust_bucket
from zhiyin.models.chorale_recall import (
    HIGHEST,
    LOWEST,
    PITCHES,
    REST,
    VOICES,
    Recalled,
    Store,
    recall_all,
)
from zhiyin.units import IntArray

_FAR = 1 << 20


@dataclass(frozen=True, slots=True)
class Chorale:
    """One chorale: ids (steps, 4), and what is recalled before each step."""

    ids: IntArray
    recalled: Recalled


@dataclass(frozen=True, slots=True)
class Chorales:
    """The three splits and the store that all of them recall from."""

    train: list[Chorale]
    valid: list[Chorale]
    test: list[Chorale]
    store: Store


def pitch_ids(pitches: IntArray) -> IntArray:
    """Return ids of MIDI pitches, a rest (below 0) as 0.

    >>> pitch_ids(np.array([-1, 36, 81])).tolist()
    [0, 1, 46]
    """
    assert pitches.max(initial=LOWEST) <= HIGHEST, "a pitch above the highest"
    return np.where(pitches < 0, REST, pitches - LOWEST + 1)


def id_pitches(ids: IntArray) -> IntArray:
    """Return MIDI pitches of ids, -1 for a rest.

    >>> id_pitches(np.array([0, 1, 46])).tolist()
    [-1, 36, 81]
    """
    return np.where(ids == REST, -1, ids + LOWEST - 1)


def read_splits(folder: Path) -> dict[str, list[IntArray]]:
    """Return {split: chorales as (steps, 4) ids} of the set in a folder. Raises NotFound when it is not there."""
    path = folder / FILE
    if not path.exists():
        raise NotFound(f"no {FILE} in {str(folder)!r}: fetch it with  zhiyin corpus fetch jsb_chorales")
    raw = json.loads(path.read_text(encoding="utf-8"))
    return {
        split: [
            pitch_ids(np.nan_to_num(np.array(one, np.float64), nan=-1).astype(np.int64)) for one in chorales
        ]
        for split, chorales in raw.items()
    }


def load_chorales(folder: Path, *, with_train: bool = True) -> Chorales:
    """Return the set with its recollections, a minute or two of one core; the training split is empty if not asked."""
    splits = read_splits(folder)
    store = Store.of(splits["train"])
    learned = splits["train"] if with_train else []
    train = [Chorale(ids, recall_all(ids, store, left_out=i)) for i, ids in enumerate(learned)]
    valid, test = (
        [Chorale(ids, recall_all(ids, store)) for ids in splits[split]] for split in ("valid", "test")
    )
    return Chorales(train, valid, test, store)


def transposition_room(chorale: IntArray, *, low: IntArray, high: IntArray, most: int) -> tuple[int, int]:
    """Return how far a chorale may move down and up with each voice in its range, at most `most` semitones.

    low, high: (4,) the ids of each voice's range.
    """
    down, up = -most, most
    for v in range(VOICES):
        sounding = chorale[chorale[:, v] != REST, v]
        if sounding.size:
            down, up = max(down, int(low[v] - sounding.min())), min(up, int(high[v] - sounding.max()))
    return min(down, 0), max(up, 0)


def voice_ranges(chorales: Sequence[IntArray]) -> tuple[IntArray, IntArray]:
    """Return the lowest and the highest id of each voice over all chorales: (4,) each."""
    every = np.concatenate(list(chorales))
    return np.where(every == REST, PITCHES, every).min(0), every.max(0)


def to_frames(
    chorales: Sequence[Chorale], shifts: Sequence[int] | None = None, *, recall: bool = True
) -> Frames:
    """Return a padded batch, each chorale moved by its shift in semitones."""
    shifts = shifts or [0] * len(chorales)
    steps = max(len(one.ids) for one in chorales)
    ids = np.stack([_pad(_shift(one.ids, by), steps, REST) for one, by in zip(chorales, shifts, strict=True)])
    nexts = [
        _pad(_shift(one.recalled.next_ids, by), steps, -1) for one, by in zip(chorales, shifts, strict=True)
    ]
    notes, lengths, ahead = (
        torch.from_numpy(np.stack([_pad(getattr(one.recalled, name), steps, fill) for one in chorales]))
        for name, fill in (("notes", 0), ("steps", 0), ("ahead", _FAR))
    )
    is_real = np.stack([np.arange(steps) < len(one.ids) for one in chorales])
    recalled = Recollection(torch.from_numpy(np.stack(nexts)), trust_bucket(notes, lengths), ahead)
    return frame_features(torch.from_numpy(ids), recalled, torch.from_numpy(is_real), recall=recall)


def _shift(ids: IntArray, by: int) -> IntArray:
    """Return ids moved; rests and nothings stay, what leaves the range becomes nothing."""
    moved = ids + by
    gone = (ids > REST) & ((moved <= REST) | (moved >= PITCHES))
    return np.where(ids > REST, np.where(gone, -1, moved), ids)


def _pad(array: IntArray, steps: int, fill: int) -> IntArray:
    wide = np.full((steps, *array.shape[1:]), fill, np.int64)
    wide[: len(array)] = array
    return wide


def groups_of(lengths: Sequence[int], budget: int, random: np.random.Generator) -> Iterator[list[int]]:
    """Yield the chorales of one epoch in groups of like length, padded size about `budget` frames, in random order."""
    order = np.argsort(np.array(lengths) + random.uniform(-40, 40, len(lengths)))
    groups: list[list[int]] = [[]]
    for index in order:
        longest = max([lengths[index], *(lengths[i] for i in groups[-1])])
        if groups[-1] and (len(groups[-1]) + 1) * longest > budget:
            groups.append([])
        groups[-1].append(int(index))
    for which in random.permutation(len(groups)):
        yield groups[which]
