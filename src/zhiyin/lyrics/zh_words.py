"""Words of a Chinese line: the likeliest cut by word frequencies.

Conventions: text is a run of Han characters; the word list (`tables/zh_words.txt.gz`) holds words of two to six
characters with their counts, cut from jieba's dictionary (MIT). This module does not know readings.
"""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent / "tables"
MOST_CHARACTERS = 6


@cache
def word_counts() -> dict[str, int]:
    """Return the words of the list, single characters included, with their counts."""
    text = gzip.decompress((TABLES / "zh_words.txt.gz").read_bytes()).decode()
    pairs = (line.partition("\t") for line in text.splitlines())
    return {word: int(count) for word, _, count in pairs}


@cache
def _total() -> float:
    """Return the logarithm of the sum of all counts."""
    return math.log(sum(word_counts().values()))


def split_words(run: str, keep: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the words of a run of Han characters; joined they are the run. keep: words that must not be cut.

    >>> split_words("雨夜的车站我们离别")
    ('雨夜', '的', '车站', '我们', '离别')
    """
    counts, total, kept = word_counts(), _total(), frozenset(keep)
    longest = max((len(one) for one in kept), default=0)
    best = [(0.0, 0)] + [(-math.inf, 0)] * len(run)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - max(MOST_CHARACTERS, longest)), end):
            word = run[start:end]
            count = counts.get(word, 1 if end == start + 1 else 0)
            if not count and word not in kept:
                continue
            score = 0.0 if word in kept else math.log(count) - total
            if best[start][0] + score > best[end][0]:
                best[end] = (best[start][0] + score, start)
    cuts, end = [], len(run)
    while end:
        cuts.append(run[best[end][1] : end])
        end = best[end][1]
    return tuple(reversed(cuts))
