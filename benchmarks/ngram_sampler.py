"""A sampler for the 4-gram floor: notes drawn from the counts of `benchmarks.floors`, field by field.

Conventions: each field of an event follows its own last three symbols in the row, as the floor's bits count it;
Witten-Bell counts are sampled by backing off. Does not know: harmony, other parts, bars beyond the memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.floors import _START, FIELDS, SIZES, Ints, NGram, _Counts, streams_of
from zhiyin.data.corpus import load_human_corpus, piece_to_score
from zhiyin.encode import Sequence, Window, build_sequence, context_of, encode_grid
from zhiyin.encode.fields import END, PITCHES
from zhiyin.score import ROLES, Notes, Part
from zhiyin.units import TICKS_PER_STEP

GROUP_ROWS = 15
MOST_EVENTS = 48  # in a bar of a part


@dataclass
class _Memory:
    """The symbols that each field has had in a row, latest last."""

    role: int
    symbols: list[list[int]] = field(default_factory=lambda: [[] for _ in FIELDS])

    def code(self, number: int, order: int) -> int:
        """Return the context code of a field with `order` symbols of memory."""
        past = self.symbols[number]
        code = self.role
        for back in range(1, order + 1):
            code = code * 1024 + (past[-back] if back <= len(past) else _START)
        return code


@dataclass(frozen=True, eq=False)
class NGramSampler:
    """Draws parts from fitted n-gram counts."""

    counts: NGram

    def write(self, part: Part, starts: list[int], rng: np.random.Generator) -> Notes:
        """Return notes for a part over bars; starts: the first step of each bar and the end of the last."""
        memory = _Memory(ROLES.index(part.role))
        rows: list[tuple[int, int, int]] = []
        for start, end in pairwise(starts):
            rows += self._bar(memory, start, end - start, rng)
        return Notes.of((o * TICKS_PER_STEP, d * TICKS_PER_STEP, p) for o, d, p in rows)

    def _bar(
        self, memory: _Memory, start: int, length: int, rng: np.random.Generator
    ) -> list[tuple[int, int, int]]:
        rows: list[tuple[int, int, int]] = []
        last = 0
        for _ in range(MOST_EVENTS):
            onset = self._draw(memory, 0, rng)
            if onset != END and not last <= onset < length:
                onset = self._draw(memory, 0, rng)
            memory.symbols[0].append(onset)
            if not last <= onset < length:  # END, or no place left in the bar
                break
            last = onset
            value, duration, extra = (self._draw(memory, n, rng) for n in (1, 2, 3))
            for number, symbol in ((1, value), (2, duration), (3, extra)):
                memory.symbols[number].append(symbol)
            if value < PITCHES:
                rows.append((start + onset, max(min(duration, length - onset), 1), value))
        return rows

    def _draw(self, memory: _Memory, number: int, rng: np.random.Generator) -> int:
        """Return a symbol: from the longest context whose counts are trusted, else from a shorter one."""
        for order in range(len(self.counts.counts[number]) - 1, -1, -1):
            found = _draw_from(self.counts.counts[number][order], memory.code(number, order), rng)
            if found is not None:
                return found
        return int(rng.integers(SIZES[number]))


def fitted_counts(corpus: Path, *, n: int, every: int = 24) -> NGram:
    """Return n-gram counts of every 24th training piece: more add little to a memory of three symbols."""
    view = load_human_corpus(corpus, split="train")
    sequences: list[Sequence] = []
    for index in range(0, len(view), every):
        if not view.note_counts[index]:
            continue
        tokens = encode_grid(piece_to_score(view, index))
        context, columns = context_of(tokens), np.arange(tokens.columns)
        for first in range(0, tokens.rows, GROUP_ROWS):
            rows = np.arange(first, min(first + GROUP_ROWS, tokens.rows))
            write = np.ones((columns.size, rows.size), bool)
            sequences.append(build_sequence(tokens, context, Window(columns, rows, write)))
    return NGram(streams_of(sequences), n=n)


def _draw_from(counts: _Counts, code: int, rng: np.random.Generator) -> int | None:
    """Return a symbol seen after a context, or None as often as Witten-Bell smoothing asks a shorter one."""
    low, high = np.searchsorted(counts.pairs, (code * 512, (code + 1) * 512)).tolist()
    if low == high:
        return None
    seen: Ints = counts.pair_counts[low:high]
    total = int(seen.sum())
    at = int(rng.integers(total + high - low))
    if at >= total:
        return None
    return int(counts.pairs[low + int(np.searchsorted(np.cumsum(seen), at, side="right"))] % 512)
