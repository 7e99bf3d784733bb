"""What the past of a piece, and a store of other pieces, say about each next frame of a piano roll.

Conventions: a roll is (frames, 88) of 0 and 1; row t of every result is about frame t and depends on frames before t
alone; shares and scaled logarithms are kept as bytes, 255 for 1. Does not know: nets, corpora, files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import signal, sparse

Bytes: TypeAlias = NDArray[np.uint8]
Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float32]

KEYS = 88
LOWEST_MIDI = 21
# Half lives are about .7 of these, in frames.
KEY_DECAYS = (4.0, 16.0, 64.0)
NEAR_DECAYS = (6.0, 32.0)
CLASS_DECAYS = (8.0, 32.0, 128.0, 1024.0)
# How many frames must agree before a place is asked what came next: in the piece's own past, and in the store.
OWN_ORDERS = (("frame", 1), ("frame", 2), ("frame", 4), ("frame", 8), ("frame", 16),
              ("top", 3), ("top", 6), ("top", 12), ("bass", 4), ("bass", 8))  # fmt: skip
STORE_ORDERS = (("frame", 1), ("frame", 2), ("frame", 3), ("frame", 5), ("top", 4), ("top", 8), ("top", 14))
LATEST = ("frame", "top")  # the last place of the longest agreement
CLOCKS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 64)
VOTES = len(LATEST) + len(OWN_ORDERS) + len(STORE_ORDERS)
KEY_CHANNELS = 3 + len(KEY_DECAYS)
MOVING = 10 + 2 * 27 + 2 * 12 + 3 * 6 + 2 * len(CLOCKS) + 2 + 2 * VOTES
STANDING = 4 * 12 + 2
_LONGEST = 64
_NONE = -1


@dataclass(frozen=True, eq=False, slots=True)
class Past:
    """Everything said about the frames of one piece.

    key: (frames, 88, KEY_CHANNELS) how long on, how long off, ever on, how often lately;
    near: (frames, 88, NEAR_DECAYS) and classes: (frames, 12, CLASS_DECAYS) how often lately;
    votes: (frames, 88, VOTES) shares of places that agree with the latest frames and go on with that key;
    moving: (frames, n) facts that stay the same when all pitches move; standing: (frames, m) those that do not.
    """

    key: Bytes
    near: Bytes
    classes: Bytes
    votes: Bytes
    moving: Bytes
    standing: Bytes


def past_of(roll: Bytes, *, store: Store, own: int | None) -> Past:
    """Return what is said about a piece; own: its place in the store, where it lies there itself, else None."""
    own_votes, own_counts = _own_votes(roll)
    store_votes, store_counts = store.votes(roll, own)
    votes = np.concatenate([own_votes, store_votes], axis=2)
    trust = _trust(votes, roll)
    counts = np.concatenate([own_counts, store_counts], axis=1)
    moving, standing = _frame_facts(roll)
    return Past(
        key=_key_channels(roll),
        near=np.stack([_bytes(_lately(roll, decay)) for decay in NEAR_DECAYS], axis=2),
        classes=_classes(roll),
        votes=votes,
        moving=np.concatenate([moving, counts, trust], axis=1),
        standing=standing,
    )


def _bytes(shares: NDArray[Any]) -> Bytes:
    found: Bytes = np.clip(np.rint(shares * 255), 0, 255).astype(np.uint8)
    return found


def _log_bytes(counts: NDArray[Any]) -> Bytes:
    """Return log2(1 + count) / 8 as bytes: 255 counts and more are 1."""
    return _bytes(np.log2(1.0 + counts) / 8)


def before(rows: NDArray[Any]) -> NDArray[Any]:
    """Return rows moved one frame later, a row of zeros first.

    >>> before(np.array([[1], [2]])).tolist()
    [[0], [1]]
    """
    return np.concatenate([np.zeros_like(rows[:1]), rows[:-1]])


def _lately(roll: NDArray[Any], decay: float) -> Floats:
    """Return the running mean of earlier frames that forgets by 1/decay a frame."""
    keep = 1 - 1 / decay
    return signal.lfilter([1 - keep], [1, -keep], before(roll).astype(np.float32), axis=0).astype(np.float32)


def _key_channels(roll: Bytes) -> Bytes:
    frames = np.arange(len(roll))[:, None]
    last = before(roll)
    last_on = np.maximum.accumulate(np.where(roll, frames, _NONE), axis=0)
    last_off = np.maximum.accumulate(np.where(roll, _NONE, frames), axis=0)
    since_on, since_off = frames - 1 - before(last_on + 1) + 1, frames - before(last_off + 1)
    ever = (before(last_on + 1) > 0).astype(np.float32)
    on_for = np.where(last, since_off, 0)
    off_for = np.where(last, 0, np.where(ever > 0, since_on, 255))
    lately = [_bytes(_lately(roll, decay)) for decay in KEY_DECAYS]
    return np.stack([_log_bytes(on_for), _log_bytes(off_for), _bytes(ever), *lately], axis=2)


def _classes(roll: Bytes) -> Bytes:
    """Return (frames, 12, decays) shares of pitch classes lately, C first."""
    folded = np.zeros((len(roll), 12), np.float32)
    for key in range(KEYS):
        folded[:, (key + LOWEST_MIDI) % 12] += roll[:, key]
    lately = [_lately(folded, decay) for decay in CLASS_DECAYS]
    return np.stack([_bytes(one / np.maximum(one.sum(1, keepdims=True), 1e-6)) for one in lately], axis=2)


def outer_keys(roll: Bytes) -> tuple[Ints, Ints]:
    """Return the lowest and the highest key of each frame, -1 for silence."""
    is_silent = ~roll.any(axis=1)
    lowest = np.where(is_silent, _NONE, roll.argmax(axis=1))
    highest = np.where(is_silent, _NONE, KEYS - 1 - roll[:, ::-1].argmax(axis=1))
    return lowest, highest


def _streams(roll: Bytes) -> dict[str, Ints]:
    """Return what must agree, as one number a frame: a hash of all keys, the highest, the lowest."""
    weights = np.random.default_rng(0).integers(1, 2**62, KEYS)
    lowest, highest = outer_keys(roll)
    return {"frame": (roll * weights).sum(axis=1), "top": highest, "bass": lowest}


def agreements(stream: Ints) -> Bytes:
    """Return (frames, frames): how many values up to s equal those up to t, for s before t, at most 64.

    >>> agreements(np.array([5, 7, 5, 7]))[3].tolist()
    [0, 2, 0, 0]
    """
    frames = len(stream)
    found = np.zeros((frames, frames), np.uint8)
    for t in range(1, frames):
        longer = np.minimum(found[t - 1, : t - 1], _LONGEST - 1) + 1
        found[t, 0] = stream[0] == stream[t]
        found[t, 1:t] = np.where(stream[1:t] == stream[t], longer, 0)
    return found


def _own_votes(roll: Bytes) -> tuple[Bytes, Bytes]:
    """Return votes (frames, 88, n) of the piece's own past and facts about them (frames, m)."""
    frames, following = len(roll), roll[1:].astype(np.float32)
    votes = np.zeros((frames, KEYS, len(LATEST) + len(OWN_ORDERS)), np.uint8)
    facts = np.zeros((frames, votes.shape[2]), np.uint8)
    for name, stream in _streams(roll).items():
        agreed = agreements(stream)
        if name in LATEST and frames > 1:
            i = LATEST.index(name)
            place = frames - 1 - agreed[:, ::-1].argmax(axis=1)
            longest = agreed[np.arange(frames), place]
            told = roll[np.minimum(place + 1, frames - 1)] * (longest > 0)[:, None]
            votes[1:, :, i], facts[1:, i] = told[:-1] * 255, _log_bytes(longest)[:-1] * 4 // 3
        for i, (of, order) in enumerate(OWN_ORDERS, len(LATEST)):
            if of == name:
                asked = (agreed[:-1, :-1] >= order).astype(np.float32)
                count = asked.sum(axis=1)
                votes[1:, :, i] = _bytes(asked @ following / np.maximum(count, 1)[:, None])
                facts[1:, i] = _log_bytes(count)
    return votes, facts


