"""What a net of verse is shown: works as numbered lines, and batches of rows drawn from them.

Conventions: a work's stanzas follow each other; a row is a stretch of one work; draws are by a generator that is
given. This module does not hold nets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zhiyin.data.texts_english import CmuDict
from zhiyin.data.verse import Stanza
from zhiyin.encode.verse import KINDS, VerseUnits, function_words
from zhiyin.encode.verse_lines import is_readable, with_long_lines
from zhiyin.encode.verse_rows import Row, Told, draw_theme, make_row, stack
from zhiyin.models.verse_config import VerseData


@dataclass(frozen=True, slots=True)
class Work:
    """Numbered lines of one work that follow each other."""

    kind: int
    set_name: str
    lines: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Reader:
    """How rows of a language are made.

    syllables: of every unit, and of any other one; is_content: whether a unit may be a theme, likewise.
    """

    units: VerseUnits
    syllables: NDArray[np.int64]
    is_content: NDArray[np.bool_]
    data: VerseData

    @classmethod
    def of(cls, units: VerseUnits, data: VerseData, syllables: NDArray[np.int64]) -> Reader:
        """Return the reader of units."""
        plain = function_words(units.language)
        content = [number > 0 and unit.lower() not in plain for number, unit in enumerate(units.units)]
        return cls(units, syllables, np.array([*content, False]), data)

    def works(self, stanzas: Sequence[Stanza]) -> list[Work]:
        """Return stanzas as works; those of one work that follow each other become one."""
        found: list[tuple[str, Work]] = []
        for stanza in stanzas:
            long = with_long_lines(stanza.lines, stanza.joins, every=self.data.long_every)
            numbers = [tuple(self.units.numbers(line)) for line in long]
            lines = tuple(line for line in numbers if is_readable(line, self.units))
            if found and found[-1][0] == stanza.work:
                lines = found.pop()[1].lines + lines
            if lines:
                found.append((stanza.work, Work(KINDS.index(stanza.kind), stanza.set_name, lines)))
        return [work for _, work in found]

    def stretches(self, works: Sequence[Work], rng: np.random.Generator | None) -> Iterator[Work]:
        """Yield works cut into stretches that fit a row; the first cut is at random where a generator is given."""
        for work in works:
            held: list[tuple[int, ...]] = []
            room = (
                self.data.places
                if rng is None
                else int(rng.integers(self.data.places // 4, self.data.places + 1))
            )
            size = 0
            for line in work.lines:
                if held and size + len(line) + 1 > room:
                    yield Work(work.kind, work.set_name, tuple(held))
                    held, size, room = [], 0, self.data.places
                held.append(line)
                size += len(line) + 1
            if held:
                yield Work(work.kind, work.set_name, tuple(held))

    def row(self, work: Work, rng: np.random.Generator) -> Row:
        """Return the row of a stretch, told what the draw says."""
        d = self.data
        told = []
        for at in range(len(work.lines)):
            theme: tuple[int, ...] = ()
            if rng.random() < d.told_theme:
                theme = draw_theme(work.lines, at, near=d.near, is_content=self.is_content, rng=rng)
            told.append(Told(theme, rng.random() < d.told_length))
        kind = work.kind if rng.random() < d.told_kind else 0
        return make_row(work.lines, told, kind=kind, syllables=self.syllables)

    def epoch(
        self, works: Sequence[Work], rng: np.random.Generator, places_a_batch: int
    ) -> Iterator[list[Row]]:
        """Yield every stretch once, in batches of rows of like length, in a random order."""
        stretches = [w for w in self.stretches(works, rng) for _ in range(self._times(w, rng))]
        order = sorted(
            range(len(stretches)), key=lambda i: sum(map(len, stretches[i].lines)) + rng.random() * 6
        )
        groups: list[list[int]] = [[]]
        longest = 0
        for index in order:
            size = sum(map(len, stretches[index].lines)) + len(stretches[index].lines)
            longest = max(longest, size)
            if groups[-1] and longest * (len(groups[-1]) + 1) > places_a_batch:
                groups.append([])
                longest = size
            groups[-1].append(index)
        for group in rng.permutation(len(groups)).tolist():
            yield [self.row(stretches[i], rng) for i in groups[group]]

    def _times(self, work: Work, rng: np.random.Generator) -> int:
        weight = (self.data.weights or {}).get(KINDS[work.kind], 1.0)
        return int(weight) + int(rng.random() < weight - int(weight))


def batch_of(rows: Sequence[Row]) -> dict[str, NDArray[np.int64]]:
    """Return the arrays of rows."""
    return stack(rows)


def syllables_of(units: VerseUnits, data: Path) -> NDArray[np.int64]:
    """Return how many syllables each unit has, and any other one: 1 a character, else the dictionary's first count."""
    if units.language == "zh":
        return np.array([0] + [1] * len(units.units[1:]) + [1], np.int64)
    counts: dict[str, int] = {}
    for text in CmuDict().texts(data / "cmudict"):
        counts.setdefault(text.lines[0], sum(mark[-1].isdigit() for mark in text.marks))
    spoken = [counts.get(unit.lower(), _vowels(unit)) for unit in units.units[1:]]
    return np.array([0, *spoken, 2], np.int64)


def _vowels(word: str) -> int:
    """Return the runs of vowel letters of a word, without a silent e at its end."""
    plain = word.lower().rstrip("e") if len(word) > 3 else word.lower()
    marks = [letter in "aeiouy" for letter in plain]
    return max(sum(now and not before for before, now in zip([False, *marks], marks, strict=False)), 1)
