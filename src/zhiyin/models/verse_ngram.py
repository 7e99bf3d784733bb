"""Counts of unit sequences as a model: interpolated Kneser-Ney over a tree of contexts, pruned, in small arrays.

Conventions: a sequence begins and ends with unit 0; probabilities are natural; a context's own share is at least what
its kept entries hold, the rest goes to the shorter context, so every distribution sums to one.
Sources: Kneser & Ney 1995; Chen & Goodman 1999. This module does not know characters or words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.errors import NotFound, UnreadableFile
from zhiyin.units import FloatArray, IntArray

_STEPS = 16.0  # a natural logarithm's sixteenths in one byte: down to -15.9, within 3 per cent
NO_NODE = -1


@dataclass(frozen=True)
class Level:
    """The entries after contexts of one length.

    first: (contexts + 1,) where each context's entries begin; a context of length n is an entry of the level below;
    unit: (entries,) ascending within a context; share: (entries,) its own probability; left: (contexts,) what goes
    to the shorter context.
    """

    first: IntArray
    unit: NDArray[np.uint16]
    share: NDArray[np.float32]
    left: NDArray[np.float32]


@dataclass(frozen=True)
class Counts:
    """A Kneser-Ney model: base (units,) of no context, levels of contexts of 1, 2, ... units."""

    base: NDArray[np.float32]
    levels: tuple[Level, ...]
    note: Mapping[str, Any]

    @property
    def reach(self) -> int:
        """Return the length of the longest context."""
        return len(self.levels)

    def node(self, level: int, parent: int, unit: int) -> int:
        """Return the entry of a unit after context `parent` of a level, NO_NODE where there is none."""
        one = self.levels[level]
        low, high = int(one.first[parent]), int(one.first[parent + 1])
        at = low + int(np.searchsorted(one.unit[low:high], unit))
        return at if at < high and one.unit[at] == unit else NO_NODE

    def context(self, units: Sequence[int]) -> int:
        """Return the number of a context (at most `reach` units, the oldest first), NO_NODE where it was not kept."""
        parent = int(units[0])
        if parent >= len(self.base):
            return NO_NODE
        for level, unit in enumerate(units[1:]):
            parent = self.node(level, parent, int(unit))
            if parent == NO_NODE:
                return NO_NODE
        return parent

    def probabilities(self, contexts: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return (contexts, units): of the unit that comes next after each context, the oldest unit first."""
        rows = np.tile(self.base, (len(contexts), 1))
        for row, context in zip(rows, contexts, strict=True):
            for length in range(1, min(len(context), self.reach) + 1):
                parent = self.context(context[-length:])
                if parent == NO_NODE:
                    continue
                level = self.levels[length - 1]
                low, high = level.first[parent], level.first[parent + 1]
                row *= level.left[parent]
                row[level.unit[low:high]] += level.share[low:high]
        return rows


def count(
    sequences: Iterable[Sequence[int]],
    *,
    units: int,
    order: int,
    least: Sequence[int],
    note: Mapping[str, Any],
) -> Counts:
    """Return the model of sequences (each without its ends); units beyond the range part a sequence.

    order: units seen at once; least: how often a run of 2, 3, ... units must stand to be kept.
    """
    flat, start = _joined(sequences)
    runs, numbers = _runs(flat, start, order=order, units=units)
    counted = [_continued(runs, numbers, n) for n in range(1, order)] + [(runs[-1], numbers[-1])]
    base = np.zeros(units)
    keys, counts = counted[0]
    base[keys[:, 0]] = np.maximum(counts - 0.5, 0.0)
    base += (counts.sum() - base.sum()) / units
    base /= base.sum()
    levels: list[Level] = []
    parents = np.arange(units)[:, None]  # kept runs that may be contexts
    for n in range(2, order + 1):
        level, parents = _level(*counted[n - 1], parents, least=least[n - 2])
        levels.append(level)
    return Counts(base.astype(np.float32), tuple(levels), dict(note))


def _joined(sequences: Iterable[Sequence[int]]) -> tuple[IntArray, NDArray[np.bool_]]:
    """Return all sequences in one array, each between zeros, and where a run may not reach back beyond."""
    flat: list[int] = []
    start: list[bool] = []
    for sequence in sequences:
        flat += [0, *sequence, 0]
        start += [True] + [False] * (len(sequence) + 1)
    return np.array(flat, np.int64), np.array(start, bool)


def _runs(
    flat: IntArray, start: NDArray[np.bool_], *, order: int, units: int
) -> tuple[list[IntArray], list[IntArray]]:
    """Return for each length the distinct runs, sorted, and how often each stands."""
    known = flat < units
    runs, numbers = [], []
    inside = np.ones(len(flat), bool)
    for n in range(1, order + 1):
        ends = np.arange(n - 1, len(flat))
        columns = np.stack([flat[ends - n + 1 + i] for i in range(n)], axis=1)
        ok = np.ones(len(ends), bool)
        for i in range(n):
            ok &= known[ends - n + 1 + i]
            if i:
                ok &= ~start[ends - n + 1 + i]
        if n == 1:
            ok &= ~start[ends]  # the opening zero is no event
        found, times = np.unique(columns[ok], axis=0, return_counts=True)
        runs.append(found)
        numbers.append(times)
    del inside
    return runs, numbers