def _contexts(stream: Ints, order: int) -> Ints:
    """Return one number for the `order` values before each frame; frames too early get one of their own kind."""
    padded = np.concatenate([np.full(order, -7), stream]).astype(np.uint64)
    mixed = np.zeros(len(stream), np.uint64)
    for i in range(order):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + padded[i : i + len(stream)]
        mixed ^= mixed >> np.uint64(29)
    return mixed.view(np.int64)


@dataclass(slots=True)
class _Shelf:
    """Places of the store by context: sums of what followed, whole and apart by piece."""

    contexts: Ints
    followed: sparse.csr_matrix
    count: Ints
    of_piece: dict[int, tuple[Ints, sparse.csr_matrix, Ints]] = field(default_factory=dict)


class Store:
    """Pieces that are asked how they went on where they agreed with the latest frames of another."""

    def __init__(self, rolls: Sequence[Bytes]) -> None:
        self.rolls = list(rolls)
        self._shelves = [self._shelf(of, order) for of, order in STORE_ORDERS] if self.rolls else []

    def _shelf(self, of: str, order: int) -> _Shelf:
        each = [_contexts(_streams(roll)[of], order) for roll in self.rolls]
        following = sparse.csr_matrix(np.concatenate(self.rolls).astype(np.float32))
        shelf = _Shelf(*_grouped(np.concatenate(each), following))
        for piece, (contexts, roll) in enumerate(zip(each, self.rolls, strict=True)):
            shelf.of_piece[piece] = _grouped(contexts, sparse.csr_matrix(roll.astype(np.float32)))
        return shelf

    def votes(self, roll: Bytes, own: int | None) -> tuple[Bytes, Bytes]:
        """Return votes (frames, 88, n) and how many voted (frames, n); the piece `own` is not asked."""
        votes = np.zeros((len(roll), KEYS, len(STORE_ORDERS)), np.uint8)
        facts = np.zeros((len(roll), len(STORE_ORDERS)), np.uint8)
        streams = _streams(roll)
        for i, shelf in enumerate(self._shelves):
            of, order = STORE_ORDERS[i]
            contexts = _contexts(streams[of], order)
            total, count = _asked(contexts, shelf.contexts, shelf.followed, shelf.count)
            if own is not None:
                own_total, own_count = _asked(contexts, *shelf.of_piece[own])
                total, count = total - own_total, count - own_count
            votes[:, :, i] = _bytes(total / np.maximum(count, 1)[:, None])
            facts[:, i] = _log_bytes(np.minimum(count, 255))
        return votes, facts


