"""English words: the CMU pronouncing dictionary and the Chicago corpus of rhymed poetry.

Conventions: a pronunciation's marks are ARPAbet phonemes with stress digits; a stanza's marks are its rhyme scheme.
This module does not count syllables or find rhymes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhiyin.data.base import Card, Text, files_of
from zhiyin.data.reading import read_text


class CmuDict:
    """Reader of the CMU pronouncing dictionary."""

    card = Card(
        name="cmudict",
        title="CMU Pronouncing Dictionary",
        citation="Carnegie Mellon University, The CMU Pronouncing Dictionary, 1993-2024",
        licence="BSD-2-Clause",
        ruling="train",
        repository="https://github.com/cmusphinx/cmudict",
        commit="0f8072f814306c5ee4fbf992ed853601b12c01f9",
        checksum="facccdfcb61907c0782493d941462dfa78adbee9443f83dfc4a6ed1c8b2000c1",
        attribution="CMUdict, (c) 1993-2015 Carnegie Mellon University, BSD-2-Clause style licence",
    )
    files = ("cmudict.dict", "cmudict.phones", "cmudict.symbols", "cmudict.vp")

    def texts(self, root: Path) -> Iterator[Text]:
        """Yield one text a pronunciation; a second one of a word has a title such as `read(2)`."""
        for line in read_text(root / "cmudict.dict").splitlines():
            word, *phones = line.split("#", 1)[0].split()
            plain = word.split("(", 1)[0]
            yield Text(kind="pronunciation", title=word, author="", lines=(plain,), marks=tuple(phones))


class RhymeData:
    """Reader of the English part of the Chicago Rhyming Poetry Corpus."""

    card = Card(
        name="rhymedata",
        title="Chicago Rhyming Poetry Corpus, English",
        citation="Reddy & Knight, Unsupervised Discovery of Rhyme Schemes, ACL 2011; Sonderegger 2011",
        licence="LicenseRef-public-domain",
        ruling="train",
        repository="https://github.com/sravanareddy/rhymedata",
        commit="ba25424061778b97b7bcb1dac5b19beac257c8c2",
        checksum="046a1829654833e38dbb22c4fb772ca0b8885a685f06e9da78052e3170bc323b",
        attribution="Chicago Rhyming Poetry Corpus (public-domain poetry), Sonderegger and Reddy",
    )
    files = ("english_raw/*.txt",)

    def texts(self, root: Path) -> Iterator[Text]:
        """Yield one text a stanza, with its rhyme scheme."""
        for path in files_of(root, self.files):
            yield from stanzas(read_text(root / path))


def stanzas(text: str) -> Iterator[Text]:
    """Yield the stanzas of one poet's file.

    >>> next(stanzas("AUTHOR A\\nTITLE T\\nRHYME a a\\n\\nSun,\\nfun.\\n")).marks
    ('a', 'a')
    """
    author = title = ""
    scheme: tuple[str, ...] = ()
    lines: list[str] = []
    for line in [*text.splitlines(), "TITLE"]:
        word, _, rest = line.partition(" ")
        if word in ("AUTHOR", "TITLE", "RHYME", "RHYME-POEM"):
            if lines:
                yield Text(kind="stanza", title=title, author=author, lines=tuple(lines), marks=scheme)
                lines = []
            author = rest.strip() if word == "AUTHOR" else author
            title = rest.strip() if word == "TITLE" else title
            scheme = tuple(rest.split()) if word == "RHYME" else scheme
        elif line.strip():
            lines.append(line.strip())
