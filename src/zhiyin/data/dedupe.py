"""Duplicates: pieces that share much of their notes, and the split that a whole cluster of them gets.

Conventions: pieces are rows of one table over all sets; likeness is shared fingerprints over the smaller set of them.
This module compares fingerprints only; it does not read notes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.data.base import split_of_work
from zhiyin.units import FloatArray, IntArray

MAX_OWNERS = 40  # a fingerprint in more pieces than this is a commonplace and says nothing
CLUSTER_LIKENESS, SAME_LIKENESS = 0.4, 0.8
# Two long pieces that share a quarter of their fingerprints are two versions of one work; a short one in a long
# one may be a commonplace, and must share more.
VERSION_LIKENESS, VERSION_SHARED, VERSION_SIZE = 0.25, 24, 0.2
MIN_SHARED = 8
_HELD_OUT_FIRST = ("test", "valid", "train")


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of pieces (first < second) that share fingerprints, and their likeness 0..1."""

    first: IntArray
    second: IntArray
    shared: IntArray
    likeness: FloatArray
    size_ratio: FloatArray


def similar_pairs(piece: IntArray, value: IntArray, *, pieces: int) -> Pairs:
    """Return the pairs of pieces that share at least MIN_SHARED uncommon fingerprints.

    piece, value: one row a fingerprint; repeats within a piece count once.
    """
    rows = np.unique(np.stack([np.asarray(value, np.int64), np.asarray(piece, np.int64)]), axis=1)
    value, piece = rows
    _, start, count = np.unique(value, return_index=True, return_counts=True)
    is_common = np.repeat(count > MAX_OWNERS, count)
    size = np.bincount(piece[~is_common], minlength=pieces)
    codes: list[IntArray] = []
    for owners in np.unique(count[(count > 1) & (count <= MAX_OWNERS)]).tolist():
        block = piece[start[count == owners][:, None] + np.arange(owners)]  # (fingerprints, owners)
        low, high = np.triu_indices(owners, 1)
        codes.append((block[:, low] * pieces + block[:, high]).reshape(-1))
    code, shared = np.unique(np.concatenate([np.empty(0, np.int64), *codes]), return_counts=True)
    enough = shared >= MIN_SHARED
    first, second = np.divmod(code[enough], pieces)
    smaller, larger = np.minimum(size[first], size[second]), np.maximum(size[first], size[second])
    return Pairs(first, second, shared[enough], shared[enough] / smaller, smaller / larger)


def related(pairs: Pairs) -> NDArray[np.bool_]:
    """Return which pairs must not be parted by a split."""
    is_version = (pairs.shared >= VERSION_SHARED) & (pairs.size_ratio >= VERSION_SIZE)
    return (pairs.likeness >= CLUSTER_LIKENESS) | (is_version & (pairs.likeness >= VERSION_LIKENESS))


def clusters(pieces: int, links: list[tuple[int, int]]) -> IntArray:
    """Return the lowest member of each piece's cluster, linked pieces being together.

    >>> clusters(4, [(1, 3), (3, 2)]).tolist()
    [0, 1, 1, 1]
    """
    parent = list(range(pieces))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for a, b in links:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return np.array([root(item) for item in range(pieces)], np.int64)


def links_of_works(works: list[str]) -> list[tuple[int, int]]:
    """Return links that join all pieces of one work."""
    first: dict[str, int] = {}
    return [(first.setdefault(work, index), index) for index, work in enumerate(works)]


def split_clusters(cluster: IntArray, works: list[str], official: list[str]) -> list[str]:
    """Return the split of every piece: official where a member of the cluster has one, else by its first work's hash.

    Where official splits meet in a cluster the most held-out wins, so that nothing held out is trained on.
    """
    given: dict[int, set[str]] = {}
    name: dict[int, str] = {}
    for root, work, split in zip(cluster.tolist(), works, official, strict=True):
        given.setdefault(root, set()).add(split)
        name[root] = min(name.get(root, work), work)
    chosen = {
        root: next((s for s in _HELD_OUT_FIRST if s in splits), None) or split_of_work(name[root])
        for root, splits in given.items()
    }
    return [chosen[root] for root in cluster.tolist()]


def duplicates(pairs: Pairs, *, pieces: int) -> NDArray[np.bool_]:
    """Return which pieces repeat an earlier one that stays: alike by SAME_LIKENESS and of about one size."""
    is_dropped = np.zeros(pieces, bool)
    same = (pairs.likeness >= SAME_LIKENESS) & (pairs.size_ratio >= 0.6)
    for first, second in zip(pairs.first[same].tolist(), pairs.second[same].tolist(), strict=True):
        if not is_dropped[first]:
            is_dropped[second] = True
    return is_dropped