def _grouped(contexts: Ints, following: sparse.csr_matrix) -> tuple[Ints, sparse.csr_matrix, Ints]:
    found, place, count = np.unique(contexts, return_inverse=True, return_counts=True)
    ones = np.ones(len(contexts), np.float32)
    gather = sparse.csr_matrix((ones, (place, np.arange(len(contexts)))), (len(found), len(contexts)))
    return found, gather @ following, count


def _asked(contexts: Ints, known: Ints, followed: sparse.csr_matrix, count: Ints) -> tuple[Floats, Ints]:
    place = np.minimum(np.searchsorted(known, contexts), len(known) - 1)
    is_known = known[place] == contexts
    return followed[place].toarray() * is_known[:, None], count[place] * is_known


def _trust(votes: Bytes, roll: Bytes) -> Bytes:
    """Return how right each voter was lately: its mean vote for the keys that came, (frames, voters)."""
    right = (votes.astype(np.float32) * roll[:, :, None]).sum(axis=1) / 255
    return _bytes(_lately(right / np.maximum(roll.sum(axis=1), 1)[:, None], 8.0))


def _one_hot(values: Ints, size: int) -> Bytes:
    """Return (frames, size) with 255 at each value; values outside are left out."""
    found = np.zeros((len(values), size), np.uint8)
    inside = (values >= 0) & (values < size)
    found[np.flatnonzero(inside), values[inside]] = 255
    return found


def _frame_facts(roll: Bytes) -> tuple[Bytes, Bytes]:
    """Return (frames, n) facts free of transposition and (frames, m) facts about places, of the frame before."""
    last, earlier = before(roll), before(before(roll))
    lowest, highest = outer_keys(last)
    low_before, high_before = outer_keys(earlier)
    is_known, was_known = lowest >= 0, low_before >= 0
    both = is_known & was_known
    steps = [
        np.where(both, np.clip(a - b, -13, 13) + 13, -1)
        for a, b in ((lowest, low_before), (highest, high_before))
    ]
    is_new, is_off, stays = last > earlier, last < earlier, last & earlier
    clock = np.arange(len(roll))[:, None] * (2 * np.pi / np.array(CLOCKS))
    frames = np.arange(len(roll))
    since = frames - np.maximum.accumulate(np.where((is_new | is_off).any(axis=1), frames, 0))
    moving = [
        _one_hot(last.sum(axis=1).astype(np.int64), 10),
        *(_one_hot(step, 27) for step in steps),
        _folded(last, lowest), _folded(last, highest),
        *(_one_hot(one.sum(axis=1).astype(np.int64), 6) for one in (is_new, is_off, stays)),
        _bytes((1 + np.concatenate([np.sin(clock), np.cos(clock)], axis=1)) / 2),
        _bytes(np.log2(1 + frames)[:, None] / 13), _log_bytes(since)[:, None],
    ]  # fmt: skip
    shift = np.zeros(len(roll), np.int64) - LOWEST_MIDI
    low_class = np.where(is_known, (lowest + LOWEST_MIDI) % 12, -1)
    high_class = np.where(is_known, (highest + LOWEST_MIDI) % 12, -1)
    standing = [
        _folded(last, shift), _folded(is_new.astype(np.uint8), shift),
        _one_hot(low_class, 12), _one_hot(high_class, 12),
        _bytes(np.stack([lowest + 1, highest + 1], axis=1) / KEYS),
    ]  # fmt: skip
    return np.concatenate(moving, axis=1), np.concatenate(standing, axis=1)


def _folded(roll: Bytes, above: Ints) -> Bytes:
    """Return (frames, 12): which intervals above a key, octaves left out, sound."""
    found = np.zeros((len(roll), 12), np.uint8)
    frame, key = np.nonzero(roll)
    found[frame, (key - above[frame]) % 12] = 255
    return found
