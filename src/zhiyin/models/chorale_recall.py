"""Recall for chorales: where the lines heard so far were heard before, and what came next there.

Conventions: a chorale is (steps, 4) ids, soprano first: 0 a rest, 1 the lowest pitch; matches ignore transposition.
This module knows no network; what it returns for step t is worked out from steps before t alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from zhiyin.units import BoolArray, IntArray

VOICES = 4
LOWEST = 36
HIGHEST = 81
REST = 0
PITCHES = HIGHEST - LOWEST + 2  # the rest included
NOTHING = -1
# Steps after the next one whose soprano is told, where the match goes on.
AHEAD = (2, 4, 6, 8, 12)
SOURCES = ("own texture", "own soprano", "store soprano", "store soprano, second", "store texture")
_BREAK = 1 << 20
_SPREAD = 128


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the best match of each source says about one step, or about each step of a chorale.

    next_ids: (..., sources, 4) ids, NOTHING where there is none. notes: soprano notes matched, steps: steps matched.
    ahead: (..., sources, len(AHEAD)) the soprano there less the soprano now, in semitones; _BREAK where it ends.
    """

    next_ids: IntArray
    notes: IntArray
    steps: IntArray
    ahead: IntArray


def texture_keys(ids: IntArray) -> tuple[IntArray, IntArray]:
    """Return two keys a step, free of transposition: the soprano's step, and that with the chord's spacing.

    ids: (steps, 4). A rest counts as a pitch far below. The first key of each is a break, equal to nothing.
    """
    wide = np.where(ids == REST, -64, ids).astype(np.int64)  # (steps, 4)
    moves = np.diff(wide[:, 0], prepend=wide[0, 0])
    soprano = np.clip(moves, -60, 60) + 60
    spacing = np.clip(wide[:, :1] - wide[:, 1:], -_SPREAD // 2 + 1, _SPREAD // 2 - 1) + _SPREAD // 2
    texture = ((soprano * _SPREAD + spacing[:, 0]) * _SPREAD + spacing[:, 1]) * _SPREAD + spacing[:, 2]
    texture += _BREAK
    soprano[0] = texture[0] = -_BREAK
    return soprano, texture


@dataclass(slots=True)
class Store:
    """Chorales laid end to end, to be searched.

    ids: (steps, 4); piece: which chorale each step belongs to; changes: soprano changes before each step.
    """

    ids: IntArray
    piece: IntArray
    soprano: IntArray
    texture: IntArray
    changes: IntArray
    is_start: IntArray

    @staticmethod
    def of(chorales: Sequence[IntArray]) -> Store:
        """Return a store of whole chorales."""
        keys = [texture_keys(ids) for ids in chorales]
        soprano = np.concatenate([key[0] for key in keys])
        moved = (soprano != 60) & (soprano != -_BREAK)
        lengths = [len(ids) for ids in chorales]
        starts = np.zeros(len(soprano) + 1, np.int64)
        starts[np.concatenate([[0], np.cumsum(lengths)])] = 1
        return Store(
            ids=np.concatenate(list(chorales)).astype(np.int64),
            piece=np.repeat(np.arange(len(chorales)), lengths),
            soprano=soprano.astype(np.int32),
            texture=np.concatenate([key[1] for key in keys]),
            changes=np.concatenate([[0], np.cumsum(moved)]).astype(np.int32),
            is_start=starts,
        )


@dataclass(slots=True)
class Listener:
    """Follows one chorale step by step and says, before each step, what came next where it was heard before.

    store: what is searched beside the chorale's own past; left_out: a piece of the store not to be searched.
    """

    store: Store | None
    left_out: int | None = None
    _past: IntArray = field(default_factory=lambda: np.zeros((64, VOICES), np.int64))
    _keys: IntArray = field(default_factory=lambda: np.zeros((64, 2), np.int64))
    _count: int = 0
    _store_lengths: list[IntArray] = field(default_factory=list)
    _own_lengths: list[IntArray] = field(default_factory=list)
    _may: BoolArray = field(default_factory=lambda: np.zeros(0, bool))

    def __post_init__(self) -> None:
        size = 0 if self.store is None else len(self.store.piece)
        self._store_lengths = [np.zeros(size + 1, np.int32), np.zeros(size + 1, np.int32)]
        self._own_lengths = [np.zeros(1, np.int64), np.zeros(1, np.int64)]
        if self.store is not None:
            self._may = self.store.is_start[:-1] == 0
            if self.left_out is not None:
                self._may = self._may & (self.store.piece != self.left_out)

    def hear(self, ids: IntArray) -> None:
        """Take in one step of four ids."""
        here = self._count
        if here == len(self._past):
            self._past, self._keys = (
                np.concatenate([one, np.zeros_like(one)]) for one in (self._past, self._keys)
            )
        self._past[here] = ids
        soprano, texture = texture_keys(self._past[max(0, here - 1) : here + 1])
        self._keys[here] = soprano[-1], texture[-1]
        for which in range(2):
            key = self._keys[here, which]
            self._own_lengths[which] = _longer(self._own_lengths[which], self._keys[:here, which] == key)
            if self.store is not None and here > 0:
                column = (self.store.soprano, self.store.texture)[which]
                self._store_lengths[which] = _longer_in_place(self._store_lengths[which], column == key)
        self._count += 1

    def recall(self) -> Recalled:
        """Return what each source says about the next step."""
        return _stack([*self._own_rows(), *self._store_rows()])

    def _own_rows(self) -> Iterator[Recalled]:
        texture, soprano = self._own_lengths[1], self._own_lengths[0]
        if self._count < 2:
            yield from (_nothing() for _ in range(2))
            return
        past = self._past[: self._count]
        moved = np.append(0, np.cumsum(np.append(False, past[1:, 0] != past[:-1, 0])))
        here = len(past)
        ranked = (texture[:here], soprano[:here] * 4 + np.minimum(texture[:here], 3))
        for lengths, rank in zip((texture, soprano), ranked, strict=True):
            at = here - 1 - int(np.argmax(rank[::-1]))  # the most recent of the longest
            steps = int(lengths[at])
            yield _row(
                past, at, steps=steps, notes=int(moved[at] - moved[at - steps]), now=past[-1], end=here
            )

    def _store_rows(self) -> Iterator[Recalled]:
        index = self._shortlist()
        if self.store is None or index.size == 0:
            yield from (_nothing() for _ in range(3))
            return
        store, (soprano, texture) = self.store, self._store_lengths
        notes = store.changes[index] - store.changes[index - soprano[index]]
        score = (notes * 64 + np.minimum(soprano[index], 63)) * 8 + np.minimum(texture[index], 7)
        best = int(np.argmax(score))
        yield self._from_store(int(index[best]), int(soprano[index[best]]))
        score[store.piece[index] == store.piece[index[best]]] = -1
        second = int(np.argmax(score))
        has_second = score[second] > 0
        yield self._from_store(int(index[second]), int(soprano[index[second]])) if has_second else _nothing()
        alike = int(np.argmax(np.where(self._may, texture[:-1], 0)))
        is_alike = self._may[alike] and texture[alike] > 0
        yield self._from_store(alike, int(texture[alike])) if is_alike else _nothing()

    def _shortlist(self) -> IntArray:
        """Return the places of the store whose soprano matches longest, of two pieces at least where there are two.

        A longer match never holds fewer notes, and matches of 63 steps and more are told apart by notes alone.
        """
        if self.store is None or self._count < 2:
            return np.zeros(0, np.int64)
        reach = np.where(self._may, self._store_lengths[0][:-1], 0)
        least = min(int(reach.max(initial=0)), 63)
        while least > 0:
            index = np.flatnonzero(reach >= least)
            if least == 1 or self.store.piece[index[0]] != self.store.piece[index[-1]]:
                return index
            least //= 2
        return np.zeros(0, np.int64)

    def _from_store(self, at: int, steps: int) -> Recalled:
        store = self.store
        assert store is not None
        notes = int(store.changes[at] - store.changes[at - steps])
        low, high = max(0, at - 1), min(len(store.piece), at + max(AHEAD) + 1)
        window, pieces = store.ids[low:high], store.piece[low:high]
        end = int(np.searchsorted(pieces, pieces[at - low], side="right"))
        return _row(window, at - low, steps=steps, notes=notes, now=self._past[self._count - 1], end=end)


def _longer(lengths: IntArray, is_same: IntArray) -> IntArray:
    """Return the match lengths one step on; the list grows by one."""
    grown: IntArray = np.zeros(lengths.size + 1, np.int64)
    grown[1 : is_same.size + 1] = np.where(is_same, lengths[: is_same.size] + 1, 0)
    return grown


def _longer_in_place(lengths: IntArray, is_same: IntArray) -> IntArray:
    """Return the match lengths one step on, of a list of fixed size."""
    grown = np.zeros_like(lengths)
    np.multiply(lengths[:-1] + 1, is_same, out=grown[1:])
    return grown


def _nothing() -> Recalled:
    none = np.zeros((), np.int64)
    return Recalled(np.full(VOICES, NOTHING, np.int64), none, none, np.full(len(AHEAD), _BREAK, np.int64))


def _stack(rows: Sequence[Recalled]) -> Recalled:
    return Recalled(*(np.stack([getattr(row, one.name) for row in rows]) for one in fields(Recalled)))


def _row(past: IntArray, at: int, *, steps: int, notes: int, now: IntArray, end: int) -> Recalled:
    """Return one source's row: what stands at `at`, moved so that the soprano before it is the soprano now."""
    if steps == 0 or at >= end:
        return _nothing()
    before, top = past[at - 1, 0], now[0]
    shift = int(top - before) if before != REST and top != REST else 0
    raw = past[at]
    moved = np.where(raw == REST, REST, raw + shift)
    moved = np.where((raw != REST) & ((moved < 1) | (moved >= PITCHES)), NOTHING, moved)
    ahead = np.full(len(AHEAD), _BREAK, np.int64)
    for i, later in enumerate(AHEAD):
        if at + later < end and before != REST and past[at + later, 0] != REST:
            ahead[i] = past[at + later, 0] - before
    return Recalled(moved, np.array(notes, np.int64), np.array(steps, np.int64), ahead)


def recall_all(chorale: IntArray, store: Store | None, left_out: int | None = None) -> Recalled:
    """Return what is recalled before each step of a chorale: arrays with a first axis of steps."""
    listener = Listener(store, left_out)
    rows = []
    for step in chorale:
        rows.append(listener.recall())
        listener.hear(step)
    return _stack(rows)
