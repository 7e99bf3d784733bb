"""Keeping a return recognisable: what the bar that this one is to resemble did next is made likelier.

Conventions: an event is (onset, value, duration) in steps of the column; END where the earlier bar has nothing more. A
model knows how often each note of a returning bar stays, but chooses notes one by one: people change a bar much or not
at all, so bars drawn note by note drift further than theirs. This module chooses nothing.
"""

from __future__ import annotations

from zhiyin.encode.echo import START, EchoBook
from zhiyin.encode.fields import END
from zhiyin.units import FloatArray

Event = tuple[int, int, int]
_RECALL = slice(4, 8)  # where an EchoBook tells of the resembled bar: onset, value, step, duration


def expected(echoes: EchoBook, column: int, row: int, *, played: list[Event], last: int) -> Event | None:
    """Return the event of the resembled bar that stands next, (END, -1, -1) at its end, None where there is none.

    column, row: slots of the window; played: the events of the cell so far; last: the pitch before the next one.
    """
    place = echoes.place(played) if played else START
    onset, value, _, duration = echoes.told(column, row, place=place, last=last)[_RECALL]
    if onset > END:
        return None
    return (END, -1, -1) if onset == END else (onset, value, duration)


def drawn(log_probs: FloatArray, index: int, strength: float) -> FloatArray:
    """Return log-probabilities with one choice made likelier.

    >>> import numpy as np
    >>> drawn(np.zeros(3), 1, 2.0).tolist()
    [0.0, 2.0, 0.0]
    """
    if not 0 <= index < log_probs.size:
        return log_probs
    leaning = log_probs.copy()
    leaning[index] += strength
    return leaning
