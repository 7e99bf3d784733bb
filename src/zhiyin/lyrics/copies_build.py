"""The index of copies from the data sets: `python -m zhiyin.lyrics.copies_build zh --data SETS --out FILE`.

Conventions: every line of the train side, also those that a model found unreadable; lines that a comma parts are one
sentence. This module is not needed to write lyrics.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from zhiyin.data.fetch import data_home
from zhiyin.data.verse import LANGUAGES, Line, Stanza, in_side, read_verse
from zhiyin.lyrics.copies import index_of, save_copies

_log = logging.getLogger(__name__)


def sentences(stanzas: Sequence[Stanza]) -> Iterator[list[Line]]:
    """Yield lines that follow each other within a sentence."""
    for stanza in stanzas:
        held: list[Line] = []
        joins = stanza.joins or (False,) * len(stanza.lines)
        for line, goes_on in zip(stanza.lines, joins, strict=True):
            held.append(line)
            if not goes_on:
                yield held
                held = []
        if held:
            yield held


def main(words: Sequence[str]) -> int:
    """Write a language's index and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m zhiyin.lyrics.copies_build", description=__doc__)
    parser.add_argument("language", choices=LANGUAGES)
    parser.add_argument("--data", type=Path, default=None, help="folder of the sets; ZHIYIN_DATA otherwise")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args(list(words))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    train = in_side(read_verse(asked.data or data_home(), asked.language), "train")
    note: dict[str, object] = {"lines": sum(len(stanza.lines) for stanza in train)}
    copies = index_of(asked.language, sentences(train), note)
    save_copies(asked.out, copies)
    _log.info(
        "%d lines, %d runs of %d, %d bytes",
        len(copies.lines), len(copies.runs), copies.run, asked.out.stat().st_size,
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
