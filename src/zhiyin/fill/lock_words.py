"""Locks as people type them: `melody`, `5-8`, `piano 5-8`, `melody 5-8 rhythm`, `旋律 5-8 节奏`.

Conventions: parts as `zhiyin.score.find_parts` knows them, bars from 1, one aspect at most; nothing named is all.
This module holds nothing: see `zhiyin.fill.hold`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from zhiyin.errors import InvalidInput
from zhiyin.fill.desk import Desk
from zhiyin.fill.scope import read_bars
from zhiyin.score import LOCK_ASPECTS, Lock, Timeline

_ASPECT_WORDS = {
    **{name: name for name in LOCK_ASPECTS}, "lyrics": "lyric", "words": "lyric", "chords": "harmony", "all": "notes",
    "节奏": "rhythm", "音高": "pitch", "和声": "harmony", "歌词": "lyric", "音符": "notes",
}  # fmt: skip
_RANGES = r"\d+(?:\s*[-–—~到至]\s*\d+)?(?:\s*[,，]\s*\d+(?:\s*[-–—]\s*\d+)?)*"
_BARS = re.compile(rf"(?:bars?\s*|第)?({_RANGES})(?:\s*小节)?")
# A part by its number: said to be one, or in front of the bars.
_NUMBERED = re.compile(
    rf"(?:part|声部)\s*(\d+)(?:\s+(?:bars?\s*|第)?({_RANGES})(?:\s*小节)?)?"
    rf"|(\d+)\s+(?:bars?\s*|第)?({_RANGES})(?:\s*小节)?",
    re.IGNORECASE,
)


def read_locks(texts: Iterable[str], desk: Desk) -> tuple[Lock, ...]:
    """Return the locks of texts, in the ticks of the person's score.

    Raises InvalidInput for parts or bars that are not there.
    """
    return tuple(lock for text in texts for lock in _locks(text, desk))


def with_locks(desk: Desk, texts: Iterable[str]) -> Desk:
    """Return the desk with locks added to those that the score has."""
    added = read_locks(texts, desk)
    return replace(desk, own=replace(desk.own, locks=(*desk.own.locks, *added))) if added else desk


def _locks(text: str, desk: Desk) -> list[Lock]:
    words = text.strip()
    aspect = "notes"
    for word in sorted(_ASPECT_WORDS, key=len, reverse=True):
        if words.lower().endswith(word) and words.lower() != "all":
            aspect, words = _ASPECT_WORDS[word], words[: -len(word)].strip()
            break
    line, bars = Timeline.of(desk.frame), range(max(desk.bars, 1))
    found = None if not words or _is_part(desk, words) else _NUMBERED.fullmatch(words) or _BARS.search(words)
    if found is not None and found.re is _NUMBERED:
        words, told = found.group(1) or found.group(3), found.group(2) or found.group(4)
        bars = read_bars(told, count=max(desk.bars, 1)) if told else bars  # type: ignore[assignment]
    elif found is not None:
        bars = read_bars(found.group(1), count=max(desk.bars, 1))  # type: ignore[assignment]
        words = (words[: found.start()] + words[found.end() :]).strip(" ,，的")
    parts = desk.parts_named(words) if words else (-1,)
    if not text.strip():
        raise InvalidInput(
            "a lock must name parts, bars or both, got '': write e.g. melody, 5-8 or 'piano 5-8 rhythm'"
        )
    locks = []
    for part in parts:
        for first, last in _runs(list(bars)):
            edges = desk.warp.to_own([line.bar_start(first), line.bar_start(last + 1)]).tolist()
            locks.append(Lock(part, edges[0], edges[1], aspect))
    return locks


def _is_part(desk: Desk, words: str) -> bool:
    """Return whether words name a part as they stand: a part may be called `Violin 2`."""
    return words.lower() in {p.name.lower() for p in desk.own.parts}


def _runs(bars: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for bar in bars:
        if runs and runs[-1][1] == bar - 1:
            runs[-1] = (runs[-1][0], bar)
        else:
            runs.append((bar, bar))
    return runs
