"""How likely lines are, by a judge that wrote none: counts from left to right over works that no writer learned from.

Conventions: the judge learns the judge side of `zhiyin.data.verse` (12 % of the works), people's lines are those of
the test side; perplexity is of units, line ends left out; people's is weighed to the lengths of the lines compared.
Units that the judge does not know share what its once-seen ones have. Needs ZHIYIN_DATA with the sets of texts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from zhiyin.data.fetch import data_home
from zhiyin.data.verse import Line, Stanza, in_side, read_verse, split_at, unseen
from zhiyin.data.verse_en import known_words
from zhiyin.encode.verse import VerseUnits
from zhiyin.encode.verse_lines import MOST_UNKNOWN, with_long_lines
from zhiyin.models.verse_ngram import Counts, count

ORDER = 3
MANY_UNITS = {
    "zh": 7000,
    "en": 20_000,
}  # what a language's verse uses, roughly: rare units share one probability


@dataclass(frozen=True)
class Judge:
    """Counts from left to right, with one unit for all rare ones."""

    language: str
    counts: Counts
    places: dict[str, int]

    @property
    def rare(self) -> int:
        """Return the number of the unit that stands for rare ones."""
        return len(self.places) + 1

    def nats(self, line: Sequence[str]) -> float:
        """Return the nats of a line's units, its end left out."""
        numbers = [0, *(self.places.get(unit.lower(), self.rare) for unit in line)]
        reach = self.counts.reach
        contexts = [numbers[max(0, i - reach) : i] for i in range(1, len(numbers))]
        rows = self.counts.probabilities(contexts)
        chosen = rows[np.arange(len(contexts)), numbers[1:]]
        rare = MANY_UNITS[self.language] - len(self.places)
        spread = [np.log(rare) if n == self.rare else 0.0 for n in numbers[1:]]
        return float(-np.log(chosen).sum() + sum(spread))

    def perplexity(self, lines: Iterable[Sequence[str]]) -> float:
        """Return the perplexity a unit of lines."""
        kept = [line for line in lines if line]
        return float(np.exp(sum(map(self.nats, kept)) / sum(map(len, kept))))


@dataclass(frozen=True)
class People:
    """What people's held-out lines cost by length: length -> (nats, units)."""

    by_length: dict[int, tuple[float, int]]

    def perplexity(self, lengths: Iterable[int]) -> float:
        """Return people's perplexity over lines of these lengths."""
        nats = units = 0.0
        for length in lengths:
            nearest = min(self.by_length, key=lambda known: abs(known - length))
            cost, number = self.by_length[nearest]
            nats, units = nats + cost / number * length, units + length
        return float(np.exp(nats / units))


def make_judge(language: str, stanzas: Sequence[Stanza]) -> Judge:
    """Return the judge of stanzas; long lines of Chinese are learned as such."""
    lines = [line for s in stanzas for line in with_long_lines(s.lines, s.joins)]
    seen = Counter(unit for line in lines for unit in line)
    known = sorted(unit for unit, n in seen.items() if n > 1)
    places = {unit: number for number, unit in enumerate(known, start=1)}
    numbers = [[places.get(unit, len(places) + 1) for unit in line] for line in lines]
    counts = count(numbers, units=len(places) + 2, order=ORDER, least=(1, 1), note={"language": language})
    return Judge(language, counts, places)


@cache
def _sides(language: str, folder: Path) -> tuple[tuple[Stanza, ...], tuple[Stanza, ...]]:
    stanzas = read_verse(folder, language)
    if language == "en":
        stanzas = _spelled(stanzas, folder)
    test = unseen(in_side(stanzas, "test"), in_side(stanzas, "train"))
    return tuple(in_side(stanzas, "judge")), tuple(test)


def _spelled(stanzas: Sequence[Stanza], folder: Path) -> list[Stanza]:
    """Return stanzas without lines of which more than a fifth is in no dictionary: other languages, old spellings."""
    known = known_words(folder)

    def is_odd(line: Line) -> bool:
        return sum(word not in known for word in line) > MOST_UNKNOWN * len(line)

    return [part for s in stanzas for part in split_at(s, [is_odd(line) for line in s.lines])]


@cache
def open_judge(language: str, folder: Path | None = None) -> Judge:
    """Return the judge of `zh` or `en` from the sets under a folder (ZHIYIN_DATA where none is given)."""
    return make_judge(language, _sides(language, folder or data_home())[0])


def people_lines(language: str, kinds: Sequence[str] = (), folder: Path | None = None) -> list[Line]:
    """Return people's held-out lines of some kinds (all where none is named), long ones among them."""
    stanzas = _sides(language, folder or data_home())[1]
    return [
        line for s in stanzas if not kinds or s.kind in kinds for line in with_long_lines(s.lines, s.joins)
    ]


def measure_people(judge: Judge, lines: Sequence[Line], *, least: int = 20) -> People:
    """Return what people's lines cost; lengths with fewer than `least` lines are left out."""
    nats: dict[int, float] = defaultdict(float)
    number: Counter[int] = Counter(len(line) for line in lines)
    for line in lines:
        nats[len(line)] += judge.nats(line)
    return People({n: (nats[n], n * k) for n, k in number.items() if k >= least})


def relative_perplexity(
    language: str, texts: Sequence[str], *, kinds: Sequence[str] = (), folder: Path | None = None
) -> float:
    """Return the perplexity of written lines over that of people's held-out lines of the same lengths.

    texts: lines as printed; kinds: which of people's verse is compared with, all where none is named. 1 is as likely
    as people's, below 0.5 is worn-out, above 1.3 is gibberish.
    """
    judge = open_judge(language, folder)
    units = VerseUnits(language, ("",))
    lines = [line for line in (units.split(text) for text in texts) if line]
    people = measure_people(judge, people_lines(language, tuple(kinds), folder))
    return judge.perplexity(lines) / people.perplexity(len(line) for line in lines)
