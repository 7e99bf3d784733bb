"""Limits that every reader keeps, so that a hostile file costs a message and not the machine.

Conventions: a place is text such as "byte 14" or "line 3"; limits come from `zhiyin.io.base`.
This module knows no format.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zhiyin.errors import InvalidInput, UnreadableFile
from zhiyin.io.base import MAX_FILE_BYTES, MAX_NOTES, MAX_QUARTERS
from zhiyin.score import Score
from zhiyin.units import TICKS_PER_QUARTER

MAX_SYLLABLE_ROOM = 2**24  # characters of four bytes


class ReadWarning(UserWarning):
    """A reader rounded, dropped or guessed something; the message says what and where."""


def check_size(data: bytes, *, path: str, limit_bytes: int = MAX_FILE_BYTES) -> None:
    """Raise UnreadableFile when a file is empty or larger than a limit in bytes.

    >>> check_size(b"MThd", path="a.mid")
    """
    if not data:
        raise UnreadableFile(path, "byte 0", "the file is empty: it must hold music")
    if len(data) > limit_bytes:
        raise UnreadableFile(
            path, "byte 0", f"the file must hold at most {limit_bytes} bytes, got {len(data)}"
        )


def check_extent(score: Score, *, path: str) -> Score:
    """Return the score, or raise UnreadableFile when it holds too many notes or lasts too long."""
    if score.note_count > MAX_NOTES:
        raise UnreadableFile(
            path, "end", f"a score must hold at most {MAX_NOTES} notes, got {score.note_count}"
        )
    if score.end > MAX_QUARTERS * TICKS_PER_QUARTER:
        quarters = score.end // TICKS_PER_QUARTER
        raise UnreadableFile(
            path, "end", f"a score must last at most {MAX_QUARTERS} quarters, got {quarters}"
        )
    return score


def syllable_column(syllables: Sequence[str]) -> NDArray[np.str_]:
    """Return syllables as a column, whose every row takes the room of the longest.

    Raises InvalidInput when that room is too large: then some syllable is a page of text.
    >>> syllable_column(["la-", ""]).tolist()
    ['la-', '']
    """
    longest = max(map(len, syllables), default=0)
    if longest * len(syllables) > MAX_SYLLABLE_ROOM:
        raise InvalidInput(
            f"syllables must take at most {MAX_SYLLABLE_ROOM} characters (notes times the longest), got a syllable "
            f"of {longest} among {len(syllables)} notes"
        )
    return np.array(syllables, np.str_)


def warn_reader(path: str, what: str) -> None:
    """Warn that a reader rounded, dropped or guessed something in a file."""
    warnings.warn(f"{path}: {what}", ReadWarning, stacklevel=3)


def decode_text(data: bytes) -> str:
    """Return text from UTF-8 or else Latin-1 bytes, without control characters.

    >>> decode_text("雨夜".encode()), decode_text(b"Caf\\xe9\\x00")
    ('雨夜', 'Café')
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return "".join(c for c in text if c in "\r\n\t" or not (c < " " or "\x7f" <= c <= "\x9f"))
