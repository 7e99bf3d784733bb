"""Streaming: what was just written, bar by bar, for whoever listens while the rest is being made.

Conventions: bars come in order within a run of bars to write, each once, when no part of it is still to be written;
a note tied over a bar line is told with what of it lies in its first bar. A listener that raises `Cancelled` stops the
act. This module writes nothing: see `zhiyin.fill.decode`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from zhiyin.score import Notes, Warp


@dataclass(frozen=True, eq=False)
class Heard:
    """A bar that stands: its number from 0, and per part the new notes that begin in it."""

    bar: int
    notes: tuple[Notes, ...]


Listener = Callable[[Heard], None]


def nobody(heard: Heard) -> None:
    """Take no notice."""


def in_own_time(listener: Listener, warp: Warp) -> Listener:
    """Return a listener that is told ticks of the person's score."""
    if warp.is_identity:
        return listener

    def tell(heard: Heard) -> None:
        moved = tuple(
            n.with_columns(onset=warp.to_own(n.onset), duration=warp.to_own(n.offset) - warp.to_own(n.onset))
            if len(n)
            else n
            for n in heard.notes
        )
        listener(replace(heard, notes=moved))

    return tell
