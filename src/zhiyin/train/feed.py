"""Feeding a training run: batches drawn in worker processes, in few shapes, packed small for the way to the device.

Conventions: with workers every worker draws with a generator of its own, seeded by (seed, step, worker), and batches
come in turn from each, so a run is repeatable for a number of workers. A packed batch is one int16 array.
This module knows neither the model nor the device's kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from zhiyin.encode import Sequence, stack
from zhiyin.encode.fields import INPUT_FIELDS
from zhiyin.train.sampler import TrainPiece, WindowLimits, sample_sequence, sample_task

Batch = dict[str, Tensor]
# Lengths that compiled code sees: each costs a compilation, and coarser ones cost padding (14 % here).
BUCKETS = (128, 192, 256, 384, 512, 768, 1024)
PREFETCHED = 4
_POOL = 8  # batches drawn together, so that windows of like length share a batch
_SINGLES = ("time", "is_target", "tonic", "chord_root", "chord_quality", "last")


@dataclass(frozen=True, slots=True)
class Draw:
    """How batches are drawn: windows, padded events a batch, and whether shapes are few (BUCKETS) or as they fall."""

    limits: WindowLimits
    events_a_batch: int
    is_bucketed: bool = False


def sequences(pieces: list[TrainPiece], rng: np.random.Generator, limits: WindowLimits) -> Iterator[Sequence]:
    """Yield fill tasks for ever, pieces drawn by weight."""
    weight = np.array([p.weight for p in pieces])
    share = np.cumsum(weight / weight.sum())
    while True:
        piece = pieces[int(np.searchsorted(share, rng.random() * share[-1]))]
        sequence = sample_sequence(piece, sample_task(rng), rng, limits=limits)
        if sequence is not None:
            yield sequence


def groups(pieces: list[TrainPiece], rng: np.random.Generator, draw: Draw) -> Iterator[list[Sequence]]:
    """Yield for ever the sequences that share a batch."""
    stream = sequences(pieces, rng, draw.limits)
    if draw.is_bucketed:
        yield from bucketed(stream, draw.events_a_batch)
    while True:
        pool: list[Sequence] = []
        while sum(len(s) for s in pool) < _POOL * draw.events_a_batch:
            pool.append(next(stream))
        packed = pack(sorted(pool, key=len), draw.events_a_batch)
        for index in rng.permutation(len(packed)):
            yield packed[index]


def pack(pool: list[Sequence], events_a_batch: int) -> list[list[Sequence]]:
    """Return groups of neighbouring sequences whose padded size stays within the budget."""
    found: list[list[Sequence]] = [[]]
    for sequence in pool:
        if found[-1] and (len(found[-1]) + 1) * len(sequence) > events_a_batch:
            found.append([])
        found[-1].append(sequence)
    return found


def bucketed(stream: Iterator[Sequence], events_a_batch: int) -> Iterator[list[Sequence]]:
    """Yield groups whose sequences fit one bucket, as many as the budget holds of it; none is left out."""
    waiting: dict[int, list[Sequence]] = {length: [] for length in BUCKETS}
    for sequence in stream:
        length = bucket_of(len(sequence))
        waiting[length].append(sequence)
        if len(waiting[length]) == rows_of(length, events_a_batch):
            yield waiting[length]
            waiting[length] = []


def bucket_of(events: int) -> int:
    """Return the shortest bucket that holds so many events.

    >>> bucket_of(129)
    192
    """
    return next(length for length in BUCKETS if length >= events)


def rows_of(length: int, events_a_batch: int) -> int:
    """Return how many sequences of a bucket share a batch, 1 or more."""
    return max(events_a_batch // length, 1)


def to_tensors(group: list[Sequence]) -> Batch:
    """Return a padded batch as tensors."""
    return {name: torch.from_numpy(array) for name, array in stack(group).items()}


def to_packed(group: list[Sequence], length: int) -> Batch:
    """Return a batch of one length as one int16 array (rows, length, columns): a quarter of the bytes, one block."""
    arrays = stack(group)
    columns = [arrays["fields"], arrays["target"], *(arrays[name][..., None] for name in _SINGLES)]
    width = sum(c.shape[2] for c in columns)
    out: NDArray[np.int16] = np.empty((len(group), length, width), np.int16)
    out[:] = _padding(width)
    out[:, : arrays["time"].shape[1]] = np.concatenate(columns, axis=2)
    return {"packed": torch.from_numpy(out), "length": torch.from_numpy(arrays["length"])}


def _padding(width: int) -> NDArray[np.int16]:
    """Return what stands after a sequence's end: nothing is asked there."""
    row = np.zeros(width, np.int16)
    row[len(INPUT_FIELDS) : len(INPUT_FIELDS) + 4] = -1
    return row


def unpack(batch: Batch) -> Batch:
    """Return a packed batch as the model reads it; another batch as it is."""
    if "packed" not in batch:
        return batch
    whole, count = batch["packed"].long(), len(INPUT_FIELDS)
    singles = {name: whole[..., count + 4 + index] for index, name in enumerate(_SINGLES)}
    return {
        "fields": whole[..., :count],
        "target": whole[..., count : count + 4],
        **singles,
        "length": batch["length"],
    }


class _Stream(IterableDataset[Batch]):
    """The batches of one worker."""

    def __init__(self, pieces: list[TrainPiece], draw: Draw, seed: tuple[int, ...]) -> None:
        self.pieces, self.draw, self.seed = pieces, draw, seed

    def __iter__(self) -> Iterator[Batch]:
        info = get_worker_info()
        rng = np.random.default_rng([*self.seed, *([info.id] if info is not None else [])])
        finish: Callable[[list[Sequence]], Batch] = to_tensors
        if self.draw.is_bucketed:
            finish = _to_bucket
        for group in groups(self.pieces, rng, self.draw):
            yield finish(group)


def _to_bucket(group: list[Sequence]) -> Batch:
    return to_packed(group, bucket_of(max(len(s) for s in group)))


def feed(
    pieces: list[TrainPiece], draw: Draw, *, seed: tuple[int, ...], workers: int = 0, pin: bool = False
) -> Iterator[Batch]:
    """Yield training batches for ever, drawn in this process or in so many workers ahead of time.

    pin: whether batches come in pinned memory, from which a device copies while it computes.
    """
    stream = _Stream(pieces, draw, seed)
    if workers == 0:
        return iter(stream)
    options: dict[str, Any] = {
        "prefetch_factor": PREFETCHED,
        "pin_memory": pin,
        "multiprocessing_context": "fork",
    }
    return iter(DataLoader(stream, batch_size=None, num_workers=workers, **options))