def _continued(runs: list[IntArray], numbers: list[IntArray], n: int) -> tuple[IntArray, IntArray]:
    """Return the runs of n units with how many different units stand before each; as counted where none can."""
    longer = runs[n]
    tails, counts = np.unique(longer[:, 1:], axis=0, return_counts=True)
    opening = runs[n - 1][:, 0] == 0  # nothing stands before a line's end
    opening &= numbers[n - 1] > 0
    if n == 1:
        return tails, counts
    extra, times = runs[n - 1][opening], numbers[n - 1][opening]
    keys = np.concatenate((tails, extra))
    both = np.concatenate((counts, times))
    order = np.lexsort(keys.T[::-1])
    return keys[order], both[order]


def _level(keys: IntArray, counts: IntArray, parents: IntArray, *, least: int) -> tuple[Level, IntArray]:
    """Return the level of runs whose context is kept, and the kept runs."""
    ones, twos = int((counts == 1).sum()), int((counts == 2).sum())
    discount = ones / max(ones + 2 * twos, 1) if ones else 0.5
    place = _places(parents, keys[:, :-1])
    known = place >= 0
    keys, counts, place = keys[known], counts[known], place[known]
    total = np.bincount(place, weights=counts, minlength=len(parents))
    kept = counts >= least
    share = np.maximum(counts[kept] - discount, 0.0) / total[place[kept]]
    left = 1.0 - np.bincount(place[kept], weights=share, minlength=len(parents))
    first = np.concatenate(([0], np.cumsum(np.bincount(place[kept], minlength=len(parents)))))
    level = Level(
        first.astype(np.int64),
        keys[kept][:, -1].astype(np.uint16),
        share.astype(np.float32),
        left.astype(np.float32),
    )
    return level, keys[kept]


def _places(rows: IntArray, wanted: IntArray) -> IntArray:
    """Return where each wanted row stands among sorted rows, -1 for none."""
    width = rows.shape[1]
    kind = np.dtype((np.void, 8 * width))
    table = np.ascontiguousarray(rows.astype(">i8")).view(kind)[:, 0]
    asked = np.ascontiguousarray(wanted.astype(">i8")).view(kind)[:, 0]
    table_bytes, asked_bytes = table.astype(f"V{8 * width}"), asked.astype(f"V{8 * width}")
    order: IntArray = np.searchsorted(table_bytes, asked_bytes)
    order = np.minimum(order, len(table_bytes) - 1)
    return np.where(table_bytes[order] == asked_bytes, order, -1)


def save_counts(path: Path, counts: Counts, *, units: Sequence[str]) -> None:
    """Write a model and the units it counts; shares take one byte each (sixteenths of a natural logarithm)."""
    arrays: dict[str, NDArray[Any]] = {"base": counts.base.astype(np.float16)}
    arrays["base"] = _small(counts.base)
    for n, level in enumerate(counts.levels):
        arrays[f"size{n}"] = np.diff(level.first).astype(np.uint16)
        arrays[f"unit{n}"] = level.unit
        arrays[f"share{n}"] = _small(level.share)
    header = json.dumps({"note": dict(counts.note), "units": list(units)}, ensure_ascii=False)
    arrays["header"] = np.frombuffer(header.encode("utf-8"), np.uint8)
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def load_counts(path: Path) -> tuple[Counts, tuple[str, ...]]:
    """Return a model and its units. Raises NotFound or UnreadableFile."""
    if not path.is_file():
        raise NotFound(f"no counts of verse at {str(path)!r}: give the path of a file that count() wrote")
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        header = json.loads(arrays["header"].tobytes().decode("utf-8"))
    except (ValueError, KeyError, OSError) as error:
        raise UnreadableFile(path, "header", f"not a file of verse counts ({error})") from error
    base = _large(arrays["base"])
    base /= base.sum()
    levels = []
    for n in range(sum(name.startswith("unit") for name in arrays)):
        first = np.concatenate(([0], np.cumsum(arrays[f"size{n}"].astype(np.int64))))
        share = _large(arrays[f"share{n}"])
        levels.append(_exact(first, arrays[f"unit{n}"], share))
    return Counts(base, tuple(levels), header["note"]), tuple(header["units"])


def _exact(first: IntArray, unit: NDArray[np.uint16], share: NDArray[np.float32]) -> Level:
    """Return a level of rounded shares: a context whose shares pass one is scaled, what is left is the rest."""
    place = np.repeat(np.arange(len(first) - 1), np.diff(first))
    total = np.bincount(place, weights=share, minlength=len(first) - 1)
    scale = np.where(total > 0.999, 0.999 / np.maximum(total, 1e-9), 1.0)
    share = (share * scale[place]).astype(np.float32)
    left = (1.0 - total * scale).astype(np.float32)
    return Level(first, unit, share, left)


def _small(share: NDArray[np.float32]) -> NDArray[np.uint8]:
    rounded: FloatArray = np.rint(-np.log(np.maximum(share, 1e-7)) * _STEPS)
    return np.minimum(rounded, 255).astype(np.uint8)


def _large(small: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(np.exp(-small.astype(np.float32) / np.float32(_STEPS)), np.float32)
