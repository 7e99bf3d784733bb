"""The copy check: which lines, and which long runs of units, stand in what the models of verse have learned from.

Conventions: a run is counted in characters or words, within a sentence (Chinese) or a line (English); the index holds
one 32-bit hash a run or line, so that one answer in some thousands is a false alarm and none is a false all-clear.
This module reads no data sets: `zhiyin.train.verse_copies` writes the index.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.verse import VerseUnits
from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.models.checkpoint import WEIGHTS_FOLDER

RUN = {"zh": 8, "en": 7}  # the shortest run that counts as a copy
SHORTEST_LINE = {"zh": 4, "en": 3}  # shorter lines are everybody's


def hash_of(units: Sequence[str]) -> int:
    """Return the 32-bit hash of units, the same for ever.

    >>> hash_of("雨夜") == hash_of(("雨", "夜")), hash_of(("a", "b")) == hash_of(("ab",))
    (True, False)
    """
    return zlib.crc32("\x1f".join(units).encode("utf-8"))


@dataclass(frozen=True)
class Copies:
    """The index of a language: sorted hashes of whole lines and of runs."""

    language: str
    lines: NDArray[np.uint32]
    runs: NDArray[np.uint32]
    note: dict[str, object]

    @property
    def run(self) -> int:
        """Return how many units a run of the index has."""
        return RUN[self.language]

    def units(self, text: str) -> tuple[str, ...]:
        """Return the units of a line's text as they are compared."""
        return tuple(unit.lower() for unit in VerseUnits(self.language, ("",)).split(text))

    def is_line(self, line: Sequence[str]) -> bool:
        """Return whether a line of at least SHORTEST_LINE units stands in what was learned, word for word."""
        plain = [unit.lower() for unit in line]
        return len(plain) >= SHORTEST_LINE[self.language] and _holds(self.lines, hash_of(plain))

    def longest_run(self, line: Sequence[str]) -> int:
        """Return how many units in a row stand so in what was learned: at most `run - 1` where no run is known.

        Runs shorter than the index's are not told apart: for them the answer is min(units, run - 1), the most it
        can be. Above, a chain of known runs counts as one, which may be too much and is never too little.
        """
        plain = [unit.lower() for unit in line]
        best = chain = 0
        for start in range(len(plain) - self.run + 1):
            chain = chain + 1 if _holds(self.runs, hash_of(plain[start : start + self.run])) else 0
            best = max(best, chain)
        return best + self.run - 1 if best else min(len(plain), self.run - 1)

    def completes(self, line: Sequence[str], unit: str) -> bool:
        """Return whether a unit put to the left of a line begins a forbidden run (line: from left to right)."""
        plain = [unit.lower(), *(other.lower() for other in line[: self.run - 1])]
        return len(plain) == self.run and _holds(self.runs, hash_of(plain))

    def stops(self, line: Sequence[str], units: Sequence[str]) -> NDArray[np.bool_]:
        """Return for each of the units whether it would begin a forbidden run to the left of a line."""
        right = [other.lower() for other in line[: self.run - 1]]
        if len(right) < self.run - 1:
            return np.zeros(len(units), bool)
        tail = "\x1f" + "\x1f".join(right)
        asked = np.array([zlib.crc32((u.lower() + tail).encode("utf-8")) for u in units], np.uint32)
        return _all_held(self.runs, asked)


def _holds(table: NDArray[np.uint32], value: int) -> bool:
    at = int(np.searchsorted(table, np.uint32(value)))
    return at < len(table) and int(table[at]) == value


def _all_held(table: NDArray[np.uint32], values: NDArray[np.uint32]) -> NDArray[np.bool_]:
    at = np.minimum(np.searchsorted(table, values), max(len(table) - 1, 0))
    return np.asarray(table[at] == values) if len(table) else np.zeros(len(values), bool)


def index_of(
    language: str, sentences: Iterable[Sequence[Sequence[str]]], note: dict[str, object] | None = None
) -> Copies:
    """Return the index of sentences, each some lines that follow each other without a stop."""
    run = RUN[language]
    lines: set[int] = set()
    runs: set[int] = set()
    for sentence in sentences:
        whole = [unit.lower() for line in sentence for unit in line]
        runs.update(hash_of(whole[i : i + run]) for i in range(len(whole) - run + 1))
        parts = [*sentence, *(tuple(a) + tuple(b) for a, b in pairwise(sentence))]
        lines.update(
            hash_of([u.lower() for u in part]) for part in parts if len(part) >= SHORTEST_LINE[language]
        )
    return Copies(language, _sorted(lines), _sorted(runs), note or {})


def _sorted(values: set[int]) -> NDArray[np.uint32]:
    return np.array(sorted(values), np.uint32)


def save_copies(path: Path, copies: Copies) -> None:
    """Write an index: the steps between sorted hashes, two bytes each, more where a step is wider."""
    header = json.dumps(
        {"language": copies.language, "run": copies.run, "note": copies.note}, ensure_ascii=False
    )
    arrays: dict[str, NDArray[np.generic]] = {"header": np.frombuffer(header.encode("utf-8"), np.uint8)}
    for name, table in (("lines", copies.lines), ("runs", copies.runs)):
        arrays[name] = _steps(table)
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


_WIDE = 0xFFFF


def _steps(table: NDArray[np.uint32]) -> NDArray[np.uint16]:
    """Return steps from one hash to the next; 65535 says that so much is to be added to the step that follows."""
    steps = np.diff(table.astype(np.int64), prepend=0)
    wide, rest = np.divmod(steps, _WIDE)
    out = np.full(int(wide.sum()) + len(steps), _WIDE, np.uint16)
    out[np.cumsum(wide + 1) - 1] = rest
    return out


def _table(steps: NDArray[np.uint16]) -> NDArray[np.uint32]:
    places = np.cumsum(steps.astype(np.int64))
    return np.asarray(places[steps != _WIDE], np.uint32)


def load_copies(path: Path) -> Copies:
    """Return an index. Raises NotFound or UnreadableFile."""
    if not path.is_file():
        raise NotFound(
            f"no index of copies at {str(path)!r}: give the path of a file that save_copies() wrote"
        )
    try:
        with np.load(path, allow_pickle=False) as file:
            header = json.loads(file["header"].tobytes().decode("utf-8"))
            tables = _table(file["lines"]), _table(file["runs"])
    except (ValueError, KeyError, OSError) as error:
        raise UnreadableFile(path, "header", f"not an index of copies ({error})") from error
    if header["run"] != RUN.get(header["language"]):
        raise UnreadableFile(
            path, "header", "holds runs of another length than this version's: build it again"
        )
    return Copies(header["language"], *tables, header["note"])


@cache
def open_copies(language: str) -> Copies:
    """Return the index that ships for `zh` or `en`. Raises InvalidInput for another language."""
    if language not in RUN:
        raise InvalidInput(f"language must be one of {', '.join(RUN)}, got {language!r}")
    return load_copies(WEIGHTS_FOLDER / f"verse-{language}-copies.npz")
