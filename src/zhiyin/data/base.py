"""The seam for data sets: a card that says what may be done, and a reader that gives cleaned scores.

Conventions: paths are relative to the set's folder, POSIX style; a *work* is what is split, never a file.
This module knows no set; the tables are `zhiyin.data.DATASETS` and `zhiyin.data.TEXT_DATASETS`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from zhiyin.errors import InvalidInput
from zhiyin.score import Score
from zhiyin.theory.styles import STYLES

RULINGS = ("train", "compare", "measure")
SPLITS = ("train", "valid", "test")
VALID_PERCENT, TEST_PERCENT = 5, 5


@dataclass(frozen=True, slots=True)
class Card:
    """What a set is, where it comes from and what may be done with it.

    licence: SPDX name or a sentence; ruling: "train" (shipped weights may learn from it), "compare" (a model
    trained on it never ships) or "measure" (only to measure with); repository and commit: the public origin;
    checksum: sha256 over the sorted lines "path<TAB>sha256" of the files used; attribution: the line that
    must go with weights or copies; conversion: how the files were made when the origin holds other ones.
    """

    name: str
    title: str
    citation: str
    licence: str
    ruling: str
    repository: str
    commit: str
    checksum: str
    attribution: str = ""
    notes: str = ""
    conversion: str = ""

    def __post_init__(self) -> None:
        if self.ruling not in RULINGS:
            raise InvalidInput(f"ruling must be one of {', '.join(RULINGS)}, got {self.ruling!r}")
        if not re.fullmatch(r"[0-9a-f]{40}", self.commit):
            raise InvalidInput(f"commit must be 40 hexadecimal digits, got {self.commit!r}")
        if not re.fullmatch(r"[0-9a-f]{64}", self.checksum):
            raise InvalidInput(f"checksum must be 64 hexadecimal digits, got {self.checksum!r}")

    @property
    def archive_url(self) -> str:
        """Return the address of the origin's files at that commit, as one archive."""
        return f"{self.repository}/archive/{self.commit}.tar.gz"


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of music in a set, or the file that holds several.

    id: unique in the set; work: editions, movements and arrangements of one work share it; path: relative;
    style: one of STYLES or None; weight: how often training should draw it, 1 is normal; split: the official
    one, or "" to split by the work's hash; is_jsb_leak: whether its soprano is that of a JSB test chorale.
    """

    id: str
    work: str
    path: str
    style: str | None = None
    title: str = ""
    composer: str = ""
    licence: str = ""
    attribution: str = ""
    weight: float = 1.0
    split: str = ""
    has_given_chords: bool = False
    has_given_keys: bool = False
    is_jsb_leak: bool = False

    def __post_init__(self) -> None:
        if self.style is not None and self.style not in STYLES:
            raise InvalidInput(f"style must be one of {', '.join(STYLES)}, got {self.style!r}")
        if self.split not in ("", *SPLITS):
            raise InvalidInput(f"split must be one of {', '.join(SPLITS)} or empty, got {self.split!r}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece as the set's rules allow it: who and what it is, and its cleaned score.

    remarks: what the cleaning took out, one short sentence each.
    """

    source: Source
    score: Score
    remarks: tuple[str, ...] = ()


class Dataset(Protocol):
    """One set of music."""

    @property
    def card(self) -> Card:
        """Return the set's facts."""
        ...

    @property
    def files(self) -> tuple[str, ...]:
        """Return the patterns of the files it uses, as `Path.glob` takes them."""
        ...

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a music file under the set's folder, sorted by path."""
        ...

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the pieces in a source's file, cleaned as the ruling asks. Raises UnreadableFile."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """One text: a poem, a lyric or a dictionary entry.

    kind: the form (a tune pattern such as 水调歌头, "stanza", "pronunciation"); lines: the text or its parts;
    marks: rhyme scheme or phonemes, where the set has them.
    """

    kind: str
    title: str
    author: str
    lines: tuple[str, ...]
    marks: tuple[str, ...] = ()


class TextDataset(Protocol):
    """One set of texts."""

    @property
    def card(self) -> Card:
        """Return the set's facts."""
        ...

    @property
    def files(self) -> tuple[str, ...]:
        """Return the patterns of the files it uses, as `Path.glob` takes them."""
        ...

    def texts(self, root: Path) -> Iterator[Text]:
        """Yield the texts under the set's folder in a fixed order."""
        ...


def split_of_work(work: str) -> str:
    """Return train (90 %), valid (5 %) or test (5 %) by the md5 of a work's name: the same for ever.

    >>> split_of_work("chopin op. 7 no. 1")
    'train'
    """
    place = int(hashlib.md5(work.encode("utf-8"), usedforsecurity=False).hexdigest()[:8], 16) % 100
    if place < TEST_PERCENT:
        return "test"
    return "valid" if place < TEST_PERCENT + VALID_PERCENT else "train"


def slug(text: str) -> str:
    """Return lower-case ASCII words joined by hyphens; letters of other scripts stay.

    >>> slug("Étude, Op. 10 No. 3")
    'etude-op-10-no-3'
    """
    plain = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L"))
    kept = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return re.sub(r"[^\w]+", "-", kept.replace("_", "-")).strip("-")


def files_of(root: Path, patterns: tuple[str, ...]) -> list[str]:
    """Return the relative paths of the files that match, sorted by code point."""
    found = {path.relative_to(root).as_posix() for p in patterns for path in root.glob(p) if path.is_file()}
    return sorted(found)
