"""What a reason is, and the row of a detector in the table.

Conventions: `bars` count from 0, words from 1; importance runs from 0 (barely worth saying) to 1.
This module detects nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from zhiyin.fill.reasons.view import View


@dataclass(frozen=True, slots=True)
class Reason:
    """One true sentence about written notes.

    kind: a key of REASONS; bars: those it speaks of, from 0; parts: indices, in the order named; importance 0..1.
    """

    kind: str
    bars: tuple[int, ...]
    parts: tuple[int, ...]
    text_en: str
    text_zh: str
    importance: float

    def to_json(self) -> dict[str, Any]:
        """Return the reason as plain values; bars count from 1, as in the sentences."""
        return {
            "kind": self.kind, "bars": [bar + 1 for bar in self.bars], "parts": list(self.parts),
            "text": self.text_en, "text_zh": self.text_zh, "importance": self.importance,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of reason. find: yields every instance; topic: two of one topic never speak of the same bars.

    is_device: a device on a motif, of which a piece may show many: it is not counted among those of its topic.
    """

    find: Callable[[View], Iterator[Reason]]
    topic: str
    is_device: bool = False
