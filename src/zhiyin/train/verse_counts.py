"""The counted models of verse: `python -m zhiyin.train.verse_counts zh --data SETS --out FILE`.

Conventions: learned from the train side alone, line by line, right to left; some pairs of clauses are counted as one
long line. Needs the `data` extra, not torch. This module does not weigh models: see `zhiyin.lyrics`.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from zhiyin.data.fetch import data_home
from zhiyin.data.verse import LANGUAGES, Stanza, in_side, read_verse
from zhiyin.data.verse_en import known_words
from zhiyin.data.verse_spelling import VERSE_WORDS
from zhiyin.encode.verse import VerseUnits
from zhiyin.encode.verse_lines import is_readable, learn_units, with_long_lines
from zhiyin.models.verse_ngram import Counts, count, save_counts

ORDER = {"zh": 4, "en": 3}
KEPT = {"zh": (1, 1, 2), "en": (1, 2)}  # how often a run of 2, 3, 4 units must stand to be kept

_log = logging.getLogger(__name__)


def units_of(language: str, train: Sequence[Stanza], data: Path) -> VerseUnits:
    """Return the units of a language's train side; English words must stand in the pronouncing dictionary."""
    known = known_words(data) | VERSE_WORDS if language == "en" else None
    return learn_units(language, [line for stanza in train for line in stanza.lines], known)


def sequences_of(stanzas: Sequence[Stanza], units: VerseUnits) -> list[list[int]]:
    """Return the numbers of every readable line; every third pair of clauses of a sentence is one line."""
    lines = [line for s in stanzas for line in with_long_lines(s.lines, s.joins)]
    found = [units.numbers(line) for line in lines]
    return [numbers for numbers in found if is_readable(numbers, units)]


def learn(language: str, data: Path) -> tuple[Counts, VerseUnits]:
    """Return the counted model of a language and its units."""
    train = in_side(read_verse(data, language), "train")
    units = units_of(language, train, data)
    note = {
        "language": language,
        "stanzas": len(train),
        "lines": sum(len(stanza.lines) for stanza in train),
        "sets": sorted({stanza.set_name for stanza in train}),
    }
    counts = count(
        sequences_of(train, units),
        units=len(units.units),
        order=ORDER[language],
        least=KEPT[language],
        note=note,
    )
    return counts, units


def main(words: Sequence[str]) -> int:
    """Count a language's verse and write the model; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m zhiyin.train.verse_counts", description=__doc__)
    parser.add_argument("language", choices=LANGUAGES)
    parser.add_argument("--data", type=Path, default=None, help="folder of the sets; ZHIYIN_DATA otherwise")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args(list(words))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    counts, units = learn(asked.language, asked.data or data_home())
    save_counts(asked.out, counts, units=units.units)
    sizes = ", ".join(str(len(level.unit)) for level in counts.levels)
    _log.info("%d units, runs kept: %s, %d bytes", len(units.units), sizes, asked.out.stat().st_size)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
