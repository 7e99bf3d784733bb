"""Words of an ABC tune (`w:` lines) set to notes, and syllables written back.

Conventions: a syllable that goes on ends in "-"; a note that only holds one has "".
This module does not know voices or time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhiyin.io.abc_voice import Bar, Event

_VERSE_NUMBER = re.compile(r"^\s*\d+\s*\.[~\s]*")
HYPHEN = "‑"  # stands for an escaped hyphen while a line is split


def sing(items: Sequence[Event | Bar], words: str) -> int:
    """Give the notes of a line their syllables and return how many syllables found no note.

    items: the line's notes and bar lines in order.
    """
    at, over = 0, 0
    for word in split_words(_VERSE_NUMBER.sub("", words)):
        if word == "|":
            at = next((i + 1 for i in range(at, len(items)) if isinstance(items[i], Bar)), len(items))
            continue
        while at < len(items) and isinstance(items[at], Bar):
            at += 1
        if at == len(items):
            over += word != ""
            continue
        item = items[at]
        assert isinstance(item, Event)
        item.syllable, at = word, at + 1
    return over


def split_words(words: str) -> list[str]:
    r"""Return one text a note: a syllable, "" where a note holds or is skipped, "|" for the next bar.

    >>> split_words("Glo-ri-a__ in *ex\\-cel~sis |")
    ['Glo-', 'ri-', 'a', '', '', 'in', '', 'ex-cel sis', '|']
    """
    text = words.replace("\\-", HYPHEN)
    found = re.findall(r"[^\s\-_*|]+-?|[-_*|]", text)
    result = []
    for word in found:
        if word == "|":
            result.append("|")
        elif word in "-_*":
            result.append("")
        else:
            result.append(word.replace("~", " ").replace(HYPHEN, "-").strip())
    return result


def join_words(syllables: Sequence[str]) -> str:
    r"""Return the `w:` text of one syllable a note; "" becomes a held or skipped note.

    >>> join_words(["Glo-", "ri-", "a", "", "mid-day sun"])
    'Glo- ri- a * mid\\-day~sun'
    """
    written = []
    for syllable in syllables:
        goes_on = syllable.endswith("-") and len(syllable) > 1
        body = syllable[:-1] if goes_on else syllable
        body = body.replace("-", "\\-").replace(" ", "~")
        written.append(body + "-" if goes_on else body or "*")
    return " ".join(written)
