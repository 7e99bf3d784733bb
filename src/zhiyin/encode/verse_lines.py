"""Which lines of verse a model learns from, and which units: characters or words seen often enough.

Conventions: a line of which more than a fifth is unknown is left out; long lines of Chinese are two clauses of one
sentence. This module does not read data sets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from zhiyin.encode.verse import VerseUnits, make_units

LEAST = {"zh": 5, "en": 3}  # how often a unit must stand in the lines to be one
MOST_UNITS = 16_000
MOST_UNKNOWN = 0.2
LONGEST = 14  # characters of two clauses sung as one line


def learn_units(
    language: str, lines: Sequence[tuple[str, ...]], known: Collection[str] | None = None
) -> VerseUnits:
    """Return the units that lines hold often enough; known: where given, only these words may be units."""
    counts = Counter(unit for line in lines for unit in line)
    if known is not None:
        counts = Counter({unit: n for unit, n in counts.items() if unit in known})
    return make_units(language, counts, least=LEAST[language], most=MOST_UNITS)


def is_readable(numbers: Sequence[int], units: VerseUnits) -> bool:
    """Return whether a line's numbers are mostly units."""
    return bool(numbers) and sum(n == units.unknown for n in numbers) <= MOST_UNKNOWN * len(numbers)


def with_long_lines(
    lines: Sequence[tuple[str, ...]], joins: Sequence[bool], *, every: int = 3
) -> list[tuple[str, ...]]:
    """Return the lines with every third pair of clauses of one sentence as one long line; each line stands once.

    >>> with_long_lines([("a", "b"), ("c",), ("d",)], [True, False, False], every=1)
    [('a', 'b', 'c'), ('d',)]
    """
    found: list[tuple[str, ...]] = []
    pairs = place = 0
    while place < len(lines):
        line = lines[place]
        follows = place + 1 < len(lines) and bool(joins) and joins[place]
        if follows and len(line) + len(lines[place + 1]) <= LONGEST:
            pairs += 1
            if pairs % every == 0:
                line, place = line + lines[place + 1], place + 1
        found.append(line)
        place += 1
    return found
