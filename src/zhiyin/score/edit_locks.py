"""Locks against edits: an edit that would touch locked material is refused, and the lock is named.

Conventions: spans are ticks [start, end); a lock of part -1 holds for all parts.
This module does not know what an edit does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhiyin.errors import InvalidInput
from zhiyin.score.score import LOCK_ASPECTS, Lock, Score
from zhiyin.score.timeline import Timeline
from zhiyin.units import Ticks

Span = tuple[Ticks, Ticks]


def bar_spans(score: Score, ranges: Iterable[tuple[int, int]]) -> list[Span]:
    """Return the ticks [start, end) of ranges of 0-based bars, first and last inclusive."""
    line = Timeline.of(score)
    return [(line.bar_start(first), line.bar_start(last + 1)) for first, last in ranges]


def refuse_locked(
    score: Score,
    parts: Sequence[int] | None,
    spans: Iterable[Span],
    *,
    what: str,
    touches: Sequence[str] = LOCK_ASPECTS,
) -> None:
    """Raise InvalidInput when a lock holds in one of the spans for one of the parts (None: any part).

    touches: the aspects that the edit changes; a lock on all of the notes is always in its way.
    """
    for start, end in spans:
        for lock in score.locks:
            is_part = parts is None or lock.part == -1 or lock.part in parts
            is_touched = lock.aspect in ("notes", *touches)
            if is_part and is_touched and lock.start < end and lock.end > start:
                raise InvalidInput(
                    f"what is locked must stay: cannot {what} {lock_name(score, lock)}: unlock it or leave it out"
                )


def lock_name(score: Score, lock: Lock) -> str:
    """Return a lock in words, such as `the rhythm of bars 5-8 of 'Bass'`; bars as people number them."""
    line = Timeline.of(score)
    shift = 0 if score.pickup_ticks else 1
    first, last = (
        int(line.bar_of(lock.start)) + shift,
        int(line.bar_of(max(lock.end - 1, lock.start))) + shift,
    )
    is_one = 0 <= lock.part < len(score.parts)
    who = repr(score.parts[lock.part].name) if is_one else "all parts"
    what = "" if lock.aspect == "notes" else f"the {lock.aspect} of "
    return f"{what}bar {first} of {who}" if first == last else f"{what}bars {first}-{last} of {who}"
